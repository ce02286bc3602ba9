"""The accelerated fixed point: linear systems, safeguards, honest failure."""

import numpy as np
import pytest

from toolkit.models.fixed_point import fixed_point


def linear(size, seed=0, norm=0.95):
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(size, size))
    matrix *= norm / np.abs(np.linalg.eigvals(matrix)).max()
    return matrix, rng.normal(size=size)


def test_a_linear_system_is_solved_in_fewer_steps_than_plainly():
    matrix, right = linear(30)
    found = fixed_point(
        lambda x: matrix @ x + right - x, np.zeros(30), tolerance=1e-12, most=500
    )
    wanted = np.linalg.solve(np.eye(30) - matrix, right)
    assert found.state == pytest.approx(wanted, abs=1e-9)
    assert found.iterations < 200 < np.log(1e-12) / np.log(0.95)


def test_a_start_at_the_solution_takes_one_step():
    found = fixed_point(lambda x: 0.0 * x, np.ones(3), tolerance=1e-12, most=9)
    assert (found.iterations, found.residual) == (1, 0.0)


def test_a_step_that_is_not_defined_everywhere_is_shortened():
    """Newton-like steps that overshoot into NaN from the left of 1."""

    def step(x):
        with np.errstate(invalid="ignore"):
            return (
                2.0 - np.sqrt(5.0 - 4.0 * x) - (1.0 - x) * 0.1
                if x[0] <= 1
                else (np.full(1, np.nan))
            )

    found = fixed_point(step, np.zeros(1), tolerance=1e-10, most=400)
    assert np.isfinite(found.residual)


@pytest.mark.parametrize("step", [lambda x: x * np.nan, lambda x: 1.0 + x**2])
def test_what_has_no_solution_says_so(step):
    found = fixed_point(step, np.zeros(2), tolerance=1e-10, most=300)
    assert not found.residual <= 1e-3
