"""The data shelf: small cited tables, verified every time they are loaded.

The registry ``datapackage.json`` states for each table its original
publisher, vintage, units, columns and SHA-256 digest. Nothing is read that
does not match it.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from toolkit.schema import nearest, shown

__all__ = ["Field", "Metadata", "describe", "folder", "load", "names", "number"]

NOT_SHOWN = ("name", "title", "path", "fields")


@dataclass(frozen=True)
class Field:
    """One column of a table: name, type, unit and meaning."""

    name: str
    type: str
    unit: str
    description: str


@dataclass(frozen=True, repr=False)
class Metadata:
    """What the registry says about one table."""

    name: str
    title: str
    path: str
    publisher: str
    address: str
    read_through: str
    vintage: str
    accessed: str
    licence: str
    year_basis: str
    valuation: str
    unit: str
    sha256: str
    fields: tuple[Field, ...]

    @property
    def source(self) -> str:
        """One line for the foot of a chart: publisher and vintage."""
        return f"{self.publisher}; {self.vintage}"

    def __repr__(self) -> str:
        """Return the metadata as readable lines."""
        head = [f"{self.name}: {self.title}"]
        labels = [f.name for f in fields(self) if f.name not in NOT_SHOWN]
        head += [f"  {label}: {getattr(self, label)}" for label in labels]
        rows = [
            f"    {f.name} ({f.type}{', ' + f.unit if f.unit else ''}): {f.description}"
            for f in self.fields
        ]
        return "\n".join([*head, "  columns:", *rows])


def folder() -> Path:
    """Return the folder that holds the tables and their registry.

    An installed package carries it inside ``toolkit``; a clone has it beside
    the package.

    Raises
    ------
    FileNotFoundError
        If neither place has a registry.
    """
    package = Path(__file__).resolve().parent
    for place in (package / "data", package.parent / "data"):
        if (place / "datapackage.json").is_file():
            return place
    if not package.is_dir():
        raise FileNotFoundError(
            f"The toolkit is imported from the archive {package.parent}, whose data "
            "cannot be read in place: install it (pip install FILE.whl)."
        )
    raise FileNotFoundError(
        f"no datapackage.json in {package / 'data'} or {package.parent / 'data'}"
    )


@lru_cache(maxsize=4)
def _parse(text: str) -> dict[str, Metadata]:
    return {entry["name"]: _metadata(entry) for entry in json.loads(text)["resources"]}


def _registry() -> dict[str, Metadata]:
    path = folder() / "datapackage.json"
    try:
        return _parse(path.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f"{path} is no registry of data tables ({shown(error)}): restore it, or "
            "install the package again."
        ) from error


def _metadata(entry: dict[str, Any]) -> Metadata:
    fields = tuple(Field(**field) for field in entry["fields"])
    return Metadata(**{**entry, "fields": fields})


def names() -> tuple[str, ...]:
    """Return the names of all tables, in alphabetical order.

    Examples
    --------
    >>> from toolkit import datasets
    >>> "flows" in datasets.names()
    True
    """
    return tuple(sorted(_registry()))


def describe(name: str) -> Metadata:
    """Return what the registry says about a table.

    Parameters
    ----------
    name : str
        A name from :func:`names`.

    Raises
    ------
    ValueError
        If there is no such table; the nearest name is suggested.

    Examples
    --------
    >>> from toolkit import datasets
    >>> datasets.describe("flows").unit
    'US$ million'
    """
    registry = _registry()
    if not isinstance(name, str) or name not in registry:
        raise ValueError(f"no table named {shown(name)}; {nearest(name, registry)}")
    return registry[name]


def load(name: str) -> pd.DataFrame:
    """Read one table after checking its digest and its columns.

    Parameters
    ----------
    name : str
        A name from :func:`names`.

    Returns
    -------
    pandas.DataFrame
        Text columns hold ``""`` where the table is blank, number columns NaN;
        HS codes are text. ``frame.attrs["source"]`` is a one-line source.

    Raises
    ------
    ValueError
        If the name is unknown, the file does not match its SHA-256 digest, or
        its columns are not those of the registry.

    Examples
    --------
    >>> from toolkit import datasets
    >>> flows = datasets.load("flows")
    >>> sold = flows.query("year == '2024-25' and importer == 'RUS'")
    >>> float(sold.query("exporter == 'IND'").value_usd_mn.sum().round(1))
    4881.3
    """
    meta = describe(name)
    content = _content(meta)
    found = hashlib.sha256(content).hexdigest()
    if found != meta.sha256:
        raise ValueError(
            f"{meta.path} does not match its checksum: "
            f"the registry says {meta.sha256}, the file has {found}"
        )
    frame = _typed(content, meta)
    frame.attrs["source"] = meta.source
    return frame


def _content(meta: Metadata) -> bytes:
    path = folder() / meta.path
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise FileNotFoundError(
            f"{path}, which the registry names for {shown(meta.name)}, is not there."
        ) from error


def number(table: str, column: str, /, **where: str) -> float:
    """Return one number of a table, the row named by its text columns.

    Parameters
    ----------
    table : str
        A name from :func:`names`.
    column : str
        Which number.
    **where : str
        Column = text; they must fit exactly one row.

    Raises
    ------
    ValueError
        No such table or column, none or several rows that fit, or a blank.

    Examples
    --------
    >>> from toolkit import datasets
    >>> datasets.number("payments", "low", period="2025-12-05")
    0.96
    """
    rows = load(table)
    for name in (column, *where):
        if name not in rows:
            raise ValueError(
                f"{table} has no column {shown(name)}; {nearest(name, map(str, rows))}"
            )
    for key, text in where.items():
        rows = rows[rows[key] == text]
    said = ", ".join(f"{key}={shown(text)}" for key, text in where.items())
    if len(rows) != 1:
        raise ValueError(f"{len(rows)} rows of {table} have {said}; one is needed.")
    if rows[column].isna().all():
        raise ValueError(f"{column} of {table} is blank where {said}.")
    return float(rows[column].iloc[0])


def _typed(content: bytes, meta: Metadata) -> pd.DataFrame:
    """Turn the text of a table into columns of the registered types."""
    text = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    expected = [field.name for field in meta.fields]
    if list(text.columns) != expected:
        raise ValueError(
            f"{meta.path} has columns {list(text.columns)}, expected {expected}"
        )
    return pd.DataFrame({f.name: _column(text[f.name], f, meta) for f in meta.fields})


def _column(text: pd.Series, field: Field, meta: Metadata) -> pd.Series:
    if field.type == "string":
        return text
    if field.type == "boolean":
        wrong = sorted(set(text) - {"true", "false"})
        if wrong:
            raise ValueError(
                f"{meta.path}, column {field.name}: {shown(wrong[0])} is not true "
                "or false"
            )
        return text == "true"
    try:
        numbers = pd.to_numeric(text.where(text != ""))
    except ValueError as error:
        raise ValueError(f"{meta.path}, column {field.name}: {error}") from error
    return numbers.astype("Int64" if field.type == "integer" else "float64")
