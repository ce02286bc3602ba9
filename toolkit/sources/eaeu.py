"""The Common Customs Tariff of the EAEU: rates by HS10, and what they come to.

Read are a schedule as CSV or workbook and the Commission's tables (HTML or .xlsx) with
the columns of the tariff: code, name, additional unit, rate. A rate is kept as the
tariff writes it; :func:`equivalents` turns it into one ad valorem number by product
with the prices and weights it is given. The Commission's PDF and Word files are not
read: save the table.
"""

from __future__ import annotations

import math
import re
from functools import partial
from pathlib import Path

import pandas as pd

from toolkit.sources import tables
from toolkit.sources.ave import equivalents
from toolkit.sources.duties import Duty, parsed
from toolkit.sources.errors import unread
from toolkit.sources.reading import LINE, Reading, Sieve, gathered
from toolkit.sources.request import Request
from toolkit.sources.transport import Transport

__all__ = ["equivalents", "fetch", "read", "request"]

NAME = "Eurasian Economic Commission (EAEU customs tariff)"
CODES = ("hs10", "hs", "code", "код тн вэд", "код тн вэд еаэс", "код")
RATES = ("rate", "duty", "ставка ввозной таможенной пошлины", "ставка")
PARTED = ("duty_form", "ad_valorem_pct", "specific_amount", "specific_currency",
          "specific_per_unit")  # fmt: skip
FORMS = ("ad_valorem", "specific", "combined_min", "combined_plus")
DUTY_COLUMNS = ["hs10", "form", "ad_valorem", "amount", "currency", "unit"]
HEADER_ROWS = 12  # of a sheet, among which the columns are named


def read(path: Path | str, *, vintage: str = "") -> Reading:
    """Read a schedule of duties by HS10.

    Parameters
    ----------
    path : Path or str
        CSV, workbook or HTML with a column of codes and one of rates in words, or the
        five columns ``duty_form, ad_valorem_pct, specific_amount, specific_currency,
        specific_per_unit``.
    vintage : str
        Revision of the tariff.

    Returns
    -------
    Reading
        ``hs10, form, ad_valorem, amount, currency, unit`` and provenance.

    Raises
    ------
    SourceError
        No such columns; a rate that is not understood, with its line.

    Examples
    --------
    >>> from toolkit.sources import eaeu
    >>> eaeu.read("tariff.csv", vintage="2026-06-18")        # doctest: +SKIP
    """
    path = Path(path)
    table = _opened(path)
    code = _named(table, CODES, path)
    plain = table[code].astype(str).str.replace(r"[\s.\u00a0]", "", regex=True)
    lost = (plain.str.len() == 9) & ~plain.str.startswith("0")
    table = table.assign(hs10=plain.where(~lost, "0" + plain))
    sieve = Sieve(table)
    full = table["hs10"].str.fullmatch(r"\d{10}")
    sieve.drop(~full, "no code of ten digits (headings, notes)")
    parts = all(name in table for name in PARTED)
    duties = _from_parts(sieve.left, path) if parts else _from_words(sieve.left, path)
    known = [duty is not None for duty in duties]
    sieve.left = sieve.left.assign(
        duty=pd.Series(duties, sieve.left.index, dtype=object)
    )
    sieve.drop(pd.Series([not k for k in known]), "a line without a rate")
    if sieve.left.empty:
        raise unread(path, "has no line of ten digits with a rate")
    values = pd.DataFrame([vars(duty) for duty in sieve.left["duty"]])
    values.index = sieve.left.index
    sieve.left = (
        sieve.left[[LINE, "hs10"]]
        .join(values)
        .assign(
            status="official", source=NAME, vintage=vintage or "revision not stated"
        )
    )
    sieve.drop(sieve.left.duplicated("hs10"), "a second rate of the same code")
    columns = [*DUTY_COLUMNS, "status", "source", "vintage"]
    return gathered(NAME, "duties", path, sieve, columns)


def fetch(
    url: str, *, vintage: str = "", transport: Transport | None = None
) -> Reading:
    """Fetch a schedule from an address and read it.

    The Commission publishes each revision under a new address
    (https://eec.eaeunion.org/comission/department/catr/ett/): give that of the table.

    Raises
    ------
    SourceError
        No answer, or a file that is no schedule.
    """
    reader = partial(read, vintage=vintage)
    return (transport or Transport()).read(request(url), reader)


def request(url: str) -> Request:
    """Return what :func:`fetch` would ask."""
    return Request(NAME, url, advice="Take the present address from the Commission.")


def _opened(path: Path) -> pd.DataFrame:
    head = path.read_bytes()[:4096]
    if head[:4] == b"PK\x03\x04":
        raw = pd.read_excel(path, header=None, dtype=object)
        return _headed(raw, path)
    if tables.looks_like_html(head):
        text = tables.decoded(path.read_bytes())
        found = tables.html_tables(text)
        if not found:
            raise unread(path, "has no table", "Save the page with its table.")
        return _headed(max(found, key=len), path)
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1251", errors="replace")
    return tables.csv_table(path, text)


def _headed(raw: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return the rows below the one that names a column of codes."""
    text = raw.map(lambda cell: " ".join(str(cell if cell == cell else "").split()))
    for at in range(min(HEADER_ROWS, len(text))):
        names = [str(cell) for cell in text.iloc[at]]
        if any(_clean(name) in CODES for name in names):
            out = text.iloc[at + 1 :].set_axis(names, axis=1).reset_index(drop=True)
            return out.assign(**{LINE: range(at + 2, at + 2 + len(out))})
    raise unread(path, "has no column of codes (Код ТН ВЭД, hs10)")


def _clean(name: str) -> str:
    return " ".join(re.sub(r"\(.*", "", name.lower()).split())


def _named(table: pd.DataFrame, names: tuple[str, ...], path: Path) -> str:
    for column in table:
        if _clean(str(column)) in names:
            return str(column)
    held = [str(name) for name in table if name != LINE]
    raise unread(path, f"has no column {names[0]!r}; it has {', '.join(held)}", line=1)


def _from_words(rows: pd.DataFrame, path: Path) -> list[Duty | None]:
    column = _named(rows, RATES, path)
    out: list[Duty | None] = []
    for line, text in zip(rows[LINE], rows[column].astype(str), strict=True):
        if text.strip().lower() in tables.MISSING:
            out.append(None)
            continue
        try:
            out.append(parsed(text))
        except ValueError as error:
            raise unread(path, str(error), line=int(line), column=column) from error
    return out


def _from_parts(rows: pd.DataFrame, path: Path) -> list[Duty | None]:
    percent = tables.numbers(rows, "ad_valorem_pct", path)
    amount = tables.numbers(rows, "specific_amount", path)
    strange = ~rows["duty_form"].isin([*FORMS, ""])
    if strange.any():
        row = rows[strange].iloc[0]
        raise unread(
            path,
            f"{row['duty_form']!r} is none of {', '.join(FORMS)}",
            line=int(row[LINE]),
            column="duty_form",
        )
    return [
        Duty(form, 0.0 if math.isnan(share) else share / 100, money, currency, unit)
        if form and not (form == "ad_valorem" and math.isnan(share))
        else None
        for form, share, money, currency, unit in zip(
            rows["duty_form"],
            percent,
            amount,
            rows["specific_currency"],
            rows["specific_per_unit"],
            strict=True,
        )
    ]
