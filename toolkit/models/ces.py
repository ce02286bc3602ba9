"""The nested CES market with finite supply: one scalar equation per market.

Symbols, as in Hallren and Riker (2017): ``sigma`` substitution elasticity, ``eta``
demand elasticity of the composite, ``nu = 1/mu`` the inverse export supply
elasticity, ``ell = ln P`` the log of the composite price hat. All other
quantities are hats (counterfactual over baseline). Lines of a market stand
together; the last axis is lines, leading axes are draws.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

# The index is exact to rounding; 1e-12 on ln P is four digits above it.
TOLERANCE = 1e-12
MOST_STEPS = 200
NEAR_ONE = 1e-10


class NotConverged(RuntimeError):
    """A market did not clear; nothing is returned."""


@dataclasses.dataclass(frozen=True, eq=False)
class CesMarkets:
    """Parameters and shocks of many markets, each an array over lines.

    Attributes
    ----------
    starts : ndarray of int, shape (M,)
    market : ndarray of int, shape (L,)
    share : ndarray
        Base expenditure shares; zero for a flow that does not exist.
    new : ndarray
        Notional share of a newcomer, else zero.
    sigma, eta, nu : ndarray
    ln_wedge : ndarray
        Buyer's price over border price.
    ln_cost, ln_iceberg, ln_taste, ln_size : ndarray
    ln_cap, ln_floor : ndarray
        Bounds on the quantity hat, infinite where there are none.
    """

    starts: NDArray[np.intp]
    market: NDArray[np.intp]
    share: Floats
    new: Floats
    sigma: Floats
    eta: Floats
    nu: Floats
    ln_wedge: Floats
    ln_cost: Floats
    ln_iceberg: Floats
    ln_taste: Floats
    ln_size: Floats
    ln_cap: Floats
    ln_floor: Floats

    def total(self, values: Floats) -> Floats:
        """Sum over the lines of each market."""
        return np.add.reduceat(values, self.starts, axis=-1)

    def spread(self, values: Floats) -> Floats:
        """Give each line its market's value."""
        return np.take(values, self.market, axis=-1)


@dataclasses.dataclass(frozen=True, eq=False)
class CesSolution:
    """Logs of the price and quantity hats, and how well the markets clear.

    Attributes
    ----------
    ln_price, ln_quantity : ndarray, shape (..., L)
        Consumer price and quantity of each variety.
    ln_index : ndarray, shape (..., M)
        Composite price.
    residual : float
        Largest absolute residual of the price index equation.
    """

    ln_price: Floats
    ln_quantity: Floats
    ln_index: Floats
    residual: float


def solve_ces(markets: CesMarkets) -> CesSolution:
    """Solve every market by safeguarded Newton steps on its composite price.

    The excess of the index over its guess falls in the guess (its slope is below
    zero everywhere), so there is one root and the bracket is known.

    Raises
    ------
    NotConverged
        Some market has no root within the bracket, or every supplier is capped
        while demand does not respond to price.

    Notes
    -----
    ``ln p`` of a line is ``(ln wedge + ln cost + ln iceberg + nu (ln iceberg +
    ln(a A) + (sigma + eta) ell)) / (1 + nu sigma)``; a cap raises it to
    ``((sigma + eta) ell + ln(a A) - ln cap) / sigma``, a floor lowers it alike.
    """
    _refuse_full_stop(markets)
    line = _LineCurves.of(markets)
    ell = _root(markets, line)
    price, _ = line.at(markets.spread(ell))
    excess, _ = _excess(markets, line, ell)
    residual = float(np.max(np.abs(excess), initial=0.0))
    if not residual < 1e-9:
        raise NotConverged(f"A market does not clear: residual {residual:.1e}.")
    quantity = (
        markets.ln_taste
        + markets.ln_size
        - markets.sigma * price
        + (markets.sigma + markets.eta) * markets.spread(ell)
    )
    quantity = np.where(np.isneginf(markets.ln_cap), -np.inf, quantity)
    return CesSolution(price, quantity, ell, residual)


@dataclasses.dataclass(frozen=True, eq=False)
class _LineCurves:
    """Log price of each line as a function of the log composite price."""

    level: Floats
    slope: Floats
    cap_level: Floats
    floor_level: Floats
    bound_slope: Floats

    @classmethod
    def of(cls, m: CesMarkets) -> _LineCurves:
        demand = m.ln_taste + m.ln_size
        weight = 1.0 / (1.0 + m.nu * m.sigma)
        supply = m.ln_wedge + m.ln_cost + m.ln_iceberg
        return cls(
            level=weight * (supply + m.nu * (m.ln_iceberg + demand)),
            slope=weight * m.nu * (m.sigma + m.eta),
            cap_level=(demand - m.ln_cap) / m.sigma,
            floor_level=(demand - m.ln_floor) / m.sigma,
            bound_slope=(m.sigma + m.eta) / m.sigma,
        )

    def at(self, ell: Floats) -> tuple[Floats, Floats]:
        """Return log price and its slope at the lines' composite price."""
        free = self.level + self.slope * ell
        bound = self.bound_slope * ell
        capped = self.cap_level + bound > free
        floored = self.floor_level + bound < free
        price = np.where(capped, self.cap_level + bound, free)
        price = np.where(floored, self.floor_level + bound, price)
        slope = np.where(capped | floored, self.bound_slope, self.slope)
        return price, slope


def _excess(m: CesMarkets, line: _LineCurves, ell: Floats) -> tuple[Floats, Floats]:
    """Return index minus guess for each market, and its slope."""
    price, slope = line.at(m.spread(ell))
    one_minus = 1.0 - m.sigma
    cobb = np.abs(one_minus) < NEAR_ONE
    safe = np.where(cobb, 1.0, one_minus)
    with np.errstate(invalid="ignore", over="ignore"):
        centre, grown = _centred(m, safe * price + m.ln_taste)
    inner = m.total(np.where(m.share > 0, m.share * grown, 0.0))
    entry = m.total(np.where(m.new > 0, m.new * (1.0 + grown), 0.0))
    weight = np.where(m.share > 0, m.share, m.new) * (1.0 + grown)
    weight = np.where((m.share > 0) | (m.new > 0), weight, 0.0)
    first = np.take(np.broadcast_to(safe, price.shape), m.starts, axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        index = (centre + np.log1p(inner + entry)) / first
    flat = np.take(np.broadcast_to(cobb, price.shape), m.starts, axis=-1)
    if flat.any():
        with np.errstate(invalid="ignore"):
            geometric = m.total(np.where(m.share > 0, m.share * price, 0.0))
        index = np.where(flat, geometric, index)
        weight = np.where(np.broadcast_to(cobb, price.shape), m.share, weight)
    whole = m.total(weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        steep = m.total(weight * slope) / whole - 1.0
    empty = ~(whole > 0)
    return np.where(empty, -ell, index - ell), np.where(empty, -1.0, steep)


def _centred(m: CesMarkets, power: Floats) -> tuple[Floats, Floats]:
    """Return each market's mean log term, and the terms relative to it, less one.

    Without the mean the sum of the terms nears zero when all prices rise, and the
    index loses its digits: at sigma 12 and prices times 100 all of them.
    """
    alive = (m.share > 0) & ~np.isneginf(m.ln_cap)
    whole = m.total(np.where(alive, m.share, 0.0))
    sums = m.total(np.where(alive, m.share * power, 0.0))
    centre = sums / np.where(whole > 0, whole, 1.0)
    grown = np.expm1(power - m.spread(centre))
    return centre, np.where(np.isneginf(m.ln_cap), -1.0, grown)


def _root(m: CesMarkets, line: _LineCurves) -> Floats:
    shape = np.broadcast_shapes(line.level.shape, line.cap_level.shape)
    ell = np.zeros((*shape[:-1], len(m.starts)))
    excess, slope = _excess(m, line, ell)
    low = np.where(excess < 0, -np.inf, 0.0)
    high = np.where(excess < 0, 0.0, np.inf)
    for _ in range(MOST_STEPS):
        if np.max(np.abs(excess), initial=0.0) < TOLERANCE:
            return ell
        low = np.where(excess > 0, np.maximum(low, ell), low)
        high = np.where(excess < 0, np.minimum(high, ell), high)
        step = np.where(slope < -1e-12, -excess / np.minimum(slope, -1e-12), excess)
        ell = _inside(ell + step, low, high)
        excess, slope = _excess(m, line, ell)
    if np.max(np.abs(excess)) < 1e-10:
        return ell
    raise NotConverged(
        "A market has no clearing price: every supplier may be capped while demand "
        f"does not respond to price (largest residual {np.max(np.abs(excess)):.1e})."
    )


def _inside(guess: Floats, low: Floats, high: Floats) -> Floats:
    """Keep a Newton step inside its bracket, halving the bracket if it leaves."""
    finite = np.isfinite(low) & np.isfinite(high)
    with np.errstate(invalid="ignore"):
        middle = np.where(finite, 0.5 * (low + high), guess)
    out = (guess <= low) | (guess >= high)
    return np.where(finite & out, middle, np.clip(guess, low, high))


def _refuse_full_stop(m: CesMarkets) -> None:
    stopped = (m.share > 0) & np.isneginf(m.ln_cap)
    if (stopped & (m.sigma <= 1.0)).any():
        raise NotConverged(
            "A market's price index is undefined: a full stop of one supplier is "
            "infinitely costly when the substitution elasticity is 1 or below."
        )
    left = m.total(np.where(stopped, 0.0, m.share + m.new))
    if ((m.total(np.where(stopped, 1.0, 0.0)) > 0) & (left <= 0)).any():
        raise NotConverged(
            "Every supplier of a market is stopped: there is no price for what is not "
            "sold."
        )
