"""Charts that are built once and follow the numbers a widget sends.

Each chart has one parameter, a list of US$ bn in the order of its rows; setting
it redraws the chart without building it anew::

    view = live_view(live_waterfall(rows, ...))
    view.params.changes = [0.12, -0.5, ...]
"""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from toolkit.display import BALANCE, BASELINE, PLACES

from .groups import FLOWS
from .renderer import EMBED_OPTIONS
from .theme import (
    ROW_HEIGHT,
    WIDTH,
    configured,
    flow_colour,
    framed,
    layered,
    panel_heading,
    part,
)
from .waterfalls import TOTAL

_SIGNED = "replace(format({0}, '+,.2f'), '-', '\u2212')"
_PLAIN = "replace(format({0}, ',.2f'), '-', '\u2212')"
_NOTHING = "abs({0}) < 0.005"


def live_waterfall(
    rows: pd.DataFrame,
    changes: Sequence[float],
    *,
    title: str,
    subtitle: str,
    source: str,
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Return a waterfall of the balance driven by the parameter ``changes``.

    Parameters
    ----------
    rows : DataFrame
        One row per step: ``label``, and ``flow`` ("exports" or "imports").
    changes : sequence of float
        What each step adds to the balance at first, US$ bn. The parameter
        ``changes`` has the same length and order; the last bar is their sum.
    title, subtitle, source : str
        As in every chart; they do not change.
    width : int
        Width of the bars' area in pixels.

    Raises
    ------
    ValueError
        If the two differ in length or a flow is unknown.
    """
    check_rows(rows, changes)
    chart = waterfall_part(rows, "changes", width)
    return framed(
        chart,
        title=title,
        subtitle=subtitle,
        source=source,
        description=f"{title}. {subtitle}. One bar per step, then their sum.",
    ).add_params(alt.param(name="changes", value=rounded(changes)))


def waterfall_part(rows: pd.DataFrame, param: str, width: int) -> alt.LayerChart:
    """Return a live waterfall without frame or parameter.

    ``param`` names the list whose first numbers, one per row, drive it.
    """
    table = pd.DataFrame({"flow": rows["flow"], "label": rows["label"]})
    table["step"] = table["label"] + ", " + table["flow"]
    total = pd.DataFrame([{"flow": "balance", "label": TOTAL, "step": TOTAL}])
    table = pd.concat([table, total], ignore_index=True)
    table["i"] = range(len(table))
    table["next"] = table["step"].shift(-1).fillna(TOTAL)
    steps = (
        alt.Chart(table.drop(columns="label"))
        .transform_calculate(part=f"datum.i < {len(rows)} ? {param}[datum.i] : 0")
        .transform_window(sort=[alt.SortField("i")], frame=[None, 0], sum="sum(part)")
        .transform_calculate(
            start=f"datum.i < {len(rows)} ? datum.sum - datum.part : 0",
            effect=f"datum.i < {len(rows)} ? datum.part : datum.sum",
        )
        .transform_calculate(
            text=f"{_NOTHING.format('datum.effect')} ? '0.00' : "
            + _SIGNED.format("datum.effect")
        )
    )
    return step_layers(steps, list(table["step"]), width)


def step_layers(base: alt.Chart, order: list[str], width: int) -> alt.LayerChart:
    """Return bars, joints and labels of the live waterfall."""
    rows = base.encode(y=alt.Y("step:N", sort=order, title=None))
    axis = alt.X("start:Q", title=None, scale=alt.Scale(zero=True, padding=44))
    tips = [alt.Tooltip("step:N", title="Step")]
    tips += [alt.Tooltip("text:N", title="Adds to the balance, US$ bn")]
    bar = rows.mark_bar(size=ROW_HEIGHT * 0.6)
    joint = rows.mark_rule(color=BASELINE)
    left = rows.transform_filter("datum.effect < 0")
    right = rows.transform_filter("datum.effect >= 0")
    layers = [
        joint.encode(x="sum:Q", x2="sum:Q", y2="next:N"),
        bar.encode(x=axis, x2="sum:Q", color=flow_colour(), tooltip=tips),
        right.mark_text(align="left", dx=5).encode(x="sum:Q", text="text:N"),
        left.mark_text(align="right", dx=-5).encode(x="sum:Q", text="text:N"),
    ]
    return layered(*layers, width=width, height=ROW_HEIGHT * len(order))


def live_bars(
    rows: pd.DataFrame,
    after: Sequence[float],
    *,
    title: str,
    subtitle: str,
    source: str,
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Return bars before and after, driven by the parameter ``after``.

    Parameters
    ----------
    rows : DataFrame
        One row per bar: ``flow``, ``label`` and ``baseline`` (US$ bn), as
        :func:`flows` gives them.
    after : sequence of float
        The figures after the scenario at first, US$ bn; the parameter ``after``
        has the same length and order.
    title, subtitle, source : str
        As in every chart; they do not change.
    width : int
        Width of the bars' area in pixels.

    Raises
    ------
    ValueError
        If the two differ in length or a flow is unknown.
    """
    check_rows(rows, after)
    return framed(
        bars_part(rows, "after", 0, width),
        title=title,
        subtitle=subtitle,
        source=source,
        description=f"{title}. {subtitle}. Grey is before, colour after.",
    ).add_params(alt.param(name="after", value=rounded(after)))


def bars_part(
    rows: pd.DataFrame, param: str, offset: int, width: int
) -> alt.VConcatChart:
    """Return live bars without frame or parameter, read from ``param[offset:]``."""
    table = rows[["flow", "label", "baseline"]].reset_index(drop=True)
    table["baseline"] = table["baseline"].round(PLACES)
    table["i"] = range(offset, offset + len(table))
    shown = [flow for flow in FLOWS if (table["flow"] == flow).any()]
    panels = [
        bar_panel(table[table["flow"] == flow], flow, param, width) for flow in shown
    ]
    return alt.vconcat(*panels, spacing=18)


def live_dashboard(
    steps: pd.DataFrame,
    bars: pd.DataFrame,
    figures: Sequence[float],
    *,
    titles: tuple[str, str],
    source: str,
    width: int = WIDTH,
) -> alt.VConcatChart:
    """Return a waterfall over bars, both driven by the one parameter ``figures``.

    One parameter, so that one message and one repaint follow a slider.

    Parameters
    ----------
    steps : DataFrame
        Rows of the waterfall: ``flow``, ``label``.
    bars : DataFrame
        Rows of the bars: ``flow``, ``label``, ``baseline`` (US$ bn).
    figures : sequence of float
        What each step adds to the balance, then the figure after the scenario of
        each bar, US$ bn.
    titles : pair of str
        Of the waterfall and of the bars.
    source : str
    width : int

    Raises
    ------
    ValueError
        If there is not one figure per row, or a flow is unknown.
    """
    check_rows(steps, figures[: len(steps)])
    check_rows(bars, figures[len(steps) :])
    upper = part(
        waterfall_part(steps, "figures", width),
        title=titles[0],
        subtitle="US$ bn a year; below zero widens the deficit",
        source=None,
        description=titles[0],
    )
    lower = part(
        bars_part(bars, "figures", len(steps), width),
        title=titles[1],
        subtitle="US$ bn a year; grey before, colour after",
        source=source,
        description=titles[1],
    )
    chart = alt.vconcat(upper, lower, spacing=24)
    param = alt.param(name="figures", value=rounded(figures))
    return configured(chart.add_params(param))


def bar_panel(table: pd.DataFrame, flow: str, param: str, width: int) -> alt.LayerChart:
    """Return one direction's live bars under its own heading."""
    moved, after = "datum.after - datum.baseline", "datum.after"
    text = (
        f"{_PLAIN.format(after)} + ({_NOTHING.format(moved)} ? '' : "
        f"' (' + {_SIGNED.format(moved)} + ')')"
    )
    base = (
        alt.Chart(table)
        .transform_calculate(after=f"{param}[datum.i]")
        .transform_calculate(text=text, at="max(datum.after, datum.baseline, 0)")
        .transform_calculate(room="1.28 * datum.at")  # space for the label
        .encode(
            y=alt.Y(
                "label:N",
                sort=list(table["label"]),
                title=None,
            ),
            tooltip=[
                alt.Tooltip("label:N", title="Group"),
                alt.Tooltip("baseline:Q", title="Before, US$ bn", format=",.3f"),
                alt.Tooltip("after:Q", title="After, US$ bn", format=",.3f"),
            ],
        )
    )
    before = base.mark_bar(color=BASELINE, opacity=0.55, size=ROW_HEIGHT * 0.72)
    now = base.mark_bar(size=ROW_HEIGHT * 0.34)
    layers = [
        before.encode(x=alt.X("baseline:Q", title=None, scale=alt.Scale(zero=True))),
        now.encode(x="after:Q", color=flow_colour()),
        base.mark_point(opacity=0).encode(x="room:Q"),
        base.mark_text(align="left", dx=5, color=BALANCE).encode(
            x="at:Q", text="text:N"
        ),
    ]
    heading = panel_heading(flow.capitalize(), flow)
    height = ROW_HEIGHT * len(table)
    return layered(*layers, width=width, height=height).properties(title=heading)


def live_view(chart: alt.VConcatChart) -> alt.JupyterChart:
    """Return the chart as a widget that draws without a network.

    Change ``view.params`` only; assigning another chart to it would leave the
    old one's listeners behind.
    """
    alt.JupyterChart.enable_offline()
    return alt.JupyterChart(chart, embed_options=EMBED_OPTIONS)


def rounded(values: Sequence[float]) -> list[float]:
    """Return the numbers as plain rounded floats."""
    return [round(float(value), PLACES) + 0.0 for value in values]


def check_rows(rows: pd.DataFrame, values: Sequence[float]) -> None:
    """Raise unless there is one value per row and every flow is known."""
    if len(rows) != len(values):
        raise ValueError(f"There are {len(rows)} rows and {len(values)} values.")
    unknown = set(rows["flow"]) - set(FLOWS)
    if unknown:
        raise ValueError(f"flow must be one of {FLOWS}, not {sorted(unknown)}.")
