"""The explorer without a browser: controls, scenarios, files, no leak."""

import ipywidgets
import pytest

import toolkit as tk
from toolkit.explorer import controls_of, neutral, scenario_of
from toolkit.explorer.sources import SOURCES

VALUE = 1e-9  # US$ mn: the explorer solves with the same code, so nothing is lost
SHOWN = 1e-6  # figures are rounded to six digits of US$ bn before they are sent


@pytest.fixture(scope="module")
def base():
    return tk.load_baseline("2024-25")


@pytest.fixture
def explorer(base):
    return tk.explore(base)


def test_at_rest_nothing_moves(explorer):
    assert explorer.settings == {}
    assert explorer.scenario.levers == ()
    assert explorer.result.balance()["change"].abs().max() < VALUE


@pytest.mark.parametrize("control", controls_of(tk.load_baseline("2024-25")))
def test_every_control_makes_a_scenario_that_solves(base, control):
    controls = controls_of(base)
    far = control.high if control.high > control.neutral else control.low
    scenario = scenario_of(controls, {control.name: far})
    result = tk.Armington().solve(base, scenario)
    assert result.check()["holds"].all()
    if control.name.endswith(":mfn"):
        assert scenario.levers == ()
    else:
        assert len(scenario.levers) == 1
        moved = result.displacement().abs().to_numpy().sum()
        moved += result.displacement("RUS").abs().to_numpy().sum()
        assert moved > 0 or not result.invisibles().empty


def test_every_kind_of_lever_has_a_control(base):
    far = {
        c.name: c.high if c.high > c.neutral else c.low
        for c in controls_of(base)
        if c.name != "IND:mfn"
    }
    made = scenario_of(controls_of(base), far).levers
    assert {type(lever) for lever in made} == set(tk.levers.KINDS)


def test_names_are_unique_and_settings_known(base):
    controls = controls_of(base)
    assert len({c.name for c in controls}) == len(controls)
    assert scenario_of(controls, neutral(controls)).levers == ()
    with pytest.raises(ValueError, match="tariff on the moon"):
        scenario_of(controls, {"tariff on the moon": 1.0})


def test_a_move_shows_what_the_model_says(explorer, base):
    explorer.set("RUS:Medicines", 100)
    cut = tk.TariffCut(importer="RUS", exporter="IND", products="30", by=1.0)
    expected = tk.Armington().solve(base, tk.Scenario("x", [cut])).balance()
    assert (explorer.result.balance() - expected).abs().max().max() < VALUE
    figures = dict(
        zip(
            explorer.sums.steps["label"],
            explorer.view.params.figures,
            strict=False,
        )
    )
    change = expected.loc["exports", "change"] / 1e3
    assert figures["Medicines"] == pytest.approx(change, abs=SHOWN)
    assert f"{change:.2f}" in explorer._head.value


def test_the_switch_turns_a_preference_into_an_mfn_cut(explorer):
    explorer.set("IND:Edible oils", 50)
    alone = explorer.result.balance().loc["imports", "change"]
    explorer.set("IND:mfn", 1)
    assert explorer.scenario.levers[0].exporter == "ALL"
    assert explorer.result.balance().loc["imports", "change"] < alone


def test_reset_puts_everything_back(explorer):
    explorer.set("crude:cut", 30)
    explorer.set("target:310530", 2.0)
    explorer.reset_button.click()
    assert explorer.settings == {}
    assert explorer.result.balance()["change"].abs().max() < VALUE


def test_a_model_that_cannot_carry_a_lever_says_so(explorer):
    explorer.set("target:310210", 2.0)
    before = explorer.result
    explorer.model_choice.value = "SMART (duties only)"
    assert "cannot carry QuantityTarget" in explorer._details.value
    assert explorer.result is before


def test_elasticities_can_stand_at_their_ends(explorer):
    explorer.set("RUS:Machinery and electrical", 100)
    changes = {}
    for case in ("low ends", "central", "high ends"):
        explorer.case_choice.value = case
        changes[case] = explorer.result.balance().loc["exports", "change"]
    assert changes["low ends"] < changes["central"] < changes["high ends"]


@pytest.mark.parametrize("name", list(SOURCES))
def test_the_source_of_elasticities_can_be_chosen(explorer, name):
    explorer.set("RUS:Machinery and electrical", 100)
    explorer.source_choice.value = name
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
    exec(explorer.code.value, names)
    gap = names["result"].balance() - explorer.result.balance()
    assert gap.abs().max().max() < VALUE


def test_the_code_on_screen_reproduces_the_result(explorer):
    explorer.set("RUS:Food and marine", 50)
    explorer.set("target:310210", 2.0)
    explorer.set("rouble", -20)
    explorer.case_choice.value = "low ends"
    names: dict = {}
    exec(explorer.code.value, names)  # what a user pastes
    gap = names["result"].balance() - explorer.result.balance()
    assert gap.abs().max().max() < VALUE


def test_saving_writes_once_and_never_over(explorer, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    explorer.set("crude:cut", 25)
    explorer.save_button.click()
    saved = (tmp_path / "my_scenario.yaml").read_text()
    assert tk.Scenario.from_yaml(saved).levers == explorer.scenario.levers
    explorer.set("crude:cut", 50)
    explorer.save_button.click()
    assert (tmp_path / "my_scenario.yaml").read_text() == saved
    assert "exists" in explorer._message.value


def test_a_loaded_file_comes_before_the_sliders(explorer):
    files = dict(explorer.file_choice.options)
    explorer.file_choice.value = files["fertiliser_7mt"]
    loaded = explorer.result.balance().loc["imports", "change"]
    assert loaded > 1000
    explorer.set("RUS:Medicines", 100)
    assert [type(x).__name__ for x in explorer.scenario.levers] == [
        "QuantityTarget",
        "TariffCut",
    ]


def test_two_scenarios_side_by_side(explorer):
    explorer.set("crude:cut", 33)
    explorer.keep_button.click()
    explorer.set("crude:cut", 0)
    table = explorer._comparison.value
    assert "kept" in table
    assert "difference" in table


def test_two_hundred_moves_make_no_widget(explorer):
    from ipywidgets.widgets import widget

    before = len(widget._instances)
    listeners = len(explorer.view.params._trait_notifiers)
    for step in range(200):
        explorer.set("RUS:Medicines", 5 * (step % 21))
    assert len(widget._instances) == before
    assert len(explorer.view.params._trait_notifiers) == listeners
    assert isinstance(explorer, ipywidgets.VBox)
