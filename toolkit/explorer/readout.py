"""From a result to what stands on screen: three figures, and what else changes."""

from __future__ import annotations

import dataclasses
import math

from toolkit.display import BEYOND, MINUS, flow_titles, percent, plain, signed, whose
from toolkit.result import Result, figure

SMALL = 5e-4  # US$ bn
NOTHING = 5e-7  # US$ bn
ENDS = ("least", "greatest")


@dataclasses.dataclass(frozen=True)
class Figure:
    """One of the three figures, as text in US$ bn.

    Attributes
    ----------
    name : {"exports", "imports", "balance"}
    title, before, after, change : str
    share : str
        The change as part of what it changes; empty where nothing moves.
    between : str
        Between what the change lies, one assumption at a time at an end; empty where
        none moves it.
    """

    name: str
    title: str
    before: str
    after: str
    change: str
    share: str
    between: str = ""


def figures(result: Result, *, ranges: bool = True) -> list[Figure]:
    """Return exports, imports and balance before, after and the change."""
    table = result.balance() / 1e3
    ends = result.range() / 1e3 if ranges else None
    return [
        Figure(
            name,
            title,
            before=plain(figure(table, name, "baseline")),
            after=plain(figure(table, name, "counterfactual")),
            change=signed(figure(table, name, "change")),
            share=share_of(
                figure(table, name, "change"), figure(table, name, "baseline")
            ),
            between=""
            if ends is None
            else _between(*(figure(ends, name, x) for x in ENDS)),
        )
        for name, title in flow_titles(result.reporter, result.partner).items()
    ]


def share_of(change: float, before: float) -> str:
    """Return a change as part of what it changes; empty where that says nothing.

    Examples
    --------
    >>> share_of(-1.66, -58.93), share_of(0.0, 4.9)
    ('2.8 %', '')
    """
    if abs(change) < SMALL or abs(before) < SMALL:
        return ""
    return percent(math.fabs(change / before))


def details(result: Result) -> list[str]:
    """Return what stands beside the answer: revenue, welfare, notes."""
    me, table = result.reporter, result.accounts()
    revenue, static, welfare = (
        signed(figure(table, me, name) / 1e3)
        for name in ("tariff_revenue", "static_revenue", "welfare")
    )
    return [
        f"{whose(me)} tariff revenue: {revenue} US$ bn ({static} if trade did not "
        "respond)",
        f"{whose(me)} welfare, that is buyers' surplus, duties and rents: {welfare} "
        "US$ bn",
        *result.notes,
    ]


def _between(least: float, greatest: float) -> str:
    if not greatest - least > NOTHING:
        return ""
    return f"{_end(least)} to {_end(greatest)}"


def _end(value: float) -> str:
    """Return an end of a range; one beyond all trade is no figure to print."""
    if abs(value) < BEYOND / 1e3:
        return signed(value)
    return f"{'+' if value > 0 else MINUS}10,000 or more"
