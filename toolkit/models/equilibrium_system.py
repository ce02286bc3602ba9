"""The world equilibrium in hats: one step of its fixed point, and its solution.

Symbols, as in Caliendo and Parro (2015), exporter first: ``pi`` expenditure shares,
``tau`` hat of the tariff power T, ``d`` hat of resource cost, ``theta`` trade
elasticity, ``w`` hat of the price of factors, ``c`` of the cost of a good, ``P`` of its
price in a market, ``S`` output, ``X`` expenditure. Arrays are goods (J) x exporters x
importers, or goods x countries (N). One good without inputs is the gravity model.
"""

from __future__ import annotations

import dataclasses

import numpy as np

from toolkit.market.flows import Flags, Floats
from toolkit.models.fixed_point import FixedPoint, fixed_point

CLOSURES = ("additive", "multiplicative", "zero")
TOLERANCE = 1e-12  # aimed at
CLEARS = 1e-10  # demanded, of every market
MOST_STEPS = 3000


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

    @property
    def live(self) -> Flags:
        """Goods that a country makes at all, shape (J, N)."""
        return self.sales > 0


@dataclasses.dataclass(frozen=True, eq=False)
class Equilibrium:
    """A solved world: levels in US$ million with world factor income unchanged.

    Attributes
    ----------
    wage : ndarray, shape (N,)
        Hat of the price of factors.
    cost, price : ndarray, shape (J, N)
        Hats, by exporter and by importer.
    share : ndarray, shape (J, N, N)
    spending, sales : ndarray, shape (J, N)
    income : ndarray, shape (N,)
        Final spending: factors, revenue and the deficit.
    revenue : ndarray, shape (N,)
    scale : float
        What keeps world spending equal to world income (multiplicative deficits).
    solved : FixedPoint
    excess : ndarray, shape (N,)
        Demand for a country's factors over their supply, minus one.
    """

    wage: Floats
    cost: Floats
    price: Floats
    share: Floats
    spending: Floats
    sales: Floats
    income: Floats
    revenue: Floats
    scale: float
    solved: FixedPoint
    excess: Floats

    @property
    def residual(self) -> float:
        """The largest relative excess demand of any market."""
        return float(np.abs(self.excess).max())


class System:
    """The fixed point of one counterfactual; everything that stays is made once."""

    def __init__(self, economy: Economy, power: Floats, iceberg: Floats) -> None:
        self.economy = economy
        self.ln_hit = np.log(power / economy.power * iceberg)
        self.theta = economy.theta[:, None]
        self.bought = economy.share * np.exp(-self.theta[..., None] * self.ln_hit)
        self.untaxed = bool((power == 1.0).all())
        self.paid = self.bought if self.untaxed else self.bought / power
        self.made = economy.value_added * economy.sales / economy.factor_income
        pull = (self.theta * economy.value_added * self.made).sum(axis=0)
        self.damping = 1.0 / (1.0 + pull)
        self.wide = economy.inputs is not None
        self.world = economy.factor_income.sum()
        self.goods, self.count = economy.sales.shape
        self.dead = np.flatnonzero(~economy.live)

    def start(self) -> Floats:
        """Return the state of no change: ln w, then ln P and ln S if inputs link."""
        rest = 2 * self.goods * self.count if self.wide else 0
        return np.zeros(self.count + rest)

    def step(self, state: Floats) -> Floats:
        """Return the plain step from a state; NaN where the world is not defined."""
        wage = state[: self.count]
        level = self.levels(wage)
        cost = self.costs(wage, state)
        weight = np.exp(-self.theta * cost)
        phi, kept = self.prices(weight)
        spent = self.spending(level, self.inputs_bought(state), kept)[0]
        if not (spent >= 0).all():
            return np.full_like(state, np.nan)
        sold = weight * _rows(self.paid, _ratio(spent, phi))
        excess = self.excess(level, sold)
        if not (excess > 0).all():
            return np.full_like(state, np.nan)
        move = np.log(excess) * self.damping
        if not self.wide:
            return move
        ln_price = -np.log(np.where(phi > 0, phi, 1.0)) / self.theta
        made = sold / np.where(self.economy.live, self.economy.sales, 1.0)
        made.reshape(-1)[self.dead] = 1.0
        after = np.concatenate([ln_price.ravel(), np.log(made).ravel()])
        return np.concatenate([move, after - state[self.count :]])

    def levels(self, wage: Floats) -> Floats:
        """Return factor income, US$ million, scaled to the world's before."""
        level = self.economy.factor_income * np.exp(wage)
        return level * (self.world / level.sum())

    def costs(self, wage: Floats, state: Floats) -> Floats:
        """Return ln c of every good and country."""
        economy = self.economy
        if economy.inputs is None:
            return np.broadcast_to(wage, (self.goods, self.count))
        prices = state[self.count :][: self.goods * self.count]
        of_inputs = np.matmul(
            prices.reshape(self.goods, self.count).T[:, None, :], economy.inputs
        )
        return economy.value_added * wage + of_inputs[:, 0, :].T

    def prices(self, weight: Floats) -> tuple[Floats, Floats]:
        """Return P^-theta, and the share of spending that is not revenue."""
        phi = _columns(self.bought, weight)
        if self.untaxed:
            return phi, np.ones_like(phi)
        return phi, _ratio(_columns(self.paid, weight), phi)

    def inputs_bought(self, state: Floats) -> Floats:
        """Return demand for inputs by good and country, US$ million."""
        economy = self.economy
        if economy.inputs is None:
            return np.zeros((self.goods, self.count))
        ln_made = state[self.count + self.goods * self.count :]
        sold = economy.sales * np.exp(ln_made.reshape(self.goods, self.count))
        return np.matmul(economy.inputs, sold.T[:, :, None])[:, :, 0].T

    def spending(
        self, level: Floats, inputs: Floats, kept: Floats
    ) -> tuple[Floats, Floats]:
        """Return expenditure by good and country, and income: closed form in both.

        ``I = (funds + sum_j rho_j M_j) / (1 - sum_j rho_j alpha_j)``, revenue share
        ``rho`` of spending on a good, inputs ``M``.
        """
        final = self.economy.final
        revenue = 1.0 - kept
        own = self.funds(level)[0] + (revenue * inputs).sum(axis=0)
        income = own / (1.0 - (revenue * final).sum(axis=0))
        return inputs + final * income, income

    def funds(self, level: Floats) -> tuple[Floats, float]:
        """Return what is spent beside revenue, by the closure of deficits."""
        economy = self.economy
        if economy.closure != "multiplicative":
            return level + economy.deficit, 1.0
        spent = level * (1.0 + economy.deficit / economy.factor_income)
        scale = self.world / spent.sum()
        return spent * scale, float(scale)

    def excess(self, level: Floats, sold: Floats) -> Floats:
        """Return demand for factors over supply."""
        return (self.economy.value_added * sold).sum(axis=0) / level

    def at(self, solved: FixedPoint) -> Equilibrium:
        """Return the world at a state, every part of it computed anew."""
        state = solved.state
        wage = state[: self.count]
        level = self.levels(wage)
        cost = self.costs(wage, state)
        weight = np.exp(-self.theta * cost)
        phi, kept = self.prices(weight)
        spent, income = self.spending(level, self.inputs_bought(state), kept)
        sold = weight * _rows(self.paid, _ratio(spent, phi))
        shift = np.log(level / self.economy.factor_income) - wage
        return Equilibrium(
            wage=level / self.economy.factor_income,
            cost=np.exp(cost + shift),
            price=np.exp(self.exact_price(cost) + shift),
            share=_ratio(self.bought * weight[:, :, None], phi[:, None, :]),
            spending=spent,
            sales=sold,
            income=income,
            revenue=((1.0 - kept) * spent).sum(axis=0),
            scale=self.funds(level)[1],
            solved=solved,
            excess=self.excess(level, sold) - 1.0,
        )

    def exact_price(self, cost: Floats) -> Floats:
        """Return ln P without loss of digits where theta is small."""
        power = -self.theta[..., None] * (self.ln_hit + cost[:, :, None])
        return -np.log1p((self.economy.share * np.expm1(power)).sum(axis=1)) / (
            self.theta
        )


def counterfactual(economy: Economy, power: Floats, iceberg: Floats) -> Equilibrium:
    """Return the equilibrium after tariffs and resource costs have changed.

    Parameters
    ----------
    economy : Economy
    power : ndarray, shape (J, N, N)
        One plus the tariff, after.
    iceberg : ndarray, shape (J, N, N)
        Hat of the resource cost.

    Notes
    -----
    Solved in logs by :func:`~toolkit.models.fixed_point.fixed_point`; whether it
    converged is for the caller to ask of ``residual``. Each step costs two products
    of a matrix and a vector by good, three with tariffs.

    Examples
    --------
    Two like countries halve the cost of trade between them; both gain alike:

    >>> one = np.ones((1, 2))
    >>> share = np.array([[[0.8, 0.2], [0.2, 0.8]]])
    >>> world = Economy(share, np.ones((1, 2, 2)), np.array([4.0]), one, None, one,
    ...     100 * one, 100 * one[0], 0 * one[0], "additive")
    >>> cheaper = np.array([[[1.0, 0.5], [0.5, 1.0]]])
    >>> found = counterfactual(world, np.ones((1, 2, 2)), cheaper)
    >>> (found.wage / found.price[0]).round(6).tolist()
    [1.414214, 1.414214]
    """
    system = System(economy, power, iceberg)
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        solved = fixed_point(
            system.step, system.start(), tolerance=TOLERANCE, most=MOST_STEPS
        )
    return system.at(solved)


def _columns(matrix: Floats, weight: Floats) -> Floats:
    """Return the sum over exporters of matrix times weight, shape (J, N)."""
    return np.matmul(weight[:, None, :], matrix)[:, 0, :]


def _rows(matrix: Floats, weight: Floats) -> Floats:
    """Return the sum over importers of matrix times weight, shape (J, N)."""
    return np.matmul(matrix, weight[:, :, None])[:, :, 0]


def _ratio(above: Floats, below: Floats) -> Floats:
    """Return a quotient, zero where nothing is bought."""
    return above / np.where(below > 0, below, np.inf)
