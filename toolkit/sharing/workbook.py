"""A result as an Excel workbook; text from users can never become a formula."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from toolkit.result import Result
from toolkit.sharing.page import version

MONEY, SHARE, RATIO = "#,##0.0", "0.00%", "0.000"
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
WIDEST = 60
LONGEST_CELL = 32_767  # characters; Excel's limit


def workbook(result: Result, tables: Sequence[dict[str, str]]) -> bytes:
    """Return a result as a workbook of five sheets, headers frozen.

    Parameters
    ----------
    result : Result
    tables : sequence of dict
        Data tables behind it, as :func:`toolkit.sharing.provenance.tables` gives.

    Returns
    -------
    bytes
        Sheets ``balance``, ``products``, ``levers``, ``assumptions`` and
        ``sources``. Units stand in the headers.

    Notes
    -----
    Text that begins like a formula is stored as text (type ``s``) and with the
    quote prefix, so that editing the cell does not turn it into one either.
    """
    book = Workbook()
    book.remove(book.worksheets[0])
    _sheet(book, "balance", *_balance(result))
    _sheet(book, "products", *_products(result))
    _sheet(book, "levers", *_levers(result))
    _sheet(book, "assumptions", *_assumptions(result))
    _sheet(book, "sources", *_sources(result, tables))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


Columns = list[tuple[str, str]]
Rows = Iterable[Sequence[Any]]


def _sheet(book: Workbook, name: str, columns: Columns, rows: Rows) -> None:
    sheet = book.create_sheet(name)
    for number, (title, _) in enumerate(columns, start=1):
        cell = sheet.cell(1, number)
        put(cell, title)
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    for line, row in enumerate(rows, start=2):
        for number, (value, (_, form)) in enumerate(
            zip(row, columns, strict=True), start=1
        ):
            cell = sheet.cell(line, number)
            put(cell, value)
            if form and not isinstance(value, str):
                cell.number_format = form
    sheet.freeze_panes = "A2"
    _widths(sheet)


def put(cell: Any, value: Any) -> None:
    """Set a cell: numbers as numbers, everything else as text and only text.

    Examples
    --------
    >>> cell = Workbook().active["A1"]
    >>> put(cell, "=HYPERLINK(1)")
    >>> cell.data_type, cell.quotePrefix
    ('s', True)
    """
    if value is None or (isinstance(value, float) and pd.isna(value)):
        return
    if isinstance(value, bool) or not isinstance(value, int | float):
        text = ILLEGAL_CHARACTERS_RE.sub("", str(value))[:LONGEST_CELL]
        cell.value = text
        cell.data_type = "s"
        if text.startswith(STARTS_A_FORMULA):
            cell.quotePrefix = True
        return
    cell.value = value


def _widths(sheet: Worksheet) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        longest = max(len(str(cell.value or "")) for cell in column)
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = min(WIDEST, max(10, longest + 2))


def _balance(result: Result) -> tuple[Columns, Rows]:
    columns = [
        ("", ""),
        ("baseline, US$ mn", MONEY),
        ("counterfactual, US$ mn", MONEY),
        ("change, US$ mn", MONEY),
        ("least change by elasticity, US$ mn", MONEY),
        ("greatest change by elasticity, US$ mn", MONEY),
    ]
    table = result.balance().join(result.range()[["least", "greatest"]])
    return columns, [(str(name), *map(float, row)) for name, *row in _records(table)]


def _records(table: pd.DataFrame) -> Iterable[tuple[Any, ...]]:
    return table.itertuples(name=None)


def _products(result: Result) -> tuple[Columns, Rows]:
    columns = [
        ("direction", ""),
        ("product (HS)", "@"),
        ("name", ""),
        ("baseline, US$ mn", MONEY),
        ("counterfactual, US$ mn", MONEY),
        ("change, US$ mn", MONEY),
    ]
    tables = [result.by_product("value")]
    extra = (
        ("applied_rate", "duty", "%", SHARE),
        ("kilotonnes", "quantity", "kt", MONEY),
        ("consumer_price", "buyers' price", "baseline = 1", RATIO),
    )
    for name, title, unit, form in extra:
        if name not in result.variables:
            continue
        columns += [(f"{title} before, {unit}", form), (f"{title} after, {unit}", form)]
        tables.append(result.by_product(name)[["baseline", "counterfactual"]])
    joined = pd.concat(tables, axis=1).reset_index()
    return columns, ([_number(v) for v in row[1:]] for row in _records(joined))


def _number(value: Any) -> Any:
    return float(value) if isinstance(value, int | float) else value


def _levers(result: Result) -> tuple[Columns, Rows]:
    columns = [("number", "0"), ("lever", ""), ("in words", ""), ("settings", "")]
    rows = []
    for number, lever in enumerate(result.levers, start=1):
        fields = lever.to_dict()
        kind = fields.pop("lever")
        said = "; ".join(f"{key}: {value}" for key, value in fields.items())
        rows.append((number, kind, lever.sentence(), said))
    return columns, rows


def _assumptions(result: Result) -> tuple[Columns, Rows]:
    columns = [
        ("elasticity (percent per percent)", ""),
        ("importer", ""),
        ("exporter", ""),
        ("product (HS)", "@"),
        ("value", RATIO),
        ("source", ""),
    ]
    used = result.elasticities
    names = ["concept", "importer", "exporter", "product", "value", "source"]
    if not set(names) <= set(used.columns):
        return columns, []
    return columns, ([_finite(v) for v in row[1:]] for row in _records(used[names]))


def _finite(value: Any) -> Any:
    if isinstance(value, float) and value == float("inf"):
        return "infinite"
    return _number(value)


def _sources(result: Result, tables: Sequence[dict[str, str]]) -> tuple[Columns, Rows]:
    columns = [("what", ""), ("text", ""), ("vintage", ""), ("SHA-256", "")]
    rows: list[Sequence[Any]] = [
        ("scenario", result.scenario, "", ""),
        ("model", result.model, "", ""),
        ("baseline", result.year, "", ""),
        ("source", result.source_line, "", ""),
        ("toolkit version", version(), "", ""),
        *(("note", note, "", "") for note in result.notes),
    ]
    for row in tables:
        said = f"{row['title']}: {row['publisher']}"
        rows.append((f"data: {row['name']}", said, row["vintage"], row["sha256"]))
    return columns, rows
