"""Published results on data that do not belong to the project.

The folder is named by ``TOOLKIT_CASES``; without it these tests are skipped. Sources:
Stata ge_gravity (Baier, Yotov and Zylkin 2019) as shipped in VKudlay/GEGravity
@a5c1db9, 32-bit floats; Caliendo and Parro (2015), Table 2, two decimals, on the data
of paulofelipe/cp2015-jax @102f210.
"""

import time

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from worlds import by_country, case

STATA = 1e-6  # 32-bit output
PRINTED = 5e-5  # half a unit of the last printed digit, 0.01 per cent
ENLARGEMENT = {
    "AUT": 1.001413941383,
    "BGR": 1.002796530724,
    "CAN": 0.999994516373,
    "CYP": 1.007954478264,
    "CZE": 1.009997844696,
    "DEU": 1.000720024109,
    "HUN": 1.014152407646,
    "IND": 0.999996244907,
    "MLT": 1.015977144241,
    "POL": 1.006835579872,
    "RUS": 0.999892950058,
    "USA": 0.999996781349,
}
TABLE_2 = {  # welfare, real wage
    "Canada": (-0.0006, 0.0032),
    "Mexico": (0.0131, 0.0172),
    "USA": (0.0008, 0.0011),
}


@pytest.fixture(scope="module")
def enlargement():
    """The 572 pairs of the enlargement as levers, and the baseline."""
    rows = pd.read_csv(case("ge_gravity_eu_enlargement", "inputs.csv"))
    levers = [
        tk.TradeCostChange(
            importer=row.importer,
            exporter=row.exporter,
            products="",
            factor=float(np.exp(-row.beta / 4.0)),
        )
        for row in rows[rows["beta"] > 0].itertuples()
    ]
    rows = rows.rename(columns={"trade": "value_usd_mn"})
    rows = rows.assign(product="", applied_rate=0.0)
    base = tk.Baseline.from_frame(rows, reporter="POL", partner="DEU")
    return base, tk.Scenario("Enlargement", levers)


def test_the_eu_enlargement_agrees_with_stata(enlargement):
    result = tk.GeneralEquilibrium(4.0, deficits="multiplicative").solve(*enlargement)
    found = by_country(result, "real_income")
    assert len(result.levers) == 572
    for country, wanted in ENLARGEMENT.items():
        assert found[country] == pytest.approx(wanted, abs=STATA)
    assert result.check()["holds"].all()


@pytest.mark.parametrize("seed", [1, 2])
def test_it_does_so_shuffled_and_in_other_units(enlargement, seed):
    base, deal = enlargement
    rows = base.frame.sample(frac=1, random_state=seed)
    rows["value_usd_mn"] *= 10.0**seed
    base = tk.Baseline.from_frame(rows, reporter="POL", partner="DEU")
    result = tk.GeneralEquilibrium(4.0).solve(base, deal)
    assert by_country(result, "real_income")["HUN"] == pytest.approx(
        ENLARGEMENT["HUN"], abs=STATA
    )


def test_many_levers_compose_in_seconds(enlargement):
    started = time.perf_counter()
    tk.GeneralEquilibrium(4.0).solve(*enlargement)
    assert time.perf_counter() - started < 20  # it takes a tenth of one


def test_36_countries_with_tariffs_are_an_equilibrium():
    rows = pd.read_csv(case("armington_36", "inputs.csv")).assign(product="")
    base = tk.Baseline.from_frame(rows, reporter="USA", partner="MEX")
    free = [
        tk.TariffCut(importer=code, exporter="ALL", to=0.0)
        for code in sorted(set(rows["importer"]))
    ]
    found = {}
    for closure in ("additive", "multiplicative", "zero"):
        model = tk.GeneralEquilibrium(2.059, deficits=closure)
        assert np.abs(model.solve(base, tk.Scenario("none")).frame["change"]).max() < 1
        result = model.solve(base, tk.Scenario("Free trade", free))
        assert result.check()["holds"].all()
        abroad = result.flow(None, None)  # the rest of the world taxes itself
        assert result.variable("tariff_revenue").counterfactual[abroad].sum() == 0.0
        found[closure] = by_country(result, "real_income")
    for closure in ("additive", "zero"):  # the data are balanced
        gap = (found[closure] - found["multiplicative"]).abs().max()
        assert gap < 1e-6


@pytest.fixture(scope="module")
def nafta():
    """31 regions and 40 sectors; NAFTA's tariffs to those of 2005."""
    with np.load(case("caliendo_parro_nafta", "inputs.npz")) as data:
        held = {name: data[name] for name in data.files}
    codes = [f"{chr(65 + n // 26)}{chr(65 + n % 26)}X" for n in range(31)]
    goods = [f"{number:02d}" for number in range(1, 41)]
    before, after = held["tau_nij_bln"], held["tau_nij_cfl"]
    trade = held["pi_nij"] * held["X_nj"][:, None, :] / (1 + before)
    n, i, j = np.meshgrid(codes, codes, goods, indexing="ij")
    rows = pd.DataFrame(
        {
            "importer": n.ravel(),
            "exporter": i.ravel(),
            "product": j.ravel(),
            "value_usd_mn": trade.ravel() / 1e6,
            "applied_rate": before.ravel(),
        }
    )
    place = dict(zip(map(str, held["regions"]), codes, strict=True))
    base = tk.Baseline.from_frame(rows, reporter=place["Mexico"], partner=place["USA"])
    levers = [
        tk.TariffCut(
            importer=codes[a],
            exporter=codes[b],
            products=goods[c],
            to=float(after[a, b, c]),
        )
        for a, b, c in np.argwhere(before != after)
    ]
    links = tk.InputOutput(
        codes, goods, held["gamma_nj"], held["gamma_nkj"], held["alpha_nj"]
    )
    theta = pd.Series(held["theta_j"], index=goods)
    model = tk.GeneralEquilibrium(theta, deficits="zero", input_output=links)
    return model.solve(base, tk.Scenario("NAFTA", levers)), place


def test_nafta_agrees_with_the_published_table(nafta):
    result, place = nafta
    assert result.check()["holds"].all()
    for country, (welfare, wage) in TABLE_2.items():
        code = place[country]
        first = by_country(result, "welfare_first_order")[code]
        assert first == pytest.approx(welfare, abs=PRINTED)
        assert by_country(result, "real_wage")[code] - 1 == pytest.approx(
            wage, abs=PRINTED
        )


def test_the_published_welfare_is_not_the_gain_in_real_income(nafta):
    """Computed by three solvers on these data: +0.01, -0.11 and +0.07 per cent."""
    result, place = nafta
    exact = by_country(result, "real_income") - 1
    for country, wanted in {"Mexico": 1e-4, "Canada": -11e-4, "USA": 7e-4}.items():
        assert exact[place[country]] == pytest.approx(wanted, abs=PRINTED)
