"""A folder of notebooks as a folder of pages, with an index."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

from toolkit.files import refuse_existing, write
from toolkit.sharing.notebook import heading, notebook_page, read
from toolkit.sharing.page import Page, assemble, render


def share_folder(source: Path, out: Path, *, overwrite: bool) -> Path:
    """Write every notebook of a folder as a page, and an index of them.

    Returns
    -------
    Path
        The index.

    Raises
    ------
    ValueError
        No notebook in the folder, or one that was not run.
    FileExistsError
        A page exists and ``overwrite`` is false; nothing is written then.
    """
    notebooks = sorted(source.glob("*.ipynb"))
    if not notebooks:
        raise ValueError(f"There is no notebook (*.ipynb) in {source}.")
    targets = [out / f"{path.stem}.html" for path in notebooks]
    for target in (*targets, out / "index.html"):
        refuse_existing(target, overwrite=overwrite)
    pages = [assemble(notebook_page(path)) for path in notebooks]
    for target, page in zip(targets, pages, strict=True):
        write(target, page, overwrite=overwrite)
    page = assemble(_index(notebooks))
    return write(out / "index.html", page, overwrite=overwrite)


def _index(notebooks: list[Path]) -> Page:
    entries = []
    for path in notebooks:
        found = heading(read(path), path)
        href = quote(f"{path.stem}.html")
        entries.append({"href": href, "title": found.title, "question": found.question})
    title = "Notebooks"
    return Page(title, render("index.html", title=title, entries=entries), kind="prose")
