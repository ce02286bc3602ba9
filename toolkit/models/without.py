"""What an answer would be with each of its levers left out."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.baseline import Baseline
from toolkit.market import Effect, Shocks, compose, flows_of
from toolkit.models.ces import NotConverged
from toolkit.models.parameters import Parameters
from toolkit.models.ranges import SHOWN, Evaluates
from toolkit.scenario import Scenario


def without_each(
    model: Evaluates,
    baseline: Baseline,
    scenario: Scenario,
    effects: Sequence[Effect],
    parameters: Parameters,
) -> pd.DataFrame:
    """Return the changes of the balance with one lever at a time left out.

    Parameters
    ----------
    model : PartialEquilibrium
    baseline : Baseline
    scenario : Scenario
    effects : sequence of Effect
        Of its levers, in order.
    parameters : Parameters
        What the scenario was solved with.

    Returns
    -------
    DataFrame
        Index lever (its sentence); ``exports, imports, balance``, US$ million, without
        that lever; NaN where the rest has no answer.
    """
    flows, count = flows_of(baseline), len(effects)
    rests = [[*effects[:n], *effects[n + 1 :]] for n in range(count)]
    index = pd.Index([lever.sentence() for lever in scenario.levers], name="lever")
    if not rests:
        return pd.DataFrame(columns=list(SHOWN), index=index, dtype=float)
    shock = Shocks(flows, np.stack([compose(flows, rest) for rest in rests]))
    try:
        found = model.evaluate(shock, parameters, SHOWN)
    except NotConverged:
        found = np.stack([_one(model, shock, n, parameters) for n in range(count)])
    return pd.DataFrame(found, index, columns=list(SHOWN))


def _one(model: Evaluates, shock: Shocks, n: int, parameters: Parameters) -> np.ndarray:
    alone = dataclasses.replace(shock, channels=shock.channels[n])
    try:
        return model.evaluate(alone, parameters, SHOWN)
    except NotConverged:
        return np.full(len(SHOWN), np.nan)
