"""The elasticity at which the model would have said what happened."""

from __future__ import annotations

import dataclasses

import numpy as np

from toolkit.analysis.events import Event
from toolkit.analysis.forecasts import flow_ratio
from toolkit.analysis.roots import search
from toolkit.baseline import Baseline
from toolkit.elasticities.lookup import default_values
from toolkit.models import NotConverged
from toolkit.models.partial import PartialEquilibrium
from toolkit.schema import EVERYONE

SMALLEST, GREATEST = 1e-3, 1e3  # times the library's value
BETWEEN = {"substitution": "substitution_elasticity",
           "import_demand": "import_demand_elasticity"}  # fmt: skip


def concept_of(event: Event) -> str:
    """Return the elasticity that an event speaks of.

    A change for all suppliers moves demand, one for a single supplier its share.

    Examples
    --------
    >>> duty = Event("a", "policy", "IND", "RUS", "07", "duty", "2024", "2025", 1.0,
    ...     0.5, "large", scope="ALL")
    >>> concept_of(duty)
    'import_demand'
    """
    return "import_demand" if event.scope == EVERYONE else "substitution"


def implied(
    model: PartialEquilibrium, base: Baseline, event: Event, horizon: object
) -> dict[str, object]:
    """Return the long-run elasticity implied by an event beside the library's.

    All of the outcome is laid to the change: what else moved is in the number.

    Parameters
    ----------
    model : PartialEquilibrium
    base : Baseline
        That holds the event's market.
    event : Event
    horizon : {"long", "short"}, float or Horizon
        At which the outcome is read.

    Returns
    -------
    dict
        ``concept, value`` (NaN where none between a thousandth and a thousand times
        the library's), ``central, low, high`` of the library, ``inside``, ``verdict``.
    """
    concept = concept_of(event)
    code = event.product
    ends = [
        float(default_values(concept, [event.importer], [code], case)[0][0])
        for case in ("low", "central", "high")
    ]
    low, central, high = ends

    def ratio(factor: float) -> float:
        given = {BETWEEN[concept]: central * np.exp(factor)}
        try:
            return flow_ratio(dataclasses.replace(model, **given), base, event, horizon)
        except (NotConverged, ValueError):
            return np.nan

    bounds = (float(np.log(SMALLEST)), float(np.log(GREATEST)))
    found = search(ratio, event.happened, bounds)
    met = [one.at for one in found.crossings if not one.jumps]
    value = central * np.exp(min(met, key=abs)) if met else np.nan
    inside = bool(met) and min(low, high) <= value <= max(low, high)
    return {
        "concept": concept.replace("_", " "),
        "value": float(value),
        "low": min(low, high),
        "central": central,
        "high": max(low, high),
        "inside": inside,
        "verdict": _verdict(ratio(0.0), event.happened, bool(met), inside=inside),
    }


def _verdict(said: float, happened: float, met: bool, *, inside: bool) -> str:
    if met:
        return "inside the range" if inside else "outside the range"
    if (said - 1.0) * (happened - 1.0) < 0:
        return "none: the outcome went the other way"
    if abs(said - 1.0) < 1e-9:
        return "none: the change says nothing of this elasticity"
    return "none: more than any elasticity gives"
