"""Elasticity of substitution: algebra, recovery on made data, faults."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.elasticities import EstimationWarning, fit_elasticity_of_substitution
from toolkit.estimation import feenstra


def goods(sigma, *, omega=0.5, periods=20, suppliers=30, count=1, seed=3):
    """Return trade in goods whose suppliers have shocks of unequal size."""
    rng = np.random.default_rng(seed)
    a, b, width = omega / (1 + omega), sigma - 1, suppliers + 1
    parts = []
    for good in range(count):
        demand = rng.normal(size=(periods, width)) * rng.uniform(0.05, 0.6, width)
        supply = rng.normal(size=(periods, width)) * rng.uniform(0.025, 0.3, width)
        price = (supply + a * demand) / (1 + a * b)
        share = np.cumsum(demand - b * price, axis=0)
        price = np.cumsum(price, axis=0)
        names = [f"E{n:02d}" for n in range(width)]
        parts.append(
            pd.DataFrame(
                {
                    "product": f"{good:04d}",
                    "year": np.repeat(np.arange(2000, 2000 + periods), width),
                    "exporter": np.tile(names, periods),
                    "value_usd_mn": np.exp(share).ravel(),
                    "kilotonnes": np.exp(share - price).ravel(),
                }
            )
        )
    return pd.concat(parts, ignore_index=True)


fit = fit_elasticity_of_substitution


@settings(max_examples=100, deadline=None)
@given(st.floats(1.05, 100), st.floats(0.01, 50))
def test_coefficients_invert_exactly(sigma, omega):
    a, b = omega / (1 + omega), sigma - 1
    found = feenstra.invert(np.array([a / b, a - 1 / b]))
    np.testing.assert_allclose(found, (sigma, omega), rtol=1e-6)


@pytest.mark.parametrize("theta", [(-0.1, 0.3), (0.0, 0.1), (0.5, 5.0)])
def test_coefficients_without_sigma_go_to_the_grid(theta):
    """theta_1 not positive; or omega / (1 + omega) of one and more."""
    assert np.isnan(feenstra.invert(np.array(theta))).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_sandwich_is_its_definition(seed):
    """The sums by variety against the double loop over rows."""
    rng = np.random.default_rng(seed)
    variety = np.repeat(np.arange(4), [3, 4, 5, 3])
    period = rng.permutation(15) % 5
    z = rng.normal(size=(15, 3))
    data = feenstra.Moments(variety, period, z)
    theta, inverse = rng.normal(size=2), np.eye(2)
    found = feenstra._sandwich(data, z, theta, inverse)
    error, x = z[:, 0] - z[:, 1:] @ theta, z[:, 1:]
    x = x - np.outer(error, x.T @ error / (error @ error))
    same = variety[:, None] == variety[None, :]
    p = same / np.bincount(variety)[variety][:, None]
    off = p - np.diag(np.diag(p))
    score = error[:, None] * (off @ x)
    sums = np.stack([score[period == t].sum(axis=0) for t in range(5)])
    own = x * error[:, None]
    many = np.einsum("ij,ia,jb->ab", off**2, own, own)
    np.testing.assert_allclose(found, sums.T @ sums + many, atol=1e-10)


def test_grid_finds_the_truth_of_exact_moments():
    rng = np.random.default_rng(1)
    sigma, omega = 4.0, 0.5
    a, b = omega / (1 + omega), sigma - 1
    x = rng.uniform(0.1, 1, (40, 2))
    z = np.column_stack([x @ [a / b, a - 1 / b], x])
    data = feenstra.Moments(np.arange(40), np.zeros(40, int), z)
    found = feenstra._grid(data, np.ones(40))
    assert found[0] == pytest.approx(sigma, rel=0.02)
    assert found[1] == pytest.approx(omega, rel=0.02)


@pytest.mark.parametrize("sigma", [2, 3, 4, 5])
def test_sigma_is_recovered(sigma):
    """Within 5 % in the median of 100 goods of 30 suppliers and 20 years."""
    with pytest.warns(EstimationWarning, match="the best point of the grid"):
        found = fit(goods(sigma, count=100), product="product")
    assert found.params.median() == pytest.approx(sigma, rel=0.05)
    assert found.on_grid <= 0.10
    omega = found.details.omega[found.details["method"] == "hliml"]
    assert omega.astype(float).median() == pytest.approx(0.5, rel=0.15)


def test_the_fall_to_the_grid_at_8_is_reported():
    with pytest.warns(EstimationWarning, match="no sigma above one") as seen:
        found = fit(goods(8, count=100), product="product")
    fallen = found.details.index[found.details["method"] == "grid"]
    assert found.on_grid == len(fallen) / 100
    assert 0.05 < found.on_grid < 0.30
    assert found.std_errors[fallen].isna().all()
    assert found.std_errors.drop(fallen).notna().all()
    assert f"{len(fallen)} on the grid" in repr(found)
    assert all(good in str(seen[0].message) for good in fallen)
    assert seen[0].filename == __file__
    with pytest.raises(ValueError, match="no standard error"):
        found.to_elasticity(fallen[0]).draw(3, np.random.default_rng(1))


def test_variety_means_are_more_biased_and_approach_with_time():
    """Feenstra's own estimator: consistent, biased while periods are few."""
    short, long = (
        fit(
            goods(3, periods=n, count=25, suppliers=20),
            product="product",
            method="feenstra",
        ).params.median()
        for n in (15, 200)
    )
    assert abs(long - 3) < abs(short - 3)
    assert long == pytest.approx(3, rel=0.05)


def test_units_reference_and_order():
    panel = goods(3)
    plain = fit(panel)
    mixed = panel.sample(frac=1, random_state=1)
    mixed = mixed.assign(
        value_usd_mn=mixed.value_usd_mn * 1e3, kilotonnes=mixed.kilotonnes / 7
    )
    assert fit(mixed).params["all"] == pytest.approx(plain.params["all"], rel=1e-9)
    other = fit(panel, reference="E07")
    assert other.details.reference["all"] == "E07"
    assert other.params["all"] == pytest.approx(3, rel=0.25)


def test_suppliers_come_and_go():
    panel = goods(3, periods=40)
    rng = np.random.default_rng(2)
    thinned = panel[(rng.random(len(panel)) > 0.2) | (panel.exporter == "E00")]
    zero = panel.assign(
        kilotonnes=panel.kilotonnes.where(panel.index.isin(thinned.index), 0)
    )
    found = fit(thinned)
    assert found.details.reference["all"] == "E00"
    assert found.params["all"] == pytest.approx(3, rel=0.2)
    assert fit(zero).params["all"] == found.params["all"]


def test_result_carries_sigma_into_a_model():
    found = fit(goods(3))
    before = found.params
    sigma = found.to_elasticity()
    assert sigma.concept == "substitution"
    assert float(sigma) == before["all"]
    assert (sigma.draw(1000, np.random.default_rng(1)) > 0).all()
    assert "hliml" in repr(found)
    assert "<table" in found._repr_html_()


def test_goods_with_few_suppliers_are_left_out_by_name():
    panel = goods(3, count=2)
    thin = panel[(panel["product"] == "0000") | (panel.exporter < "E03")]
    with pytest.warns(EstimationWarning, match="left out: 0001"):
        found = fit(thin, product="product")
    assert list(found.params.index) == ["0000"]


WRONG = {
    "method 'gmm' is unknown": (lambda p: p, {"method": "gmm"}),
    "column 'reporter' is not in the frame": (lambda p: p, {"variety": "reporter"}),
    "column 'kilotonnes' must not have negative": (
        lambda p: p.assign(kilotonnes=-p.kilotonnes),
        {},
    ),
    "has more than one row; add them up": (lambda p: pd.concat([p, p.iloc[:1]]), {}),
    "nothing between 2009 and 2011": (lambda p: p[p.year != 2010], {}),
    "supplier 'E99' is unknown": (lambda p: p, {"reference": "E99"}),
    "too few observations: a good needs 3 suppliers": (
        lambda p: p[p.exporter < "E03"],
        {},
    ),
}


@pytest.mark.parametrize("message", WRONG)
def test_wrong_input_is_named(message):
    spoil, options = WRONG[message]
    with pytest.raises(ValueError, match=message):
        fit(spoil(goods(3)), **options)


@pytest.mark.slow
def test_intervals_are_as_short_as_the_docstring_says():
    """400 goods: about 88 % at 20 periods; 95 % would be wrong to claim."""
    with pytest.warns(EstimationWarning):
        found = fit(goods(3, count=400), product="product")
    known = found.std_errors.notna()
    inside = (found.conf_int().low < 3) & (found.conf_int().high > 3)
    assert 0.85 <= inside[known].mean() <= 0.95
