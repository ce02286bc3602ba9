"""The world equilibrium in hats: one step of its fixed point, and its solution.

Symbols, as in Caliendo and Parro (2015), exporter first: ``pi`` expenditure shares,
``tau`` hat of the tariff power T, ``d`` hat of resource cost, ``theta`` trade
elasticity, ``w`` hat of the price of factors, ``c`` of the cost of a good, ``P`` of its
price in a market, ``S`` output, ``X`` expenditure. Arrays are goods (J) x exporters x
importers, or goods x countries (N). One good without inputs is the gravity model.
"""

from __future__ import annotations

import dataclasses
import math
from functools import cached_property

import numpy as np

from toolkit.market.flows import Floats
from toolkit.models.fixed_point import FixedPoint, fixed_point

CLOSURES = ("additive", "multiplicative", "zero")
TOLERANCE = 1e-12  # aimed at
CLEARS = 1e-10  # demanded, of every market
MOST_STEPS = 1000
LEAST_PART = 1 / 256  # of a shock that is solved in parts
SMALL = 0.1  # below such a theta prices are summed anew


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


class System:
    """The fixed point of one counterfactual; everything that stays is made once."""

    def __init__(self, economy: Economy, power: Floats, iceberg: Floats) -> None:
        self.economy = economy
        self.theta = economy.theta[:, None]
        self.untaxed = bool((power == 1.0).all())
        free = self.untaxed and economy.untaxed
        self.hit = iceberg if free else power / economy.power * iceberg
        self.bought = _scaled(economy, self.hit)
        self.paid = self.bought if self.untaxed else self.bought / power
        self.linked = economy.inputs is not None
        self.goods, self.count = economy.sales.shape
        self.world = economy.factor_income.sum()
        self.idle, self.damping = economy.idle, economy.damping
        self.spent_of_level = 1.0 + economy.deficit / economy.factor_income
        self.alive = economy.sales > 0

    def start(self) -> Floats:
        """Return the state of no change: ln w, then ln P and ln S if inputs link."""
        rest = 2 * self.goods * self.count if self.linked else 0
        return np.zeros(self.count + rest)

    def step(self, state: Floats) -> Floats:
        """Return the plain step from a state; NaN where the world is not defined."""
        wage = state[: self.count]
        level, shift = self.levels(wage)
        weight = np.exp(-self.theta * self.costs(wage, state))
        phi = self.phi(weight)
        kept = None if self.untaxed else _columns(self.paid, weight) / phi
        spent = self.spending(level, self.inputs_bought(state), kept)[0]
        sold = weight * _rows(self.paid, spent / phi)
        move = self.damping * np.log(self.demand(sold) / level) + shift
        if not self.linked:
            return move
        made = np.where(self.alive, sold, 1.0) / np.where(
            self.alive, self.economy.sales, 1.0
        )
        after = np.concatenate(
            [(-np.log(phi) / self.theta).ravel(), np.log(made).ravel()]
        )
        return np.concatenate([move, after - state[self.count :]])

    def levels(self, wage: Floats) -> tuple[Floats, float]:
        """Return factor income scaled to the world's before, and the log of the scale.

        The step takes the scale along, so that wages do not drift away together.
        """
        level = self.economy.factor_income * np.exp(wage)
        scale = self.world / np.add.reduce(level)
        return level * scale, math.log(scale) if scale > 0 else math.nan

    def costs(self, wage: Floats, state: Floats) -> Floats:
        """Return ln c of every good and country."""
        economy = self.economy
        if economy.inputs is None:
            return wage
        prices = state[self.count :][: self.goods * self.count]
        of_inputs = np.matmul(
            prices.reshape(self.goods, self.count).T[:, None, :], economy.inputs
        )
        return economy.value_added * wage + of_inputs[:, 0, :].T

    def phi(self, weight: Floats) -> Floats:
        """Return P^-theta; one where nothing is bought."""
        phi = _columns(self.bought, weight)
        return phi if self.idle is None else phi + self.idle

    def inputs_bought(self, state: Floats) -> Floats | None:
        """Return demand for inputs by good and country, US$ million."""
        economy = self.economy
        if economy.inputs is None:
            return None
        ln_made = state[self.count + self.goods * self.count :]
        sold = economy.sales * np.exp(ln_made.reshape(self.goods, self.count))
        return np.matmul(economy.inputs, sold.T[:, :, None])[:, :, 0].T

    def spending(
        self, level: Floats, inputs: Floats | None, kept: Floats | None
    ) -> tuple[Floats, Floats]:
        """Return expenditure by good and country, and income: closed form in both.

        ``I = (funds + sum_j rho_j M_j) / (1 - sum_j rho_j alpha_j)``, revenue share
        ``rho`` of spending on a good, inputs ``M``.
        """
        final, income = self.economy.final, self.funds(level)[0]
        if kept is not None:
            revenue = 1.0 - kept
            if inputs is not None:
                income = income + np.add.reduce(revenue * inputs)
            income = income / (1.0 - np.add.reduce(revenue * final))
        spent = final * income
        return (spent if inputs is None else inputs + spent), income

    def funds(self, level: Floats) -> tuple[Floats, float]:
        """Return what is spent beside revenue, by the closure of deficits."""
        if self.economy.closure != "multiplicative":
            return level + self.economy.deficit, 1.0
        spent = level * self.spent_of_level
        scale = self.world / np.add.reduce(spent)
        return spent * scale, float(scale)

    def demand(self, sold: Floats) -> Floats:
        """Return what exporters' sales pay to the factors of each country."""
        if self.linked:
            return np.add.reduce(self.economy.value_added * sold)
        return np.add.reduce(sold)

    def at(self, solved: FixedPoint) -> Equilibrium:
        """Return the world at a state, every part of it computed anew."""
        state = solved.state
        wage = state[: self.count]
        level, shift = self.levels(wage)
        cost = np.broadcast_to(self.costs(wage, state), self.alive.shape)
        weight = np.exp(-self.theta * cost)
        phi = self.phi(weight)
        kept = None if self.untaxed else _columns(self.paid, weight) / phi
        spent, income = self.spending(level, self.inputs_bought(state), kept)
        sold = weight * _rows(self.paid, spent / phi)
        return Equilibrium(
            wage=level / self.economy.factor_income,
            cost=np.exp(cost + shift),
            price=np.exp(self.ln_price(cost, phi) + shift),
            spending=spent,
            sales=sold,
            income=income,
            scale=self.funds(level)[1],
            solved=solved,
            excess=self.demand(sold) / level - 1.0,
            parts=(self.bought, weight, phi),
        )

    def ln_price(self, cost: Floats, phi: Floats) -> Floats:
        """Return ln P, without loss of digits where theta is small."""
        if self.economy.theta.min() > SMALL:
            return -np.log(phi) / self.theta
        power = -self.theta[..., None] * (np.log(self.hit) + cost[:, :, None])
        grown = (self.economy.share * np.expm1(power)).sum(axis=1)
        return -np.log1p(grown) / self.theta


def _scaled(economy: Economy, hit: Floats) -> Floats:
    """Return shares times hit^-theta; powers are taken where something is hit."""
    out = economy.share.copy()
    moved = np.flatnonzero(hit != 1.0)
    if len(moved):
        theta = economy.theta[moved // (hit.shape[1] * hit.shape[2])]
        out.reshape(-1)[moved] *= np.exp(-theta * np.log(hit.reshape(-1)[moved]))
    return out


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
    Solved in logs by :func:`~toolkit.models.fixed_point.fixed_point`, and where that
    fails in parts of the shock, each from the last; whether it converged is for the
    caller to ask of ``residual``. Each step costs two products of a matrix and a
    vector by good, three with tariffs.

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
    solved = _search(system, system.start())
    if not solved.residual <= CLEARS:
        solved = _in_parts(economy, power, iceberg, solved)
    return system.at(solved)


def _search(system: System, start: Floats) -> FixedPoint:
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return fixed_point(system.step, start, tolerance=TOLERANCE, most=MOST_STEPS)


def _in_parts(
    economy: Economy, power: Floats, iceberg: Floats, failed: FixedPoint
) -> FixedPoint:
    """Return the solution reached by ever longer parts of the shock, in logs."""
    hit = power / economy.power
    state = np.zeros_like(failed.state)
    reached, length, steps = 0.0, 0.5, failed.iterations
    while reached < 1.0 and length > LEAST_PART:
        share = min(1.0, reached + length)
        system = System(economy, economy.power * hit**share, iceberg**share)
        found = _search(system, state)
        steps += found.iterations
        clears = found.residual <= CLEARS
        reached, state = (share, found.state) if clears else (reached, state)
        length *= 1.5 if clears else 0.5
        if clears and share == 1.0:
            return dataclasses.replace(found, iterations=steps)
    return dataclasses.replace(failed, iterations=steps)


def _columns(matrix: Floats, weight: Floats) -> Floats:
    """Return the sum over exporters of matrix times weight, shape (J, N)."""
    return np.matmul(weight[:, None, :], matrix)[:, 0, :]


def _rows(matrix: Floats, weight: Floats) -> Floats:
    """Return the sum over importers of matrix times weight, shape (J, N)."""
    return np.matmul(matrix, weight[:, :, None])[:, :, 0]
