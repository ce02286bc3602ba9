"""Every scenario file gives the result that is kept beside this test.

When a change of data, elasticities or model moves a result, write the file anew
with ``python -m toolkit run data/scenarios/NAME.yaml --json`` and explain the
change in CHANGELOG.md.
"""

import json
from pathlib import Path

import pytest

import toolkit as tk
from toolkit import datasets
from toolkit.__main__ import main
from toolkit.levers import KINDS

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted((ROOT / "data" / "scenarios").glob("*.yaml"))
# Solvers stop at 1e-12 on the log price; sums of a thousand flows lose two digits.
RELATIVE = 1e-9
NAMED = {
    "duty_free_both_ways",
    "pharma_and_farm_early_harvest",
    "fertiliser_7mt",
    "eaeu_fta_full",
    "eaeu_fta_realistic",
    "fertiliser_7mt_and_7mt_from_elsewhere",
    "crude_minus_a_third",
    "sanctions_winter_2025",
    "russian_farm_purchases",
    "us_duties_return",
    "rouble_minus_20",
    "summit_package",
}


def expected(path):
    return json.loads((ROOT / "tests" / "expected" / f"{path.stem}.json").read_text())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_file_gives_its_kept_result(path, capsys):
    assert main(["run", str(path), "--json"]) == 0
    found, kept = json.loads(capsys.readouterr().out), expected(path)
    assert found["identities_hold"]
    for key in ("scenario", "notes", "model", "baseline", "unit"):
        assert found[key] == kept[key]
    for name, row in kept["balance"].items():
        for column, value in row.items():
            scale = abs(kept["balance"]["imports"]["baseline"])
            gap = abs(found["balance"][name][column] - value)
            assert gap <= RELATIVE * scale, (name, column)


def test_the_named_files_are_there_and_no_result_is_left_over():
    names = {path.stem for path in FILES}
    assert names >= NAMED
    kept = {path.stem for path in (ROOT / "tests" / "expected").glob("*.json")}
    assert kept == names


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scenario_file_says_who_and_why(path):
    scenario = tk.Scenario.from_yaml(path)
    assert scenario.name == path.stem
    for text in (scenario.title, scenario.author, scenario.reference):
        assert text.strip()
    assert len(scenario.description) > 40


def test_every_kind_of_lever_is_in_some_file():
    used = {type(x) for path in FILES for x in tk.Scenario.from_yaml(path).levers}
    assert used == set(KINDS)


def test_the_package_solves_on_both_years():
    deal = tk.Scenario.from_yaml(ROOT / "data" / "scenarios" / "summit_package.yaml")
    for year in ("2024-25", "2025-26"):
        result = tk.Armington().solve(tk.load_baseline(year), deal)
        assert result.check()["holds"].all()


@pytest.mark.parametrize("year", ["2024-25", "2025-26"])
@pytest.mark.parametrize("case", ["low", "central", "high"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_solves_in_every_case_and_year(path, case, year):
    model = tk.Armington(case=case)
    result = model.solve(tk.load_baseline(year), tk.Scenario.from_yaml(path))
    assert result.check()["holds"].all()
    assert result.range().notna().all(axis=None)
    assert len(result.other_years()) == 1


def test_the_united_states_duties_that_return_are_the_highest_on_the_shelf():
    levied = datasets.load("third_market").query("importer == 'USA'")
    scenario = tk.Scenario.from_yaml(
        datasets.folder() / "scenarios" / "us_duties_return.yaml"
    )
    assert [lever.add for lever in scenario.levers] == [levied.additional_rate.max()]


@pytest.mark.parametrize("name", ["us_duties_return", "summit_package"])
def test_what_the_united_states_exempted_is_left_out(name):
    table = datasets.load("us_duty_exemptions")
    exempt = set(table.loc[table.left_out, "hs"])
    assert {"30", "85", "27"} <= exempt
    file = datasets.folder() / "scenarios" / f"{name}.yaml"
    levers = tk.Scenario.from_yaml(file).levers
    (duty,) = [x for x in levers if isinstance(x, tk.ThirdMarketTariff)]
    assert set(duty.exclude) == exempt
    result = tk.Armington().solve(tk.load_baseline(), tk.Scenario("duty", [duty]))
    moved = result.by_product().loc["exports", "change"]
    assert (moved[[code for code in exempt if code in moved.index]] == 0).all()
    assert moved["84"] > 0
