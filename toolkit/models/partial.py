"""Models of separate product markets: from levers to a result, market by market."""

from __future__ import annotations

import abc
import dataclasses
import time
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, ClassVar

import numpy as np

from toolkit.baseline import Baseline
from toolkit.elasticities.horizon import LONG, Horizon
from toolkit.market import Part, Shocks, alike_as_one, shocks_on_part
from toolkit.market.flows import Floats, Integers
from toolkit.models.accounts import TIGHT, Outcome, flow_accounts, market_accounts
from toolkit.models.band import band
from toolkit.models.base import CELLS, Model
from toolkit.models.draws import some, some_of
from toolkit.models.gather import gathered
from toolkit.models.metrics import METRICS, Metric, measure
from toolkit.models.parameters import (
    CONCEPTS,
    Case,
    Given,
    Parameters,
    keep_given,
    resolve,
)
from toolkit.models.ranges import in_other_years, one_at_a_time
from toolkit.models.refusals import refuse_failed, refuse_impossible, refuse_unknown
from toolkit.models.without import without_each
from toolkit.result import Result, Solver
from toolkit.scenario import Scenario


@dataclasses.dataclass(frozen=True, eq=False)
class PartialEquilibrium(Model):
    """A model of separate product markets, its equations in ``outcome``.

    Attributes
    ----------
    merges : bool
        Whether suppliers with the same shocks and supply elasticity may be solved as
        one: exact where they keep their proportions, as in a CES nest.
    """

    substitution_elasticity: Given = None
    import_demand_elasticity: Given = None
    export_supply_elasticity: Given = None
    case: Case = "central"

    separable: ClassVar[bool] = True
    merges: ClassVar[bool] = False

    def __post_init__(self) -> None:
        keep_given(self)

    def given(self) -> Mapping[str, Given]:
        """Return the three elasticities as the user gave them."""
        return {field: getattr(self, field) for field in CONCEPTS}

    @abc.abstractmethod
    def outcome(self, shock: Shocks, parameters: Parameters) -> Outcome:
        """Return the counterfactual of given shocks as arrays; axes may lead."""

    def parameters(self, baseline: Baseline, horizon: object = LONG) -> Parameters:
        """Return the elasticities of every flow at a horizon."""
        return resolve(self, baseline).at(Horizon.of(horizon))

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
        scenario : Scenario, Result, levers, or path or name of a scenario file
            What :meth:`Scenario.of` takes.
        year : int, optional
            Calendar year for staged levers; without it they are fully in force.
        horizon : {"long", "short"}, float or Horizon
            Years after the change; "short" is the first year. All elasticities, your
            own too, are read as long-run values and scaled to what is reached by then
            (:class:`toolkit.elasticities.Horizon`); infinite supply stays infinite.

        Raises
        ------
        ValueError
            A lever that the model cannot carry, by name, or that names what the
            baseline does not hold.
        toolkit.models.ces.NotConverged
            A market that does not clear, or an answer that breaks an identity.

        Notes
        -----
        From levers to a result in seven steps:

        1. the baseline as arrays of flows, markets side by side (``market.flows``);
        2. each lever as an effect: channel values on some flows
           (``market.effects``), refused if the model does not carry the channel;
        3. the markets that they touch, suppliers that nothing tells apart as one
           (``market.part``), and effects composed into one value by channel and flow
           (``market.shocks``);
        4. elasticities by flow, the user's before the library's
           (``models.parameters``);
        5. these markets solved by the model's equations (``outcome``; for Armington
           ``models.ces``);
        6. prices and quantities valued as flows, revenue, rents and surplus
           (``models.accounts``);
        7. identities held, or :class:`~toolkit.NotConverged`; the result gathered
           (``models.gather``).
        """
        scenario = Scenario.of(scenario)
        effects = self.effects(baseline, scenario, year)
        parameters = self.parameters(baseline, horizon)
        supply = parameters.mu if self.merges else None
        part, shock = shocks_on_part(baseline, scenario, effects, supply)
        again = partial(self.solve, year=year, horizon=horizon)
        others = partial(in_other_years, again, baseline, scenario)
        told = (baseline, scenario, effects, parameters)
        return self._answer(
            scenario,
            part,
            shock,
            parameters,
            answers_in_other_years=others,
            answers_without=partial(without_each, self, *told),
        )

    def answer(
        self, scenario: Scenario, shock: Shocks, parameters: Parameters
    ) -> Result:
        """Return the result of shocks and elasticities that are already known.

        Parameters
        ----------
        scenario : Scenario
            Whose name and levers the result carries.
        shock : Shocks
            Of all flows, without draws.
        parameters : Parameters
            Of all flows.
        """
        part = Part.of(shock.flows, _touched(shock))
        return self._answer(scenario, part, shock.take(part.chosen), parameters)

    def _answer(
        self,
        scenario: Scenario,
        part: Part,
        shock: Shocks,
        parameters: Parameters,
        **rest: Any,
    ) -> Result:
        started = time.perf_counter()
        values = parameters.take(part.kept, part.flows)
        outcome = self._solved(shock, values)
        result = gathered(self.name, scenario, parameters, (part, shock, outcome))
        residual = max(float(np.max(one.residual)) for one in outcome.residuals)
        seconds = time.perf_counter() - started
        return dataclasses.replace(
            result,
            answers_at_ends=partial(one_at_a_time, self, shock, values),
            answers_drawn=partial(band, self, self.given(), part, shock, values),
            solver=Solver(outcome.iterations, residual, TIGHT, seconds),
            **rest,
        )

    def evaluate(
        self,
        shocks: Shocks,
        parameters: Parameters | None = None,
        metrics: Sequence[Metric] = tuple(METRICS),
        *,
        cells: int = CELLS,
    ) -> Floats:
        """Return a few numbers of each of many shocks and parameters.

        Only the markets that some draw touches are solved, so many draws at a time
        as fit into ``cells``; each is held to the identities of :meth:`solve`. A draw
        alone has the bits it has among others; where draws share shocks and supply,
        suppliers that nothing tells apart are solved as one, as :meth:`solve` does,
        which moves last digits.

        Parameters
        ----------
        shocks : Shocks
            Channels of shape (..., C, L).
        parameters : Parameters, optional
            Elasticities of shape (..., L) for the same flows; default the model's.
        metrics : sequence of str or callable
            Of :data:`toolkit.models.metrics.METRICS`, or functions like them.
        cells : int
            Draws times flows solved at a time.

        Returns
        -------
        ndarray, shape (..., K)
            Changes, US$ million.

        Raises
        ------
        toolkit.models.ces.NotConverged
            A draw that does not clear or breaks an identity.
        """
        if parameters is None:
            whole = resolve(self, shocks.flows.baseline)
            parameters = whole.take(shocks.flows.origin)
        chosen = _touched(shocks)
        part, values = shocks.take(chosen), parameters.take(chosen)
        if self.merges and all(isinstance(metric, str) for metric in metrics):
            part, values = _with_few(part, values)
        arrays = (values.sigma, values.eta, values.mu)
        lead = np.broadcast_shapes(
            part.channels.shape[:-2], *(array.shape[:-1] for array in arrays)
        )
        draws = int(np.prod(lead, dtype=int))
        step = max(1, cells // len(part.flows))
        pieces = [
            np.broadcast_to(
                self._measured(
                    some(part, lead, rows), some_of(values, lead, rows), metrics
                ),
                (len(rows), len(metrics)),
            )
            for rows in np.split(np.arange(draws), range(step, draws, step))
        ]
        return np.concatenate(pieces).reshape(*lead, len(metrics))

    def _measured(
        self, shock: Shocks, parameters: Parameters, metrics: Sequence[Metric]
    ) -> Floats:
        outcome = self._solved(shock, parameters)
        with np.errstate(over="ignore", invalid="ignore"):  # refused by name, below
            by_flow = flow_accounts(shock, outcome)
            by_market = market_accounts(shock, outcome, by_flow)
            measured = measure(shock.flows, by_flow, by_market, metrics)
        return refuse_unknown(measured, metrics)

    def _solved(self, shock: Shocks, parameters: Parameters) -> Outcome:
        """Return an outcome that holds, or raise: all numbers come this way."""
        refuse_impossible(shock)
        with np.errstate(all="ignore"):  # what overflows is refused by name
            outcome = self.outcome(shock, parameters)
        refuse_failed(shock.flows, outcome)
        return outcome


def _with_few(shock: Shocks, parameters: Parameters) -> tuple[Shocks, Parameters]:
    """Solve suppliers that are alike as one, where draws share their shocks."""
    several = parameters.sigma.ndim > 1 or parameters.eta.ndim > 1
    if shock.channels.ndim > 2 or parameters.mu.ndim > 1 or not several:
        return shock, parameters
    few = alike_as_one(shock.flows, shock.channels, parameters.mu)
    channels = shock.channels[:, few.kept]
    shock = dataclasses.replace(shock, flows=few.flows, channels=channels)
    return shock, parameters.take(few.kept, few.flows)


def _touched(shock: Shocks) -> Integers:
    """Return the flows of the markets that some draw touches, one at the least."""
    markets = np.flatnonzero(shock.touched)
    return shock.flows.within(markets if len(markets) else np.array([0]))
