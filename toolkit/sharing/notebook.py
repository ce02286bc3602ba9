"""A notebook as a page: prose, code folded away, charts alive, the explorer too."""

from __future__ import annotations

import ast
import dataclasses
import re
from pathlib import Path
from typing import Any

import nbformat
from markupsafe import Markup

from toolkit import datasets
from toolkit.baseline import load_baseline
from toolkit.sharing.explorer import explorer_blocks, explorer_section
from toolkit.sharing.page import CHARTS, LIVE, Page, render, version
from toolkit.sharing.payload import Live
from toolkit.sharing.prose import markdown, python_code, safe_html
from toolkit.sharing.provenance import TABLES, rows_of
from toolkit.sharing.vegalite import chart_figure, contained

VEGA = re.compile(r"application/vnd\.vegalite\.v\d+\+json")
WIDGET = "application/vnd.jupyter.widget-view+json"
EXPLORER = re.compile(r"Explorer of (\S+):")  # its text form names the baseline
EXPLORER_TAG = "explorer"
PARAMETERS = ("parameters", "injected-parameters")
PICTURES = ("image/svg+xml", "image/png", "image/jpeg")


@dataclasses.dataclass(frozen=True)
class Heading:
    """What a notebook is about: its first title and the paragraph under it."""

    title: str
    question: str


class _Parts:
    """What the cells of one notebook add to their page while it is rendered."""

    def __init__(self, year: str) -> None:
        self.year = year
        self.charts: list[dict[str, Any]] = []
        self.live: Live | None = None


def notebook_page(path: Path) -> Page:
    """Return the page of an executed notebook.

    Charts stored as Vega-Lite are drawn in the page. A stored view of the explorer
    becomes the live explorer of the baseline it names; a widget of a cell with the
    tag "explorer" that of ``year`` in the cell of parameters, else of 2024-25.

    Raises
    ------
    ValueError
        Not a notebook, or one whose code has not been run.
    """
    notebook = read(path)
    parts = _Parts(_year(notebook))
    cells = [_cell(cell, parts) for cell in notebook.cells]
    live = parts.live
    body = render(
        "notebook.html",
        cells=cells,
        tables=rows_of(_tables_named(notebook)),
        version=version(),
        name=path.name,
    )
    blocks: dict[str, Any] = {"toolkit-static": parts.charts} if parts.charts else {}
    if live is not None:
        blocks |= explorer_blocks(live)
    scripts = LIVE if live is not None else CHARTS if parts.charts else ()
    kind = "" if live is not None else "prose"
    return Page(heading(notebook, path).title, body, blocks, scripts, kind)


def read(path: Path) -> nbformat.NotebookNode:
    """Return an executed notebook."""
    try:
        notebook = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError) as error:
        raise ValueError(f"{path} is not a notebook: {error}") from error
    code = [c for c in notebook.cells if c.cell_type == "code" and c.source.strip()]
    if any(cell.get("execution_count") is None for cell in code):
        raise ValueError(f"{path} has cells that were not run: run them, save, share.")
    return notebook


def heading(notebook: nbformat.NotebookNode, path: Path) -> Heading:
    """Return the first title of a notebook and the paragraph under it."""
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        found = re.search(r"^#\s+(.+)$", cell.source, re.MULTILINE)
        if found:
            rest = cell.source[found.end() :].strip().split("\n\n")[0]
            return Heading(found.group(1).strip(), " ".join(rest.split()))
    return Heading(path.stem.replace("_", " "), "")


def _cell(cell: Any, parts: _Parts) -> dict[str, Any]:
    if cell.cell_type == "markdown":
        return {"kind": "prose", "html": markdown(cell.source, cell.get("attachments"))}
    if cell.cell_type != "code" or not cell.source.strip():
        return {"kind": "none"}
    tags = cell.metadata.get("tags", [])
    outputs = [_output(output, tags, parts) for output in cell.outputs]
    return {
        "kind": "code",
        "html": python_code(cell.source),
        "outputs": [output for output in outputs if output],
    }


def _output(output: Any, tags: list[str], parts: _Parts) -> Markup:
    if output.output_type == "stream":
        return _text(output.text)
    if output.output_type == "error":
        return _text(f"{output.ename}: {output.evalue}")
    return _shown(output.data, tags, parts)


def _shown(data: Any, tags: list[str], parts: _Parts) -> Markup:
    """Return the richest form of an output that a page can show."""
    if WIDGET in data:
        return _widget(data, tags, parts)
    for name in data:
        if VEGA.fullmatch(name):
            return _chart(data[name], parts)
    if "text/html" in data:
        return render("output.html", table=safe_html(_joined(data["text/html"])))
    if "text/markdown" in data:
        return markdown(_joined(data["text/markdown"]))
    if "text/latex" in data:
        return markdown(_joined(data["text/latex"]))
    for name in PICTURES:
        if name in data:
            return _picture(name, _joined(data[name]), _joined(data.get("text/plain")))
    return _text(_joined(data.get("text/plain")))


def _widget(data: Any, tags: list[str], parts: _Parts) -> Markup:
    words = _joined(data.get("text/plain"))
    named = EXPLORER.match(words)
    if EXPLORER_TAG not in tags and not named:
        return render(
            "output.html", note="This control needs Python: open the notebook."
        )
    if parts.live is not None:
        return render("output.html", note="The explorer stands further up.")
    parts.live = Live.of(load_baseline(named[1] if named else parts.year))
    return explorer_section(parts.live)


def _chart(spec: Any, parts: _Parts) -> Markup:
    spec = contained(spec)
    name = f"toolkit-static-{len(parts.charts)}"
    parts.charts.append({"id": name, "spec": spec})
    return chart_figure(spec, name)


def _picture(kind: str, content: str, words: str) -> Markup:
    import base64

    if kind == "image/svg+xml":
        content = base64.b64encode(content.encode()).decode()
    source = f"data:{kind};base64,{''.join(content.split())}"
    return render("output.html", picture=source, words=words)


def _text(words: str) -> Markup:
    return render("output.html", text=words) if words.strip() else Markup("")


def _joined(value: Any) -> str:
    if isinstance(value, list):
        return "".join(value)
    return "" if value is None else str(value)


def _year(notebook: Any) -> str:
    """Return the fiscal year that the cell of parameters sets, the last one said."""
    year = "2024-25"
    for cell in notebook.cells:
        if not set(PARAMETERS) & set(cell.metadata.get("tags", [])):
            continue
        for node in ast.parse(cell.source).body:
            named = isinstance(node, ast.Assign) and ast.unparse(node.targets[0])
            if named == "year" and isinstance(node.value, ast.Constant):  # pyright: ignore
                year = str(node.value.value)  # pyright: ignore
    return year


def _tables_named(notebook: Any) -> list[str]:
    """Return the data tables a notebook's code names or loads through a baseline."""
    code = "\n".join(c.source for c in notebook.cells if c.cell_type == "code")
    named = [n for n in datasets.names() if f'"{n}"' in code or f"'{n}'" in code]
    through = TABLES if "load_baseline" in code else ()
    return list(dict.fromkeys([*through, *named]))
