"""The CES market, draw by draw and market by market, compiled by numba.

The equations are those of :mod:`toolkit.models.ces`, the values those of
:mod:`toolkit.models.armington`, and both stay their test. Only what is asked for is
valued. A draw that the kernel does not finish is flagged; the plain path says why.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

from toolkit.market.flows import Flags, Floats, Integers

TOLERANCE = 1e-12
CLEARS = 1e-9
MOST_STEPS = 200
NEAR_ONE = 1e-10
THIN = 0.05  # |1 - sigma| below which exp and log lose digits that expm1 keeps


@njit(cache=True, nogil=True, error_model="numpy")
def market_sums(
    starts: Integers,
    shocks: Floats,
    sigma: Floats,
    eta: Floats,
    fixed: Floats,
    free: Floats,
    moves: Floats,
    slack: Floats,
    column: Integers,
    weights: Floats,
    value: Floats,
    found: Flags,
    out: Floats,
    ok: Floats,
) -> None:  # pragma: no cover - compiled
    """Add up weighted values of all flows for each draw.

    Parameters
    ----------
    starts : ndarray of unsigned int, shape (M + 1,)
        First flow of each market, and the number of flows.
    shocks : ndarray, shape (1 or N, L, 12)
        Logs of wedge, cost, iceberg, size, cap and floor; the scheduled value; base
        value or newcomer's, share, newcomer's share; whether FOB, whether the
        exporter keeps a bound's price.
    sigma, eta : ndarray, shape (N, M)
    fixed, free : ndarray, shape (L,)
    moves, slack : ndarray, shape (1 or N, M)
        The inverse export supply elasticity is ``fixed moves + free slack``.
    column : ndarray of int, shape (L,)
        Position of each flow among those to value, else -1.
    weights : ndarray, shape (1 or N, A, K)
    value : ndarray, shape (N, A)
        Values of the flows of markets that are found; those of others are put here.
    found : ndarray of bool, shape (N, M)
        Markets that are solved already.
    out : ndarray, shape (N, K)
        Where the sums are put.
    ok : ndarray, shape (N,)
        One where every market clears and keeps its identities, else zero.
    """
    most = 0
    for m in range(len(starts) - 1):
        most = max(most, np.int64(starts[m + 1] - starts[m]))
    level, slope = np.empty(most), np.empty(most)
    price, term, nu = np.empty(most), np.empty(most), np.empty(most)
    for d in range(len(sigma)):
        row = d if len(shocks) > 1 else 0
        take = d if len(weights) > 1 else 0
        good = 1.0
        for m in range(len(starts) - 1):
            if found[d, m]:
                continue
            first, last = starts[m], starts[m + 1]
            s, e = sigma[d, m], eta[d, m]
            f = moves[d if len(moves) > 1 else 0, m]
            h = slack[d if len(slack) > 1 else 0, m]
            for i in range(first, last):
                nu[i - first] = fixed[i] * f + free[i] * h
            ell, clears = _cleared(
                first, last, shocks, row, s, e, nu, level, slope, price, term
            )
            good = good if clears else 0.0
            for i in range(first, last):
                if column[i] >= 0:
                    j = i - first
                    value[d, column[i]] = _value(
                        i, shocks, row, s, e, nu[j], price[j], ell
                    )
        for n in range(value.shape[1]):
            good = good if value[d, n] >= 0.0 else 0.0
        for k in range(weights.shape[2]):
            total = 0.0
            for n in range(value.shape[1]):
                total += weights[take, n, k] * value[d, n]
            out[d, k] = total
        ok[d] = good


@njit(nogil=True, error_model="numpy", inline="always")
def _cleared(
    first, last, shocks, row, s, e, nu, level, slope, price, term
):  # pragma: no cover - compiled
    """Return ln P and whether the market clears; leave the log prices in ``price``."""
    power = 1.0 - s
    cobb = abs(power) < NEAR_ONE
    still, halted, live, whole = True, False, 0.0, 0.0
    for i in range(first, last):
        j = i - first
        damp = 1.0 / (1.0 + nu[j] * s)
        supply = shocks[row, i, 0] + shocks[row, i, 1] + shocks[row, i, 2]
        level[j] = damp * (supply + nu[j] * (shocks[row, i, 2] + shocks[row, i, 3]))
        slope[j] = damp * nu[j] * (s + e)
        bound = shocks[row, i, 4] < np.inf or shocks[row, i, 5] > -np.inf
        still = still and slope[j] == 0.0 and not bound
        stopped = shocks[row, i, 4] == -np.inf
        if not stopped:
            whole += shocks[row, i, 8]
            live += shocks[row, i, 8] + shocks[row, i, 9]
        elif shocks[row, i, 8] > 0 and s <= 1.0:
            return 0.0, False
        halted = halted or stopped
    if halted and live <= 0.0:
        return 0.0, False
    ell, low, high = 0.0, -np.inf, np.inf
    for _ in range(MOST_STEPS):
        excess, steep = _excess(
            first, last, shocks, row, s, e, ell, level, slope, price, term,
            power, cobb, whole,
        )  # fmt: skip
        step = -excess / steep if steep < -1e-12 else excess
        if still or abs(excess) < TOLERANCE:
            step = step if steep < -1e-12 else 0.0  # one last step, free of charge
            for i in range(first, last):
                price[i - first] += term[i - first] * step
            return ell + step, True
        if not math.isfinite(excess):
            return ell, False
        if excess > 0:
            low = max(low, ell)
        else:
            high = min(high, ell)
        guess = ell + step
        if math.isfinite(low) and math.isfinite(high):
            if guess <= low or guess >= high:
                guess = 0.5 * (low + high)
        else:
            guess = min(max(guess, low), high)
        ell = guess
    return ell, False


@njit(nogil=True, error_model="numpy", inline="always")
def _excess(
    first, last, shocks, row, s, e, ell, level, slope, price, term, power, cobb, whole
):  # pragma: no cover - compiled
    """Return index minus guess and its slope; leave log prices in ``price``."""
    centre = 0.0
    for i in range(first, last):
        j = i - first
        free = level[j] + slope[j] * ell
        term[j] = slope[j]
        if shocks[row, i, 4] < np.inf:
            capped = (shocks[row, i, 3] - shocks[row, i, 4]) / s + (s + e) / s * ell
            if capped > free:
                free, term[j] = capped, (s + e) / s
        if shocks[row, i, 5] > -np.inf:
            floored = (shocks[row, i, 3] - shocks[row, i, 5]) / s + (s + e) / s * ell
            if floored < free:
                free, term[j] = floored, (s + e) / s
        price[j] = free
        if shocks[row, i, 4] > -np.inf and shocks[row, i, 8] > 0:
            centre += shocks[row, i, 8] * free
    if whole > 0:
        centre *= power / whole if not cobb else 1.0 / whole
    total, steep, inner, geometric = 0.0, 0.0, 0.0, 0.0
    thin = abs(power) < THIN
    for i in range(first, last):
        j = i - first
        if shocks[row, i, 4] == -np.inf:
            inner -= shocks[row, i, 8]
            continue
        share = shocks[row, i, 8] if shocks[row, i, 8] > 0 else shocks[row, i, 9]
        if share == 0.0:
            continue
        if cobb:
            weight = shocks[row, i, 8]
            geometric += weight * price[j]
        elif thin:
            grown = math.expm1(power * price[j] - centre)
            weight = share * (1.0 + grown)
            inner += share * grown if shocks[row, i, 8] > 0 else weight
        else:
            weight = share * math.exp(power * price[j] - centre)
            inner += weight
        total += weight
        steep += weight * term[j]
    if not total > 0:
        return -ell, -1.0
    if cobb:
        index = geometric
    elif thin:
        index = (centre + math.log1p(inner)) / power
    else:
        index = (centre + math.log(total)) / power
    return index - ell, steep / total - 1.0


@njit(nogil=True, error_model="numpy", inline="always")
def _value(i, shocks, row, s, e, nu, price, ell):  # pragma: no cover - compiled
    """Return the value of a flow at the price paid; NaN where an identity breaks."""
    if shocks[row, i, 4] == -np.inf or shocks[row, i, 7] == 0.0:
        return shocks[row, i, 6]
    quantity = shocks[row, i, 3] - s * price + (s + e) * ell
    border = price - shocks[row, i, 0]
    offered = (
        shocks[row, i, 1] + shocks[row, i, 2] + nu * (shocks[row, i, 2] + quantity)
    )
    bound = shocks[row, i, 4] < np.inf or shocks[row, i, 5] > -np.inf
    weighs = shocks[row, i, 8] > 0 or shocks[row, i, 9] > 0
    if weighs and not bound and abs(border - offered) > CLEARS:
        return np.nan
    if weighs and (
        quantity > shocks[row, i, 4] + CLEARS or quantity < shocks[row, i, 5] - CLEARS
    ):
        return np.nan
    paid = border
    if abs(border - offered) > 1e-9 and shocks[row, i, 11] == 0.0:
        paid = offered
        if border > offered:
            today = shocks[row, i, 1] + shocks[row, i, 2]
            paid = min(max(today, offered), max(border, offered))
    if shocks[row, i, 10] > 0:
        paid -= shocks[row, i, 2]
    return shocks[row, i, 7] * math.exp(quantity + paid) + shocks[row, i, 6]
