"""What world models share: all markets clear together, home sales included."""

from __future__ import annotations

import abc
import dataclasses
import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from toolkit.baseline import Baseline
from toolkit.elasticities.horizon import LONG
from toolkit.market import Shocks, shocks_of
from toolkit.market.flows import Floats, Flows
from toolkit.market.world import WORLD_CHANNELS, World, world_of
from toolkit.models.answer import Answer, measured, refuse_broken, result_of
from toolkit.models.base import CELLS, Model
from toolkit.models.metrics import METRICS, Metric
from toolkit.models.parameters import Parameters
from toolkit.models.refusals import refuse_impossible
from toolkit.result import Result
from toolkit.scenario import Scenario


class WorldModel(Model):
    """A model of the whole world at once, its equations in ``answer``.

    Scenarios reach it through the same channels as any model; the arrays it solves
    are those of :func:`toolkit.market.world.world_of`.
    """

    carries: ClassVar[frozenset[str]] = WORLD_CHANNELS
    otherwise: ClassVar[str] = (
        ": it knows duties and resource costs of trade only. Use Armington."
    )

    @abc.abstractmethod
    def values(self, flows: Flows, parameters: Parameters | None) -> Any:
        """Return the elasticities this model uses on a baseline's flows."""

    @abc.abstractmethod
    def answer(self, shock: Shocks, world: World, values: Any) -> Answer:
        """Return the counterfactual of one scenario."""

    @abc.abstractmethod
    def used(self, flows: Flows) -> pd.DataFrame:
        """Return the elasticities used, with their sources."""

    @abc.abstractmethod
    def ends(self, shock: Shocks) -> Callable[[], pd.DataFrame] | None:
        """Return what gives the answers at the ends of the library's intervals."""

    def solve(
        self,
        baseline: Baseline,
        scenario: Scenario | Result | str,
        *,
        year: int | None = None,
        horizon: object = LONG,
    ) -> Result:
        """Return the counterfactual of a scenario.

        Parameters
        ----------
        baseline : Baseline
            Of the whole world: rows with importer == exporter are home sales.
        scenario : Scenario
        year : int, optional
            Calendar year for staged levers; without it they are fully in force.
        horizon : {"long"}
            World models know the long run only.

        Raises
        ------
        ValueError
            Another horizon; a lever that the model cannot carry, or that names what
            the baseline does not hold; a baseline that is not a whole world.
        toolkit.NotConverged
            A world that does not clear, with the residual and the worst market.
        """
        started = time.perf_counter()
        self.parameters(baseline, horizon)
        scenario = Scenario.of(scenario)
        effects = self.effects(baseline, scenario, year)
        shock = shocks_of(baseline, scenario, effects)
        refuse_impossible(shock)
        world = world_of(shock)
        answer = self._held(shock, world, self.values(shock.flows, None))
        return result_of(
            self.name,
            scenario,
            shock,
            world,
            answer,
            elasticities=partial(self.used, shock.flows),
            ends=self.ends(shock),
            seconds=time.perf_counter() - started,
        )

    def evaluate(
        self,
        shocks: Shocks,
        parameters: Parameters | None = None,
        metrics: Sequence[Metric] = tuple(METRICS),
        *,
        cells: int = CELLS,
    ) -> Floats:
        """Return a few numbers of each of many shocks, one world after another.

        Parameters
        ----------
        shocks : Shocks
            Channels of shape (..., C, L).
        parameters : Parameters, optional
            Elasticities of shape (..., L), where the model takes them.
        metrics : sequence of str
        cells : int
            Not used: a world is solved whole.

        Returns
        -------
        ndarray, shape (..., K)
            Changes, US$ million.
        """
        lead = shocks.channels.shape[:-2]
        if parameters is not None:
            arrays = (parameters.sigma, parameters.eta, parameters.mu)
            lead = np.broadcast_shapes(lead, *(a.shape[:-1] for a in arrays))
        out = np.empty((*lead, len(metrics)))
        for draw in np.ndindex(*lead):
            shock = dataclasses.replace(
                shocks, channels=_of(shocks.channels, draw, lead, 2)
            )
            refuse_impossible(shock)
            values = self.values(shocks.flows, _drawn(parameters, draw, lead))
            answer = self._held(shock, world_of(shock), values)
            out[draw] = measured(shock, answer, metrics)
        return out

    def _held(self, shock: Shocks, world: World, values: Any) -> Answer:
        """Return an answer that holds, or raise: all numbers come this way."""
        with np.errstate(all="ignore"):  # what has no end is refused by name
            answer = self.answer(shock, world, values)
        refuse_broken(answer)
        return answer


def _of(
    values: Floats, draw: tuple[int, ...], lead: tuple[int, ...], last: int
) -> Floats:
    wide = np.broadcast_to(values, (*lead, *values.shape[-last:]))
    return wide[draw]


def _drawn(
    parameters: Parameters | None, draw: tuple[int, ...], lead: tuple[int, ...]
) -> Parameters | None:
    if parameters is None:
        return None
    names = ("sigma", "eta", "mu")
    one = {name: _of(getattr(parameters, name), draw, lead, 1) for name in names}
    return dataclasses.replace(parameters, **one)
