"""The one-equation CES solver against a full system, closed forms and limits."""

import dataclasses

import numpy as np
import pytest

from markets import clear
from toolkit.models.ces import CesMarkets, NotConverged, solve_ces

ORACLE = 1e-9  # two solvers, each converged to about 1e-13
CLOSED = 1e-12  # closed forms: rounding only


def solve(share, *, sigma=3.0, eta=-1.0, mu=2.0, **shocks):
    """Solve one market given as hats; return price, quantity, index."""
    solution = solve_ces(problem(share, sigma=sigma, eta=eta, mu=mu, **shocks))
    return (
        np.exp(solution.ln_price),
        np.exp(solution.ln_quantity),
        float(np.exp(solution.ln_index[0])),
    )


def problem(share, *, sigma=3.0, eta=-1.0, mu=2.0, **shocks):
    n = len(share)

    def each(name, neutral):
        with np.errstate(divide="ignore"):
            return np.log(np.broadcast_to(np.asarray(shocks.get(name, neutral)), n))

    return CesMarkets(
        np.array([0]),
        np.zeros(n, dtype=np.intp),
        share=np.asarray(share, dtype=float),
        new=np.broadcast_to(shocks.get("new", 0.0), n),
        sigma=np.full(n, sigma),
        eta=np.full(n, eta),
        nu=np.broadcast_to(1.0 / np.asarray(mu, dtype=float), n),
        ln_wedge=each("wedge", 1.0),
        ln_cost=each("cost", 1.0),
        ln_iceberg=each("iceberg", 1.0),
        ln_size=each("size", 1.0),
        ln_cap=each("cap", np.inf),
        ln_floor=each("floor", 0.0),
    )


def random_market(seed):
    """Return shares, elasticities and every shock of a random market."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 8))
    cap, floor = np.full(n, np.inf), np.zeros(n)
    held = rng.permutation(n)[:2]
    cap[held[0]] = rng.uniform(0.3, 1.5)
    floor[held[1]] = rng.uniform(0.5, 2.0)
    mu = rng.uniform(0.05, 20.0, n)
    mu[rng.random(n) < 0.2] = np.inf
    return {
        "share": rng.dirichlet(np.full(n, 2.0)),
        "sigma": rng.uniform(0.3, 8.0),
        "eta": rng.uniform(-4.0, -0.05),
        "mu": mu,
        "wedge": rng.uniform(0.7, 1.4, n),
        "cost": rng.uniform(0.7, 1.4, n),
        "iceberg": rng.uniform(0.8, 1.3, n),
        "size": rng.uniform(0.6, 1.6),
        "cap": cap,
        "floor": floor,
    }


@pytest.mark.parametrize("seed", range(120))
def test_random_markets_agree_with_a_full_system(seed):
    market = random_market(seed)
    expected = clear(**market)
    got = solve(**market)
    for mine, theirs in zip(got, expected, strict=True):
        assert mine == pytest.approx(theirs, rel=ORACLE)


def test_random_markets_bind_bounds_often_enough():
    """The test above is empty if caps and floors never bind."""
    binding = {"cap": 0, "floor": 0}
    for seed in range(120):
        market = random_market(seed)
        quantity = solve(**market)[1]
        for name in binding:
            binding[name] += bool(np.isclose(quantity, market[name]).any())
    assert min(binding.values()) > 20


SHARE = np.array([0.5, 0.3, 0.2])
WEDGE = np.array([1.3, 0.9, 1.0])
SUPPLY = np.array([0.7, 4.0, 15.0])


def test_cobb_douglas_closed_form():
    eta = -0.6
    index = solve(SHARE, sigma=1.0, eta=eta, mu=SUPPLY, wedge=WEDGE)[2]
    top = np.sum(SHARE * SUPPLY * np.log(WEDGE) / (1 + SUPPLY))
    bottom = 1 - (1 + eta) * np.sum(SHARE / (1 + SUPPLY))
    assert np.log(index) == pytest.approx(top / bottom, abs=CLOSED)


@pytest.mark.parametrize("gap", [1e-3, 1e-5, 1e-7, -1e-5])
def test_sigma_near_one_tends_to_cobb_douglas_in_proportion(gap):
    at = solve(SHARE, sigma=1.0, mu=SUPPLY, wedge=WEDGE)[2]
    near = solve(SHARE, sigma=1.0 + gap, mu=SUPPLY, wedge=WEDGE)[2]
    assert abs(near - at) < 0.1 * abs(gap) + CLOSED
    assert gap * (near - at) < 0  # more substitution, cheaper composite


def test_unit_demand_elasticity_keeps_spending():
    price, quantity, index = solve(SHARE, eta=-1.0, mu=SUPPLY, wedge=WEDGE)
    assert np.sum(SHARE * price * quantity) == pytest.approx(1.0, abs=CLOSED)
    assert index != pytest.approx(1.0, abs=1e-3)


@pytest.mark.parametrize("eta", [-0.4, -1.0, -2.5])
def test_spending_is_size_times_index_power(eta):
    price, quantity, index = solve(SHARE, eta=eta, mu=SUPPLY, wedge=WEDGE, size=1.3)
    spent = np.sum(SHARE * price * quantity)
    assert spent == pytest.approx(1.3 * index ** (1 + eta), rel=CLOSED)


def test_only_the_own_price_matters_when_sigma_plus_eta_is_zero():
    price, quantity, _ = solve(SHARE, sigma=2.0, eta=-2.0, mu=SUPPLY, wedge=WEDGE)
    expected = WEDGE ** (SUPPLY / (2.0 + SUPPLY))
    assert price == pytest.approx(expected, rel=CLOSED)
    assert quantity == pytest.approx(expected**-2.0, rel=CLOSED)


@pytest.mark.parametrize("sigma", [0.5, 1.0, 6.0])
def test_one_supplier_closed_form(sigma):
    price, _, index = solve([1.0], sigma=sigma, eta=-0.7, mu=3.0, wedge=1.25)
    assert price[0] == pytest.approx(1.25 ** (3.0 / 3.7), rel=CLOSED)
    assert index == pytest.approx(price[0], rel=CLOSED)


def test_infinite_supply_passes_duties_and_costs_on_in_full():
    price, *_ = solve(SHARE, mu=np.inf, wedge=WEDGE, iceberg=1.1, cost=0.8)
    assert price == pytest.approx(WEDGE * 1.1 * 0.8, rel=CLOSED)


def test_large_supply_elasticity_tends_to_infinite_supply():
    limit = solve(SHARE, mu=np.inf, wedge=WEDGE)[2]
    gap = [abs(solve(SHARE, mu=mu, wedge=WEDGE)[2] - limit) for mu in (1e4, 1e5, 1e6)]
    assert gap[0] / gap[1] == pytest.approx(10, rel=0.03)
    assert gap[1] / gap[2] == pytest.approx(10, rel=0.01)


def test_no_shock_moves_nothing():
    price, quantity, index = solve(SHARE, mu=SUPPLY)
    assert np.abs(price - 1).max() < CLOSED
    assert np.abs(quantity - 1).max() < CLOSED
    assert abs(index - 1) < CLOSED


def test_cap_at_one_is_slack_without_a_shock_and_a_huge_cap_always():
    at_one = solve(SHARE, mu=SUPPLY, cap=1.0)
    assert np.abs(at_one[0] - 1).max() < CLOSED
    free = solve(SHARE, mu=SUPPLY, wedge=WEDGE)
    huge = solve(SHARE, mu=SUPPLY, wedge=WEDGE, cap=1e9)
    assert np.array_equal(free[0], huge[0])


def test_shadow_tariff_as_a_tariff_reproduces_the_capped_market():
    cap = np.array([0.6, np.inf, np.inf])
    price, quantity, index = solve(SHARE, mu=SUPPLY, wedge=WEDGE, cap=cap)
    assert quantity[0] == pytest.approx(0.6, rel=CLOSED)
    shadow = price / (WEDGE * quantity ** (1 / SUPPLY))
    assert shadow[0] > 1.05
    assert shadow[1:] == pytest.approx(1.0, rel=CLOSED)
    taxed = solve(SHARE, mu=SUPPLY, wedge=WEDGE * shadow)
    assert taxed[0] == pytest.approx(price, rel=CLOSED)
    assert taxed[2] == pytest.approx(index, rel=CLOSED)


def test_a_floor_needs_a_subsidy():
    floor = np.array([1.5, 0.0, 0.0])
    price, quantity, _ = solve(SHARE, mu=SUPPLY, floor=floor)
    shadow = price / quantity ** (1 / SUPPLY)
    assert quantity[0] == pytest.approx(1.5, rel=CLOSED)
    assert shadow[0] < 1


def test_chained_shocks_equal_one_shock_and_reversing_returns():
    first, second = np.array([1.2, 1.0, 0.9]), np.array([0.8, 1.1, 1.3])
    whole = solve(SHARE, eta=-0.6, mu=SUPPLY, wedge=first * second)
    p1, q1, i1 = solve(SHARE, eta=-0.6, mu=SUPPLY, wedge=first)
    rebased = SHARE * p1 * q1 / np.sum(SHARE * p1 * q1)
    p2, q2, i2 = solve(rebased, eta=-0.6, mu=SUPPLY, wedge=second)
    assert p1 * p2 == pytest.approx(whole[0], rel=CLOSED)
    assert q1 * q2 == pytest.approx(whole[1], rel=CLOSED)
    assert i1 * i2 == pytest.approx(whole[2], rel=CLOSED)
    back = solve(rebased, eta=-0.6, mu=SUPPLY, wedge=1 / first)
    assert back[0] * p1 == pytest.approx(np.ones(3), rel=CLOSED)


@pytest.mark.parametrize(("sigma", "eta"), [(3.0, -1.0), (0.5, -1.5)])
def test_a_duty_lowers_its_own_quantity_and_moves_rivals_by_the_sign(sigma, eta):
    last = np.ones(3)
    for duty in (1.1, 1.2, 1.4):
        wedge = np.array([duty, 1.0, 1.0])
        quantity = solve(SHARE, sigma=sigma, eta=eta, mu=SUPPLY, wedge=wedge)[1]
        assert quantity[0] < last[0]
        assert np.all(np.sign(quantity[1:] - last[1:]) == np.sign(sigma + eta))
        last = quantity


def test_small_shocks_agree_with_the_elasticities_up_to_the_square():
    sigma, eta = 3.0, -0.8
    own = SHARE[0] * eta - (1 - SHARE[0]) * sigma
    cross = SHARE[0] * (eta + sigma)
    gaps = []
    for step in (1e-1, 1e-2, 1e-3):
        wedge = np.array([np.exp(step), 1.0, 1.0])
        q = np.log(solve(SHARE, sigma=sigma, eta=eta, mu=np.inf, wedge=wedge)[1])
        gaps.append(np.abs(q - step * np.array([own, cross, cross])).max())
    assert gaps[0] / gaps[1] == pytest.approx(100, rel=0.1)
    assert gaps[1] / gaps[2] == pytest.approx(100, rel=0.1)


@pytest.mark.parametrize("sigma", [1.5, 4.0, 12.0])
@pytest.mark.parametrize("factor", [0.01, 100.0])
def test_the_index_keeps_its_digits_when_all_prices_move_far(sigma, factor):
    index = solve(SHARE, sigma=sigma, mu=np.inf, cost=factor)[2]
    assert index == pytest.approx(factor, rel=CLOSED)


def test_a_hard_cap_on_all_suppliers_has_a_closed_form():
    index = solve(SHARE, sigma=5.0, eta=-0.3, mu=1.0, cap=0.05)[2]
    assert index == pytest.approx(0.05 ** (1 / -0.3), rel=CLOSED)


def test_draws_on_a_leading_axis_equal_single_solves():
    one = problem(SHARE, mu=SUPPLY)
    wedges = np.log(np.array([[1.1, 1.0, 1.0], [1.0, 0.8, 1.3]]))
    both = solve_ces(dataclasses.replace(one, ln_wedge=wedges))
    for draw, wedge in enumerate(wedges):
        alone = solve_ces(dataclasses.replace(one, ln_wedge=wedge))
        assert both.ln_price[draw] == pytest.approx(alone.ln_price, abs=CLOSED)


def test_refuses_a_market_that_no_price_clears():
    with pytest.raises(NotConverged, match="capped"):
        solve(SHARE, eta=0.0, mu=1.0, cap=0.7)


@pytest.mark.parametrize("sigma", [0.5, 1.0])
def test_refuses_a_full_stop_that_is_infinitely_costly(sigma):
    with pytest.raises(NotConverged, match="infinitely costly"):
        solve(SHARE, sigma=sigma, cap=np.array([0.0, np.inf, np.inf]))


def test_a_full_stop_leaves_the_rest_of_the_market():
    price, quantity, index = solve(
        SHARE, sigma=2.0, mu=np.inf, cap=np.array([0.0, np.inf, np.inf])
    )
    assert quantity[0] == 0
    assert index == pytest.approx(1 / (1 - SHARE[0]), rel=CLOSED)
    assert price[1:] == pytest.approx(1.0, rel=CLOSED)
