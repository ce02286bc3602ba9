"""India's TRADESTAT (Export Import Data Bank of DGCI&S): commodity by country.

Read are the pages and "Excel" exports as they are: HTML inside .xls, true .xlsx,
Indian digit grouping, footnotes, totals, a column per fiscal year. Values must be in
US$ million: TRADESTAT offers rupees too, and a rupee table is refused.

India's exports are FOB, imports CIF, by fiscal year April to March.
"""

from __future__ import annotations

import csv
import html
import io
import re
from functools import partial
from pathlib import Path

import pandas as pd

from toolkit.schema import nearest
from toolkit.sources import tables
from toolkit.sources.codes import hs_column, iso3
from toolkit.sources.errors import SourceError, unread
from toolkit.sources.reading import FLOW_COLUMNS, LINE, Reading, Sieve, gathered
from toolkit.sources.request import Request
from toolkit.sources.transport import Transport

NAME = "DGCI&S (TRADESTAT)"
ADDRESS = "https://tradestat.commerce.gov.in/eidb/country_wise_all_commodities_{}"
FORMS = {"export": "cwace", "import": "cwaci"}  # how the fields of a form end
DOLLARS, ADVICE = "2", "TRADESTAT may be down; its Excel export can be read too."
_YEAR = re.compile(r"(\d{4})\s*-\s*(\d{4}|\d{2})")
_TAG = re.compile(r"<[^>]+>")


def read(
    path: Path | str,
    *,
    flow: str = "",
    partner: str = "",
    year: str = "",
    vintage: str = "",
) -> Reading:
    """Read a commodity table of one country.

    Parameters
    ----------
    path : Path or str
        A saved page, the .xls or .xlsx export, or a CSV of it.
    flow : {"export", "import"}, optional
        Default what the page says.
    partner : str, optional
        ISO alpha-3; default the country that the page names.
    year : str, optional
        Fiscal year "2024-25"; default the last column.
    vintage : str, optional
        Default the date on the page.

    Returns
    -------
    Reading
        India's flows with one country.

    Raises
    ------
    SourceError
        Rupees, no table, a value that is no number; flow or partner not stated.

    Examples
    --------
    >>> from toolkit.sources import tradestat
    >>> tradestat.read("russia_2024.xls", flow="export", partner="RUS")
    ... # doctest: +SKIP
    """
    path = Path(path)
    text, table = _opened(path)
    flow = flow or _flow(text, path)
    partner = partner or _partner(text, path)
    if flow not in FORMS:
        raise ValueError(f"flow {flow!r} is unknown; {nearest(flow, FORMS)}")
    _refuse_rupees(text, path)
    column, label = _year(table, year, path)
    code = next(
        (c for c in map(str, table) if c.replace(" ", "").upper() == "HSCODE"), None
    )
    if code is None:
        tables.require(table, ["HSCode"], path)
    rows = table.assign(
        importer="IND" if flow == "import" else partner,
        exporter=partner if flow == "import" else "IND",
        product=hs_column(table[str(code)]),
    )
    note = _is_note(rows, str(code))
    rows["value_usd_mn"] = _values(rows, note, column, path)
    rows = rows.assign(
        kilotonnes=float("nan"),
        quantity=float("nan"),
        quantity_unit="",
        year=label,
        reported_by="IND",
        hs_revision="",
        basis="FOB" if flow == "export" else "CIF",
        status="official",
        source=NAME,
        vintage=vintage or _dated(text),
    )
    sieve = Sieve(rows)
    sieve.drop(note, "totals and footnotes")
    sieve.drop(sieve.left["product"].isna(), "no HS code")
    sieve.drop(sieve.left["value_usd_mn"].isna(), "no trade reported")
    keys = ["importer", "exporter", "product"]
    return gathered(NAME, "flows", path, sieve, FLOW_COLUMNS, keys)


def fetch(
    partner: str,
    year: str,
    *,
    flows: tuple[str, ...] = ("export", "import"),
    level: int = 2,
    transport: Transport | None = None,
) -> list[Reading]:
    """Fetch India's trade with a country, one reading per direction.

    Parameters
    ----------
    partner : str
        ISO alpha-3.
    year : str
        Fiscal year "2024-25".
    flows : tuple of {"export", "import"}
    level : {2, 4, 6, 8}
    transport : Transport, optional

    Raises
    ------
    SourceError
        No answer, or a page without its form, token or that country.

    Examples
    --------
    >>> from toolkit.sources import tradestat
    >>> tradestat.fetch("RUS", "2024-25")                    # doctest: +SKIP
    """
    carrier = transport or Transport()
    readings = []
    for flow in flows:
        asked = request(partner, year, flow=flow, level=level)
        if not carrier.offline:
            asked = _with_form(carrier, asked, flow, partner)
        one = partial(read, flow=flow, partner=partner, year=year)
        readings.append(carrier.read(asked, one))
    return readings


def request(partner: str, year: str, *, flow: str, level: int = 2) -> Request:
    """Return what :func:`fetch` would send, but for the token of the day.

    Examples
    --------
    >>> request("RUS", "2024-25", flow="import").form["EidbYearcwaci"]
    '2024'
    """
    end = FORMS[flow]
    form = {
        f"EidbYear{end}": year[:4],
        f"EidbCnt{end}": partner,
        f"EidbReport{end}": DOLLARS,
        f"EidbComLevel{end}": str(level),
    }
    return Request(NAME, ADDRESS.format(flow), form=form, advice=ADVICE)


def _with_form(carrier: Transport, asked: Request, flow: str, partner: str) -> Request:
    """Return the request with token and TRADESTAT's own code of the country."""
    page = carrier.page(Request(NAME, asked.url, advice=ADVICE))
    token = re.search(r'name="_token"\s+value="([^"]+)"', page)
    field = f"EidbCnt{FORMS[flow]}"
    select = re.search(rf'<select[^>]*name="{field}".*?</select>', page, re.S | re.I)
    if token is None or select is None:
        raise SourceError(f"{NAME}: the page has no form as before. {ADVICE}")
    options = re.findall(r'<option value="(\w+)"[^>]*>([^<]+)<', select[0])
    codes = {iso3(html.unescape(name)): code for code, name in options}
    if partner not in codes:
        held = [str(code) for code in codes if code]
        raise SourceError(f"{NAME} lists no {partner!r}; {nearest(partner, held)}")
    secret = {"_token": token[1], field: codes[partner]}
    return Request(NAME, asked.url, form=asked.form, secret_form=secret, advice=ADVICE)


def _opened(path: Path) -> tuple[str, pd.DataFrame]:
    """Return the words around the table, and the table with its header."""
    data = path.read_bytes()
    if not tables.looks_like_html(data[:4096]):
        return _from_sheet(path, data)
    source = tables.decoded(data)
    found = tables.html_tables(source)
    if not found:
        raise unread(path, "has no table", "The page may be an error page.")
    words = " ".join(html.unescape(_TAG.sub(" ", source)).split())
    return words, _headed(max(found, key=len), path)


def _from_sheet(path: Path, data: bytes) -> tuple[str, pd.DataFrame]:
    if data[:4] == b"PK\x03\x04":
        raw = pd.read_excel(path, header=None, dtype=object)
    else:
        raw = pd.DataFrame(list(csv.reader(io.StringIO(tables.decoded(data)))))
    raw = raw.map(lambda v: "" if v is None or v != v else str(v).removesuffix(".0"))
    return " ".join(raw.to_numpy().ravel().tolist()), _headed(raw, path)


def _headed(raw: pd.DataFrame, path: Path) -> pd.DataFrame:
    """Return the rows below the one that names HSCode."""
    plain = raw.map(lambda cell: str(cell).replace(" ", "").lower())
    at = (plain == "hscode").any(axis=1)
    if not at.any():
        raise unread(path, "has no column HSCode", "The format may have changed.")
    first = int(at.to_numpy().argmax())
    columns = [" ".join(str(cell).split()) for cell in raw.iloc[first]]
    raw = raw.iloc[first + 1 :]
    out = raw.set_axis(_distinct(columns), axis=1).reset_index(drop=True)
    out = out.map(lambda cell: " ".join(str(cell).split()))
    return out.assign(**{LINE: range(first + 2, first + 2 + len(out))})


def _distinct(names: list[str]) -> list[str]:
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out


def _year(table: pd.DataFrame, wanted: str, path: Path) -> tuple[str, str]:
    found = {}
    for name in table:
        match = _YEAR.search(str(name))
        if match and "%" not in str(name):
            found[f"{match[1]}-{match[2][-2:]}"] = str(name)
    if not found:
        raise unread(path, "has no column of a fiscal year", line=1)
    label = wanted or list(found)[-1]
    if label not in found:
        raise unread(path, f"has no year {wanted!r}; {nearest(wanted, found)}")
    return found[label], label


def _is_note(rows: pd.DataFrame, code: str) -> pd.Series:
    """Return which rows are totals or footnotes: no code where one should be."""
    return ~rows[code].str.fullmatch(r"[\d .]{1,12}")


def _values(rows: pd.DataFrame, note: pd.Series, column: str, path: Path) -> pd.Series:
    body = tables.numbers(rows[~note], column, path)
    return body.reindex(rows.index)


def _flow(text: str, path: Path) -> str:
    found = re.search(r"\b(export|import)\s*::|\b(export|import)s?\s*[-:]", text, re.I)
    if found is None:
        raise unread(path, "does not say export or import", 'Give flow="export".')
    return (found[1] or found[2]).lower()


def _partner(text: str, path: Path) -> str:
    found = re.search(r"country\s*:+\s*(.{1,60})", text, re.I)
    words = found[1].split() if found else []
    for count in range(len(words), 0, -1):
        code = iso3(" ".join(words[:count]))
        if code:
            return code
    raise unread(path, "does not name its country", 'Give partner="RUS".')


def _refuse_rupees(text: str, path: Path) -> None:
    dollars = re.search(r"US\s*\$\s*Million", text, re.I)
    rupees = re.search(r"(Rs\.?|₹|INR)\s*(in)?\s*(Lakhs?|Lacs|Crores?)", text, re.I)
    if rupees and not dollars:
        raise unread(
            path, f"has values in {rupees[0]}", "Choose US $ Million on the page."
        )


def _dated(text: str) -> str:
    found = re.search(r"Dated:?\s*([\d/.-]{6,10})", text)
    return f"printed {found[1]}" if found else "not dated"
