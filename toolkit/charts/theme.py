"""The look of every chart: colours, numbers, frame. Set here and nowhere else.

The configuration travels inside each chart, so a chart looks the same in a
notebook, in the explorer and in a shared page, whatever theme is enabled there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

import altair as alt

EXPORTS = "#0072B2"  # Okabe-Ito blue
IMPORTS = "#D55E00"  # Okabe-Ito vermilion
BASELINE = "#8C8C8C"
BALANCE = "#333333"
QUIET = "#5F5F5F"
FLOW_COLOURS = {"exports": EXPORTS, "imports": IMPORTS, "balance": BALANCE}
FONT = "Liberation Sans, Arial, Helvetica, sans-serif"
PLACES = 6  # stored numbers are rounded: another machine must store the same
WIDTH = 430
ROW_HEIGHT = 26
MINUS = "\N{MINUS SIGN}"
COUNTRY_NAMES = {"IND": "India", "RUS": "Russia", "ROW": "the rest of the world"}

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


def country(code: str) -> str:
    """Return the name of a country for a title; the code itself if unknown.

    Examples
    --------
    >>> country("IND"), country("KAZ")
    ('India', 'KAZ')
    """
    return COUNTRY_NAMES.get(code, code)


def decimals(values: Iterable[float]) -> int:
    """Return how many decimals US$ bn need: two, or three where all are tiny.

    Examples
    --------
    >>> decimals([0.4, 0.01]), decimals([0.03, 0.01])
    (2, 3)
    """
    return 2 if max(map(abs, values), default=1.0) >= 0.1 else 3


def number(value: float, places: int = 2, *, sign: bool = False) -> str:
    """Return a number as a chart prints it: true minus, no negative zero.

    Parameters
    ----------
    value : float
        The number, in the unit the chart states.
    places : int
        Decimals.
    sign : bool
        Put a plus before what is above zero: for changes.

    Examples
    --------
    >>> number(-58.926), number(0.4, 1, sign=True), number(-0.001, sign=True)
    ('−58.93', '+0.4', '0.00')
    """
    rounded = round(round(float(value), PLACES), places) + 0.0
    text = f"{abs(rounded):,.{places}f}"
    if rounded < 0:
        return MINUS + text
    return "+" + text if sign and rounded > 0 else text


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
