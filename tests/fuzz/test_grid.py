"""Every odd value in every place: nothing is left to the luck of a draw."""

import copy
import dataclasses
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
