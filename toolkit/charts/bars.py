"""Bars of both directions before and after: by chapter, and the three figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from toolkit.display import BALANCE, BASELINE, PLACES, country, number

from .groups import FLOWS, MN_PER_BN, Grouping, flows, largest
from .theme import ROW_HEIGHT, WIDTH, flow_colour, framed, layered, panel_heading

if TYPE_CHECKING:
    from toolkit.result import Result

FIGURES = ("exports", "imports", "balance")


def by_chapter(
    result: Result, by: Grouping = "chapter", *, top: int = 8, width: int = WIDTH
) -> alt.VConcatChart:
    """Draw exports and imports by product group, before (grey) and after.

    Parameters
    ----------
    result : Result
        What a model returned.
    by : {"chapter", "product"} or mapping
        How products are grouped; a mapping gives the group of each product.
    top : int
        How many groups each direction shows, by size before or after; the rest
        is one bar.
    width : int
        Width of the bars' area in pixels.

    Returns
    -------
    altair.VConcatChart
        Two panels, each with its own scale.
    """
    table = flows(result, by)
    panels = []
    for flow in FLOWS:
        part = table[table["flow"] == flow]
        size = part[["baseline", "counterfactual"]].max(axis=1)
        panels.append(panel(with_text(largest(part, size, top)), flow, result, width))
    return framed(
        alt.vconcat(*panels, spacing=18),
        title=f"What is traded, before and after: {result.title}",
        subtitle="US$ bn; grey is before, colour after; each panel has its own scale",
        source=result.source_line,
        description=in_words(table, result.title),
    )


def balance(result: Result, *, width: int = WIDTH) -> alt.VConcatChart:
    """Draw exports, imports and the balance, before (grey) and after.

    Parameters
    ----------
    result : Result
        What a model returned.
    width : int
        Width of the bars' area in pixels.
    """
    figures = (result.balance() / MN_PER_BN).loc[list(FIGURES)].round(PLACES) + 0.0
    table = with_text(
        figures.rename_axis("flow").reset_index().assign(label=label_figures(result))
    )
    pair = f"{country(result.reporter)} and {country(result.partner)}"
    return framed(
        pairs(table, width),
        title=f"{pair}, before and after: {result.title}",
        subtitle="US$ bn; grey is before, colour after",
        source=result.source_line,
        description=in_words(table, result.title),
    )


def label_figures(result: Result) -> list[str]:
    """Return the names of the three figures from the reporter's point of view."""
    partner = country(result.partner)
    return [f"Exports to {partner}", f"Imports from {partner}", "Balance"]


def with_text(table: pd.DataFrame) -> pd.DataFrame:
    """Add what stands right of each bar: the figure after, and its change if any."""

    def beside(after: float, change: float) -> str:
        moved = number(change, sign=True)
        return f"{number(after)} ({moved})" if round(change, 2) else number(after)

    rows = zip(table["counterfactual"], table["change"], strict=True)
    texts = [beside(after, change) for after, change in rows]
    right = table[["baseline", "counterfactual"]].max(axis=1).clip(lower=0.0)
    return table.assign(text=texts, at=right)


def panel(table: pd.DataFrame, flow: str, result: Result, width: int) -> alt.LayerChart:
    """Return one direction's bars under its own small heading."""
    reporter, partner = country(result.reporter), country(result.partner)
    towards = f"to {partner}" if flow == "exports" else f"from {partner}"
    heading = panel_heading(f"{reporter}'s {flow} {towards}", flow)
    return pairs(table, width).properties(title=heading)


def pairs(table: pd.DataFrame, width: int) -> alt.LayerChart:
    """Return for each row a wide grey bar before and a narrow coloured one after."""
    order = list(table["label"])
    shown = alt.Chart(table).encode(
        y=alt.Y("label:N", sort=order, title=None),
        tooltip=[
            alt.Tooltip("label:N", title="Group"),
            alt.Tooltip("baseline:Q", title="Before, US$ bn", format=",.3f"),
            alt.Tooltip("counterfactual:Q", title="After, US$ bn", format=",.3f"),
            alt.Tooltip("change:Q", title="Change, US$ bn", format="+,.3f"),
        ],
    )
    axis = alt.X("baseline:Q", title=None, scale=alt.Scale(zero=True))
    before = shown.mark_bar(color=BASELINE, opacity=0.55, size=ROW_HEIGHT * 0.72)
    after = shown.mark_bar(size=ROW_HEIGHT * 0.34)
    text = shown.mark_text(align="left", dx=5, color=BALANCE)
    layers = [
        before.encode(x=axis),
        after.encode(x="counterfactual:Q", color=flow_colour()),
        text.encode(x="at:Q", text="text:N"),
    ]
    return layered(*layers, width=width, height=ROW_HEIGHT * len(table))


def in_words(table: pd.DataFrame, scenario: str) -> str:
    """Return both directions' totals and largest changes in words."""
    sums = table.groupby("flow", sort=False)[["baseline", "counterfactual"]].sum()
    rows = zip(sums.index, sums["baseline"], sums["counterfactual"], strict=True)
    parts = [f"{flow} {number(a)} before, {number(b)} after" for flow, a, b in rows]
    return f"Bars before and after, US$ bn, {scenario}: {'; '.join(parts)}."
