"""What each lever does to a market, worked out by hand in small frames.

sigma = 2, eta = -1, supply infinitely elastic: the composite price is
``1 / sum(s_i / p_i)`` and the quantity of a supplier ``P / p_i^2``.
"""

import numpy as np
import pytest

import toolkit as tk
from markets import INFINITE, baseline, both_ways, hats, pick, scenario
from toolkit.levers import KINDS

EXACT = 1e-9  # rounding of sums of a few hundred
MODEL = tk.Armington(2.0, -1.0, INFINITE)
BOUGHT = {"importer": "IND", "exporter": "RUS"}
HANDS = {}


def by_hand(kind):
    """Register a case; a kind of lever without one fails the first test."""

    def register(function):
        HANDS.setdefault(kind, []).append(function)
        return function

    return register


def quantity(price, share=0.25):
    """Return the quantity of one supplier whose price alone moves."""
    return 1 / (share / price + 1 - share) / price**2


def crude(**columns):
    return baseline(
        ("IND", "RUS", "2709", 100.0, 0.1),
        ("IND", "ROW", "2709", 300.0, 0.1),
        **columns,
    )


def near(number):
    return pytest.approx(number, rel=EXACT, abs=EXACT)


def solve(*levers, market=None, **options):
    return MODEL.solve(market or both_ways(), scenario(*levers), **options)


def value(result, importer="IND", exporter="RUS"):
    return pick(result, "value", importer=importer, exporter=exporter)["counterfactual"]


@by_hand(tk.TariffCut)
def cut():
    result = solve(tk.TariffCut(**BOUGHT, to=0.0))
    assert value(result) == near(100 * quantity(1 / 1.1))
    assert hats(result, "applied_rate").to_dict() == {"ROW": 0.1, "RUS": 0.0}


@by_hand(tk.FreeTradeAgreement)
def agreement():
    deal = tk.FreeTradeAgreement(coverage=0.8, utilisation=0.5, exclude={"RUS": "30"})
    result = solve(deal)
    assert hats(result, "applied_rate")["RUS"] == near(0.06)
    assert value(result) == near(100 * quantity(1.06 / 1.1))
    assert value(result, "RUS", "IND") == 40.0


@by_hand(tk.NonTariffEasing)
def easing():
    result = solve(tk.NonTariffEasing(**BOUGHT, by=0.5, ave=0.2))
    price = 1.1 / 1.2
    assert hats(result, "consumer_price")["RUS"] == near(price)
    assert value(result) == near(100 * price * quantity(price))


@by_hand(tk.NonTariffEasing)
def easing_of_a_fee():
    fee = tk.NonTariffEasing(**BOUGHT, by=0.5, ave=0.2, resource=0.0, fee=1.0)
    result = solve(fee)
    # Outside the value; buyers spend 100 x 1.1 x 1.2 of 132 + 330 on it today.
    assert value(result) == near(100 * quantity(1.1 / 1.2, 2 / 7))


@by_hand(tk.MarketAccess)
def access():
    market = baseline(("IND", "RUS", "31", 0.0, 0.1), ("IND", "ROW", "31", 300.0, 0.1))
    result = solve(tk.MarketAccess(**BOUGHT, share=0.4), market=market)
    # Worth 200 at unchanged prices; with one more variety P = 1 / (1 + 2/3).
    assert value(result) == near(200 * 0.6)
    assert value(result, exporter="ROW") == near(300 * 0.6)


@by_hand(tk.TradeCostChange)
def freight():
    result = solve(tk.TradeCostChange(**BOUGHT, factor=0.9))
    assert value(result) == near(100 * 0.9 * quantity(0.9))


@by_hand(tk.QuantityTarget)
def target():
    result = solve(tk.QuantityTarget(**BOUGHT, usd_mn=150))
    price = (-0.375 + np.sqrt(0.375**2 + 4.5)) / 2.25  # 1.5 p^2 (.25/p + .75) = 1
    assert value(result) == near(150.0)
    wedges = result.wedges().set_index("exporter").loc["RUS"]
    assert wedges["wedge"] == near(price - 1)
    assert wedges["importer_rent_usd_mn"] == near(1.1 * 150 * (price - 1))


@by_hand(tk.QuantityTarget)
def target_where_nothing_is_traded():
    market = baseline(
        ("IND", "RUS", "31", 0.0, 0.1),
        ("IND", "ROW", "31", 300.0, 0.1),
        kilotonnes=[0.0, 1000.0],
    )
    result = solve(tk.QuantityTarget(**BOUGHT, kilotonnes=50), market=market)
    assert value(result) == near(50 * 0.3)  # 300 US$ a tonne, the others' unit value
    assert any("300 per tonne" in note for note in result.notes)


@by_hand(tk.SupplyDisruption)
def disruption():
    result = solve(tk.SupplyDisruption(**BOUGHT, by=0.3))
    price = (-0.175 + np.sqrt(0.175**2 + 2.1)) / 1.05  # 0.7 p^2 (.25/p + .75) = 1
    assert value(result) == near(70.0)
    assert hats(result, "shadow_tariff")["RUS"] == near(price - 1)


@by_hand(tk.SupplyDisruption)
def disruption_of_one_seller_for_some_months():
    lever = tk.SupplyDisruption(**BOUGHT, by=0.5, seller_share=0.6, months=4)
    assert hats(solve(lever), "quantity")["RUS"] == near(0.9)


@by_hand(tk.SupplyDisruption)
def disruption_in_barrels():
    market = both_ways(kilotonnes=100_000.0)
    result = solve(tk.SupplyDisruption(**BOUGHT, to_mbd=1.0), market=market)
    assert hats(result, "kilotonnes")["RUS"] == near(365e3 / 7.33)


@by_hand(tk.ScheduledImport)
def schedule():
    lever = tk.ScheduledImport(**BOUGHT, products="31", usd_mn=50)
    change = solve(lever).frame.query("variable == 'value' and change != 0")
    assert change["change"].tolist() == [near(50.0)]
    assert change["exporter"].tolist() == ["RUS"]


@by_hand(tk.PriceChange)
def price():
    result = solve(tk.PriceChange(**BOUGHT, by=-0.1))
    assert value(result) == near(100 * 0.9 * quantity(0.9))
    assert result.static().loc["imports", "change"] == near(-10.0)


@by_hand(tk.PriceChange)
def price_in_barrels():
    # 100 mn for 200 kt is 100 / (200 x 7.33) thousand dollars a barrel: 68.21.
    oil = crude(kilotonnes=200.0)
    today = 1e5 / (200 * 7.33)
    lever = tk.PriceChange(**BOUGHT, products="2709", usd_per_barrel=-today / 10)
    assert value(solve(lever, market=oil)) == near(100 * 0.9 * quantity(0.9))


@by_hand(tk.PriceChange)
def price_that_the_seller_holds():
    stiff = tk.Armington(2.0, -1.0, 0.5)
    lever = tk.PriceChange(**BOUGHT, by=-0.1, held=True)
    rest = tk.PriceChange(importer="IND", exporter="ROW", by=0.0, held=True)
    result = stiff.solve(both_ways(), scenario(lever, rest))
    assert value(result) == near(100 * 0.9 * quantity(0.9))
    sold = quantity(0.9)  # paid less the area under a curve of elasticity 0.5
    lost = 100 * (0.9 * sold - 1 - (sold**3 - 1) / 3)
    found = pick(result, "producer_surplus", importer="IND", exporter="RUS")
    assert found["change"] == near(lost)


@by_hand(tk.SanctionCost)
def sanctions():
    result = solve(tk.SanctionCost(**BOUGHT, cost=0.05))
    assert value(result) == near(100 * quantity(1.05))
    assert hats(result, "consumer_price")["RUS"] == near(1.05)


@by_hand(tk.SanctionCost)
def sanctions_in_barrels():
    today = 1e5 / (200 * 7.33)
    lever = tk.SanctionCost(**BOUGHT, products="2709", usd_per_barrel=today / 20)
    result = solve(lever, market=crude(kilotonnes=200.0))
    assert value(result) == near(100 * quantity(1.05))


@by_hand(tk.PriceCap)
def cap_on_a_price():
    # mu = 1 and a cap at 0.9: nine tenths are offered, at nine tenths of the price.
    result = tk.Armington(2.0, -1.0, 1.0).solve(
        both_ways(), scenario(tk.PriceCap(**BOUGHT, share_of_today=0.9))
    )
    assert hats(result, "quantity")["RUS"] == near(0.9)
    assert value(result) == near(100 * 0.9 * 0.9)


@by_hand(tk.PriceCap)
def cap_in_barrels_adds_freight():
    today = 1e5 / (200 * 7.33)
    lever = tk.PriceCap(
        **BOUGHT, products="2709", usd_per_barrel=0.8 * today, freight=0.1 * today
    )
    model = tk.Armington(2.0, -1.0, 1.0)
    result = model.solve(crude(kilotonnes=200.0), scenario(lever))
    assert value(result) == near(100 * 0.9 * 0.9)


@by_hand(tk.QuantityTarget)
def target_in_barrels():
    oil = crude(kilotonnes=[50_000.0, 150_000.0])
    lever = tk.QuantityTarget(**BOUGHT, products="2709", mbd=1.5)
    result = solve(lever, market=oil)
    assert hats(result, "kilotonnes")["RUS"] == near(1.5 * 365e3 / 7.33)


@by_hand(tk.SupplyDisruption)
def disruption_that_the_world_feels():
    # 0.5 of today's crude is lost and a fifth of that sold elsewhere.
    oil = crude(kilotonnes=[50_000.0, 150_000.0])
    today = 50_000 * 7.33 / 365e3
    lever = tk.SupplyDisruption(
        **BOUGHT, products="2709", by=0.5, rerouted=0.2, world_response=0.4
    )
    result = solve(lever, market=oil)
    price = (1 - 0.5 * 0.8 * today / 76.64) ** -2.5
    assert hats(result, "producer_price")["ROW"] == near(price)
    assert value(result) == near(50 * price)
    small = 0.5 * 0.8 * today / 76.64 / 0.4
    assert price - 1 == pytest.approx(small, rel=0.02)


@by_hand(tk.SupplyDisruption)
def disruption_that_others_replace_slowly():
    # Two months: 0.1 mb/d in the first, 0.2 in the second, 0.3 / 12 over the year.
    oil = crude(kilotonnes=[50_000.0, 150_000.0])
    others = 150_000 * 7.33 / 365e3
    lever = tk.SupplyDisruption(
        **BOUGHT, products="2709", by=1.0, months=2, switching_mbd=0.1
    )
    result = solve(lever, market=oil)
    assert hats(result, "quantity")["ROW"] == near(1 + 0.3 / 12 / others)
    assert hats(result, "quantity")["RUS"] == near(10 / 12)
    # They are paid what buyers pay: 1.1 P of all is spent, P Q = 1 at eta = -1.
    paid = value(result, exporter="ROW")
    assert paid > 300 * (1 + 0.3 / 12 / others)


@by_hand(tk.ExchangeRate)
def depreciation():
    for passed, price, dollar in ((1.0, 1.25, 1.0), (0.5, 1.25**0.5, 0.8**0.5)):
        lever = tk.ExchangeRate(currency="RUB", by=-0.2, import_pass_through=passed)
        result = solve(lever)
        prices = hats(result, "consumer_price", "RUS")
        assert prices.to_dict() == {"IND": near(price), "ROW": near(price)}
        assert value(result, "RUS", "IND") == near(40 * dollar / price)
        assert value(result) == 100.0


@by_hand(tk.ExchangeRate)
def depreciation_makes_exports_cheaper():
    lever = tk.ExchangeRate(currency="RUB", by=-0.19, export_pass_through=0.5)
    assert value(solve(lever)) == near(100 * 0.9 * quantity(0.9))


@by_hand(tk.PaymentFriction)
def payments():
    result = solve(tk.PaymentFriction(cost=0.05, share=0.4))
    assert value(result) == near(100 * quantity(1.02))
    assert value(result, "RUS", "IND") == near(40 * quantity(1.02, 0.4))


@by_hand(tk.ThirdMarketTariff)
def diversion():
    market = baseline(
        ("RUS", "IND", "61", 40.0, 0.0),
        ("RUS", "ROW", "61", 120.0, 0.0),
        ("USA", "IND", "61", 10.0, 0.0),
    )
    lever = tk.ThirdMarketTariff(market="USA", add=0.25)
    # share 10/50; a e = -1.9 abroad, -0.5 at home, supply 1.522
    fall = -1.9 * 0.2 * 0.25 / (1.522 + 1.9 + 0.5)
    result = solve(lever, market=market)
    assert hats(result, "producer_price", "RUS")["IND"] == near(1 + fall)
    due = 40 * (1 + fall) * quantity(1 + fall)
    assert value(result, "RUS", "IND") == near(due)


@by_hand(tk.DemandGrowth)
def growth():
    result = solve(tk.DemandGrowth(importer="IND", by=0.21, income_elasticity=0.5))
    assert value(result) == near(110.0)
    assert value(result, exporter="ROW") == near(330.0)
    assert value(result, "RUS", "IND") == 40.0


@by_hand(tk.Mobility)
def mobility():
    result = solve(tk.Mobility(workers=50_000, students=1000, spending_usd=5000))
    assert result.balance()["change"].tolist() == [0.0, 0.0, 0.0]
    account = result.invisibles().set_index("item")
    assert account.loc["remittances", "usd_mn"] == near(50_000 * 806 * 12 * 0.5 / 1e6)
    assert account.loc["students' spending", "usd_mn"] == near(5.0)
    assert account.loc["remittances", "low"] < account.loc["remittances", "usd_mn"]


def test_every_kind_of_lever_has_a_case_by_hand():
    assert set(HANDS) == set(KINDS)


CASES = [case for cases in HANDS.values() for case in cases]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.__name__)
def test_by_hand(case):
    case()


UNKNOWN = {
    "product": (tk.TariffCut(**BOUGHT, products="33", to=0.0), "No product '33'.*'31'"),
    "finer": (tk.TariffCut(**BOUGHT, products="3102", to=0), "finer.*holds '31'"),
    "excluded": (
        tk.TariffCut(**BOUGHT, to=0, exclude=("3102",)),
        "'3102' is finer.*holds '31'",
    ),
    "importer": (tk.PriceChange(importer="INA", exporter="RUS"), "'INA'.*mean 'IND'"),
    "exporter": (tk.PriceChange(importer="IND", exporter="RUZ"), "'RUZ'.*mean 'RUS'"),
    "flow": (tk.DemandGrowth(importer="IND", by=0.1, products="30"), "No product '30'"),
    "members": (tk.FreeTradeAgreement(members=("IND", "EUN")), "'EUN' is not in"),
    "third": (tk.ThirdMarketTariff(market="USA", add=0.1), "no exports of IND to USA"),
    "target": (tk.QuantityTarget(**BOUGHT, kilotonnes=9), "no kilotonnes for HS 31"),
    "cap": (tk.SupplyDisruption(**BOUGHT, to_mbd=1), "use by= instead"),
    "barrels": (
        tk.PriceChange(**BOUGHT, usd_per_barrel=5),
        "usd_per_barrel is in barrels, which only crude oil .*not HS 31",
    ),
    "rerouted": (
        tk.SupplyDisruption(**BOUGHT, by=0.5, rerouted=0.5),
        "rerouted is in barrels, which only crude oil",
    ),
    "specific": (tk.TariffCut(**BOUGHT, specific_to=9), "specific_to needs kilotonnes"),
    "schedule": (
        tk.ScheduledImport(**BOUGHT, products="31", usd_mn=-101),
        "negative: it is 100 today",
    ),
}


@pytest.mark.parametrize("case", UNKNOWN)
def test_names_what_the_baseline_does_not_hold(case):
    lever, message = UNKNOWN[case]
    with pytest.raises(ValueError, match=message):
        solve(lever)


def test_crude_without_tonnes_has_no_barrels():
    oil = crude()
    goods = {**BOUGHT, "products": "2709"}
    for lever in (
        tk.PriceChange(**goods, usd_per_barrel=-5),
        tk.SanctionCost(**goods, usd_per_barrel=5),
        tk.PriceCap(**goods, usd_per_barrel=60),
        tk.SupplyDisruption(**goods, by=0.5, rerouted=0.5),
        tk.SupplyDisruption(**goods, by=0.5, switching_mbd=0.5),
    ):
        with pytest.raises(ValueError, match="no kilotonnes for HS 2709 from"):
            solve(lever, market=oil)
    with pytest.raises(ValueError, match="no kilotonnes for HS 2709"):
        solve(tk.QuantityTarget(**goods, mbd=1), market=oil)
    lever, market = tk.PriceChange(**goods, usd_per_barrel=-90), crude(kilotonnes=200.0)
    with pytest.raises(ValueError, match=r"more than the price of crude from RUS"):
        solve(lever, market=market)
    assert solve(tk.SupplyDisruption(**goods, by=0.5), market=oil).notes == ()


def test_a_disruption_of_size_zero_holds_nothing_back():
    cut = tk.TariffCut(**BOUGHT, to=0.0)
    none = tk.SupplyDisruption(**BOUGHT, by=0.0)
    assert value(solve(cut, none)) == value(solve(cut))


def test_a_cap_above_todays_flow_binds_only_once_demand_reaches_it():
    market = both_ways(kilotonnes=1000.0)
    cap = tk.SupplyDisruption(**BOUGHT, to_kilotonnes=1200)
    assert value(solve(cap, market=market)) == 100.0
    more = tk.DemandGrowth(importer="IND", by=0.5)
    assert hats(solve(more, cap, market=market), "kilotonnes")["RUS"] == near(1200.0)
