"""How far an answer moves: one assumption at a time at an end, another base year."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from toolkit.baseline import Baseline
from toolkit.elasticities.horizon import LONG, speeds
from toolkit.market import Flows, Shocks
from toolkit.market.channels import ROW
from toolkit.market.flows import Flags, Floats
from toolkit.models.ces import NotConverged
from toolkit.models.parameters import CONCEPTS, Given, Parameters, library_values
from toolkit.result import Result
from toolkit.scenario import Scenario

End = tuple[str, str, Shocks, Parameters]


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
PAIR = ("exports", "imports", "balance")
SHOWN = (*PAIR, "world")
RENT = "who keeps the rent"
WORLD = "reply of the world price"
SPEED = "speed of adjustment"


def one_at_a_time(model: Evaluates, shock: Shocks, central: Parameters) -> pd.DataFrame:
    """Return the changes with each assumption at either end.

    Elasticities of the library go to the ends of their intervals, those of homogeneous
    goods apart; what the user gave has no interval and is left as it is. Where a flow
    of such a good is disrupted, its rent goes to importer and exporter, and the world
    price replies to none and to all of the loss. At a horizon before the long run the
    speed of adjustment goes to its ends too.

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
        Index ``assumption, end``; ``exports, imports, balance`` with the partner and
        the balance with the ``world``, changes in US$ million; NaN where the market
        has no answer at that end.
    """
    ends = [
        *_elasticities(model, shock, central),
        *_of_disruptions(shock, central),
        *_speeds(shock, central),
    ]
    if not ends:
        return pd.DataFrame(columns=list(SHOWN))
    index = pd.MultiIndex.from_tuples(
        [(name, end) for name, end, *_ in ends], names=["assumption", "end"]
    )
    return pd.DataFrame(_together(model, ends), index, columns=list(SHOWN))


def _speeds(shock: Shocks, central: Parameters) -> Iterator[End]:
    """Yield the elasticities at the slowest and fastest published adjustment."""
    if central.horizon == LONG:
        return
    published = speeds()
    for end, speed in zip(ENDS, (published.min(), published.max()), strict=True):
        when = dataclasses.replace(central.horizon, speed=float(speed))
        yield SPEED, end, shock, central.at(when)


def elasticity_ends(flows: Flows) -> list[tuple[str, str, Flags]]:
    """Return name, concept and flows of each elasticity that goes to its ends alone."""
    every, same = np.ones(len(flows), dtype=bool), flows.homogeneous
    pair = np.isin(flows.exporter, [flows.baseline.reporter, flows.baseline.partner])
    goods = "of homogeneous goods"
    found = [
        ("substitution elasticity", "substitution_elasticity", ~same),
        (f"substitution {goods}", "substitution_elasticity", same),
        ("import demand elasticity", "import_demand_elasticity", every),
        ("export supply elasticity", "export_supply_elasticity", ~same),
        (f"the pair's own supply {goods}", "export_supply_elasticity", same & pair),
        (f"others' supply {goods}", "export_supply_elasticity", same & ~pair),
    ]
    return [one for one in found if one[2].any()]


def _elasticities(
    model: Evaluates, shock: Shocks, central: Parameters
) -> Iterator[End]:
    for name, concept, chosen in elasticity_ends(shock.flows):
        if model.given()[concept] is not None:
            continue
        field = FIELDS[concept]
        for end in ENDS:
            there = central.reached(field) * library_values(shock.flows, concept, end)
            values = np.where(chosen, there, getattr(central, field))
            yield name, end, shock, dataclasses.replace(central, **{field: values})


def _of_disruptions(shock: Shocks, central: Parameters) -> Iterator[End]:
    """Yield the ends of rent and world price, where a homogeneous flow is disrupted."""
    lost = shock.flows.homogeneous & (shock.disrupted < 1.0)
    if lost.any():
        for end, keeps in zip(ENDS, (0.0, 1.0), strict=True):
            values = np.where(lost, keeps, shock["shadow_to_exporter"])
            yield RENT, end, _with(shock, "shadow_to_exporter", values), central
    reach = shock["world_reach"]
    if (reach != 1.0).any():
        for end, values in zip(ENDS, (np.ones(len(reach)), reach), strict=True):
            yield WORLD, end, _with(shock, "world_price", values), central


def _with(shock: Shocks, channel: str, values: Floats) -> Shocks:
    channels = shock.channels.copy()
    channels[ROW[channel]] = values
    return dataclasses.replace(shock, channels=channels)


def _together(model: Evaluates, ends: Sequence[End]) -> Floats:
    """Return the changes of all, in one call where every end has an answer."""
    shocks = [shock for *_, shock, _ in ends]
    whole = shocks[0]
    if any(shock is not whole for shock in shocks):
        channels = np.stack([shock.channels for shock in shocks])
        whole = dataclasses.replace(whole, channels=channels)
    stacked = {
        field: np.stack([getattr(values, field) for *_, values in ends])
        for field in FIELDS.values()
    }
    try:
        return model.evaluate(whole, dataclasses.replace(ends[0][3], **stacked), SHOWN)
    except NotConverged:
        return np.stack([_changes(model, shock, values) for *_, shock, values in ends])


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
    table = pd.DataFrame.from_dict(rows, orient="index", columns=list(PAIR))
    return table.rename_axis("base year")


def _in(solve: Solves, baseline: Baseline, scenario: Scenario) -> Sequence[float]:
    try:
        change = solve(baseline, scenario).balance()["change"]
    except (ValueError, NotConverged):
        return [np.nan] * len(PAIR)
    return [float(change[name]) for name in PAIR]
