"""The explorer in a year of the path: what stands on screen is that year's."""

import time

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit.explorer.sources import SOURCES
from toolkit.market import flows_of

SAME = 1e-9  # US$ mn
DUTIES = "pharma_and_farm_early_harvest"


def ask(explorer, **message):
    explorer._heard(explorer, message, None)


def gap(one, other):
    """Return the largest difference of two results, flow by flow."""
    mine, theirs = one.variable("value"), other.variable("value")
    before = np.abs(mine.baseline - theirs.baseline).max()
    return max(before, np.abs(mine.counterfactual - theirs.counterfactual).max())


@pytest.mark.parametrize("year", [2025, 2027, 2030])
@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("summit_package", "Armington"),
        ("eaeu_fta_full", "Armington"),
        ("fertiliser_7mt", "Armington"),
        (DUTIES, "SMART"),
    ],
)
def test_a_year_is_that_of_the_path(explorer, base, name, model, year):
    explorer.load(name)
    explorer.choose(model=model, year=year)
    kind = {"Armington": tk.Armington, "SMART": tk.Smart}[model]
    due = tk.path(kind(), base, tk.Scenario.from_yaml(name), until=2030).result(year)
    assert gap(explorer.result, due) < SAME
    assert set(explorer.result.notes) == set(due.notes)
    assert (explorer.result.range() - due.range()).abs().max().max() < SAME
    explorer.choose(year=None)
    assert gap(explorer.result, due) > 1.0


def test_a_staged_cut_comes_into_force_step_by_step(explorer):
    cut = tk.TariffCut(importer="RUS", exporter="IND", to=0.0, start=2027, phase_in=3)
    explorer.load(tk.Scenario("staged", [cut]))
    shares = []
    for year in (2026, 2027, 2028, 2029):
        explorer.choose(year=year)
        table = explorer.result.balance().loc["exports"]
        shares.append(table["change"] / table["baseline"])
    assert shares[0] == 0.0
    assert shares == sorted(set(shares))


def test_assumptions_and_sources_hold_in_a_year(explorer, base):
    explorer.set("RUS:all", 60)
    explorer.assume("import_demand_elasticity", "high")
    explorer.choose(source=next(iter(SOURCES)), year=2027, horizon="short")
    names: dict = {}
    exec(explorer.state["python"], names)  # what a user pastes
    assert gap(names["result"], explorer.result) < SAME
    assert ".result(2027)" in explorer.state["python"]
    assert "horizon" not in explorer.state["python"]


def test_no_year_is_as_it_was(explorer, base):
    explorer.set("RUS:all", 60)
    due = explorer.state
    explorer.choose(year=2029)
    assert explorer.state["screen"] != due["screen"]
    explorer.choose(year=None)
    for part in ("screen", "choices", "python", "yaml"):
        assert explorer.state[part] == due[part]
    alone = tk.Armington().solve(base, explorer.scenario)
    assert gap(explorer.result, alone) < SAME
    assert explorer.scenario.path is None


def test_all_of_the_screen_stands_on_the_reference_of_the_year(explorer, base):
    explorer.load("fertiliser_7mt")
    explorer.choose(year=2028)
    reference = tk.path(tk.Armington(), base, until=2028).reference(2028)
    screen = explorer.state["screen"]
    for figure in screen["figures"]:
        due = float(reference.balance()[figure["name"]]) / 1e3
        assert figure["before"].replace("\u2212", "-") == f"{due:.2f}"
    sold = [n for n, b in enumerate(explorer.panel["bars"]) if b["flow"] == "exports"]
    exports = sum(screen["before"][n] for n in sold)
    assert exports == pytest.approx(float(reference.balance()["exports"]) / 1e3)
    market = next(m for m in screen["suppliers"] if "Urea" in m["title"])
    flows = flows_of(reference)
    urea = (flows.product == "310210") & (flows.importer == "IND")
    due = flows.value[urea & (flows.exporter != "IND")].sum()
    assert sum(row[1] for row in market["rows"]) == pytest.approx(due, rel=1e-6)
    assert any(note.startswith("Reference path") for note in screen["details"])
    assert screen["answer"]["balance"].startswith("In 2028-29 ")
    assert "(in 2028-29)" in screen["assumptions"][0]["source"] or (
        screen["assumptions"][0]["source"].startswith("published")
    )


def test_what_a_model_cannot_carry_is_refused_in_a_year_too(explorer):
    explorer.set("target:310210", 2.0)
    explorer.choose(model="SMART", year=2028)
    assert explorer.result is None
    assert "cannot carry QuantityTarget" in explorer.error
    assert explorer.state["refused"] == ["target:310210"]
    explorer.choose(year=None, model="Armington")
    assert explorer.error == ""


FRAME = pd.DataFrame(
    {
        "importer": ["CHN", "CHN", "USA"],
        "exporter": ["USA", "ROW", "CHN"],
        "product": ["", "", ""],
        "value_usd_mn": [60.0, 40.0, 90.0],
        "applied_rate": [0.1, 0.1, 0.05],
    }
)


@pytest.mark.parametrize(
    ("year", "stops"), [("2020", 11), ("2024-25", 7), ("2029-30", 2)]
)
def test_any_baseline_with_a_year_has_a_slider(year, stops):
    own = tk.Baseline.from_frame(FRAME, reporter="CHN", partner="USA", year=year)
    explorer = tk.explore(own)
    assert len(explorer.panel["years"]) == stops
    assert explorer.panel["aims"] == []
    explorer.set("CHN:all", 100)
    explorer.choose(year=2030)
    due = tk.path(tk.Armington(), own, explorer.scenario).result(2030)
    assert gap(explorer.result, due) < SAME


@pytest.mark.parametrize("year", ["", "mine", "2030", "2041-42"])
def test_a_baseline_without_a_year_after_it_has_no_slider(year):
    own = tk.Baseline.from_frame(FRAME, reporter="CHN", partner="USA", year=year)
    explorer = tk.explore(own)
    assert explorer.panel["years"] == []
    with pytest.raises(ValueError, match="no year after that of the baseline"):
        explorer.choose(year=2028)


@pytest.mark.parametrize("year", [2024, 2031, "2028", 2028.5, True])
def test_a_year_that_is_not_on_the_path_changes_nothing(explorer, year):
    explorer.choose(year=2026)
    with pytest.raises(ValueError, match="year"):
        explorer.choose(year=year)
    ask(explorer, do="year", value=year)
    assert "year" in explorer.state["message"]
    assert explorer.state["choices"]["year"] == 2026


def test_a_reset_puts_the_year_back_and_a_shot_brings_it_again(explorer):
    explorer.set("crude:cut", 20)
    ask(explorer, do="year", value=2029)
    ask(explorer, do="rest")
    shot = {name: explorer.state[name] for name in ("base", "settings", "choices")}
    due = explorer.state["screen"]
    explorer.keep()
    explorer.reset()
    assert explorer.state["choices"]["year"] is None
    ask(explorer, do="put", **shot)
    assert explorer.state["screen"] == due
    assert explorer.kept[0].year == "2029-30"


def test_a_dragged_year_is_answered_first(explorer):
    ask(explorer, do="year", value=2029)
    assert explorer.state["screen"]["band"] is None
    assert explorer.state["python"] is None
    ask(explorer, do="range")
    assert explorer.state["screen"]["band"] is not None


def test_a_file_carries_the_path_and_says_so(explorer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    explorer.set("crude:cut", 25)
    explorer.choose(year=2027)
    assert explorer.state["yaml"] == explorer.scenario.to_yaml()
    ask(explorer, do="save", name="mine.yaml", overwrite=False)
    assert "Its path goes to 2027" in explorer.state["message"]
    saved = tk.Scenario.from_yaml("mine.yaml")
    assert saved.path == explorer.scenario.path
    due = tk.path(tk.Armington(), explorer.baseline, saved).result(2027)
    assert gap(explorer.result, due) < SAME
    explorer.reset()
    ask(explorer, do="load", name="mine.yaml")
    assert "chosen on the slider" in explorer.state["message"]


def test_the_speed_of_a_loaded_file_is_kept(explorer, base):
    cut = tk.TariffCut(importer="RUS", exporter="IND", to=0.0, start=2026)
    fast = tk.Scenario("fast", [cut], path=tk.Course(until=2027, speed=0.5))
    explorer.load(fast)
    explorer.choose(year=2028)
    due = tk.path(tk.Armington(), base, fast, until=2028).result(2028)
    other = tk.path(tk.Armington(), base, fast, until=2028, speed=0.25).result(2028)
    assert gap(explorer.result, due) < SAME < 1 < gap(explorer.result, other)
    names: dict = {}
    exec(explorer.state["python"], names)
    assert gap(names["result"], due) < SAME


@pytest.mark.parametrize(("name", "value"), [("crude:cut", 37.5), ("RUS:all", 62.0)])
def test_a_goal_is_that_of_the_year(explorer, name, value):
    explorer.choose(year=2028)
    explorer.set(name, value)
    goal = explorer.result.balance().loc["balance", "counterfactual"] / 1e3
    explorer.set(name, 0)
    ask(explorer, do="goal", figure="balance", value=goal, lever=name)
    assert explorer.state["goal"]["value"] == pytest.approx(value, abs=1e-6)
    assert " in 2028-29: reached with" in explorer.state["goal"]["sentence"]


AIM = {"do": "aim", "file": "hundred_billion_2030"}
MOST_SECONDS = 1.0


def test_a_hundred_billion_by_2030_takes_two_steps(explorer, base):
    (aim,) = explorer.panel["aims"]
    assert aim["file"] == AIM["file"]
    ask(explorer, **AIM)  # what it imports, once
    explorer.reset()
    began = time.perf_counter()
    ask(explorer, **AIM)
    assert time.perf_counter() - began < MOST_SECONDS
    goal = explorer.state["goal"]
    wanted = tk.Scenario.from_yaml(AIM["file"])
    due = tk.solve_for(
        tk.Armington(), base, wanted.levers[0], wanted.goal.target,
        field="kilotonnes", bounds=wanted.goal.bounds,
    )  # fmt: skip
    assert goal["value"] == pytest.approx(due.value, rel=1e-9)
    then = due.result.balance()["counterfactual"]
    assert (
        f"The deficit is then US$ {-then['balance'] / 1e3:.2f} bn."
        in (goal["sentence"])
    )
    assert explorer.result.balance()["change"].abs().max() == 0.0
    ask(explorer, do="set", name=goal["name"], value=goal["value"])
    met = explorer.result.balance()["counterfactual"]
    assert (met - then).abs().max() < 1e-6
    assert met["exports"] + met["imports"] == pytest.approx(100_000)


def test_the_ends_of_a_goal_come_when_all_rests(explorer, base):
    ask(explorer, **AIM)
    point = explorer.state["goal"]
    ask(explorer, do="ends")
    goal = explorer.state["goal"]
    wanted = tk.Scenario.from_yaml(AIM["file"])
    table = tk.solve_for(
        tk.Armington(), base, wanted.levers[0], wanted.goal.target,
        field="kilotonnes", bounds=wanted.goal.bounds,
    ).band(progress=False)  # fmt: skip
    ends = table.iloc[1:]
    met = ends[ends["met"].astype(bool)]
    low, high = (f"{x:,.0f}" for x in (met["value"].min(), met["value"].max()))
    missed = len(ends) - len(met)
    assert f"{low} to {high} kt" in goal["sentence"]
    assert f"at {missed} ends it is out of reach" in goal["sentence"]
    worst = f"{abs(met['balance'].min()) / 1e3:.2f}"
    assert f"the balance US$ \u2212{worst} to " in goal["sentence"]
    assert (point["open"], goal["open"]) == (True, False)
    ask(explorer, do="ends")
    assert explorer.state["goal"] == goal
    explorer.set("rouble", 5)
    ask(explorer, do="ends")
    assert explorer.state["goal"]["sentence"] == ""


def test_an_unknown_aim_is_refused(explorer):
    ask(explorer, do="aim", file="another")
    assert "No aim 'another'" in explorer.state["message"]


TIMES = {"balance": 0.5, "exports": 1.25, "imports": 0.5, "total": 1.5}


@pytest.mark.parametrize("year", [None, 2030])
@pytest.mark.parametrize("figure", TIMES)
def test_the_first_lever_offered_meets_the_first_goal(explorer, figure, year):
    """As the goal box begins: panel/goal.js has the same multiples of today."""
    explorer.choose(year=year)
    today = explorer.result.balance()["baseline"] / 1e3
    today["total"] = today["exports"] + today["imports"]
    first = explorer.panel["strongest"][figure][0]
    value = TIMES[figure] * today[figure]
    ask(explorer, do="goal", figure=figure, value=value, lever=first)
    assert explorer.state["goal"]["name"] == first


def test_a_refused_goal_names_the_lever_and_not_its_far_end(explorer):
    explorer.choose(model="SMART")
    ask(explorer, do="goal", figure="balance", value=-30, lever="crude:cut")
    said = explorer.state["goal"]["sentence"]
    assert "\u201cRussian crude lost\u201d" in said
    assert "100" not in said
