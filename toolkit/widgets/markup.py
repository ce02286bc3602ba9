"""The explorer's texts as HTML for its widgets."""

from __future__ import annotations

import html
from urllib.parse import quote

from toolkit import explorer
from toolkit.display import FLOW_COLOURS
from toolkit.result import Result

DRAWS = 64  # of the band, while a slider moves


def headline(result: Result) -> str:
    """Return the three figures with their change."""
    cells = "".join(
        f'<div class="tk-figure" data-figure="{one.name}" '
        f'style="color:{FLOW_COLOURS[one.name]};min-width:13em;margin-right:2em">'
        f'<div style="font-size:0.95em">{html.escape(one.title)}</div>'
        f'<div style="font-size:2.2em;line-height:1.2;font-weight:600">'
        f'<span class="tk-value">{one.after}</span>'
        '<span style="font-size:0.45em;font-weight:400"> US$ bn</span></div>'
        f'<div>change <span class="tk-change">{one.change}</span></div>'
        f'<div class="tk-between" style="min-height:1.2em">{_between(one)}</div></div>'
        for one in explorer.figures(result)
    )
    return f'<div style="display:flex;flex-wrap:wrap" role="status">{cells}</div>'


def _between(one: explorer.Figure) -> str:
    return f"between {one.between}" if one.between else ""


def details(result: Result) -> str:
    """Return what else changes as a list, the source below."""
    items = [*explorer.band(result, DRAWS), *explorer.details(result)]
    listed = "".join(f"<li>{html.escape(item)}</li>" for item in items)
    source = html.escape(result.source_line)
    foot = f"<p><small>Source: {source}. Model: {result.model}.</small></p>"
    return f"<ul>{listed}</ul>{foot}"


def download(name: str, text: str) -> str:
    """Return a link that hands a text to the visitor as a file; nothing is written."""
    data = quote(text.encode("utf-8"))
    return (
        f'<p><a download="{html.escape(name)}" '
        f'href="data:application/yaml;charset=utf-8,{data}">'
        f"Download {html.escape(name)}</a></p>"
    )


def comparison(kept: Result, now: Result) -> str:
    """Return two balances beside each other as a table."""
    rows = ""
    for name, *changes in explorer.compared(kept, now):
        cells = "".join(
            f"<td style='text-align:right;padding:0 1em'>{text}</td>"
            for text in changes
        )
        rows += f"<tr><th>{name}</th>{cells}</tr>"
    return (
        "<table><caption>Change against the baseline, US$ bn</caption><tr><th></th>"
        "<th>kept</th><th>on screen</th><th>difference</th></tr>" + rows + "</table>"
    )
