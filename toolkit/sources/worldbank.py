"""World Bank: commodity prices of the Pink Sheet, and indicators such as GDP.

Read are the monthly workbook of the Pink Sheet and the JSON of the indicators'
interface. The workbook moves to a new address with every release; :func:`fetch`
takes it from the page of the commodity markets. Indicators are asked for by the client
``wbgapi``, which writes the questions, splits long lists of countries and turns the
pages; :class:`Transport` carries them, because the client keeps nothing, asks once and
has no limit of time.
"""

from __future__ import annotations

import json
import re
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pandas as pd

from toolkit.schema import nearest
from toolkit.sources import tables
from toolkit.sources.client import own_copy
from toolkit.sources.errors import SourceError, unread
from toolkit.sources.reading import LINE, Reading, Sieve, gathered
from toolkit.sources.request import Request
from toolkit.sources.transport import Transport

NAME = "World Bank Commodity Price Data (Pink Sheet)"
INDICATORS = "World Bank indicators"
PAGE = "https://www.worldbank.org/en/research/commodity-markets"
QUESTION = "country/{economy}/indicator/{series}"
HEAD = ("pages", "per_page", "total")
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
VALUE_COLUMNS = ["country", "indicator", "year", "value", "source", "vintage"]


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
    page = carrier.get(request()).read_text("utf-8", errors="replace")
    found = re.search(r'https?://[^"\s]*CMO-Historical-Data-Monthly\.xlsx', page)
    if found is None:
        raise SourceError(
            f"{NAME}: {PAGE} names no CMO-Historical-Data-Monthly.xlsx. "
            "Download the workbook by hand and read it."
        )
    return read(carrier.get(Request(NAME, found[0])), series=series)


def request() -> Request:
    """Return what :func:`fetch` asks first."""
    return Request(NAME, PAGE, advice="Download the workbook by hand and read it.")


def read_indicator(path: Path | str) -> Reading:
    """Read a page of the indicators' interface (JSON).

    Raises
    ------
    SourceError
        Not such a page, or the error that the interface put into it.

    Examples
    --------
    >>> from toolkit.sources import worldbank
    >>> worldbank.read_indicator("gdp.json")                 # doctest: +SKIP
    """
    path = Path(path)
    head, rows = _page(path)
    if not rows:
        raise unread(path, "has no rows", "Ask for another year or country.")
    fields = [_fields(row, at, path) for at, row in enumerate(rows, 1)]
    table = pd.DataFrame(fields).assign(
        source=INDICATORS, vintage=f"updated {head.get('lastupdated', 'unknown')}"
    )
    table["value"] = tables.numbers(table, "value", path)
    sieve = Sieve(table)
    sieve.drop(sieve.left["country"] == "", "an aggregate without a code")
    sieve.drop(sieve.left["value"].isna(), "no value")
    return gathered(INDICATORS, "values", path, sieve, VALUE_COLUMNS)


def fetch_indicator(
    indicator: str,
    countries: Sequence[str],
    years: tuple[int, int],
    *,
    transport: Transport | None = None,
) -> list[Reading]:
    """Fetch an indicator, one reading per page of the answer.

    Parameters
    ----------
    indicator : str
        "NY.GDP.MKTP.CD" is GDP in current US$.
    countries : sequence of str
        ISO alpha-3.
    years : tuple of int
        First and last.
    transport : Transport, optional

    Raises
    ------
    SourceError
        No answer, or no such indicator.
    """
    carrier = transport or Transport()
    out: list[Reading] = []

    def answer(request: Request) -> tuple[dict, list[dict]]:
        path = carrier.get(request)
        out.append(read_indicator(path))
        return _page(path)

    _asked(indicator, countries, years, answer)
    return out


def indicator_requests(
    indicator: str, countries: Sequence[str], years: tuple[int, int]
) -> list[Request]:
    """Return what :func:`fetch_indicator` would ask, the first page of each list.

    Examples
    --------
    >>> asked = indicator_requests("NY.GDP.MKTP.CD", ["IND", "RUS"], (2020, 2023))
    >>> asked[0].url.rpartition("/v2/")[2]
    'en/country/IND;RUS/indicator/NY.GDP.MKTP.CD'
    """
    out: list[Request] = []

    def answer(request: Request) -> tuple[dict, list[dict]]:
        out.append(request)
        return {"total": 0, "per_page": 1}, []

    _asked(indicator, countries, years, answer)
    return out


def _asked(
    indicator: str,
    countries: Sequence[str],
    years: tuple[int, int],
    answer: Callable[[Request], tuple[dict, list[dict]]],
) -> None:
    """Let the official client ask, page after page, whoever answers."""
    client: Any = own_copy("wbgapi")

    def get(url: str, **_: Any) -> SimpleNamespace:
        address, _mark, query = url.partition("?")
        page = list(answer(Request(INDICATORS, address, dict(parse_qsl(query)))))
        return SimpleNamespace(status_code=200, json=lambda: page)

    client.requests = SimpleNamespace(get=get)
    rows = client.refetch(
        QUESTION,
        ["economy"],
        economy=";".join(countries),
        series=indicator,
        params={"date": f"{years[0]}:{years[1]}"},
    )
    deque(rows, maxlen=0)


def _fields(row: Any, at: int, path: Path) -> dict[str, Any]:
    """Return what we take of one row of an answer; ``at`` is its place."""
    try:
        value = row["value"]
        return {
            "country": str(row["countryiso3code"]),
            "indicator": str(row["indicator"]["id"]),
            "year": str(row["date"]),
            "value": "" if value is None else str(value),
            LINE: at,
        }
    except (KeyError, TypeError) as error:
        do = "The publisher may have changed the format."
        raise unread(path, f"row {at} lacks {error}", do) from error


def _page(path: Path) -> tuple[dict, list[dict]]:
    try:
        answer = json.loads(tables.decoded(path.read_bytes()))
    except json.JSONDecodeError as error:
        raise unread(path, f"is not JSON ({error.msg})", line=error.lineno) from error
    head = answer[0] if isinstance(answer, list) and answer else {}
    if "message" in head:
        said = "; ".join(str(part.get("value", part)) for part in head["message"])
        raise unread(path, f"says: {said}", "Check indicator, countries and years.")
    held = all(str(head.get(name, "")).isdigit() for name in HEAD)
    held = held and int(head["per_page"]) > 0  # the client would turn pages for ever
    if not isinstance(answer, list) or len(answer) != 2 or not held:
        raise unread(path, "is not [head, rows]", "The format may have changed.")
    return head, answer[1] or []


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
