"""Identities that hold under all levers at once, as properties of random scenarios.

In CI 500 scenarios each for the accounts of small and official markets and 100 for
every other property (hypothesis profile "ci" of conftest.py), else 60 and 12;
``HYPOTHESIS_PROFILE=search`` looks further.
"""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import toolkit as tk
from draws import REFUSED, frames, numbers, official_levers, worlds
from markets import scenario

SAME = 1e-9  # relative to total trade: rounding of sums and of the solver
KEYS = ["importer", "exporter", "product", "variable"]
ICEBERG = (tk.NonTariffEasing, tk.TradeCostChange, tk.ScheduledImport)
# Their duty is outside of welfare, or counts at the baseline's exchange rate.
OTHER_UNITS = tk.ScheduledImport | tk.ExchangeRate

NOTHING = {
    tk.TariffCut: [
        tk.TariffCut(importer="IND", exporter="RUS", by=0.0),
        tk.TariffCut(importer="RUS", exporter="ALL", mfn_times=1.0),
    ],
    tk.FreeTradeAgreement: [tk.FreeTradeAgreement(coverage=0.0)],
    tk.NonTariffEasing: [tk.NonTariffEasing(importer="RUS", exporter="IND", by=0.0)],
    tk.MarketAccess: [tk.MarketAccess(importer="RUS", exporter="IND", share=0.0)],
    tk.TradeCostChange: [tk.TradeCostChange(importer="IND", exporter="ALL")],
    tk.QuantityTarget: [tk.QuantityTarget(importer="IND", exporter="RUS", usd_mn=0)],
    tk.SupplyDisruption: [
        tk.SupplyDisruption(importer="IND", exporter="RUS", by=0.0),
        tk.SupplyDisruption(importer="IND", exporter="RUS", by=0.5, months=0),
    ],
    tk.ScheduledImport: [
        tk.ScheduledImport(importer="IND", exporter="RUS", products="98", usd_mn=0)
    ],
    tk.PriceChange: [tk.PriceChange(importer="IND", exporter="ALL", by=0.0)],
    tk.PriceCap: [
        tk.PriceCap(importer="IND", exporter="RUS", products="2709", usd_per_barrel=999)
    ],
    tk.SanctionCost: [tk.SanctionCost(importer="IND", exporter="RUS", cost=0.0)],
    tk.ExchangeRate: [tk.ExchangeRate(currency="RUB", by=0.0, import_pass_through=0.4)],
    tk.PaymentFriction: [tk.PaymentFriction(cost=0.0)],
    tk.ThirdMarketTariff: [tk.ThirdMarketTariff(market="USA", add=0.0)],
    tk.DemandGrowth: [tk.DemandGrowth(importer="IND", by=0.0)],
    tk.Mobility: [tk.Mobility()],
}
FEWER = settings(max_examples=settings.default.max_examples // 5)
IDLE = [lever for kind in NOTHING.values() for lever in kind]


@pytest.fixture(scope="module")
def official():
    return tk.load_baseline("2024-25")


def numbers_of(result):
    """Return the long frame keyed by line and variable."""
    return result.frame.set_index(KEYS)[["baseline", "counterfactual", "change"]]


def assert_same(first, second, factor=1.0):
    """Compare two results; US$ values of the second may be a multiple."""
    one, two = numbers_of(first), numbers_of(second).reindex(numbers_of(first).index)
    money = first.frame["unit"].eq("US$ mn").to_numpy()
    scale = np.where(money, factor, 1.0)[:, None]
    size = max(float(first.variable("value").counterfactual.sum()), 1.0)
    room = (
        SAME * scale * np.where(money, size, 1.0 + one["counterfactual"].abs())[:, None]
    )
    gap = np.abs(two.to_numpy() - scale * one.to_numpy())
    assert np.nan_to_num(gap - room, nan=0.0).max(initial=0.0) <= 0
    assert (np.isnan(two.to_numpy()) == np.isnan(one.to_numpy())).all()


def assert_same_accounts(first, second, factor=1.0):
    """Compare balance, revenue, surplus, rents and welfare of both countries."""
    size = max(float(first.variable("value").counterfactual.sum()), 1.0)
    for one, two in (
        (first.balance(), second.balance()),
        (first.accounts(), second.accounts()),
    ):
        gap = (two - factor * one).abs().to_numpy()
        assert np.nan_to_num(gap).max() <= 10 * SAME * factor * size
        assert (one.isna() == two.isna()).all(axis=None)


def solved(model, base, levers):
    """Solve; leave out targets above what a disruption or a price cap leaves."""
    try:
        return model.solve(base, scenario(*levers))
    except (ValueError, tk.NotConverged) as error:
        assume(not any(words in str(error) for words in REFUSED))
        raise


def assert_adds_up(result, base):
    """Check what the accounts of any result must satisfy."""
    checks = result.check()
    assert checks["holds"].all(), checks
    values = result.frame.query("variable == 'value'")
    size = max(float(values["baseline"].sum()), 1.0)
    for importer in ("IND", "RUS"):
        shifts = result.displacement(importer).drop(columns="total")
        foreign = shifts.drop(columns=importer, errors="ignore").to_numpy()
        created, displaced = foreign[foreign > 0].sum(), foreign[foreign < 0].sum()
        bought = values.query("importer == @importer and exporter != @importer")
        assert created + displaced == pytest.approx(
            bought["change"].sum(), abs=SAME * size
        )
    wide = result.frame.pivot_table("counterfactual", KEYS[:3], "variable")
    due = (wide["applied_rate"] * wide["value"]).sum()
    assert wide["tariff_revenue"].sum() == pytest.approx(due, abs=SAME * size)
    if not any(isinstance(lever, OTHER_UNITS) for lever in result.levers):
        parts = ["consumer_surplus", "tariff_revenue", "rent", "producer_surplus"]
        account = result.accounts()
        gap = account["welfare"] - account[parts].sum(axis=1, skipna=False)
        assert not gap.abs().max() >= SAME * size  # NaN where it is not known
    if not any(isinstance(lever, ICEBERG) for lever in result.levers):
        old = wide[wide["producer_price"].notna()]
        before = base.frame.set_index(KEYS[:3])["value_usd_mn"].reindex(old.index)
        paid = before * old["producer_price"] * old["quantity"]
        assert (old["value"] - paid).abs().max() <= SAME * size or old.empty


@given(worlds())
def test_accounts_add_up_in_small_markets(world):
    mine, model, chosen = world
    before = mine.copy(deep=True)
    base = tk.Baseline.from_frame(mine)
    assert_adds_up(solved(model, base, chosen), base)
    pd.testing.assert_frame_equal(mine, before)


@given(
    st.lists(official_levers(), max_size=8), st.sampled_from(["low", "central", "high"])
)
def test_accounts_add_up_on_the_official_baseline(official, chosen, case):
    model = tk.Armington(case=case)
    assert_adds_up(solved(model, official, chosen), official)


@FEWER
@given(st.lists(official_levers(), max_size=5), st.sampled_from(IDLE))
def test_a_lever_of_size_zero_moves_nothing(official, chosen, idle):
    model = tk.Armington()
    with_it = solved(model, official, [idle, *chosen])
    assert_same(model.solve(official, scenario(*chosen)), with_it)


def test_every_kind_has_a_lever_of_size_zero():
    assert set(NOTHING) == set(tk.levers.KINDS)


@given(st.lists(official_levers(), min_size=2, max_size=6), st.randoms())
def test_the_order_of_levers_is_of_no_matter(official, chosen, random):
    model = tk.Armington()
    first = solved(model, official, chosen)
    random.shuffle(chosen)
    assert_same(first, model.solve(official, scenario(*chosen)))


@given(worlds(), st.randoms())
def test_the_order_is_of_no_matter_in_small_markets(world, random):
    mine, model, chosen = world
    base = tk.Baseline.from_frame(mine)
    first = solved(model, base, chosen)
    random.shuffle(chosen)
    assert_same(first, model.solve(base, scenario(*chosen)))


@FEWER
@given(st.lists(official_levers(), min_size=2, max_size=5), st.randoms())
def test_the_order_is_of_no_matter_to_the_attribution(official, chosen, random):
    model = tk.Armington()
    solved(model, official, chosen)

    def parts(levers):
        table = tk.attribute(model, official, scenario(*levers))
        return table.groupby(lambda name: name.split(" (2)")[0].split(" (3)")[0]).sum()

    first = parts(chosen)
    random.shuffle(chosen)
    gap = (parts(chosen).reindex(first.index) - first).abs()
    assert gap.drop(columns="standard_error").to_numpy().max() < 1e-5  # of 70 bn


def root(x):
    return (1 + x) ** 0.5 - 1


BUYS = {"importer": "IND", "products": "31"}
FROM = {**BUYS, "exporter": "RUS"}
SETTLED = 0.9
# Kind, where, the field that is split, its half: rules that multiply, or add up.
HALVES = [
    (tk.TradeCostChange, FROM, "factor", lambda x: x**0.5),
    (tk.PriceChange, FROM, "by", root),
    (tk.SanctionCost, FROM, "cost", root),
    (tk.DemandGrowth, BUYS, "by", root),
    (tk.NonTariffEasing, FROM, "by", lambda x: 1 - (1 - x) ** 0.5),
    (tk.ExchangeRate, {"currency": "INR", "export_pass_through": 0.4}, "by", root),
    (tk.ExchangeRate, {"currency": "RUB", "import_pass_through": 0.4}, "by", root),
    (tk.PaymentFriction, {"share": SETTLED}, "cost",
     lambda x: root(SETTLED * x) / SETTLED),
    (tk.ThirdMarketTariff, {"market": "USA", "products": "30"}, "add",
     lambda x: root(ThirdMarket.price_change(x)) / ThirdMarket.price_change(1.0)),
    (tk.ScheduledImport, {**FROM, "products": "98"}, "usd_mn", lambda x: x / 2),
    (tk.SupplyDisruption, {**FROM, "by": 0.6}, "seller_share", lambda x: x / 2),
    (tk.SupplyDisruption, {**FROM, "by": 0.6}, "months", lambda x: x / 2),
]  # fmt: skip


class ThirdMarket:
    """The third market's duty on one chapter, by its lever's own equation."""

    @staticmethod
    def price_change(add):
        world = tk.load_baseline().world.query("flow == 'export' and hs2 == '30'")
        sold = world.set_index("partner")["value_usd_mn"]
        lever = tk.ThirdMarketTariff(market="USA", add=add)
        return lever.price_change(float(sold["USA"] / sold["WLD"]))


@FEWER
@given(
    st.sampled_from(HALVES), numbers(0.01, 0.5), st.lists(official_levers(), max_size=3)
)
def test_two_halves_are_the_whole_where_levers_multiply_or_add(
    official, half, size, others
):
    kind, where, field, half_of = half
    whole = kind(**where, **{field: size})
    part = kind(**where, **{field: half_of(size)})
    model = tk.Armington()
    first = solved(model, official, [whole, *others])
    second = model.solve(official, scenario(part, part, *others))
    assert_same(first, second)
    assert_same_accounts(first, second)


AGAIN = [
    tk.TariffCut(**FROM, to=0.01),
    tk.TariffCut(**FROM, by=0.5),
    tk.FreeTradeAgreement(coverage=0.5),
    tk.MarketAccess(importer="RUS", exporter="IND", products="0701", share=0.1),
    tk.QuantityTarget(**FROM, kilotonnes=5000),
    tk.PriceCap(**FROM, share_of_today=1.2),
    tk.PriceCap(**{**FROM, "products": "2709"}, share_of_today=0.9),
]


@FEWER
@given(st.sampled_from(AGAIN), st.lists(official_levers(), max_size=3))
def test_the_same_again_is_nothing_more_where_the_best_one_holds(
    official, lever, others
):
    """Duties, openings and targets: one that is said twice is in force once."""
    model = tk.Armington()
    first = solved(model, official, [lever, *others])
    assert_same(first, model.solve(official, scenario(lever, lever, *others)))


def test_every_kind_of_lever_is_split_or_said_twice():
    split = {kind for kind, *_ in HALVES} | {type(lever) for lever in AGAIN}
    assert split | {tk.Mobility} == set(tk.levers.KINDS)


@FEWER
@given(worlds(most=4), numbers(0.1, 0.9))
def test_two_suppliers_that_are_alike_are_one(world, share):
    """The rest of the world in two parts with one duty: no account moves."""
    mine, model, chosen = world
    rest = mine["exporter"] == "ROW"
    assume(rest.any())
    columns = ["value_usd_mn", "kilotonnes"]
    twin = mine[rest].assign(exporter="XYZ")
    twin[columns] *= share
    parted = pd.concat([mine, twin])
    parted.loc[(parted["exporter"] == "ROW").to_numpy(), columns] *= 1.0 - share
    whole = solved(model, tk.Baseline.from_frame(mine), chosen)
    apart = model.solve(tk.Baseline.from_frame(parted), scenario(*chosen))
    assert_same_accounts(whole, apart)
    size = max(float(mine["value_usd_mn"].sum()), 1.0)
    for variable in ("value", "tariff_revenue", "rent", "producer_surplus"):
        gap = by_flow(whole, variable) - by_flow(apart, variable)
        assert gap.abs().max() <= 10 * SAME * size


def by_flow(result, variable):
    """Return a variable by flow, the two halves of the rest of the world as one."""
    rows = result.frame[result.frame["variable"] == variable]
    rows = rows.replace({"exporter": {"XYZ": "ROW"}})
    return rows.groupby(KEYS[:3])["counterfactual"].sum()


@FEWER
@given(worlds(most=4), st.sampled_from([1e6, 84.5555, 0.0119]))
def test_the_unit_of_money_is_of_no_matter(world, unit):
    """US$ million or US$, rupees or euros: every account is the same multiple."""
    mine, model, chosen = world
    larger = [
        dataclasses.replace(lever, usd_mn=unit * lever.usd_mn)
        if getattr(lever, "usd_mn", None) is not None
        else lever
        for lever in chosen
        if not isinstance(lever, tk.Mobility)
    ]
    bigger = mine.assign(value_usd_mn=unit * mine["value_usd_mn"])
    first = solved(model, tk.Baseline.from_frame(mine), chosen)
    second = model.solve(tk.Baseline.from_frame(bigger), scenario(*larger))
    assert_same(first, second, factor=unit)
    assert_same_accounts(first, second, factor=unit)


@FEWER
@given(worlds(most=4), st.randoms())
def test_the_order_of_rows_is_of_no_matter(world, random):
    mine, model, chosen = world
    order = list(range(len(mine)))
    random.shuffle(order)
    first = solved(model, tk.Baseline.from_frame(mine), chosen)
    mixed = mine.iloc[order]
    second = model.solve(tk.Baseline.from_frame(mixed), scenario(*chosen))
    pd.testing.assert_frame_equal(first.frame, second.frame)


@FEWER
@given(frames(), numbers(0.0, 0.4), st.booleans())
def test_smart_adds_up(mine, to, everyone):
    base = tk.Baseline.from_frame(mine)
    cut = tk.TariffCut(importer="IND", exporter="ALL" if everyone else "RUS", to=to)
    try:
        result = tk.Smart(1.5, -0.5, float("inf")).solve(base, scenario(cut))
    except ValueError as error:
        assume("Use Armington" not in str(error))
        raise
    checks = result.check()
    assert checks["holds"].all(), checks
    diverted = result.frame.query("variable == 'trade_diversion'")
    sums = diverted.groupby(["importer", "product"])["change"].sum()
    assert sums.abs().max() < SAME * mine["value_usd_mn"].sum() + SAME
