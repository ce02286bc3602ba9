"""A scenario in every year after a baseline's: tables, results, ranges."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from types import MappingProxyType

import numpy as np
import pandas as pd

from toolkit.analysis.moments import Moment, Road
from toolkit.analysis.progress import watched
from toolkit.baseline import Baseline
from toolkit.goal import Target
from toolkit.models import Model
from toolkit.models.partial import PartialEquilibrium
from toolkit.result import Result
from toolkit.scenario import Scenario
from toolkit.schema import shown

FIGURES = ("exports", "imports", "balance", "total")


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
        return self._moments[self._known(year)]

    def _known(self, year: object) -> int:
        """Return a year of the path, or raise."""
        if isinstance(year, bool) or not isinstance(year, int | np.integer):
            raise ValueError(f"A year of the path is a number, not {shown(year)}.")
        if year not in self.years:
            raise ValueError(
                f"{year} is not on the path, which goes from {self.years[0]} to "
                f"{self.years[-1]}."
            )
        return int(year)

    @cached_property
    def _moments(self) -> dict[int, Moment]:
        return {
            year: Moment(self.model, self.baseline, year=year, road=self.road)
            for year in self.years
        }

    def reference(self, year: int) -> Baseline:
        """Return a year's baseline: what growth and prices alone make of today's."""
        return self.moment(year).reference

    def result(self, year: int) -> Result:
        """Return a year's result: the reference of that year beside the scenario."""
        return self.results[self._known(year)]

    @cached_property
    def results(self) -> Mapping[int, Result]:
        """Year to result."""
        return MappingProxyType(_Results(self))

    @cached_property
    def _table(self) -> pd.DataFrame:
        moments = [self.moment(year) for year in self.years]
        today = self._row(self.baseline.balance())
        rows = {
            "scenario": [today, *(one.trade(self.scenario) for one in moments)],
            "reference": [
                today,
                *(self._row(one.reference.balance()) for one in moments),
            ],
        }
        calendar = self.road.calendar
        labels = [calendar.label(year) for year in (calendar.base, *self.years)]
        tables = [pd.DataFrame(row, labels)[list(FIGURES)] for row in rows.values()]
        return pd.concat(tables, axis=1, keys=list(rows)).rename_axis("US$ mn")

    @staticmethod
    def _row(balance: pd.Series) -> dict[str, float]:
        exports, imports = float(balance["exports"]), float(balance["imports"])
        return {
            "exports": exports,
            "imports": imports,
            "balance": exports - imports,
            "total": exports + imports,
        }

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
            name: end.trade(self.scenario) for name, end in moment.variants().items()
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
            speed = (
                f"Each year closes {self.road.speed:.0%} of the gap to the long run."
            )
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
