"""The road to a later year, and how two goals pull apart."""

from __future__ import annotations

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from toolkit.display import BALANCE, BASELINE, EXPORTS, IMPORTS, PLACES, number

from .groups import MN_PER_BN
from .theme import framed, layered

ROAD_WIDTH, HEIGHT = 520, 280
LINES = ("scenario", "reference")


def road(
    frame: pd.DataFrame,
    *,
    what: str = "total trade",
    goal: float | None = None,
    title: str = "The road",
    source: str = "",
    width: int = ROAD_WIDTH,
) -> alt.VConcatChart:
    """Draw a figure year by year, with and without the levers, and its range.

    Parameters
    ----------
    frame : DataFrame
        Index year as text; ``scenario`` and ``reference``, and, where known, ``least``
        and ``greatest``: US$ million.
    what : str
        The figure, for the subtitle.
    goal : float, optional
        US$ million; drawn as a line.
    title, source : str
        The finding or question; publishers.
    width : int
        Width of the plot in pixels.

    Raises
    ------
    ValueError
        A column missing.
    """
    missing = set(LINES) - set(frame.columns)
    if missing:
        raise ValueError(f"The frame lacks the columns {sorted(missing)}.")
    table = (frame.astype(float) / MN_PER_BN).round(PLACES)
    table = table.assign(year=[str(year) for year in frame.index])
    order = list(table["year"])
    x = alt.X("year:O", sort=order, title=None, axis=alt.Axis(labelAngle=0))
    layers: list[alt.Chart] = []
    if {"least", "greatest"} <= set(table.columns):
        area = alt.Chart(table).mark_area(color=EXPORTS, opacity=0.2)
        layers.append(area.encode(x=x, y="least:Q", y2="greatest:Q"))
    colours = dict(zip(LINES, (EXPORTS, BASELINE), strict=True))
    for name in LINES[::-1]:
        layers += _line(table, name, colours[name], x)
    if goal is not None:
        layers += _goal(goal / MN_PER_BN, order)
    last = table.iloc[-1]
    reach = "" if goal is None else f"; the goal is {number(goal / MN_PER_BN)}"
    return framed(
        layered(*layers, width=width, height=HEIGHT),
        title=title,
        subtitle=f"{what.capitalize()} by year, US$ bn; band: one assumption at an end",
        source=source,
        description=(
            f"Lines. {title}. In {last['year']} {what} is "
            f"{number(last['scenario'])} US$ bn with the levers, "
            f"{number(last['reference'])} without{reach}."
        ),
    )


def _line(table: pd.DataFrame, name: str, colour: str, x: alt.X) -> list[alt.Chart]:
    shown = alt.Chart(table).encode(
        x=x,
        y=alt.Y(f"{name}:Q", title=None),
        tooltip=[
            alt.Tooltip("year:O", title="Year"),
            alt.Tooltip(f"{name}:Q", title=f"{name}, US$ bn", format=",.2f"),
        ],
    )
    end = table.iloc[[-1]].assign(text=f"{name} {number(float(table[name].iloc[-1]))}")
    first = name == LINES[0]
    text = alt.Chart(end).mark_text(
        align="left", dx=8, dy=-7 if first else 7, color=colour
    )
    dash = [1, 0] if first else [5, 4]
    return [
        shown.mark_line(color=colour, strokeWidth=2.4, strokeDash=dash),
        text.encode(x=x, y=f"{name}:Q", text="text:N"),
    ]


def _goal(goal: float, order: list[str]) -> list[alt.Chart]:
    table = pd.DataFrame({"goal": [goal], "year": order[:1], "text": ["goal"]})
    rule = alt.Chart(table).mark_rule(color=IMPORTS, strokeDash=[6, 3])
    text = alt.Chart(table).mark_text(align="left", dy=-8, color=IMPORTS)
    x: Any = alt.X("year:O", sort=order)
    return [rule.encode(y="goal:Q"), text.encode(x=x, y="goal:Q", text="text:N")]


def tradeoff(
    frame: pd.DataFrame,
    marks: pd.DataFrame,
    *,
    title: str = "More trade against less imbalance",
    source: str = "",
    width: int = ROAD_WIDTH,
) -> alt.VConcatChart:
    """Draw total trade against balance, the points no other beats, and the marks.

    Parameters
    ----------
    frame : DataFrame
        As ``Frontier.table()``: ``total, balance`` (US$ million) and ``efficient``.
    marks : DataFrame
        As ``Frontier.marks()``: index name; ``total, balance``; a mark without a
        balance is a line.
    title, source : str
        The finding or question; publishers.
    width : int
        Width of the plot in pixels.

    Raises
    ------
    ValueError
        A column missing, or no point.
    """
    missing = {"total", "balance", "efficient"} - set(frame.columns)
    if missing:
        raise ValueError(f"The frame lacks the columns {sorted(missing)}.")
    points = _in_bn(frame).dropna(subset=["total", "balance"])
    if points.empty:
        raise ValueError("No point to draw.")
    named = _in_bn(marks).assign(name=[str(name) for name in marks.index])
    x = alt.X("total:Q", title="Total trade", scale=alt.Scale(zero=False))
    y = alt.Y("balance:Q", title="Balance", scale=alt.Scale(zero=False))
    whole = alt.Chart(points).mark_circle(color=BASELINE, size=22).encode(x=x, y=y)
    best = points[points["efficient"]].sort_values("total")
    edge = alt.Chart(best).mark_line(color=EXPORTS, point=True).encode(x=x, y=y)
    spots = alt.Chart(named[np.isfinite(named["balance"])]).encode(x=x, y=y)
    lines = alt.Chart(named[~np.isfinite(named["balance"])]).encode(x=x)
    top = alt.Y(datum=float(points["balance"].max()))
    layers = [
        whole,
        edge,
        spots.mark_point(shape="diamond", filled=True, size=110, color=BALANCE),
        spots.mark_text(align="left", dx=9).encode(text="name:N"),
        lines.mark_rule(color=IMPORTS, strokeDash=[6, 3]),
        lines.mark_text(align="left", dx=6, color=IMPORTS).encode(y=top, text="name:N"),
    ]
    said = ", ".join(
        f"{name} {number(float(total))} and {number(float(balance))}"
        for name, total, balance in named[["name", "total", "balance"]].to_numpy()
    )
    return framed(
        layered(*layers, width=width, height=HEIGHT),
        title=title,
        subtitle="Each point a setting of both levers, US$ bn; line: no other beats it",
        source=source,
        description=f"Points. {title}. Marks, total and balance: {said}, US$ bn.",
    )


def _in_bn(frame: pd.DataFrame) -> pd.DataFrame:
    columns = ["total", "balance"]
    table = frame[[name for name in (*columns, "efficient") if name in frame]].copy()
    table[columns] = (table[columns].astype(float) / MN_PER_BN).round(PLACES)
    return table
