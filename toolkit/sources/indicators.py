"""World Bank indicators, such as GDP: the JSON of their interface.

They are asked for by the client ``wbgapi``, which writes the questions, splits long
lists of countries and turns the pages; :class:`Transport` carries them, because the
client keeps nothing, asks once and has no limit of time.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qsl

import pandas as pd

from toolkit.sources import tables
from toolkit.sources.client import own_copy
from toolkit.sources.errors import unread
from toolkit.sources.reading import LINE, Reading, Sieve, gathered
from toolkit.sources.request import Request
from toolkit.sources.transport import Transport

INDICATORS = "World Bank indicators"
QUESTION = "country/{economy}/indicator/{series}"
HEAD = ("pages", "per_page", "total")
VALUE_COLUMNS = ["country", "indicator", "year", "value", "source", "vintage"]


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
        out.append(carrier.read(request, read_indicator))
        return carrier.read(request, _page)

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
