"""Bring your own: CSV, Excel, Parquet or Stata with a map of columns."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from toolkit.schema import nearest
from toolkit.sources import tables
from toolkit.sources.cache import digest
from toolkit.sources.codes import hs_column, iso3_column, revision
from toolkit.sources.errors import unread
from toolkit.sources.reading import (
    FLOW_COLUMNS,
    RATE_COLUMNS,
    Reading,
    Sieve,
    gathered,
)

FLOW, RATE = (
    ("importer", "exporter", "product", "value"),
    ("importer", "product", "rate"),
)
ESTIMATE = ("importer", "product", "value", "std_error", "p_value")
OTHERS = ("year", "kilotonnes", "quantity", "quantity_unit", "basis", "reported_by")


def read(
    path: Path | str,
    columns: Mapping[str, str],
    *,
    source: str,
    constants: Mapping[str, str] | None = None,
    million: float = 1.0,
    sheet: str | int = 0,
    decimal: str = ".",
    hs_revision: str = "",
    vintage: str = "not stated",
    status: str = "official",
) -> Reading:
    """Read flows from a table of your own.

    Parameters
    ----------
    path : Path or str
    columns : mapping
        Our name -> the file's: ``importer, exporter, product, value`` are needed,
        ``year, kilotonnes, quantity, quantity_unit, basis, reported_by`` may be there.
        Countries may be ISO codes, UN numbers or English names.
    source : str
        Publisher, shown with every result.
    constants : mapping, optional
        Our name -> one value for all rows, where the file has no such column.
    million : float
        Units of the file in US$ million: 1e-3 for thousands, 1e-6 for dollars.
    sheet : str or int
        Of a workbook.
    decimal : {".", ","}
    hs_revision : str
        "HS2022" and so on.
    vintage : str
    status : str
        "official", "derived", "mirror" or "assumed": how far to trust it.

    Raises
    ------
    SourceError
        A column missing, a value that is no number: file, line, column.
    ValueError
        A name in ``columns`` that is not ours.

    Examples
    --------
    >>> from toolkit.sources import own
    >>> names = {"importer": "To", "exporter": "From", "product": "HS", "value": "kUSD"}
    >>> own.read("mine.xlsx", names, source="Customs", million=1e-3)
    ... # doctest: +SKIP
    """
    path = Path(path)
    given = _checked(columns, constants, (*FLOW, *OTHERS), FLOW)
    table = _mapped(tables.opened(path, sheet=sheet), columns, given, path)
    rows = _with_codes(table, hs_revision, source, vintage).assign(status=status)
    rows["exporter"] = iso3_column(table["exporter"])
    value = tables.numbers(table, "value", path, decimal=decimal)
    rows["value_usd_mn"] = value * million
    for name in ("kilotonnes", "quantity"):
        given_it = name in table
        rows[name] = float("nan")
        if given_it:
            rows[name] = tables.numbers(table, name, path, decimal=decimal)
    for name in ("quantity_unit", "basis", "reported_by"):
        rows[name] = table.get(name, "")
    sieve = _sieved(rows)
    sieve.drop(sieve.left["exporter"].isna(), "exporter is no country")
    sieve.drop(sieve.left["value_usd_mn"].isna(), "no value")
    if (sieve.left["value_usd_mn"] < 0).any():
        line = int(sieve.left.loc[sieve.left["value_usd_mn"] < 0, "_line"].iloc[0])
        raise unread(path, "a value is negative", line=line, column=columns["value"])
    keys = ["importer", "exporter", "product", "year", "reported_by"]
    return gathered(source, "flows", path, sieve, FLOW_COLUMNS, keys)


def read_rates(
    path: Path | str,
    columns: Mapping[str, str],
    *,
    source: str,
    constants: Mapping[str, str] | None = None,
    percent: bool = True,
    sheet: str | int = 0,
    decimal: str = ".",
    hs_revision: str = "",
    vintage: str = "not stated",
    status: str = "official",
) -> Reading:
    """Read duties from a table of your own, a customs file for instance.

    Parameters
    ----------
    path, source, constants, sheet, decimal, hs_revision, vintage, status
        As in :func:`read`.
    columns : mapping
        ``importer, product, rate`` are needed; ``exporter`` (blank for all), ``bound``
        and ``year`` may be there.
    percent : bool
        Whether rates are percent; else decimals.

    Raises
    ------
    SourceError
        A column missing, a rate that is no number: file, line, column.
    """
    path = Path(path)
    allowed = (*RATE, "exporter", "bound", "year")
    given = _checked(columns, constants, allowed, RATE)
    table = _mapped(tables.opened(path, sheet=sheet), columns, given, path)
    rows = _with_codes(table, hs_revision, source, vintage).assign(status=status)
    partner = table.get("exporter", pd.Series("", index=table.index)).astype(str)
    everyone = partner.str.upper().isin(["", "ALL", "WLD", "000"])
    rows["exporter"] = iso3_column(partner).where(~everyone, "")
    size = 0.01 if percent else 1.0
    rows["applied_rate"] = tables.numbers(table, "rate", path, decimal=decimal) * size
    rows["bound_rate"] = float("nan")
    if "bound" in table:
        bound = tables.numbers(table, "bound", path, decimal=decimal)
        rows["bound_rate"] = bound * size
    sieve = _sieved(rows)
    sieve.drop(sieve.left["exporter"].isna(), "exporter is no country")
    sieve.drop(sieve.left["applied_rate"].isna(), "no rate")
    keys = ["importer", "exporter", "product", "year"]
    sieve.drop(sieve.left.duplicated(keys), "a second rate of the same product")
    return gathered(source, "rates", path, sieve, RATE_COLUMNS)


def read_elasticities(
    path: Path | str,
    columns: Mapping[str, str],
    *,
    source: str,
    level: int = 2,
    most_p: float = 0.1,
    sheet: str | int = 0,
    vintage: str = "not stated",
) -> Reading:
    """Read import demand elasticities by country and HS6, such as those of wiiw.

    The file of wiiw (Ghodsi, Gruebler and Stehrer, 167 importers, CC BY 4.0,
    https://wiiw.ac.at/wiiw-import-demand-elasticities-ds-3.html) is not shipped: it is
    the user's own.

    Parameters
    ----------
    path : Path or str
    columns : mapping
        ``importer, product, value`` are needed; ``std_error`` and ``p_value`` may be
        there.
    source : str
    level : {2, 4, 6}
        HS digits of the result: the median of the estimates inside each code.
    most_p : float
        Estimates with a larger p-value are left out, and counted.
    sheet, vintage
        As in :func:`read`.

    Returns
    -------
    Reading
        ``importer, product, value, source, vintage`` with the number of estimates in
        ``rows``. ``frame.set_index(["importer", "product"])["value"]`` is what a model
        takes as ``import_demand_elasticity``.

    Raises
    ------
    SourceError
        A column missing, a value that is no number: file, line, column.

    Examples
    --------
    >>> names = {"importer": "iso3", "product": "hs6", "value": "elasticity"}
    >>> read_elasticities("wiiw.csv", names, source="wiiw")   # doctest: +SKIP
    """
    path = Path(path)
    _checked(columns, None, ESTIMATE, ESTIMATE[:3])
    table = _mapped(tables.opened(path, sheet=sheet), columns, {}, path)
    rows = _with_codes(table, "", source, vintage)
    rows["value"] = tables.numbers(table, "value", path)
    sieve = _sieved(rows)
    sieve.drop(sieve.left["value"].isna(), "no estimate")
    sieve.drop(sieve.left["value"] > 0, "demand that rises with its price")
    if "p_value" in table:
        chance = tables.numbers(table, "p_value", path).reindex(sieve.left.index)
        sieve.drop(chance > most_p, f"p-value above {most_p:g}")
    left = sieve.left.assign(product=sieve.left["product"].str[:level])
    group = left.groupby(["importer", "product"])["value"]
    frame = group.agg(value="median", rows="size").reset_index()
    frame = frame.assign(source=source, vintage=vintage)
    account = sieve.account()
    return Reading(
        source, "elasticities", frame, account, sieve.rows, path.name, digest(path)
    )


def _checked(
    columns: Mapping[str, str],
    constants: Mapping[str, str] | None,
    allowed: tuple[str, ...],
    needed: tuple[str, ...],
) -> dict[str, str]:
    given = dict(constants or {})
    for name in (*columns, *given):
        if name not in allowed:
            raise ValueError(
                f"{name!r} is not a column of ours; {nearest(name, allowed)}"
            )
    for name in needed:
        if name not in columns and name not in given:
            raise ValueError(f"columns or constants must say which is the {name!r}.")
    return given


def _mapped(
    table: pd.DataFrame,
    columns: Mapping[str, str],
    given: Mapping[str, str],
    path: Path,
) -> pd.DataFrame:
    tables.require(table, columns.values(), path)
    out = pd.DataFrame({"_line": table["_line"]})
    for ours, theirs in columns.items():
        out[ours] = table[theirs]
    return out.assign(**given)


def _with_codes(
    table: pd.DataFrame, hs_revision: str, source: str, vintage: str
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "_line": table["_line"],
            "importer": iso3_column(table["importer"]),
            "product": hs_column(table["product"]),
            "year": table.get("year", ""),
            "hs_revision": revision(hs_revision) or hs_revision,
            "source": source,
            "vintage": vintage,
        }
    )


def _sieved(rows: pd.DataFrame) -> Sieve:
    sieve = Sieve(rows)
    sieve.drop(sieve.left["importer"].isna(), "importer is no country")
    sieve.drop(sieve.left["product"].isna(), "no HS code")
    return sieve
