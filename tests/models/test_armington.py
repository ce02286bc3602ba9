"""Armington through the public surface: an independent solver, accounts, refusals."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from markets import (
    INFINITE,
    baseline,
    both_ways,
    clear,
    hats,
    pick,
    scenario,
    two_suppliers,
)

ORACLE = 1e-9  # two solvers, each converged to about 1e-13
EXACT = 1e-10  # rounding of sums of about 100
COUNTRIES = ["RUS", "ARE", "CHN", "IDN", "QAT", "ROW", "USA"]


def random_case(seed):
    """Return a random market, all levers on it, and the same as plain hats."""
    rng = np.random.default_rng(seed)
    names = COUNTRIES[: int(rng.integers(2, 8))]
    n = len(names)
    value, rate = rng.uniform(5, 300, n), rng.uniform(0, 0.5, n)
    new, freight = rng.uniform(0, 0.6, n), rng.uniform(0.8, 1.3, n)
    price = rng.uniform(-0.3, 0.4, n)
    growth, lost = rng.uniform(-0.2, 0.4), rng.uniform(0.05, 0.6)
    wanted = rng.uniform(1.05, 1.8)
    sigma, eta = rng.uniform(0.5, 8), rng.uniform(-3, -0.05)
    supply = pd.Series(rng.uniform(0.1, 20, n), index=names).rename_axis("exporter")
    at = {"importer": "IND", "products": "31"}
    levers = [tk.DemandGrowth(importer="IND", products="31", by=growth)]
    for i, name in enumerate(names):
        levers += [
            tk.TariffCut(exporter=name, to=new[i], **at),
            tk.TradeCostChange(exporter=name, factor=freight[i], **at),
            tk.PriceChange(exporter=name, by=price[i], **at),
        ]
    levers.append(tk.SupplyDisruption(exporter=names[0], by=lost, **at))
    levers.append(tk.QuantityTarget(exporter=names[1], usd_mn=wanted * value[1], **at))
    market = baseline(*[("IND", *row) for row in zip(names, ["31"] * n, value, rate,
                                                     strict=True)])  # fmt: skip
    paid = value * (1 + rate)
    cap, floor = np.full(n, np.inf), np.zeros(n)
    cap[0], floor[1] = 1 - lost, wanted
    problem = {
        "share": paid / paid.sum(),
        "sigma": sigma,
        "eta": eta,
        "mu": supply.to_numpy(),
        "wedge": (1 + new) / (1 + rate),
        "iceberg": freight,
        "cost": 1 + price,
        "size": 1 + growth,
        "cap": cap,
        "floor": floor,
    }
    return market, levers, tk.Armington(sigma, eta, supply), problem, names


@pytest.mark.parametrize("seed", range(30))
def test_random_markets_with_all_levers_agree_with_a_full_system(seed):
    market, levers, model, problem, names = random_case(seed)
    result = model.solve(market, scenario(*levers))
    price, quantity, index = clear(**problem)
    got = hats(result, "consumer_price")[names], hats(result, "quantity")[names]
    assert got[0].to_numpy() == pytest.approx(price, rel=ORACLE)
    assert got[1].to_numpy() == pytest.approx(quantity, rel=ORACLE)
    found = pick(result, "composite_price")["counterfactual"]
    assert found == pytest.approx(index, rel=ORACLE)
    assert result.check()["holds"].all()


@pytest.mark.parametrize("seed", range(5))
def test_the_value_of_a_flow_is_supply_price_times_quantity(seed):
    """A capped flow is paid at today's price, every other at its supply price."""
    market, levers, model, problem, names = random_case(seed)
    result = model.solve(market, scenario(*levers))
    price, quantity, _ = clear(**problem)
    shipped = problem["iceberg"] * quantity
    today = problem["cost"] * problem["iceberg"]
    paid = today * shipped ** (1 / problem["mu"])
    if quantity[0] == pytest.approx(problem["cap"][0], rel=ORACLE):
        willing = price[0] / problem["wedge"][0]
        paid[0] = max(paid[0], min(today[0], willing))
    values = result.frame.query("variable == 'value'").set_index("exporter").loc[names]
    due = values["baseline"] * paid * quantity
    assert values["counterfactual"].to_numpy() == pytest.approx(due, rel=ORACLE)


def test_consumer_surplus_is_the_area_left_of_the_demand_curve():
    from scipy.integrate import quad

    eta = -0.7
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
    result = tk.Armington(2.0, eta, 3.0).solve(two_suppliers(), scenario(cut))
    index = pick(result, "composite_price")["counterfactual"]
    area = -480.0 * quad(lambda p: p**eta, 1.0, index)[0]
    found = pick(result, "consumer_surplus")["change"]
    assert found == pytest.approx(area, rel=EXACT)
    assert found > 0


def test_consumer_surplus_has_its_logarithm_at_unit_elasticity():
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
    result = tk.Armington(2.0, -1.0, 3.0).solve(two_suppliers(), scenario(cut))
    index = pick(result, "composite_price")["counterfactual"]
    found = pick(result, "consumer_surplus")["change"]
    assert found == pytest.approx(-480.0 * np.log(index), rel=EXACT)


def test_producer_surplus_is_the_area_above_the_supply_curve():
    from scipy.integrate import quad

    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
    result = tk.Armington(2.0, -1.0, 3.0).solve(two_suppliers(), scenario(cut))
    price = hats(result, "producer_price")["RUS"]
    area = 100.0 * quad(lambda c: c**3.0, 1.0, price)[0]
    found = pick(result, "producer_surplus", exporter="RUS")["change"]
    assert found == pytest.approx(area, rel=1e-9)
    assert found > 0


def test_with_infinite_supply_nobody_abroad_gains_and_duties_pass_on():
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.05)
    result = tk.Armington(2.0, -1.0, INFINITE).solve(two_suppliers(), scenario(cut))
    assert hats(result, "producer_price").tolist() == [1.0, 1.0]
    assert hats(result, "consumer_price")["RUS"] == pytest.approx(1.05 / 1.2)
    gains = result.frame.query("variable == 'producer_surplus'")["change"]
    assert gains.abs().max() < EXACT


def test_welfare_is_consumers_plus_revenue_plus_rent():
    cap = tk.SupplyDisruption(importer="IND", exporter="RUS", by=0.4)
    result = tk.Armington(2.0, -0.8, 3.0).solve(two_suppliers(), scenario(cap))
    got = result.accounts().loc["IND"]
    assert got["rent"] > 1
    parts = got[["consumer_surplus", "tariff_revenue", "rent"]].sum()
    assert got["welfare"] == pytest.approx(parts, rel=EXACT)


def test_a_small_duty_on_a_large_market_gains_and_its_cost_is_of_second_order():
    """With infinite supply a duty of t costs about t^2/2, never gains."""
    model = tk.Armington(2.0, -1.0, INFINITE)
    losses = []
    for duty in (0.02, 0.01):
        rise = tk.TariffCut(importer="IND", exporter="RUS", to=duty)
        result = model.solve(two_suppliers(rate=0.0), scenario(rise))
        losses.append(-result.accounts().loc["IND", "welfare"])
    assert losses[1] > 0
    assert losses[0] / losses[1] == pytest.approx(4.0, rel=0.05)


@pytest.mark.parametrize("who", ["importer", "exporter"])
def test_the_seller_of_a_capped_flow_gets_todays_price_or_the_scarcity_price(who):
    cap = tk.SupplyDisruption(importer="IND", exporter="RUS", by=0.4, rent_to=who)
    result = tk.Armington(2.0, -0.8, 3.0).solve(two_suppliers(), scenario(cap))
    scarce = hats(result, "consumer_price")["RUS"]
    assert scarce > 1.1
    paid = {"importer": 1.0, "exporter": scarce}[who]
    value = pick(result, "value", exporter="RUS")["counterfactual"]
    assert value == pytest.approx(60 * paid, rel=EXACT)
    rent = pick(result, "rent", exporter="RUS")["change"]
    assert rent == pytest.approx(1.2 * 60 * (scarce - paid), abs=EXACT)


def test_a_target_is_paid_at_the_price_that_brings_forth_the_supply():
    buy = tk.QuantityTarget(importer="IND", exporter="RUS", usd_mn=150)
    result = tk.Armington(2.0, -0.8, 3.0).solve(two_suppliers(), scenario(buy))
    value = pick(result, "value", exporter="RUS")["counterfactual"]
    assert value == pytest.approx(150 * 1.5 ** (1 / 3), rel=EXACT)
    assert pick(result, "shadow_tariff", exporter="RUS")["counterfactual"] < 0
    assert result.accounts().loc["IND", "rent"] < 0


@pytest.mark.parametrize("part", ["fee", "rent"])
def test_a_fee_or_rent_that_ends_without_a_response_is_a_pure_transfer(part):
    split = {"resource": 0.0, part: 1.0}
    easing = tk.NonTariffEasing(importer="IND", exporter="ALL", by=1, ave=0.15, **split)
    still = tk.Armington(1e-9, 0.0, INFINITE)
    account = still.solve(two_suppliers(), scenario(easing)).accounts().loc["IND"]
    assert account["consumer_surplus"] == pytest.approx(1.2 * 400 * 0.15, rel=EXACT)
    assert account["welfare"] == pytest.approx(0.0, abs=EXACT)


def test_the_shadow_tariff_imposed_as_a_duty_gives_the_capped_market():
    model = tk.Armington(2.0, -0.8, 3.0)
    cap = tk.SupplyDisruption(importer="IND", exporter="RUS", by=0.4)
    capped = model.solve(two_suppliers(), scenario(cap))
    wedge = pick(capped, "shadow_tariff", exporter="RUS")["counterfactual"]
    duty = tk.TariffCut(importer="IND", exporter="RUS", to=1.2 * (1 + wedge) - 1)
    taxed = model.solve(two_suppliers(), scenario(duty))
    for variable in ("consumer_price", "quantity"):
        got, due = hats(taxed, variable), hats(capped, variable)
        assert got.to_numpy() == pytest.approx(due.to_numpy(), rel=EXACT)


def test_smart_and_armington_totals_agree_in_the_limit():
    gaps = []
    for step in (1e-3, 1e-4, 1e-5):
        cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.2 - step)
        total = [
            kind(1.5, -1.0, INFINITE)
            .solve(two_suppliers(), scenario(cut))
            .frame.query("variable == 'value'")["change"]
            .sum()
            for kind in (tk.Smart, tk.Armington)
        ]
        gaps.append(abs(total[0] - total[1]) / step)
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.05)
    assert gaps[1] / gaps[2] == pytest.approx(10, rel=0.05)


def test_a_duty_for_all_suppliers_leaves_home_sales_untaxed():
    market = baseline(
        ("IND", "IND", "31", 500.0, 0.0),
        ("IND", "RUS", "31", 100.0, 0.1),
        ("IND", "ROW", "31", 300.0, 0.1),
    )
    rise = tk.TariffCut(importer="IND", exporter="ALL", to=0.3)
    result = tk.Armington(2.0, -0.5, INFINITE).solve(market, scenario(rise))
    rates = hats(result, "applied_rate")
    assert rates.to_dict() == {"IND": 0.0, "ROW": 0.3, "RUS": 0.3}
    assert hats(result, "quantity")["IND"] > 1
    assert result.balance().loc["imports", "baseline"] == 100.0


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"substitution_elasticity": -2.0}, "above 0.*-2"),
        ({"substitution_elasticity": float("nan")}, "above 0.*nan"),
        ({"import_demand_elasticity": 1.5}, "0 or below.*1.5"),
        ({"export_supply_elasticity": 0.0}, "above 0.*0"),
        ({"substitution_elasticity": "high"}, "number or a Series.*high"),
        (
            {
                "substitution_elasticity": pd.Series([2.0], index=["31"]).rename_axis(
                    "hs"
                )
            },
            "importer, exporter, product",
        ),
        (
            {
                "substitution_elasticity": pd.Series(
                    {"RUS": 2.0, "ROW": 5.0}
                ).rename_axis("exporter")
            },
            "one number per importer and product.*by exporter",
        ),
    ],
)
def test_refuses_elasticities_that_make_no_sense(given, message):
    with pytest.raises(ValueError, match=message):
        tk.Armington(**given).solve(two_suppliers(), scenario())


def test_refuses_an_unknown_case_with_the_nearest():
    with pytest.raises(ValueError, match="'hihg' is unknown; did you mean 'high'"):
        tk.Armington(case="hihg")


@pytest.mark.parametrize("code", ["27", "2709", "27x", "27Crude", "27_b2"])
def test_a_product_takes_its_chapters_elasticity_whatever_its_suffix(code):
    market = baseline(("IND", "RUS", code, 1.0, 0.0), ("IND", "ROW", code, 1.0, 0.0))
    used = tk.Armington().solve(market, scenario()).elasticities
    library = market.elasticities.query("concept == 'substitution'")
    fallback = library.query("product == ''")["value"].iloc[0]
    sigma = used.query("concept == 'substitution_elasticity'")["value"]
    assert len(set(sigma)) == 1
    assert sigma.iloc[0] != fallback


def test_high_and_low_cases_bracket_the_central_one():
    cut = tk.TariffCut(importer="RUS", exporter="IND", products="30", to=0.0)
    market = both_ways()
    gain = {
        case: tk.Armington(case=case)
        .solve(market, scenario(cut))
        .balance()
        .loc["exports", "change"]
        for case in ("low", "central", "high")
    }
    assert gain["low"] < gain["central"] < gain["high"]
