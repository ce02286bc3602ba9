"""The years that the explorer can stand in, each a moment of the path."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping

from toolkit.analysis.calendars import years_after
from toolkit.analysis.moments import Moment, Road
from toolkit.analysis.yearly import road_of
from toolkit.baseline import Baseline
from toolkit.goal import Course
from toolkit.models import Model
from toolkit.schema import check_whole, shown

MOST = 24  # moments kept: each has a baseline of its own
LAST = Course().until


class Years:
    """The years after a baseline's, and what was made of them.

    Attributes
    ----------
    labels : mapping of int to str
        First calendar year to what the year is called; empty where the baseline does
        not say its own.

    Examples
    --------
    >>> from toolkit.baseline import load_baseline
    >>> list(Years(load_baseline("2024-25")).labels.values())[:2]
    ['2025-26', '2026-27']
    """

    def __init__(self, baseline: Baseline) -> None:
        self._baseline = baseline
        self._roads: dict[float | None, Road] = {}
        self._kept: dict[Hashable, Moment] = {}
        self.labels: Mapping[int, str] = years_after(baseline, LAST)

    def check(self, year: object) -> int | None:
        """Return a year of the path, None for the baseline's own.

        Raises
        ------
        ValueError
            Another year, or any where the baseline does not say its own.
        """
        if year is None:
            return None
        if not self.labels:
            raise ValueError(
                f"year {shown(year)}: the path has no year after that of the baseline, "
                f"{shown(self._baseline.year)}."
            )
        first = next(iter(self.labels))
        return check_whole(year, "year", low=first, high=LAST, kind="a whole year")

    def moment(
        self, key: Hashable, course: Course, model: Callable[[], Model]
    ) -> Moment:
        """Return the last year of a course, kept by what the model is made of.

        Parameters
        ----------
        key : hashable
            What tells the model from others.
        course : Course
        model : callable
            Makes it.
        """
        if (key, course) not in self._kept:
            if len(self._kept) >= MOST:
                self._kept.pop(next(iter(self._kept)))
            road = self._road(course.speed)
            made = Moment(model(), self._baseline, year=course.until, road=road)
            self._kept[key, course] = made
        return self._kept[key, course]

    def _road(self, speed: float | None) -> Road:
        if speed not in self._roads:
            self._roads[speed] = road_of(self._baseline, (None, speed, None))
        return self._roads[speed]
