"""CEPII BACI: reconciled HS6 flows of the world, streamed from the yearly files.

A year has about 11 million rows. The ZIP that CEPII publishes, a CSV taken out of it or
a Parquet file goes through pyarrow batch by batch; the year is never in memory. Kept
are all suppliers of the two markets of a pair.

Columns of a file: ``t`` year, ``i`` exporter and ``j`` importer (UN numeric codes),
``k`` HS6, ``v`` thousand US$ (FOB, both reports reconciled), ``q`` tonnes or "NA".
Gaulier and Zignago (2010), CEPII Working Paper 2010-23.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.sources.cache import digest
from toolkit.sources.codes import iso3, revision, un_numeric
from toolkit.sources.errors import SourceError, unread
from toolkit.sources.reading import ACCOUNT, FLOW_COLUMNS, Reading, added_up
from toolkit.sources.request import Request
from toolkit.sources.transport import Transport

NAME = "CEPII BACI"
COLUMNS = ["t", "i", "j", "k", "v", "q"]
ADDRESS = "https://www.cepii.fr/DATA_DOWNLOAD/baci/data/BACI_{edition}.zip"
BLOCK = 4 << 20  # bytes of CSV parsed at a time
UNKNOWN = ["", "NA", "           NA"]
_NAMED = re.compile(r"(HS\d\d).*?Y(\d{4}).*?(V\d{6}\w?)|(HS\d\d)_(V\d{6}\w?)")


def read(
    path: Path | str,
    *,
    importers: Sequence[str],
    year: int | None = None,
    level: int = 6,
) -> Reading:
    """Read all suppliers of some importers from a year of BACI.

    Parameters
    ----------
    path : Path or str
        The published ZIP, one of its CSV files, or a Parquet file of the same columns.
    importers : sequence of str
        ISO alpha-3; for a pair both countries.
    year : int, optional
        Which year of a ZIP that holds several.
    level : {2, 4, 6}
        HS digits of the result.

    Returns
    -------
    Reading
        Flows without a reporter: BACI reconciles both.

    Raises
    ------
    SourceError
        A column missing, a year that is not there, a country code not known.

    Examples
    --------
    >>> from toolkit.sources import baci
    >>> baci.read("BACI_HS22_V202501.zip", importers=["IND", "RUS"], year=2023)
    ... # doctest: +SKIP
    """
    path = Path(path)
    wanted = {int(un_numeric(code)): code for code in importers}
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            name = _member(path, archive, year)
        parts = _from_zip(path, name, list(wanted))
    else:
        name, parts = path.name, _from_file(path, list(wanted))
    table, rows = _summed(parts, level)
    if table.empty:
        raise unread(path, f"has no imports of {', '.join(importers)}")
    return _reading(path, name, table, rows, wanted)


def request(edition: str = "HS22_V202501") -> Request:
    """Return what :func:`fetch` would ask.

    Examples
    --------
    >>> request().url.rpartition("/")[2]
    'BACI_HS22_V202501.zip'
    """
    return Request(NAME, ADDRESS.format(edition=edition), advice="See www.cepii.fr.")


def fetch(
    *,
    importers: Sequence[str],
    year: int,
    edition: str = "HS22_V202501",
    level: int = 6,
    transport: Transport | None = None,
) -> Reading:
    """Fetch an edition (hundreds of megabytes, once) and read a year of it.

    Raises
    ------
    SourceError
        No answer, or a file that is not an edition of BACI.
    """
    path = (transport or Transport()).get(request(edition))
    return read(path, importers=importers, year=year, level=level)


def _member(path: Path, archive: zipfile.ZipFile, year: int | None) -> str:
    years = {}
    for name in archive.namelist():
        found = re.search(r"_Y(\d{4})_", name)
        if found and name.endswith(".csv"):
            years[int(found[1])] = name
    if year is None and len(years) == 1:
        return next(iter(years.values()))
    if year not in years:
        held = ", ".join(map(str, sorted(years))) or "none"
        raise unread(path, f"has no year {year}; it holds {held}", "Give year=...")
    return years[year]


def _from_file(path: Path, importers: list[int]) -> Iterator[tuple[Any, int]]:
    """Yield the wanted rows of every batch of a CSV or Parquet file, and its rows."""
    import pyarrow as pa
    from pyarrow import dataset

    with path.open("rb") as file:
        parquet = file.read(4) == b"PAR1"
    kind = "parquet" if parquet else dataset.CsvFileFormat(**_options())
    try:
        held = dataset.dataset(path, format=kind)
        _check(held.schema.names, path)
        for batch in held.to_batches(columns=COLUMNS):
            yield _ours(batch, importers), batch.num_rows
    except (pa.ArrowInvalid, UnicodeDecodeError) as error:
        raise unread(path, str(error), "Is the file whole?") from error


def _from_zip(path: Path, name: str, importers: list[int]) -> Iterator[tuple[Any, int]]:
    """Yield the wanted rows of every batch of a CSV in a ZIP, and its rows."""
    import pyarrow as pa
    from pyarrow import csv

    with zipfile.ZipFile(path) as archive, archive.open(name) as file:
        try:
            reader = csv.open_csv(file, **_options())
            _check(reader.schema.names, path)
            for batch in reader:
                yield _ours(batch, importers), batch.num_rows
        except (pa.ArrowInvalid, UnicodeDecodeError, zipfile.BadZipFile) as error:
            raise unread(path, f"{name}: {error}", "Fetch it anew.") from error


def _options() -> dict[str, Any]:
    import pyarrow as pa
    from pyarrow import csv

    whole, number = pa.int32(), pa.float64()
    types = {"t": whole, "i": whole, "j": whole, "k": pa.string()}
    return {
        "read_options": csv.ReadOptions(block_size=BLOCK),
        "convert_options": csv.ConvertOptions(
            column_types={**types, "v": number, "q": number}, null_values=UNKNOWN
        ),
    }


def _ours(batch: Any, importers: list[int]) -> pd.DataFrame:
    import pyarrow.compute as pc

    return batch.filter(pc.field("j").isin(importers)).to_pandas()


def _check(names: Sequence[str], path: Path) -> None:
    missing = [column for column in COLUMNS if column not in names]
    if missing:
        raise unread(
            path, f"the columns {missing} are missing; it has {list(names)}", line=1
        )


def _summed(
    parts: Iterator[tuple[pd.DataFrame, int]], level: int
) -> tuple[pd.DataFrame, int]:
    kept, rows = [], 0
    for part, count in parts:
        rows += count
        if len(part):
            kept.append(part)
    if not kept:
        return pd.DataFrame(columns=COLUMNS), rows
    table = pd.concat(kept, ignore_index=True)
    table["k"] = table["k"].str.zfill(6).str[:level]
    if level == 6:
        return table.assign(rows=1), rows
    keys = ["t", "i", "j", "k"]
    group = table.groupby(keys)
    out = group[["v", "q"]].sum().assign(rows=group.size())
    unknown = table["q"].isna().groupby([table[name] for name in keys]).any()
    out["q"] = out["q"].where(~unknown)
    return out.reset_index(), rows


def _reading(
    path: Path, name: str, table: pd.DataFrame, rows: int, wanted: dict[int, str]
) -> Reading:
    if not (np.isfinite(table["v"].to_numpy(dtype=float)) & (table["v"] >= 0)).all():
        raise unread(path, "holds a value that is no amount of money", column="v")
    found = _NAMED.search(name) or _NAMED.search(path.name)
    parts = [part for part in found.groups() if part] if found else []
    editions = [part for part in parts if part.startswith("V")]
    out = pd.DataFrame(
        {
            "importer": table["j"].map(wanted),
            "exporter": _countries(table["i"], path),
            "product": table["k"],
            "value_usd_mn": table["v"] / 1e3,
            "kilotonnes": table["q"].astype(float) / 1e3,
            "quantity": float("nan"),
            "quantity_unit": "",
            "year": table["t"].astype(str),
            "reported_by": "",
            "hs_revision": revision(parts[0]) if parts else "",
            "basis": "FOB",
            "status": "derived",
            "source": NAME,
            "vintage": editions[0] if editions else "edition not stated",
        }
    )
    out = out[FLOW_COLUMNS].assign(rows=table["rows"].to_numpy())
    keys = ["importer", "exporter", "product"]
    if out.duplicated(keys).any():
        out = added_up(out, keys)
    others = rows - int(table["rows"].sum())
    gone = [("markets not asked for", others, float("nan"), 0)] if others else []
    dropped = pd.DataFrame(gone, columns=ACCOUNT)
    return Reading(NAME, "flows", out, dropped, rows, path.name, digest(path))


def _countries(codes: pd.Series, path: Path) -> pd.Series:
    """Return ISO codes; a territory without one stands under the rest of the world."""
    known = {code: iso3(str(int(code))) for code in codes.unique()}
    if not any(known.values()):
        raise SourceError(f"{path.name}: column i holds no country code that is known.")
    return codes.map({code: name or "ROW" for code, name in known.items()})
