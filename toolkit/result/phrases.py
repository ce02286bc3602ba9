"""Parts of sentences about a result: what a flow does, by how much, of what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from toolkit.display import MINUS, amount, country, percent, whose
from toolkit.result.parts import figure
from toolkit.result.ranges import Ranges
from toolkit.schema import on_one_line

NOTHING = 5e-7
HS = re.compile(r"HS (\d\w*)(?![\w,])")
SMALL = 0.05  # US$ mn: below the last digit that a sentence shows


def when(result: Ranges) -> str:
    """Return the horizon as the start of a sentence."""
    if result.horizon == "first year":
        return "In the first year"
    if result.horizon == "long run":
        return "In the long run"
    return result.horizon.capitalize()


def deficit(result: Ranges) -> str:
    """Return what the deficit (or surplus) does, in US$ and per cent of itself."""
    table = result.balance()
    change = figure(table, "balance", "change")
    before = figure(table, "balance", "baseline")
    after = figure(table, "balance", "counterfactual")
    name = "deficit" if before < 0 else "surplus"
    whole = f"{whose(result.reporter)} {name} with {country(result.partner)}"
    if abs(change) < NOTHING:
        return f"{whole} stays at {amount(before)}"
    if before * after < 0:
        other = "deficit" if after < 0 else "surplus"
        return f"{whole} of {amount(before)} turns into a {other} of {amount(after)}"
    verb = "widens" if (change < 0) == (before < 0) else "narrows"
    by = f"{amount(change)}{share_of(change, before)}"
    return f"{whole} {verb} by {by} to {amount(after)}"


def unchanged(result: Ranges) -> str:
    """Return what is there where no lever is moved."""
    before = result.balance()["baseline"]
    name = "deficit" if before["balance"] < 0 else "surplus"
    year = f" in {result.year}" if result.year else ""
    return (
        f"Nothing is changed: {whose(result.reporter)} {name} with "
        f"{country(result.partner)} is {amount(before['balance'])}{year}, exports of "
        f"{amount(before['exports'])} against imports of {amount(before['imports'])}."
    )


def share_of(change: float, before: float) -> str:
    """Return a change as part of what it changes, in brackets."""
    if abs(before) < SMALL:
        return ""
    share = abs(change / before)
    shown = "less than 0.1 %" if share < 5e-4 else percent(share)
    return f" ({shown})"


def flows(result: Ranges) -> str:
    """Return what exports and imports do."""
    table = result.balance()
    parts = []
    for name in ("exports", "imports"):
        change, before = (figure(table, name, c) for c in ("change", "baseline"))
        parts.append(
            (name, moved(change) + (share_of(change, before) if change else ""))
        )
    if parts[0][1] == parts[1][1]:
        return f"exports and imports {parts[0][1]}"
    return " and ".join(f"{name} {said}" for name, said in parts)


def moved(change: float) -> str:
    """Return what a flow does.

    Examples
    --------
    >>> moved(12.0), moved(0.0)
    ('rise by US$ 12.0 mn', 'stay as they are')
    """
    if abs(change) < NOTHING:
        return "stay as they are"
    return f"{'rise' if change > 0 else 'fall'} by {amount(change)}"


def signed_amount(value: float) -> str:
    """Return a change in US$ million for a sentence, with its sign.

    Examples
    --------
    >>> signed_amount(-62.3), signed_amount(1658.5)
    ('−US$ 62.3 mn', '+US$ 1.66 bn')
    """
    return ("" if abs(value) < NOTHING else "+" if value > 0 else MINUS) + amount(value)


def listed(items: Sequence[str]) -> str:
    """Return items as a sentence lists them.

    Examples
    --------
    >>> listed(["tea"]), listed(["tea", "shrimp", "rice"])
    ('tea', 'tea, shrimp and rice')
    """
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def lower(name: str) -> str:
    """Return a product's name inside a sentence: "Urea" is urea, "DAP" stays.

    Examples
    --------
    >>> lower("Crude oil"), lower("DAP")
    ('crude oil', 'DAP')
    """
    said = on_one_line(name)
    return said[:1].lower() + said[1:] if said[1:2].islower() else said


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Return a sentence with the names of the goods before their HS codes.

    Examples
    --------
    >>> with_names("Indian HS 30: to 0 %, HS 01, 02", {"30": "Medicines", "01": "X"})
    'Indian medicines (HS 30): to 0 %, HS 01, 02'
    """

    def named(found: re.Match[str]) -> str:
        name = names.get(found[1])
        return f"{lower(name)} (HS {found[1]})" if name else found[0]

    return HS.sub(named, text)
