"""Workers and students: entries of the account beside the goods balance."""

from __future__ import annotations

from toolkit.levers import Mobility
from toolkit.market.effect import Effect
from toolkit.market.flows import Flows


def mobility_account(lever: Mobility, flows: Flows) -> Effect:
    """Return what workers send home and students spend; no flow of goods moves."""
    low, high = lever.remittances_range()
    entries = [
        _entry(
            "remittances",
            (lever.host, lever.home),
            (lever.remittances(), low, high),
            "wage sourced, share sent home assumed",
        )
    ]
    notes = ["Remittances are estimated, not observed: no figure was found."]
    spent = lever.student_spending()
    if spent is not None:
        paid = (spent, spent, spent)
        basis = "the user's figure per student"
        entries.append(
            _entry("students' spending", (lever.home, lever.host), paid, basis)
        )
    elif lever.students:
        notes.append("Spending per student was not found: left out.")
    nothing = Effect.nothing(*notes)
    return Effect(nothing.where, {}, nothing.notes, tuple(entries))


def _entry(
    item: str,
    route: tuple[str, str],
    amount: tuple[float, float, float],
    basis: str,
) -> dict[str, object]:
    source, target = route
    usd_mn, low, high = amount
    return {
        "item": item,
        "from": source,
        "to": target,
        "usd_mn": usd_mn,
        "low": low,
        "high": high,
        "basis": basis,
    }
