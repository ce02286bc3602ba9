"""Many markets of one good that clear together: the linear system and the exact one.

Symbols, as in Francois and Hall (2003), exporter first: ``alpha`` a seller's sales by
market, ``s`` expenditure shares, ``sigma`` substitution, ``eta`` demand, ``nu = 1/mu``
inverse export supply elasticity, ``h`` wedge between the buyer's and the seller's
price, ``d`` resource cost. Arrays are goods (J) x exporters x importers, or goods x
countries (N).
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.market.flows import Floats

TOLERANCE = 1e-13
CLEARS = 1e-10
MOST_STEPS = 60
NEAR_ONE = 1e-10


@dataclasses.dataclass(frozen=True, eq=False)
class GsimMarkets:
    """A problem: shares, elasticities, and what moves.

    Attributes
    ----------
    alpha : ndarray, shape (J, N, N)
        Each importer's share in an exporter's sales, home included.
    share : ndarray, shape (J, N, N)
        Each exporter's share in an importer's spending.
    sigma, eta : ndarray, shape (J, N)
        By importer.
    nu : ndarray, shape (J, N)
        By exporter; 0 is infinite supply.
    wedge, iceberg : ndarray, shape (J, N, N)
        Hats of the tariff power and of the resource cost.
    """

    alpha: Floats
    share: Floats
    sigma: Floats
    eta: Floats
    nu: Floats
    wedge: Floats
    iceberg: Floats


@dataclasses.dataclass(frozen=True, eq=False)
class GsimSolution:
    """Hats.

    Attributes
    ----------
    seller : ndarray, shape (J, N)
        Price that exporters receive, one for all markets.
    buyer, quantity : ndarray, shape (J, N, N)
        Price paid and quantity bought.
    index : ndarray, shape (J, N)
        Composite price by importer.
    residual : ndarray, shape (J, N)
        Of each exporter's market, in terms of its price.
    iterations : int
    """

    seller: Floats
    buyer: Floats
    quantity: Floats
    index: Floats
    residual: Floats
    iterations: int


def solve_linear(m: GsimMarkets) -> GsimSolution:
    """Return the solution of the linear system, in relative changes.

    ``(I - diag(nu) A) p = nu b`` with ``A = diag(-sum alpha sigma) + sum alpha (sigma
    + eta) s``; wedges enter as ``T'/T - 1``, and hats are one plus a change.

    Examples
    --------
    One market, two sellers, a tenth off the duty power of the first:

    >>> one = np.ones((1, 2, 1))
    >>> m = GsimMarkets(one, np.array([[[0.25], [0.75]]]), np.array([[1.5]]),
    ...     np.array([[-1.0]]), np.zeros((1, 2)), np.array([[[0.9], [1.0]]]), one)
    >>> solve_linear(m).quantity.ravel().round(4).tolist()
    [1.1375, 0.9875]
    """
    cost = m.iceberg - 1.0
    landed = m.wedge - 1.0 + cost
    own, cross = _responses(m.alpha, m.share, m.sigma, m.eta)
    drift = _quantities(m, landed)[0] + cost
    push = (m.alpha * drift).sum(axis=2)
    system = np.eye(own.shape[1]) - m.nu[:, :, None] * (own + cross)
    seller = np.linalg.solve(system, (m.nu * push)[:, :, None])[:, :, 0]
    buyer = landed + seller[:, :, None]
    quantity, index = _quantities(m, buyer)
    demand = (m.alpha * (quantity + cost)).sum(axis=2)
    return GsimSolution(
        1.0 + seller,
        1.0 + buyer,
        1.0 + quantity,
        1.0 + index,
        seller - m.nu * demand,
        1,
    )


def solve_exact(m: GsimMarkets) -> GsimSolution:
    """Return the exact solution, by Newton steps in logs with a line search.

    Demand ``q_in = p_in^-sigma P_n^(sigma + eta)``, supply ``p_i^mu = sum_n alpha_in
    d_in q_in``, ``p_in = p_i T'/T d_in``.

    Examples
    --------
    >>> one = np.ones((1, 2, 1))
    >>> m = GsimMarkets(one, np.array([[[0.25], [0.75]]]), np.array([[1.5]]),
    ...     np.array([[-1.0]]), np.zeros((1, 2)), np.array([[[0.9], [1.0]]]), one)
    >>> solve_exact(m).quantity.ravel().round(4).tolist()
    [1.1556, 0.9867]
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return _newton(m)


def _newton(m: GsimMarkets) -> GsimSolution:
    """Return where the steps end; a gap without end is refused by who reads it."""
    hit = np.log(m.wedge) + np.log(m.iceberg)
    seller, steps = np.zeros_like(m.nu), 0
    gap, demanded = _excess(m, hit, seller)
    while TOLERANCE < np.abs(gap).max() < np.inf and steps < MOST_STEPS:
        steps += 1
        own, cross = _responses(demanded.sold, demanded.share, m.sigma, m.eta)
        system = np.eye(seller.shape[1]) - m.nu[:, :, None] * (own + cross)
        move = np.linalg.solve(system, -gap[:, :, None])[:, :, 0]
        better = _shortened(m, hit, seller, move, float(np.abs(gap).max()))
        if better is None:
            break
        seller, gap, demanded = better
    return GsimSolution(
        np.exp(seller),
        np.exp(seller[:, :, None] + hit),
        np.exp(demanded.ln_quantity),
        np.exp(demanded.ln_index),
        gap,
        steps,
    )


@dataclasses.dataclass(frozen=True, eq=False)
class _Demand:
    """Demand at given prices: logs, and shares in sales and in spending."""

    ln_quantity: Floats
    ln_index: Floats
    sold: Floats
    share: Floats


def _excess(m: GsimMarkets, hit: Floats, seller: Floats) -> tuple[Floats, _Demand]:
    """Return ``ln p - nu ln D`` of each seller, and the demand behind it."""
    price = seller[:, :, None] + hit
    power = (1.0 - m.sigma)[:, None, :]
    cobb = np.abs(power) < NEAR_ONE
    grown = np.expm1(np.where(cobb, 1.0, power) * price)
    whole = (m.share * grown).sum(axis=1)
    flat = cobb[:, 0, :]
    index = np.log1p(whole) / np.where(flat, 1.0, power[:, 0, :])
    index = np.where(flat, (m.share * price).sum(axis=1), index)
    share = np.where(cobb, m.share, m.share * (1.0 + grown) / (1.0 + whole)[:, None, :])
    quantity = -m.sigma[:, None, :] * price + ((m.sigma + m.eta) * index)[:, None, :]
    shipped = m.alpha * m.iceberg * np.exp(quantity)
    demand = shipped.sum(axis=2)
    sells = demand > 0
    demand = np.where(sells, demand, 1.0)
    gap = np.where(sells, seller - m.nu * np.log(demand), 0.0)
    return gap, _Demand(quantity, index, shipped / demand[:, :, None], share)


def _shortened(
    m: GsimMarkets, hit: Floats, seller: Floats, move: NDArray[Any], size: float
) -> tuple[Floats, Floats, _Demand] | None:
    """Return the state after the longest step that helps; None if none does."""
    length = 1.0
    while length > 1e-6:
        there = seller + length * move
        gap, demanded = _excess(m, hit, there)
        if np.abs(gap).max() < size:  # false for NaN
            return there, gap, demanded
        length *= 0.5
    return None


def _responses(
    sold: Floats, share: Floats, sigma: Floats, eta: Floats
) -> tuple[Floats, Floats]:
    """Return own and cross responses of demand for each seller, (J, N, N) both.

    ``own_ii = -sum_n sold_in sigma_n``; ``cross_ik = sum_n sold_in (sigma_n + eta_n)
    s_kn``.
    """
    own = -(sold * sigma[:, None, :]).sum(axis=2)
    cross = np.matmul(sold * (sigma + eta)[:, None, :], share.transpose(0, 2, 1))
    return np.eye(own.shape[1]) * own[:, :, None], cross


def _quantities(m: GsimMarkets, price: Floats) -> tuple[Floats, Floats]:
    """Return linear changes of quantities and of the index at buyers' prices."""
    index = (m.share * price).sum(axis=1)
    rise = ((m.sigma + m.eta) * index)[:, None, :]
    return rise - m.sigma[:, None, :] * price, index
