"""Merged suppliers: the answer of all of them one by one, from far fewer."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

import toolkit as tk
from draws import worlds
from markets import scenario
from toolkit.market import effects_of, flows_of, shocks_on_part
from toolkit.models import Armington

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


def test_a_lever_asked_for_again_is_not_worked_out_again():
    flows, lever = flows_of(crowded()), LEVERS[0]
    first = effects_of(flows.baseline, scenario(lever))[0]
    again = effects_of(flows.baseline, scenario(dataclasses.replace(lever)))[0]
    assert first is again
