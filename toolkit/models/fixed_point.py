"""An accelerated fixed point with a safeguard, for systems written in logs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from toolkit.market.flows import Floats

MEMORY = 6  # earlier steps that the acceleration combines
WORSE = 3.0  # a residual so many times the best one starts the memory anew
RIDGE = 1e-14  # keeps the small system regular when steps are alike
FLAT = 60  # steps without a new best residual after which nothing more is hoped for


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
    dropped and a plain step is taken from the best state, shorter each time.

    Examples
    --------
    >>> found = fixed_point(
    ...     lambda x: np.cos(x) - x, np.zeros(1), tolerance=1e-14, most=50)
    >>> round(float(found.state[0]), 10), found.iterations < 12
    (0.7390851332, True)
    """
    state, best, least = start, start, np.inf
    best_step: Floats = np.zeros_like(start)
    last: tuple[Floats, Floats] | None = None
    damping, steps, since = 1.0, 0, 0
    past = _Memory(len(start))
    while steps < most and since < FLAT:
        steps += 1
        move = step(state)
        size = float(np.abs(move).max(initial=0.0))
        if size <= tolerance:
            return FixedPoint(state, size, steps)
        since = 0 if size < 0.9 * least else since + 1
        if not size <= WORSE * least:  # NaN strays too
            past.clear()
            damping *= 0.5
            state, last = best + damping * best_step, None
            continue
        if size < least:
            best, best_step, least = state, move, size
        if last is not None:
            past.add(state - last[0], move - last[1])
        last = (state, move)
        state = state + damping * move - past.correction(move, damping)
    return FixedPoint(best, least, steps)


class _Memory:
    """The last differences of states and steps, and what they say of the next."""

    def __init__(self, length: int) -> None:
        self.states = np.empty((MEMORY, length))
        self.steps = np.empty((MEMORY, length))
        self.count = 0

    def clear(self) -> None:
        self.count = 0

    def add(self, state: Floats, step: Floats) -> None:
        row = self.count % MEMORY
        self.states[row], self.steps[row] = state, step
        self.count += 1

    def correction(self, step: Floats, damping: float) -> Floats:
        """Return what to take off the plain next state."""
        if self.count == 0:
            return np.zeros_like(step)
        rows = min(self.count, MEMORY)
        steps = self.steps[:rows]
        gram = steps @ steps.T
        gram.flat[:: rows + 1] *= 1.0 + RIDGE
        try:
            weights = np.linalg.solve(gram, steps @ step)
        except np.linalg.LinAlgError:
            self.clear()
            return np.zeros_like(step)
        return weights @ self.states[:rows] + damping * (weights @ steps)
