"""A scenario year by year: the road from the baseline to a later year."""

from __future__ import annotations

import dataclasses

from toolkit.analysis.calendars import Calendar
from toolkit.analysis.moments import Moment, Road, default_speed
from toolkit.analysis.paths import Path
from toolkit.analysis.reference import Drivers
from toolkit.baseline import Baseline
from toolkit.goal import Course
from toolkit.models import Model
from toolkit.scenario import Scenario

Settings = tuple[object, float | None, int | None]


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

    Each year has a baseline of its own, the reference: demand and prices have grown as
    the drivers say, supply with them. On it the levers in force that year are solved,
    with elasticities as near to the long run as the age of each market's changes
    allows. A share of a flow is a share of that year's flow.

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
    a first order. Growth of income works at once and moves no price.

    Examples
    --------
    >>> import toolkit as tk
    >>> road = tk.path(tk.Armington(), tk.load_baseline("2025-26"), until=2030)
    >>> float(road.table().loc["2025-26", ("scenario", "total")].round(1))
    59863.1
    """
    scenario = None if scenario is None else Scenario.of(scenario)
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
