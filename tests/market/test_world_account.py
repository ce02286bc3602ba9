"""The balance with the world: closed for a lever, or refused with the reason."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import toolkit as tk
from draws import REFUSED, official_levers
from markets import scenario
from toolkit.levers import KINDS

BOUGHT = {"importer": "IND", "exporter": "RUS"}
SOLD = {"importer": "RUS", "exporter": "IND"}
# What a lever speaks of lies in the markets of the baseline: India's purchases from
# everyone, and its sales to Russia.
CLOSED = [
    tk.TariffCut(importer="IND", exporter="ALL", by=0.5),
    tk.TariffCut(**SOLD, to=0.0),
    tk.FreeTradeAgreement(),
    tk.NonTariffEasing(**SOLD, by=0.3),
    tk.MarketAccess(**SOLD, products="0701", share=0.1),
    tk.TradeCostChange(**BOUGHT, factor=0.9),
    tk.QuantityTarget(**BOUGHT, products="31", kilotonnes=7000),
    tk.SupplyDisruption(**BOUGHT, products="2709", by=0.3),
    tk.ScheduledImport(**BOUGHT, products="98", usd_mn=100),
    tk.PriceChange(importer="IND", exporter="ALL", products="2709", by=0.1),
    tk.PriceCap(**BOUGHT, products="2709", share_of_today=0.9),
    tk.SanctionCost(**BOUGHT, products="2709", cost=0.05),
    tk.ExchangeRate(currency="RUB", by=-0.2, export_pass_through=0.5),
    tk.ExchangeRate(currency="INR", by=-0.1),
    tk.PaymentFriction(cost=0.02),
    tk.Mobility(workers=1000),
]
# It speaks of sales or purchases that no market of the baseline holds.
OPEN = [
    (tk.ThirdMarketTariff(market="USA", add=0.5), "sales elsewhere abroad"),
    (tk.DemandGrowth(importer="IND", by=0.06), "in one country only"),
    (
        tk.ExchangeRate(currency="INR", by=-0.1, export_pass_through=0.5),
        "reprices sales elsewhere",
    ),
]


@pytest.fixture(scope="module")
def official():
    return tk.load_baseline()


def assert_closed(result):
    """Hold the account against every flow of India in the long frame."""
    table = result.balance(scope="total")["change"]
    value = result.frame.query("variable == 'value' and importer != exporter")
    for name, side in (("exports", "exporter"), ("imports", "importer")):
        moved = value.loc[value[side] == "IND", "change"].sum()
        assert table[name] == pytest.approx(moved, abs=1e-6)
    assert table["balance"] == pytest.approx(table["exports"] - table["imports"])


def test_every_kind_is_on_one_side_at_least():
    kinds = {type(lever) for lever in CLOSED} | {type(lever) for lever, _ in OPEN}
    assert kinds == set(KINDS)


@pytest.mark.parametrize("lever", CLOSED, ids=str)
def test_the_account_of_a_closed_lever_holds_all_its_flows(official, lever):
    assert_closed(tk.Armington().solve(official, scenario(lever)))


@pytest.mark.parametrize(("lever", "why"), OPEN, ids=str)
def test_an_open_account_is_refused_with_its_reason(official, lever, why):
    result = tk.Armington().solve(official, scenario(lever))
    with pytest.raises(ValueError, match=why):
        result.balance(scope="total")
    assert why in result.explain()
    with pytest.raises(ValueError, match=why):  # with others too
        tk.Armington().solve(official, scenario(CLOSED[0], lever)).balance(
            scope="total"
        )


@given(st.lists(official_levers(), max_size=5))
def test_it_is_closed_or_refused_never_half(official, chosen):
    try:
        result = tk.Armington().solve(official, scenario(*chosen))
    except (ValueError, tk.NotConverged) as error:
        assume(not any(words in str(error) for words in REFUSED))
        raise
    if result.open_account:
        with pytest.raises(ValueError, match="balance with the world is not given"):
            result.balance(scope="total")
    else:
        assert_closed(result)
