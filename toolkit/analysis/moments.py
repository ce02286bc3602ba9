"""A model on a baseline at one time: at a horizon, or in a year of a path."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence

import numpy as np

from toolkit.analysis.figures import change, level
from toolkit.analysis.reference import Drivers
from toolkit.baseline import Baseline
from toolkit.elasticities.horizon import DEFAULT_SPEED, Ages, Horizon, speeds
from toolkit.goal import Target
from toolkit.market import Shocks, flows_of, shocks_of
from toolkit.market.flows import Floats
from toolkit.models import Model
from toolkit.models.base import PartialEquilibrium
from toolkit.models.parameters import CONCEPTS, Parameters, library_values
from toolkit.result import Result
from toolkit.scenario import Scenario

FIELDS = dict(zip(CONCEPTS, ("sigma", "eta", "mu"), strict=True))
ENDS = ("low", "high")


@dataclasses.dataclass(frozen=True)
class Calendar:
    """Years counted from a baseline's, and what they are called.

    Attributes
    ----------
    base : int
        The baseline's year, by its first calendar year.
    fiscal : bool
        From April to March.
    """

    base: int
    fiscal: bool

    @classmethod
    def of(cls, baseline: Baseline, base_year: int | None = None) -> Calendar:
        """Return the calendar of a baseline.

        Raises
        ------
        ValueError
            The baseline does not say its year and none is given.

        Examples
        --------
        >>> from toolkit.baseline import load_baseline
        >>> Calendar.of(load_baseline("2025-26")).label(2030)
        '2030-31'
        """
        fiscal = re.fullmatch(r"(\d{4})-(\d\d)", baseline.year)
        plain = re.fullmatch(r"\d{4}", baseline.year)
        if base_year is None and not fiscal and not plain:
            raise ValueError(
                f"The baseline's year is {baseline.year!r}: give base_year, the "
                "calendar year in which it begins."
            )
        first = base_year if base_year is not None else int(baseline.year[:4])
        return cls(first, fiscal=fiscal is not None)

    def label(self, year: int) -> str:
        """Return a year as it is called."""
        return f"{year}-{(year + 1) % 100:02d}" if self.fiscal else str(year)

    @property
    def note(self) -> str:
        """What a year of a lever means here."""
        if not self.fiscal:
            return "Years are calendar years."
        return (
            "Years are fiscal, April to March, named by their first calendar year: a "
            f"lever from {self.base + 1} is in force in all of "
            f"{self.label(self.base + 1)}."
        )


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

    def posed(self, scenario: Scenario) -> tuple[Shocks, Parameters | None]:
        """Return the shocks and elasticities of a scenario at this time."""
        if self.road is None or self.year is None:
            shock = self.shock(scenario, None)
            elasticities = self._long_run()
            if elasticities is None:
                return shock, self.model.parameters(self.baseline, self.horizon)
            return shock, elasticities.at(Horizon.of(self.horizon))
        years = range(self.road.calendar.base + 1, self.year + 1)
        shocks = [self.shock(scenario, year) for year in years]
        return shocks[-1], self.aged(shocks, self.label)

    def shock(self, scenario: Scenario, year: int | None) -> Shocks:
        """Return the shocks of one year, the reference path with them."""
        effects = self.model.effects(self.baseline, scenario, year)
        if self.road is None or year is None:
            return shocks_of(self.baseline, scenario, effects)
        passed = year - self.road.calendar.base
        growth = self.road.drivers.effect(flows_of(self.baseline), passed)
        shock = shocks_of(self.baseline, scenario, [*effects, growth])
        notes = (*shock.notes, *self.road.drivers.notes, self.road.calendar.note)
        return dataclasses.replace(shock, notes=notes)

    def aged(self, shocks: Sequence[Shocks], label: str) -> Parameters | None:
        """Return the elasticities reached in the last of some years of shocks."""
        elasticities = self._long_run()
        if elasticities is None or self.road is None:
            return elasticities
        weights = ages(np.stack([shock.channels for shock in shocks]), shocks[-1])
        age = Ages(
            years=float(len(shocks)),
            speed=self.road.speed,
            weights=weights,
            label=label,
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
        today = self.baseline.balance()
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
        if not isinstance(self.model, PartialEquilibrium):
            if self.road is not None:
                raise ValueError(
                    f"{self.model.name} gives no result by year of a path."
                )
            return self.model.solve(self.baseline, scenario, horizon=self.horizon)
        shock, parameters = self.posed(scenario)
        assert parameters is not None
        return self.model.answer(scenario, shock, parameters)

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
            for concept, given in self.model.given().items():
                for end in ENDS if given is None else ():
                    moved = dataclasses.replace(self, ends={concept: end})
                    out[concept.replace("_", " "), end] = moved
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

    def _long_run(self) -> Parameters | None:
        if not isinstance(self.model, PartialEquilibrium):
            return None
        whole = self.model.parameters(self.baseline)
        moved = {
            FIELDS[concept]: library_values(whole.flows, concept, end)
            for concept, end in self.ends.items()
        }
        return dataclasses.replace(whole, **moved) if moved else whole


def default_speed() -> float:
    """Return the published speed of adjustment that paths take."""
    return float(speeds()[DEFAULT_SPEED])


def ages(channels: Floats, shock: Shocks) -> Floats:
    """Return how old the price changes are that each flow's market has seen.

    A change of price, cost, duty or bound weighs by its size in logs and by the
    share of the flow it falls on; growth of income weighs nothing, since no price
    elasticity answers it.

    Parameters
    ----------
    channels : ndarray, shape (T, C, L)
        Of T years that follow each other, the first after the baseline's.
    shock : Shocks
        Any of them.

    Returns
    -------
    ndarray, shape (T, L)
        Row k: share of the changes so far that is k + 1 years old. Where nothing has
        changed all is T years old.
    """
    flows = shock.flows
    years = dataclasses.replace(shock, channels=channels)
    spending = np.where(flows.spending > 0, flows.spending, 1.0)
    notional = years["newcomer"] / flows.by_flow(spending)
    with np.errstate(divide="ignore"):
        cap = np.log(np.clip(years.cap, 1e-6, 1.0))
        floor = np.log(np.maximum(years["floor"], 1.0))
    price = np.log(years.wedge * years.cost * years.iceberg)
    levels = np.stack([price, cap, floor, (notional > 0).astype(float)])
    moved = np.abs(np.diff(levels, axis=1, prepend=0.0)).sum(axis=0)
    weight = np.maximum(flows.share, notional.max(axis=0))
    pressed = flows.total(moved * weight)[::-1]  # row k: k + 1 years ago
    whole = pressed.sum(axis=0)
    old = np.zeros_like(pressed)
    old[-1] = 1.0
    shares = np.where(whole > 0, pressed / np.where(whole > 0, whole, 1.0), old)
    return flows.by_flow(shares)
