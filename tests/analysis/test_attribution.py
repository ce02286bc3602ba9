"""What each lever contributes: Shapley values by hand, adding up, order, sampling."""

import itertools

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import toolkit as tk
from draws import official_levers
from markets import INFINITE, baseline, both_ways, scenario
from toolkit.analysis import attribution

ADDS_UP = 1e-9  # relative to the flows
METRICS = ["exports", "imports", "balance", "revenue", "welfare"]
MODEL = tk.Armington(2.0, -1.0, INFINITE)
BOUGHT = {"importer": "IND", "exporter": "RUS"}


def whole(model, base, deal):
    """Return the change of every metric, from a plain solve."""
    result = model.solve(base, deal)
    account = result.accounts().loc[base.reporter]
    return np.array(
        [
            *result.balance()["change"],
            account["tariff_revenue"],
            account["welfare"],
        ]
    )


def imports_of(*levers):
    return (
        MODEL.solve(both_ways(), scenario(*levers)).balance().loc["imports", "change"]
    )


def test_two_levers_by_hand():
    """Each owes the mean of its effect alone and its effect after the other."""
    cut = tk.TariffCut(**BOUGHT, to=0.0)
    growth = tk.DemandGrowth(importer="IND", by=0.5)
    table = tk.attribute(MODEL, both_ways(), scenario(cut, growth), interaction=True)
    alone = imports_of(cut), imports_of(growth)
    both = imports_of(cut, growth)
    due = [(alone[0] + both - alone[1]) / 2, (alone[1] + both - alone[0]) / 2]
    assert table["imports"].tolist() == pytest.approx(due, rel=ADDS_UP)
    extra = (both - sum(alone)) / 2
    assert extra > 1
    assert table["interaction"].tolist() == pytest.approx([-extra, -extra], rel=1e-7)
    assert table["alone"].tolist() == pytest.approx([-alone[0], -alone[1]], rel=1e-7)


def test_three_levers_against_all_orders():
    levers = [
        tk.TariffCut(**BOUGHT, to=0.0),
        tk.DemandGrowth(importer="IND", by=0.5),
        tk.SupplyDisruption(**BOUGHT, by=0.4),
    ]
    owed = np.zeros(3)
    for order in itertools.permutations(range(3)):
        before = 0.0
        for n, player in enumerate(order):
            inside = sorted(order[: n + 1])
            after = imports_of(*[levers[i] for i in inside])
            owed[player] += (after - before) / 6
            before = after
    table = tk.attribute(MODEL, both_ways(), scenario(*levers))
    assert table["imports"].to_numpy() == pytest.approx(owed, rel=ADDS_UP)


@pytest.fixture(scope="module")
def official():
    return tk.load_baseline()


@settings(max_examples=max(settings.default.max_examples // 8, 10))
@given(st.lists(official_levers(), min_size=1, max_size=7))
def test_rows_sum_to_the_change(official, levers):
    deal, model = scenario(*levers), tk.Armington()
    try:
        model.solve(official, deal)
    except ValueError as error:
        assume("lower the target or the loss" not in str(error))
    table = tk.attribute(model, official, deal)
    assert table.index.is_unique
    assert (table["standard_error"] == 0).all()
    size = official.frame["value_usd_mn"].sum()
    gap = table[METRICS].sum().to_numpy() - whole(model, official, deal)
    assert np.abs(gap).max() < ADDS_UP * size


def test_a_lever_that_does_nothing_owes_nothing(official):
    deal = scenario(
        tk.TariffCut(importer="RUS", exporter="IND", to=0.0),
        tk.QuantityTarget(**BOUGHT, products="31", kilotonnes=1),
        tk.Mobility(workers=1000),
    )
    table = tk.attribute(tk.Armington(), official, deal)
    assert table["exports"].iloc[0] > 50
    assert (table[METRICS].iloc[1:] == 0).all(axis=None)


def test_the_order_of_levers_is_of_no_matter(official):
    levers = [
        tk.TariffCut(**BOUGHT, products="31", to=0.0),
        tk.PriceChange(**BOUGHT, products="31", by=0.1),
        tk.DemandGrowth(importer="IND", products="31", by=0.2),
        tk.PaymentFriction(cost=0.02),
    ]
    model = tk.Armington()
    first = tk.attribute(model, official, scenario(*levers))
    last = tk.attribute(model, official, scenario(*levers[::-1]))
    gap = (first[METRICS] - last.loc[first.index, METRICS]).abs()
    assert gap.max(axis=None) < 1e-7  # US$ mn, flows of 10,000


def test_equal_levers_owe_equal_parts_and_are_told_apart():
    growth = [
        tk.TradeCostChange(**BOUGHT, factor=0.9),
        tk.PriceChange(**BOUGHT, by=-0.1),
    ]
    # The same wedge on price, once melted and once paid: equal imports.
    table = tk.attribute(MODEL, both_ways(), scenario(*growth))
    assert table["imports"].iloc[0] == pytest.approx(table["imports"].iloc[1], rel=1e-9)
    twice = tk.attribute(MODEL, both_ways(), scenario(growth[0], growth[0]))
    assert twice.index[0].endswith("(1)")
    assert twice.index[1].endswith("(2)")


def many(products, count):
    """Return levers of which ``count`` meet in the market of each product."""
    levers = []
    for product in products:
        levers += [
            tk.DemandGrowth(importer="IND", products=product, by=0.01 * (n + 1))
            for n in range(count - 2)
        ]
        levers.append(tk.TariffCut(**BOUGHT, products=product, to=0.0))
        levers.append(tk.PriceChange(**BOUGHT, products=product, by=0.2))
    return levers


@pytest.mark.parametrize("products", [["31"], ["31", "30"]])
def test_more_than_ten_levers_in_a_market_are_sampled_and_still_add_up(products):
    base = baseline(
        *[
            ("IND", who, product, 100.0 + 10 * n, 0.1)
            for n, product in enumerate(products)
            for who in ("RUS", "ROW")
        ]
    )
    deal = scenario(*many(products, 11))
    table = tk.attribute(MODEL, base, deal)
    gap = table[METRICS].sum().to_numpy() - whole(MODEL, base, deal)
    assert np.abs(gap).max() < 1e-7
    assert (table["standard_error"] > 0).any()
    again = tk.attribute(MODEL, base, deal)
    assert table.equals(again)  # the seed is fixed
    assert not table.equals(tk.attribute(MODEL, base, deal, seed=2))


def test_the_sampling_error_is_of_the_right_size():
    """Ten levers are exact; the same ten and an idle one are sampled."""
    levers = many(["31"], 10)
    idle = tk.TradeCostChange(**BOUGHT, factor=1.0)
    exact = tk.attribute(MODEL, both_ways(), scenario(*levers))["balance"]
    table = tk.attribute(MODEL, both_ways(), scenario(*levers, idle))
    error = (table["balance"].iloc[:10] - exact).abs()
    assert (exact.abs() > 0.1).any()
    assert (error <= 5 * table["standard_error"].iloc[:10] + 1e-9).all()
    assert table["balance"].iloc[10] == pytest.approx(0.0, abs=1e-9)


def test_smart_can_be_attributed_too():
    levers = [tk.TariffCut(**BOUGHT, to=0.0), tk.FreeTradeAgreement(coverage=0.5)]
    model, base = tk.Smart(1.5, -1.0, INFINITE), both_ways()
    table = tk.attribute(model, base, scenario(*levers))
    gap = table[METRICS].sum().to_numpy() - whole(model, base, scenario(*levers))
    assert np.abs(gap).max() < 1e-9
    with pytest.raises(ValueError, match="SMART cannot carry PriceChange"):
        tk.attribute(model, base, scenario(tk.PriceChange(**BOUGHT, by=0.1)))


def test_staged_levers_are_attributed_in_their_year(official):
    deal = scenario(
        tk.TariffCut(importer="RUS", exporter="IND", to=0.0, start=2027, phase_in=4)
    )
    model = tk.Armington()
    early = tk.attribute(model, official, deal, year=2027)["exports"].iloc[0]
    full = tk.attribute(model, official, deal)["exports"].iloc[0]
    assert 0 < early < 0.5 * full


def test_parts_that_lost_their_digits_are_refused():
    whole = np.array([1.0, -2.0])
    parts = np.array([[0.75, -1.0], [0.25, -1.0]])
    assert attribution._adding_up(parts, whole, 10.0) is parts
    with pytest.raises(tk.NotConverged, match="do not add up"):
        attribution._adding_up(parts + 1e-6, whole, 10.0)
