"""The general equilibrium: another solver, closed forms, limits, what it refuses."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from markets import scenario, two_suppliers
from toolkit.models import economy, equilibrium_solver, equilibrium_system
from worlds import (
    CODES,
    base_of,
    by_country,
    costs_to,
    equilibrium,
    frame,
    tariffs_to,
    world,
)

SOLVER = 1e-8  # two solvers, each to 1e-11 of its own residual
EXACT = 1e-11
CLOSURES = ("additive", "multiplicative", "zero")
GOODS = ("01", "02")


def shocked(value, rate, seed=5):
    """Return duties and trade costs after, home left alone."""
    rng = np.random.default_rng(seed)
    home = np.eye(value.shape[1], dtype=bool)
    after = np.where(home, 0.0, rng.uniform(0, 0.4, rate.shape))
    iceberg = np.where(home, 1.0, rng.uniform(0.8, 1.2, rate.shape))
    return after, iceberg


def links(count, goods, seed=3):
    """Return an input-output table: value added, inputs, final shares."""
    rng = np.random.default_rng(seed)
    added = rng.uniform(0.3, 0.8, (count, goods))
    inputs = rng.uniform(0.1, 1.0, (count, goods, goods))
    inputs *= ((1 - added) / inputs.sum(1))[:, None, :]
    final = rng.uniform(0.2, 1.0, (count, goods))
    return added, inputs, final / final.sum(1, keepdims=True)


def solved(value, rate, after, iceberg, model, products=("",)):
    levers = [*tariffs_to(after, products), *costs_to(iceberg, products)]
    return model.solve(base_of(value, rate, products), scenario(*levers))


@pytest.mark.parametrize("closure", ["additive", "multiplicative"])
@pytest.mark.parametrize("theta", [0.8, 4.0, 9.0])
def test_tariffs_and_their_revenue_agree_with_another_solver(closure, theta):
    value, rate = world(4)
    after, iceberg = shocked(value, rate)
    model = tk.GeneralEquilibrium(theta, deficits=closure)
    result = solved(value, rate, after, iceberg, model)
    found = equilibrium(value, rate, after, iceberg, theta, closure=closure)
    wage, price, index, income, trade, _ = found
    codes = list(CODES[:4])
    assert by_country(result, "wage")[codes].to_numpy() == pytest.approx(
        wage, rel=SOLVER
    )
    assert by_country(result, "income")[codes].to_numpy() == pytest.approx(
        income, rel=SOLVER
    )
    reported = result.frame.query("variable == 'value'").set_index(
        ["exporter", "importer"]
    )["counterfactual"]
    for i, seller in enumerate(codes):
        for n, buyer in enumerate(codes):
            assert reported[seller, buyer] == pytest.approx(trade[0, i, n], rel=SOLVER)
    assert by_country(result, "composite_price")[codes].to_numpy() == pytest.approx(
        price[0], rel=SOLVER
    )
    assert price[0] == pytest.approx(index)
    assert result.check()["holds"].all()


@pytest.mark.parametrize("closure", ["additive", "multiplicative"])
def test_sectors_with_inputs_agree_with_another_solver(closure):
    value, rate = world(3, goods=2, seed=29)
    after, iceberg = shocked(value, rate)
    added, inputs, _ = links(3, 2)
    spent = (value * (1 + rate)).sum(1)
    used = np.stack([inputs[n] @ value.sum(2)[:, n] for n in range(3)], axis=1)
    final = spent - used
    assert (final > 0).all()
    final = (final / final.sum(0)).T
    theta = np.array([3.0, 6.0])
    wanted = equilibrium(
        value,
        rate,
        after,
        iceberg,
        theta,
        closure=closure,
        links=(added, inputs, final),
    )
    model = tk.GeneralEquilibrium(
        pd.Series(theta, index=list(GOODS)),
        deficits=closure,
        input_output=tk.InputOutput(CODES[:3], GOODS, added, inputs),
    )
    result = solved(value, rate, after, iceberg, model, GOODS)
    codes = list(CODES[:3])
    assert by_country(result, "wage")[codes].to_numpy() == pytest.approx(
        wanted[0], rel=SOLVER
    )
    prices = result.frame.query("variable == 'composite_price'").set_index(
        ["product", "importer"]
    )["counterfactual"]
    for j, good in enumerate(GOODS):
        assert prices[good][codes].to_numpy() == pytest.approx(wanted[1][j], rel=SOLVER)
    assert result.check()["holds"].all()


def test_zero_deficits_are_solved_first_and_said():
    value, rate = world(4)
    base = base_of(value, rate)
    result = tk.GeneralEquilibrium(4.0, deficits="zero").solve(base, scenario())
    assert "baseline shown is solved" in result.notes[0]
    for column in ("baseline", "counterfactual"):
        trade = result.frame.query("variable == 'value'")
        bought = trade.groupby("importer")[column].sum()
        sold = trade.groupby("exporter")[column].sum()
        assert bought.to_numpy() == pytest.approx(sold.to_numpy(), rel=1e-9)
    assert np.abs(by_country(result, "real_income") - 1).max() < EXACT


def test_balanced_data_are_the_same_under_every_closure():
    value, rate = world(4, balanced=True)
    after, iceberg = shocked(value, rate)
    found = [
        by_country(
            solved(value, rate, after, iceberg, tk.GeneralEquilibrium(4.0, closure)),
            "real_income",
        )
        for closure in CLOSURES
    ]
    assert found[0].to_numpy() == pytest.approx(found[1].to_numpy(), rel=EXACT)
    assert found[0].to_numpy() == pytest.approx(found[2].to_numpy(), rel=EXACT)


@pytest.mark.parametrize("closure", CLOSURES)
def test_nothing_moves_without_a_shock(closure):
    value, rate = world(5)
    model = tk.GeneralEquilibrium(4.0, deficits=closure)
    result = model.solve(base_of(value, rate), scenario())
    frame = result.frame
    assert (frame["change"].abs() / frame["baseline"].abs().clip(1)).max() < 1e-12


def test_a_country_alone_at_home_does_not_move():
    rows = frame([[[100.0, 0.0], [0.0, 50.0]]])
    base = tk.Baseline.from_frame(rows, reporter="IND", partner="RUS")
    cut = tk.TradeCostChange(importer="IND", exporter="RUS", factor=0.5)
    result = tk.GeneralEquilibrium(4.0).solve(base, scenario(cut))
    assert np.abs(by_country(result, "real_income") - 1).max() < EXACT


@pytest.mark.parametrize("theta", [0.01, 0.5, 4.0, 12.0])
def test_gains_are_those_of_the_home_share(theta):
    """Arkolakis, Costinot and Rodriguez-Clare (2012): W = pi_nn^(-1/theta)."""
    value, rate = world(5, tariffs=False)
    _, iceberg = shocked(value, rate)
    levers = scenario(*costs_to(iceberg))
    result = tk.GeneralEquilibrium(theta).solve(base_of(value, rate), levers)
    trade = result.frame.query("variable == 'value'")
    home = trade[trade["importer"] == trade["exporter"]].set_index("importer")
    for column in ("baseline", "counterfactual"):
        home[column] /= trade.groupby("importer")[column].sum()
    hat = home["counterfactual"] / home["baseline"]
    gains = by_country(result, "real_income")
    assert gains.to_numpy() == pytest.approx(hat.to_numpy() ** (-1 / theta), rel=1e-9)


def test_two_like_countries_in_closed_form():
    """pi = 0.8 at home, cost d: W = (0.8 + 0.2 d^-theta)^(1/theta)."""
    theta, d = 5.0, 0.7
    value = [[[80.0, 20.0], [20.0, 80.0]]]
    levers = costs_to(np.array([[[1.0, d], [d, 1.0]]]))
    result = tk.GeneralEquilibrium(theta).solve(base_of(value, None), scenario(*levers))
    wanted = (0.8 + 0.2 * d**-theta) ** (1 / theta)
    assert by_country(result, "real_income").to_numpy() == pytest.approx(wanted)


def test_a_tariff_is_no_resource_cost():
    """The revenue stays: a small duty gains its country, the same cost loses it."""
    value, rate = world(3, tariffs=False)
    duty = tk.TariffCut(importer="IND", exporter="ALL", to=0.02)
    cost = tk.TradeCostChange(importer="IND", exporter="ALL", factor=1.02)
    base, model = base_of(value, rate), tk.GeneralEquilibrium(4.0)
    gain = [
        by_country(model.solve(base, scenario(one)), "real_income")["IND"] - 1
        for one in (duty, cost)
    ]
    assert gain[0] > 0 > gain[1]


@pytest.mark.parametrize("scale", [1e-3, 1e6])
def test_values_scale_and_ratios_stay(scale):
    value, rate = world(4)
    after, iceberg = shocked(value, rate)
    model = tk.GeneralEquilibrium(4.0)
    one = solved(value, rate, after, iceberg, model).frame
    many = solved(value * scale, rate, after, iceberg, model).frame
    money = (one["unit"] == "US$ mn").to_numpy()
    factor = np.where(money, scale, 1.0)
    near = pytest.approx(one["counterfactual"].to_numpy() * factor, rel=1e-9, abs=1e-12)
    assert many["counterfactual"].to_numpy() == near


def test_the_order_of_rows_is_of_no_matter():
    value, rate = world(4)
    rows = frame(value, rate)
    cut = scenario(tk.TariffCut(importer="IND", exporter="RUS", to=0.0))
    results = [
        tk.GeneralEquilibrium(4.0).solve(tk.Baseline.from_frame(part), cut).balance()
        for part in (rows, rows.sample(frac=1, random_state=1))
    ]
    assert results[0].equals(results[1])


def test_a_shock_and_its_reverse_come_back():
    value, rate = world(4, tariffs=False)
    _, iceberg = shocked(value, rate)
    model = tk.GeneralEquilibrium(4.0)
    there = solved(value, rate, rate, iceberg, model).frame.query("variable == 'value'")
    rows = there.assign(value_usd_mn=there["counterfactual"], applied_rate=0.0)
    keys = ["importer", "exporter", "product", "value_usd_mn", "applied_rate"]
    base = tk.Baseline.from_frame(rows[keys])
    back = model.solve(base, scenario(*costs_to(1 / iceberg)))
    home = back.frame.query("variable == 'value'")["counterfactual"].to_numpy()
    assert home == pytest.approx(there["baseline"].to_numpy(), rel=1e-9)


def test_the_numeraire_matters_for_additive_deficits_only():
    """World income is the unit of D; in the other closures D moves with wages."""
    value, rate = world(4, seed=1)
    after, iceberg = shocked(value, rate)
    real = {}
    for closure in ("additive", "multiplicative"):
        result = solved(
            value, rate, after, iceberg, tk.GeneralEquilibrium(4.0, closure)
        )
        real[closure] = by_country(result, "real_income")
    assert (real["additive"] - real["multiplicative"]).abs().max() > 1e-4
    assert "numeraire" in tk.GeneralEquilibrium.__doc__


def test_a_good_in_two_like_halves_is_the_whole():
    """One code path: sectors that are alike are one sector."""
    value, rate = world(3)
    after, iceberg = shocked(value, rate)
    whole = solved(value, rate, after, iceberg, tk.GeneralEquilibrium(4.0))
    twice = [np.concatenate([part, part]) for part in (rate, after, iceberg)]
    halves = solved(
        np.concatenate([value, value]) / 2,
        *twice,
        tk.GeneralEquilibrium(4.0),
        GOODS,
    )
    for variable in ("wage", "real_income", "welfare_first_order"):
        near = pytest.approx(by_country(whole, variable).to_numpy(), rel=1e-9)
        assert by_country(halves, variable).to_numpy() == near


def test_links_without_inputs_change_nothing():
    value, rate = world(3, goods=2)
    after, iceberg = shocked(value, rate)
    none = tk.InputOutput(CODES[:3], GOODS, np.ones((3, 2)), np.zeros((3, 2, 2)))
    plain, linked = (
        solved(value, rate, after, iceberg, model, GOODS).frame["counterfactual"]
        for model in (
            tk.GeneralEquilibrium(4.0),
            tk.GeneralEquilibrium(4.0, input_output=none),
        )
    )
    assert linked.to_numpy() == pytest.approx(plain.to_numpy(), rel=1e-8, abs=1e-9)


def test_inputs_square_the_gains_where_they_are_half_of_cost():
    """Two like countries: W = pi_nn^(-1/(theta gamma)), gamma the value added."""
    value, iceberg = (
        [[[80.0, 20.0], [20.0, 80.0]]],
        np.array([[[1.0, 0.7], [0.7, 1.0]]]),
    )
    half = tk.InputOutput(
        CODES[:2], [""], np.full((2, 1), 0.5), np.full((2, 1, 1), 0.5)
    )
    plain, linked = (
        by_country(
            tk.GeneralEquilibrium(4.0, input_output=table).solve(
                base_of(value, None), scenario(*costs_to(iceberg))
            ),
            "real_income",
        ).to_numpy()
        for table in (None, half)
    )
    assert linked == pytest.approx(plain**2, rel=1e-9)


def test_first_order_welfare_tends_to_the_exact_one():
    value, rate = world(4, balanced=True)
    base, model = base_of(value, rate), tk.GeneralEquilibrium(4.0, deficits="zero")
    off = []
    for size in (0.1, 0.01, 0.001):
        after = rate * (1 - size)
        result = model.solve(base, scenario(*tariffs_to(after)))
        exact = by_country(result, "real_income") - 1
        first = by_country(result, "welfare_first_order")
        off.append((exact - first).abs().max())
    assert off[0] / off[1] == pytest.approx(100, rel=0.2)
    assert off[1] / off[2] == pytest.approx(100, rel=0.05)


def test_levers_are_carried_or_refused_by_name():
    base = base_of(*world(3))
    fee = tk.NonTariffEasing(
        importer="IND", exporter="RUS", by=0.5, ave=0.2, resource=0.5, fee=0.5
    )
    result = tk.GeneralEquilibrium(4.0).solve(base, scenario(fee))
    assert result.check()["holds"].all()
    assert result.variable("rent").change.sum() != 0
    growth = tk.DemandGrowth(importer="RUS", by=0.5)
    with pytest.raises(ValueError, match=r"cannot carry DemandGrowth \('.*Russia"):
        tk.GeneralEquilibrium(4.0).solve(base, scenario(growth))


def test_attribution_adds_up():
    base, model = base_of(*world(3)), tk.GeneralEquilibrium(4.0)
    deal = scenario(
        tk.TariffCut(importer="IND", exporter="RUS", to=0.0),
        tk.TradeCostChange(importer="RUS", exporter="IND", factor=0.9),
    )
    table = tk.attribute(model, base, deal)
    result = model.solve(base, deal)
    change = result.balance()["change"]
    assert table["balance"].sum() == pytest.approx(change["balance"], abs=1e-8)
    welfare = by_country(result, "welfare")["IND"]
    assert table["welfare"].sum() == pytest.approx(welfare, abs=1e-8)
    assert result.accounts().loc["IND", "welfare"] == pytest.approx(welfare)


def test_the_range_is_that_of_the_librarys_elasticity():
    base = base_of(*world(3))
    cut = scenario(tk.TariffCut(importer="IND", exporter="RUS", to=0.0))
    table = tk.GeneralEquilibrium().solve(base, cut).range()
    assert (table["least"] < table["central"]).all()
    own = tk.GeneralEquilibrium(4.0).solve(base, cut)
    assert own.assumptions().empty
    assert own.elasticities["source"].tolist() == ["given by the user"]
    used = tk.GeneralEquilibrium().solve(base, cut).elasticities
    assert used["value"].tolist() == [pytest.approx(2.8)]  # sigma 3.8 less one


@pytest.mark.parametrize("theta", [0.0, -2.0, float("nan"), float("inf"), "four"])
def test_an_elasticity_that_is_none_is_refused(theta):
    with pytest.raises(ValueError, match="trade_elasticity"):
        tk.GeneralEquilibrium(theta)


def test_an_unknown_closure_is_named():
    with pytest.raises(ValueError, match="did you mean 'additive'"):
        tk.GeneralEquilibrium(4.0, deficits="aditive")


def without(rows, **keys):
    gone = np.ones(len(rows), dtype=bool)
    for name, code in keys.items():
        gone &= (rows[name] == code).to_numpy()
    return rows[~gone]


@pytest.mark.parametrize("side", ["exporter", "importer"])
def test_a_country_that_sells_or_buys_nothing_is_refused(side):
    rows = without(frame(*world(3)), **{side: "CHN"})
    verb = "sells" if side == "exporter" else "buys"
    with pytest.raises(ValueError, match=f"CHN {verb} nothing"):
        tk.GeneralEquilibrium(4.0).solve(tk.Baseline.from_frame(rows), scenario())


def test_a_deficit_that_eats_all_income_is_refused():
    rows = frame([[[1.0, 99.0], [1.0, 500.0]]])
    rows = rows[(rows["importer"] != "IND") | (rows["exporter"] != "IND")]
    rows.loc[(rows["importer"] == "IND"), "value_usd_mn"] = 1e-30
    base = tk.Baseline.from_frame(rows)
    with pytest.raises(ValueError, match="IND sells abroad more than all its income"):
        tk.GeneralEquilibrium(4.0, "additive").solve(base, scenario())


def test_a_partial_baseline_says_what_is_missing():
    with pytest.raises(ValueError, match="home sales"):
        tk.GeneralEquilibrium(4.0).solve(two_suppliers(), scenario())


def test_zero_flows_stay_zero_and_solve():
    value, rate = world(4)
    value[0, 1, 0] = value[0, 2, 3] = 0.0
    after, iceberg = shocked(value, rate)
    result = solved(value, rate, after, iceberg, tk.GeneralEquilibrium(4.0))
    zero = result.frame.query("variable == 'value' and baseline == 0")
    assert len(zero) == 2
    assert (zero["counterfactual"] == 0).all()
    assert result.check()["holds"].all()


def test_prohibitive_and_tiny_costs_solve():
    value, rate = world(4)
    home = np.eye(4, dtype=bool)
    for factor in (0.05, 100.0):
        iceberg = np.where(home, 1.0, factor)[None]
        result = solved(value, rate, rate, iceberg, tk.GeneralEquilibrium(8.0))
        assert result.check()["holds"].all()
        assert result.solver.converged


def test_what_does_not_converge_is_never_returned(monkeypatch):
    monkeypatch.setattr(equilibrium_solver, "MOST_STEPS", 3)
    value, rate = world(4)
    after, iceberg = shocked(value, rate)
    with pytest.raises(
        tk.NotConverged, match=r"after \d+ steps .* residual is .* factors of [A-Z]{3}"
    ):
        solved(value, rate, after, iceberg, tk.GeneralEquilibrium(4.0))


def as_resource_cost(self, *arguments, init=equilibrium_system.System.__init__):
    init(self, *arguments)
    self.paid, self.untaxed = self.bought, True


def swapped(world, theta, closure, links, make=economy._observed):
    made = make(world, theta, closure, links)
    return dataclasses.replace(made, share=made.share.transpose(0, 2, 1).copy())


def without_deficit(self, level):
    return level, 1.0


PLANTS = {
    "revenue thrown away": (equilibrium_system.System, "__init__", as_resource_cost),
    "importer and exporter swapped": (economy, "_observed", swapped),
    "deficits forgotten": (equilibrium_system.System, "funds", without_deficit),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_planted_fault_is_caught(plant, monkeypatch):
    value, rate = world(4)
    after, iceberg = shocked(value, rate)
    monkeypatch.setattr(*PLANTS[plant])
    with pytest.raises(tk.NotConverged):
        solved(value, rate, after, iceberg, tk.GeneralEquilibrium(4.0))


def test_the_result_says_how_it_was_solved():
    result = tk.GeneralEquilibrium(4.0).solve(base_of(*world(4)), scenario())
    assert "Solver: converged, every market clears to 1e-10" in repr(result)
    assert "converged" in result._repr_html_()
    assert result.solver.seconds > 0
    assert "seconds" not in repr(result.solver)


@pytest.mark.parametrize("model", [tk.Armington(), tk.Smart()], ids=lambda m: m.name)
def test_every_model_says_how_it_was_solved(model):
    cut = scenario(tk.TariffCut(importer="IND", exporter="RUS", to=0.0))
    solver = model.solve(two_suppliers(), cut).solver
    assert solver.converged
    assert solver.residual <= 1e-9
    assert (solver.iterations > 0) == (model.name == "Armington")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"value_added": [[0.5]]}, "add up to 1.1"),
        ({"inputs": [[0.6]]}, "shape"),
        ({"value_added": [[-0.4]]}, "not negative"),
        ({"value_added": [[0.0]], "inputs": [[[1.0]]]}, "above zero"),
        ({"final": [[0.9]]}, "final shares of IND add up to 0.9"),
    ],
)
def test_an_input_output_table_is_checked(arguments, message):
    good = {"value_added": [[0.4]], "inputs": [[[0.6]]]}
    with pytest.raises(ValueError, match=message):
        tk.InputOutput(["IND"], ["01"], **{**good, **arguments})


def test_an_input_output_table_must_hold_the_baseline():
    table = tk.InputOutput(["IND"], [""], [[0.4]], [[[0.6]]])
    with pytest.raises(ValueError, match="lacks the country 'CHN'"):
        tk.GeneralEquilibrium(4.0, input_output=table).solve(
            base_of(*world(3)), scenario()
        )
