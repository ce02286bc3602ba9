"""Gravity: another program's output, identification, separation, units, faults."""

import os
import sys
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.gravity import poisson_with_dummies
from toolkit.elasticities import (
    EstimationWarning,
    IdentificationWarning,
    SeparationWarning,
    fit_gravity,
)
from toolkit.estimation import identification, ppml

EFFECTS = ["exporter^year", "importer^year"]


def world(countries=12, years=3, seed=1, home=True, shock=0.5):
    """Return trade made from a gravity equation with a tariff of elasticity -4."""
    rng = np.random.default_rng(seed)
    i, j, t = (
        a.ravel() for a in np.meshgrid(*map(range, (countries, countries, years)))
    )
    kept = slice(None) if home else i != j
    i, j, t = i[kept], j[kept], t[kept]
    size, market = rng.normal(size=(2, countries, years))
    tariff = np.log1p(rng.uniform(0, 0.4, (countries, years)))[j, t] * (i != j)
    distance = rng.uniform(0, 2, (countries, countries))[i, j]
    index = 3 + size[i, t] + market[j, t] - distance - 4 * tariff
    error = rng.lognormal(-(shock**2) / 2, shock, len(i))
    return pd.DataFrame(
        {
            "exporter": np.array([f"C{n:02d}" for n in range(countries)])[i],
            "importer": np.array([f"C{n:02d}" for n in range(countries)])[j],
            "year": 2000 + t,
            "pair_id": i * countries + j,
            "trade": np.exp(index) * error,
            "distance": distance,
            "border": (i != j).astype(float),
            "ln_tariff": tariff,
        }
    )


def fit(panel, regressors, **options):
    given = {"trade": "trade", "fixed_effects": EFFECTS, "cluster": "pair_id"} | options
    return fit_gravity(panel, regressors=regressors, **given)


# Other programs


def test_equals_statsmodels_with_dummies():
    """The oracle: GLM with a dummy for every effect, clusters with G/(G-1)."""
    import statsmodels.api as sm

    panel = world()
    panel.loc[::7, "trade"] = 0
    names = ["distance", "ln_tariff"]
    codes = [
        panel.exporter + panel.year.astype(str),
        panel.importer + panel.year.astype(str),
    ]
    first, second = (pd.get_dummies(c, dtype=float) for c in codes)
    second = second.drop(columns=[c for c in second if c.startswith("C00")])
    x = np.column_stack([panel[names], first, second])
    oracle = sm.GLM(panel.trade, x, family=sm.families.Poisson()).fit(
        tol=1e-10,
        cov_type="cluster",
        cov_kwds={"groups": panel.pair_id, "use_correction": False},
    )
    found = fit(panel, names)
    clusters = panel.pair_id.nunique()
    assert found.clusters == clusters
    assert found.engine == "pyfixest"
    np.testing.assert_allclose(found.params, oracle.params.iloc[:2], rtol=1e-6)
    expected = oracle.bse.iloc[:2] * np.sqrt(clusters / (clusters - 1))
    np.testing.assert_allclose(found.std_errors, expected, rtol=1e-5)


def test_without_effects_equals_statsmodels_hc1():
    """The set-up of Santos Silva and Tenreyro (2006), Table 3, on made-up data."""
    import statsmodels.api as sm

    panel = world()
    names = ["distance", "ln_tariff", "border"]
    oracle = sm.GLM(
        panel.trade, sm.add_constant(panel[names]), family=sm.families.Poisson()
    ).fit(cov_type="HC1", tol=1e-10)
    found = fit(panel, names, fixed_effects=[], cluster=None)
    np.testing.assert_allclose(found.params, oracle.params[names], rtol=1e-6)
    # statsmodels gives GLM the errors HC0, whatever it is asked for
    expected = oracle.bse[names] * np.sqrt(len(panel) / (len(panel) - 4))
    np.testing.assert_allclose(found.std_errors, expected, rtol=1e-4)
    assert "HC1" in repr(found)


@pytest.mark.parametrize("effects", [EFFECTS, [*EFFECTS, "pair_id"], []])
@pytest.mark.parametrize("cluster", ["pair_id", "exporter^importer"])
def test_equals_dummies_whatever_the_effects(effects, cluster):
    """Values and the whole covariance, the effects' redundant dummies left out."""
    panel = world(countries=8)
    regressors = ["ln_tariff"] if "pair_id" in effects else ["distance", "ln_tariff"]
    found = fit(panel, regressors, fixed_effects=effects, cluster=cluster)
    values, matrix = poisson_with_dummies(panel, regressors, effects, cluster)
    np.testing.assert_allclose(found.params, values, rtol=1e-5)
    np.testing.assert_allclose(found.covariance, matrix, rtol=2e-3)


# Published: An Advanced Guide to Trade Policy Analysis (UNCTAD and WTO 2016),
# chapter 1, exercise 2, table of ppml_panel_sg. The panel (18,928 rows) is not part
# of this project: name the folder that holds structural_gravity/panel.csv.gz in
# TOOLKIT_CASES to run it.

GUIDE = {
    "RTA": (-0.217, 0.056),
    "RTA_LAG3": (0.256, 0.037),
    "RTA_LAG6": (0.265, 0.036),
    "RTA_LAG9": (0.101, 0.035),
    "ln_MFN": (-7.604, 0.516),
}


@pytest.fixture(scope="module")
def guide():
    folder = os.environ.get("TOOLKIT_CASES")
    if not folder:
        pytest.skip("TOOLKIT_CASES does not name a folder with the guide's panel")
    return pd.read_csv(Path(folder) / "structural_gravity" / "panel.csv.gz")


def test_unilateral_policy_is_the_published_one(guide):
    with pytest.warns(SeparationWarning, match="42 observations"):
        found = fit_gravity(guide, trade="trade", regressors=list(GUIDE))
    assert found.nobs == 18_886
    for name, (value, error) in GUIDE.items():
        assert round(found.params[name], 3) == value
        assert round(found.std_errors[name], 3) == error


def test_unilateral_policy_needs_home_sales(guide):
    abroad = guide[guide.exporter != guide.importer]
    with (
        pytest.warns(
            IdentificationWarning, match="ln_MFN is not identified: there are"
        ),
        pytest.warns(SeparationWarning),
    ):
        found = fit_gravity(abroad, trade="trade", regressors=list(GUIDE))
    assert found.dropped == ("ln_MFN",)


# Identification


def test_a_tariff_without_home_sales_is_named_and_dropped():
    panel = world(home=False)
    message = r"ln_tariff is not identified: it does not vary within importer\^year"
    with pytest.warns(IdentificationWarning, match=message) as seen:
        found = fit(panel, ["distance", "ln_tariff"])
    assert seen[0].filename == __file__
    assert found.dropped == ("ln_tariff",)
    assert list(found.params.index) == ["distance"]
    assert "Dropped, not identified: ln_tariff" in repr(found)
    with pytest.raises(ValueError, match="'ln_tariff' was dropped"):
        found.to_elasticity("ln_tariff")


def test_with_home_sales_the_tariff_is_recovered():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fit(world(countries=30), ["distance", "border", "ln_tariff"])
    low, high = found.conf_int(0.999).loc["ln_tariff"]
    assert low < -4 < high
    tariff = found.to_elasticity("ln_tariff")
    assert tariff.concept == "tariff_elasticity"
    assert tariff.covariance.shape == (3, 3)


def preferences(panel):
    """Return the panel with partners that pay nothing: the rate on or off."""
    member = (panel.pair_id % 5 == 0).astype(float)
    return panel.assign(member=member, ln_tariff=panel.ln_tariff * (1 - member))


def test_a_rate_that_only_some_pay_is_not_identified_without_home_sales():
    panel = preferences(world(home=False))
    with pytest.warns(IdentificationWarning, match="leave only who pays it; dropped"):
        found = fit(panel, ["distance", "member", "ln_tariff"])
    assert list(found.params.index) == ["distance", "member"]
    with pytest.warns(IdentificationWarning, match="kept as asked"):
        kept = fit(panel, ["distance", "member", "ln_tariff"], unidentified="keep")
    assert list(kept.params.index) == ["distance", "member", "ln_tariff"]


def test_dummies_and_bilateral_rates_are_not_accused():
    panel = preferences(world(home=False))
    rng = np.random.default_rng(1)
    panel["bilateral"] = panel.ln_tariff * rng.uniform(0.5, 1, len(panel))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = fit(panel, ["distance", "member", "bilateral"])
    assert not found.dropped


def test_every_absorbed_regressor_is_named():
    panel = world()
    panel["gdp"] = panel.groupby(["importer", "year"]).trade.transform("sum")
    made = panel.groupby(["exporter", "year"]).trade.transform("sum")
    panel["both"] = np.log(panel.gdp) + 3 * np.log(made)
    panel["mixed"] = 1e4 * panel.distance + np.log(panel.gdp)
    panel["twice"] = 2 * panel.distance
    panel["same"] = 7.0
    with pytest.warns(IdentificationWarning) as seen:
        found = fit(panel, ["distance", "gdp", "both", "mixed", "twice", "same"])
    named = {str(w.message).split()[0] for w in seen}
    assert named == set(found.dropped) == {"gdp", "both", "mixed", "twice", "same"}
    alone = fit(panel, ["distance"])
    assert found.params["distance"] == pytest.approx(alone.params["distance"], rel=1e-8)


def test_what_two_effects_absorb_together_is_named():
    panel = world(countries=8)
    gdp = panel.groupby(["importer", "year"]).trade.transform("sum")
    panel["both"] = gdp + panel.groupby(["exporter", "year"]).trade.transform("sum")
    with pytest.warns(IdentificationWarning, match="both is not identified: fixed"):
        found = fit(panel, ["distance", "both"])
    assert found.dropped == ("both",)


def test_nothing_left_is_an_error():
    with (
        pytest.warns(IdentificationWarning),
        pytest.raises(ValueError, match="There is no regressor left: ln_tariff"),
    ):
        fit(world(home=False), ["ln_tariff"])


def test_nothing_left_by_two_effects_together_is_an_error():
    panel = world()
    gdp = panel.groupby(["importer", "year"]).trade.transform("sum")
    panel["both"] = gdp + panel.groupby(["exporter", "year"]).trade.transform("sum")
    with (
        pytest.warns(IdentificationWarning, match="both is not identified: fixed"),
        pytest.raises(ValueError, match="There is no regressor left: both"),
    ):
        fit(panel, ["both"])


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1e6))
def test_constant_within_groups_is_seen_at_any_scale(seed, scale):
    rng = np.random.default_rng(seed)
    codes = identification.compact(rng.integers(0, 7, 60))
    level = scale * rng.normal(size=7)
    x = np.column_stack([level[codes], scale * rng.normal(size=60)])
    found = identification.unidentified(x, ["fixed", "free"], {"g": codes}, None)
    assert set(found) == {"fixed"}


# Separation, units, order


def test_empty_cells_are_left_out_and_reported():
    panel = world()
    nothing = (panel.exporter == "C03") & (panel.year == 2001)
    spoilt = panel.assign(trade=panel.trade.where(~nothing, 0))
    with pytest.warns(
        SeparationWarning, match=f"{nothing.sum()} observations left out"
    ):
        found = fit(spoilt, ["distance"])
    assert found.separated == nothing.sum()
    assert found.nobs == len(panel) - nothing.sum()
    rest = fit(panel[~nothing], ["distance"])
    assert found.params["distance"] == pytest.approx(rest.params["distance"], rel=1e-6)
    assert "left out by the separation check" in repr(found)


@pytest.mark.parametrize("separation", [["fe"], ["ir"], ["fe", "ir"]])
def test_separation_by_a_regressor_is_found(separation):
    """A dummy that is one only where trade is zero has no finite coefficient."""
    panel = world()
    panel["ban"] = (panel.pair_id % 29 == 0).astype(float)
    panel["trade"] = panel.trade.where(panel.ban == 0, 0)
    with (
        pytest.warns(SeparationWarning),
        pytest.warns(IdentificationWarning, match="ban"),
    ):
        found = fit(panel, ["distance", "ban"], separation=separation)
    assert found.dropped == ("ban",)
    assert found.separated == panel.ban.sum()
    rest = fit(panel[panel.ban == 0], ["distance"])
    assert found.params["distance"] == pytest.approx(rest.params["distance"], rel=1e-6)


def test_separation_by_two_regressors_is_found_by_rectifying():
    """The sum of two regressors is one only where trade is zero."""
    panel = world()
    ban = (panel.pair_id % 29 == 0).astype(float)
    panel["first"] = np.random.default_rng(1).normal(size=len(panel))
    panel["second"] = ban - panel["first"]
    panel["trade"] = panel.trade.where(ban == 0, 0)
    with (
        pytest.warns(SeparationWarning, match=f"{int(ban.sum())} observations"),
        pytest.warns(IdentificationWarning, match="second"),
    ):
        found = fit(panel, ["distance", "first", "second"], separation=["fe", "ir"])
    assert found.dropped == ("second",)


def test_units_and_order_of_rows_do_not_matter():
    panel = world()
    plain = fit(panel, ["distance", "ln_tariff"])
    scaled = panel.assign(trade=panel.trade * 1e6, distance=panel.distance * 1e-5)
    found = fit(scaled.sample(frac=1, random_state=2), ["distance", "ln_tariff"])
    size = np.array([1e5, 1.0])
    np.testing.assert_allclose(found.params, plain.params * size, rtol=1e-6)
    np.testing.assert_allclose(found.std_errors, plain.std_errors * size, rtol=1e-5)


def test_the_panel_is_not_changed():
    panel = world()
    before = panel.copy()
    fit(panel, ["distance"])
    pd.testing.assert_frame_equal(panel, before)


# Wrong inputs


WRONG = {
    "column 'distanc' is not in the frame; did you mean 'distance'": (
        lambda p: p,
        {"regressors": ["distanc"]},
    ),
    "'exporter.yaer' must name columns: 'yaer' is not.*; did you mean 'year'": (
        lambda p: p,
        {"fixed_effects": ["exporter^yaer"]},
    ),
    "'pair' must name columns: 'pair' is not in the frame": (
        lambda p: p,
        {"cluster": "pair"},
    ),
    "trade must be zero or positive": (lambda p: p.assign(trade=p.trade - 50), {}),
    "is zero everywhere": (lambda p: p.assign(trade=0), {}),
    "3 rows have missing values, the first in 'distance' at 4": (
        lambda p: p.assign(distance=p.distance.where(~p.index.isin([4, 5, 6]))),
        {},
    ),
    "column 'importer' of 'importer.year' has missing values": (
        lambda p: p.assign(importer=p.importer.where(p.index > 3)),
        {},
    ),
    "regressors must name at least one": (lambda p: p, {"regressors": []}),
    "unidentified 'hide' is unknown": (lambda p: p, {"unidentified": "hide"}),
    "separation 'fee' is unknown; did you mean 'fe'": (
        lambda p: p,
        {"separation": ["fee"]},
    ),
    "too few observations: 4 rows": (lambda p: p.iloc[:4], {}),
}


@pytest.mark.parametrize("message", WRONG)
def test_wrong_input_is_named(message):
    spoil, options = WRONG[message]
    with pytest.raises(ValueError, match=message):
        fit(spoil(world()), **({"regressors": ["distance"]} | options))


def test_few_clusters_are_warned_of():
    with pytest.warns(EstimationWarning, match="only 12 values of 'importer'"):
        fit(world(), ["distance"], cluster="importer")


def test_without_pyfixest_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyfixest", None)
    with pytest.raises(ImportError, match=r"tariff-scenario-toolkit\[estimation\]"):
        fit(world(), ["distance"])


def test_no_convergence_is_an_error(monkeypatch):
    monkeypatch.setattr(ppml, "MOST_STEPS", 2)
    with pytest.raises(RuntimeError, match="not converged in 2 iterations"):
        fit(world(), ["distance"])


# Recovery


@pytest.mark.slow
def test_intervals_cover_with_60_countries():
    """400 draws, 3,600 rows, exporter and importer effects, variance as the mean.

    There the estimator is efficient and its errors are biased by the share of
    effects in rows alone. With variance rising as the mean squared they are too
    small at this size (89 to 92 % with 50 countries). 1,500 draws cover 95.1 %.
    """
    inside = 0
    i, j = (a.ravel() for a in np.meshgrid(range(60), range(60)))
    for seed in range(400):
        rng = np.random.default_rng([77, seed])
        size, market = rng.normal(0, 0.5, (2, 60))
        distance = rng.uniform(0, 2, 3600)
        mean = np.exp(2 + size[i] + market[j] - distance)
        columns = {"exporter": i, "importer": j, "distance": distance}
        panel = pd.DataFrame(columns | {"trade": rng.gamma(mean)})
        found = fit(
            panel,
            ["distance"],
            fixed_effects=["exporter", "importer"],
            cluster="exporter^importer",
        )
        low, high = found.conf_int().loc["distance"]
        inside += low < -1 < high
    assert 0.93 <= inside / 400 <= 0.97
