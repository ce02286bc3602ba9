"""The explorer without a browser: levers, scenarios, files, no leak."""

import dataclasses

import pandas as pd
import pytest

import toolkit as tk
from toolkit.explorer import (
    controls_of,
    neutral,
    panel_of,
    questions_of,
    scenario_of,
    screen_of,
    starting,
)
from toolkit.explorer.own import reading
from toolkit.explorer.sources import SOURCES
from toolkit.market import effects_of, flows_of, shocks_of

VALUE = 1e-9  # US$ mn: the explorer solves with the same code, so nothing is lost
SHOWN = 1e-6  # figures are rounded to six digits of US$ bn before they are sent


def far_end(control):
    return control.high if control.high > control.neutral else control.low


def on_screen(explorer):
    return explorer.state["screen"]


def change_of(explorer, flow):
    return explorer.result.balance().loc[flow, "change"]


def test_at_rest_nothing_moves(explorer):
    assert explorer.settings == {}
    assert explorer.scenario.levers == ()
    assert explorer.result.balance()["change"].abs().max() < VALUE
    assert on_screen(explorer)["answer"]["balance"].startswith("Nothing is changed")


@pytest.mark.parametrize("control", controls_of(tk.load_baseline("2024-25")))
def test_every_control_makes_a_scenario_that_solves(base, control):
    controls = controls_of(base)
    scenario = scenario_of(controls, {control.name: far_end(control)})
    result = tk.Armington().solve(base, scenario)
    assert result.check()["holds"].all()
    if control.name.endswith(":mfn"):
        assert scenario.levers == ()
    else:
        assert len(scenario.levers) == 1
        moved = result.displacement().abs().to_numpy().sum()
        moved += result.displacement("RUS").abs().to_numpy().sum()
        assert moved > 0 or not result.invisibles().empty


@pytest.mark.parametrize("control", controls_of(tk.load_baseline("2024-25")))
def test_the_first_step_from_today_moves_something(base, control):
    """No slider is dead at its start: a target begins at what is bought."""
    if control.name.endswith(":mfn"):
        return
    place = control.positions.index(control.neutral)
    at_the_top = place + 1 == len(control.positions)
    step = control.positions[place - 1 if at_the_top else place + 1]
    scenario = scenario_of(controls_of(base), {control.name: step})
    result = tk.Armington().solve(base, scenario)
    moved = result.displacement().abs().to_numpy().sum()
    moved += result.displacement("RUS").abs().to_numpy().sum()
    assert moved > 0 or not result.invisibles().empty


def test_every_control_says_what_it_does_and_where_from(base):
    for control in controls_of(base):
        assert control.what, control.name
        assert control.source or control.switch, control.name
        assert len(control.unit) <= 8, control.name
        assert control.positions[0] == control.low
        assert control.positions[-1] == control.high


def test_every_kind_of_lever_has_a_control(base):
    far = {c.name: far_end(c) for c in controls_of(base) if c.name != "IND:mfn"}
    made = scenario_of(controls_of(base), far).levers
    assert {type(lever) for lever in made} == set(tk.levers.KINDS)


def test_names_are_unique_and_settings_known(base):
    controls = controls_of(base)
    assert len({c.name for c in controls}) == len(controls)
    assert scenario_of(controls, neutral(controls)).levers == ()
    with pytest.raises(ValueError, match="tariff on the moon"):
        scenario_of(controls, {"tariff on the moon": 1.0})


def test_the_headline_target_is_all_fertiliser(explorer):
    today = next(c.neutral for c in explorer.controls if c.name == "target:31")
    assert today == pytest.approx(3.68, abs=0.005)
    explorer.set("target:31", 7.0)
    deal = tk.Armington().solve(explorer.baseline, "fertiliser_7mt").balance()
    assert (explorer.result.balance() - deal).abs().max().max() < VALUE


def test_price_levers_come_on_top_of_each_other(explorer, base):
    """Ten per cent for all, five dollars less for Russia: both, not the later."""
    explorer.set("crude:world", 10)
    explorer.set("crude:discount", 5)
    flows, effects = flows_of(base), effects_of(base, explorer.scenario)
    price = shocks_of(base, explorer.scenario, effects)["price"]
    crude = (flows.importer == "IND") & (flows.product == "2709")
    russian = crude & (flows.exporter == "RUS")
    usd = explorer.result.barrels().loc["RUS", ("US$ a barrel", "baseline")]
    assert price[russian] == pytest.approx(1.1 * (1.0 - 5.0 / usd))
    assert price[crude & ~russian] == pytest.approx(1.1)


def test_a_move_shows_what_the_model_says(explorer, base):
    explorer.set("RUS:Medicines", 100)
    cut = tk.TariffCut(importer="RUS", exporter="IND", products="30", by=1.0)
    result = tk.Armington().solve(base, tk.Scenario("x", [cut]))
    assert (explorer.result.balance() - result.balance()).abs().max().max() < VALUE
    rows = panel_of(base, explorer.controls)["moves"]
    labels = [row["label"] for row in rows if row["flow"] == "exports"]
    figures = dict(zip(labels, on_screen(explorer)["charts"], strict=False))
    change = result.balance().loc["exports", "change"] / 1e3
    assert figures["Medicines"] == pytest.approx(change, abs=SHOWN)
    assert on_screen(explorer)["figures"][0]["change"] == f"+{change:.2f}"


def test_the_switch_turns_a_preference_into_an_mfn_cut(explorer):
    explorer.set("IND:Edible oils", 50)
    alone = change_of(explorer, "imports")
    explorer.set("IND:mfn", 1)
    assert explorer.scenario.levers[0].exporter == "ALL"
    assert change_of(explorer, "imports") < alone


def test_reset_puts_everything_back(explorer):
    explorer.load("summit_package")
    explorer.assume("export_supply_elasticity", "low")
    explorer.choose(horizon="short")
    explorer.reset()
    assert explorer.settings == {}
    assert explorer.state["choices"]["ends"] == {}
    assert explorer.result.balance()["change"].abs().max() < VALUE


def test_a_model_that_cannot_carry_a_lever_withdraws_its_figures(explorer):
    explorer.set("target:310210", 2.0)
    explorer.set("RUS:Medicines", 50)
    explorer.choose(model="SMART")
    assert explorer.result is None
    assert explorer.state["screen"] is None
    assert "cannot carry QuantityTarget" in explorer.error
    assert explorer.state["refused"] == ["target:310210"]
    explorer.set("target:310210", explorer.controls[0].neutral or 0.92)
    assert explorer.error == ""
    smart = tk.Smart().solve(explorer.baseline, explorer.scenario)
    assert (explorer.result.balance() - smart.balance()).abs().max().max() < VALUE


@pytest.mark.parametrize("name", tk.Scenario.shipped())
def test_a_loaded_scenario_moves_the_levers(explorer, base, name):
    explorer.set("rouble", -10)
    explorer.load(name)
    scenario = tk.Scenario.from_yaml(name)
    assert len(explorer.settings) == len(scenario.levers)
    assert "rouble" not in explorer.settings or "rouble" in name or "summit" in name
    gap = explorer.result.balance() - tk.Armington().solve(base, scenario).balance()
    assert gap.abs().max().max() < 1e-6
    assert explorer.state["title"] == scenario.title
    explorer.load("")
    assert explorer.settings == {}
    assert explorer.result.balance()["change"].abs().max() < VALUE


def test_a_lever_that_no_control_makes_can_be_turned(explorer, base):
    explorer.load("sanctions_winter_2025")
    (own,) = [c for c in explorer.controls if c.name.startswith("lever:")]
    assert own.label == "Russian crude oil (HS 2709) to India disrupted"
    assert own.unit == "mb/d"
    assert own.neutral == pytest.approx(1.75, abs=0.01)  # what flows today
    explorer.set(own.name, 0.5)
    (lever,) = explorer.scenario.levers
    assert (lever.to_mbd, lever.months) == (0.5, 3.0)
    explorer.set(own.name, own.neutral)
    assert explorer.scenario.levers == ()


@pytest.mark.parametrize("control", controls_of(tk.load_baseline("2024-25")))
def test_a_control_is_read_back_from_its_lever(control):
    if control.name.endswith(":mfn"):
        return
    for value in {control.positions[1], far_end(control)} - {control.neutral}:
        (lever,) = control.levers(value, {})
        assert reading(control, lever) == pytest.approx(value)


def test_a_lever_that_differs_in_anything_else_is_not_taken_for_a_control(base):
    staged = tk.TradeCostChange(
        importer="RUS", exporter="IND", factor=0.9, start=2027, phase_in=3
    )
    controls, settings = starting(controls_of(base), tk.Scenario("x", [staged]), base)
    assert list(settings) == ["lever:1"]
    assert scenario_of(controls, settings).levers == (staged,)


def test_the_questions_are_answered(explorer, base):
    asked = questions_of(controls_of(base))
    assert len(asked) == 6
    for question in asked:
        explorer.reset()
        for name, value in question.settings.items():
            explorer.set(name, value)
        assert explorer.error == "", question.text
        assert explorer.result.balance()["change"].abs().max() > 1


def test_elasticities_can_stand_at_their_ends(explorer):
    explorer.set("RUS:Machinery and electrical", 100)
    changes = {}
    for end in ("low", "central", "high"):
        explorer.assume("substitution_elasticity", end)
        changes[end] = change_of(explorer, "exports")
    assert changes["low"] < changes["central"] < changes["high"]
    table = explorer.result.assumptions()
    assert explorer.result.range().loc["exports", "least"] <= changes["low"]
    assert "substitution elasticity" in table.index


def test_a_short_horizon_moves_less(explorer):
    explorer.set("RUS:all", 100)
    long = change_of(explorer, "exports")
    explorer.choose(horizon="short")
    assert 0 < change_of(explorer, "exports") < long
    assert on_screen(explorer)["answer"]["balance"].startswith("In the first year")


@pytest.mark.parametrize("name", list(SOURCES))
def test_the_source_of_elasticities_can_be_chosen(explorer, name):
    explorer.set("RUS:Machinery and electrical", 100)
    explorer.choose(source=name)
    used = explorer.result.elasticities.query(
        "concept == 'substitution_elasticity' and importer == 'RUS' and product == '84'"
    )["value"].iloc[0]
    expected = {
        "Bajzik et al. 2020, one for all": 3.8,
        "Boehm et al. 2023, long run": 2.0,
        "Boehm et al. 2023, one year": 0.76,
        "impex-machina median": 2.705,
    }
    assert used == pytest.approx(expected.get(name, used))
    assert used > 0
    names: dict = {}
    exec(explorer.state["python"], names)
    gap = names["result"].balance() - explorer.result.balance()
    assert gap.abs().max().max() < VALUE


def test_the_code_on_screen_reproduces_the_result(explorer):
    explorer.set("RUS:Food and marine", 50)
    explorer.set("target:310210", 2.0)
    explorer.set("rouble", -20)
    explorer.assume("substitution_elasticity", "low")
    explorer.choose(horizon="short")
    names: dict = {}
    exec(explorer.state["python"], names)  # what a user pastes
    gap = names["result"].balance() - explorer.result.balance()
    assert gap.abs().max().max() < VALUE
    assert explorer.state["yaml"] == explorer.scenario.to_yaml()


def ask(explorer, **message):
    """Ask as the front end does."""
    explorer._heard(explorer, message, None)


def test_saving_writes_once_and_never_over_unasked(explorer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    explorer.set("crude:cut", 25)
    ask(explorer, do="save", name="mine.yaml", overwrite=False)
    saved = (tmp_path / "mine.yaml").read_text()
    assert tk.Scenario.from_yaml(saved).levers == explorer.scenario.levers
    assert explorer.state["files"][0][0] == "mine.yaml"
    explorer.set("crude:cut", 50)
    ask(explorer, do="save", name="mine.yaml", overwrite=False)
    assert (tmp_path / "mine.yaml").read_text() == saved
    assert explorer.state["exists"]
    assert "exists" in explorer.state["message"]
    ask(explorer, do="save", name="mine.yaml", overwrite=True)
    assert "0.5" in (tmp_path / "mine.yaml").read_text()
    explorer.reset()
    ask(explorer, do="load", name="mine.yaml")
    assert explorer.settings == {"crude:cut": 50.0}
    with pytest.raises(FileExistsError):
        explorer.save("mine.yaml")


def test_what_goes_wrong_is_said_and_changes_nothing(explorer):
    explorer.set("crude:cut", 25)
    before = explorer.state["screen"]
    ask(explorer, do="load", name="no_such_scenario")
    assert "No scenario 'no_such_scenario' here" in explorer.state["message"]
    ask(explorer, do="set", name="crude:cut", value=2000)
    assert "allowed are 0 to 100" in explorer.state["message"]
    ask(explorer, do="choose", name="model", value="GTAP")
    assert (
        "did you mean" in explorer.state["message"]
        or "Allowed" in (explorer.state["message"])
    )
    assert explorer.settings == {"crude:cut": 25.0}
    assert explorer.state["screen"] == before


GOAL = 1e-6  # a lever's value and US$ mn


@pytest.mark.parametrize(("name", "value"), [("crude:cut", 37.5), ("RUS:all", 62.0)])
@pytest.mark.parametrize("figure", ["balance", "total"])
def test_a_goal_made_from_a_lever_is_met_by_it(explorer, name, value, figure):
    """With all else on screen: another lever, an assumption, a source, a horizon."""
    explorer.set("target:31", 7.0)
    explorer.assume("export_supply_elasticity", "low")
    explorer.choose(source=next(iter(SOURCES)), horizon="short")
    explorer.set(name, value)
    due = explorer.result.balance()["counterfactual"]
    goal = due["exports"] + (1 if figure == "total" else -1) * due["imports"]
    explorer.set(name, next(c for c in explorer.controls if c.name == name).neutral)
    ask(explorer, do="goal", figure=figure, value=goal / 1e3, lever=name)
    found = explorer.state["goal"]
    assert found["name"] == name
    assert found["value"] == pytest.approx(value, abs=GOAL)
    assert f"at {value:g} %" in found["sentence"]
    ask(explorer, do="set", name=name, value=found["value"])
    met = explorer.result.balance()["counterfactual"]
    assert (met - due).abs().max() < GOAL


def test_a_goal_is_met_by_a_lever_of_a_loaded_scenario(explorer):
    explorer.load("sanctions_winter_2025")
    name = next(c.name for c in explorer.controls if c.name in explorer.settings)
    here = explorer.settings[name]
    goal = explorer.result.balance().loc["balance", "counterfactual"] / 1e3
    ask(explorer, do="goal", figure="balance", value=goal, lever=name)
    assert explorer.state["goal"]["value"] == pytest.approx(here, abs=GOAL)


def test_a_goal_out_of_reach_says_how_near_it_comes(explorer):
    ask(explorer, do="goal", figure="exports", value=10, lever="RUS:all")
    said = explorer.state["goal"]
    assert said["value"] is None
    explorer.set("RUS:all", 100)
    most = explorer.result.balance().loc["exports", "counterfactual"] / 1e3
    assert "out of reach" in said["sentence"]
    assert f"Nearest is US$ {most:.2f} bn at 100 %" in said["sentence"]
    assert f"US$ {10 - most:.2f} bn away" in said["sentence"]
    explorer.reset()
    ask(explorer, do="goal", figure="exports", value=10, lever="crude:cut")
    assert "does not move this figure" in explorer.state["goal"]["sentence"]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"lever": "crude:cut"}, "Use Armington"),
        ({"lever": "IND:mfn"}, "No lever with a number is called 'IND:mfn'"),
        ({"figure": "deficit"}, "Allowed: balance, exports, imports, total"),
        ({"value": None}, "must be a number"),
    ],
)
def test_a_goal_that_cannot_be_asked_says_why(explorer, asked, said):
    explorer.choose(model="SMART")
    whole = {"figure": "balance", "value": -30, "lever": "RUS:all"} | asked
    ask(explorer, do="goal", **whole)
    assert said in explorer.state["goal"]["sentence"]
    assert explorer.state["goal"]["value"] is None
    assert explorer.error == ""


@pytest.mark.parametrize(
    "move",
    [
        {"do": "set", "name": "rouble", "value": 5},
        {"do": "choose", "name": "model", "value": "SMART"},
        {"do": "choose", "name": "horizon", "value": "short"},
        {"do": "end", "field": "export_supply_elasticity", "end": "low"},
        {"do": "reset"},
    ],
)
def test_the_sentence_of_a_goal_goes_with_what_it_belongs_to(explorer, move):
    ask(explorer, do="goal", figure="balance", value=-30, lever="crude:cut")
    said = explorer.state["goal"]
    assert "reached with" in said["sentence"]
    for same in ("keep", "range", "rest"):
        ask(explorer, do=same)
        assert explorer.state["goal"] == said
    ask(explorer, **move)
    assert explorer.state["goal"] == {"sentence": "", "name": "", "value": None}


def test_a_put_brings_back_what_was_on_screen(explorer):
    explorer.load("sanctions_winter_2025")
    explorer.assume("export_supply_elasticity", "low")
    shot = {name: explorer.state[name] for name in ("base", "settings", "choices")}
    due = explorer.state["screen"]
    explorer.reset()
    explorer.set("rouble", 10)
    ask(explorer, do="put", **shot)
    assert explorer.state["screen"] == due


def test_kept_results_can_be_compared(explorer):
    for share in (10, 20):
        explorer.set("crude:cut", share)
        ask(explorer, do="keep")
    first, second = explorer.kept
    table = tk.compare(first, second)
    assert table.loc["imports", "difference"] < 0


def test_two_hundred_moves_make_no_widget(explorer):
    from ipywidgets.widgets import widget

    before = len(widget._instances)
    for step in range(200):
        explorer.set("RUS:Medicines", 5 * (step % 21))
    assert len(widget._instances) == before


OWN = {
    "one product": pd.DataFrame(
        {
            "importer": ["CHN", "CHN", "USA"],
            "exporter": ["USA", "ROW", "CHN"],
            "product": ["", "", ""],
            "value_usd_mn": [60.0, 40.0, 90.0],
            "applied_rate": [0.1, 0.1, 0.05],
        }
    ),
    "six digits": pd.DataFrame(
        {
            "importer": ["CHN", "CHN", "CHN", "USA"],
            "exporter": ["USA", "ROW", "USA", "CHN"],
            "product": ["870323", "870323", "080510", "851712"],
            "value_usd_mn": [60.0, 40.0, 30.0, 90.0],
            "applied_rate": [0.1, 0.1, 0.2, 0.05],
        }
    ),
}


@pytest.mark.parametrize("case", OWN)
def test_any_baseline_of_the_users_own_can_be_explored(case):
    own = tk.Baseline.from_frame(OWN[case], reporter="CHN", partner="USA", year="2020")
    explorer = tk.explore(own)
    assert len(explorer.panel["questions"]) >= 1
    fronts = [c for c in explorer.panel["controls"] if c["front"]]
    assert fronts
    for control in explorer.controls:
        explorer.reset()
        explorer.set(control.name, far_end(control))
        assert explorer.error == ""
    explorer.set("CHN:all", 100)
    assert "China's deficit" in on_screen(explorer)["answer"]["balance"] or (
        "China's surplus" in on_screen(explorer)["answer"]["balance"]
    )
    assert on_screen(explorer)["suppliers"]


def test_india_and_russia_without_fertiliser_or_crude(base):
    frame = base.frame
    kept = frame[~frame["product"].str.startswith(("27", "31", "98"))]
    own = tk.Baseline.from_frame(kept, year="mine")
    names = {control.name for control in controls_of(own)}
    assert not names & {"target:31", "crude:cut", "project"}
    explorer = tk.explore(own)
    explorer.set("RUS:all", 100)
    assert explorer.error == ""


def test_the_screen_is_that_of_the_result(base):
    """Figures, charts and suppliers of a screen, recomputed from the result's frame."""
    result = tk.Armington().solve(base, "fertiliser_7mt")
    screen = screen_of(result, base)
    frame = result.frame.query("variable == 'value'")
    for market in screen["suppliers"]:
        product = market["title"].split("(")[-1].split(")")[0]
        rows = frame[(frame["importer"] == "IND") & (frame["product"] == product)]
        assert sum(r[2] for r in market["rows"]) == pytest.approx(
            rows["counterfactual"].sum(), rel=1e-6
        )
    count = len(panel_of(base, ())["moves"])
    total = result.balance().loc["balance", "change"] / 1e3
    assert sum(screen["charts"][:count]) == pytest.approx(total, abs=1e-5)
    assert screen["band"]["least"] <= 1e3 * total <= screen["band"]["greatest"]
    assert dataclasses.asdict(tk.result.answer(result)) == screen["answer"]
