"""Several answers side by side: the change of one figure, each with its range."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from toolkit.display import BALANCE, FLOW_COLOURS, PLACES, decimals, number

from .groups import MN_PER_BN
from .theme import ROW_HEIGHT, WIDTH, framed, layered
from .waterfalls import in_lines

if TYPE_CHECKING:
    from toolkit.result import Result

RANGE = "line: one elasticity at a time at an end of its interval"


def answers(
    results: Mapping[str, Result] | Sequence[Result],
    *,
    title: str,
    flow: str = "balance",
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Draw what each of several results does to one figure, with its range.

    Parameters
    ----------
    results : mapping of label to Result, or sequence of Result
        A sequence is labelled by the titles of the scenarios.
    title : str
        The finding or question.
    flow : {"balance", "exports", "imports"}
    width : int
        Width of the bars' area in pixels.

    Returns
    -------
    altair.VConcatChart

    Raises
    ------
    ValueError
        No result, or an unknown flow.
    """
    if not isinstance(results, Mapping):
        results = {result.title: result for result in results}
    if not results:
        raise ValueError("There is no result to draw.")
    if flow not in FLOW_COLOURS:
        raise ValueError(f"flow must be one of {tuple(FLOW_COLOURS)}, not {flow!r}.")
    table = rows_of(results, flow)
    first = next(iter(results.values()))
    return framed(
        bars(table, flow, width),
        title=title,
        subtitle=f"Change of the {flow}, US$ bn a year; {RANGE}",
        source=first.source_line,
        description=f"Bars with ranges, US$ bn. {title}. {'; '.join(table['said'])}.",
    )


def rows_of(results: Mapping[str, Result], flow: str) -> pd.DataFrame:
    """Return one row per result: label, central, least, greatest and text."""
    table = pd.DataFrame(
        [result.range().loc[flow] / MN_PER_BN for result in results.values()]
    ).round(PLACES)
    table.insert(0, "label", [in_lines(name) for name in results])
    table = table.reset_index(drop=True)
    places = decimals(table["central"])
    ends = zip(table["central"], table["least"], table["greatest"], strict=True)
    table["text"] = [words(*row, places) for row in ends]
    table["edge"] = table[["central", "greatest"]].max(axis=1).clip(lower=0.0)
    table["said"] = table["label"].str.replace("\n", " ") + " " + table["text"]
    return table


def words(central: float, least: float, greatest: float, places: int) -> str:
    """Return a change with its range.

    Examples
    --------
    >>> words(0.35, 0.35, 0.62, 2), words(-1.0, -1.0, -1.0, 2)
    ('+0.35 (+0.35 to +0.62)', '−1.00')
    """
    said = number(central, places, sign=True)
    ends = [number(end, places, sign=True) for end in (least, greatest)]
    return said if ends[0] == ends[1] else f"{said} ({ends[0]} to {ends[1]})"


def bars(table: pd.DataFrame, flow: str, width: int) -> alt.LayerChart:
    """Return a bar for each answer, a line for its range, and its figure."""
    broken = alt.Axis(labelExpr="split(datum.value, '\\n')")
    shown = alt.Chart(table.drop(columns="said")).encode(
        y=alt.Y("label:N", sort=list(table["label"]), title=None, axis=broken),
        tooltip=[
            alt.Tooltip("label:N", title="Scenario"),
            alt.Tooltip("text:N", title="Change, US$ bn"),
        ],
    )
    scale = alt.Scale(zero=True, padding=8)
    axis = alt.X("central:Q", title=None, scale=scale)
    colour = FLOW_COLOURS[flow]
    layers = [
        shown.mark_bar(color=colour, opacity=0.75, size=ROW_HEIGHT * 0.5).encode(
            x=axis
        ),
        shown.mark_rule(color=BALANCE, strokeWidth=2).encode(
            x="least:Q", x2="greatest:Q"
        ),
        shown.mark_text(align="left", dx=8).encode(x="edge:Q", text="text:N"),
    ]
    tall = 1.3 if table["label"].str.contains("\n").any() else 1.1
    return layered(*layers, width=width, height=tall * ROW_HEIGHT * len(table))
