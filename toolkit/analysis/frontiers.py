"""How far two goals pull apart: total trade against the balance, over two levers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.analysis.candidates import Candidate, candidate
from toolkit.analysis.paths import Path
from toolkit.analysis.progress import watched
from toolkit.analysis.reaching import trade
from toolkit.analysis.yearly import moment_of
from toolkit.baseline import Baseline, goal_total, past_totals
from toolkit.levers import Lever
from toolkit.models import Model
from toolkit.result import Sentence
from toolkit.scenario import Scenario

POINTS = 15
OURS = ("IND", "RUS")


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Frontier:
    """Total trade and balance over two levers. Made by :func:`frontier`.

    Attributes
    ----------
    names : pair of str
        The two numbers turned.
    when : str
    """

    names: tuple[str, str]
    when: str
    _table: pd.DataFrame
    _marks: pd.DataFrame

    def table(self) -> pd.DataFrame:
        """Return the grid: both numbers, ``total``, ``balance``, ``efficient``.

        Returns
        -------
        DataFrame
            Columns ``first`` and ``second`` (the numbers, in their units), ``exports,
            imports, balance, total`` (US$ million) and ``efficient``: no other point
            of the grid has both more trade and a better balance. Points that a lever
            or the market refuses are NaN.
        """
        return self._table.copy()

    def marks(self) -> pd.DataFrame:
        """Return the points to compare with: index name; ``total, balance``."""
        return self._marks.copy()

    @property
    def sentence(self) -> Sentence:
        """What more trade costs in balance, along the efficient points."""
        best = self._table[self._table["efficient"]].sort_values("total")
        if len(best) < 2:
            return Sentence("Both goals are best met at one and the same point.")
        rise = float(best["total"].iloc[-1] - best["total"].iloc[0])
        fall = float(best["balance"].iloc[0] - best["balance"].iloc[-1])
        return Sentence(
            f"Along the frontier of {self.when}, total trade rises from US$ "
            f"{best['total'].iloc[0] / 1e3:,.1f} bn to US$ "
            f"{best['total'].iloc[-1] / 1e3:,.1f} bn, and each further billion costs "
            f"US$ {fall / rise:,.2f} bn of balance."
        )

    def __repr__(self) -> str:
        return f"{self.sentence}\n\n{self._marks.round(1).to_string()}"


def frontier(
    model: Model,
    base: Baseline | Path,
    first: Lever,
    second: Lever,
    *,
    scenario: Scenario | None = None,
    year: int | None = None,
    fields: tuple[str | None, str | None] = (None, None),
    bounds: tuple[tuple[float, float] | None, tuple[float, float] | None] = (
        None,
        None,
    ),
    points: int = POINTS,
    horizon: object = "long",
    marks: Mapping[str, tuple[float, float]] | None = None,
    progress: bool = True,
) -> Frontier:
    """Return total trade against balance over the values of two levers.

    Parameters
    ----------
    model : Armington, Smart or any other model
    base : Baseline or Path
    first, second : Lever
        Turned over their dials.
    scenario : Scenario, optional
        What else is in force; of a path its own.
    year : int, optional
        Year of a path; of a Path its last.
    fields : pair of str, optional
        Other numbers to turn than the dials.
    bounds : pair of pairs, optional
        Default the dials' ends.
    points : int
        Values of each lever.
    horizon : {"long", "short"}, float or Horizon
        Without a year.
    marks : mapping of name to (total, balance), optional
        US$ million; balance may be NaN. Default the baseline, and for India with
        Russia the last two official years and the summit's goal.
    progress : bool
        Show a bar once a second has passed.

    Raises
    ------
    ValueError
        A field that is no number, bounds missing, less than two points.

    Examples
    --------
    >>> import toolkit as tk
    >>> crude = tk.SupplyDisruption(importer="IND", exporter="RUS", products="2709",
    ...     by=0)
    >>> sales = tk.NonTariffEasing(importer="RUS", exporter="IND")
    >>> drawn = tk.frontier(tk.Armington(), tk.load_baseline("2025-26"), crude, sales,
    ...     points=3, progress=False)
    >>> len(drawn.table()), "goal of 2030" in drawn.marks().index
    (9, True)
    """
    if points < 2:
        raise ValueError(f"points is {points}; at least two values of each lever.")
    moment, around = moment_of(model, base, scenario, year, horizon, (None, None, None))
    held = candidate(first, around, fields[0], bounds[0])
    grid = []
    outer = np.linspace(*held.bounds, points)
    for value in watched(outer, "frontier", progress=progress):
        inner = candidate(second, held.at(float(value)), fields[1], bounds[1])
        for other in np.linspace(*inner.bounds, points):
            found = trade(moment, inner.at(float(other)))
            grid.append({"first": float(value), "second": float(other), **found})
    table = pd.DataFrame(grid)
    both = table[["total", "balance"]].to_numpy(dtype=float)
    table["efficient"] = efficient(both)
    shown = _marks(moment.baseline) if marks is None else marks
    named = pd.DataFrame.from_dict(
        dict(shown), orient="index", columns=["total", "balance"]
    )
    names = (_name(held), _name(candidate(second, around, fields[1], bounds[1])))
    return Frontier(names, moment.label, table, named)


def efficient(figures: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which rows no other row beats in every column.

    Examples
    --------
    >>> efficient(np.array([[1.0, 3.0], [2.0, 2.0], [1.0, 2.0]])).tolist()
    [True, True, False]
    """
    better = (figures[:, None, :] <= figures[None, :, :]).all(axis=-1)
    strictly = (figures[:, None, :] < figures[None, :, :]).any(axis=-1)
    beaten = np.any(better & strictly, axis=1)
    return np.logical_not(beaten | np.isnan(figures).any(axis=-1))


def _name(asked: Candidate) -> str:
    return f"{type(asked.levers[0]).__name__}.{asked.field} ({asked.unit})"


def _marks(base: Baseline) -> dict[str, tuple[float, float]]:
    trade_now = base.balance()
    total = float(trade_now["exports"] + trade_now["imports"])
    out = {base.year or "baseline": (total, float(trade_now["balance"]))}
    if (base.reporter, base.partner) != OURS:
        return out
    years = past_totals().pivot_table("value_usd_mn", "year", "flow").dropna().tail(2)
    for year, row in years.iterrows():
        both = (row["exports"] + row["imports"], row["exports"] - row["imports"])
        out.setdefault(str(year), (float(both[0]), float(both[1])))
    return {**out, "goal of 2030": (goal_total(), float("nan"))}
