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
    """

    ln_price: Floats
    ln_quantity: Floats
    ln_index: Floats
    residual: Floats


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
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        ell = _root(markets, curves)
        excess, _ = _excess(markets, curves, ell)
    price, _ = curves.at(markets.by_flow(ell))
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
    return CesSolution(price, quantity, ell, residual)


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
    market_power: Floats
    cobb: Flags
    weight: Floats
    centre_weight: Floats
    stopped: Flags
    newcomers: bool
    halted: bool
    bounded: bool

    @classmethod
    def of(cls, m: CesMarkets) -> _Curves:
        damp = 1.0 / (1.0 + m.nu * m.sigma)
        supply = m.ln_wedge + m.ln_cost + m.ln_iceberg
        cobb = np.abs(1.0 - m.sigma) < NEAR_ONE
        stopped = np.isneginf(m.ln_cap)
        alive = np.where(stopped, 0.0, m.share)
        whole = m.total(alive)
        power = np.where(cobb, 1.0, 1.0 - m.sigma)
        return cls(
            level=damp * (supply + m.nu * (m.ln_iceberg + m.ln_size)),
            slope=damp * m.nu * (m.sigma + m.eta),
            cap_level=(m.ln_size - m.ln_cap) / m.sigma,
            floor_level=(m.ln_size - m.ln_floor) / m.sigma,
            bound_slope=(m.sigma + m.eta) / m.sigma,
            power=power,
            market_power=power[..., m.starts],
            cobb=cobb,
            weight=np.where(m.share > 0, m.share, m.new),
            centre_weight=alive / m.by_flow(np.where(whole > 0, whole, 1.0)),
            stopped=stopped,
            newcomers=bool(m.new.any()),
            halted=bool(stopped.any()),
            bounded=not bool(
                np.isposinf(m.ln_cap).all() & np.isneginf(m.ln_floor).all()
            ),
        )

    def at(self, ell: Floats) -> tuple[Floats, Floats]:
        """Return log price and its slope at the flows' composite price."""
        free = self.level + self.slope * ell
        if not self.bounded:
            return free, self.slope
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
    12 and prices times 100 all of them.
    """
    price, slope = curves.at(m.by_flow(ell))
    term = curves.power * _without(curves, price, 0.0)
    centre = m.total(curves.centre_weight * term)
    grown = _without(curves, np.expm1(term - m.by_flow(centre)), -1.0)
    weight = curves.weight * (1.0 + grown)
    inner = m.share * grown
    if curves.newcomers:
        inner = np.where(m.share > 0, inner, np.where(m.new > 0, weight, 0.0))
    index = (centre + np.log1p(m.total(inner))) / curves.market_power
    if curves.cobb.any():
        flat = curves.cobb[..., m.starts]
        geometric = m.total(np.where(m.share > 0, m.share * price, 0.0))
        index = np.where(flat, geometric, index)
        weight = np.where(curves.cobb, m.share, weight)
    whole = m.total(weight)
    steep = m.total(weight * slope) / whole - 1.0
    empty = ~(whole > 0)
    if not empty.any():
        return index - ell, steep
    return np.where(empty, -ell, index - ell), np.where(empty, -1.0, steep)


def _without(curves: _Curves, values: Floats, instead: float) -> Floats:
    """Return values with those of stopped suppliers replaced."""
    return np.where(curves.stopped, instead, values) if curves.halted else values


def _root(m: CesMarkets, curves: _Curves) -> Floats:
    shape = np.broadcast_shapes(
        curves.level.shape, curves.cap_level.shape, m.share.shape
    )
    ell = np.zeros((*shape[:-1], len(m.starts)))
    excess, slope = _excess(m, curves, ell)
    low = np.where(excess < 0, -np.inf, 0.0)
    high = np.where(excess < 0, 0.0, np.inf)
    for _ in range(MOST_STEPS):
        open_ = ~(np.abs(excess) < TOLERANCE)
        step = np.where(slope < -1e-12, -excess / np.minimum(slope, -1e-12), excess)
        if not open_.any():
            return np.where(slope < -1e-12, ell + step, ell)  # one last, free of charge
        low = np.where(excess > 0, np.maximum(low, ell), low)
        high = np.where(excess < 0, np.minimum(high, ell), high)
        ell = np.where(open_, _inside(ell + step, low, high), ell)
        excess, slope = _excess(m, curves, ell)
    if np.max(np.abs(excess)) < 1e-10:
        return ell
    raise NotConverged(_why_open(m, np.abs(excess)))


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
