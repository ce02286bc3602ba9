"""SMART: bounds of diversion, finite supply, refusals (figures: test_published)."""

import numpy as np
import pytest

import toolkit as tk
from markets import INFINITE, baseline, pick, scenario, two_suppliers

EXACT = 1e-9
MARKET = (("RUS", 100.0, 0.2), ("CHN", 60.0, 0.3), ("ROW", 240.0, 0.1))


def three(*extra):
    rows = [("IND", who, "31", value, rate) for who, value, rate in (*MARKET, *extra)]
    return baseline(*rows)


def solve(market, *levers, sigma=1.5, eta=-1.0, mu=INFINITE):
    return tk.Smart(sigma, eta, mu).solve(market, scenario(*levers))


def parts(result, name):
    rows = result.frame.query("variable == @name")
    return rows.set_index("exporter")["change"]


def cut(exporter, to, **more):
    return tk.TariffCut(importer="IND", exporter=exporter, to=to, **more)


@pytest.mark.parametrize(
    ("sigma", "to"), [(0.5, 0.0), (1.5, 0.35), (6.0, 0.1), (6.0, 0.35), (40.0, 0.0)]
)
def test_diversion_sums_to_zero_and_stays_within_trade(sigma, to):
    result = solve(three(), cut("RUS", to), sigma=sigma, eta=-0.1)
    diverted = parts(result, "trade_diversion")
    assert diverted.sum() == pytest.approx(0.0, abs=EXACT)
    assert -100.0 <= diverted["RUS"] < 300.0
    assert np.sign(diverted["RUS"]) == np.sign(0.2 - to)


def test_diversion_takes_from_the_others_in_proportion_to_their_trade():
    diverted = parts(solve(three(), cut("RUS", 0.0)), "trade_diversion")
    assert diverted["CHN"] / diverted["ROW"] == pytest.approx(60 / 240, rel=EXACT)


def test_a_single_exporter_diverts_nothing():
    market = baseline(("IND", "RUS", "31", 100.0, 0.2))
    assert parts(solve(market, cut("RUS", 0.0)), "trade_diversion")["RUS"] == 0.0


def test_the_same_landed_change_for_all_diverts_nothing():
    market = two_suppliers(rate=0.2)
    assert not parts(solve(market, cut("ALL", 0.1)), "trade_diversion").any()


def test_when_all_duties_change_the_least_favoured_is_the_rest():
    """Relative to the source cut least, a cut of both is a cut of the other."""
    both = solve(two_suppliers(), cut("RUS", 0.0), cut("ROW", 0.1))
    relative = (1.0 / 1.2) / (1.1 / 1.2) - 1
    push = -1.5 * relative
    due = 100 * 300 * push / (400 + 100 * push)
    assert parts(both, "trade_diversion")["RUS"] == pytest.approx(due, rel=EXACT)


def test_a_supplier_without_trade_changes_nothing():
    levers = cut("RUS", 0.0), cut("CHN", 0.1), cut("ROW", 0.05)
    plain = solve(three(), *levers).balance()
    more = solve(three(("USA", 0.0, 0.1)), *levers).balance()
    assert more.to_numpy() == pytest.approx(plain.to_numpy(), rel=EXACT)


def test_finite_supply_damps_creation_and_raises_prices():
    result = solve(three(), cut("RUS", 0.0), mu=2.0)
    g = -0.2 / 1.2
    created, diverted = (
        parts(result, "trade_creation"),
        parts(result, "trade_diversion"),
    )
    assert created["RUS"] == pytest.approx(100 * -1.0 * g / (1 + 1 / 2), rel=EXACT)
    price = parts(result, "price_effect")
    assert price["RUS"] == pytest.approx((created + diverted)["RUS"] / 2, rel=EXACT)
    whole = created + diverted + price
    assert parts(result, "value").to_numpy() == pytest.approx(
        whole.to_numpy(), rel=EXACT
    )


def test_creation_is_proportional_to_the_demand_elasticity():
    one, two = (
        parts(solve(three(), cut("RUS", 0.0), eta=eta), "trade_creation")["RUS"]
        for eta in (-0.5, -1.0)
    )
    assert two == pytest.approx(2 * one, rel=EXACT)


def test_revenue_is_rate_times_value():
    result = solve(three(), cut("RUS", 0.05))
    after = pick(result, "value", exporter="RUS")["counterfactual"]
    got = pick(result, "tariff_revenue", exporter="RUS")
    assert got["counterfactual"] == pytest.approx(0.05 * after, rel=EXACT)
    assert got["baseline"] == pytest.approx(20.0, rel=EXACT)


def test_welfare_is_the_triangle_between_both_rates():
    result = solve(three(), cut("RUS", 0.05))
    created = parts(result, "trade_creation")["RUS"]
    due = 0.5 * (0.2 + 0.05) * created
    assert pick(result, "welfare")["change"] == pytest.approx(due, rel=EXACT)


@pytest.mark.parametrize(
    "lever",
    [
        tk.QuantityTarget(importer="IND", exporter="RUS", usd_mn=200),
        tk.SupplyDisruption(importer="IND", exporter="RUS", by=0.3),
        tk.PriceChange(importer="IND", exporter="RUS", by=0.1),
        tk.NonTariffEasing(importer="IND", exporter="RUS", by=0.5),
        tk.TradeCostChange(importer="IND", exporter="RUS", factor=0.9),
        tk.DemandGrowth(importer="IND", by=0.1),
        tk.ExchangeRate(currency="INR", by=-0.1),
        tk.PaymentFriction(cost=0.01),
        tk.MarketAccess(importer="IND", exporter="RUS", share=0.1),
        tk.ScheduledImport(importer="IND", exporter="RUS", products="31", usd_mn=1),
    ],
    ids=lambda lever: type(lever).__name__,
)
def test_names_a_lever_that_it_cannot_carry(lever):
    with pytest.raises(ValueError, match=f"cannot carry {type(lever).__name__}"):
        solve(three(), cut("RUS", 0.1), lever)


def test_refuses_a_rise_that_would_make_a_flow_negative():
    with pytest.raises(ValueError, match=r"negative.*RUS to IND.*'31'.*Armington"):
        solve(three(), cut("RUS", 3.0), eta=-3.0)


@pytest.mark.parametrize("supply", [0.3, 1.0, 5.0])
def test_a_flow_of_next_to_nothing_that_ends_has_no_price_below_zero(supply):
    market = baseline(("IND", "RUS", "31", 1e-9, 0.2), ("IND", "ROW", "31", 3e5, 0.2))
    result = solve(market, cut("RUS", 0.5), sigma=3.0, mu=supply)
    for name in ("value", "quantity", "consumer_price", "producer_price"):
        assert (result.variable(name).counterfactual >= 0).all(), name


def test_both_agreement_and_cut_are_carried():
    market = baseline(
        ("IND", "RUS", "31", 100.0, 0.2),
        ("IND", "ROW", "31", 300.0, 0.2),
        ("RUS", "IND", "30", 40.0, 0.05),
    )
    deal = tk.FreeTradeAgreement(members=("IND", "RUS"))
    free = solve(market, deal).balance()["change"]
    each = solve(
        market, cut("RUS", 0.0), tk.TariffCut(importer="RUS", exporter="IND", to=0.0)
    ).balance()["change"]
    assert free.to_numpy() == pytest.approx(each.to_numpy(), rel=EXACT)
    assert free["exports"] > 0
