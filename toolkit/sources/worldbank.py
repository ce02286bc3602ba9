"""World Bank: commodity prices of the Pink Sheet, and indicators such as GDP.

Read are the monthly workbook of the Pink Sheet and, in a module of their own, the JSON
of the indicators' interface. The workbook moves to a new address with every release;
:func:`fetch` takes it from the page of the commodity markets.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import pandas as pd

from toolkit.schema import nearest
from toolkit.sources import tables
from toolkit.sources.errors import SourceError, unread
from toolkit.sources.indicators import (
    fetch_indicator,
    indicator_requests,
    read_indicator,
)
from toolkit.sources.reading import LINE, Reading, Sieve, gathered
from toolkit.sources.request import Request
from toolkit.sources.transport import Transport

__all__ = [
    "fetch",
    "fetch_indicator",
    "indicator_requests",
    "read",
    "read_indicator",
    "request",
]

NAME = "World Bank Commodity Price Data (Pink Sheet)"
PAGE = "https://www.worldbank.org/en/research/commodity-markets"
BOOK = "CMO-Historical-Data-Monthly.xlsx"
SHEET, MONTH = "Monthly Prices", re.compile(r"(\d{4})M(\d{2})")
PRODUCTS = {  # series of the sheet -> HS code
    "Crude oil, average": "2709",
    "Urea": "310210",
    "DAP": "310530",
    "Potassium chloride": "310420",
    "Sunflower oil": "1512",
    "Coal, Australian": "2701",
}
PRICE_COLUMNS = ["series", "product", "month", "price", "unit", "source", "vintage"]


def read(path: Path | str, *, series: Sequence[str] = tuple(PRODUCTS)) -> Reading:
    """Read prices from the Pink Sheet's monthly workbook.

    Parameters
    ----------
    path : Path or str
    series : sequence of str
        Names of the sheet's columns, without footnote marks.

    Returns
    -------
    Reading
        Prices: ``series, product`` (HS code where it is known), ``month`` ("2024-05"),
        ``price, unit``. A row is one cell of the sheet.

    Raises
    ------
    SourceError
        No such sheet or series; a price that is no number.

    Examples
    --------
    >>> from toolkit.sources import worldbank
    >>> worldbank.read("CMO-Historical-Data-Monthly.xlsx")   # doctest: +SKIP
    """
    path = Path(path)
    try:
        raw = pd.read_excel(path, sheet_name=SHEET, header=None, dtype=object)
    except ValueError as error:
        raise unread(path, f"has no sheet {SHEET!r} ({error})") from error
    body, names, units, first = _sheet(raw, path)
    wanted = [_column(names, name, path) for name in series]
    cells = pd.concat([_cells(body, names, units, at, first) for at in wanted])
    cells["price"] = tables.numbers(cells, "price", path)
    head = raw.iloc[:first, 0].dropna().astype(str)
    updated = head[head.str.contains("updated on", case=False)]
    cells["source"] = NAME
    cells["vintage"] = updated.iloc[0] if len(updated) else "release not stated"
    sieve = Sieve(cells)
    sieve.drop(sieve.left["price"].isna(), "no price in that month")
    return gathered(NAME, "prices", path, sieve, PRICE_COLUMNS)


def fetch(
    *, series: Sequence[str] = tuple(PRODUCTS), transport: Transport | None = None
) -> Reading:
    """Fetch the present Pink Sheet and read it.

    Raises
    ------
    SourceError
        No answer, or a page without the workbook.
    """
    carrier = transport or Transport()
    book = Request(NAME, carrier.read(request(), _book))
    return carrier.read(book, partial(read, series=series))


def request() -> Request:
    """Return what :func:`fetch` asks first."""
    return Request(NAME, PAGE, advice="Download the workbook by hand and read it.")


def _book(page: Path) -> str:
    """Return the address of the workbook that the page of the markets names."""
    text = page.read_text("utf-8", errors="replace")
    found = re.search(rf'https?://[^"\s]*{re.escape(BOOK)}', text)
    if found is None:
        raise SourceError(
            f"{NAME}: {PAGE} names no {BOOK}. "
            "Download the workbook by hand and read it."
        )
    return found[0]


def _sheet(
    raw: pd.DataFrame, path: Path
) -> tuple[pd.DataFrame, list[str], list[str], int]:
    """Return the rows of months, names and units of the columns, the first row."""
    months = raw[0].astype(str).str.fullmatch(MONTH.pattern)
    if not months.any():
        raise unread(path, "has no row of a month (1960M01)", column="A")
    first = int(months.to_numpy().argmax())
    heads = raw.iloc[:first].fillna("").astype(str)
    filled = [row for row in range(first) if (heads.iloc[row, 1:] != "").any()]
    if len(filled) < 2:
        raise unread(path, "has no rows of names and units above the months")
    at = filled[-2]
    names = [" ".join(re.sub(r"\*+", "", cell).split()) for cell in heads.iloc[at]]
    units = [cell.strip("() ") for cell in heads.iloc[at + 1]]
    return raw[months], names, units, first


def _column(names: list[str], wanted: str, path: Path) -> int:
    if wanted not in names:
        held = [name for name in names if name]
        raise unread(path, f"has no series {wanted!r}; {nearest(wanted, held)}")
    return names.index(wanted)


def _cells(
    body: pd.DataFrame, names: list[str], units: list[str], at: int, first: int
) -> pd.DataFrame:
    found = body[0].astype(str).str.extract(MONTH)
    price = body[at].where(body[at].notna(), "")
    return pd.DataFrame(
        {
            "series": names[at],
            "product": PRODUCTS.get(names[at], ""),
            "month": found[0] + "-" + found[1],
            "price": price.astype(str),
            "unit": units[at],
            LINE: body.index + 1,
        }
    )
