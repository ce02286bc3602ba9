"""Every kind of lever against the independent solver in levels, accounts included."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit as tk
from levels import LEVELS, Market, Supplier, solved
from markets import baseline, scenario
from toolkit.levers import KINDS

INDIA = {"RUS": (100.0, 0.1), "ROW": (300.0, 0.1), "IND": (80.0, 0.0),
         "CHN": (0.0, 0.1)}  # fmt: skip
RUSSIA = {"IND": (40.0, 0.25), "ROW": (60.0, 0.25)}
THIRD = 50.0
BOUGHT = {"importer": "IND", "exporter": "RUS"}
SOLD = {"importer": "RUS", "exporter": "IND"}
SPLIT = {"resource": 0.2, "rent": 0.5, "fee": 0.3, "ave": 0.3}

ONE_OF_EACH = {
    tk.TariffCut: [
        tk.TariffCut(**BOUGHT, to=0.02),
        tk.TariffCut(**BOUGHT, to=0.3),
        tk.TariffCut(**SOLD, by=0.4),
        tk.TariffCut(importer="IND", exporter="ALL", by=0.5),
    ],
    tk.FreeTradeAgreement: [tk.FreeTradeAgreement(coverage=0.8, utilisation=0.7)],
    tk.NonTariffEasing: [
        tk.NonTariffEasing(**SOLD, by=0.5, rent_to="importer", **SPLIT),
        tk.NonTariffEasing(**BOUGHT, by=0.5, rent_to="exporter", **SPLIT),
    ],
    tk.MarketAccess: [tk.MarketAccess(importer="IND", exporter="CHN", share=0.2)],
    tk.TradeCostChange: [tk.TradeCostChange(**BOUGHT, factor=0.9)],
    tk.QuantityTarget: [
        tk.QuantityTarget(**BOUGHT, usd_mn=160, paid_by="importer"),
        tk.QuantityTarget(**BOUGHT, usd_mn=160, paid_by="exporter"),
        tk.QuantityTarget(**SOLD, usd_mn=10),
        tk.QuantityTarget(importer="IND", exporter="CHN", usd_mn=20),
    ],
    tk.SupplyDisruption: [
        tk.SupplyDisruption(**BOUGHT, by=0.5, months=6),
        tk.SupplyDisruption(**BOUGHT, by=0.6, seller_share=0.5, rent_to="exporter"),
    ],
    tk.ScheduledImport: [tk.ScheduledImport(**BOUGHT, products="31", usd_mn=50)],
    tk.PriceChange: [tk.PriceChange(**BOUGHT, by=-0.2)],
    tk.PriceCap: [
        tk.PriceCap(**BOUGHT, share_of_today=0.9),
        tk.PriceCap(**BOUGHT, share_of_today=1.2),
    ],
    tk.SanctionCost: [tk.SanctionCost(**BOUGHT, cost=0.08)],
    tk.ExchangeRate: [
        tk.ExchangeRate(currency="RUB", by=-0.2, import_pass_through=0.6),
        tk.ExchangeRate(currency="INR", by=0.1, export_pass_through=0.5),
    ],
    tk.PaymentFriction: [tk.PaymentFriction(cost=0.04)],
    tk.ThirdMarketTariff: [tk.ThirdMarketTariff(market="USA", add=0.3)],
    tk.DemandGrowth: [
        tk.DemandGrowth(importer="IND", by=0.1),
        tk.DemandGrowth(importer="RUS", by=-0.1, income_elasticity=1.5),
    ],
    tk.Mobility: [tk.Mobility(workers=1000)],
}
MODELS = [(3.0, -0.7, 2.5), (2.0, -1.0, np.inf), (0.6, -1.8, 0.8)]


def frame(basis):
    rows = [("IND", who, "31", *numbers) for who, numbers in INDIA.items()]
    rows += [("RUS", who, "30", *numbers) for who, numbers in RUSSIA.items()]
    return baseline(*rows, ("USA", "IND", "30", THIRD, 0.0), basis=basis)


def markets(levers):
    """Return the three markets with all levers on them."""
    share = THIRD / (THIRD + RUSSIA["IND"][0])
    india = Market("IND", "31", [Supplier(n, *x) for n, x in INDIA.items()])
    russia = Market("RUS", "30", [Supplier(n, *x, share) for n, x in RUSSIA.items()])
    third = Market("USA", "30", [Supplier("IND", THIRD, 0.0)])
    for market in (india, russia, third):
        for lever in levers:
            LEVELS[type(lever)](market, lever)
    return india, russia, third


def compare(levers, elasticities, basis="CIF"):
    """Hold every flow and account of a scenario against the one in levels."""
    result = tk.Armington(*elasticities).solve(frame(basis), scenario(*levers))
    assert result.check()["holds"].all()
    names = {"value": "value", "revenue": "tariff_revenue", "rent": "rent",
             "producer_surplus": "producer_surplus"}  # fmt: skip
    keys, totals = result.keys(), {"IND": 0.0, "RUS": 0.0}
    accounts = result.accounts()
    for market in markets(levers):
        due = solved(market, *elasticities, fob=basis == "FOB")
        for mine, theirs in names.items():
            found = result.variable(theirs)
            for who, number in due[mine].items():
                at = (keys.importer == market.importer) & (keys.exporter == who)
                got = found.counterfactual if mine == "value" else found.change
                gap = abs(float(got[at].sum()) - number)
                assert gap < 1e-6, (mine, who, float(got[at].sum()), number)
                if mine == "producer_surplus" and who in totals:
                    totals[who] += number
        code = market.importer
        if code in totals:
            surplus = accounts.loc[code, "consumer_surplus"]
            assert surplus == pytest.approx(
                due["consumer_surplus"], abs=1e-6, nan_ok=True
            )
            totals[code] += due["welfare"]
    for code, number in totals.items():
        found = accounts.loc[code, "welfare"]
        assert found == pytest.approx(number, abs=1e-6, nan_ok=True)


def test_every_kind_of_lever_is_written_down_in_levels():
    assert set(LEVELS) == set(ONE_OF_EACH) == set(KINDS)


@pytest.mark.parametrize("elasticities", MODELS, ids=str)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_each_lever_gives_what_the_levels_give(kind, elasticities):
    for lever in ONE_OF_EACH[kind]:
        compare([lever], elasticities)


@pytest.mark.parametrize("factor", [0.8, 1.3])
def test_freight_on_flows_valued_at_the_exporters_price(factor):
    levers = [
        tk.TradeCostChange(**SOLD, factor=factor),
        tk.TariffCut(**SOLD, by=0.5),
    ]
    for elasticities in MODELS:
        compare(levers, elasticities, basis="FOB")


BOUNDS = tk.QuantityTarget | tk.SupplyDisruption | tk.MarketAccess | tk.PriceCap


def apart(levers):
    """Return levers of which no two need a rule of their own for one flow."""
    once = (tk.NonTariffEasing, tk.QuantityTarget, tk.SupplyDisruption, tk.MarketAccess)
    kept, bounded = [], False
    for lever in levers:
        kinds = [type(x) for x in kept]
        if isinstance(lever, once) and type(lever) in kinds:
            continue
        if isinstance(lever, BOUNDS):
            if bounded:
                continue
            bounded = True
        if lever not in kept:
            kept.append(lever)
    return kept


EVERY = [lever for levers in ONE_OF_EACH.values() for lever in levers]


@settings(max_examples=max(settings.default.max_examples // 2, 30))
@given(st.lists(st.sampled_from(EVERY), min_size=2, max_size=6),
       st.sampled_from(MODELS))  # fmt: skip
def test_several_levers_at_once_give_what_the_levels_give(levers, elasticities):
    compare(apart(levers), elasticities)


def test_opening_a_market_is_not_defined_at_fixed_expenditure_shares():
    opening = ONE_OF_EACH[tk.MarketAccess]
    with pytest.raises(tk.NotConverged, match="exactly one"):
        tk.Armington(1.0, -0.7, 2.5).solve(frame("CIF"), scenario(*opening))
