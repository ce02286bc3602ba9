"""The look of every chart: colours, numbers, frame. Set here and nowhere else.

The configuration travels inside each chart, so a chart looks the same in a
notebook, in the explorer and in a shared page, whatever theme is enabled there.
"""

from __future__ import annotations

from typing import Any, cast

import altair as alt

from toolkit.display import BALANCE, FLOW_COLOURS, QUIET

FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
WIDTH = 430
ROW_HEIGHT = 26

_CONFIG: dict[str, Any] = {
    "background": "#FFFFFF",
    "font": FONT,
    "view": {"stroke": None},
    "title": {"anchor": "start", "frame": "bounds"},
    "axis": {
        "domain": False,
        "gridColor": "#E6E6E6",
        "labelColor": BALANCE,
        "labelFlush": False,
        "labelFontSize": 12,
        "labelLimit": 360,
        "labelPadding": 6,
        "ticks": False,
        "titleColor": QUIET,
        "titleFontWeight": "normal",
    },
    "axisQuantitative": {"tickCount": 7},
    "text": {"color": BALANCE, "font": FONT, "fontSize": 12},
}


def flow_colour() -> alt.Color:
    """Return the colour of each flow, the same in all charts."""
    scale = alt.Scale(domain=list(FLOW_COLOURS), range=list(FLOW_COLOURS.values()))
    return alt.Color("flow:N", scale=scale, legend=None)


def layered(*layers: alt.Chart, width: int, height: float) -> alt.LayerChart:
    """Return the layers as one chart of the given size in pixels."""
    chart = cast("alt.LayerChart", alt.layer(*layers))
    return chart.properties(width=width, height=height)


def panel_heading(text: str, flow: str) -> alt.TitleParams:
    """Return the small heading of one panel, above its bars."""
    return alt.TitleParams(
        text=text, color=FLOW_COLOURS[flow], fontSize=13, frame="group", offset=4
    )


def framed(
    chart: Any, *, title: str, subtitle: str, source: str, description: str
) -> alt.VConcatChart:
    """Return the chart with its frame (see :func:`part`) and the configuration."""
    inside = part(
        chart, title=title, subtitle=subtitle, source=source, description=description
    )
    return inside.configure(**_CONFIG)


def configured(chart: alt.VConcatChart) -> alt.VConcatChart:
    """Return a chart made of framed parts with the configuration of all charts."""
    return chart.configure(**_CONFIG)


def part(
    chart: Any, *, title: str, subtitle: str, source: str | None, description: str
) -> alt.VConcatChart:
    """Return the chart with title, unit, source line and accessible description.

    Parameters
    ----------
    chart : altair chart
        The body, without a title or configuration of its own.
    title, subtitle : str
        The finding or question; the measure and its unit.
    source : str, optional
        Publisher and vintage of the figures; stands under the chart. None where
        another part carries it.
    description : str
        What a reader who does not see the chart should know.
    """
    header = alt.TitleParams(
        text=title,
        subtitle=subtitle,
        fontSize=15,
        color=BALANCE,
        subtitleColor=QUIET,
        subtitleFontSize=12,
        offset=12,
    )
    body = chart if source is None else alt.vconcat(chart, title=footer(source))
    return alt.vconcat(body, title=header, description=description)


def footer(source: str) -> alt.TitleParams:
    """Return the source line that stands under a chart."""
    return alt.TitleParams(
        text=f"Source: {source}" if source else "Source: not stated",
        orient="bottom",
        anchor="start",
        color=QUIET,
        fontSize=11,
        fontWeight="normal",
        offset=8,
    )
