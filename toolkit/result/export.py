"""A result as plain files: long CSV, or a workbook of its main tables."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd

from toolkit.files import as_path, refuse_existing, write
from toolkit.result.tables import Tables


def to_csv(result: Tables, path: str | Path | None, *, overwrite: bool) -> str:
    """Return the long frame as CSV, and write it where a path is given."""
    text = result.frame.to_csv(index=False)
    if path is not None:
        write(as_path(path), text, overwrite=overwrite)
    return text


def to_excel(result: Tables, path: str | Path, *, overwrite: bool) -> Path:
    """Write the balance, the products, the elasticities and all variables."""
    target = as_path(path)
    if target.suffix != ".xlsx":
        raise ValueError(f"A workbook's name ends in .xlsx, not {target.name!r}.")
    refuse_existing(target, overwrite=overwrite)
    sheets = {
        "balance, US$ mn": result.balance().reset_index(names="flow"),
        "products, US$ mn": result.by_product().reset_index(),
        "elasticities": result.elasticities,
        "all variables": result.frame,
    }
    file = io.BytesIO()
    with pd.ExcelWriter(file, engine="openpyxl") as book:
        for name, table in sheets.items():
            table.to_excel(book, sheet_name=name, index=False, freeze_panes=(1, 0))
        _keep_text_as_text(book)
    return write(target, file.getvalue(), overwrite=overwrite)


def _keep_text_as_text(book: pd.ExcelWriter) -> None:
    """Store text as text: what a user named "=1+1" is a name and no formula."""
    for sheet in book.sheets.values():
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if isinstance(cell.value, str):
                cell.data_type = "s"
                cell.quotePrefix = cell.value.startswith(("=", "+", "-", "@"))
