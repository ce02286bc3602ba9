"""YAML from strangers: bounded in size, depth and aliases before anything is built."""

import subprocess
import sys
import time

import pytest

import toolkit as tk
from toolkit.reading import MOST_BYTES, parse

SECONDS = 10.0


def bomb(levels, width=9):
    lines = ["a0: &a0 [" + ", ".join(["lol"] * width) + "]"]
    for n in range(1, levels):
        inside = ", ".join([f"*a{n - 1}"] * width)
        lines.append(f"a{n}: &a{n} [{inside}]")
    return "\n".join([*lines, "levers: []", ""])


def merging(levels):
    lines = ["a0: &a0 {x0: 1}"]
    for n in range(1, levels):
        inside = ", ".join([f"*a{n - 1}"] * 9)
        lines.append(f"a{n}: &a{n} {{<<: [{inside}], x{n}: 1}}")
    return "\n".join([*lines, "levers: []", ""])


HOSTILE = {
    "aliases": (bomb(12), "values, aliases written out"),
    "aliases in a field": (bomb(7).replace("levers: []", "levers: *a6"), "values"),
    "aliases as a name": ("x: &x [a]\nname: *x\nlevers: []\n", "Scenario key 'x'"),
    "merges": (merging(12), "values, aliases written out"),
    "itself": ("a: &a [*a]\n", "inside what it names"),
    "deep": ("[" * 50_000 + "\n", "levels deep"),
    "deep block": ("- " * 3_000 + "x\n", "levels deep"),
    "deep mapping": ("{a: " * 3_000 + "\n", "levels deep"),
    "large": ("# " + "x" * MOST_BYTES + "\n", "bytes of YAML; at most"),
    "many": ("- 1\n" * 49_000 + "- 1\n", "A scenario is a mapping|values"),
    "a long name": ("name: " + "x" * 150_000 + "\nlevers: []\n", "at most 500"),
    "a long key": ("? " + "k" * 150_000 + "\n: 1\nlevers: []\n", "Scenario key"),
    "a long tag": ("name: !" + "t" * 150_000 + " x\n", "tag '!ttt.*is not read"),
    "a long lever": ("levers:\n- " + "x" * 150_000 + "\n", "A lever is a mapping"),
    "levers deep": (bomb(4) + "", "Scenario key"),
    "python": ("name: !!python/object/apply:os.system [x]\n", "is not read"),
    "bool": ("name: !!bool x\n", "'x' is no bool"),
    "int": ("name: !!int x\n", "'x' is not written as a decimal"),
    "float": ("name: !!float x\n", "'x' is not written as a decimal"),
    "time": ("name: !!timestamp x\n", "'x' is no timestamp"),
    "a date that is none": ("name: 2001-99-99\n", "'2001-99-99' is no timestamp"),
    "binary": ("name: !!binary x\n", "is not read"),
    "huge number": ("name: " + "9" * 5_000 + "\n", "is no int"),
    "octal": ("levers:\n- {lever: Mobility, workers: 0700}\n", "'0700' is not written"),
    "sexagesimal": ("levers:\n- {lever: Mobility, workers: 1:30}\n", "'1:30' is not"),
    "list as a mapping": ("name: !!map [1, 2]\n", "no mapping"),
    "list as a key": ("? [1, 2]\n: x\n", "a key is one word"),
    "twice": ("name: a\nname: b\n", "line 2, column 1: the key 'name' stands twice"),
    "a control": ("name: a\x00b\n", "not valid YAML"),
    "two documents": ("name: a\n---\nname: b\n", "another document"),
    "no levers": ("levers: false\n", "levers must be a list.*False"),
    "a name of zero": ("name: 0\nlevers: []\n", "name is text, not 0"),
    "nothing": ("\n", "A scenario is a mapping"),
    "too many levers": ("levers:\n" + "- {lever: Mobility}\n" * 2_000, "at most 1,000"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_yaml_is_a_short_clear_error_at_once(case):
    text, said = HOSTILE[case]
    began = time.monotonic()
    with pytest.raises(ValueError, match=said) as caught:
        tk.Scenario.from_yaml(text)
    assert time.monotonic() - began < SECONDS
    assert len(str(caught.value)) <= 2_000
    assert "Traceback" not in str(caught.value)


def test_a_bomb_takes_no_memory():
    code = (
        "import resource, toolkit as tk\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"text = {bomb(12)!r}\n"
        "try:\n    tk.Scenario.from_yaml(text)\nexcept ValueError:\n    pass\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "assert after - before < 50_000, after - before\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-500:]


def test_aliases_and_merges_of_modest_size_are_read():
    text = (
        "levers:\n"
        "- &cut {lever: TariffCut, importer: RUS, exporter: IND, to: 0.0}\n"
        "- *cut\n"
        "- {<<: *cut, products: '30', to: 0.05}\n"
    )
    first, second, third = tk.Scenario.from_yaml(text).levers
    assert first == second
    assert (third.to, third.prefixes) == (0.05, ("30",))


@pytest.mark.parametrize(
    ("written", "value"),
    [("7000", 7000), ("-0.5", -0.5), ("1_000", 1000), (".5", 0.5), ("0", 0),
     ("1.5e+3", 1500.0), ("0.25", 0.25), ("00.5", 0.5), ("+3", 3)],
)  # fmt: skip
def test_decimal_numbers_are_read(written, value):
    assert parse(f"x: {written}\n") == {"x": value}


def test_files_that_cannot_be_read_are_named(tmp_path):
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("name: x\ntitle: café\nlevers: []\n".encode("latin-1"))
    with pytest.raises(ValueError, match=r"latin.yaml, line 2: the byte 0xe9 is not"):
        tk.Scenario.from_yaml(latin)
    big = tmp_path / "big.yaml"
    big.write_bytes(b"#" * (MOST_BYTES + 1))
    with pytest.raises(ValueError, match=r"big.yaml has 200,001 bytes"):
        tk.Scenario.from_yaml(big)
    for name in ("a\0.yaml", "x" * 100_000, "", str(tmp_path), "\x1b[2Jx"):
        with pytest.raises(FileNotFoundError, match="No scenario file") as caught:
            tk.Scenario.from_yaml(name)
        assert len(str(caught.value)) < 2_000
        assert "\x1b" not in str(caught.value)
    for source in (None, 5, b"levers: []\n", ["x"]):
        with pytest.raises(ValueError, match="read from a path"):
            tk.Scenario.from_yaml(source)
    marked = tmp_path / "marked.yaml"
    marked.write_bytes(b"\xef\xbb\xbfname: x\r\nlevers: []\r\n")
    assert tk.Scenario.from_yaml(marked).name == "x"
