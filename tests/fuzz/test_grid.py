"""Every odd value in every place: nothing is left to the luck of a draw."""

import contextlib
import copy
import dataclasses
import functools
import random

import pytest

import toolkit as tk
from fuzz_checks import check_shown, tried
from fuzz_strategies import KINDS, ODD, PARTS, fields_of

CONCEPTS = [f.name for f in dataclasses.fields(tk.Armington)]
PLACES = [
    (kind, field.name)
    for kind in KINDS
    for field in dataclasses.fields(kind)
    if field.init
]


def sound(kind, name):
    """Return fields of a lever that checks itself, with one place among them if any."""
    found = None
    for seed in range(2_000):
        fields = fields_of(kind, random.Random(seed))
        fields = {key: value for key, value in fields.items() if key not in PARTS}
        try:
            kind(**fields)
        except ValueError:
            continue
        found = found or fields
        if name in fields:
            return fields
    return found


@pytest.mark.parametrize(
    ("kind", "name"), PLACES, ids=lambda x: getattr(x, "__name__", x)
)
def test_each_field_of_each_lever_takes_or_refuses_each_odd_value(kind, name):
    fields = sound(kind, name)
    assert fields is not None

    def make(value):
        lever = kind(**{**fields, name: value})
        check_shown(lever.sentence())
        assert tk.levers.from_dict(lever.to_dict()) == lever
        hash(lever)
        scenario = tk.Scenario("one", [lever])
        assert tk.Scenario.from_yaml(scenario.to_yaml()) == scenario

    for value in ODD:
        before = repr(value)
        tried("levers, each place", lambda value=value: make(value))
        assert repr(value) == before


@pytest.mark.parametrize("name", CONCEPTS)
@pytest.mark.parametrize("model", [tk.Armington, tk.Smart])
def test_each_elasticity_takes_or_refuses_each_odd_value(model, name):
    base = tk.load_baseline("2024-25")
    cut = tk.Scenario("cut", [tk.TariffCut(importer="RUS", exporter="IND", to=0.0)])
    for value in ODD:
        given = copy.deepcopy(value)
        tried(
            "elasticities, each place",
            lambda given=given: model(**{name: given}).solve(base, cut).check(),
        )


@pytest.mark.parametrize("name", ["name", "title", "description", "reference"])
def test_each_text_of_a_scenario_takes_or_refuses_each_odd_value(name):
    lever = tk.QuantityTarget(
        importer="IND", exporter="RUS", products="31", kilotonnes=7_000
    )

    def make(value):
        scenario = tk.Scenario(**{"name": "one", "levers": [lever], name: value})
        assert tk.Scenario.from_yaml(scenario.to_yaml()) == scenario

    for value in ODD:
        tried("scenarios, each place", lambda value=value: make(value))


MODEL = tk.Armington()
BASE = tk.load_baseline("2024-25")
DEAL = tk.Scenario("cut", [tk.TariffCut(importer="RUS", exporter="IND", to=0.0)])
MORE = tk.QuantityTarget(
    importer="IND", exporter="RUS", products="31", kilotonnes=3_000
)
GOAL = tk.Target("balance", -58_000)
FEW = BASE.frame.head(5)


@functools.cache
def answer():
    return MODEL.solve(BASE, DEAL)


@functools.cache
def road():
    return tk.path(MODEL, BASE, DEAL, until=2026)


VERBS = {
    "solve, year": lambda x: MODEL.solve(BASE, DEAL, year=x),
    "solve, horizon": lambda x: MODEL.solve(BASE, DEAL, horizon=x),
    "solve, scenario": lambda x: MODEL.solve(BASE, x),
    "load_baseline": tk.load_baseline,
    "load_baseline, level": lambda x: tk.load_baseline("2024-25", level=x),
    "from_frame": tk.Baseline.from_frame,
    "from_frame, names": lambda x: tk.Baseline.from_frame(FEW, names=x),
    "from_frame, reporter": lambda x: tk.Baseline.from_frame(FEW, reporter=x),
    "from_frame, year": lambda x: tk.Baseline.from_frame(FEW, year=x),
    "simulate, seed": lambda x: tk.simulate(
        MODEL, BASE, DEAL, draws=4, seed=x, progress=False
    ),
    "simulate, correlation": lambda x: tk.simulate(
        MODEL, BASE, DEAL, draws=4, correlation=x, progress=False
    ),
    "compare": tk.compare,
    "compare, second": lambda x: tk.compare(answer(), x),
    "attribute": lambda x: tk.attribute(MODEL, BASE, x),
    "path, until": lambda x: tk.path(MODEL, BASE, DEAL, until=x),
    "path, speed": lambda x: tk.path(MODEL, BASE, DEAL, until=2026, speed=x),
    "path, drivers": lambda x: tk.path(MODEL, BASE, DEAL, until=2026, drivers=x),
    "path, base_year": lambda x: tk.path(MODEL, BASE, DEAL, until=2026, base_year=x),
    "path, scenario": lambda x: tk.path(MODEL, BASE, x, until=2026),
    "Path.result": lambda x: road().result(x),
    "Path.assumptions": lambda x: road().assumptions(x),
    "Path.range": lambda x: road().range(x, progress=False),
    "Target, what": lambda x: tk.Target(x, 1.0),
    "Target, value": lambda x: tk.Target("balance", x),
    "Target, year": lambda x: tk.Target("balance", 1.0, year=x),
    "solve_for, target": lambda x: tk.solve_for(MODEL, BASE, MORE, x),
    "solve_for, lever": lambda x: tk.solve_for(MODEL, BASE, x, GOAL),
    "solve_for, field": lambda x: tk.solve_for(MODEL, BASE, MORE, GOAL, field=x),
    "solve_for, bounds": lambda x: tk.solve_for(MODEL, BASE, MORE, GOAL, bounds=x),
    "solve_for, bounds of a field": lambda x: tk.solve_for(
        MODEL, BASE, MORE, GOAL, field="unit_price", bounds=x
    ),
    "solve_for, scenario": lambda x: tk.solve_for(MODEL, BASE, MORE, GOAL, scenario=x),
    "share, kind": lambda x: tk.share(answer(), "nowhere/x.html", kind=x),
    "share, source": lambda x: tk.share(x, "nowhere/x.html"),
    "model_spread": tk.charts.model_spread,
    "Scenario, levers": lambda x: tk.Scenario("x", x),
    "Scenario.from_yaml": tk.Scenario.from_yaml,
    "GeneralEquilibrium, deficits": lambda x: tk.GeneralEquilibrium(deficits=x),
    "Gsim, linear": lambda x: tk.Gsim(linear=x),
    "backtest, events": lambda x: tk.backtest(MODEL, BASE, events=x),
    "by_product": lambda x: answer().by_product(x),
    "describe": tk.datasets.describe,
}


@pytest.mark.parametrize("verb", VERBS)
def test_each_argument_of_a_verb_takes_or_refuses_each_odd_value(
    verb, monkeypatch, tmp_path
):
    monkeypatch.chdir(tmp_path)
    for value in ODD:
        with contextlib.suppress(FileNotFoundError):  # a text that names a file
            tried("verbs, each place", lambda value=value: VERBS[verb](value))
    assert list(tmp_path.iterdir()) == []
