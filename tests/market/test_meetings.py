"""Where levers meet: one rule for each kind, no order, numbers worked out by hand."""

import itertools

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
from markets import INFINITE, baseline, both_ways, hats, scenario
from toolkit.market import CHANNELS, combination_rules
from toolkit.market.composition import floors
from toolkit.market.effect import Target

MODEL = tk.Armington(2.0, -1.0, INFINITE)
BOUGHT = {"importer": "IND", "exporter": "RUS"}
CUT = tk.TariffCut(importer="IND", exporter="ALL", products="1512", by=0.9)
DEAL = tk.FreeTradeAgreement(coverage=0.9, utilisation=0.7)


@pytest.fixture(scope="module")
def official():
    return tk.load_baseline()


def solve(*levers, market=None):
    return MODEL.solve(market or both_ways(), scenario(*levers))


def rate_of(*levers):
    return hats(solve(*levers), "applied_rate")


def near(number):
    return pytest.approx(number, rel=1e-9)


def test_a_preference_is_a_margin_on_the_mfn_duty_in_force(official):
    """17.4945 % less 90 % for all is 1.75 %, of which Russia pays 37 %: 0.65 %.

    The change of +527.3 holds at sigma 2.1286, the default before pooling.
    """
    model = tk.Armington(pd.Series({"1512": 2.1286}))
    for levers in ((CUT, DEAL), (DEAL, CUT)):
        result = model.solve(official, scenario(*levers))
        found = result.frame.query(
            "variable == 'applied_rate' and importer == 'IND' and product == '1512'"
        ).set_index("exporter")["counterfactual"]
        assert found["UKR"] == near(0.1 * 0.174945)
        assert found["RUS"] == near(0.1 * 0.174945 * 0.37)
        oil = result.by_product().loc[("imports", "1512"), "change"]
        assert oil == pytest.approx(527.3, abs=0.05)


@pytest.mark.parametrize(
    ("levers", "paid"),
    [
        ([("ALL", {"to": 0.06}), ("ALL", {"by": 0.2})], {"RUS": 0.06, "ROW": 0.06}),
        ([("RUS", {"by": 0.5}), ("RUS", {"to": 0.08})], {"RUS": 0.05, "ROW": 0.1}),
        ([("RUS", {"to": 0.08}), ("ALL", {"to": 0.05})], {"RUS": 0.05, "ROW": 0.05}),
        ([("RUS", {"to": 0.3}), ("RUS", {"by": 0.5})], {"RUS": 0.15, "ROW": 0.1}),
        ([("RUS", {"to": 0.3}), ("ALL", {"to": 0.05})], {"RUS": 0.3, "ROW": 0.05}),
    ],
)
def test_the_lowest_duty_is_paid_and_one_against_a_supplier_stands(levers, paid):
    cuts = [
        tk.TariffCut(importer="IND", exporter=who, products="31", **how)
        for who, how in levers
    ]
    for order in itertools.permutations(cuts):
        found = rate_of(*order)
        assert found["RUS"] == near(paid["RUS"])
        assert found["ROW"] == near(paid["ROW"])


def margins(*levers, year=None):
    """Return the duties of a market in which Russia pays 4 % of an MFN duty of 10."""
    flows = pd.DataFrame(
        {"importer": "IND", "exporter": ["RUS", "ROW"], "product": "31",
         "value_usd_mn": [100.0, 300.0]}
    )  # fmt: skip
    rates = pd.DataFrame(
        {"importer": "IND", "exporter": ["RUS", "ALL"], "product": "31",
         "applied_rate": [0.04, 0.1]}
    )  # fmt: skip
    market = tk.Baseline.from_tables(flows, rates)
    result = MODEL.solve(market, scenario(*levers), year=year)
    return hats(result, "applied_rate").round(9).to_dict()


@pytest.mark.parametrize(
    ("lever", "russia", "rest"),
    [
        (tk.TariffCut(importer="IND", exporter="ALL", to=0.05), 0.02, 0.05),
        (tk.TariffCut(importer="IND", exporter="ALL", to=0.2), 0.08, 0.2),
        (tk.TariffCut(importer="IND", exporter="ALL", by=0.5), 0.02, 0.05),
        (tk.TariffCut(**BOUGHT, by=0.5), 0.02, 0.1),
        (tk.TariffCut(**BOUGHT, mfn_times=0.75), 0.04, 0.1),
        (tk.TariffCut(**BOUGHT, mfn_times=0.25), 0.025, 0.1),
        (tk.TariffCut(**BOUGHT, to=0.06), 0.06, 0.1),
        (tk.FreeTradeAgreement(coverage=0.9), 0.01, 0.1),
        (tk.FreeTradeAgreement(coverage=0.5), 0.04, 0.1),
    ],
    ids=str,
)
def test_an_agreement_in_force_is_a_margin_on_the_mfn_duty(lever, russia, rest):
    """An MFN cut to 5 % leaves Russia 40 % of it, not 5: nobody's duty rises by it."""
    assert margins(lever) == {"RUS": russia, "ROW": rest}


def test_an_agreement_in_force_is_staged_from_what_it_leaves_today():
    half = tk.TariffCut(**BOUGHT, by=0.5, start=2026, phase_in=2)
    assert margins(half, year=2026) == {"RUS": 0.03, "ROW": 0.1}
    cut = tk.TariffCut(importer="IND", exporter="ALL", to=0.0, start=2026, phase_in=2)
    assert margins(cut, year=2026) == {"RUS": 0.02, "ROW": 0.05}


def test_losses_of_different_sellers_add_up_and_of_the_same_multiply():
    def left(*shares):
        levers = [
            tk.SupplyDisruption(**BOUGHT, by=by, seller_share=share)
            for by, share in shares
        ]
        return hats(solve(*levers), "quantity")["RUS"]

    assert left((0.5, 0.6), (0.5, 0.4)) == near(0.5)
    assert left((0.5, 1.0), (0.4, 1.0)) == near(0.3)
    halves = [tk.SupplyDisruption(**BOUGHT, by=0.4, months=6) for _ in range(2)]
    assert hats(solve(*halves), "quantity")["RUS"] == near(0.6)


def test_easings_follow_each_other_on_what_is_left():
    ease = [tk.NonTariffEasing(**BOUGHT, by=by, ave=0.2) for by in (0.5, 0.4)]
    price = hats(solve(*ease), "consumer_price")["RUS"]
    assert price == near((1 + 0.2 * 0.5 * 0.6) / 1.2)


def test_prices_currencies_and_growth_multiply():
    levers = [
        tk.PriceChange(importer="IND", exporter="ALL", products="31", by=0.1),
        tk.PriceChange(**BOUGHT, products="31", by=1 / 0.93 - 1),
    ]
    price = hats(solve(*levers), "consumer_price")
    assert price["RUS"] == near(1.1 / 0.93)
    assert price["ROW"] == near(1.1)


FERTILISER = ("310210", "310420", "310520", "310530")


@pytest.mark.parametrize("part", [0, 100, 3000, 6900])
def test_a_target_for_a_part_never_lowers_that_of_the_group(official, part):
    group = tk.QuantityTarget(**BOUGHT, products="31", kilotonnes=7000)
    urea = tk.QuantityTarget(**BOUGHT, products="310210", kilotonnes=part)
    for levers in ((group, urea), (urea, group)):
        result = tk.Armington().solve(official, scenario(*levers))
        tonnes = result.by_product("kilotonnes").loc["imports"].loc[list(FERTILISER)]
        total = tonnes["counterfactual"].sum()
        assert total >= 7000 - 1e-6
        assert part > 6000 or total == pytest.approx(7000, abs=1e-6)
        assert tonnes["counterfactual"]["310210"] >= part - 1e-6


def test_a_target_above_what_a_disruption_leaves_is_refused():
    target = tk.QuantityTarget(**BOUGHT, products="31", usd_mn=90)
    cap = tk.SupplyDisruption(**BOUGHT, products="31", by=0.5)
    with pytest.raises(ValueError, match="lower the target or the loss"):
        solve(target, cap)


@given(st.lists(st.floats(0.0, 5.0), min_size=2, max_size=5), st.floats(0.1, 30.0))
def test_floors_reach_the_sum_and_keep_the_parts(held, total):
    amount = np.arange(1.0, len(held) + 1.0)
    flows = np.arange(len(held))
    parts = [Target(flows[n : n + 1], amount[n : n + 1], h) for n, h in enumerate(held)]
    out = floors(amount, [Target(flows, amount, total), *parts])
    assert (out * amount >= np.array(held) - 1e-9).all()
    due = max(total, sum(held))
    assert out @ amount == pytest.approx(due, rel=1e-9)


def test_two_openings_of_one_good_are_the_larger_one():
    market = baseline(("IND", "RUS", "31", 0.0, 0.1), ("IND", "ROW", "31", 300.0, 0.1))
    doors = [tk.MarketAccess(**BOUGHT, products="31", share=s) for s in (0.1, 0.4)]
    both = solve(*doors, market=market).balance()
    assert both.equals(solve(doors[1], market=market).balance())


def test_freight_is_outside_of_an_exporters_price(official):
    """With infinite supply an FOB flow grows as its quantity does, in closed form."""
    lever = tk.TradeCostChange(importer="RUS", exporter="IND", factor=0.9)
    result = tk.Armington().solve(official, scenario(lever))
    flows = official.frame.query("importer == 'RUS'")
    spent = flows["value_usd_mn"] * (1 + flows["applied_rate"])
    whole = spent.groupby(flows["product"]).transform("sum")
    mine = flows["exporter"] == "IND"
    share = (spent / whole)[mine].to_numpy()
    used = result.elasticities.query("importer == 'RUS' and exporter == 'IND'")
    sigma, eta = (
        used[used["concept"] == name]["value"].to_numpy()
        for name in ("substitution_elasticity", "import_demand_elasticity")
    )
    index = (1 + share * (0.9 ** (1 - sigma) - 1)) ** (1 / (1 - sigma))
    grown = 0.9**-sigma * index ** (sigma + eta) - 1
    due = float(np.nansum(flows["value_usd_mn"][mine].to_numpy() * grown))
    assert result.balance()["change"]["exports"] == pytest.approx(due, rel=1e-9)
    assert due == pytest.approx(2085.60, abs=0.005)  # 2102.09 before pooling


def test_a_meeting_is_named_with_its_rule():
    first = tk.TariffCut(**BOUGHT, products="31", to=0.0)
    second = tk.TariffCut(importer="IND", exporter="ALL", products="31", by=0.5)
    (note,) = solve(first, second).notes
    assert "meet on HS 31: first the lowest MFN duty" in note
    assert solve(second, first).notes == (note,)


def test_every_channel_says_how_levers_combine():
    table = combination_rules()
    assert list(table.index) == list(CHANNELS)
    assert (table["several levers"] != "").all()
