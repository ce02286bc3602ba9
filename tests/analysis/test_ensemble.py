"""Ensembles: against the point solve, closed forms, Ishigami, and themselves."""

import dataclasses
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import toolkit as tk
from markets import baseline, scenario, two_suppliers
from toolkit.analysis import orderstats, sensitivity
from toolkit.analysis.simulation import task_of
from toolkit.models.parameters import CONCEPTS
from toolkit.models.points import own_numbers, sample

NOTHING = dict.fromkeys(CONCEPTS, 0.0)
CUT = tk.TariffCut(importer="IND", exporter="RUS", products="31", to=0.0)


@pytest.fixture(scope="module")
def official():
    return tk.load_baseline()


@pytest.fixture(scope="module")
def package():
    folder = tk.datasets.folder() / "scenarios"
    return tk.Scenario.from_yaml(folder / "summit_package.yaml")


def simulate(base, deal, draws=400, model=None, **options):
    options = {"progress": False, **options}
    return tk.simulate(model or tk.Armington(), base, deal, draws, **options)


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_without_spread_every_draw_is_the_point_solve(official, package, engine):
    ens = simulate(official, package, 50, priors=NOTHING, engine=engine)
    due = ens.centre.balance()["change"]
    found = ens.quantiles().loc[:, 0.5]
    for name in ("exports", "imports", "balance"):
        assert found[f"{name}_change"] == pytest.approx(due[name], rel=1e-12)
    assert ens.task.factors() == ()
    assert ens.sobol().empty
    assert ens.tornado().empty


def test_the_kernel_agrees_with_the_plain_path(official, package):
    plain = simulate(official, package, 300, engine="numpy", metrics=["revenue"])
    quick = simulate(official, package, 300, engine="numba", metrics=["revenue"])
    gap = np.abs(quick.changes - plain.changes).max(axis=0)
    assert (gap < 1e-11 * np.abs(plain.changes).max(axis=0)).all()


@pytest.mark.parametrize(
    "levers",
    [
        (tk.SupplyDisruption(importer="IND", exporter="RUS", products="31", by=1.0),),
        (tk.QuantityTarget(importer="IND", exporter="RUS", products="31", usd_mn=250),),
        (
            tk.SupplyDisruption(
                importer="IND", exporter="RUS", products="31", by=0.5,
                rent_to="exporter",
            ),
            tk.DemandGrowth(importer="IND", by=0.2),
            tk.TradeCostChange(importer="IND", exporter="RUS", factor=0.9),
        ),
        (tk.PaymentFriction(cost=0.05), CUT),
    ],
)  # fmt: skip
@pytest.mark.parametrize("sigma", [0.999999, 1.0, 1.02, 3.0, 12.0])
def test_the_kernel_agrees_where_bounds_bind_and_sigma_is_near_one(levers, sigma):
    stopped = isinstance(levers[0], tk.SupplyDisruption) and levers[0].by == 1.0
    sigma = max(sigma, 1.2) if stopped else sigma
    base, model = two_suppliers(), tk.Armington(sigma, -0.7, 2.5)
    priors = dict.fromkeys(CONCEPTS, 0.3)
    priors["substitution_elasticity"] = 0.1 if sigma > 2 else 0.0
    both = [
        simulate(base, scenario(*levers), 60, model, priors=priors, engine=engine)
        for engine in ("numpy", "numba")
    ]
    assert both[1].changes == pytest.approx(both[0].changes, rel=1e-10, abs=1e-10)


def closed_form(sigma, cut=0.1):
    """Return the change of 100 bought at duty 0.1 that falls to 0: one of one seller.

    One seller and eta = -1: spending is constant, so value moves with the duty alone
    whatever sigma; with a rival the share moves by the power 1 - sigma.
    """
    price = 1.0 / (1.0 + cut)
    share = 110.0 / 440.0
    new = share * price ** (1 - sigma) / (share * price ** (1 - sigma) + 1 - share)
    return new * 440.0 - 100.0


def test_quantiles_are_right_where_the_answer_is_a_formula():
    """With eta = -1 and infinite supply spending is constant: a monotone function."""
    base = baseline(("IND", "RUS", "31", 100.0, 0.1), ("IND", "ROW", "31", 300.0, 0.1))
    model = tk.Armington(3.0, -1.0, float("inf"))
    priors = {"substitution_elasticity": 0.4}
    ens = simulate(base, scenario(CUT), 20_000, model, priors=priors, points="random")
    at = (0.05, 0.25, 0.5, 0.75, 0.95)
    sigma = 3.0 * np.exp(0.4 * stats.norm.ppf(at))
    due = closed_form(sigma)
    imports = ens.to_frame()["imports_change"].to_numpy()
    for p, exact in zip(at, due, strict=True):
        low, high = orderstats.interval(imports, p, 0.9999)
        assert low <= exact <= high
    assert ens.quantiles(at).loc["imports_change"].to_numpy() == pytest.approx(
        due, rel=0.05
    )


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_interval_of_a_quantile_covers_as_often_as_it_says(confidence):
    rng, inside, rounds = np.random.default_rng(5), 0, 2_000
    for _ in range(rounds):
        low, high = orderstats.interval(rng.exponential(size=200), 0.95, confidence)
        inside += low <= -np.log(0.05) <= high
    error = 4 * np.sqrt(confidence * (1 - confidence) / rounds)
    # Order statistics are discrete: the interval covers at least as often as it says.
    assert confidence - error < inside / rounds < confidence + 0.08


def test_sobol_indices_of_the_ishigami_function():
    """Ishigami and Homma (1990): a = 7, b = 0.1, uniform on (-pi, pi)."""
    a, b = 7.0, 0.1

    def ishigami(share):
        x = -np.pi + 2 * np.pi * share
        wave = np.sin(x[:, 0])
        return wave + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * wave

    table = sensitivity.indices(ishigami, ["x1", "x2", "x3"], base=4096)
    whole = a**2 / 8 + b * np.pi**4 / 5 + b**2 * np.pi**8 / 18 + 0.5
    first = {"x1": 0.5 * (1 + b * np.pi**4 / 5) ** 2, "x2": a**2 / 8, "x3": 0.0}
    joint = b**2 * np.pi**8 * (1 / 18 - 1 / 50)
    for name in first:
        due = first[name] / whole
        total = due + (joint / whole if name != "x2" else 0.0)
        row = table.loc[name]
        assert row["S1"] == pytest.approx(due, abs=1.5 * row["S1_conf"] + 1e-3)
        assert row["ST"] == pytest.approx(total, abs=1.5 * row["ST_conf"] + 1e-3)


def test_the_ensembles_indices_are_those_of_a_known_case(official):
    """With one elasticity drawn, all the variance is its own."""
    priors = {**NOTHING, "substitution_elasticity": 0.4}
    table = simulate(official, scenario(CUT), 20, priors=priors).sobol(base=256)
    assert list(table.index) == ["substitution"]
    assert table.loc["substitution", "ST"] == pytest.approx(1.0, abs=0.05)


def test_two_seeds_differ_and_one_repeats(official):
    one, again, other = (
        simulate(official, scenario(CUT), seed=seed) for seed in (1, 1, 2)
    )
    assert np.array_equal(one.changes, again.changes)
    assert not np.array_equal(one.changes, other.changes)


@pytest.mark.parametrize("engine", ["numpy", "numba"])
def test_no_number_depends_on_the_chunk(official, package, engine):
    model = tk.Armington(export_supply_elasticity=2.0)
    covariance = pd.DataFrame([[0.04, 0.01], [0.01, 0.09]], ["31", ""], ["31", ""])
    own = tk.Estimate(pd.Series({"31": -0.8, "": -1.2}), covariance)
    priors = {"export_supply_elasticity": 0.3, "import_demand_elasticity": own}
    whole = [
        simulate(official, package, 700, model, priors=priors, engine=engine, chunk=c)
        for c in (700, 256, 37)
    ]
    for found in whole[1:]:
        assert np.array_equal(whole[0].changes, found.changes)


def test_scenarios_meet_the_same_draws(official, package):
    """Common random numbers: the difference of two deals is that of their parts."""
    small, none = scenario(CUT), scenario()
    ens, rest = simulate(official, small), simulate(official, none)
    assert not rest.changes.any()
    table = rest.paired_difference(ens)
    assert table.loc["imports_change", 0.5] == pytest.approx(
        ens.quantiles().loc["imports_change", 0.5]
    )
    more = simulate(official, scenario(CUT, tk.Mobility(workers=10.0)))
    assert np.array_equal(more.changes, ens.changes)
    # A market's own numbers are the same, whatever else a scenario touches.
    markets = np.array([3, 70, 71, 150])
    draws = np.arange(1000)
    wide = own_numbers(1, 0, draws, np.arange(200))
    assert np.array_equal(own_numbers(1, 0, draws, markets), wide[:, markets])
    assert np.array_equal(own_numbers(1, 0, draws[::7], markets), wide[::7, markets])


def test_a_difference_needs_the_same_draws(official):
    ens = simulate(official, scenario(CUT))
    with pytest.raises(ValueError, match="seed 1 and 2"):
        ens.paired_difference(simulate(official, scenario(CUT), seed=2))


def test_correlation_widens_the_band_of_a_sum(official, package):
    def width(correlation):
        low, _, high = (
            simulate(official, package, 2_000, correlation=correlation, engine="numba")
            .quantiles()
            .loc["exports_change"]
        )
        return high - low

    assert width(0.0) < 0.75 * width(1.0)


def test_own_numbers_have_the_correlation_asked_for(official):
    task = task_of(tk.Armington(), official, scenario(tk.DemandGrowth(
        importer="IND", by=0.1)), correlation=0.3)  # fmt: skip
    normals = task._normals(sample("sobol", 8_192, 1))["substitution"]
    assert normals.mean() == pytest.approx(0.0, abs=0.02)
    assert normals.std() == pytest.approx(1.0, abs=0.02)
    between = np.corrcoef(normals[:, :40].T)[np.triu_indices(40, 1)]
    assert between.mean() == pytest.approx(0.3, abs=0.02)


def test_an_own_estimate_is_drawn_with_its_covariance(official):
    values, names = pd.Series({"30": -0.5, "31": -1.5}), ["30", "31"]
    covariance = pd.DataFrame([[0.01, 0.012], [0.012, 0.09]], names, names)
    own = {"import_demand_elasticity": tk.Estimate(values, covariance)}
    model = tk.Armington(import_demand_elasticity=-1.0)
    deal = scenario(tk.DemandGrowth(importer="IND", by=0.1))
    task = task_of(model, official, deal, priors=own)
    _, eta, _ = task._elasticities(task._normals(sample("random", 20_000, 3)))
    codes = task.shock.flows.product[task.shock.flows.starts]
    first, last = ([c.startswith(name) for c in codes].index(True) for name in names)
    due = covariance.to_numpy() / np.outer(values, values)
    found = np.cov(np.log(-eta[:, [first, last]]).T)
    assert found == pytest.approx(due, abs=0.0015)  # four standard errors
    assert (eta[:, list(codes).index("72")] == -1.0).all()


def test_small_importers_are_half_of_the_draws_and_the_low_end_one_in_twenty(official):
    task = task_of(tk.Armington(), official, scenario(CUT), correlation=1.0)
    _, _, supply = task._elasticities(task._normals(sample("sobol", 8_192, 1)))
    inverse = supply.inverse(task.shock.flows.market)[:, 0]
    assert (inverse == 0.0).mean() == pytest.approx(0.5, abs=1e-3)
    assert (inverse > 1 / 1.522).mean() == pytest.approx(0.05, abs=1e-3)


def test_levers_with_ranges_are_drawn(official):
    by = tk.Uncertain(-0.2, 0.1)
    price = tk.PriceChange(importer="IND", exporter="RUS", products="2709", by=by)
    deal = scenario(price, CUT)
    ens = simulate(official, deal, 300, priors=NOTHING)
    frame = ens.to_frame()
    share = ens.points.share["PriceChange 2709 by"]
    for n in (0, 7, 299):
        fixed = dataclasses.replace(price, by=float(by.at(share[n])))
        one = tk.Armington().solve(official, scenario(fixed, CUT)).balance()["change"]
        assert frame.loc[n, "imports_change"] == pytest.approx(
            one["imports"], rel=1e-11
        )
    assert ens.task.factors() == ("PriceChange 2709 by",)
    low, high, _ = ens.tornado().loc["PriceChange 2709 by"]
    assert high != low
    quick = simulate(official, deal, 300, priors=NOTHING, engine="numba")
    assert quick.changes == pytest.approx(ens.changes, rel=1e-10)


def test_errors_of_the_data_widen_the_baseline(official):
    data = {"imports": 0.05}
    ens = simulate(official, scenario(CUT), 2_000, data=data, priors=NOTHING)
    frame = ens.to_frame()
    spread = np.log(frame["imports_before"]).std()
    assert spread == pytest.approx(0.05, rel=0.03)
    assert np.ptp(frame["exports_before"].to_numpy()) == 0.0
    share = frame["imports_change"] / frame["imports_before"]
    assert share.std() < 1e-12
    assert ens.task.factors() == ("imports as recorded",)


def test_events_are_shares_of_the_draws(official, package):
    ens = simulate(official, package)
    frame = ens.to_frame()
    assert ens.probability("deficit narrows") == (frame["balance_change"] > 0).mean()
    bound = "deficit < 0.99 * deficit_before and exports_change > 1000"
    held = (frame["deficit"] < 0.99 * frame["deficit_before"]) & (
        frame["exports_change"] > 1000
    )
    assert ens.probability(bound) == held.mean()
    with pytest.raises(ValueError, match=r"cannot be read.*deficit narrows"):
        ens.probability("deficit narows")
    with pytest.raises(ValueError, match="not true or false"):
        ens.probability("balance_change")
    with pytest.raises(ValueError, match=r"'export_change'.*exports_change"):
        ens.quantiles(of=["export_change"])


def test_convergence_says_whether_it_needs_more(official, package):
    few, many = (simulate(official, package, n, engine="numba") for n in (60, 20_000))
    assert not few.convergence()["enough"].all()
    assert many.convergence(tolerance=0.05)["enough"].all()
    assert (few.convergence()["draws_needed"] > 60).any()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"points": "halton"}, "points 'halton' is unknown"),
        ({"draws": 0}, "draws must be"),
        ({"correlation": 1.5}, "correlation"),
        ({"metrics": ["wages"]}, "metric 'wages' is unknown"),
        ({"priors": {"sigma": 0.1}}, "priors has no 'sigma'"),
        ({"priors": {"substitution_elasticity": -0.1}}, "0 or above"),
        ({"data": {"export": 0.1}}, "data has no 'export'"),
        ({"engine": "fortran"}, "engine 'fortran' is unknown"),
    ],
)
def test_bad_arguments_are_named(official, options, message):
    with pytest.raises(ValueError, match=message):
        simulate(official, scenario(CUT), **{"draws": 5, **options})


def test_smart_has_ensembles_too(official):
    ens = simulate(official, scenario(CUT), 50, tk.Smart(2.0, -0.8, 4.0),
                   priors={"import_demand_elasticity": 0.3})  # fmt: skip
    assert len(ens) == 50
    assert ens.to_frame()["imports_change"].std() > 0


def test_any_frame_will_do():
    """One product, another pair, no names, no fertiliser."""
    base = baseline(
        ("FRA", "POL", "8703", 40.0, 0.1), ("FRA", "DEU", "8703", 60.0, 0.0),
        reporter="FRA", partner="POL",
    )  # fmt: skip
    cut = tk.TariffCut(importer="FRA", exporter="POL", to=0.0)
    ens = simulate(base, scenario(cut), 200)
    assert ens.probability("imports rise") == 1.0
    assert ens.tornado("product").index.str.contains("8703").all()


def test_the_split_finds_what_each_source_adds(official):
    """Data alone, elasticities alone, both, and a second model beside them."""
    deal = scenario(CUT)
    data = {"imports": 0.1}
    alone = simulate(official, deal, 1_000, data=data, priors=NOTHING).split()
    assert alone.loc["data", "share"] == pytest.approx(1.0, abs=0.03)
    both = simulate(official, deal, 1_000, data=data)
    other = tk.Armington(case="high").solve(official, deal)
    table = both.split(other)
    assert table["share"].sum() == pytest.approx(1.0)
    assert {"elasticities", "data", "model"} <= set(table.index)
    points = [r.balance().loc["balance", "change"] for r in (both.centre, other)]
    assert table.loc["model", "deviation"] == pytest.approx(np.std(points, ddof=1))
    within = both.to_frame()["balance_change"].var(ddof=0)
    rest = table.drop(index="model")["deviation"]
    assert (rest**2).sum() == pytest.approx(within)


def test_reports_of_one_year_give_the_error_of_the_data(official):
    errors = tk.recording_errors(official)
    reports = tk.datasets.load("mirror_totals").query(
        "year == '2023' and direction == 'India to Russia'"
    )
    due = np.log(reports.groupby("series")["value_usd_mn"].sum()).std()
    assert errors["exports"] == pytest.approx(due)
    later = tk.recording_errors(tk.load_baseline("2025-26"))
    assert all(later[flow] > errors[flow] for flow in errors)
    with pytest.raises(ValueError, match=r"No mirror reports of FRA and POL"):
        tk.recording_errors(baseline(
            ("FRA", "POL", "31", 1.0, 0.0), ("FRA", "DEU", "31", 1.0, 0.0),
            reporter="FRA", partner="POL",
        ))  # fmt: skip


def test_no_draw_of_the_library_nears_the_pole_of_new_varieties(official):
    """At sigma 1 a newcomer is worth any price: one such draw swamps all the others."""
    access = tk.MarketAccess(importer="RUS", exporter="IND", products="0701")
    task = task_of(tk.Armington(), official, scenario(access))
    points = sample("sobol", 8_192, 1)
    sigma, eta, _ = task._elasticities(task._normals(points))
    assert sigma.min() == 1.05
    centre = task.central.eta[task.central.flows.starts]
    assert (eta < centre).mean() == pytest.approx(0.5, abs=0.02)
    exports = task.changes(points)[:, 0]
    assert exports.max() < 40 * np.median(exports)


def test_sobol_indices_without_their_library_name_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(ImportError, match=r"toolkit\[uncertainty\]"):
        sensitivity.indices(lambda x: x.sum(axis=1), ["a", "b"])
