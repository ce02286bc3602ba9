"""The world equilibrium in hats: one step of its fixed point, and the world there.

Symbols, as in Caliendo and Parro (2015), exporter first: ``pi`` expenditure shares,
``tau`` hat of the tariff power T, ``d`` hat of resource cost, ``theta`` trade
elasticity, ``w`` hat of the price of factors, ``c`` of the cost of a good, ``P`` of its
price in a market, ``S`` output, ``X`` expenditure. Arrays are goods (J) x exporters x
importers, or goods x countries (N). One good without inputs is the gravity model.
"""

from __future__ import annotations

import math

import numpy as np

from toolkit.market.flows import Floats
from toolkit.models.equilibrium_parts import Economy, Equilibrium
from toolkit.models.fixed_point import FixedPoint

SMALL = 0.1  # below such a theta prices are summed anew


class System:
    """The fixed point of one counterfactual; everything that stays is made once."""

    def __init__(self, economy: Economy, power: Floats, iceberg: Floats) -> None:
        self.economy = economy
        self.theta = economy.theta[:, None]
        self.hit = power, iceberg
        self.bought, self.paid = _scaled(economy, power, iceberg)
        self.untaxed = self.paid is self.bought
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
        after, iceberg = self.hit
        hit = np.log(after / self.economy.power * iceberg)
        power = -self.theta[..., None] * (hit + cost[:, :, None])
        grown = (self.economy.share * np.expm1(power)).sum(axis=1)
        return -np.log1p(grown) / self.theta


def _scaled(economy: Economy, power: Floats, iceberg: Floats) -> tuple[Floats, Floats]:
    """Return shares times hit^-theta, and these less what the importer collects.

    Powers are taken where something is hit; without tariffs both are one array.
    """
    moved = np.flatnonzero((power != economy.power) | (iceberg != 1.0))
    after = power.reshape(-1)[moved]
    hit = after / economy.power.reshape(-1)[moved] * iceberg.reshape(-1)[moved]
    theta = economy.theta[moved // (power.shape[1] * power.shape[2])]
    bought = economy.share.copy()
    bought.reshape(-1)[moved] *= np.exp(-theta * np.log(hit))
    if (after == 1.0).all() and (economy.untaxed or (power == 1.0).all()):
        return bought, bought
    paid = economy.kept.copy()
    paid.reshape(-1)[moved] = bought.reshape(-1)[moved] / after
    return bought, paid


def _columns(matrix: Floats, weight: Floats) -> Floats:
    """Return the sum over exporters of matrix times weight, shape (J, N)."""
    return np.matmul(weight[:, None, :], matrix)[:, 0, :]


def _rows(matrix: Floats, weight: Floats) -> Floats:
    """Return the sum over importers of matrix times weight, shape (J, N)."""
    return np.matmul(matrix, weight[:, :, None])[:, :, 0]
