"""Columns of a user's table: numbers, flags, codes and texts, cell by cell.

What comes from a spreadsheet may hold anything in any cell. Each function returns a
plain column or raises :class:`ValueError` with the value, the column and the row;
rows count from 1.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.schema.checks import NO_NUMBERS, NUMBERS
from toolkit.schema.text import clean_text, shown

Where = Callable[[int], str]
_WRITTEN = re.compile(r"\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*", re.ASCII)


def require_frame(frame: object, what: str) -> pd.DataFrame:
    """Return a table with each column once, or raise.

    Examples
    --------
    >>> len(require_frame(pd.DataFrame({"importer": ["IND"]}), "The table"))
    1
    """
    if not isinstance(frame, pd.DataFrame):
        raise ValueError(f"{what} is a DataFrame, not {type(frame).__name__}.")
    doubled = frame.columns[frame.columns.duplicated()]
    if len(doubled):
        raise ValueError(
            f"{what} has the column {shown(doubled[0])} more than once; keep one."
        )
    return frame


def numbers(column: pd.Series, what: str, where: Where) -> NDArray[np.float64]:
    """Return a column as floats, NaN where a cell is empty, or raise.

    Parameters
    ----------
    column : Series
    what : str
        Its name.
    where : callable
        Row, counted from 0 -> words that say where it is.

    Examples
    --------
    >>> numbers(pd.Series(["1.5", None, 2]), "kilotonnes", str).tolist()
    [1.5, nan, 2.0]
    """
    kind = getattr(column.dtype, "kind", "O")
    if kind in "iuf" and not isinstance(column.dtype, pd.CategoricalDtype):
        return column.to_numpy(dtype=float, na_value=np.nan)
    cells = column.astype(object).tolist()
    return np.array([_number(c, what, where, row) for row, c in enumerate(cells)])


def _number(cell: Any, what: str, where: Where, row: int) -> float:
    if is_empty(cell):
        return np.nan
    known = isinstance(cell, (*NUMBERS, Decimal, Fraction))
    written = isinstance(cell, str) and _WRITTEN.fullmatch(cell)
    if isinstance(cell, NO_NUMBERS) or not (known or written):
        raise ValueError(
            f"{what} must be numbers; it is {shown(cell)} ({type(cell).__name__}) for "
            f"{where(row)}."
        )
    try:
        return float(cell)
    except OverflowError:
        return np.inf


def flags(column: pd.Series, what: str, where: Where) -> NDArray[np.bool_]:
    """Return a column of true and false (or 1 and 0), or raise.

    Examples
    --------
    >>> flags(pd.Series([True, 0]), "tariff_driven", str).tolist()
    [True, False]
    """
    cells = column.astype(object).tolist()
    for row, cell in enumerate(cells):
        known = isinstance(cell, (bool, np.bool_, *NUMBERS))
        if not known or cell not in (0, 1):
            raise ValueError(
                f"{what} is true or false, not {shown(cell)}, for {where(row)}."
            )
    return np.array(cells, dtype=bool)


def codes(
    column: pd.Series, what: str, check: Callable[[object, str], str]
) -> list[str]:
    """Return a column of codes, each checked, or raise with its row.

    Examples
    --------
    >>> from toolkit.schema.checks import check_country
    >>> codes(pd.Series(["IND", "RUS"]), "importer", check_country)
    ['IND', 'RUS']
    """
    seen: set[str] = set()
    out: list[str] = []
    for row, cell in enumerate(column.astype(object).tolist(), start=1):
        if not isinstance(cell, str) or cell not in seen:
            seen.add(check(cell, f"{what} (row {row})"))
        out.append(str(cell))
    return out


def texts(column: pd.Series) -> list[str]:
    """Return a column of texts, cleaned, "" where a cell is empty.

    Examples
    --------
    >>> texts(pd.Series(["DGCI&S", None, float("nan")]))
    ['DGCI&S', '', '']
    """
    known: dict[str, str] = {}
    out = []
    for cell in column.astype(object).tolist():
        text = "" if is_empty(cell) else cell if isinstance(cell, str) else shown(cell)
        out.append(known.setdefault(text, clean_text(text)))
    return out


def is_empty(cell: object) -> bool:
    """Return whether a cell holds nothing: None, NaN, NaT or NA.

    Examples
    --------
    >>> is_empty(pd.NA), is_empty(""), is_empty([])
    (True, False, False)
    """
    return bool(pd.api.types.is_scalar(cell) and pd.isna(cell))  # pyright: ignore[reportCallIssue, reportArgumentType]
