"""From a result to what stands on screen: three figures, and what else changes."""

from __future__ import annotations

import dataclasses

from toolkit.display import country, flow_titles, plain, signed
from toolkit.result import Result, figure

NOTHING = 5e-7  # US$ bn
ENDS = ("least", "greatest")


@dataclasses.dataclass(frozen=True)
class Figure:
    """One of the three figures, as text in US$ bn.

    Attributes
    ----------
    name : {"exports", "imports", "balance"}
    title, before, after, change : str
    between : str
        Between what the change lies, one elasticity at a time at an end; empty where
        none moves it.
    """

    name: str
    title: str
    before: str
    after: str
    change: str
    between: str = ""


def figures(result: Result) -> list[Figure]:
    """Return exports, imports and balance before, after and the change."""
    table, ends = result.balance() / 1e3, result.range() / 1e3
    return [
        Figure(
            name,
            title,
            before=plain(figure(table, name, "baseline")),
            after=plain(figure(table, name, "counterfactual")),
            change=signed(figure(table, name, "change")),
            between=_between(*(figure(ends, name, x) for x in ENDS)),
        )
        for name, title in flow_titles(result.reporter, result.partner).items()
    ]


def details(result: Result) -> list[str]:
    """Return what else changes: total balance, revenue, welfare, people, notes."""
    me, table = result.reporter, result.accounts()
    revenue, static, welfare = (
        signed(figure(table, me, name) / 1e3)
        for name in ("tariff_revenue", "static_revenue", "welfare")
    )
    people = [
        f"{row['item']}, beside the goods balance: US$ {row['usd_mn']:,.0f} mn "
        f"({row['low']:,.0f} to {row['high']:,.0f})"
        for row in result.invisibles().to_dict("records")
    ]
    bounds = [
        f"{row['name']}: the market price would be {signed(100 * row['wedge'], 1)} "
        "% from the supplier's price"
        for row in result.wedges().to_dict("records")
    ]
    return [
        *_range(result),
        _world(result),
        f"tariff revenue {revenue} US$ bn (at unchanged trade {static})",
        f"welfare {welfare} US$ bn",
        *people,
        *bounds,
        *result.notes,
    ]


def _between(least: float, greatest: float) -> str:
    if not greatest - least > NOTHING:
        return ""
    return f"{signed(least)} to {signed(greatest)}"


def band(result: Result, draws: int) -> list[str]:
    """Return the band of the balance as a line, from that many draws; none if sure."""
    table = result.band(draws) / 1e3
    if table.empty:
        return []
    low, high = (figure(table, "balance", end) for end in ("low", "high"))
    return [
        f"in nine of ten draws of all elasticities the balance changes by "
        f"{signed(low)} to {signed(high)} US$ bn"
    ]


def _range(result: Result) -> list[str]:
    table = result.range() / 1e3
    between = _between(*(figure(table, "balance", x) for x in ENDS))
    if not between:
        return []
    swings = result.assumptions(base_year=False)["swing"] / 1e3
    named = ", ".join(
        f"{name} {plain(swing)}"
        for name, swing in swings.head(3).items()
        if swing >= NOTHING
    )
    return [
        f"the balance changes by {between} US$ bn as one "
        "assumption at a time goes to an end of its interval (from end to end: "
        f"{named})"
    ]


def _world(result: Result) -> str:
    said = f"{country(result.reporter)}'s balance with the world"
    if result.open_account:
        return f"{said} is not given: {result.open_account}"
    total = figure(result.balance(scope="total"), "balance", "change") / 1e3
    return f"{said} {signed(total)} US$ bn"


def compared(kept: Result, now: Result) -> list[tuple[str, str, str, str]]:
    """Return name, kept change, change on screen and their difference, US$ bn."""
    old, new = kept.balance(), now.balance()
    rows = []
    for name in old.index:
        before = figure(old, name, "change") / 1e3
        after = figure(new, name, "change") / 1e3
        rows.append((name, signed(before), signed(after), signed(after - before)))
    return rows
