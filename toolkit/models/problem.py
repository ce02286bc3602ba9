"""The numeric problem of CES markets, its solution, and the error without one."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from toolkit.market.totals import summed, two_each

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


class NotConverged(RuntimeError):
    """A market did not clear; nothing is returned.

    Attributes
    ----------
    market : int or None
        Which of the markets that were solved, where one is to blame.
    """

    def __init__(self, message: str, market: int | None = None) -> None:
        super().__init__(message)
        self.market = market


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
        return summed(values, self.starts, two=self._two)

    @cached_property
    def _two(self) -> bool:
        return two_each(self.starts, len(self.market))

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
