"""The nested CES market with finite supply: one scalar equation per market.

Symbols, as in Hallren and Riker (2017): ``sigma`` substitution elasticity, ``eta``
demand elasticity of the composite, ``nu = 1/mu`` the inverse export supply
elasticity, ``ell = ln P`` the log of the composite price hat. All other
quantities are hats (counterfactual over baseline). Flows of a market stand
together; the last axis is flows, leading axes are draws. Each market of each draw
stops by itself, so many draws at once give the bits of one at a time.
"""

from __future__ import annotations

import dataclasses

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

# The index is exact to rounding; 1e-12 on ln P is four digits above it.
TOLERANCE = 1e-12
MOST_STEPS = 200
NEAR_ONE = 1e-10
FAR = 1.0  # logs of the terms of an index that are not near each other


class NotConverged(RuntimeError):
    """A market did not clear; nothing is returned."""


@dataclasses.dataclass(frozen=True, eq=False)
class CesMarkets:
    """Parameters and shocks of many markets, each an array over flows.

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
    ln_cost, ln_iceberg, ln_size : ndarray
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
    ln_size: Floats
    ln_cap: Floats
    ln_floor: Floats

    def total(self, values: Floats) -> Floats:
        """Sum over the flows of each market."""
        return np.add.reduceat(values, self.starts, axis=-1)

    def by_flow(self, values: Floats) -> Floats:
        """Give each flow its market's value."""
        return np.take(values, self.market, axis=-1)

    @property
    def weight(self) -> Floats:
        """Base share of each flow, a newcomer's notional one."""
        return np.where(self.share > 0, self.share, self.new)


@dataclasses.dataclass(frozen=True, eq=False)
class CesSolution:
    """Logs of the price and quantity hats, and how well the markets clear.

    Attributes
    ----------
    ln_price, ln_quantity : ndarray, shape (..., L)
        Consumer price and quantity of each variety.
    ln_index : ndarray, shape (..., M)
        Composite price.
    residual : ndarray, shape (...)
        Largest absolute residual of the price index equation.
    iterations : int
        Newton steps of the slowest market.
    """

    ln_price: Floats
    ln_quantity: Floats
    ln_index: Floats
    residual: Floats
    iterations: int = 0


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
    ``ln p`` of a flow is ``(ln wedge + ln cost + ln iceberg + nu (ln iceberg +
    ln A + (sigma + eta) ell)) / (1 + nu sigma)``; a cap raises it to
    ``((sigma + eta) ell + ln A - ln cap) / sigma``, a floor lowers it alike.
    """
    _refuse_full_stop(markets)
    curves = _Curves.of(markets)
    # A market without a price strays to infinity before it is refused.
    with np.errstate(invalid="ignore", over="ignore"):
        ell, steps = _root(markets, curves)
    price, _ = curves.at(markets.by_flow(ell))
    excess, _ = _excess(markets, curves, ell)
    residual = np.max(np.abs(excess), axis=-1, initial=0.0)
    if not (residual < 1e-9).all():
        worst = float(np.max(residual))
        raise NotConverged(f"A market does not clear: residual {worst:.1e}.")
    quantity = (
        markets.ln_size
        - markets.sigma * price
        + (markets.sigma + markets.eta) * markets.by_flow(ell)
    )
    quantity = np.where(np.isneginf(markets.ln_cap), -np.inf, quantity)
    return CesSolution(price, quantity, ell, residual, steps)


@dataclasses.dataclass(frozen=True, eq=False)
class _Curves:
    """What of a problem does not change with the composite price.

    ``level + slope ell`` is the log price of a flow between its bounds; ``power``
    is 1 - sigma (1 where ``cobb``, that is at sigma = 1), ``centre_weight`` a
    flow's share among the suppliers that are not stopped.
    """

    level: Floats
    slope: Floats
    cap_level: Floats
    floor_level: Floats
    bound_slope: Floats
    power: Floats
    cobb: Flags
    weight: Floats
    centre_weight: Floats
    stopped: Flags

    @classmethod
    def of(cls, m: CesMarkets) -> _Curves:
        damp = 1.0 / (1.0 + m.nu * m.sigma)
        supply = m.ln_wedge + m.ln_cost + m.ln_iceberg
        cobb = np.abs(1.0 - m.sigma) < NEAR_ONE
        stopped = np.isneginf(m.ln_cap)
        alive = np.where(stopped, 0.0, m.share)
        whole = m.total(alive)
        return cls(
            level=damp * (supply + m.nu * (m.ln_iceberg + m.ln_size)),
            slope=damp * m.nu * (m.sigma + m.eta),
            cap_level=(m.ln_size - m.ln_cap) / m.sigma,
            floor_level=(m.ln_size - m.ln_floor) / m.sigma,
            bound_slope=(m.sigma + m.eta) / m.sigma,
            power=np.where(cobb, 1.0, 1.0 - m.sigma),
            cobb=cobb,
            weight=m.weight,
            centre_weight=alive / m.by_flow(np.where(whole > 0, whole, 1.0)),
            stopped=stopped,
        )

    def at(self, ell: Floats) -> tuple[Floats, Floats]:
        """Return log price and its slope at the flows' composite price."""
        free = self.level + self.slope * ell
        bound = self.bound_slope * ell
        capped = self.cap_level + bound > free
        floored = self.floor_level + bound < free
        price = np.where(capped, self.cap_level + bound, free)
        price = np.where(floored, self.floor_level + bound, price)
        slope = np.where(capped | floored, self.bound_slope, self.slope)
        return price, slope


def _excess(m: CesMarkets, curves: _Curves, ell: Floats) -> tuple[Floats, Floats]:
    """Return index minus guess for each market, and its slope.

    Terms are taken relative to their mean log. Without the mean the sum of the
    terms nears zero when all prices rise, and the index loses its digits: at sigma
    12 and prices times 100 all of them. Terms far apart, as at a large sigma, are
    taken relative to the largest, so that none overflows.
    """
    price, slope = curves.at(m.by_flow(ell))
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        term = curves.power * np.where(curves.stopped, 0.0, price)
        centre = m.total(curves.centre_weight * term)
        live = (curves.weight > 0) & ~curves.stopped
        peak = np.maximum.reduceat(np.where(live, term, -np.inf), m.starts, axis=-1)
        far = peak - centre > FAR
        centre = np.where(far, peak, centre)
        grown = np.expm1(term - m.by_flow(centre))
        grown = np.where(curves.stopped, -1.0, grown)
        weight = curves.weight * (1.0 + grown)
        inner = np.where(m.share > 0, m.share * grown, np.where(m.new > 0, weight, 0.0))
        first = curves.power[..., m.starts]
        summed = np.where(far, np.log(m.total(weight)), np.log1p(m.total(inner)))
        index = (centre + summed) / first
    flat = curves.cobb[..., m.starts]
    if flat.any():
        geometric = m.total(np.where(m.share > 0, m.share * price, 0.0))
        index = np.where(flat, geometric, index)
        weight = np.where(curves.cobb, m.share, weight)
    whole = m.total(weight)
    with np.errstate(invalid="ignore", divide="ignore"):
        steep = m.total(weight * slope) / whole - 1.0
    empty = ~(whole > 0)
    return np.where(empty, -ell, index - ell), np.where(empty, -1.0, steep)


def _root(m: CesMarkets, curves: _Curves) -> tuple[Floats, int]:
    shape = np.broadcast_shapes(
        curves.level.shape, curves.cap_level.shape, m.share.shape
    )
    ell = np.zeros((*shape[:-1], len(m.starts)))
    excess, slope = _excess(m, curves, ell)
    low = np.where(excess < 0, -np.inf, 0.0)
    high = np.where(excess < 0, 0.0, np.inf)
    for done in range(MOST_STEPS):
        open_ = ~(np.abs(excess) < _tolerance(slope))
        step = np.where(slope < -1e-12, -excess / np.minimum(slope, -1e-12), excess)
        if not open_.any():
            # one last, free of charge
            return np.where(slope < -1e-12, ell + step, ell), done
        low = np.where(excess > 0, np.maximum(low, ell), low)
        high = np.where(excess < 0, np.minimum(high, ell), high)
        ell = np.where(open_, _inside(ell + step, low, high), ell)
        excess, slope = _excess(m, curves, ell)
    if np.max(np.abs(excess)) < 1e-10:
        return ell, MOST_STEPS
    raise NotConverged(_why_open(m, np.abs(excess)))


def _tolerance(slope: Floats) -> Floats:
    """Return the gap that leaves ln P within tolerance, not below rounding."""
    return np.maximum(TOLERANCE * np.minimum(1.0, np.abs(slope)), 1e-15)


def _why_open(m: CesMarkets, excess: Floats) -> str:
    """Return why the market furthest from clearing has no price."""
    worst = int(np.argmax(np.max(excess.reshape(-1, excess.shape[-1]), axis=0)))
    held = np.isfinite(m.ln_floor) & (m.market == worst)
    if held.any():
        why = (
            "its targets may ask for more than buyers take at any price while demand "
            "hardly responds to price"
        )
    else:
        why = "every supplier may be capped while demand does not respond to price"
    gap = float(np.max(excess))
    return f"A market has no clearing price: {why} (largest residual {gap:.1e})."


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
