"""A baseline as text for a terminal and as HTML for a notebook."""

from __future__ import annotations

import html
from collections.abc import Sequence

import pandas as pd

from toolkit.schema import on_one_line


def as_text(
    head: str, balance: pd.Series, markets: pd.Series, notes: Sequence[str], source: str
) -> str:
    """Return a baseline in lines: its balance, its size, notes and source."""
    lines = [on_one_line(head).replace(" :", ":", 1)]
    lines += [f"  {name:<8} {value:>12,.1f}" for name, value in balance.items()]
    sizes = ", ".join(f"{code} {count}" for code, count in markets.items())
    lines.append(f"  products by importer: {sizes}")
    lines += [f"  note: {on_one_line(note)}" for note in notes]
    lines.append(f"  source: {on_one_line(source)}")
    return "\n".join(lines)


def as_html(head: str, balance: pd.Series, notes: Sequence[str], source: str) -> str:
    """Return a baseline as a table, all text escaped."""
    rows = "".join(
        f"<tr><th>{name}</th><td style='text-align:right'>{value:,.1f}</td></tr>"
        for name, value in balance.items()
    )
    told = "".join(f"<li>{html.escape(note)}</li>" for note in notes)
    return (
        f"<table><caption>{html.escape(head)}</caption><tbody>{rows}</tbody></table>"
        + (f"<ul>{told}</ul>" if told else "")
        + f"<p><small>Source: {html.escape(source)}</small></p>"
    )
