"""Who may import whom, and the size and habits of every file of the package."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "toolkit"
FILES = sorted(PACKAGE.rglob("*.py"))

# Room -> rooms it may import at run time, the lowest floor first: a room's rule names
# rooms that stand above it in this list only. Imports for type hints alone are free.
MAY_IMPORT = {
    "schema": set(),
    "files": set(),
    "reading": {"schema"},
    "display": {"schema"},
    "tables": {"display", "schema"},
    "datasets": {"schema"},
    "goal": {"schema"},
    "levers": {"datasets", "display", "schema"},  # defaults; a sentence each
    "result": {"display", "files", "schema", "tables"},
    "sources": {"files", "schema"},
    "scenario": {"datasets", "files", "goal", "levers", "reading", "schema"},
    "baseline": {"datasets", "schema"},
    "elasticities": {"datasets", "schema"},
    "estimation": {"elasticities", "schema"},
    "shelf": {"sources", "datasets", "files", "schema"},
    "assembly": {"sources", "baseline", "elasticities", "datasets", "schema"},
    "market": {"baseline", "scenario", "levers", "elasticities", "schema"},
    "models": {
        "market",
        "baseline",
        "scenario",
        "elasticities",
        "result",
        "display",
        "schema",
    },
    "analysis": {
        "models",
        "market",
        "baseline",
        "scenario",
        "levers",
        "goal",
        "elasticities",
        "datasets",  # default drivers and events
        "result",
        "display",
        "schema",
    },
    "charts": {"result", "display", "schema"},
    "explorer": {
        "models",
        "market",
        "baseline",
        "scenario",
        "goal",
        "levers",
        "elasticities",
        "result",
        "display",
        "schema",
    },
    "panel": set(),  # script and style that both drawings show
    "widgets": {
        "analysis",  # what it would take
        "goal",
        "display",
        "explorer",
        "files",
        "panel",
        "models",
        "baseline",
        "scenario",
        "result",
        "schema",
    },
    "sharing": {
        "explorer",
        "panel",
        "charts",
        "analysis",  # the years of the path
        "goal",
        "models",
        "market",
        "baseline",
        "scenario",
        "levers",
        "elasticities",
        "datasets",
        "result",
        "files",
        "display",
        "schema",
    },
}
OPEN_ROOMS = {"__init__", "__main__"}  # they put the house together

# Library -> the only rooms that import it.
LIBRARY_ROOMS = {
    "altair": {"charts"},
    "vl_convert": {"charts", "sharing"},
    "anywidget": {"widgets"},
    "statsmodels": {"estimation"},
    "pyfixest": {"estimation"},
    "linearmodels": {"estimation"},
    "nbconvert": {"sharing"},
    "openpyxl": {"sharing"},
    "jinja2": {"sharing"},
    "bleach": {"sharing"},
    "bs4": {"sharing"},
    "latex2mathml": {"sharing"},
    "requests": {"sources"},
    "comtradeapicall": {"sources"},
    "wbgapi": {"sources"},
    "sdmx": {"sources"},
    "pyarrow": {"sources"},
    "pycountry": {"sources"},
    "lxml": {"sources"},
    "numba": {"models"},
    "SALib": {"analysis"},
    "tqdm": {"analysis", "sources"},
}
LIGHT = {"numpy", "pandas"}
LINES_PER_FILE = 300


def room_of(path):
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def is_for_types(node):
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def run_time_nodes(tree):
    """Yield every node except the bodies of ``if TYPE_CHECKING:``."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if is_for_types(node):
            node = ast.Module(body=node.orelse, type_ignores=[])
        yield from run_time_nodes(node)


def absolute(node, path):
    """Return the dotted module an ``ImportFrom`` means, relative or not."""
    if node.level == 0:
        return node.module or ""
    folder = path.relative_to(PACKAGE.parent).parent.parts
    base = folder[: len(folder) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])


def imported(path):
    """Return the dotted names a file imports at run time, anywhere in it."""
    names = set()
    for node in run_time_nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = absolute(node, path)
            names |= {f"{module}.{alias.name}" for alias in node.names}
    return names


def imported_rooms(path):
    parts = (name.split(".") for name in imported(path))
    rooms = {p[1] if len(p) > 1 else "__init__" for p in parts if p[0] == "toolkit"}
    return rooms - {room_of(path)}


def imported_libraries(path):
    return {name.split(".")[0] for name in imported(path)} - {"toolkit"}


def name_of(path):
    return str(path.relative_to(PACKAGE))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_rooms_import_only_what_they_may(path):
    room = room_of(path)
    if room in OPEN_ROOMS:
        return
    assert imported_rooms(path) <= MAY_IMPORT[room]


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_libraries_stay_in_their_rooms(path):
    for library in imported_libraries(path) & set(LIBRARY_ROOMS):
        assert room_of(path) in LIBRARY_ROOMS[library], library


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_are_small_quiet_and_well_named(path):
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    calls = [n.func for n in ast.walk(tree) if isinstance(n, ast.Call)]
    printing = [f for f in calls if isinstance(f, ast.Name) and f.id == "print"]
    parts = path.relative_to(PACKAGE).parts
    assert len(text.splitlines()) <= LINES_PER_FILE
    assert not printing or room_of(path) == "__main__"
    assert not {"utils.py", "utils", "helpers.py", "misc.py"} & set(parts)
    assert len(parts) <= 2
    assert ast.get_docstring(tree), "a module says in its docstring what it is"


def test_no_module_is_hidden_by_a_name_of_its_room():
    """What a room exports must not be called like one of its modules."""
    for init in PACKAGE.glob("*/__init__.py"):
        room = init.parent.name
        modules = {path.stem for path in init.parent.glob("*.py")}
        split = (name.rpartition(".") for name in imported(init))
        names = {last for first, _, last in split if first != f"toolkit.{room}"}
        assert not modules & names, room


def test_no_rule_leads_back_up():
    """Every room imports from floors below its own, so there is no circle."""
    below = set()
    for room, allowed in MAY_IMPORT.items():
        assert allowed <= below, room
        below.add(room)


def test_one_door_alone_names_a_room_above_it():
    """``tk.elasticities`` hands out what estimates; no other room loads by name."""
    loading = {
        room_of(path)
        for path in FILES
        if "import_module(" in path.read_text(encoding="utf-8")
    }
    assert loading <= {"elasticities", "__init__"}


def test_every_room_has_a_rule():
    rooms = {room_of(path) for path in FILES}
    assert rooms <= set(MAY_IMPORT) | OPEN_ROOMS
    assert "charts" in rooms


def modules_after(statement):
    code = f"{statement}\nimport sys; sys.stdout.write(' '.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_the_package_loads_only_light_libraries():
    plain = modules_after("import " + ", ".join(sorted(LIGHT)))
    added = modules_after("import toolkit") - plain - set(sys.stdlib_module_names)
    added -= {name for name in added if name.startswith("_cython_")}
    assert added <= {"toolkit", "yaml", "_yaml"}


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_the_reader_sees_hidden_and_relative_imports(tmp_path, monkeypatch):
    """Planted faults: the checks above must notice each kind of import."""
    package = tmp_path / "toolkit"
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", package)
    text = (
        "from typing import TYPE_CHECKING\n"
        "from ..datasets import load\n"
        "from .. import charts\n"
        "if TYPE_CHECKING:\n    from toolkit.widgets import explore\n"
        "def late():\n    import altair as alt\n    from toolkit.sharing import page\n"
    )
    path = write(package, "models/smart.py", text)
    assert imported_rooms(path) == {"datasets", "charts", "sharing"}
    assert "altair" in imported_libraries(path)
