"""Exchange rates of the Federal Reserve, the Bank of Russia and the RBI (FBIL).

Every reader gives units of a currency per US$ by day, or, for the Bank of Russia,
roubles per unit of a currency, and the year's mean by :func:`yearly`.
"""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from toolkit.sources import tables
from toolkit.sources.errors import unread
from toolkit.sources.reading import LINE, Reading, Sieve, gathered
from toolkit.sources.request import Request
from toolkit.sources.transport import Transport

FED, CBR, RBI = "US Federal Reserve H.10", "Bank of Russia", "Reserve Bank of India"
FRED = "https://fred.stlouisfed.org/graph/fredgraph.csv"
BANK = "https://www.cbr.ru/scripts/XML_dynamic.asp"
SERIES = {"INR": "DEXINUS", "EUR": "DEXUSEU", "CNY": "DEXCHUS"}
PER_CURRENCY = {"EUR", "GBP", "AUD", "NZD"}  # the Fed quotes US$ per unit
VALUTES = {"USD": "R01235", "EUR": "R01239", "INR": "R01270", "CNY": "R01375"}
RATE_COLUMNS = ["currency", "base", "date", "rate", "source", "vintage"]


def read(path: Path | str, *, currency: str = "") -> Reading:
    """Read a file of exchange rates; its content says whose.

    Parameters
    ----------
    path : Path or str
        CSV of the Fed's H.10 or of FRED, XML of the Bank of Russia, CSV or workbook
        of the RBI's reference rates.
    currency : str
        ISO code, where the file does not say it.

    Returns
    -------
    Reading
        ``currency, base, date, rate``: units of ``currency`` for one ``base``.

    Raises
    ------
    SourceError
        A format that is none of these, a rate that is no number.

    Examples
    --------
    >>> from toolkit.sources import exchange
    >>> exchange.read("FRB_H10.csv")                         # doctest: +SKIP
    """
    path = Path(path)
    data = path.read_bytes()
    if data.lstrip(b"\xef\xbb\xbf \r\n")[:5] == b"<?xml":
        return _bank_of_russia(path, data, currency)
    if data[:4] == b"PK\x03\x04":
        return _reserve_bank(path, tables.sheet_table(path))
    text = tables.decoded(data)
    if text.lstrip('"').startswith("Series Description"):
        return _h10(path, text)
    table = tables.csv_table(path, text)
    if "observation_date" in table or "DATE" in table:
        return _fred(path, table)
    return _reserve_bank(path, table)


def fetch(
    currency: str,
    first: str,
    last: str,
    *,
    source: str = "fed",
    transport: Transport | None = None,
) -> Reading:
    """Fetch daily rates of the Federal Reserve or the Bank of Russia.

    The RBI's archive is a form without a stable address: read its file.

    Parameters
    ----------
    currency : str
        ISO code: for "fed" against the US$, for "cbr" against the rouble.
    first, last : str
        Days, "2024-04-01".
    source : {"fed", "cbr"}
    transport : Transport, optional

    Raises
    ------
    SourceError
        No answer.
    """
    asked = request(currency, first, last, source=source)
    return (transport or Transport()).read(asked, partial(read, currency=currency))


def request(currency: str, first: str, last: str, *, source: str = "fed") -> Request:
    """Return what :func:`fetch` would ask.

    Examples
    --------
    >>> request("USD", "2024-04-01", "2025-03-31", source="cbr").query
    'VAL_NM_RQ=R01235&date_req1=01%2F04%2F2024&date_req2=31%2F03%2F2025'
    """
    named = {"fed": SERIES, "cbr": VALUTES}
    if source not in named:
        raise ValueError(f"source {source!r} is unknown; allowed are fed and cbr.")
    if currency not in named[source]:
        raise ValueError(
            f"{source} is asked for {', '.join(named[source])}, not {currency!r}."
        )
    if source == "fed":
        query = {"id": SERIES[currency], "cosd": first, "coed": last}
        return Request(FED, FRED, query)
    days = ["/".join(reversed(day.split("-"))) for day in (first, last)]
    query = {"date_req1": days[0], "date_req2": days[1]}
    return Request(CBR, BANK, query | {"VAL_NM_RQ": VALUTES[currency]})


def yearly(reading: Reading, *, fiscal: bool = False) -> pd.Series:
    """Return the mean of the days by year, calendar or Indian fiscal ("2024-25").

    Examples
    --------
    >>> from toolkit.sources import exchange
    >>> exchange.yearly(exchange.read("FRB_H10.csv"), fiscal=True)  # doctest: +SKIP
    """
    frame = reading.frame
    days = pd.to_datetime(frame["date"])
    start = days.dt.year - (days.dt.month < 4) * fiscal
    label = start.astype(str)
    if fiscal:
        label = label + "-" + ((start + 1) % 100).astype(str).str.zfill(2)
    keys = [frame["currency"], frame["base"], label.rename("year")]
    return frame["rate"].groupby(keys).mean()


def _gathered(name: str, path: Path, rows: pd.DataFrame) -> Reading:
    rows = rows.assign(source=name)
    rows["vintage"] = "to " + str(rows["date"].max())
    wrong = ~rows["rate"].between(0.0, float("inf"), inclusive="neither")
    wrong &= rows["rate"].notna()
    if wrong.any():
        line = int(rows.loc[wrong.to_numpy(), LINE].iloc[0])
        raise unread(path, "a rate is nothing, negative or without end", line=line)
    sieve = Sieve(rows.reset_index(drop=True))
    sieve.drop(sieve.left["rate"].isna(), "no rate that day")
    return gathered(name, "exchange", path, sieve, RATE_COLUMNS)


def _dollars(rows: pd.DataFrame, currency: str) -> pd.DataFrame:
    """Return units per US$ whichever way the Fed quotes them."""
    rate = 1 / rows["rate"] if currency in PER_CURRENCY else rows["rate"]
    return rows.assign(rate=rate, currency=currency, base="USD")


def _h10(path: Path, text: str) -> Reading:
    lines = text.splitlines()
    at = next((n for n, t in enumerate(lines) if t.startswith('"Time Period"')), None)
    money = next((t for t in lines if t.startswith('"Currency:"')), None)
    if at is None or money is None:
        raise unread(path, "lacks the rows 'Currency:' and 'Time Period'")
    codes = [part.strip('" ') for part in money.split(",")][1:]
    if not codes:
        raise unread(path, "names no currency in its row 'Currency:'")
    table = tables.csv_table(path, "\n".join(lines[at:]))
    table[LINE] = table[LINE] + at
    parts = []
    for code, column in zip(codes, list(table.columns)[1:], strict=False):
        rate = tables.numbers(table, column, path)
        day = table[table.columns[0]]
        rows = pd.DataFrame({"date": day, "rate": rate, LINE: table[LINE]})
        parts.append(_dollars(rows, code))
    return _gathered(FED, path, pd.concat(parts))


def _fred(path: Path, table: pd.DataFrame) -> Reading:
    day = "observation_date" if "observation_date" in table else "DATE"
    column = next((str(name) for name in table if name not in (day, LINE)), "")
    code = next((c for c, series in SERIES.items() if series == column), None)
    if code is None:
        raise unread(path, f"series {column!r} is not one of {SERIES}", line=1)
    blank = table[column].where(table[column] != ".", "")
    rate = tables.numbers(table.assign(**{column: blank}), column, path)
    rows = pd.DataFrame({"date": table[day], "rate": rate, LINE: table[LINE]})
    return _gathered(FED, path, _dollars(rows, code))


def _bank_of_russia(path: Path, data: bytes, currency: str) -> Reading:
    try:
        tree = ElementTree.fromstring(data)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise unread(
            path, f"is cut off or no XML ({error})", "Fetch it anew."
        ) from error
    records = tree.findall("Record")
    if not records:
        raise unread(path, "has no Record", "Check the days and the currency.")
    code = tree.get("ID") or records[0].get("Id", "")
    named = currency or next((c for c, v in VALUTES.items() if v == code), code)
    table = pd.DataFrame(
        {
            "date": [_day(record.get("Date", ""), path) for record in records],
            "Value": [record.findtext("Value", "") for record in records],
            "Nominal": [record.findtext("Nominal", "1") for record in records],
            LINE: range(1, len(records) + 1),
        }
    )
    value = tables.numbers(table, "Value", path, decimal=",", required=True)
    nominal = tables.numbers(table, "Nominal", path, decimal=",", required=True)
    rows = table.assign(rate=value / nominal, currency="RUB", base=named)
    return _gathered(CBR, path, rows)


def _reserve_bank(path: Path, table: pd.DataFrame) -> Reading:
    """Read a table with a column Date and columns such as "USD (INR / 1 USD)"."""
    tables.require(table, ["Date"], path)
    parts = []
    for column in table:
        found = re.search(r"\(INR\s*/\s*(\d+)\s*([A-Z]{3})\)", str(column))
        if found:
            rate = tables.numbers(table, str(column), path) / float(found[1])
            days = [_day(day, path) for day in table["Date"]]
            rows = pd.DataFrame({"date": days, "rate": rate, LINE: table[LINE]})
            parts.append(rows.assign(currency="INR", base=found[2]))
    if not parts:
        raise unread(path, "has no column like 'USD (INR / 1 USD)'", line=1)
    return _gathered(RBI, path, pd.concat(parts))


def _day(text: str, path: Path) -> str:
    """Return a day as ISO writes it, from 31.12.2024, 31/12/2024 or 31-Dec-2024."""
    for style in ("%d.%m.%Y", "%d/%m/%Y", "%d-%m-%Y", "%d-%b-%Y", "%Y-%m-%d"):
        day = pd.to_datetime(text, format=style, errors="coerce")
        if not pd.isna(day):
            return day.strftime("%Y-%m-%d")
    raise unread(path, f"{text!r} is not a day", column="Date")
