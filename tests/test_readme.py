"""The README's code runs, its figures are the data's, its files exist."""

import re
from pathlib import Path

import pytest

import toolkit as tk
from toolkit.market import combination_rules

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LONGEST_TOUR = 20


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_tour_runs_and_is_short(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tour,) = blocks("python")
    names = {}
    exec(compile(tour, "README.md", "exec"), names)
    assert len([line for line in tour.splitlines() if line.strip()]) <= LONGEST_TOUR
    assert names["same"].levers == names["deal"].levers
    assert names["result"].check()["holds"].all()


def test_the_figures_of_the_first_lines_are_the_baseline():
    exports, imports = re.findall(r"US\$ ([\d.]+) bn", README)[:2]
    balance = tk.load_baseline("2024-25").balance() / 1000
    assert float(exports) == pytest.approx(balance["exports"], abs=0.005)
    assert float(imports) == pytest.approx(balance["imports"], abs=0.005)


@pytest.mark.parametrize("ending", ["02_scenario_explorer.ipynb", "-m pytest", ".yaml"])
def test_each_command_is_one_line_with_its_own_environment(ending):
    lines = [x for text in blocks("sh") for x in text.splitlines() if x.strip()]
    found = [x for x in lines if x.endswith(ending) and not x.startswith("conda")]
    assert len(found) == 1
    assert found[0].startswith("python3 -m venv .venv && .venv/bin/pip install ")


def test_every_path_the_readme_names_exists():
    named = re.findall(r"`((?:data|notebooks|toolkit|tests)/[\w./]*)`", README)
    named += re.findall(r"(?:data|notebooks)/[\w./]+\.(?:yaml|ipynb|md|png)", README)
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_the_table_of_levers_is_the_one_the_code_makes():
    rows = [
        f"| `{name}` | {row['changes']} | {row['unit']} | {row['source of defaults']} |"
        for name, row in tk.levers.table().iterrows()
    ]
    assert "\n".join(rows) in README


def test_the_number_of_scenario_files_is_right():
    (word,) = re.findall(r"`data/scenarios/` \| (\w+) scenario files", README)
    files = list((ROOT / "data" / "scenarios").glob("*.yaml"))
    assert {"eighteen": 18, "nineteen": 19, "twenty": 20}[word] == len(files)


def test_the_table_of_combinations_is_the_one_the_code_makes():
    rows = [
        f"| {row['what']} | {row['several levers']} |"
        for _, row in combination_rules().iterrows()
    ]
    assert "\n".join(rows) in README


def test_the_record_is_stated_as_the_code_scores_it():
    """Good or bad: the sentence is the one that the record says of itself."""
    base = tk.load_baseline("2024-25")
    record = tk.backtest(tk.Armington(), base, progress=False)
    assert str(record.sentence) in " ".join(README.split())
