"""What the partial-equilibrium models share: parameters, and the one verb."""

from __future__ import annotations

import dataclasses
from typing import Any, ClassVar

import pandas as pd

from toolkit.baseline import Baseline
from toolkit.levers import Lever
from toolkit.market import Shocks, shocks
from toolkit.models.batch import Game, games
from toolkit.models.outcome import Outcome, to_result
from toolkit.models.parameters import Parameters, keep_given, resolve
from toolkit.result import Result
from toolkit.scenario import Scenario


@dataclasses.dataclass(frozen=True, eq=False)
class PartialEquilibrium:
    """Elasticities of a model of separate product markets.

    A model adds its equations in ``values`` and, if there are levers that it
    cannot carry, names those it can in ``carries``.
    """

    substitution_elasticity: float | pd.Series | None = None
    import_demand_elasticity: float | pd.Series | None = None
    export_supply_elasticity: float | pd.Series | None = None
    case: str = "central"

    name: ClassVar[str] = ""
    carries: ClassVar[tuple[type[Lever], ...]] = (Lever,)
    otherwise: ClassVar[str] = ""

    def __post_init__(self) -> None:
        keep_given(self)

    def solve(
        self, baseline: Baseline, scenario: Scenario, *, year: int | None = None
    ) -> Result:
        """Return the counterfactual of a scenario.

        Parameters
        ----------
        baseline : Baseline
        scenario : Scenario
        year : int, optional
            Calendar year for staged levers; without it they are fully in force.

        Raises
        ------
        ValueError
            A lever that the model cannot carry, by name, or that names what the
            baseline does not hold.
        """
        self.refuse_others(scenario)
        parameters = resolve(self, baseline)
        shock = shocks(baseline, scenario, year)
        outcome = self.values(shock, parameters)
        return to_result(self, baseline, scenario, shock, parameters, outcome)

    def values(self, shock: Shocks, parameters: Parameters) -> Outcome:
        """Return the counterfactual of given shocks as arrays."""
        raise NotImplementedError

    def games(
        self,
        baseline: Baseline,
        scenario: Scenario,
        masks_for: Any,
        year: int | None = None,
    ) -> list[Game]:
        """Return combinations of the levers, for :func:`toolkit.attribute`."""
        self.refuse_others(scenario)
        return games(self, baseline, scenario, masks_for, year)

    def refuse_others(self, scenario: Scenario) -> None:
        """Raise for the first lever that the model cannot carry."""
        for lever in scenario.levers:
            if not isinstance(lever, self.carries):
                raise ValueError(
                    f"{self.name} cannot carry {type(lever).__name__} "
                    f"('{lever.sentence()}'){self.otherwise}"
                )
