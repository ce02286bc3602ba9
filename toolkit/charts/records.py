"""Predictions beside what happened, and a year's change in steps."""

from __future__ import annotations

import json

import altair as alt
import pandas as pd

from toolkit.display import (
    BALANCE,
    BASELINE,
    EXPORTS,
    IMPORTS,
    PLACES,
    QUIET,
    number,
    signed,
)

from .groups import MN_PER_BN
from .theme import ROW_HEIGHT, WIDTH, framed, layered

HEADINGS = {
    "policy": "A policy changed: scored",
    "placebo": "Nothing changed: what moves anyway",
    "confounded": "Several things changed: shown, not scored",
}
RATIOS = ("predicted", "low90", "high90", "low90_all", "high90_all", "happened")
TICKS = (0.25, 0.5, 1, 2, 4, 8)


def record(
    frame: pd.DataFrame,
    *,
    title: str = "Did it come true?",
    source: str = "",
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Draw what was predicted, its bands, and what happened, event by event.

    Parameters
    ----------
    frame : DataFrame
        As ``Record.table()``: ``kind, what``, the ratios ``predicted, low90, high90,
        low90_all, high90_all, happened``. Events without a prediction or an outcome
        keep their row and say so.
    title : str
        The finding or question.
    source : str
        Publishers and vintages.
    width : int
        Width of the plot in pixels.

    Raises
    ------
    ValueError
        A column missing, an unknown kind, or no event.
    """
    table = checked(frame)
    panels = [
        panel(part, str(kind), width)
        for kind, part in table.groupby("kind", sort=False)
    ]
    return framed(
        alt.vconcat(*panels, spacing=16),
        title=title,
        subtitle=(
            "Value after over before; dot: predicted, thick: 90 % band of "
            "elasticities, thin: with what moves anyway, diamond: happened"
        ),
        source=source,
        description=in_words(table, title),
    )


def checked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are drawn, rounded, kinds in order, or raise."""
    missing = {"kind", "what", *RATIOS} - set(frame.columns)
    if missing:
        raise ValueError(f"The frame lacks the columns {sorted(missing)}.")
    unknown = set(frame["kind"]) - set(HEADINGS)
    if unknown:
        raise ValueError(
            f"kind must be one of {list(HEADINGS)}, not {sorted(unknown)}."
        )
    if frame.empty:
        raise ValueError("No event to draw.")
    table = frame[["kind", "what", *RATIOS]].reset_index(drop=True)
    table[list(RATIOS)] = table[list(RATIOS)].astype(float).round(PLACES)
    order = table["kind"].map({kind: n for n, kind in enumerate(HEADINGS)})
    table = table.iloc[order.argsort(kind="stable")].reset_index(drop=True)
    return table.assign(text=[said(*row) for row in table[list(RATIOS)].to_numpy()])


def said(
    predicted: float, _low: float, _high: float, least: float, most: float, came: float
) -> str:
    """Return one event's numbers in words.

    Examples
    --------
    >>> said(0.968, 0.92, 0.99, 0.31, 3.05, 0.245)
    'predicted −3 % (−69 to +205), happened −76 %'
    """
    came_text = "outcome not found" if pd.isna(came) else f"happened {percent(came)} %"
    if pd.isna(predicted):
        return f"no prediction, {came_text}"
    span = f" ({percent(least)} to {percent(most)})"
    return f"predicted {percent(predicted)} %{span}, {came_text}"


def percent(ratio: float) -> str:
    """Return a ratio as a signed percent change."""
    return signed(100.0 * (ratio - 1.0), 0)


def panel(table: pd.DataFrame, kind: str, width: int) -> alt.LayerChart:
    """Return one kind's events: bands, prediction, outcome."""
    table = table.assign(row=[f"{n}" for n in range(len(table))])
    names = dict(zip(table["row"], table["what"], strict=True))
    label = " : ".join(
        f"datum.value == '{k}' ? {json.dumps(v)}" for k, v in names.items()
    )
    rows = alt.Y(
        "row:N",
        sort=list(table["row"]),
        title=None,
        axis=alt.Axis(labelExpr=f"{label} : ''"),
    )
    scale = alt.Scale(type="log", domain=[0.18, 13], clamp=True)
    ticks = alt.Axis(values=list(TICKS), labelExpr="'×' + datum.label", format="~g")
    shown = alt.Chart(table).encode(
        y=rows,
        tooltip=[
            alt.Tooltip("what:N", title="Event"),
            alt.Tooltip("text:N", title="In words"),
        ],
    )
    at = alt.X("predicted:Q", title=None, scale=scale, axis=ticks)
    one = alt.Chart(pd.DataFrame({"one": [1.0]})).mark_rule(
        color=BASELINE, strokeDash=[3, 3]
    )
    layers = [
        one.encode(x=alt.X("one:Q", scale=scale)),
        shown.mark_rule(color=BASELINE, strokeWidth=1.2).encode(
            x=alt.X("low90_all:Q", scale=scale), x2="high90_all:Q"
        ),
        shown.mark_rule(color=EXPORTS, strokeWidth=5).encode(
            x=alt.X("low90:Q", scale=scale), x2="high90:Q"
        ),
        shown.mark_circle(color=EXPORTS, size=58, opacity=1).encode(x=at),
        shown.mark_point(
            color=IMPORTS, shape="diamond", size=90, filled=True, opacity=1
        ).encode(x=alt.X("happened:Q", scale=scale)),
    ]
    if table["happened"].isna().any():
        lost = alt.Chart(table[table["happened"].isna()].assign(at=1.05)).encode(y=rows)
        text = lost.mark_text(align="left", color=QUIET, fontSize=11)
        layers.append(text.encode(x=alt.X("at:Q", scale=scale), text="text:N"))
    chart = layered(*layers, width=width, height=ROW_HEIGHT * len(table))
    heading = alt.TitleParams(
        text=HEADINGS[kind], color=BALANCE, fontSize=13, frame="group"
    )
    return chart.properties(title=heading)


def in_words(table: pd.DataFrame, title: str) -> str:
    """Return every event in words."""
    parts = [
        f"{HEADINGS[str(kind)]}: " + "; ".join(part["what"] + " " + part["text"])
        for kind, part in table.groupby("kind", sort=False)
    ]
    return f"Dots, bands and diamonds. {title} {'. '.join(parts)}."


def accounts(
    frame: pd.DataFrame,
    *,
    title: str = "What the change is made of",
    source: str = "",
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Draw the steps of a change of the balance, in the order given.

    Parameters
    ----------
    frame : DataFrame
        As ``Backcast.table()``: index step, column ``balance`` in US$ million; the
        last row is the whole, which the others add up to.
    title, source : str
        The finding or question; publishers.
    width : int
        Width of the plot in pixels.

    Raises
    ------
    ValueError
        No column ``balance``, or steps that do not add up.
    """
    if "balance" not in frame:
        raise ValueError("The frame lacks the column 'balance'.")
    values = frame["balance"].astype(float)
    if abs(values.iloc[:-1].sum() - values.iloc[-1]) > 1e-3:
        raise ValueError("The steps do not add up to the last row.")
    bn = (values / MN_PER_BN).round(PLACES)
    table = pd.DataFrame(
        {
            "step": [str(step) for step in frame.index],
            "value": bn.to_numpy(),
            "text": [signed(x) for x in bn],
            "colour": [BASELINE] + [EXPORTS] * (len(bn) - 2) + [BALANCE],
        }
    )
    order = list(table["step"])
    shown = alt.Chart(table).encode(
        y=alt.Y("step:N", sort=order, title=None),
        x=alt.X("value:Q", title=None, scale=alt.Scale(zero=True)),
    )
    bars = shown.mark_bar().encode(color=alt.Color("colour:N", scale=None))
    text = shown.mark_text(align="left", dx=6).encode(
        x=alt.X("label_at:Q"), text="text:N"
    )
    text = text.transform_calculate(label_at="max(datum.value, 0)")
    said_steps = ", ".join(f"{s} {number(v)}" for s, v in zip(order, bn, strict=True))
    return framed(
        layered(bars, text, width=width, height=ROW_HEIGHT * len(table)),
        title=title,
        subtitle="Change of the balance, US$ bn; the unexplained part first",
        source=source,
        description=f"Bars. {title}: {said_steps}, US$ bn.",
    )
