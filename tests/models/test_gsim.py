"""GSIM: another solver, its links with Armington, limits, what it refuses."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from markets import INFINITE, baseline, scenario
from toolkit.models import gsim_system
from worlds import CODES, base_of, by_country, costs_to, frame, gsim, tariffs_to, world

SOLVER = 1e-9
EXACT = 1e-11
ELASTICITIES = {
    "import_demand_elasticity": -1.25,
    "export_supply_elasticity": 1.5,
    "substitution_elasticity": 5.0,
}


def model(linear=False, **changed):
    return tk.Gsim(**{**ELASTICITIES, **changed}, linear=linear)


def shocked(count=4, size=0.3, seed=4):
    """Return a world, its duties after, and its costs of trade."""
    value, rate = world(count, seed=seed)
    rng = np.random.default_rng(seed)
    home = np.eye(count, dtype=bool)
    after = np.where(home, 0.0, rng.uniform(0, size, rate.shape))
    iceberg = np.where(home, 1.0, rng.uniform(1 - size / 2, 1 + size / 2, rate.shape))
    return value, rate, after, iceberg


def solved(world_, chosen):
    value, rate, after, iceberg = world_
    levers = [*tariffs_to(after), *costs_to(iceberg)]
    return chosen.solve(base_of(value, rate), scenario(*levers))


@pytest.mark.parametrize(
    ("sigma", "eta", "mu"),
    [(5.0, -1.25, 1.5), (1.0, -0.5, 0.7), (0.5, -1.0, 3.0), (3.0, -3.0, 10.0)],
)
def test_the_exact_solution_agrees_with_another_solver(sigma, eta, mu):
    case = shocked()
    seller, price, bought, index = gsim(*case, sigma=sigma, eta=eta, mu=mu)
    result = solved(case, tk.Gsim(eta, mu, sigma))
    codes = list(CODES[:4])
    found = by_country(result, "producer_price", "exporter")[codes]
    assert found.to_numpy() == pytest.approx(seller, rel=SOLVER)
    assert by_country(result, "composite_price")[codes].to_numpy() == pytest.approx(
        index, rel=SOLVER
    )
    rows = result.frame.set_index(["variable", "exporter", "importer"])
    rows = rows["counterfactual"].sort_index()
    value, iceberg = case[0][0], case[3][0]
    for i, sells in enumerate(codes):
        for n, buys in enumerate(codes):
            worth = value[i, n] * seller[i] * iceberg[i, n] * bought[i, n]
            near = {"value": worth, "quantity": bought[i, n], "consumer_price": price}
            near["consumer_price"] = price[i, n]
            for name, wanted in near.items():
                assert rows[name, sells, buys] == pytest.approx(wanted, rel=SOLVER)
    assert result.check()["holds"].all()


def test_the_linear_error_falls_a_hundredfold_when_the_shock_falls_tenfold():
    value, rate, after, _ = shocked()
    errors = []
    for size in (0.1, 0.01, 0.001):
        moved = rate + size * (after - rate)
        prices = [
            by_country(
                one.solve(base_of(value, rate), scenario(*tariffs_to(moved))),
                "producer_price",
                "exporter",
            )
            for one in (model(), model(linear=True))
        ]
        errors.append(np.abs(np.log(prices[0] / prices[1])).max())
    assert errors[0] / errors[1] == pytest.approx(100, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(100, rel=0.02)


def test_surplus_and_revenue_of_the_linear_model_tend_to_the_exact_ones():
    value, rate, after, _ = shocked()
    errors = []
    for size in (0.1, 0.01):
        levers = tariffs_to(rate + size * (after - rate))
        welfare = [
            by_country(one.solve(base_of(value, rate), scenario(*levers)), "welfare")
            for one in (model(), model(linear=True))
        ]
        errors.append((welfare[0] - welfare[1]).abs().max() / size)
    assert errors[0] / errors[1] == pytest.approx(10, rel=0.3)


@pytest.mark.parametrize("linear", [True, False])
def test_infinite_supply_fixes_the_sellers_price(linear):
    case = shocked(size=0.1)
    result = solved(case, model(linear, export_supply_elasticity=INFINITE))
    price = by_country(result, "producer_price", "exporter")
    assert (price == 1.0).all()
    assert (by_country(result, "producer_surplus", "exporter") == 0.0).all()


def test_with_infinite_supply_it_is_armington_market_by_market():
    value, rate, after, _ = shocked()
    levers = scenario(*tariffs_to(after))
    base = base_of(value, rate)
    one = model(export_supply_elasticity=INFINITE).solve(base, levers)
    two = tk.Armington(5.0, -1.25, INFINITE).solve(base, levers)
    for name in ("value", "quantity", "consumer_price", "tariff_revenue"):
        both = [r.variable(name).counterfactual for r in (one, two)]
        assert both[0] == pytest.approx(both[1], rel=EXACT)
    for name in ("composite_price", "consumer_surplus"):
        both = [r.frame[r.frame["variable"] == name] for r in (one, two)]
        column = "counterfactual"
        merged = both[0].merge(both[1], on=["importer", "product"])
        near = pytest.approx(merged[f"{column}_y"].to_numpy(), rel=1e-9)
        assert merged[f"{column}_x"].to_numpy() == near


def test_one_importer_alone_is_armington_with_finite_supply():
    base = baseline(
        ("IND", "RUS", "", 100.0, 0.2),
        ("IND", "CHN", "", 300.0, 0.1),
        ("IND", "IND", "", 500.0, 0.0),
    )
    cut = scenario(tk.TariffCut(importer="IND", exporter="RUS", to=0.0))
    one = model().solve(base, cut)
    two = tk.Armington(5.0, -1.25, 1.5).solve(base, cut)
    for name in ("value", "quantity", "consumer_price"):
        both = [r.variable(name).counterfactual for r in (one, two)]
        assert both[0] == pytest.approx(both[1], rel=1e-10)
    welfare = two.frame.query("variable in ('welfare', 'producer_surplus')")["change"]
    assert by_country(one, "welfare").sum() == pytest.approx(welfare.sum(), rel=1e-9)


def test_the_right_small_shock_limit_where_smart_has_not():
    """X = (100, 300), 20 % off one: slopes +114.6 and -31.3, not +177.1 and -93.8."""
    base = baseline(("IND", "RUS", "", 100.0, 0.2), ("IND", "ROW", "", 300.0, 0.2))
    small = 1e-6
    cut = scenario(tk.TariffCut(importer="IND", exporter="RUS", to=0.2 - small))
    slopes = {}
    for one in (tk.Gsim(-1.0, INFINITE, 1.5), tk.Armington(1.5, -1.0, INFINITE)):
        slopes[one.name] = one.solve(base, cut).variable("value").change / small
    slopes["linear"] = (
        tk.Gsim(-1.0, INFINITE, 1.5, linear=True)
        .solve(base, cut)
        .variable("value")
        .change
        / small
    )
    smart = tk.Smart(1.5, -1.0, INFINITE).solve(base, cut)
    for found in slopes.values():  # exporters by name: the rest, then Russia
        assert found == pytest.approx([-31.25, 114.5833], abs=1e-3)
    found = smart.variable("value").change / small
    assert found == pytest.approx([-93.75, 177.0833], abs=1e-3)


@pytest.mark.parametrize("linear", [True, False])
def test_nothing_moves_without_a_shock(linear):
    value, rate, _, _ = shocked()
    result = model(linear).solve(base_of(value, rate), scenario())
    frame_ = result.frame
    assert (frame_["change"].abs() / frame_["baseline"].abs().clip(1)).max() < 1e-12


@pytest.mark.parametrize("linear", [True, False])
def test_values_scale_and_the_order_of_rows_is_of_no_matter(linear):
    value, rate, after, _ = shocked(size=0.1)
    cut = scenario(*tariffs_to(after))
    rows = frame(value, rate)
    one = model(linear).solve(tk.Baseline.from_frame(rows), cut).frame
    mixed = rows.sample(frac=1, random_state=2)
    mixed["value_usd_mn"] *= 1e3
    many = model(linear).solve(tk.Baseline.from_frame(mixed), cut).frame
    factor = np.where(one["unit"] == "US$ mn", 1e3, 1.0)
    near = pytest.approx(one["counterfactual"] * factor, rel=1e-9, abs=1e-9)
    assert many["counterfactual"].to_numpy() == near


def test_goods_clear_apart():
    """Two goods at once are the two goods one by one."""
    value, rate = world(3, goods=2, seed=8)
    cut = scenario(tk.TariffCut(importer="IND", exporter="RUS", to=0.0))
    both = model().solve(base_of(value, rate, ("01", "02")), cut).frame
    for j, good in enumerate(("01", "02")):
        part = base_of(value[j : j + 1], rate[j : j + 1], (good,))
        alone = model().solve(part, cut).frame.query("variable == 'producer_price'")
        here = both.query("variable == 'producer_price' and product == @good")
        near = pytest.approx(alone["counterfactual"].to_numpy(), rel=EXACT)
        assert here["counterfactual"].to_numpy() == near


def test_world_welfare_falls_when_a_small_duty_is_put_on_free_trade():
    value, _ = world(4, tariffs=False)
    losses = []
    for duty in (0.02, 0.01):
        put = scenario(tk.TariffCut(importer="IND", exporter="ALL", to=duty))
        result = model().solve(base_of(value, None), put)
        losses.append(by_country(result, "welfare").sum())
        assert by_country(result, "welfare")["IND"] > 0  # its terms of trade
    assert losses[0] < losses[1] < 0
    assert losses[0] / losses[1] == pytest.approx(4, rel=0.05)  # second order


def test_a_linear_flow_below_zero_is_refused():
    value, rate, _, _ = shocked()
    duty = scenario(tk.TariffCut(importer="IND", exporter="RUS", to=1.0))
    with pytest.raises(ValueError, match=r"RUS to IND.*Use linear=False"):
        model(linear=True).solve(base_of(value, rate), duty)
    assert model().solve(base_of(value, rate), duty).check()["holds"].all()


def test_a_supply_elasticity_by_importer_is_refused():
    by_buyer = pd.Series({"IND": 1.0, "RUS": 2.0, "CHN": 1.0, "USA": 1.0})
    chosen = model(export_supply_elasticity=by_buyer.rename_axis("importer"))
    value, rate, _, _ = shocked()
    with pytest.raises(ValueError, match="one number per exporter"):
        chosen.solve(base_of(value, rate), scenario())


def test_elasticities_by_country_are_taken():
    value, rate, after, _ = shocked()
    supply = pd.Series({"IND": 0.5, "RUS": 2.0, "CHN": INFINITE, "USA": 1.0})
    chosen = model(export_supply_elasticity=supply.rename_axis("exporter"))
    result = chosen.solve(base_of(value, rate), scenario(*tariffs_to(after)))
    price = by_country(result, "producer_price", "exporter")
    assert price["CHN"] == 1.0
    assert (price.drop("CHN") != 1.0).all()


def test_levers_are_refused_by_name_and_linear_is_a_flag():
    value, rate, _, _ = shocked()
    stop = tk.SupplyDisruption(importer="IND", exporter="RUS", by=0.3)
    with pytest.raises(ValueError, match="GSIM cannot carry SupplyDisruption"):
        model().solve(base_of(value, rate), scenario(stop))
    with pytest.raises(ValueError, match="linear is true or false"):
        tk.Gsim(linear="yes")


def test_the_range_of_the_library_holds_the_answer():
    value, rate, _, _ = shocked()
    cut = scenario(tk.TariffCut(importer="IND", exporter="RUS", to=0.0))
    result = tk.Gsim().solve(base_of(value, rate), cut)
    table = result.range()
    assert (table["least"] <= table["central"]).all()
    assert table.loc["imports", "least"] < table.loc["imports", "greatest"]
    assert "one assumption at a time" in result.explain()


def without_cross(sold, share, sigma, eta, real=gsim_system._responses):
    own, cross = real(sold, share, sigma, eta)
    return own, 0.0 * cross


def sign_of_sigma(m, price, real=gsim_system._quantities):
    quantity, index = real(m, price)
    return -quantity, index


PLANTS = {
    "cross responses left out": ("_responses", without_cross),
    "wrong sign of demand": ("_quantities", sign_of_sigma),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_planted_fault_is_caught(plant, monkeypatch):
    monkeypatch.setattr(gsim_system, *PLANTS[plant])
    with pytest.raises((tk.NotConverged, ValueError)):
        solved(shocked(size=0.1), model(linear=True))


def test_what_does_not_clear_is_never_returned(monkeypatch):
    monkeypatch.setattr(gsim_system, "MOST_STEPS", 1)
    with pytest.raises(
        tk.NotConverged, match=r"residual is .*, for what [A-Z]{3} sell"
    ):
        solved(shocked(), model())
