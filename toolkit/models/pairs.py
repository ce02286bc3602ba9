"""Markets of two suppliers without bounds, compiled: most, once suppliers are merged.

The equations of :mod:`toolkit.models.kernel`, whose general path takes what is not
found here. All markets of a draw take each step together, so that one logarithm need
not wait for another; none of them sees the others.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from toolkit.market.flows import Flags, Floats, Integers
from toolkit.models.kernel import CLEARS, THIN

MOST_STEPS = 30
NEARLY = 1e-8  # a Newton step squares what is left: 1e-15 after the one just taken
ROWS = 10  # what is kept of each market: of either supplier four, ln P and 1 - sigma
NU, PRICE, SLOPE, TERM, INDEX, POWER = 0, 2, 4, 6, 8, 9


@njit(cache=True, nogil=True, error_model="numpy")
def pair_values(
    pairs: Integers,
    firsts: Integers,
    core: Floats,
    sigma: Floats,
    eta: Floats,
    fixed: Floats,
    free: Floats,
    moves: Floats,
    slack: Floats,
    column: Integers,
    value: Floats,
    found: Flags,
) -> None:  # pragma: no cover - compiled
    """Value the flows of markets of two suppliers, and say which markets clear.

    Parameters
    ----------
    pairs : ndarray of unsigned int, shape (P,)
        These markets; those whose supply price does not move are best last.
    firsts : ndarray of unsigned int, shape (P,)
        The first flow of each.
    core : ndarray, shape (1 or N, L, 6)
        Log supply price, its rise with the quantity, share; base value, what turns
        the log of quantity and buyer's price into that of value, the scheduled value.
    sigma, eta : ndarray, shape (N, M)
    fixed, free : ndarray, shape (L,)
    moves, slack : ndarray, shape (1 or N, M)
        The inverse export supply elasticity is ``fixed moves + free slack``.
    column : ndarray of int, shape (L,)
        Where the value of a flow is put; -1 if it is not asked for.
    value : ndarray, shape (N, A)
        US$ million; NaN where supply is not demand. Of markets that are not found it
        tells nothing.
    found : ndarray of bool, shape (N, M)
        Set where a market clears.
    """
    kept, rising = np.empty((ROWS, len(pairs))), np.empty(len(pairs), np.intp)
    for d in range(len(sigma)):
        now = core[d if len(core) > 1 else 0]
        moved = moves[d if len(moves) > 1 else 0]
        slacked = slack[d if len(slack) > 1 else 0]
        for p in range(len(pairs)):
            m = pairs[p]
            for side in range(2):
                i = firsts[p] + np.uint64(side)
                nu = fixed[i] * moved[m] + free[i] * slacked[m]
                kept[NU + side, p] = nu
                kept[PRICE + side, p], kept[SLOPE + side, p] = _curve(
                    now, i, sigma[d, m], eta[d, m], nu
                )
            kept[POWER, p] = 1.0 - sigma[d, m]
        _guess(pairs, firsts, now, kept, found[d])
        left = 0
        for p in range(len(pairs)):
            rising[left] = p
            left += found[d, pairs[p]] and (
                kept[NU, p] != 0.0 or kept[NU + 1, p] != 0.0
            )
        _rise(pairs, firsts, now, kept, rising, left, found[d])
        for p in range(len(pairs)):
            for side in range(2):
                i = firsts[p] + np.uint64(side)
                if column[i] >= 0:
                    value[d, column[i]] = _value(
                        now, i, sigma[d, pairs[p]], eta[d, pairs[p]], kept, p, side
                    )


@njit(nogil=True, error_model="numpy", inline="always")
def _curve(core, i, s, e, nu):  # pragma: no cover - compiled
    """Return the log price of a flow at ln P = 0, and its slope in ln P."""
    damp = 1.0 / (1.0 + nu * s)
    if nu == 0.0:
        return core[i, 0], 0.0
    return damp * (core[i, 0] + nu * core[i, 1]), damp * nu * (s + e)


@njit(nogil=True, error_model="numpy", inline="always")
def _guess(pairs, firsts, core, kept, found):  # pragma: no cover - compiled
    """Put a first ln P into ``kept``, exact where supply does not rise."""
    for p in range(len(pairs)):
        for side in range(2):
            log = kept[PRICE + side, p]
            term = math.exp(kept[POWER, p] * log) if log != 0.0 else 1.0
            kept[TERM + side, p] = core[firsts[p] + np.uint64(side), 2] * term
    for p in range(len(pairs)):
        one, two = kept[TERM, p], kept[TERM + 1, p]
        index = math.log(one + two) / kept[POWER, p]
        steep = (one * kept[SLOPE, p] + two * kept[SLOPE + 1, p]) / (one + two)
        kept[INDEX, p] = index / (1.0 - steep)
        found[pairs[p]] = abs(kept[POWER, p]) > THIN and math.isfinite(index)


@njit(nogil=True, error_model="numpy", inline="always")
def _rise(
    pairs, firsts, core, kept, rising, left, found
):  # pragma: no cover - compiled
    """Put ln P of markets with rising supply into ``kept``: Newton from the guess."""
    for _ in range(MOST_STEPS):
        count, left = left, 0
        for n in range(count):
            p = rising[n]
            for side in range(2):
                log = kept[PRICE + side, p] + kept[SLOPE + side, p] * kept[INDEX, p]
                term = math.exp(kept[POWER, p] * log)
                kept[TERM + side, p] = core[firsts[p] + np.uint64(side), 2] * term
        for n in range(count):
            p = rising[n]
            one, two = kept[TERM, p], kept[TERM + 1, p]
            total = one + two
            excess = math.log(total) / kept[POWER, p] - kept[INDEX, p]
            steep = (one * kept[SLOPE, p] + two * kept[SLOPE + 1, p]) / total
            kept[INDEX, p] -= excess / (steep - 1.0)
            found[pairs[p]] = abs(excess) < NEARLY
            rising[left] = p
            left += not found[pairs[p]]
        if not left:
            break


@njit(nogil=True, error_model="numpy", inline="always")
def _value(core, i, s, e, kept, p, side):  # pragma: no cover - compiled
    ell = kept[INDEX, p]
    price = kept[PRICE + side, p] + kept[SLOPE + side, p] * ell
    demanded = (s + e) * ell - s * price
    offered = core[i, 0] + kept[NU + side, p] * (core[i, 1] + demanded)
    if not abs(price - offered) < CLEARS:
        return np.nan
    value = core[i, 3] * math.exp(core[i, 4] + demanded + price)
    return value + core[i, 5]
