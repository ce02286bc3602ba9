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

from toolkit.models.problem import CesMarkets, CesSolution, Flags, Floats, NotConverged

# The index is exact to rounding; 1e-12 on ln P is four digits above it.
TOLERANCE = 1e-12
MOST_STEPS = 200
NEAR_ONE = 1e-10
FAR = 1.0  # logs of the terms of an index that are not near each other


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
        ell, steps = _root(markets, curves)
        excess, _ = _excess(markets, curves, ell)
    price, _ = curves.at(markets.by_flow(ell))
    residual = np.max(np.abs(excess), axis=-1, initial=0.0)
    if not (residual < 1e-9).all():
        worst = float(np.max(residual))
        said = f"A market does not clear: residual {worst:.1e}."
        raise NotConverged(said, _furthest(np.abs(excess)))
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
    market_power: Floats
    cobb: Flags
    weight: Floats
    centre_weight: Floats
    stopped: Flags
    flat: bool
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
            weight=m.weight,
            centre_weight=alive / m.by_flow(np.where(whole > 0, whole, 1.0)),
            stopped=stopped,
            flat=bool(cobb.any()),
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
        cap, floor = self.cap_level + bound, self.floor_level + bound
        capped, floored = cap > free, floor < free
        price = np.where(floored, floor, np.where(capped, cap, free))
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
    term = curves.power * _without(curves, price, 0.0)
    centre = m.total(curves.centre_weight * term)
    gap, far = term - m.by_flow(centre), None
    if not (gap < FAR).all():
        far, centre = _peaks(m, curves, term, centre)
        gap = term - m.by_flow(centre)
    grown = _without(curves, np.expm1(gap), -1.0)
    weight = curves.weight * (1.0 + grown)
    inner = m.share * grown
    if curves.newcomers or far is not None:
        inner = np.where(m.share > 0, inner, np.where(m.new > 0, weight, 0.0))
    summed = np.log1p(m.total(inner))
    if far is not None:
        summed = np.where(far, np.log(m.total(weight)), summed)
    index = (centre + summed) / curves.market_power
    if curves.flat:
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


def _peaks(
    m: CesMarkets, curves: _Curves, term: Floats, centre: Floats
) -> tuple[Flags, Floats]:
    """Return where terms are far apart, and what they are best taken relative to."""
    live = (curves.weight > 0) & ~curves.stopped
    peak = np.maximum.reduceat(np.where(live, term, -np.inf), m.starts, axis=-1)
    far = peak - centre > FAR
    return far, np.where(far, peak, centre)


def _without(curves: _Curves, values: Floats, instead: float) -> Floats:
    """Return values with those of stopped suppliers replaced."""
    return np.where(curves.stopped, instead, values) if curves.halted else values


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
    raise NotConverged(_why_open(m, np.abs(excess)), _furthest(np.abs(excess)))


def _tolerance(slope: Floats) -> Floats:
    """Return the gap that leaves ln P within tolerance, not below rounding."""
    return np.maximum(TOLERANCE * np.minimum(1.0, np.abs(slope)), 1e-15)


def _why_open(m: CesMarkets, excess: Floats) -> str:
    """Return why the market furthest from clearing has no price."""
    worst = _furthest(excess)
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


def _furthest(gaps: Floats | Flags) -> int:
    """Return the market at which the gap is largest in some draw."""
    return int(np.argmax(np.max(gaps.reshape(-1, gaps.shape[-1]), axis=0)))


def _inside(guess: Floats, low: Floats, high: Floats) -> Floats:
    """Keep a Newton step inside its bracket, halving the bracket if it leaves."""
    out = (guess <= low) | (guess >= high)
    if not out.any():
        return guess
    finite = np.isfinite(low) & np.isfinite(high)
    middle = np.where(finite, 0.5 * (low + high), guess)
    return np.where(finite & out, middle, np.clip(guess, low, high))


def _refuse_full_stop(m: CesMarkets) -> None:
    stopped = (m.share > 0) & np.isneginf(m.ln_cap)
    endless = stopped & (m.sigma <= 1.0)
    if endless.any():
        raise NotConverged(
            "A market's price index is undefined: a full stop of one supplier is "
            "infinitely costly when the substitution elasticity is 1 or below.",
            int(m.market[_furthest(endless)]),
        )
    left = m.total(np.where(stopped, 0.0, m.share + m.new))
    empty = (m.total(np.where(stopped, 1.0, 0.0)) > 0) & (left <= 0)
    if empty.any():
        raise NotConverged(
            "Every supplier of a market is stopped: there is no price for what is not "
            "sold.",
            _furthest(empty),
        )
