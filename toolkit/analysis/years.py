"""A scenario year by year: the road from the baseline to a later year."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd

from toolkit.analysis.moments import Calendar, Moment, Road, default_speed
from toolkit.analysis.progress import watched
from toolkit.analysis.reference import Drivers
from toolkit.baseline import Baseline
from toolkit.goal import Course, Target
from toolkit.models import Model
from toolkit.models.base import PartialEquilibrium
from toolkit.models.parameters import Parameters
from toolkit.result import Result
from toolkit.scenario import Scenario

FIGURES = ("exports", "imports", "balance", "total")
Settings = tuple[object, float | None, int | None]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Path:
    """A scenario in every year after the baseline's. Made by :func:`path`.

    Attributes
    ----------
    model : Model
    baseline : Baseline
    scenario : Scenario
    road : Road
        Drivers, calendar, speed of adjustment.
    years : tuple of int
        By first calendar year.
    """

    model: Model
    baseline: Baseline
    scenario: Scenario
    road: Road
    years: tuple[int, ...]

    def moment(self, year: int) -> Moment:
        """Return one year of the path, ready to be asked about scenarios.

        Raises
        ------
        ValueError
            A year that is not on the path.
        """
        if year not in self.years:
            raise ValueError(
                f"{year} is not on the path, which goes from {self.years[0]} to "
                f"{self.years[-1]}."
            )
        return Moment(self.model, self.baseline, year=year, road=self.road)

    def result(self, year: int) -> Result:
        """Return a year's result: the baseline beside that year under the scenario."""
        return self.results[year]

    @cached_property
    def results(self) -> Mapping[int, Result]:
        """Year to result."""
        return MappingProxyType(_Results(self))

    @cached_property
    def _table(self) -> pd.DataFrame:
        with_levers = self._figures(self.scenario)
        without = self._figures(Scenario("Reference"))
        names = ["scenario", "reference"]
        return pd.concat([with_levers, without], axis=1, keys=names)

    def table(self) -> pd.DataFrame:
        """Return exports, imports, balance and total by year, US$ million.

        Returns
        -------
        DataFrame
            Index year as it is called, the baseline's first; columns ``scenario`` and
            ``reference`` (the same years without the levers), each with ``exports,
            imports, balance, total``.
        """
        return self._table.copy()

    def _figures(self, scenario: Scenario) -> pd.DataFrame:
        """Return the figures of all years, solved together."""
        moments = [self.moment(year) for year in self.years]
        shocks = [moment.shock(scenario, moment.year) for moment in moments]
        together = dataclasses.replace(
            shocks[0], channels=np.stack([shock.channels for shock in shocks])
        )
        reached = [
            moment.aged(shocks[: n + 1], moment.label)
            for n, moment in enumerate(moments)
        ]
        parameters = _stacked([p for p in reached if p is not None])
        moved = self.model.evaluate(together, parameters, ("exports", "imports"))
        today = self.baseline.balance()[["exports", "imports"]].to_numpy(dtype=float)
        rows = np.vstack([today, today + moved])
        calendar = self.road.calendar
        labels = [calendar.label(year) for year in (calendar.base, *self.years)]
        table = pd.DataFrame(rows, labels, columns=["exports", "imports"])
        table["balance"] = table["exports"] - table["imports"]
        table["total"] = table["exports"] + table["imports"]
        return table.rename_axis("US$ mn")

    def assumptions(self, year: int | None = None) -> pd.DataFrame:
        """Return the figures of a year with one assumption at a time at an end.

        Parameters
        ----------
        year : int, optional
            Default the last.

        Returns
        -------
        DataFrame
            Index ``assumption, end``: elasticities of the library, the speed of
            adjustment, the drivers; ``exports, imports, balance, total``, US$ million.
        """
        moment = self.moment(self.years[-1] if year is None else year)
        rows = {
            name: {
                what: end.figure(self.scenario, Target(what, 0.0)) for what in FIGURES
            }
            for name, end in moment.variants().items()
        }
        table = pd.DataFrame.from_dict(rows, orient="index", columns=list(FIGURES))
        names = ["assumption", "end"]
        table.index = pd.MultiIndex.from_tuples(list(rows), names=names)
        return table

    def range(self, what: str = "balance", *, progress: bool = True) -> pd.DataFrame:
        """Return the least and greatest of a figure by year, one assumption at a time.

        Parameters
        ----------
        what : {"exports", "imports", "balance", "total"}

        Returns
        -------
        DataFrame
            Index year; ``least, central, greatest``, US$ million. Not a confidence
            interval.
        """
        central = self.table()["scenario"][Target(what, 0.0).what]
        rows = {}
        for year in watched(self.years, "years", progress=progress):
            label = self.road.calendar.label(year)
            ends = self.assumptions(year)[what]
            middle = float(central[label])
            low, high = ends.min(), ends.max()
            rows[label] = (min(low, middle), middle, max(high, middle))
        columns = ["least", "central", "greatest"]
        table = pd.DataFrame.from_dict(rows, orient="index", columns=columns)
        return table.rename_axis("US$ mn")

    def __repr__(self) -> str:
        table = self.table()
        head = f"{self.scenario.name}: {self.model.name}, US$ mn"
        lines = [head, table["scenario"].map(lambda x: f"{x:,.1f}").to_string()]
        notes = (*self.road.drivers.notes, self.road.calendar.note)
        if isinstance(self.model, PartialEquilibrium):
            speed = f"Each year closes {self.road.speed:.0%} of the gap to the long run."
            notes += (speed,)
        return "\n".join([*lines, *notes])


class _Results(dict[int, Result]):
    """Results of a path's years, each solved when it is first asked for."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def __missing__(self, year: int) -> Result:
        found = self._path.moment(year).result(self._path.scenario)
        self[year] = found
        return found


def path(
    model: Model,
    base: Baseline,
    scenario: Scenario | None = None,
    *,
    until: int | None = None,
    drivers: object = None,
    speed: float | None = None,
    base_year: int | None = None,
) -> Path:
    """Return a scenario year by year over a reference path of growth and prices.

    Each year is a solve from the baseline: demand and prices have grown as the
    drivers say, levers are in force as far as they are staged, and elasticities are
    as near to the long run as the age of each market's changes allows.

    Parameters
    ----------
    model : Armington, Smart or any other model
    base : Baseline
    scenario : Scenario, optional
        Without one the reference path alone.
    until : int, optional
        Last year, by its first calendar year; default the scenario's own, else 2030.
    drivers : DataFrame, optional
        Growth a year (:meth:`toolkit.analysis.reference.Drivers.of`); default the
        table ``drivers``. An empty frame is a world that stands still.
    speed : float, optional
        Share of the gap to the long run that a year closes, above 0 to 1; default the
        scenario's own, else the published one. 1 is the long run at once.
    base_year : int, optional
        Calendar year in which the baseline begins, where it does not say so.

    Returns
    -------
    Path
        ``table()``, ``result(year)``, ``range(what)``, ``assumptions(year)``.

    Raises
    ------
    ValueError
        A year before the baseline's, a wrong driver, a lever the model cannot carry.

    Notes
    -----
    Partial adjustment: an elasticity ``h`` years after a change is
    ``1 - (1 - speed)**h`` of that of the long run. A market that has seen changes of
    several ages takes their mean, weighted by size (:class:`Ages`), which is exact to
    a first order. Growth of income works at once.

    Examples
    --------
    >>> import toolkit as tk
    >>> road = tk.path(tk.Armington(), tk.load_baseline("2025-26"), until=2030)
    >>> float(road.table().loc["2025-26", ("scenario", "total")].round(1))
    59863.1
    """
    course = (scenario.path if scenario is not None else None) or Course()
    last = course.until if until is None else until
    pace = course.speed if speed is None else speed
    road = road_of(base, (drivers, pace, base_year))
    first = road.calendar.base + 1
    Course(until=last, speed=pace)
    if last < first:
        raise ValueError(f"until is {last}; the path begins in {first}.")
    deal = scenario or Scenario("Reference")
    years = tuple(range(first, last + 1))
    return Path(model, base, deal, road, years)


def road_of(base: Baseline, settings: Settings) -> Road:
    """Return drivers, calendar and speed from what a user gives."""
    drivers, speed, base_year = settings
    pace = default_speed() if speed is None else speed
    Course(speed=pace)
    return Road(Drivers.of(drivers), Calendar.of(base, base_year), pace)


def moment_of(
    model: Model,
    base: Baseline | Path,
    scenario: Scenario | None,
    year: int | None,
    horizon: object,
    settings: Settings,
) -> tuple[Moment, Scenario | None]:
    """Return the time that a question is about, and what else is in force then.

    Raises
    ------
    ValueError
        A path without a year, a year together with a horizon.
    """
    if isinstance(base, Path):
        if year is None:
            year = base.years[-1]
        moment = dataclasses.replace(base.moment(year), model=model)
        return moment, base.scenario if scenario is None else scenario
    if year is None:
        return Moment(model, base, horizon=horizon), scenario
    if horizon != "long":
        raise ValueError("A target with a year has the horizon of that year.")
    until = Course(until=year).until
    made = path(
        model,
        base,
        scenario,
        until=until,
        drivers=settings[0],
        speed=settings[1],
        base_year=settings[2],
    )
    return made.moment(year), scenario


def _stacked(parameters: list[Parameters]) -> Parameters | None:
    if not parameters:
        return None
    arrays = {
        name: np.stack([getattr(one, name) for one in parameters])
        for name in ("sigma", "eta", "mu")
    }
    return dataclasses.replace(parameters[-1], **arrays)
