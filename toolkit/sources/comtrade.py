"""UN Comtrade: flows by HS code, both reports of a pair, quantities.

Read are the CSV and JSON that the site and its interface serve. The question is
written by the official client ``comtradeapicall`` and carried by :class:`Transport`,
because the client prints errors, keeps nothing and asks once. Without a key the
public preview answers, cut at 500 rows; a key is taken from ``COMTRADE_API_KEY`` or
the keyring (service "comtrade", user "toolkit").

Values are US$; exports are FOB, imports CIF. "W00" is the world. Re-exports and
re-imports are parts of exports and imports, breakdowns by second partner, customs
procedure or transport are parts of their totals: both are dropped, and said so.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd

from toolkit.sources import tables
from toolkit.sources.client import own_copy
from toolkit.sources.codes import hs_column, iso3_column, revision, un_numeric
from toolkit.sources.errors import SourceError, unread
from toolkit.sources.reading import FLOW_COLUMNS, LINE, Reading, Sieve, gathered
from toolkit.sources.request import Request, find_key
from toolkit.sources.transport import Transport

NAME = "UN Comtrade"
KEY = "COMTRADE_API_KEY"
NEEDED = [
    "period",
    "reporterCode",
    "flowCode",
    "partnerCode",
    "cmdCode",
    "primaryValue",
]
PARTS = {  # the value that is the total
    "partner2Code": {"0", ""},
    "customsCode": {"C00", ""},
    "motCode": {"0", ""},
    "mosCode": {"0", ""},
}
PREVIEW, MOST = 500, 250_000  # rows at which an answer is cut
ADVICE = f"Set {KEY} to a valid key (comtradedeveloper.un.org), or leave it out."


def read(path: Path | str, *, vintage: str = "") -> Reading:
    """Read a file downloaded from UN Comtrade, CSV or JSON.

    Parameters
    ----------
    path : Path or str
    vintage : str
        Release, if you know it; default the year of the data.

    Returns
    -------
    Reading
        Flows, one row per importer, exporter, product, year and reporter.

    Raises
    ------
    SourceError
        A column missing, a value that is no number: file, line, column.

    Examples
    --------
    >>> from toolkit.sources import comtrade
    >>> comtrade.read("comtrade.csv")                        # doctest: +SKIP
    """
    path = Path(path)
    table = _table(path)
    tables.require(table, NEEDED, path)
    rows = _rows(table, path, vintage)
    sieve = Sieve(rows)
    for column, total in PARTS.items():
        if column in rows:
            part = ~sieve.left[column].isin(total)
            sieve.drop(part, f"a part of the total by {column.removesuffix('Code')}")
    sieve.drop(~sieve.left["flowCode"].isin(["M", "X"]), "re-exports and other flows")
    sieve.drop(sieve.left["reporter"].isna(), "reporter is no country")
    sieve.drop(sieve.left["partner"].isna(), "partner is no country")
    sieve.drop(sieve.left["product"].isna(), "no HS code (a total or another list)")
    keys = ["importer", "exporter", "product", "year", "reported_by", "hs_revision"]
    doubled = sieve.left.duplicated([*keys, "value_usd_mn"])
    sieve.drop(doubled, "the same row twice")
    return gathered(NAME, "flows", path, sieve, FLOW_COLUMNS, keys)


def fetch(
    reporters: str | Sequence[str],
    partners: str | Sequence[str],
    year: int,
    *,
    level: int = 2,
    flows: str = "M,X",
    transport: Transport | None = None,
) -> list[Reading]:
    """Fetch flows of a calendar year, one reading per reporter.

    Parameters
    ----------
    reporters, partners : str or sequence of str
        ISO alpha-3; "ALL" partners gives every one of them, "WLD" the total.
    year : int
    level : {2, 4, 6}
        HS digits.
    flows : str
        "M" imports, "X" exports, with a comma between.
    transport : Transport, optional

    Raises
    ------
    SourceError
        No answer, a refused key, or an answer cut at the limit of rows.

    Examples
    --------
    >>> from toolkit.sources import comtrade
    >>> comtrade.fetch(["IND", "RUS"], "ALL", 2023, level=6)  # doctest: +SKIP
    """
    asked = requests(reporters, partners, year, level=level, flows=flows)
    return [_one(transport or Transport(), request) for request in asked]


def requests(
    reporters: str | Sequence[str],
    partners: str | Sequence[str],
    year: int,
    *,
    level: int = 2,
    flows: str = "M,X",
) -> list[Request]:
    """Return what :func:`fetch` would ask, without asking.

    Examples
    --------
    >>> asked = requests("IND", "RUS", 2023)
    >>> asked[0].url.rpartition("/v1/")[2]
    'preview/C/A/HS'
    """
    if level not in (2, 4, 6):
        raise ValueError(f"level {level} is not an HS level: 2, 4 or 6.")
    if not str(year).isdigit():
        raise ValueError(f"year {year!r} is not a calendar year, such as 2023.")
    chosen = [partners] if isinstance(partners, str) else list(partners)
    wanted = None if "ALL" in chosen else ",".join(un_numeric(code) for code in chosen)
    names = [reporters] if isinstance(reporters, str) else list(reporters)
    return [
        _written(
            reporterCode=un_numeric(name),
            partnerCode=wanted,
            period=str(year),
            cmdCode=f"AG{level}",
            flowCode=flows,
        )
        for name in names
    ]


def _one(transport: Transport, request: Request) -> Reading:
    reading = transport.read(request, read)
    cut = MOST if request.secret else PREVIEW
    if reading.rows >= cut:
        raise SourceError(
            f"{NAME}: the answer has {reading.rows:,} rows, the limit: it is cut off. "
            "Ask for fewer partners or a coarser level"
            + ("." if request.secret else f", or set {KEY}.")
        )
    return reading


def _written(**query: str | None) -> Request:
    """Return the request that the official client writes for a query."""
    key = find_key(KEY, "comtrade")
    asked: list[Request] = []
    client = _client(asked)
    blank = dict.fromkeys(("aggregateBy", "breakdownMode", "countOnly", "proxy_url"))
    client.getPreviewData(
        key,
        "FINAL",
        "C",
        "A",
        "HS",
        **query,
        **blank,
        partner2Code="0",
        customsCode="C00",
        motCode="0",
        maxRecords=str(MOST if key else PREVIEW),
        format_output="JSON",
        includeDesc="true",
    )
    return asked[0]


def _client(asked: list[Request]) -> Any:
    """Return the official client's module, a copy that writes requests down."""
    client = own_copy("comtradeapicall.PreviewGet")

    def request(_: str, url: str, fields: dict[str, Any], timeout: float) -> Any:
        secret = fields.pop("subscription-key", None)
        hidden = {"subscription-key": secret} if secret else {}
        text = {name: str(value) for name, value in fields.items()}
        asked.append(Request(NAME, url, text, secret=hidden, advice=ADVICE))
        return SimpleNamespace(status=200, data=b'{"data": []}')

    pool = SimpleNamespace(request=request)
    real = client.urllib3.exceptions
    client.urllib3 = SimpleNamespace(PoolManager=lambda: pool, exceptions=real)
    return client


def _table(path: Path) -> pd.DataFrame:
    data = path.read_bytes()
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] not in (b"{", b"["):
        return tables.csv_table(path, tables.decoded(data))
    try:
        answer = json.loads(tables.decoded(data))
    except json.JSONDecodeError as error:
        raise unread(path, f"is not JSON ({error.msg})", line=error.lineno) from error
    rows = answer.get("data") if isinstance(answer, dict) else answer
    if not isinstance(rows, list):
        held = ", ".join(map(str, answer)) if isinstance(answer, dict) else "nothing"
        raise unread(path, f"has no list 'data' but {held}", "Its format has changed.")
    if not rows:
        raise unread(path, "has no rows", "Ask for another year or partner.")
    table = pd.DataFrame(rows, dtype=object)
    table = table.map(lambda value: "" if value is None else str(value))
    return table.assign(**{LINE: range(1, len(table) + 1)})


def _rows(table: pd.DataFrame, path: Path, vintage: str) -> pd.DataFrame:
    """Return the table with our columns beside its own."""
    out = table.copy()
    out["reporter"] = _country(table, "reporter")
    out["partner"] = _country(table, "partner")
    buys = out["flowCode"] == "M"
    out["importer"] = out["reporter"].where(buys, out["partner"])
    out["exporter"] = out["partner"].where(buys, out["reporter"])
    out["product"] = hs_column(table["cmdCode"])
    value = tables.numbers(table, "primaryValue", path, required=True)
    out["value_usd_mn"] = value / 1e6
    out["kilotonnes"] = _optional(table, "netWgt", path) / 1e6
    out["kilotonnes"] = out["kilotonnes"].where(out["kilotonnes"] > 0)
    out["quantity"] = _optional(table, "qty", path)
    out["quantity_unit"] = table.get("qtyUnitAbbr", "")
    out["year"] = table["period"].str[:4]
    out["reported_by"] = out["reporter"]
    known = table.get("classificationCode", pd.Series("", index=table.index))
    out["hs_revision"] = known.map(revision)
    out["basis"] = buys.map({True: "CIF", False: "FOB"})
    out["status"] = "official"
    out["source"] = NAME
    out["vintage"] = vintage or "data of " + out["year"]
    return out


def _country(table: pd.DataFrame, who: str) -> pd.Series:
    """Return the ISO code a file gives; where it gives none, that of the number."""
    number = iso3_column(table[f"{who}Code"])
    if f"{who}ISO" not in table:
        return number
    named = iso3_column(table[f"{who}ISO"])
    return named.where(named.notna(), number)


def _optional(table: pd.DataFrame, column: str, path: Path) -> pd.Series:
    if column not in table:
        return pd.Series(float("nan"), index=table.index)
    return tables.numbers(table, column, path)
