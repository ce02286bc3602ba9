"""A baseline as text and as HTML."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from toolkit.schema import in_html, on_one_line


def as_text(
    title: str,
    balance: pd.Series,
    frame: pd.DataFrame,
    revenue: pd.DataFrame,
    notes: Sequence[str],
    source: str,
) -> str:
    """Return a baseline in a few lines: balance, products, duties, source."""
    lines = [on_one_line(f"{title}, US$ mn")]
    lines += [f"  {name:<8} {value:>12,.1f}" for name, value in balance.items()]
    markets = frame.groupby("importer")["product"].nunique()
    sizes = ", ".join(f"{code} {count}" for code, count in markets.items())
    lines += [f"  products by importer: {sizes}", f"  {duties(revenue)}"]
    lines += [f"  note: {on_one_line(note)}" for note in notes]
    return "\n".join([*lines, f"  source: {on_one_line(source) or 'not stated'}"])


def duties(revenue: pd.DataFrame) -> str:
    """Return the duties on the reporter's imports beside those collected."""
    money, share = revenue["usd_mn"], revenue["percent_of_imports"]
    text = (
        f"duties paid: {money['duty paid']:,.1f}, {share['duty paid']:.1f} % of imports"
    )
    if pd.isna(money["collected"]):
        return f"{text} (what is collected is not stated)"
    return (
        f"{text} (collected {money['collected']:,.1f}; at the rates of the schedule "
        f"{money['rates of the schedule']:,.1f})"
    )


def as_html(title: str, balance: pd.Series, notes: Sequence[str], source: str) -> str:
    """Return a baseline as an HTML table, its source below."""
    rows = "".join(
        f"<tr><th>{name}</th><td style='text-align:right'>{value:,.1f}</td></tr>"
        for name, value in balance.items()
    )
    told = "".join(f"<li>{in_html(note)}</li>" for note in notes)
    return (
        f"<table><caption>{in_html(title)}, US$ mn</caption><tbody>{rows}</tbody>"
        f"</table>{f'<ul>{told}</ul>' if told else ''}"
        f"<p><small>Source: {in_html(source)}</small></p>"
    )
