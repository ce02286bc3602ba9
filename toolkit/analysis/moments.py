"""A model on a baseline at one time: at a horizon, or in a year of a path."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import pandas as pd

from toolkit.analysis.aging import ages
from toolkit.analysis.calendars import Calendar
from toolkit.analysis.figures import change, level
from toolkit.analysis.grown import grown, reference_shocks
from toolkit.analysis.reference import GROWN, Drivers
from toolkit.baseline import Baseline
from toolkit.elasticities.horizon import DEFAULT_SPEED, Ages, Horizon, speeds
from toolkit.goal import Target
from toolkit.market import Shocks, compose, flows_of, shocks_of
from toolkit.market.shocks import refuse_crossed_bounds
from toolkit.models import Model, NotConverged
from toolkit.models.parameters import Parameters, library_values
from toolkit.models.partial import PartialEquilibrium
from toolkit.models.ranges import ENDS, FIELDS, SHOWN, elasticity_ends
from toolkit.result import Result
from toolkit.scenario import Scenario


@dataclasses.dataclass(frozen=True, eq=False)
class Road:
    """What is beside the levers on a path: the reference, the calendar, the speed."""

    drivers: Drivers
    calendar: Calendar
    speed: float


@dataclasses.dataclass(frozen=True, eq=False)
class Moment:
    """A model on a baseline at one time, ready to be asked about scenarios.

    Attributes
    ----------
    model : Model
    baseline : Baseline
    horizon : {"long", "short"}, float or Horizon
        Without a road.
    year : int, optional
    road : Road, optional
    ends : mapping of elasticity to {"low", "high"}
        Elasticities of the library that stand at an end of their interval.
    """

    model: Model
    baseline: Baseline
    horizon: object = "long"
    year: int | None = None
    road: Road | None = None
    ends: Mapping[str, str] = dataclasses.field(default_factory=dict)

    @property
    def label(self) -> str:
        """The year as it is called, or the horizon."""
        if self.road is None or self.year is None:
            return Horizon.of(self.horizon).words
        return self.road.calendar.label(self.year)

    @cached_property
    def reference(self) -> Baseline:
        """The baseline at this time: on a path, what its drivers make of today's."""
        if self.road is None or self.year is None:
            return self.baseline
        passed = self.year - self.road.calendar.base
        shocks = reference_shocks(self.baseline, self.road.drivers, passed)
        reached = self._aged(self.baseline, shocks)
        return grown(self.baseline, shocks[-1], reached, self.label)

    def posed(
        self, scenario: Scenario, *, cited: bool = False
    ) -> tuple[Shocks, Parameters | None]:
        """Return the shocks and elasticities of a scenario at this time.

        Parameters
        ----------
        scenario : Scenario
        cited : bool
            With the source of each elasticity, which a search has no use for.
        """
        here = self.reference
        if self.road is None or self.year is None:
            shock = self._shock(scenario, None)
            elasticities = self._long_run(here, cited=cited)
            if elasticities is None:
                return shock, self.model.parameters(here, self.horizon)
            return shock, elasticities.at(Horizon.of(self.horizon))
        shock = self._shock(scenario, self.year)
        return shock, self._aged(here, self._seen(scenario, shock), cited=cited)

    def _seen(self, scenario: Scenario, now: Shocks) -> list[Shocks]:
        """Return what was in force in every year so far, this year's last."""
        assert self.road is not None
        assert self.year is not None
        before = range(self.road.calendar.base + 1, self.year)
        if not any(lever.start or lever.schedule for lever in scenario.levers):
            return [now] * (len(before) + 1)
        here, seen = self.reference, []
        for year in before:
            effects = self.model.effects(here, scenario, year)
            past = dataclasses.replace(now, channels=compose(now.flows, effects))
            refuse_crossed_bounds(past)
            seen.append(past)
        return [*seen, now]

    def _shock(self, scenario: Scenario, year: int | None) -> Shocks:
        """Return what is in force of a scenario's levers in a year."""
        here = self.reference
        shock = shocks_of(here, scenario, self.model.effects(here, scenario, year))
        if self.road is None:
            return shock
        notes = (*shock.notes, *self.road.drivers.notes, self.road.calendar.note)
        why = shock.open_account or (GROWN if self.road.drivers.notes else "")
        return dataclasses.replace(shock, notes=notes, open_account=why)

    def _aged(
        self, here: Baseline, shocks: Sequence[Shocks], *, cited: bool = False
    ) -> Parameters | None:
        """Return the elasticities reached in the last of some years of shocks."""
        elasticities = self._long_run(here, cited=cited)
        if elasticities is None or self.road is None:
            return elasticities
        weights = ages([shock.channels for shock in shocks], shocks[-1])
        age = Ages(
            years=float(len(shocks)),
            speed=self.road.speed,
            weights=weights,
            label=self.label,
        )
        return elasticities.at(age)

    def figure(self, scenario: Scenario, target: Target) -> float:
        """Return the level of a target's figure under a scenario."""
        shock, parameters = self.posed(scenario)
        if target.what == "invisibles":
            return sum(float(entry["usd_mn"]) for entry in shock.invisibles)
        moved = self.model.evaluate(shock, parameters, (change(target),))
        return level(target, shock.flows) + float(moved[..., 0])

    def trade(self, scenario: Scenario) -> dict[str, float]:
        """Return exports, imports, balance and total under a scenario, US$ million."""
        shock, parameters = self.posed(scenario)
        moved = self.model.evaluate(shock, parameters, ("exports", "imports"))
        today = self.reference.balance()
        exports = float(today["exports"] + moved[..., 0])
        imports = float(today["imports"] + moved[..., 1])
        return {
            "exports": exports,
            "imports": imports,
            "balance": exports - imports,
            "total": exports + imports,
        }

    def result(self, scenario: Scenario) -> Result:
        """Return the result of a scenario at this time."""
        model = self.model
        if not isinstance(model, PartialEquilibrium):
            here, horizon = self.reference, self.horizon
            return model.solve(here, scenario, year=self.year, horizon=horizon)
        shock, parameters = self.posed(scenario, cited=True)
        assert parameters is not None
        found = model.answer(scenario, shock, parameters)
        return dataclasses.replace(
            found, answers_without=lambda: self._without(scenario)
        )

    def _without(self, scenario: Scenario) -> pd.DataFrame:
        """Return the changes with one lever at a time left out; NaN where refused."""
        rows = []
        for number in range(len(scenario.levers)):
            rest = [x for n, x in enumerate(scenario.levers) if n != number]
            try:
                posed = self.posed(Scenario(scenario.name, rest))
                rows.append(self.model.evaluate(*posed, SHOWN))
            except (ValueError, NotConverged):
                rows.append(np.full(len(SHOWN), np.nan))
        names = [lever.sentence() for lever in scenario.levers]
        index = pd.Index(names, name="lever", dtype=object)
        table = np.array(rows, dtype=float).reshape(-1, len(SHOWN))
        return pd.DataFrame(table, index, columns=list(SHOWN))

    def variants(self) -> dict[tuple[str, str], Moment]:
        """Return this moment with one assumption at a time at an end.

        Returns
        -------
        dict
            (assumption, "low" or "high") to moment: elasticities of the library, the
            speed of adjustment, each driver that has a range.
        """
        out: dict[tuple[str, str], Moment] = {}
        if isinstance(self.model, PartialEquilibrium):
            given = self.model.given()
            for name, concept, _ in elasticity_ends(flows_of(self.baseline)):
                for end in ENDS if given[concept] is None else ():
                    out[name, end] = dataclasses.replace(self, ends={name: end})
        if self.road is None:
            return out
        if self.road.speed < 1.0:
            published = speeds()
            for end, speed in zip(
                ENDS, (published.min(), published.max()), strict=True
            ):
                out["speed of adjustment", end] = self._on(speed=float(speed))
        for key, end in self.road.drivers.ends:
            out[key, end] = self._on(drivers=self.road.drivers.at(key, end))
        return out

    def _on(self, **changed: object) -> Moment:
        assert self.road is not None
        road = dataclasses.replace(self.road, **changed)  # pyright: ignore[reportArgumentType]
        return dataclasses.replace(self, road=road)

    def _long_run(self, here: Baseline, *, cited: bool) -> Parameters | None:
        if not isinstance(self.model, PartialEquilibrium):
            return None
        whole = self.model.parameters(here)
        moved = {}
        for name, concept, chosen in elasticity_ends(whole.flows):
            if name in self.ends:
                there = library_values(whole.flows, concept, self.ends[name])
                central = getattr(whole, FIELDS[concept])
                moved[FIELDS[concept]] = np.where(chosen, there, central)
        sources = whole.sources if cited else {}
        return dataclasses.replace(whole, **moved, sources=sources)


def default_speed() -> float:
    """Return the published speed of adjustment that paths take."""
    return float(speeds()[DEFAULT_SPEED])
