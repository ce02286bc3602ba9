"""Trade over the years, both directions, one publisher's figures beside another's."""

from __future__ import annotations

import altair as alt
import pandas as pd

from toolkit.display import PLACES, number

from .groups import FLOWS, MN_PER_BN
from .theme import flow_colour, framed, layered

COLUMNS = ("year", "flow", "value_usd_mn")
HEIGHT = 280
LABEL_HEIGHT = 16
LINE_WIDTH = 560


def history(
    frame: pd.DataFrame,
    *,
    title: str = "India's trade with Russia",
    source: str = "",
    width: int = LINE_WIDTH,
) -> alt.VConcatChart:
    """Draw annual totals of both directions as lines with direct labels.

    Parameters
    ----------
    frame : DataFrame
        Columns ``year`` (text such as "2024-25"), ``flow`` ("exports" or
        "imports"), ``value_usd_mn`` (US$ mn) and, if more than one publisher is
        shown, ``series``: the first in the frame is drawn solid, others dashed.
        Years without a value leave a gap.
    title : str
        The finding or question.
    source : str
        Publishers and vintages; by default what ``frame.attrs["source"]`` says.
    width : int
        Width of the plot in pixels.

    Raises
    ------
    ValueError
        If a column is missing, a flow is unknown or a year occurs twice.
    """
    table = checked(frame)
    return framed(
        lines(table, width),
        title=title,
        subtitle="Value of goods by year, US$ bn",
        source=source or str(frame.attrs.get("source", "")),
        description=in_words(table, title),
    )


def checked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows in US$ bn with a series column, or raise."""
    missing = set(COLUMNS) - set(frame.columns)
    if missing:
        raise ValueError(f"The frame lacks the columns {sorted(missing)}.")
    unknown = set(frame["flow"]) - set(FLOWS)
    if unknown:
        raise ValueError(f"flow must be one of {FLOWS}, not {sorted(unknown)}.")
    table = frame[list(COLUMNS)].assign(
        series=frame.get("series", ""),
        year=frame["year"].astype(str),
        value=(frame["value_usd_mn"] / MN_PER_BN).round(PLACES),
    )
    keys = ["series", "flow", "year"]
    twice = table[table.duplicated(keys)]
    if not twice.empty:
        raise ValueError(f"Years occur twice: {sorted(set(twice['year']))}.")
    return table.drop(columns="value_usd_mn").reset_index(drop=True)


def ends(table: pd.DataFrame) -> pd.DataFrame:
    """Return the last point of each line with what stands beside it, and where."""
    last = table.dropna(subset="value").groupby(["series", "flow"], sort=False).tail(1)
    names = last["flow"].str.capitalize() + " " + last["value"].map(number)
    series = last["series"].map(lambda text: f" ({text})" if text else "")
    gap = LABEL_HEIGHT / HEIGHT * table["value"].max()
    return last.assign(text=names + series, label_at=apart(last["value"], gap))


def apart(values: pd.Series, gap: float) -> pd.Series:
    """Return the values moved up where needed to stand ``gap`` apart.

    Examples
    --------
    >>> apart(pd.Series([5.0, 1.0, 4.5]), 1.0).tolist()
    [5.5, 1.0, 4.5]
    """
    placed: dict[object, float] = {}
    lowest = float("-inf")
    for key, value in values.sort_values().items():
        lowest = max(float(value), lowest + gap)
        placed[key] = round(lowest, PLACES)
    return values.index.to_series().map(placed)


def lines(table: pd.DataFrame, width: int) -> alt.LayerChart:
    """Return the lines, their points and the labels at their ends."""
    order = sorted(set(table["year"]))
    series = list(dict.fromkeys(table["series"]))
    dashes = [[1, 0], [5, 4], [2, 3], [8, 3, 2, 3]]
    base = alt.Chart(table).encode(
        x=alt.X("year:O", sort=order, title=None, axis=alt.Axis(labelAngle=-45)),
        y=alt.Y("value:Q", title=None, scale=alt.Scale(zero=True)),
        color=flow_colour(),
        tooltip=[
            alt.Tooltip("year:O", title="Year"),
            alt.Tooltip("flow:N", title="Direction"),
            alt.Tooltip("value:Q", title="US$ bn", format=",.2f"),
            alt.Tooltip("series:N", title="Publisher"),
        ],
    )
    dash = alt.StrokeDash(
        "series:N",
        legend=None,
        scale=alt.Scale(domain=series, range=dashes[: len(series)]),
    )
    text = alt.Chart(ends(table)).mark_text(align="left", dx=8, fontSize=12)
    layers = [
        base.mark_line(strokeWidth=2.2).encode(strokeDash=dash),
        base.mark_point(filled=True, size=26, opacity=1),
        text.encode(
            x=alt.X("year:O", sort=order),
            y="label_at:Q",
            text="text:N",
            color=flow_colour(),
        ),
    ]
    return layered(*layers, width=width, height=HEIGHT)


def in_words(table: pd.DataFrame, title: str) -> str:
    """Return the first and last value of each line in words."""
    known = table.dropna(subset="value")
    parts = []
    for (series, flow), part in known.groupby(["series", "flow"], sort=False):
        first, last = part.iloc[0], part.iloc[-1]
        name = f"{flow} ({series})" if series else flow
        parts.append(
            f"{name}: {number(first['value'])} in {first['year']}, "
            f"{number(last['value'])} in {last['year']}"
        )
    return f"Lines in US$ bn. {title}. {'; '.join(parts)}."
