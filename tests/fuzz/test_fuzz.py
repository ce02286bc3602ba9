"""Thousands of hostile inputs: each is refused clearly, or all identities hold.

2,000 cases in a default run, 100,000 by ``pytest tests/fuzz
--hypothesis-profile=long``; the last line of a run tells how they ended.
"""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from fuzz_checks import (
    cases,
    check_demand,
    check_frame,
    check_result,
    check_shown,
    near,
    same,
    tried,
    untouched,
)
from fuzz_strategies import (
    elasticities,
    hostile_elasticities,
    hostile_frames,
    lever_fields,
    texts,
    worlds,
    yaml_texts,
)
from toolkit.explorer.text import lever_call
from toolkit.market import effects_of, shocks_of
from toolkit.schema.text import BANNED

CUT = tk.TariffCut(importer="RUS", exporter="IND", to=0.0)
SOMETIMES = st.integers(0, 3).map(lambda n: n == 0)
NAMES = st.dictionaries(st.sampled_from(("30", "31")), texts(), max_size=2)


@pytest.fixture(scope="module")
def small():
    """Return a baseline of a few official products, with names and tonnes."""
    frame = tk.load_baseline("2024-25").frame
    kept = frame[frame["product"].str.startswith(("30", "31", "2709", "98"))]
    return tk.Baseline.from_frame(kept)


def solved(model, base, scenario, *, deep=True):
    """Return a result that was held to everything, or raise as the model does."""
    result = model.solve(base, scenario)
    long = check_result(result, base, deep=deep)
    if isinstance(model, tk.Armington):
        check_demand(result, long)
    if deep:
        same(result, model.solve(base, scenario))
    return result


@cases(0.30)
@given(frame=hostile_frames(), names=NAMES, source=texts(), deep=SOMETIMES)
def test_frames(frame, names, source, deep):
    as_before = untouched(frame)

    def make():
        base = tk.Baseline.from_frame(frame, names=names, source=source)
        check_frame(base)
        if deep:
            solved(tk.Armington(3.0, -1.0, 5.0), base, tk.Scenario("nothing"))
        return base

    tried("frames", make)
    assert as_before()


@cases(0.20)
@given(
    made=lever_fields(2),
    model=st.sampled_from((tk.Armington(), tk.Smart())),
    deep=SOMETIMES,
)
def test_levers(small, made, model, deep):
    kind, fields = made
    before = copy.deepcopy({k: repr(v) for k, v in fields.items()})

    def make():
        lever = kind(**fields)
        check_shown(lever.sentence())
        assert tk.levers.from_dict(lever.to_dict()) == lever
        scenario = tk.Scenario("one", [lever])
        assert tk.Scenario.from_yaml(scenario.to_yaml()) == scenario
        assert lever_call(lever).startswith("tk.")
        return solved(model, small, scenario, deep=deep)

    tried("levers", make)
    assert {k: repr(v) for k, v in fields.items()} == before


@cases(0.25)
@given(
    world=worlds(),
    given_=elasticities(),
    kind=st.sampled_from((*[tk.Armington] * 8, tk.Smart, tk.Gsim)),
    ask=st.sampled_from(("solve", "check", "attribute", "evaluate", "turned round")),
)
def test_scenarios(world, given_, kind, ask):
    frame, levers = world
    as_before = untouched(frame)

    def make():
        base = tk.Baseline.from_frame(frame)
        model = kind(**given_)
        scenario = tk.Scenario("many", levers)
        result = solved(model, base, scenario, deep=ask == "check")
        asked(ask, model, base, result)
        return result

    tried("scenarios", make)
    assert as_before()


def asked(ask, model, base, result):
    """Hold another path to the same answer as ``solve``."""
    table, scenario = result.balance(), tk.Scenario("many", result.levers)
    names = ["exports", "imports", "balance"]
    gross = 2 * float(base.frame["value_usd_mn"].sum()) + float(
        table["counterfactual"].abs().sum()
    )
    if ask == "attribute":
        parts = tk.attribute(model, base, scenario)[names].sum()
        for name in names:
            near(parts[name], table.loc[name, "change"], gross)
    if ask == "evaluate":
        shock = shocks_of(base, scenario, effects_of(base, scenario))
        for name, number in zip(names, model.evaluate(shock, None, names), strict=True):
            near(float(number), table.loc[name, "change"], gross)
    if ask == "turned round":
        turned = model.solve(base, tk.Scenario("many", result.levers[::-1])).balance()
        for name in names:
            near(turned.loc[name, "change"], table.loc[name, "change"], 1e3 * gross)


@cases(0.10)
@given(text=yaml_texts())
def test_yaml(text):
    def make():
        scenario = tk.Scenario.from_yaml(text)
        assert tk.Scenario.from_yaml(scenario.to_yaml()) == scenario
        check_shown(repr(scenario))
        return scenario

    tried("yaml", make)


@cases(0.10)
@given(
    value=hostile_elasticities(),
    field=st.sampled_from(list(tk.Armington().given())),
    model=st.sampled_from((tk.Armington, tk.Smart)),
)
def test_elasticities(small, value, field, model):
    before = repr(value)
    tried(
        "elasticities",
        lambda: solved(
            model(**{field: value}), small, tk.Scenario("cut", [CUT]), deep=False
        ),
    )
    assert repr(value) == before


@cases(0.05)
@given(name=texts(), title=texts(), label=texts(), source=texts())
def test_names(small, name, title, label, source):
    def make():
        scenario = tk.Scenario(name, [CUT], title=title, description=label)
        assert tk.Scenario.from_yaml(scenario.to_yaml()) == scenario
        base = tk.Baseline.from_frame(
            small.frame, names={"30": label}, source=source, year=title[:20]
        )
        result = solved(tk.Armington(), base, scenario, deep=False)
        check_shown(repr(result))
        for text in (
            result._repr_html_(),
            base._repr_html_(),
            result.explain()._repr_markdown_(),
        ):
            assert not BANNED.search(text)
            assert "<script" not in text
        return result

    tried("names", make)
