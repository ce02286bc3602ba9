"""Merged suppliers: the answer of all of them one by one, from far fewer."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import toolkit as tk
from draws import worlds
from markets import scenario
from toolkit.market import (
    alike_as_one,
    effects_of,
    flows_of,
    shocks_of,
    shocks_on_part,
)
from toolkit.market.totals import summed, two_each
from toolkit.models import Armington
from toolkit.models.metrics import METRICS
from toolkit.models.parameters import resolve

CROWD = 40


class OneByOne(Armington):
    """The same model with every supplier solved."""

    merges = False


def crowded(products=("30", "31", "72")):
    """Return a baseline of many sellers at two duties, and a partner among them."""
    rng = np.random.default_rng(3)
    sellers = ["RUS", *(f"{a}{b}X" for a in "ABCDE" for b in "ABCDEFGH")][:CROWD]
    frame = pd.DataFrame(
        [("IND", seller, code) for code in products for seller in sellers],
        columns=["importer", "exporter", "product"],
    )
    frame["value_usd_mn"] = rng.lognormal(1.0, 1.0, len(frame))
    frame["applied_rate"] = np.where(frame.index % 10 == 4, 0.0, 0.1)
    frame["kilotonnes"] = frame["value_usd_mn"] * rng.uniform(0.5, 2.0, len(frame))
    return tk.Baseline.from_frame(frame, reporter="IND", partner="RUS")


LEVERS = (
    tk.TariffCut(importer="IND", exporter="RUS", products="30", to=0.0),
    tk.TariffCut(importer="IND", exporter="ALL", products="31", by=0.5),
    tk.DemandGrowth(importer="IND", by=0.1),
    tk.SupplyDisruption(importer="IND", exporter="AAX", products="72", by=0.4),
)


def differences(model, base, deal):
    """Return the largest relative gap of each variable, merged against one by one."""
    merged = model.solve(base, deal)
    fields = {f.name: getattr(model, f.name) for f in dataclasses.fields(model)}
    alone = OneByOne(**fields).solve(base, deal)
    assert list(merged.variables) == list(alone.variables)
    gaps = {}
    for name in merged.variables:
        ours, theirs = merged.variable(name), alone.variable(name)
        for mine, other in (
            (ours.baseline, theirs.baseline),
            (ours.counterfactual, theirs.counterfactual),
        ):
            assert np.array_equal(np.isnan(mine), np.isnan(other))
            scale = max(1.0, float(np.nanmax(np.abs(other), initial=0.0)))
            gap = float(np.nanmax(np.abs(mine - other), initial=0.0)) / scale
            gaps[name] = max(gap, gaps.get(name, 0.0))
    static = np.abs(merged.static_value - alone.static_value).max()
    return {**gaps, "static": float(static)}


def test_few_suppliers_are_left_of_many():
    base, deal = crowded(), scenario(LEVERS[0])
    supply = np.full(3 * CROWD, 4.0)
    part, shock = shocks_on_part(base, deal, effects_of(base, deal), supply)
    assert len(part.chosen) == CROWD
    # Russia, one for all at 10 %, and those at another duty each for itself.
    assert len(shock.flows) == len(part.kept) == 2 + CROWD // 10
    assert shock.flows.value.sum() == pytest.approx(part.whole.value[part.chosen].sum())


def test_a_supplier_with_another_elasticity_or_lever_stays_apart():
    base, deal = crowded(), scenario(*LEVERS)
    supply = np.full(3 * CROWD, 4.0)
    supply[7] = 5.0
    part, _ = shocks_on_part(base, deal, effects_of(base, deal), supply)
    alone = set(part.chosen[part.alone])
    flows = flows_of(base)
    stopped = np.flatnonzero((flows.exporter == "AAX") & (flows.product == "72"))
    assert {7, *stopped} <= alone


def test_merged_suppliers_give_the_answer_of_all():
    gaps = differences(Armington(3.0, -0.9, 4.0), crowded(), scenario(*LEVERS))
    assert max(gaps.values()) < 1e-11, gaps


@settings(max_examples=25, deadline=None)
@given(worlds())
def test_merging_changes_no_variable_of_a_random_market(world):
    mine, model, levers = world
    base = tk.Baseline.from_frame(mine, reporter="IND", partner="RUS")
    try:
        gaps = differences(model, base, scenario(*levers))
    except (ValueError, tk.NotConverged):
        return
    assert max(gaps.values()) < 1e-9, gaps


@pytest.mark.parametrize("draws", [1, 30])
@pytest.mark.parametrize("own_supply", [False, True])
def test_many_draws_with_few_suppliers_are_those_of_all(draws, own_supply):
    base, deal, metrics = crowded(), scenario(*LEVERS), tuple(METRICS)
    model, flows = Armington(3.0, -0.9, 4.0), flows_of(base)
    shock = shocks_of(base, deal, effects_of(base, deal))
    rng, central = np.random.default_rng(5), resolve(model, base)
    sigma = flows.by_flow(rng.uniform(1.5, 6.0, (draws, len(flows.starts))))
    mu = rng.uniform(1.0, 9.0, (draws, len(flows))) if own_supply else central.mu
    values = dataclasses.replace(central, sigma=sigma, mu=mu)
    few = model.evaluate(shock, values, metrics)
    alone = OneByOne(3.0, -0.9, 4.0).evaluate(shock, values, metrics)
    assert few.shape == alone.shape == (draws, len(metrics))
    assert np.allclose(few, alone, rtol=1e-11, atol=1e-9)
    kept = alike_as_one(flows, shock.channels, mu).kept
    assert (len(kept) == 3 * CROWD) == own_supply


def test_two_flows_a_market_add_up_as_any_number_does():
    values = np.random.default_rng(1).normal(size=(7, 12))
    starts = np.arange(0, 12, 2)
    assert two_each(starts, 12)
    assert not two_each(np.array([0, 1, 4]), 6)
    quick, slow = (summed(values, starts, two=two) for two in (True, False))
    assert np.array_equal(quick, slow)


def test_a_lever_asked_for_again_is_not_worked_out_again():
    flows, lever = flows_of(crowded()), LEVERS[0]
    first = effects_of(flows.baseline, scenario(lever))[0]
    again = effects_of(flows.baseline, scenario(dataclasses.replace(lever)))[0]
    assert first is again
