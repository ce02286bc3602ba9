"""Values with their intervals, one row each: what studies say of one elasticity."""

from __future__ import annotations

import json

import altair as alt
import numpy as np
import pandas as pd

from toolkit.display import BALANCE, EXPORTS, PLACES, QUIET, number

from .theme import ROW_HEIGHT, WIDTH, framed, layered

COLUMNS = ("label", "value")


def intervals(
    frame: pd.DataFrame,
    *,
    title: str,
    subtitle: str = "Value and published range",
    source: str = "",
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Draw values as dots and their intervals as lines.

    Parameters
    ----------
    frame : DataFrame
        Columns ``label`` and ``value`` and, where known, ``low`` and ``high``
        (an end that is missing or infinite is not drawn), ``group`` (each gets a
        panel and a scale of its own) and ``usable`` (False is drawn hollow and
        named). Rows without a finite value are left out.
    title, subtitle : str
        The finding or question; the measure and what the interval is.
    source : str
        Publishers; by default what ``frame.attrs["source"]`` says.
    width : int
        Width of the plot in pixels.

    Raises
    ------
    ValueError
        If a column is missing, no value is finite, or an interval does not hold
        its value.
    """
    table = checked(frame)
    panels = [
        dots(part, str(name), width)
        for name, part in table.groupby("group", sort=False)
    ]
    return framed(
        alt.vconcat(*panels, spacing=16),
        title=title,
        subtitle=subtitle,
        source=source or str(frame.attrs.get("source", "")),
        description=in_words(table, title),
    )


def checked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that can be drawn, with every column, rounded, or raise."""
    missing = set(COLUMNS) - set(frame.columns)
    if missing:
        raise ValueError(f"The frame lacks the columns {sorted(missing)}.")
    blank = pd.Series(np.nan, frame.index)
    table = pd.DataFrame(
        {
            "label": frame["label"].astype(str),
            "group": frame.get("group", pd.Series("", frame.index)).astype(str),
            "value": frame["value"],
            "low": frame.get("low", blank),
            "high": frame.get("high", blank),
            "usable": frame.get("usable", pd.Series(True, frame.index)).astype(bool),
        }
    )
    numbers = ["value", "low", "high"]
    table[numbers] = table[numbers].astype(float).round(PLACES)
    table = table[np.isfinite(table["value"])].reset_index(drop=True)
    if table.empty:
        raise ValueError("No row has a finite value.")
    outside = (table["low"] > table["value"]) | (table["high"] < table["value"])
    if outside.any():
        row = table[outside].iloc[0]
        raise ValueError(
            f"The interval {row['low']:g} to {row['high']:g} of {row['label']!r} does "
            f"not hold its value {row['value']:g}."
        )
    table[numbers] = table[numbers].replace([np.inf, -np.inf], np.nan)
    rows = zip(*(table[name] for name in [*numbers, "usable"]), strict=True)
    return table.assign(text=[words(*row) for row in rows])


def dots(table: pd.DataFrame, heading: str, width: int) -> alt.LayerChart:
    """Return one panel: a line from end to end, a dot, its figure."""
    table = table.assign(
        row=[f"{i}" for i in range(len(table))],
        start=table["low"].fillna(table["value"]),
        end=table["high"].fillna(table["value"]),
    )
    names = dict(zip(table["row"], table["label"], strict=True))
    label = " : ".join(
        f"datum.value == '{k}' ? {json.dumps(v)}" for k, v in names.items()
    )
    axis = alt.Axis(labelExpr=f"{label} : ''")
    shown = alt.Chart(table).encode(
        y=alt.Y("row:N", sort=list(table["row"]), title=None, axis=axis),
        tooltip=[alt.Tooltip("label:N", title="Study"), alt.Tooltip("text:N")],
    )
    fill = alt.condition("datum.usable", alt.value(EXPORTS), alt.value("white"))
    scale = alt.Scale(zero=True, nice=True)
    layers = [
        shown.mark_rule(color=EXPORTS, strokeWidth=2).encode(
            x=alt.X("start:Q", title=None, scale=scale), x2="end:Q"
        ),
        shown.mark_circle(size=64, stroke=EXPORTS, strokeWidth=1.6, opacity=1).encode(
            x="value:Q", fill=fill
        ),
        shown.mark_text(align="left", dx=9, color=QUIET, fontSize=11).encode(
            x="end:Q", text="text:N"
        ),
    ]
    chart = layered(*layers, width=width, height=ROW_HEIGHT * len(table))
    if not heading:
        return chart
    return chart.properties(
        title=alt.TitleParams(text=heading, color=BALANCE, fontSize=13, frame="group")
    )


def words(value: float, low: float, high: float, usable: bool) -> str:
    """Return one figure with its interval and its doubt.

    Examples
    --------
    >>> words(2.6, 2.1, float("nan"), False)
    '2.60 (2.10 to ?), not usable'
    """
    ends = [number(end) if np.isfinite(end) else "?" for end in (low, high)]
    span = f" ({ends[0]} to {ends[1]})" if ends != ["?", "?"] else ""
    return f"{number(value)}{span}{'' if usable else ', not usable'}"


def in_words(table: pd.DataFrame, title: str) -> str:
    """Return every value in words."""
    parts = []
    for name, part in table.groupby("group", sort=False):
        rows = ", ".join(part["label"] + " " + part["text"])
        parts.append(f"{name}: {rows}" if name else rows)
    return f"Dots with intervals. {title}. {'; '.join(parts)}."
