"""What a model says of an event: the flow's ratio, and its band."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from toolkit.analysis.events import WORLD, Event
from toolkit.analysis.scoring import LEVELS
from toolkit.baseline import Baseline
from toolkit.models import Model
from toolkit.result import Result, figure

INNER = 0.6744897501960817 / 1.6448536269514722  # a normal's quartile over its 95th


class Quantiles(Protocol):
    """What is asked of an ensemble: quantiles of the changes, US$ million."""

    def quantiles(self, at: Sequence[float]) -> pd.DataFrame:
        """Return a frame of ``exports_change, imports_change`` by probability."""
        ...


Ensemble = Callable[..., Quantiles]


def flow_ratio(model: Model, base: Baseline, event: Event, horizon: object) -> float:
    """Return the event's flow after over before, as the model has it."""
    result = model.solve(base, event.scenario(base), horizon=horizon)
    before, after = _flow(result, event)
    return after / before


def band(
    model: Model,
    base: Baseline,
    event: Event,
    horizon: object,
    ensemble: Ensemble | None = None,
) -> dict[str, float]:
    """Return the predicted ratio and its bands.

    Parameters
    ----------
    model, base, event, horizon
    ensemble : callable, optional
        As :func:`toolkit.simulate`, see :func:`toolkit.backtest`. Without
        one the 90 % band is the least and greatest answer as one elasticity at a time
        goes to its 5th or 95th percentile, and the 50 % band the inner part of it, as
        of a normal.

    Returns
    -------
    dict
        ``predicted, low50, high50, low90, high90``, ratios to the value before.
    """
    scenario = event.scenario(base)
    if not scenario.levers:
        return {"predicted": 1.0} | {
            f"{end}{100 * level:.0f}": 1.0
            for level in LEVELS
            for end in ("low", "high")
        }
    result = model.solve(base, scenario, horizon=horizon)
    before, after = _flow(result, event)
    side = "exports" if event.importer == base.partner else "imports"
    moved = figure(result.balance(), side, "change")
    if ensemble is None:
        ends = _one_at_a_time(result, side)
    else:
        ends = _drawn(ensemble(model, base, scenario, horizon=horizon), side)
    gaps = {name: (after + end - moved) / before for name, end in ends.items()}
    return {"predicted": after / before, **gaps}


def _one_at_a_time(result: Result, side: str) -> dict[str, float]:
    span = result.range()
    middle = figure(span, side, "central")
    low, high = (figure(span, side, end) - middle for end in ("least", "greatest"))
    return {
        f"{end}{100 * level:.0f}": middle + part * gap
        for level, part in zip(LEVELS, (INNER, 1.0), strict=True)
        for end, gap in (("low", low), ("high", high))
    }


def _drawn(drawn: Quantiles, side: str) -> dict[str, float]:
    tails = {
        f"{end}{100 * level:.0f}": 0.5 + sign * 0.5 * level
        for level in LEVELS
        for end, sign in (("low", -1), ("high", 1))
    }
    found = drawn.quantiles(sorted(tails.values())).T[f"{side}_change"]
    return {name: float(found.loc[tail]) for name, tail in tails.items()}


def _flow(result: Result, event: Event) -> tuple[float, float]:
    exporter = "ROW" if event.exporter == WORLD else event.exporter
    rows = result.flow(event.importer, exporter)
    rows = rows & np.strings.startswith(result.keys().product, event.product)
    value = result.variable("value")
    return float(value.baseline[rows].sum()), float(value.counterfactual[rows].sum())
