"""Notebooks are committed executed, say their limits, and are really compared."""

import json
import re
import subprocess
import sys
from pathlib import Path, PurePosixPath

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
MOST_CODE_CELLS = 25
LONGEST_FUNCTION = 10
FEWEST_OUTPUTS = 3
SOMEBODYS = PurePosixPath("/", "home", "me", "x")  # planted, to be noticed
VEGA = "application/vnd.vegalite.v5+json"
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|mnt|opt)/\w|[A-Z]:\\\\")


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def headings(notebook):
    cells = [c.source for c in notebook.cells if c.cell_type == "markdown"]
    return re.findall(r"^#+ .*$", "\n".join(cells), flags=re.MULTILINE)


def faults_of_execution(notebook):
    """Return what keeps the stored outputs from being a full, clean run."""
    cells = code_cells(notebook)
    outputs = [output for cell in cells for output in cell.outputs]
    counts = [cell.execution_count for cell in cells]
    faults = []
    if counts != list(range(1, len(cells) + 1)):
        faults.append(f"execution counts are {counts}, not 1..n")
    if sum(bool(cell.outputs) for cell in cells) < FEWEST_OUTPUTS:
        faults.append(f"fewer than {FEWEST_OUTPUTS} cells have outputs")
    if any(output.output_type == "error" for output in outputs):
        faults.append("a stored output is an error")
    if any(output.get("name") == "stderr" for output in outputs):
        faults.append("a stored output is a warning on stderr")
    return faults


def faults_of_writing(notebook):
    """Return the parts every notebook must have and this one lacks."""
    titles = headings(notebook)
    top = [title for title in titles if title.startswith("# ")]
    faults = []
    if len(top) != 1 or not notebook.cells[0].source.startswith("# "):
        faults.append("no single H1 at the top")
    elif not top[0].endswith("?") and "?" not in notebook.cells[0].source:
        faults.append("the first cell asks no question")
    for wanted in ("sources", "what this does not tell"):
        if not any(wanted in title.lower() for title in titles):
            faults.append(f"no heading with: {wanted}")
    return faults


def function_lines(source):
    """Return the length of each function of a cell, by indentation."""
    lines, lengths = source.splitlines(), []
    for start, line in enumerate(lines):
        if re.match(r"\s*(async )?def ", line):
            indent = len(line) - len(line.lstrip())
            body = lines[start + 1 :]
            ends = (
                i
                for i, text in enumerate(body)
                if text.strip() and len(text) - len(text.lstrip()) <= indent
            )
            lengths.append(1 + next(ends, len(body)))
    return lengths


def faults_of_habit(notebook):
    """Return what a reader's machine would trip over or a reader would not read."""
    cells = code_cells(notebook)
    text = "\n".join(cell.source for cell in cells)
    whole = json.dumps(strip_pictures(notebook))
    faults = []
    if len(cells) > MOST_CODE_CELLS:
        faults.append(f"{len(cells)} code cells")
    if any(n > LONGEST_FUNCTION for c in cells for n in function_lines(c.source)):
        faults.append(f"a function of more than {LONGEST_FUNCTION} lines")
    if "sys.path" in text:
        faults.append("edits sys.path")
    if {"widgets", "papermill"} & set(notebook.metadata):
        faults.append("stores widget state or a run's metadata")
    if MACHINE.search(whole):
        faults.append(f"names a path of one machine: {MACHINE.search(whole)[0]}")
    return faults


def strip_pictures(notebook):
    """Return a copy without base64 pictures, whose text may look like anything."""
    copy = nbformat.from_dict(json.loads(json.dumps(notebook)))
    for cell in code_cells(copy):
        for output in cell.outputs:
            output.get("data", {}).pop("image/png", None)
    return copy


FAULTS = (faults_of_execution, faults_of_writing, faults_of_habit)


def faults(notebook):
    return [fault for check in FAULTS for fault in check(notebook)]


def test_the_notebooks_are_there():
    names = [path.name for path in NOTEBOOKS]
    assert names[:2] == ["01_the_imbalance.ipynb", "02_scenario_explorer.ipynb"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_is_whole(path):
    assert faults(nbformat.read(path, 4)) == []


def good_notebook():
    """Return a small notebook without faults, outputs included."""
    chart = {VEGA: {"data": {"values": [1.5, 2.25]}}, "text/plain": "<Chart>"}
    stored = {
        "6 * 7": new_output("execute_result", {"text/plain": "42"}),
        "'sum: ' + str(1.25 + 2)": new_output(
            "execute_result", {"text/plain": "'sum: 3.25'"}
        ),
        f"display({chart}, raw=True)": new_output("display_data", chart),
    }
    cells = [new_markdown_cell("# How much?\n\nA question.")]
    for n, (source, output) in enumerate(stored.items(), start=1):
        if output.output_type == "execute_result":
            output.execution_count = n
        cells.append(new_code_cell(source, execution_count=n, outputs=[output]))
    cells.append(new_markdown_cell("## Sources\n\n## What this does not tell\n"))
    notebook = new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3"}
    return notebook


def long_function(notebook):
    notebook.cells[1].source = "def f():\n" + "    x = 1\n" * 10 + "\n6 * 7"


PLANTS = {
    "not run": lambda nb: nb.cells[2].update(execution_count=None),
    "run out of order": lambda nb: nb.cells[1].update(execution_count=9),
    "no outputs": lambda nb: [cell.update(outputs=[]) for cell in nb.cells[1:4]],
    "an error": lambda nb: nb.cells[1].outputs.append(
        new_output("error", ename="ValueError", evalue="x", traceback=[])
    ),
    "a warning": lambda nb: nb.cells[1].outputs.append(
        new_output("stream", name="stderr", text="careful")
    ),
    "no title": lambda nb: nb.cells[0].update(source="How much?"),
    "no question": lambda nb: nb.cells[0].update(source="# Title"),
    "no sources": lambda nb: nb.cells[-1].update(source="## What this does not tell"),
    "no limits": lambda nb: nb.cells[-1].update(source="## Sources"),
    "path edits": lambda nb: nb.cells[1].update(source="import sys; sys.path.append"),
    "widget state": lambda nb: nb.metadata.update(widgets={}),
    "a machine's path": lambda nb: nb.cells[1].update(source=f"open('{SOMEBODYS}')"),
    "long function": long_function,
    "too many cells": lambda nb: nb.cells.extend(
        new_code_cell("1", execution_count=n) for n in range(4, 28)
    ),
}


def test_a_good_notebook_has_no_faults():
    assert faults(good_notebook()) == []


@pytest.mark.parametrize("plant", PLANTS)
def test_planted_fault_is_noticed(plant):
    notebook = good_notebook()
    PLANTS[plant](notebook)
    assert len(faults(notebook)) == 1


def nbval(path):
    """Compare one notebook the way this project's pytest settings do."""
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml")]
    return subprocess.run(
        [*command, "--rootdir", str(ROOT), "-q", "-p", "no:cacheprovider", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("changed", [False, True], ids=["as it is", "one digit"])
def test_a_changed_digit_fails_the_comparison(tmp_path, changed):
    """Negative control: the comparison is live, on a stored print and a chart."""
    notebook = good_notebook()
    if changed:
        notebook.cells[2].outputs[0].data["text/plain"] = "'sum: 3.26'"
        notebook.cells[3].outputs[0].data[VEGA]["data"]["values"][1] = 2.26
    path = tmp_path / "control.ipynb"
    nbformat.write(notebook, path)
    done = nbval(path)
    assert ("2 failed, 1 passed" if changed else "3 passed") in done.stdout
    assert done.returncode == int(changed)


def change_one_digit(notebook):
    """Change the last digit of the first number of a stored table or text."""
    for cell in code_cells(notebook):
        for output in cell.outputs:
            text = output.get("data", {}).get("text/plain", "")
            found = re.search(r"\d\.\d*(\d)", text)
            if found and "NBVAL_IGNORE_OUTPUT" not in cell.source:
                at = found.start(1)
                digit = str((int(text[at]) + 1) % 10)
                output.data["text/plain"] = text[:at] + digit + text[at + 1 :]
                return cell
    return None


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS[:1], ids=lambda path: path.stem)
def test_a_changed_digit_in_a_real_notebook_fails(path, tmp_path):
    """The first notebook, cut after the cell whose stored number was changed."""
    notebook = nbformat.read(path, 4)
    changed = change_one_digit(notebook)
    assert changed is not None, "no stored number to change"
    notebook.cells = notebook.cells[: notebook.cells.index(changed) + 1]
    copy = tmp_path / path.name
    nbformat.write(notebook, copy)
    assert "1 failed" in nbval(copy).stdout
