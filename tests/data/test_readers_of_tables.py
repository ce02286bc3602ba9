"""No table lies on the shelf that nothing reads."""

import ast
import json
from pathlib import Path

import pytest

from toolkit import datasets

ROOT = Path(__file__).resolve().parents[2]
READING = {"load", "number", "read", "_at_level"}


def code():
    """Yield the source of the package, of what derives tables and of notebooks."""
    for folder in ("toolkit", "data/derive"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            yield path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                yield "".join(cell["source"])


def named_in(text):
    """Return the tables that calls of a source read; ``*name`` for f"{x}name"."""
    out = set()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        first = node.args[0]
        if name in READING and isinstance(first, ast.Constant):
            out.add(str(first.value))
        if name in READING and isinstance(first, ast.JoinedStr):
            last = first.values[-1]
            out.add(f"*{last.value}" if isinstance(last, ast.Constant) else "")
    return out


@pytest.fixture(scope="module")
def read():
    return set().union(*map(named_in, code()))


@pytest.mark.parametrize("name", datasets.names())
def test_a_table_is_read(name, read):
    ends = tuple(x[1:] for x in read if x.startswith("*"))
    assert name in read or name.endswith(ends)


def test_a_table_that_nothing_reads_would_be_noticed(read):
    assert "literature_of_old" not in read
    assert named_in('datasets.load("a"); datasets.load(f"{b}_c"); print("d")') == {
        "a",
        "*_c",
    }
