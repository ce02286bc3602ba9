"""One set of names and bounds, and a wheel that works away from the clone."""

import ast
import functools
import importlib.metadata
import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from rattler import MatchSpec

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]
EXTRAS = PROJECT["optional-dependencies"]
CONDA_EXTRAS = ("lab", "estimation", "uncertainty", "fast", "share", "sources")
OWN_NAME = PROJECT["name"]


def requirements(*extras):
    """Return ``{name: bounds}`` of the base and the named extras of pyproject.toml."""
    lines = [*PROJECT["dependencies"], *(x for name in extras for x in EXTRAS[name])]
    parsed = [Requirement(line) for line in lines]
    return {r.name: bounds(str(r.specifier)) for r in parsed if r.name != OWN_NAME}


def bounds(text):
    return frozenset(text.replace(" ", "").split(","))


def environment():
    """Return the conda specs and the pip lines of environment.yml."""
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    entries = yaml.safe_load(text)["dependencies"]
    conda = [entry for entry in entries if isinstance(entry, str)]
    pip = next(entry["pip"] for entry in entries if isinstance(entry, dict))
    return conda, pip


def conda_names():
    specs = [MatchSpec(text) for text in environment()[0]]
    return {spec.name.normalized: bounds(str(spec.version)) for spec in specs}


def test_environment_has_the_names_and_bounds_of_pyproject():
    conda = conda_names()
    assert conda.pop("python") == bounds(PROJECT["requires-python"])
    conda.pop("pip")
    pip = [Requirement(x) for x in environment()[1] if not x.startswith("-")]
    found = conda | {r.name: bounds(str(r.specifier)) for r in pip}
    assert found == requirements(*CONDA_EXTRAS)


def test_environment_installs_the_package_itself():
    assert "-e ." in environment()[1]


def test_a_malformed_spec_would_be_noticed():
    with pytest.raises(Exception, match=r"(?i)version|constraint|parse|spec"):
        MatchSpec("altair>=>6")


@pytest.mark.parametrize("extra", sorted(EXTRAS))
def test_every_requirement_has_both_bounds(extra):
    for name, found in requirements(extra).items():
        signs = sorted(x.rstrip("0123456789.") for x in found)
        assert signs == ["<", ">="], name


def test_installed_versions_lie_inside_the_bounds():
    """The bounds say "tested", so the run itself must lie inside them."""
    names = requirements("lab", "estimation", "share", "sources", "test")
    for name, found in names.items():
        requirement = Requirement(f"{name}{','.join(found)}")
        assert importlib.metadata.version(name) in requirement.specifier, name


@functools.cache
def distributions():
    return importlib.metadata.packages_distributions()


def third_party(tree):
    """Return the distributions behind the imports of a module, however deep."""
    modules = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            modules.add(node.module.split(".")[0])
    modules -= set(sys.stdlib_module_names) | {"toolkit"}
    known = distributions()
    return {known.get(module, [module])[0].lower() for module in modules}


def package_imports():
    paths = sorted((ROOT / "toolkit").rglob("*.py"))
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in paths]
    return set().union(*(third_party(tree) for tree in trees))


def test_every_import_of_the_package_is_declared():
    declared = requirements(*(name for name in EXTRAS if name != "test"))
    assert package_imports() <= {name.lower() for name in declared}


def test_every_base_requirement_is_imported():
    assert {name.lower() for name in requirements()} <= package_imports()


def test_citation_names_the_same_version_and_licence():
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    citation = yaml.safe_load(text)
    assert str(citation["version"]) == PROJECT["version"]
    assert citation["license"] == PROJECT["license"]


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory):
    """Build the wheel of this tree and unpack it into an empty folder."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps"]
    known = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    subprocess.run([*command, "-w", str(folder), str(ROOT)], check=True, env=known)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


@pytest.mark.slow
def test_wheel_holds_every_data_file(unpacked_wheel):
    kept = {p.relative_to(ROOT / "data") for p in (ROOT / "data").rglob("*.*")}
    carried = unpacked_wheel / "toolkit" / "data"
    missing = [str(p) for p in kept if not (carried / p).is_file()]
    assert kept
    assert not [p for p in missing if "__pycache__" not in p]


@pytest.mark.slow
def test_wheel_runs_a_scenario_away_from_the_clone(unpacked_wheel, tmp_path):
    scenario = unpacked_wheel / "toolkit/data/scenarios/fertiliser_7mt.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "toolkit", "run", str(scenario)],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(unpacked_wheel)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "63,811" in done.stdout
