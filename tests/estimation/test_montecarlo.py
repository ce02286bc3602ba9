"""Made data: coverage at any length, and the panels of the substitution tests."""

import numpy as np
import pytest

from toolkit.elasticities import (
    EstimationWarning,
    coverage,
    fit_elasticity_of_substitution,
    simulate_suppliers,
)

pytestmark = pytest.mark.slow


def test_draws_do_not_depend_on_their_number():
    few, more = (coverage("ardl", periods=40, draws=n) for n in (1, 2))
    assert few.share in (0.0, 1.0)
    assert more.share in (few.share / 2, (few.share + 1) / 2)
    assert coverage("ardl", periods=40, draws=2) == more


def test_the_estimate_finds_the_truth_of_long_series():
    for method in ("ardl", "ols"):
        found = coverage(method, periods=2000, draws=10)
        assert found.median == pytest.approx(found.truth, abs=0.05)
        assert found.truth == -1.5


def test_wider_intervals_cover_more():
    narrow, wide = (
        coverage("ols", periods=60, draws=40, level=p).share for p in (0.5, 0.99)
    )
    assert narrow < wide


@pytest.mark.slow
@pytest.mark.parametrize(("method", "enough"), [("ardl", 400), ("ols", 1000)])
def test_short_samples_cover_less(method, enough):
    """93 to 97 % where theory holds, less at 30 periods: 400 draws each."""
    long, short = (coverage(method, periods=n, draws=400) for n in (enough, 30))
    assert 0.93 <= long.share <= 0.97
    assert short.share < 0.93


def test_suppliers_solve_both_equations():
    """Sigma and omega in the median of goods; no supplier's total explodes."""
    made = simulate_suppliers(3.0, goods=25)
    found = fit_elasticity_of_substitution(made, product="product")
    assert found.params.median() == pytest.approx(3, rel=0.05)
    omega = found.details.omega[found.details["method"] == "hliml"].astype(float)
    assert omega.median() == pytest.approx(0.5, rel=0.15)
    assert np.isfinite(made.value_usd_mn).all()


def test_wrong_input_is_named():
    with pytest.raises(ValueError, match="method 'panel' is unknown"):
        coverage("panel", periods=30)
    with pytest.raises(ValueError, match="at least 15 periods"):
        coverage("ols", periods=5)
    with pytest.raises(ValueError, match="sigma must be above 1"):
        simulate_suppliers(0.9)


def test_goods_keep_their_names():
    made = simulate_suppliers(8.0, goods=12, periods=8)
    with pytest.warns(EstimationWarning):
        found = fit_elasticity_of_substitution(made, product="product")
    assert list(found.params.index) == [f"{n:04d}" for n in range(12)]
