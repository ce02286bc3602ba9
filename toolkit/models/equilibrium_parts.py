"""A world before and after: what the equilibrium is solved from, and what it is."""

from __future__ import annotations

import dataclasses
from functools import cached_property

import numpy as np

from toolkit.market.flows import Floats
from toolkit.models.fixed_point import FixedPoint

CLOSURES = ("additive", "multiplicative", "zero")


@dataclasses.dataclass(frozen=True, eq=False)
class Economy:
    """A world before the shock.

    Attributes
    ----------
    share : ndarray, shape (J, N, N)
        Expenditure shares pi, consumer prices.
    power : ndarray, shape (J, N, N)
        One plus the tariff.
    theta : ndarray, shape (J,)
    value_added : ndarray, shape (J, N)
        Share of factors in the cost of a good.
    inputs : ndarray, shape (N, J, J), or None
        Share of input k in the cost of good j of country n, at [n, k, j].
    final : ndarray, shape (J, N)
        Shares of goods in final spending.
    sales : ndarray, shape (J, N)
        Output, US$ million.
    factor_income : ndarray, shape (N,)
    deficit : ndarray, shape (N,)
        Spending beyond own income and revenue, US$ million.
    closure : {"additive", "multiplicative", "zero"}
    """

    share: Floats
    power: Floats
    theta: Floats
    value_added: Floats
    inputs: Floats | None
    final: Floats
    sales: Floats
    factor_income: Floats
    deficit: Floats
    closure: str

    @cached_property
    def untaxed(self) -> bool:
        """Whether no tariff is charged anywhere."""
        return bool((self.power == 1.0).all())

    @cached_property
    def kept(self) -> Floats:
        """Shares less what the importer collects."""
        return self.share / self.power

    @cached_property
    def idle(self) -> Floats | None:
        """One where a country buys none of a good; None if all buy all."""
        idle = self.share.sum(axis=1) == 0
        return idle.astype(float) if idle.any() else None

    @cached_property
    def damping(self) -> Floats:
        """Plain step of ln w per unit of excess demand, ``1 / (1 + theta)``."""
        made = self.value_added * self.sales / self.factor_income
        pull = (self.theta[:, None] * self.value_added * made).sum(axis=0)
        return 1.0 / (1.0 + pull)


@dataclasses.dataclass(frozen=True, eq=False)
class Equilibrium:
    """A solved world: levels in US$ million with world factor income unchanged.

    Attributes
    ----------
    wage : ndarray, shape (N,)
        Hat of the price of factors.
    cost, price : ndarray, shape (J, N)
        Hats, by exporter and by importer.
    spending, sales : ndarray, shape (J, N)
    income : ndarray, shape (N,)
        Final spending: factors, revenue and the deficit.
    scale : float
        What keeps world spending equal to world income (multiplicative deficits).
    solved : FixedPoint
    excess : ndarray, shape (N,)
        Demand for a country's factors over their supply, minus one.
    parts : tuple of ndarray
        Of the expenditure shares.
    """

    wage: Floats
    cost: Floats
    price: Floats
    spending: Floats
    sales: Floats
    income: Floats
    scale: float
    solved: FixedPoint
    excess: Floats
    parts: tuple[Floats, Floats, Floats]

    @cached_property
    def share(self) -> Floats:
        """Expenditure shares after, shape (J, N, N)."""
        bought, weight, phi = self.parts
        return bought * weight[:, :, None] / phi[:, None, :]

    @property
    def residual(self) -> float:
        """The largest relative excess demand of any market."""
        return float(np.abs(self.excess).max())
