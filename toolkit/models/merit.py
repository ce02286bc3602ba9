"""The market of a homogeneous good: one delivered price, sellers in merit order.

The limit of :mod:`toolkit.models.ces` as sigma goes to infinity, for the same arrays:
the last axis is flows, leading axes are draws. All who sell get one price ``P`` from
the buyer. A seller with finite ``mu`` offers ``d q = (P / (w d z))^mu``, one with
``mu`` infinite any amount at its cost ``w d z``; bounds hold. What is offered rises in
``P`` and what is bought, ``A P^eta``, falls, so there is one price. Sellers whose cost
is that price share what is left of demand in the proportions of the baseline.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from toolkit.models.ces import CesMarkets, CesSolution, Floats, NotConverged

MOST_HALVINGS = 200  # from 700 down to rounding takes some 67
FINEST = 1e-17
WIDEST = 700.0  # ln of a price beyond which nothing can be computed
TIE = 1e-12
CLEARS = 1e-9


def solve_merit(markets: CesMarkets) -> CesSolution:
    """Return price and quantities of homogeneous markets, exactly.

    Parameters
    ----------
    markets : CesMarkets
        Its sigma is not read.

    Raises
    ------
    NotConverged
        No price at which what is offered is bought: all sellers are capped, or targets
        ask for more than is bought, while demand does not respond to price.

    Examples
    --------
    Two sellers of equal shares; the second pays a tax of a tenth and can sell any
    amount, the first at most one and a half times as much as before:

    >>> one, none = np.ones(2), np.zeros(2)
    >>> problem = CesMarkets(np.array([0]), np.array([0, 0]), one / 2, none,
    ...     np.inf * one, -0.5 * one, none, np.log([1.0, 1.1]), none, none, none,
    ...     np.log([1.5, np.inf]), np.log(none + 1e-300))
    >>> solved = solve_merit(problem)
    >>> np.exp(solved.ln_quantity).round(4).tolist()
    [1.5, 0.4069]
    >>> float(np.exp(solved.ln_index[0]).round(4))
    1.1
    """
    m = markets
    step = m.ln_wedge + m.ln_cost + m.ln_iceberg
    flat = np.asarray(m.nu) == 0.0
    low, high = np.exp(m.ln_floor), np.exp(m.ln_cap)

    def offered(price: Floats) -> Floats:
        """Return the quantity hat that each seller offers at a log price."""
        gap = m.by_flow(price) - step
        with np.errstate(over="ignore"):
            rising = np.exp(gap / np.where(flat, 1.0, m.nu) - m.ln_iceberg)
        horizontal = np.where(gap > 0, np.inf, 0.0)
        return np.clip(np.where(flat, horizontal, rising), low, high)

    empty = m.total(m.weight) <= 0

    def surplus(price: Floats) -> Floats:
        """Return log of offered over bought; rises with the price."""
        gap = _ln(m.total(_times(m.weight, offered(price)))) - _bought(m, price)
        return np.where(empty, price, gap)

    shape = np.broadcast_shapes(step.shape, low.shape, high.shape, m.share.shape)
    price = _highest_below(surplus, np.zeros((*shape[:-1], len(m.starts))))
    quantity = _with_margin(m, price, offered(price), (flat, step, low, high))
    gap = _ln(m.total(m.weight * quantity)) - _bought(m, price)
    residual = np.max(np.abs(np.where(empty, 0.0, gap)), axis=-1, initial=0.0)
    if not (residual < CLEARS).all():
        raise NotConverged(
            "A homogeneous market does not clear: residual "
            f"{float(np.max(residual)):.1e}."
        )
    every = np.broadcast_to(m.by_flow(price), quantity.shape)
    index = np.where(empty, 0.0, price)
    return CesSolution(every, _ln(quantity), index, residual)


def _bought(m: CesMarkets, price: Floats) -> Floats:
    """Return the log of what is bought at a log price."""
    eta, size = (values[..., m.starts] for values in (m.eta, m.ln_size))
    return size + eta * price


def _with_margin(
    m: CesMarkets,
    price: Floats,
    quantity: Floats,
    sellers: tuple[Floats, Floats, Floats, Floats],
) -> Floats:
    """Return quantities with what is left shared by those whose cost is the price."""
    flat, step, low, high = sellers
    margin = flat.astype(bool) & (np.abs(step - m.by_flow(price)) < TIE)
    weight = np.where(margin, m.weight, 0.0)
    sold = m.total(np.where(margin, 0.0, _times(m.weight, quantity)))
    left = np.maximum(np.exp(_bought(m, price)) - sold, 0.0)

    def over(level: Floats) -> Floats:
        filled = np.clip(np.exp(m.by_flow(level)), low, high)
        with np.errstate(invalid="ignore"):  # none left, where none is read
            return _ln(m.total(_times(weight, filled))) - _ln(left)

    known = (m.total(weight) > 0) & (left > 0)
    start = np.zeros(np.broadcast_shapes(price.shape, left.shape))
    level = _highest_below(lambda x: np.where(known, over(x), x), start, strict=False)
    filled = m.by_flow(np.where(known, np.exp(level), 0.0))
    return np.where(margin, np.clip(filled, low, high), quantity)


def _highest_below(
    rising: Callable[[Floats], Floats], start: Floats, *, strict: bool = True
) -> Floats:
    """Return the last number at which a rising function is not above zero.

    Raises
    ------
    NotConverged
        It never changes sign, and that matters (``strict``).
    """
    low, high = start - WIDEST, start + WIDEST
    crosses = (rising(low) <= 0) & (rising(high) > 0)
    if strict and not crosses.all():
        raise NotConverged(
            "A homogeneous market has no clearing price: every seller may be capped, "
            "or targets ask for more than is bought, while demand does not respond to "
            "price."
        )
    for _ in range(MOST_HALVINGS):
        middle = 0.5 * (low + high)
        inside = (middle > low) & (middle < high) & (high - low > FINEST)
        if not inside.any():
            break
        above = rising(middle) > 0
        low = np.where(inside & ~above, middle, low)
        high = np.where(inside & above, middle, high)
    return low


def _ln(values: Floats) -> Floats:
    with np.errstate(divide="ignore"):
        return np.log(values)


def _times(weight: Floats, quantity: Floats) -> Floats:
    """Return the product; no weight makes nothing of an infinite offer."""
    return np.where(weight > 0, np.where(weight > 0, weight, 1.0) * quantity, 0.0)
