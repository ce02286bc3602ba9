"""What JupyterLab itself makes of the notebooks as they are stored."""

import json
import shutil
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_markdown_cell, new_notebook

import lab

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))
PLANTED = "Imports of US\\$ 65 bn stand against exports of US\\$ 5 bn."

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RENDERED = ".jp-RenderedMarkdown"
FORMULAS = """
() => [...document.querySelectorAll('mjx-container, .MathJax, .MathJax_Error')]
    .map((found) => found.closest('.jp-Cell').textContent.slice(0, 200))
"""
# Dollars that kept the backslash of their source.
ESCAPED = f"""
() => [...document.querySelectorAll('{RENDERED}')].map((found) => found.textContent)
    .filter((text) => text.includes('\\\\$'))
"""


@pytest.fixture(scope="module")
def jupyter(tmp_path_factory):
    """Run a JupyterLab that renders every cell, in view or not."""
    folder, config = (tmp_path_factory.mktemp(name) for name in ("read", "config"))
    settings = config / "lab/user-settings/@jupyterlab/notebook-extension"
    settings.mkdir(parents=True)
    (settings / "tracker.jupyterlab-settings").write_text(
        json.dumps({"windowingMode": "none"})
    )
    planted = new_notebook(cells=[new_markdown_cell(PLANTED)])
    nbformat.write(planted, folder / "planted.ipynb")
    for name in NOTEBOOKS:
        shutil.copy(ROOT / "notebooks" / name, folder)
    with lab.server(folder, config) as url:
        yield url, folder


def texts_of(path):
    """Return how many cells and outputs of a notebook are Markdown."""
    cells = nbformat.read(path, 4).cells
    outputs = [out for cell in cells for out in cell.get("outputs", ())]
    return sum(cell.cell_type == "markdown" for cell in cells) + sum(
        "text/markdown" in out.get("data", {}) and "text/html" not in out["data"]
        for out in outputs
    )


def opened(page, url, path):
    """Open a notebook; return the formulas in it once all of its text is rendered."""
    page.goto(f"{url}/lab/tree/{path.name}?reset", wait_until="domcontentloaded")
    page.wait_for_function(
        f"n => document.querySelectorAll('{RENDERED}').length >= n", arg=texts_of(path)
    )
    page.wait_for_timeout(1500)  # formulas are set after the text
    return page.evaluate(FORMULAS)


def test_the_test_sees_a_formula(jupyter, chromium):
    url, folder = jupyter
    with lab.browser_page(chromium) as (page, _):
        assert opened(page, url, folder / "planted.ipynb") != []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_no_text_is_set_as_a_formula(jupyter, chromium, name):
    url, folder = jupyter
    with lab.browser_page(chromium) as (page, outside):
        assert opened(page, url, folder / name) == []
        assert page.evaluate(ESCAPED) == []
        assert outside == []
