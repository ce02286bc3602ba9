"""WITS / UNCTAD TRAINS: applied, preferential and bound duties by HS6.

Read are the CSV of the bulk download, the table of an advanced query, and the SDMX
that the interface serves (through ``sdmx1``). Rates are percent there and decimals
here; partner 000 is the MFN duty.

Two traps. A subheading all of whose lines are specific stands as 0 with "NA lines"
equal to "total lines": that is not zero, and is dropped. A rate is the simple mean of
the national lines, statutory: exemptions do not show.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.sources import tables
from toolkit.sources.codes import hs_column, iso3_column, iso_numeric, revision
from toolkit.sources.errors import SourceError, unread
from toolkit.sources.reading import LINE, RATE_COLUMNS, Reading, Sieve, gathered
from toolkit.sources.request import Request
from toolkit.sources.transport import Transport

NAME = "UNCTAD TRAINS (WITS)"
FLOW = "DF_WITS_Tariff_TRAINS"
TYPES = {"reported": "reported", "ave": "aveestimated"}
WORLD = {"000", "0", "", "WLD", "WORLD"}
GROUPS = {"918": "EUN", "975": "ASN"}  # reporters that are no country of ISO 3166
# Our name -> the names it has in bulk CSV, advanced query and SDMX.
NAMES = {
    "reporter": ("Reporter_ISO_N", "Reporter", "REPORTER"),
    "partner": ("Partner", "PARTNER"),
    "code": ("ProductCode", "Product", "PRODUCTCODE"),
    "year": ("Year", "Tariff Year", "TIME_PERIOD"),
    "rate": ("SimpleAverage", "Simple Average", "OBS_VALUE", "value"),
    "list": ("NomenCode", "Native Nomen", "Selected Nomen", "NOMENCODE"),
    "lines": ("TotalNoOfLines", "Nbr of Total Lines", "TOTALNOOFLINES"),
    "specific": ("Nbr_NA_Lines", "NBR_NA_LINES"),
    "kind": ("DutyType", "TARIFFTYPE"),
}
NEEDED = ("reporter", "code", "year", "rate")


def read(path: Path | str, *, vintage: str = "") -> Reading:
    """Read duties from a file of WITS: CSV, workbook or SDMX-ML.

    Parameters
    ----------
    path : Path or str
    vintage : str
        Release, if you know it; default the tariff year.

    Returns
    -------
    Reading
        Rates: ``exporter`` "" holds for all (MFN), else a preference; bound rates
        stand beside the MFN rate of the same product.

    Raises
    ------
    SourceError
        A column missing, a rate that is no number: file, line, column.

    Examples
    --------
    >>> from toolkit.sources import wits
    >>> wits.read("DataJobID-1.csv")                         # doctest: +SKIP
    """
    path = Path(path)
    head = path.read_bytes()[:512].lstrip(b"\xef\xbb\xbf \r\n")
    table = _sdmx(path) if head.startswith(b"<") else tables.opened(path)
    rows = _rows(_renamed(table, path), path, vintage)
    sieve = Sieve(rows)
    sieve.drop(sieve.left["importer"].isna(), "reporter is no country")
    sieve.drop(sieve.left["exporter"].isna(), "partner is a group, not a country")
    sieve.drop(sieve.left["product"].isna(), "no HS code")
    sieve.drop(sieve.left["rate"].isna(), "no rate")
    unknown = sieve.left["lines"] == sieve.left["specific"]
    sieve.drop(unknown & (sieve.left["lines"] > 0), "all lines specific: no ad valorem")
    sieve.left = _bound_beside(sieve.left)
    keys = ["importer", "exporter", "product", "year"]
    sieve.drop(sieve.left.duplicated(keys), "a second rate of the same product")
    return gathered(NAME, "rates", path, sieve, RATE_COLUMNS)


def fetch(
    reporter: str,
    year: int,
    *,
    partner: str = "WLD",
    kind: str = "reported",
    transport: Transport | None = None,
) -> Reading:
    """Fetch the duties of a reporter in a year, all products.

    Parameters
    ----------
    reporter : str
        ISO alpha-3.
    year : int
        TRAINS lags behind trade data by a year or more.
    partner : str
        "WLD" for MFN; a country for its preference.
    kind : {"reported", "ave"}
        As reported, or with UNCTAD's ad valorem equivalents of specific duties.
    transport : Transport, optional

    Raises
    ------
    SourceError
        No answer, or nothing for that year.

    Examples
    --------
    >>> from toolkit.sources import wits
    >>> wits.fetch("IND", 2023)                              # doctest: +SKIP
    """
    asked = request(reporter, year, partner=partner, kind=kind)
    return (transport or Transport()).read(asked, read)


def request(
    reporter: str, year: int, *, partner: str = "WLD", kind: str = "reported"
) -> Request:
    """Return what :func:`fetch` would ask, as the SDMX client writes it.

    Examples
    --------
    >>> request("IND", 2023).url.rpartition("/")[2]
    'A.356.000..reported'
    """
    import sdmx

    if kind not in TYPES:
        raise ValueError(f"kind {kind!r} is unknown; allowed are {', '.join(TYPES)}.")
    other = "000" if partner == "WLD" else iso_numeric(partner)
    key = f"A.{iso_numeric(reporter)}.{other}..{TYPES[kind]}"
    with warnings.catch_warnings():  # the client warns of its own arguments
        warnings.simplefilter("ignore")
        written: Any = sdmx.Client("WB").get(
            "data", resource_id=FLOW, key=key, dry_run=True, validate=False
        )
    period = {"startPeriod": str(year), "endPeriod": str(year)}
    advice = "TRAINS may have no such year: try an earlier one."
    return Request(NAME, written.url.split("?")[0], period, advice=advice)


def _sdmx(path: Path) -> pd.DataFrame:
    """Return the observations of an SDMX-ML file with their attributes."""
    import sdmx

    try:
        # Of what it cannot read the client prints all it holds.
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            message: Any = sdmx.read_sdmx(io.BytesIO(path.read_bytes()))
            table = sdmx.to_pandas(message.data[0], attributes="osgd")
    except Exception as error:  # the reader raises what its parser met
        begins = path.read_text("utf-8", errors="replace")[:160]
        raise unread(path, f"is not SDMX data: {begins!r}", "Ask again.") from error
    flat = pd.DataFrame(table).reset_index().map(_plain)
    if flat.empty:
        raise SourceError(f"{path.name} has no observations; try another year.")
    return flat.assign(**{LINE: range(1, len(flat) + 1)})


def _plain(value: object) -> str:
    value = getattr(value, "value", value)
    return "" if value is None or value != value else str(value)


def _renamed(table: pd.DataFrame, path: Path) -> pd.DataFrame:
    out = pd.DataFrame({LINE: table[LINE]})
    for ours, theirs in NAMES.items():
        held = [name for name in theirs if name in table]
        if held:
            out[ours] = table[held[0]]
        elif ours in NEEDED:
            tables.require(table, [theirs[0]], path)
    return out


def _rows(table: pd.DataFrame, path: Path, vintage: str) -> pd.DataFrame:
    out = table.copy()
    blank = pd.Series("", index=table.index)
    reporter = table["reporter"].str.strip()
    out["importer"] = iso3_column(reporter).where(
        ~reporter.isin(GROUPS), reporter.map(GROUPS)
    )
    partner = table.get("partner", blank).str.strip().str.upper()
    other = iso3_column(partner)
    out["exporter"] = other.where(~partner.isin(WORLD), "").replace({"WLD": ""})
    out["product"] = hs_column(table["code"])
    out["rate"] = tables.numbers(table, "rate", path) / 100
    out["applied_rate"], out["bound_rate"] = out["rate"], float("nan")
    out["year"] = table["year"].str[:4]
    out["hs_revision"] = table.get("list", blank).map(revision)
    for name in ("lines", "specific"):
        given = name in table
        out[name] = tables.numbers(table, name, path) if given else float("nan")
    out["kind"] = table.get("kind", blank).str.upper()
    out["status"] = "official"
    out["source"] = NAME
    out["vintage"] = vintage or "tariffs of " + out["year"]
    return out


def _bound_beside(rows: pd.DataFrame) -> pd.DataFrame:
    """Return bound rates beside the MFN rates; alone where there is no MFN rate."""
    bound = rows["kind"] == "BND"
    if not bound.any():
        return rows
    keys = ["importer", "product", "year"]
    ceiling = rows[bound].drop_duplicates(keys).set_index(keys)["rate"]
    out = rows.copy()
    at = pd.MultiIndex.from_frame(out[keys])
    out["bound_rate"] = ceiling.reindex(at).to_numpy()
    out.loc[bound, "applied_rate"] = float("nan")
    return out.sort_values("kind", key=lambda kind: kind == "BND", kind="stable")
