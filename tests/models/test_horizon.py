"""Horizons: elasticities on their way to the long run, and answers that say so."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from markets import INFINITE, both_ways, clear, hats, pick, scenario, two_suppliers
from toolkit import datasets
from toolkit.elasticities import Horizon

CUT = tk.TariffCut(importer="IND", exporter="RUS", products="31", to=0.0)
DEAL = tk.FreeTradeAgreement(exclude={"IND": ["27"]})  # crude adjusts at once


@pytest.fixture(scope="module")
def official():
    return tk.load_baseline()


def test_the_first_year_is_the_published_ratio():
    """Anderson and Yotov (2020): about one quarter of the long run."""
    assert Horizon.of("short").share == Horizon.of(1).share == 0.25
    assert Horizon.of(2).share == 1 - 0.75**2
    assert Horizon.of(8).share < 0.9 < Horizon.of(9).share
    assert Horizon.of("long").share == Horizon.of(math.inf).share == 1.0


def test_every_speed_has_its_publisher():
    table = datasets.load("adjustment")
    assert table["ratio"].between(0, 1).all()
    assert (table[["publisher", "source", "vintage"]] != "").all(axis=None)
    boehm = datasets.load("literature").set_index("key")["value"]
    ratio = boehm["boehm_short"] / boehm["boehm_long"]
    assert table.set_index("key")["ratio"]["boehm"] == pytest.approx(ratio)


@pytest.mark.parametrize("years", [1, 3, 7.5])
def test_a_horizon_is_the_scaled_elasticities(years):
    """Against the independent solver in levels, every elasticity scaled by hand."""
    share = 1 - 0.75**years
    model = tk.Armington(6.0, -2.0, 5.0)
    result = model.solve(two_suppliers(), scenario(CUT), horizon=years)
    price, quantity, _ = clear(
        [0.25, 0.75], sigma=6 * share, eta=-2 * share, mu=np.full(2, 5 * share),
        wedge=[1 / 1.2, 1.0],
    )  # fmt: skip
    for exporter, p, q in zip(("RUS", "ROW"), price, quantity, strict=True):
        assert hats(result, "consumer_price")[exporter] == pytest.approx(p, rel=1e-10)
        assert hats(result, "quantity")[exporter] == pytest.approx(q, rel=1e-10)
    assert result.horizon == ("first year" if years == 1 else f"after {years:g} years")


def test_infinite_supply_stays_infinite():
    result = tk.Armington(2.0, -1.0, INFINITE).solve(
        two_suppliers(), scenario(CUT), horizon="short"
    )
    assert pick(result, "producer_price", exporter="RUS")["counterfactual"] == 1.0


@pytest.mark.parametrize("model", [tk.Armington(), tk.Smart()])
def test_an_agreement_gives_less_in_its_first_year(official, model):
    changes = [
        model.solve(official, scenario(DEAL), horizon=h).balance()["change"]
        for h in ("short", 2, 5, 12, "long")
    ]
    for flow in ("exports", "imports"):
        values = [change[flow] for change in changes]
        assert values == sorted(values)
        assert 0.1 < values[0] / values[-1] < 0.35
    last = model.solve(official, scenario(DEAL)).balance()["change"]
    assert changes[-1].equals(last)


@given(st.floats(0.1, 40.0), st.floats(0.01, 20.0))
def test_the_long_run_is_neared_from_below(years, later):
    assert Horizon.of(years).share <= Horizon.of(years + later).share <= 1.0


def test_the_speed_of_adjustment_is_an_assumption_of_a_short_horizon(official):
    result = tk.Armington().solve(official, scenario(DEAL), horizon="short")
    table = result.assumptions()
    assert "speed of adjustment" in table.index
    fastest = tk.Armington().solve(
        official, scenario(DEAL), horizon=Horizon(1, speed=0.5)
    )
    change = fastest.balance()["change"]["balance"]
    assert table["high"]["speed of adjustment"] == pytest.approx(change, abs=1e-6)
    long = tk.Armington().solve(official, scenario(DEAL)).assumptions()
    assert "speed of adjustment" not in long.index


def test_attribution_is_at_the_same_horizon():
    levers = scenario(CUT, tk.TariffCut(importer="RUS", exporter="IND", to=0.0))
    model, base = tk.Armington(3.0, -1.0, 4.0), both_ways()
    parts = tk.attribute(model, base, levers, horizon="short")
    change = model.solve(base, levers, horizon="short").balance()["change"]
    assert parts["balance"].sum() == pytest.approx(change["balance"], abs=1e-9)
    long = tk.attribute(model, base, levers)["exports"].sum()
    assert abs(parts["exports"].sum()) < abs(long)


def test_the_answer_and_its_elasticities_say_when(official):
    result = tk.Armington().solve(official, scenario(DEAL), horizon="short")
    assert result.explain().startswith("In the first year India's deficit")
    assert "first year" in repr(result)
    assert "first year" in result.summary().text
    ended = result.elasticities["source"].str.endswith("x 0.25 (first year)")
    long = tk.Armington().solve(official, scenario(DEAL))
    assert long.explain().startswith("In the long run India's deficit")
    sigma = result.elasticities["value"] / long.elasticities["value"]
    finite = long.elasticities["value"].abs() < INFINITE
    crude = long.elasticities["product"].eq("2709") & long.elasticities["concept"].eq(
        "substitution_elasticity"
    )
    assert sigma[finite & ~crude].round(12).eq(0.25).all()
    assert ended.eq(~crude).all()
    assert sigma[crude].eq(1.0).all()  # buyers switch between sellers within months


@pytest.mark.parametrize("wrong", ["shrot", 0, -1, True, None, float("nan")])
def test_a_wrong_horizon_is_named(official, wrong):
    with pytest.raises(ValueError, match="horizon") as error:
        tk.Armington().solve(official, scenario(DEAL), horizon=wrong)
    assert repr(wrong) in str(error.value)
    if wrong == "shrot":
        assert "short" in str(error.value)


def test_a_speed_outside_of_its_range_is_refused():
    for speed in (0.0, 1.1, float("nan")):
        with pytest.raises(ValueError, match="speed"):
            Horizon(1, speed)


def test_own_elasticities_are_read_as_those_of_the_long_run():
    given = pd.Series({"31": 4.0})
    base, when = two_suppliers(), Horizon(1, 0.5)
    short = tk.Armington(given, -1.0, INFINITE).solve(base, scenario(CUT), horizon=when)
    half = tk.Armington(2.0, -0.5, INFINITE).solve(base, scenario(CUT))
    assert short.balance().equals(half.balance())
