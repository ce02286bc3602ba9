"""A scenario's levers as players: what their combinations do, market by market.

What a set of levers does in a market depends only on those that touch it. Each
group of markets touched by the same levers is a small game of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from toolkit.baseline import Baseline
from toolkit.market import Effect, Flows, Shocks, compose, flows_of
from toolkit.market.effect import Target
from toolkit.market.flows import Floats, Integers
from toolkit.models import Model
from toolkit.models.parameters import Parameters
from toolkit.scenario import Scenario

METRICS = ("exports", "imports", "balance", "revenue", "welfare")


@dataclasses.dataclass(frozen=True, eq=False)
class Game:
    """What combinations of some levers do in the markets that they share.

    Attributes
    ----------
    players : tuple of int
        Positions of the levers in the scenario.
    masks : ndarray of int, shape (S,)
        Combinations: bit i set means players[i] is in.
    worth : ndarray, shape (S, 5)
        Change of exports, imports, balance, and the reporter's revenue and
        welfare, US$ million.
    """

    players: tuple[int, ...]
    masks: NDArray[np.int64]
    worth: Floats


def games(
    model: Model,
    baseline: Baseline,
    scenario: Scenario,
    masks_for: Callable[[int], NDArray[np.int64]],
    year: int | None = None,
    horizon: object = "long",
) -> list[Game]:
    """Return the games of a scenario.

    Parameters
    ----------
    model : Model
    baseline, scenario
    masks_for : callable
        Number of players -> the combinations wanted, as bit masks.
    year : int, optional
    horizon : {"long", "short"}, float or Horizon

    Raises
    ------
    ValueError
        A lever that the model cannot carry.
    """
    flows = flows_of(baseline)
    effects = model.effects(baseline, scenario, year)
    parameters = model.parameters(baseline, horizon)
    out = []
    for players, chosen in _groups(flows, effects, separable=model.separable):
        masks = masks_for(len(players))
        inside = [_within(effects[p], chosen, len(flows)) for p in players]
        own = parameters and parameters.take(chosen)
        worth = _worth(model, (flows.take(chosen), own), inside, masks)
        out.append(Game(players, masks, worth))
    return out


def _worth(
    model: Model,
    part: tuple[Flows, Parameters | None],
    inside: Sequence[Effect],
    masks: NDArray[np.int64],
) -> Floats:
    """Return the metrics of each combination, solved in one call."""
    flows, parameters = part
    channels = np.stack(
        [
            compose(flows, [e for bit, e in enumerate(inside) if mask >> bit & 1])
            for mask in masks.tolist()
        ]
    )
    return model.evaluate(Shocks(flows, channels), parameters, METRICS)


def _groups(
    flows: Flows, effects: Sequence[Effect], *, separable: bool
) -> list[tuple[tuple[int, ...], Integers]]:
    """Return groups of levers and the flows of the markets that they share."""
    touched = np.zeros((len(flows.starts), len(effects)), dtype=bool)
    for number, effect in enumerate(effects):
        touched[flows.market[effect.where], number] = True
    _join_targets(flows, effects, touched)
    if not separable:
        touched[:] = touched.any(axis=0)
    kinds, which = np.unique(touched, axis=0, return_inverse=True)
    return [
        (
            tuple(int(i) for i in np.flatnonzero(kind)),
            flows.within(np.flatnonzero(which == number)),
        )
        for number, kind in enumerate(kinds)
        if kind.any()
    ]


def _within(effect: Effect, chosen: Integers, count: int) -> Effect:
    """Return an effect on some flows, numbered as they stand among themselves."""
    place = np.full(count, -1)
    place[chosen] = np.arange(len(chosen))
    kept = place[effect.where] >= 0
    values = {name: column[kept] for name, column in effect.values.items()}
    target = effect.target and _part_of(effect.target, place)
    return Effect(place[effect.where[kept]], values, target=target)


def _part_of(target: Target, place: Integers) -> Target | None:
    """Return a target's share on some flows, in proportion to what they are today."""
    kept = place[target.where] >= 0
    if not kept.any():
        return None
    amount = np.where(np.isnan(target.amount), 1.0, target.amount)
    share = float(amount[kept].sum() / amount.sum())
    return Target(place[target.where[kept]], target.amount[kept], target.total * share)


def _join_targets(
    flows: Flows, effects: Sequence[Effect], touched: NDArray[np.bool_]
) -> None:
    """Give the markets that overlapping targets hold together the same levers."""
    held = [e.target.where for e in effects if e.target is not None]
    groups = [
        np.unique(flows.market[np.union1d(mine, other)])
        for mine, other in combinations(held, 2)
        if np.intersect1d(mine, other).size
    ]
    for _ in groups:
        for markets in groups:
            touched[markets] = touched[markets].any(axis=0)
