"""How far an answer moves: one elasticity at a time at an end, another base year."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from toolkit.baseline import Baseline
from toolkit.elasticities.horizon import LONG, speeds
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


Solves = Callable[[Baseline, Scenario], Result]
ENDS = ("low", "high")
FIELDS = dict(zip(CONCEPTS, ("sigma", "eta", "mu"), strict=True))
SHOWN = ("exports", "imports", "balance")


def one_at_a_time(model: Evaluates, shock: Shocks, central: Parameters) -> pd.DataFrame:
    """Return the changes with each elasticity of the library at either end.

    Elasticities that the user gave have no interval and are left as they are. At a
    horizon before the long run the speed of adjustment goes to its ends too.

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
            central,
            **{
                field: central.horizon.share * library_values(shock.flows, concept, end)
            },
        )
        for concept, field in FIELDS.items()
        if model.given()[concept] is None
        for end in ENDS
    }
    moved |= _speeds(central)
    if not moved:
        return pd.DataFrame(columns=list(SHOWN))
    index = pd.MultiIndex.from_tuples(list(moved), names=["assumption", "end"])
    return pd.DataFrame(
        _together(model, shock, list(moved.values())), index, columns=list(SHOWN)
    )


def _speeds(central: Parameters) -> dict[tuple[str, str], Parameters]:
    """Return the elasticities at the slowest and fastest published adjustment."""
    if central.horizon == LONG:
        return {}
    published = speeds()
    return {
        ("speed of adjustment", end): central.at(
            dataclasses.replace(central.horizon, speed=float(speed))
        )
        for end, speed in zip(ENDS, (published.min(), published.max()), strict=True)
    }


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
    solve: Solves, baseline: Baseline, scenario: Scenario
) -> pd.DataFrame:
    """Return the changes on the baselines of other years that the baseline knows of.

    Returns
    -------
    DataFrame
        Index base year; ``exports, imports, balance``, changes in US$ million; NaN
        where that year has no answer, a lever naming what it does not trade.
    """
    rows = {
        name: _in(solve, other, scenario)
        for name, other in baseline.other_years.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(SHOWN))
    return table.rename_axis("base year")


def _in(solve: Solves, baseline: Baseline, scenario: Scenario) -> Sequence[float]:
    try:
        change = solve(baseline, scenario).balance()["change"]
    except (ValueError, NotConverged):
        return [np.nan] * len(SHOWN)
    return [float(change[name]) for name in SHOWN]
