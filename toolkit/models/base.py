"""The contract of every model: what it carries, ``solve`` and ``evaluate``.

A model of separate markets derives from
:class:`~toolkit.models.partial.PartialEquilibrium` and adds its equations in
``outcome``. A model in which all markets clear together derives from :class:`Model`.
"""

from __future__ import annotations

import abc
from collections.abc import Sequence
from typing import ClassVar

from toolkit.baseline import Baseline
from toolkit.elasticities.horizon import LONG, Horizon
from toolkit.market import CHANNELS, Effect, Shocks, effects_of
from toolkit.market.flows import Floats
from toolkit.models.metrics import METRICS, Metric
from toolkit.models.parameters import (
    Parameters,
)
from toolkit.result import Result
from toolkit.scenario import Scenario
from toolkit.schema import shown

CELLS = 100_000  # draws times flows solved at a time: arrays that a cache holds


class Model(abc.ABC):
    """What every model says of itself, and the two verbs that questions call.

    Attributes
    ----------
    name : str
        As shown with results.
    carries : frozenset of str
        Channels (:data:`toolkit.market.CHANNELS`) that the model can carry; a lever
        that sets another one is refused.
    otherwise : str
        What to do then, the end of that sentence.
    separable : bool
        Whether markets are solved apart, so that a question may be asked market by
        market.
    assumes, use : str
        What it takes for given, and what to use it for: half a sentence each.
    """

    name: ClassVar[str]
    carries: ClassVar[frozenset[str]] = frozenset(CHANNELS)
    otherwise: ClassVar[str] = ""
    separable: ClassVar[bool] = False
    assumes: ClassVar[str] = ""
    use: ClassVar[str] = ""

    @abc.abstractmethod
    def solve(
        self,
        baseline: Baseline,
        scenario: Scenario | Result | str,
        *,
        year: int | None = None,
        horizon: object = LONG,
    ) -> Result:
        """Return the counterfactual of one scenario with everything behind it."""

    @abc.abstractmethod
    def evaluate(
        self,
        shocks: Shocks,
        parameters: Parameters | None = None,
        metrics: Sequence[Metric] = tuple(METRICS),
        *,
        cells: int = CELLS,
    ) -> Floats:
        """Return a few numbers of each of many shocks and parameters."""

    def parameters(
        self, baseline: Baseline, horizon: object = LONG
    ) -> Parameters | None:
        """Return the elasticities at a horizon; None where a model has none by flow.

        Raises
        ------
        ValueError
            A horizon that the model cannot tell from the long run.
        """
        when = Horizon.of(horizon)
        if when != LONG:
            raise ValueError(
                f"{self.name} knows the long run only, not '{when.words}'."
            )
        return None

    def effects(
        self,
        baseline: Baseline,
        scenario: Scenario | Result | str,
        year: int | None = None,
    ) -> list[Effect]:
        """Return the effect of each lever.

        Raises
        ------
        ValueError
            A lever that the model cannot carry, by name.
        """
        _check_asked(baseline)
        scenario = Scenario.of(scenario)
        effects = effects_of(baseline, scenario, year)
        for lever, effect in zip(scenario.levers, effects, strict=True):
            if not effect.carried <= self.carries:
                raise ValueError(
                    f"{self.name} cannot carry {type(lever).__name__} "
                    f"('{lever.sentence()}'){self.otherwise}"
                )
        return effects


def _check_asked(baseline: object) -> None:
    if not isinstance(baseline, Baseline):
        raise ValueError(f"A model solves a Baseline, not {shown(baseline)}.")
