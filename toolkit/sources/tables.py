"""Opening files as agencies and spreadsheets leave them, and reading their numbers."""

from __future__ import annotations

import csv
import io
import itertools
import re
import warnings
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from toolkit.schema import nearest
from toolkit.sources.errors import unread
from toolkit.sources.reading import LINE

MISSING = frozenset({"", "-", "--", "–", "—", "na", "n.a.", "n/a", "nan", "nd", "..",
                     "…", "...", "null", "none", "x"})  # fmt: skip
AFTER = "_after"  # the empty field after a comma too many
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_GROUPED = r"[+-]?(\d{1,3}(G\d{3})+|\d{1,2}(G\d{2})*G\d{3})(D\d+)?"
_SPACES = re.compile(r"[\s\u00a0\u202f'’]")


def opened(path: Path | str, *, sheet: str | int = 0) -> pd.DataFrame:
    """Return a CSV, Excel, Parquet, Stata or HTML table as text with line numbers.

    What a file is, its first bytes say, not its name: an .xls may hold HTML.

    Parameters
    ----------
    path : Path or str
    sheet : str or int
        Of a workbook.

    Returns
    -------
    DataFrame
        Text columns and ``_line``, the line (or row of the sheet) in the file.

    Raises
    ------
    SourceError
        Not a table that can be read.
    FileNotFoundError
    """
    path = Path(path)
    head = path.read_bytes()[:4096]
    if head[:4] == b"PAR1":
        return _numbered(path, pd.read_parquet(path), 1)
    if head[:4] == b"PK\x03\x04":
        return sheet_table(path, sheet)
    if head[:11] == b"<stata_dta>" or path.suffix.lower() == ".dta":
        return _numbered(path, pd.read_stata(path), 1)
    if head[:4] == b"\xd0\xcf\x11\xe0":
        raise unread(path, "is a workbook of Excel 97", "Save it as .xlsx or .csv.")
    if looks_like_html(head):
        raise unread(path, "is HTML", "Read it with the reader of its agency.")
    return csv_table(path)


def looks_like_html(head: bytes) -> bool:
    """Return whether a file begins like HTML."""
    return (
        re.search(rb"<\s*(!doctype html|html|table|script|head)", head, re.I)
        is not None
    )


def sheet_table(path: Path, sheet: str | int = 0, header: int = 0) -> pd.DataFrame:
    """Return a sheet as text; row numbers are those of the sheet."""
    try:
        table = pd.read_excel(path, sheet_name=sheet, header=header, dtype=object)
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise unread(path, f"cannot be read as a workbook ({error})") from error
    return _numbered(path, table, header + 2)


def decoded(data: bytes) -> str:
    """Return text, a byte-order mark gone; what is not UTF-8 is Windows-1252.

    Lines end as on this system, whichever wrote the file.
    """
    return _text(data).replace("\r\n", "\n").replace("\r", "\n")


def _text(data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def csv_table(path: Path, text: str | None = None) -> pd.DataFrame:
    """Return a CSV as text, its separator found, rows numbered as in the file.

    A comma too many at the end of every row (UN Comtrade) shifts nothing; a row of
    more values than the header has names, as an unquoted comma makes it, is refused.
    """
    text = decoded(path.read_bytes()) if text is None else text
    first = text.split("\n", 1)[0]
    separator = max(",;\t|", key=first.count)
    try:
        start = list(itertools.islice(_fields(text, separator), 2))
        names = _names(path, start[0]) if start else []
        more = len(start) == 2 and len(start[1]) == len(names) + 1 and not start[1][-1]
        with warnings.catch_warnings():  # pandas warns where it would lose data
            warnings.simplefilter("error", pd.errors.ParserWarning)
            table = pd.read_csv(
                io.StringIO(text),
                sep=separator,
                names=[*names, AFTER] if more else None,
                header=0,
                dtype=str,
                keep_default_na=False,
                index_col=False,
                skip_blank_lines=False,
            )
    except (pd.errors.ParserError, pd.errors.ParserWarning):
        table = _of_one_width(path, text, separator)
    except (csv.Error, pd.errors.EmptyDataError) as error:
        raise unread(path, f"is not a table of one width ({error})") from error
    return _numbered(path, table.drop(columns=AFTER, errors="ignore"), 2)


def _fields(text: str, separator: str) -> Any:
    return csv.reader(io.StringIO(text), delimiter=separator)


def _of_one_width(path: Path, text: str, separator: str) -> pd.DataFrame:
    """Return rows whose values beyond the header are blank; name one with others."""
    reader = _fields(text, separator)
    try:
        names, rows = next(reader, []), []
        for row in reader:
            if any(value.strip() for value in row[len(names) :]):
                raise unread(
                    path,
                    f"has {len(row)} fields where the header has {len(names)}",
                    "A comma inside a value needs quotation marks.",
                    line=reader.line_num,
                )
            rows.append((row + [""] * len(names))[: len(names)])
    except csv.Error as error:
        raise unread(path, str(error), line=reader.line_num) from error
    return pd.DataFrame(rows, columns=names, dtype=object)


def html_tables(text: str) -> list[pd.DataFrame]:
    """Return every table of a page as text, footnote marks gone.

    Rows of a table in a cell of another belong to both.
    """
    from lxml import html

    tree = html.fromstring(text)
    for mark in tree.xpath("//sup|//script|//style"):
        mark.drop_tree()
    out = []
    for table in tree.iter("table"):
        rows = [
            [" ".join(cell.text_content().split()) for cell in row.xpath("./td|./th")]
            for row in table.iter("tr")
        ]
        width = max((len(row) for row in rows), default=0)
        same = [row + [""] * (width - len(row)) for row in rows]
        out.append(pd.DataFrame(same, dtype=object))
    return out


def _numbered(path: Path, table: pd.DataFrame, first: int) -> pd.DataFrame:
    out = table.copy()
    out.columns = _names(path, table.columns)
    for name in out.columns:
        out[name] = _as_text(out[name])
    out[LINE] = np.arange(first, first + len(out))
    blank = (out.drop(columns=LINE) == "").all(axis=1)
    return out[~blank].reset_index(drop=True)


def _names(path: Path, columns: Iterable[object]) -> list[str]:
    """Return the names of columns, blanks apart; refuse one that stands twice."""
    names = [" ".join(str(name).split()) for name in columns]
    twice = next((x for n, x in enumerate(names) if x and x in names[:n]), None)
    if twice is not None:
        raise unread(path, "stands twice in the header", "Rename one.", column=twice)
    return [name or f"_blank {n}" for n, name in enumerate(names)]


def _as_text(column: pd.Series) -> pd.Series:
    """Return text; whole numbers lose the .0 that a spreadsheet gave them."""

    def plain(value: object) -> str:
        if value is None or value is pd.NaT or value != value:
            return ""
        if isinstance(value, (float, np.floating)) and float(value).is_integer():
            return str(int(value))
        return str(value).strip()

    return column.map(plain).astype(object)


def require(table: pd.DataFrame, names: Iterable[str], path: Path | str) -> None:
    """Raise unless a file has these columns, naming the nearest that it has."""
    held = [str(name) for name in table.columns if name != LINE]
    for name in names:
        if name not in held:
            raise unread(
                path,
                f"the column {name!r} is missing; {nearest(name, held)}",
                "The publisher may have changed the format.",
                line=1,
            )


def numbers(
    table: pd.DataFrame,
    column: str,
    path: Path | str,
    *,
    decimal: str = ".",
    required: bool = False,
) -> pd.Series:
    """Return a column as numbers: separators gone, dashes and NA missing.

    Indian (1,23,456.78), Western (123,456.78) and Russian (123 456,78, with
    ``decimal=","``) grouping are read.

    Raises
    ------
    SourceError
        What is not a number, with line and column; a blank where one is required.
    """
    text = table[column].astype(str).str.replace(_SPACES, "", regex=True)
    text = text.str.replace("−", "-", regex=False)
    missing = text.str.lower().isin(MISSING)
    group = "," if decimal == "." else "."
    grouped = _GROUPED.replace("G", re.escape(group)).replace("D", re.escape(decimal))
    good = text.str.fullmatch(grouped)
    text = text.where(~good, text.str.replace(group, "", regex=False))
    text = text.str.replace(decimal, ".", regex=False) if decimal != "." else text
    wrong = ~missing & ~text.str.fullmatch(_NUMBER.pattern)
    value = pd.to_numeric(text.where(~missing & ~wrong)).astype(float)
    wrong |= np.isinf(value)
    if required:
        wrong |= missing
    if wrong.any():
        at = int(np.argmax(wrong.to_numpy()))
        raise unread(
            path,
            f"{table[column].iloc[at]!r} is not a number",
            line=int(table[LINE].iloc[at]),
            column=column,
        )
    return value
