"""The verb ``share``: what is shared, and as what, decided by type and suffix."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from toolkit.baseline import Baseline
from toolkit.files import as_path, is_folder, refuse_existing, write
from toolkit.models import Armington
from toolkit.schema import check_choice, nearest, shown
from toolkit.sharing.brief import Brief, band_of, brief_page
from toolkit.sharing.explorer import explorer_page
from toolkit.sharing.page import assemble
from toolkit.sharing.pdf import to_pdf
from toolkit.sharing.plaintext import brief_markdown
from toolkit.sharing.subject import result_of, subject

KINDS = ("page", "brief")
SUFFIXES = (".html", ".xlsx", ".pdf", ".md")


def share(
    source: Any,
    path: str | Path,
    *,
    overwrite: bool = False,
    kind: str = "page",
    baseline: Baseline | None = None,
    model: Armington | None = None,
    year: int | None = None,
) -> Path:
    """Write a result or notebook as one file that others can open without Python.

    Parameters
    ----------
    source : Result, Baseline, Scenario, explorer, or path
        A path is a notebook (``.ipynb``), a folder of notebooks, or a scenario
        file (YAML).
    path : path
        Where to write. ``.html`` is a live page, ``.xlsx`` a workbook, ``.pdf``
        and ``.md`` a brief; for a folder of notebooks, the folder of the pages.
    overwrite : bool
        Replace what exists.
    kind : {"page", "brief"}
        An HTML file as live page, or as policy brief of two pages.
    baseline : Baseline, optional
        That a result or scenario belongs to, if not the official one.
    model : Armington, optional
        That a result was solved with, if with the user's own elasticities.
    year : int, optional
        Calendar year that a result with staged levers was solved for.

    Returns
    -------
    Path
        The file written; of a folder, its index.

    Raises
    ------
    ValueError
        Something that cannot be shared so; says what can.
    FileExistsError
        The file exists and ``overwrite`` is false.

    Examples
    --------
    >>> import tempfile, toolkit as tk
    >>> cut = tk.TariffCut(importer="RUS", exporter="IND", products="30", to=0.0)
    >>> result = tk.Armington().solve(tk.load_baseline(), tk.Scenario("Cut", [cut]))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     share(result, f"{folder}/cut.html").stat().st_size < 2.5e6
    True
    """
    check_choice(kind, KINDS, "kind")
    target = as_path(path)
    place = Path(source) if isinstance(source, str | Path) else None
    if place is not None and (is_folder(place) or place.suffix == ".ipynb"):
        return _share_notebooks(place, target, overwrite=overwrite)
    if target.suffix not in SUFFIXES:
        raise ValueError(
            f"{shown(target.name)} does not say what to write; "
            + nearest(target.suffix, SUFFIXES)
        )
    refuse_existing(target, overwrite=overwrite)
    options = {"baseline": baseline, "model": model, "year": year}
    if target.suffix == ".html" and kind == "page":
        content = assemble(explorer_page(subject(source, **options)))
    else:
        content = _document(source, target.suffix, options)
    return write(target, content, overwrite=overwrite)


def _share_notebooks(source: Path, target: Path, *, overwrite: bool) -> Path:
    from toolkit.sharing.notebook import notebook_page
    from toolkit.sharing.site import share_folder

    if source.is_dir():
        return share_folder(source, target, overwrite=overwrite)
    if target.suffix != ".html":
        raise ValueError(f"A notebook is shared as .html, not {shown(target.name)}.")
    refuse_existing(target, overwrite=overwrite)
    return write(target, assemble(notebook_page(source)), overwrite=overwrite)


def _document(source: Any, suffix: str, options: dict[str, Any]) -> str | bytes:
    """Return a brief or a workbook."""
    result, scenario, live, tables = result_of(source, **options)
    if suffix == ".xlsx":
        from toolkit.sharing.workbook import workbook

        return workbook(result, tables)
    brief = Brief(result, scenario, band_of(live) if live else None, tables)
    if suffix == ".md":
        return brief_markdown(brief)
    page = assemble(brief_page(brief))
    return to_pdf(page) if suffix == ".pdf" else page
