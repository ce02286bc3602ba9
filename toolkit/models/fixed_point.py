"""An accelerated fixed point with a safeguard, for systems written in logs."""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Sequence

import numpy as np

from toolkit.market.flows import Floats

MEMORY = 6  # earlier steps that the acceleration combines
EVERY = 4  # steps from one acceleration to the next
WORSE = 3.0  # a residual so many times the best one starts the memory anew
FLAT = 60  # steps without a new best residual after which nothing more is hoped for
RIDGE = 1e-14  # keeps the small system regular when steps are alike


@dataclasses.dataclass(frozen=True, eq=False)
class FixedPoint:
    """Where the steps ended, whether or not they converged.

    Attributes
    ----------
    state : ndarray, shape (K,)
        The state with the smallest residual.
    residual : float
        Its largest absolute residual.
    iterations : int
        Steps evaluated.
    """

    state: Floats
    residual: float
    iterations: int


def fixed_point(
    step: Callable[[Floats], Floats],
    start: Floats,
    *,
    tolerance: float,
    most: int,
) -> FixedPoint:
    """Return the state at which a step is zero, by Anderson acceleration.

    Parameters
    ----------
    step : callable
        State -> the step a plain fixed point would take from it, shape (K,); where
        it is not defined it returns NaN.
    start : ndarray, shape (K,)
    tolerance : float
        On the largest absolute entry of the step.
    most : int
        Steps evaluated at the most.

    Notes
    -----
    Anderson (1965), type II as in Walker and Ni (2011, SIAM J. Numer. Anal. 49):
    the next state combines the last few so that their combined step is least. When
    that strays (the step is not defined, or far above the best), the memory is
    dropped and a plain step is taken from the best state, shorter each time that
    such a step is what strayed. Plain
    steps in between cost little and give it better differences (Pratapa and
    Suryanarayana 2015, Chem. Phys. Lett. 635).

    Examples
    --------
    >>> found = fixed_point(
    ...     lambda x: np.cos(x) - x, np.zeros(1), tolerance=1e-14, most=50)
    >>> round(float(found.state[0]), 10), found.iterations < 30
    (0.7390851332, True)
    """
    state, best, least = start, start, np.inf
    best_step: Floats = np.zeros_like(start)
    damping, steps, since = 1.0, 0, 0
    past: deque[tuple[Floats, Floats]] = deque(maxlen=MEMORY + 1)
    while steps < most and since < FLAT:
        steps += 1
        move = step(state)
        size = float(np.abs(move).max(initial=0.0))
        if size <= tolerance:
            return FixedPoint(state, size, steps)
        if not size <= WORSE * least:  # NaN strays too
            damping *= 1.0 if len(past) > 1 else 0.5
            past.clear()
            state = best + damping * best_step
            continue
        since = 0 if size < 0.9 * least else since + 1
        if size < least:
            best, best_step, least = state, move, size
        past.append((state, move))
        state = state + damping * move
        if steps % EVERY == 0 and len(past) > 1:
            state -= _correction(past, damping)
    return FixedPoint(best, least, steps)


def _correction(past: Sequence[tuple[Floats, Floats]], damping: float) -> Floats:
    """Return what the last few (state, step) pairs take off the plain next state."""
    states, moves = (np.array(column) for column in zip(*past, strict=True))
    states, changes = states[1:] - states[:-1], moves[1:] - moves[:-1]
    gram = changes @ changes.T
    gram.flat[:: len(gram) + 1] *= 1.0 + RIDGE
    try:
        weights = np.linalg.solve(gram, changes @ moves[-1])
    except np.linalg.LinAlgError:
        return np.zeros_like(moves[-1])
    return weights @ states + damping * (weights @ changes)
