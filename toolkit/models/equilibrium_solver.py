"""The world equilibrium after a shock: one search, or one part of the shock by part."""

from __future__ import annotations

import dataclasses

import numpy as np

from toolkit.market.flows import Floats
from toolkit.models.equilibrium_parts import Economy, Equilibrium
from toolkit.models.equilibrium_system import System
from toolkit.models.fixed_point import FixedPoint, fixed_point

TOLERANCE = 1e-12  # aimed at
CLEARS = 1e-10  # demanded, of every market
MOST_STEPS = 1000
LEAST_PART = 1 / 256  # of a shock that is solved in parts


def counterfactual(economy: Economy, power: Floats, iceberg: Floats) -> Equilibrium:
    """Return the equilibrium after tariffs and resource costs have changed.

    Parameters
    ----------
    economy : Economy
    power : ndarray, shape (J, N, N)
        One plus the tariff, after.
    iceberg : ndarray, shape (J, N, N)
        Hat of the resource cost.

    Notes
    -----
    Solved in logs by :func:`~toolkit.models.fixed_point.fixed_point`, and where that
    fails in parts of the shock, each from the last; whether it converged is for the
    caller to ask of ``residual``. Each step costs two products of a matrix and a
    vector by good, three with tariffs.

    Examples
    --------
    Two like countries halve the cost of trade between them; both gain alike:

    >>> one = np.ones((1, 2))
    >>> share = np.array([[[0.8, 0.2], [0.2, 0.8]]])
    >>> world = Economy(share, np.ones((1, 2, 2)), np.array([4.0]), one, None, one,
    ...     100 * one, 100 * one[0], 0 * one[0], "additive")
    >>> cheaper = np.array([[[1.0, 0.5], [0.5, 1.0]]])
    >>> found = counterfactual(world, np.ones((1, 2, 2)), cheaper)
    >>> (found.wage / found.price[0]).round(6).tolist()
    [1.414214, 1.414214]
    """
    system = System(economy, power, iceberg)
    solved = _search(system, system.start())
    if not solved.residual <= CLEARS:
        solved = _in_parts(economy, power, iceberg, solved)
    return system.at(solved)


def _search(system: System, start: Floats) -> FixedPoint:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return fixed_point(system.step, start, tolerance=TOLERANCE, most=MOST_STEPS)


def _in_parts(
    economy: Economy, power: Floats, iceberg: Floats, failed: FixedPoint
) -> FixedPoint:
    """Return the solution reached by ever longer parts of the shock, in logs."""
    hit = power / economy.power
    state = np.zeros_like(failed.state)
    reached, length, steps = 0.0, 0.5, failed.iterations
    while reached < 1.0 and length > LEAST_PART:
        share = min(1.0, reached + length)
        system = System(economy, economy.power * hit**share, iceberg**share)
        found = _search(system, state)
        steps += found.iterations
        clears = found.residual <= CLEARS
        reached, state = (share, found.state) if clears else (reached, state)
        length *= 1.5 if clears else 0.5
        if clears and share == 1.0:
            return dataclasses.replace(found, iterations=steps)
    return dataclasses.replace(failed, iterations=steps)
