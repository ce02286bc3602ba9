"""What a terminal is shown: one line for each text, nothing that moves the cursor."""

import os
import subprocess
import sys

import pytest

import toolkit as tk
from markets import both_ways
from toolkit.__main__ import main

FAKE = "Deal\n  balance  -1.0  +9,999.0  +10,000.0\nIdentities: hold.\t\u202egnp"
CUT = {"importer": "RUS", "exporter": "IND", "to": 0.0}


def hostile():
    return tk.Scenario(FAKE, [tk.TariffCut(**CUT)], title=FAKE, description=FAKE)


def base():
    return tk.Baseline.from_frame(
        both_ways().frame,
        source=FAKE,
        year="20\t24",
        names={"30": f"Pills {FAKE}", "31": "Urea\nbalance 5"},
    )


def as_shown():
    result = tk.Armington().solve(base(), hostile())
    return {
        "scenario": repr(hostile()),
        "result": repr(result),
        "summary": result.summary().text,
        "explain": str(result.explain()),
        "baseline": repr(base()),
    }


@pytest.mark.parametrize(
    "what", ["scenario", "result", "summary", "explain", "baseline"]
)
def test_names_fake_no_lines(what):
    text = as_shown()[what]
    assert not [x for x in text.splitlines() if x.startswith("  balance  -1.0")]
    assert not [x for x in text.splitlines() if x.startswith("Identities")]
    marks = set(text) - {"\n"}
    assert all(mark.isprintable() for mark in marks), sorted(marks)


def test_an_escape_code_never_reaches_the_terminal(tmp_path, capsys):
    path = tmp_path / "x.yaml"
    path.write_text('name: "a\\e[2Jb"\nlevers: []\n', encoding="utf-8")
    for arguments in (
        ["run", str(path)],
        ["run", "no\x1b[2J.yaml"],
        ["data", "fl\x1b[2J"],
        ["share", str(path), "--out", "x\x1b[2J.nothing"],
        ["run", str(path), "--model", "\x1b[2J"],
    ):
        assert main(arguments) == 2
        printed = capsys.readouterr()
        assert "\x1b" not in printed.out + printed.err
        assert len(printed.err.splitlines()) == 1
        assert len(printed.err) < 2_000


def test_the_fake_result_file_prints_as_one_scenario(tmp_path, capsys):
    path = tmp_path / "x.yaml"
    hostile().to_yaml(path)
    assert main(["run", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum(line.startswith("balance") for line in lines) == 1
    assert sum(line.startswith("Identities") for line in lines) == 1


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp866"])
def test_any_terminal_is_written_to(tmp_path, encoding):
    path = tmp_path / "x.yaml"
    tk.Scenario("Сделка 協定 \u2212", [tk.TariffCut(**CUT)], title="भारत").to_yaml(path)
    for arguments in (
        ["run", str(path)],
        ["data", "flows"],
        ["run", "Нет.yaml"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "toolkit", *arguments],
            capture_output=True,
            check=False,
            env={
                **os.environ,
                "LC_ALL": "C",
                "PYTHONUTF8": "0",
                "PYTHONCOERCECLOCALE": "0",
                "PYTHONIOENCODING": f"{encoding}:strict",
            },
        )
        said = done.stderr.decode(encoding)
        assert "Traceback" not in said
        assert done.returncode == (2 if arguments[1] == "Нет.yaml" else 0), said
        done.stdout.decode(encoding)


def test_an_interrupt_says_so(capsys, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(tk.Scenario, "from_yaml", stop)
    assert main(["run", "x.yaml"]) == 130
    assert "interrupted" in capsys.readouterr().err
