"""Tables for readers: heads in words with units, no index, blanks for what is unknown.

Plain HTML that is the same on every run, so that stored notebooks can be compared.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from toolkit.display import NAMES, capital, number, supplier
from toolkit.schema import check_kind, in_html

THOUSAND = ("US$ bn", "Mt")  # shown from figures in US$ mn, and in kt
STYLE = "text-align:{0};padding:.15em .9em .15em 0;vertical-align:top"
LINE = "border-bottom:1px solid #8884"
TABLE = "border-collapse:collapse;margin:.3em 0;font-variant-numeric:tabular-nums"


class Table:
    """A table as a reader sees it; ``frame`` holds its cells as text."""

    def __init__(
        self, frame: pd.DataFrame, caption: str, most: int | None, right: Sequence[str]
    ) -> None:
        self.frame, self.caption = frame, caption
        self._most, self._right = most, set(right)

    def __repr__(self) -> str:
        lines = [self.caption] if self.caption else []
        return "\n".join([*lines, self.frame.to_string(index=False)])

    def _repr_html_(self) -> str:
        shown = self.frame if self._most is None else self.frame.iloc[: self._most]
        rest = self.frame.iloc[len(shown) :]
        text = self._rows(shown, self.caption)
        if rest.empty:
            return text
        more = f"{len(rest)} more {'row' if len(rest) == 1 else 'rows'}"
        return f"{text}<details><summary>{more}</summary>{self._rows(rest)}</details>"

    def _rows(self, frame: pd.DataFrame, caption: str = "") -> str:
        heads = "".join(self._cell("th", name, name) for name in frame.columns)
        rows = "".join(
            f'<tr style="{LINE}">'
            + "".join(
                self._cell("td", name, text)
                for name, text in zip(frame.columns, row, strict=True)
            )
            + "</tr>"
            for row in frame.itertuples(index=False, name=None)
        )
        said = f'<caption style="text-align:left">{in_html(caption)}</caption>'
        said = said if caption else ""
        head = f'<thead><tr style="{LINE}">{heads}</tr></thead>'
        return f'<table style="{TABLE}">{said}{head}<tbody>{rows}</tbody></table>'

    def _cell(self, kind: str, name: str, text: str) -> str:
        style = STYLE.format("right" if name in self._right else "left")
        return f'<{kind} style="{style}">{in_html(text)}</{kind}>'


def table(
    frame: pd.DataFrame,
    columns: Mapping[str, str] | None = None,
    *,
    caption: str = "",
    most: int | None = None,
    places: int | None = None,
) -> Table:
    """Return a frame as a table for readers.

    Parameters
    ----------
    frame : DataFrame
        Its index is shown only if ``columns`` names it.
    columns : mapping of column to head, optional
        Which columns, in which order, under which head. The unit at the end of a
        head, after a comma, says how numbers are shown: ``%`` takes shares and
        shows per cent, ``US$ bn`` takes US$ million and shows billions, ``Mt`` takes
        kilotonnes. A head that begins with "change" shows signs. Default: all
        columns under their names.
    caption : str
        Stands above the table.
    most : int, optional
        Rows in view; the others are folded.
    places : int, optional
        Decimals of all numbers; default by unit.

    Returns
    -------
    Table

    Examples
    --------
    >>> frame = pd.DataFrame({"who": ["RUS", "SAU"], "rate": [0.05, None]})
    >>> table(frame, {"who": "supplier", "rate": "duty, %"})
    supplier     duty, %
      Russia         5.0
      Saudi Arabia
    """
    check_kind(frame, pd.DataFrame, "frame", "a DataFrame")
    flat = frame.reset_index() if frame.index.names != [None] else frame.copy()
    heads = columns or {str(name): str(name) for name in flat.columns}
    flat.columns = [str(name) for name in flat.columns]
    shown, right = {}, []
    for name, head in heads.items():
        series = flat[name]
        numeric = pd.api.types.is_numeric_dtype(series) and series.dtype != bool
        if numeric:
            right.append(head)
        shown[head] = [
            _number(value, head, places) if numeric else _text(value)
            for value in series
        ]
    return Table(pd.DataFrame(shown), caption, most, right)


def _number(value: Any, head: str, places: int | None) -> str:
    if pd.isna(value):
        return ""
    unit = head.rpartition(", ")[2]
    size = 100.0 * value if unit == "%" else value / 1e3 if unit in THOUSAND else value
    default = {"%": 1, "US$ bn": 2, "Mt": 2, "US$ mn": 0, "kt": 0}.get(unit, 2)
    digits = default if places is None else places
    signed = head.lower().startswith("change")
    text = number(float(size), digits, sign=signed)
    whole = pd.api.types.is_integer(value) and places is None and unit not in THOUSAND
    return number(float(size), 0, sign=signed) if whole else text


def _text(value: Any) -> str:
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    return capital(supplier(text)) if text in NAMES else text
