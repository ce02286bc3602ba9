"""What a worker needs to answer some draws: plain arrays, a model and the ranges."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Protocol

import numpy as np

from toolkit.market import Shocks
from toolkit.market.flows import Floats, Integers
from toolkit.models.fast import LINEAR, Layout, Supply, laid_out, quick_sums
from toolkit.models.parameters import CONCEPTS, Parameters
from toolkit.models.points import DATA, ELASTICITIES, Points, own_numbers
from toolkit.models.priors import NORMAL_95, Spread

Normals = Mapping[str, Floats]  # elasticity -> standard normal numbers, (N, M)
FACTORS = dict(zip(ELASTICITIES, CONCEPTS, strict=True))


class Evaluates(Protocol):
    """What is asked of a model here."""

    def evaluate(
        self, shocks: Shocks, parameters: Parameters | None, metrics: Sequence[str]
    ) -> Floats:
        """Return a few numbers of each draw."""
        ...


class Ranges(Protocol):
    """Uncertain fields of levers."""

    @property
    def names(self) -> tuple[str, ...]:
        """Their names."""
        ...

    def shocks(self, points: Points) -> Shocks:
        """Return the shocks of each draw."""
        ...


@dataclasses.dataclass(frozen=True, eq=False)
class Task:
    """A scenario's touched markets with the distribution of all that is drawn.

    Attributes
    ----------
    model : Evaluates
    shock : Shocks
        At the centre of all levers.
    central : Parameters
        Of the same suppliers.
    spread : mapping of elasticity to Spread
    markets : ndarray of int, shape (M,)
        Positions in the baseline, which name the random numbers.
    correlation : float
        Of two products' elasticities, on the log scale.
    seed : int
    metrics : tuple of str
    compiled : bool
        By the numba kernel.
    ranges : Ranges, optional
        Uncertain fields of levers.
    data : mapping of flow to float
        Standard deviation of the log error of exports and imports as recorded.
    """

    model: Evaluates
    shock: Shocks
    central: Parameters
    spread: Mapping[str, Spread]
    markets: Integers
    correlation: float
    seed: int
    metrics: tuple[str, ...]
    compiled: bool
    ranges: Ranges | None = None
    data: Mapping[str, float] = dataclasses.field(default_factory=dict)

    def factors(self) -> tuple[str, ...]:
        """Return the names of all that varies."""
        moved = [name for name in ELASTICITIES if self.spread[name].drawn]
        levers = self.ranges.names if self.ranges is not None else ()
        errors = [name for name in DATA if self.data.get(name.split()[0], 0.0) > 0]
        return (*moved, *levers, *errors)

    def changes(self, points: Points) -> Floats:
        """Return the change of each metric in each draw, US$ million, shape (N, K).

        Raises
        ------
        toolkit.NotConverged
            A draw without an answer.
        """
        return self.at(self._normals(points), points)

    def at(self, normals: Normals, points: Points) -> Floats:
        """Return the changes where the elasticities' normal numbers are given."""
        shock = self.shock if self.ranges is None else self.ranges.shocks(points)
        sigma, eta, supply = self._elasticities(normals)
        if not (self.compiled and set(self.metrics) <= set(LINEAR)):
            found = self._plainly(shock, sigma, eta, supply)
        else:
            layout = self._layout if self.ranges is None else self._laid_out(shock)
            found, done = quick_sums(layout, sigma, eta, supply)
            rest = np.flatnonzero(~done)
            if len(rest):
                one = shock.channels.ndim == 2
                channels = shock.channels if one else shock.channels[rest]
                moves, slack = (
                    values if len(values) == 1 else values[rest]
                    for values in (supply.moves, supply.slack)
                )
                found[rest] = self._plainly(
                    dataclasses.replace(shock, channels=channels),
                    sigma[rest],
                    eta[rest],
                    supply._replace(moves=moves, slack=slack),
                )
        return found * self.errors(points)

    @cached_property
    def _layout(self) -> Layout:
        return self._laid_out(self.shock)

    def _laid_out(self, shock: Shocks) -> Layout:
        return laid_out(shock, self.metrics)

    def errors(self, points: Points) -> Floats:
        """Return what the true flows are over those recorded, shape (N, K)."""
        out = np.ones((len(points), len(self.metrics)))
        for name in DATA:
            flow = name.split()[0]
            if flow in self.metrics and self.data.get(flow, 0.0) > 0:
                z = _normal(points.share[name])
                out[:, self.metrics.index(flow)] = np.exp(self.data[flow] * z)
        return out

    def _plainly(
        self, shock: Shocks, sigma: Floats, eta: Floats, supply: Supply
    ) -> Floats:
        flows = shock.flows
        with np.errstate(divide="ignore"):
            mu = 1.0 / supply.inverse(flows.market)
        mu = np.broadcast_to(mu, (len(sigma), len(flows)))
        values = Parameters(flows, flows.by_flow(sigma), flows.by_flow(eta), mu)
        found = self.model.evaluate(shock, values, self.metrics)
        return np.broadcast_to(found, (len(sigma), len(self.metrics))).copy()

    def _normals(self, points: Points) -> dict[str, Floats]:
        """Return the logs' standard normal numbers, product by product.

        Part of each is common to all products, the rest its own.
        """
        out = {}
        for stream, name in enumerate(ELASTICITIES):
            spread = self.spread[name]
            together = _normal(points.share[name])[:, None]
            own = self.correlation < 1.0 or (spread.row >= 0).any()
            if not spread.drawn or not own:
                out[name] = np.broadcast_to(together, (len(points), len(self.markets)))
                continue
            numbers = self._own(stream, points.own[name], self.markets)
            numbers *= np.sqrt(1.0 - self.correlation)
            numbers += np.sqrt(self.correlation) * together
            out[name] = self._joint(numbers, spread, points.own[name], stream)
        return out

    def _own(self, stream: int, draws: Integers, markets: Integers) -> Floats:
        return own_numbers(self.seed, stream, draws, markets, compiled=self.compiled)

    def _joint(
        self, numbers: Floats, spread: Spread, draws: Integers, stream: int
    ) -> Floats:
        """Put the covariance of an own estimate in the place of the correlation."""
        mine = np.flatnonzero(spread.row >= 0)
        if not len(mine):
            return numbers
        size = len(spread.factor)
        basic = self._own(stream + len(ELASTICITIES), draws, np.arange(size))
        joint = np.zeros((len(draws), len(mine)))
        for column in range(size):  # in this order, whatever the number of draws
            weight = spread.factor[spread.row[mine], column]
            joint += basic[:, column, None] * weight
        known = np.where(spread.deviation[mine] > 0, spread.deviation[mine], 1.0)
        numbers[:, mine] = joint / known
        return numbers

    def _elasticities(self, normals: Normals) -> tuple[Floats, Floats, Supply]:
        """Return sigma and eta of each market, and the inverse of mu."""
        count = len(next(iter(normals.values())))
        markets = []
        for name, central in zip(ELASTICITIES, self._by_market(), strict=False):
            scale = self.spread[name].deviation
            if scale.any():
                drawn = scale * normals[name]
                np.exp(drawn, out=drawn)
                drawn *= central
                if self.spread[name].least > 0:
                    least = np.minimum(self.spread[name].least, central)
                    np.maximum(drawn, least, out=drawn)
                central = drawn
            markets.append(np.broadcast_to(central, (count, len(scale))))
        sigma, eta = markets
        return sigma, eta, self._supply(normals[ELASTICITIES[2]])

    def _supply(self, normal: Floats) -> Supply:
        spread, infinite = self.spread[ELASTICITIES[2]], np.isinf(self.central.mu)
        moves, slack = np.ones((1, len(self.markets))), np.zeros((1, len(self.markets)))
        varied = np.flatnonzero(spread.deviation)
        if len(varied):
            moves = np.ones(normal.shape)
            moves[:, varied] = np.exp(-spread.deviation[varied] * normal[:, varied])
        if spread.ceiling.any():
            slack = normal * (-spread.ceiling / NORMAL_95)
            np.maximum(slack, 0.0, out=slack)
        return Supply(1.0 / self.central.mu, infinite.astype(float), moves, slack)

    def _by_market(self) -> tuple[Floats, Floats]:
        starts = self.central.flows.starts
        return self.central.sigma[starts], self.central.eta[starts]


def _normal(share: Floats) -> Floats:
    from scipy.special import ndtri  # loaded for draws only

    return ndtri(share)
