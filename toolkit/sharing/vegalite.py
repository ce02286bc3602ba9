"""A stored chart as a figure of a page, with its numbers as a table."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup

from toolkit import charts
from toolkit.display import MINUS
from toolkit.sharing.page import render

ROWS = ("datasets", "values")
OUTSIDE = ("usermeta", "href", "url")
MOST_ROWS = 400


def chart_figure(spec: dict[str, Any], name: str) -> Markup:
    """Return the place of a chart and, under it, the numbers it draws.

    Parameters
    ----------
    spec : dict
        Vega-Lite; scripts of the page draw it into the element called ``name``.
    name : str
    """
    head, rows = numbers(spec)
    return render(
        "chart.html",
        name=name,
        label=str(spec.get("description") or "Chart"),
        head=head,
        rows=rows,
    )


def contained(part: Any) -> Any:
    """Return a stored specification without what leads outside of it.

    Whoever stored it may have left options of the embedding page (``usermeta``) and
    addresses of data or pictures to fetch, or of links to follow.

    Examples
    --------
    >>> contained({"usermeta": {"embedOptions": {}}, "data": {"url": "http://x"},
    ...     "mark": "bar"})
    {'data': {'values': []}, 'mark': 'bar'}
    """
    if isinstance(part, list):
        return [contained(item) for item in part]
    if not isinstance(part, dict):
        return charts.drawable(part)
    out = {
        charts.drawable(key): (charts.drawable if key in ROWS else contained)(value)
        for key, value in part.items()
        if key not in OUTSIDE
    }
    if isinstance(part.get("data"), dict) and "url" in part["data"]:
        out["data"] = {"values": []}
    return out


def numbers(spec: dict[str, Any]) -> tuple[list[str], list[list[str]]]:
    """Return the largest table inside a specification, as text.

    Examples
    --------
    >>> numbers({"datasets": {"d": [{"year": "2024", "value": 1.25}]}})
    (['year', 'value'], [['2024', '1.25']])
    """
    found = list(spec.get("datasets", {}).values()) + list(_inline(spec))
    tables = [table for table in found if _is_table(table)]
    if not tables:
        return [], []
    table = max(tables, key=len)[:MOST_ROWS]
    head = list(dict.fromkeys(key for row in table for key in row))
    return head, [[_shown(row.get(key)) for key in head] for row in table]


def _inline(part: Any) -> Any:
    if isinstance(part, dict):
        data = part.get("data")
        if isinstance(data, dict) and "values" in data:
            yield data["values"]
        for key, value in part.items():
            if key != "datasets":
                yield from _inline(value)
    elif isinstance(part, list):
        for value in part:
            yield from _inline(value)


def _is_table(table: Any) -> bool:
    return isinstance(table, list) and all(isinstance(row, dict) for row in table)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.6g}".replace("-", MINUS)
    return str(value)
