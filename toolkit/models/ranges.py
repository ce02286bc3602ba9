"""How far an answer moves: one elasticity at a time at an end, another base year."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from toolkit.baseline import Baseline
from toolkit.market import Shocks
from toolkit.market.flows import Floats
from toolkit.models.ces import NotConverged
from toolkit.models.parameters import CONCEPTS, Given, Parameters, library_values
from toolkit.result import Result
from toolkit.scenario import Scenario


class Evaluates(Protocol):
    """What is asked of a model here."""

    def given(self) -> Mapping[str, Given]:
        """Return the elasticities that the user gave."""
        ...

    def evaluate(
        self, shocks: Shocks, parameters: Parameters | None, metrics: Sequence[str]
    ) -> Floats:
        """Return a few numbers."""
        ...


class Solves(Protocol):
    """What is asked of a model for another base year."""

    def solve(
        self, baseline: Baseline, scenario: Scenario, *, year: int | None = None
    ) -> Result:
        """Return the counterfactual of one scenario."""
        ...


ENDS = ("low", "high")
FIELDS = dict(zip(CONCEPTS, ("sigma", "eta", "mu"), strict=True))
SHOWN = ("exports", "imports", "balance")


def one_at_a_time(model: Evaluates, shock: Shocks, central: Parameters) -> pd.DataFrame:
    """Return the changes with each elasticity of the library at either end.

    Elasticities that the user gave have no interval and are left as they are.

    Parameters
    ----------
    model : PartialEquilibrium
    shock : Shocks
        Of one scenario, all flows.
    central : Parameters
        What the scenario was solved with.

    Returns
    -------
    DataFrame
        Index ``assumption, end``; ``exports, imports, balance``, changes in US$
        million; NaN where the market has no answer at that end.
    """
    moved = {
        (concept.replace("_", " "), end): dataclasses.replace(
            central, **{field: library_values(shock.flows, concept, end)}
        )
        for concept, field in FIELDS.items()
        if model.given()[concept] is None
        for end in ENDS
    }
    if not moved:
        return pd.DataFrame(columns=list(SHOWN))
    index = pd.MultiIndex.from_tuples(list(moved), names=["assumption", "end"])
    return pd.DataFrame(
        _together(model, shock, list(moved.values())), index, columns=list(SHOWN)
    )


def _together(model: Evaluates, shock: Shocks, moved: Sequence[Parameters]) -> Floats:
    """Return the changes of all, in one call where every end has an answer."""
    stacked = {
        field: np.stack([getattr(one, field) for one in moved])
        for field in FIELDS.values()
    }
    try:
        whole = dataclasses.replace(moved[0], **stacked)
        return model.evaluate(shock, whole, SHOWN)
    except NotConverged:
        return np.stack([_changes(model, shock, one) for one in moved])


def _changes(model: Evaluates, shock: Shocks, parameters: Parameters) -> Floats:
    try:
        return model.evaluate(shock, parameters, SHOWN)
    except NotConverged:
        return np.full(len(SHOWN), np.nan)


def in_other_years(
    model: Solves, baseline: Baseline, scenario: Scenario, year: int | None
) -> pd.DataFrame:
    """Return the changes on the baselines of other years that the baseline knows of.

    Returns
    -------
    DataFrame
        Index base year; ``exports, imports, balance``, changes in US$ million; NaN
        where that year has no answer, a lever naming what it does not trade.
    """
    rows = {
        name: _in(model, other, scenario, year)
        for name, other in baseline.other_years.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(SHOWN))
    return table.rename_axis("base year")


def _in(
    model: Solves, baseline: Baseline, scenario: Scenario, year: int | None
) -> Sequence[float]:
    try:
        change = model.solve(baseline, scenario, year=year).balance()["change"]
    except (ValueError, NotConverged):
        return [np.nan] * len(SHOWN)
    return [float(change[name]) for name in SHOWN]
