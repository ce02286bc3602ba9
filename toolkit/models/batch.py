"""Many combinations of a scenario's levers, solved in one call.

Markets do not interact, so what a set of levers does in a market depends only on
those that touch it. Each group of markets touched by the same levers is a small
game; its combinations are laid end to end as if they were more markets.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.market import Effect, Lines, Shocks, compose, effects, lines_of
from toolkit.market.lines import Floats, Integers
from toolkit.models.outcome import line_accounts, market_accounts
from toolkit.models.parameters import Parameters, resolve

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
    model: Any,
    baseline: Any,
    scenario: Any,
    masks_for: Callable[[int], NDArray[np.int64]],
    year: int | None = None,
) -> list[Game]:
    """Return the games of a scenario, all combinations solved in one call.

    Parameters
    ----------
    model : Armington or Smart
    baseline, scenario
    masks_for : callable
        Number of players -> the combinations wanted, as bit masks.
    year : int, optional
    """
    lines = lines_of(baseline)
    parts = effects(baseline, scenario, year)
    pieces = []
    for players, markets in _signatures(lines, parts):
        masks = masks_for(len(players))
        chosen = np.flatnonzero(np.isin(lines.market, markets))
        channels = [_channels(lines, parts, players, int(m), chosen) for m in masks]
        pieces.append((players, masks, chosen, np.concatenate(channels, axis=1)))
    if not pieces:
        return []
    every = np.concatenate([np.tile(lines_, len(m)) for _, m, lines_, _ in pieces])
    channels = np.concatenate([block for *_, block in pieces], axis=1)
    changes = _changes(model, baseline, lines, every, channels)
    return _cut(pieces, changes)


def _signatures(
    lines: Lines, parts: list[Effect]
) -> list[tuple[tuple[int, ...], Integers]]:
    """Group the markets by the levers that touch them."""
    touched = np.zeros((len(lines.starts), len(parts)), dtype=bool)
    for number, part in enumerate(parts):
        touched[lines.market[part.lines], number] = True
    kinds, which = np.unique(touched, axis=0, return_inverse=True)
    return [
        (tuple(int(i) for i in np.flatnonzero(kind)), np.flatnonzero(which == number))
        for number, kind in enumerate(kinds)
        if kind.any()
    ]


def _channels(
    lines: Lines,
    parts: list[Effect],
    players: tuple[int, ...],
    mask: int,
    chosen: Integers,
) -> Floats:
    inside = [parts[p] for bit, p in enumerate(players) if mask >> bit & 1]
    return compose(lines, inside)[:, chosen]


def _changes(
    model: Any, baseline: Any, lines: Lines, every: Integers, channels: Floats
) -> Floats:
    """Solve the laid-out markets; return each line's share of the metrics."""
    laid = lines.take(every)
    parameters = resolve(model, baseline)
    taken = Parameters(
        parameters.sigma[every],
        parameters.eta[every],
        parameters.mu[every],
        parameters.used,
    )
    shock = Shocks(laid, channels)
    outcome = model.values(shock, taken)
    accounts = line_accounts(laid, shock, outcome)
    moved = accounts["value"].change
    me, other = baseline.reporter, baseline.partner
    exports = np.where((laid.importer == other) & (laid.exporter == me), moved, 0.0)
    imports = np.where((laid.importer == me) & (laid.exporter == other), moved, 0.0)
    mine = laid.importer == me
    revenue = np.where(mine, accounts["tariff_revenue"].change, 0.0)
    welfare = np.zeros(len(laid))
    welfare[laid.starts] = market_accounts(laid, outcome, accounts)["welfare"].change
    welfare = np.where(mine, welfare, 0.0)
    return np.stack([exports, imports, exports - imports, revenue, welfare], axis=1)


def _cut(pieces: list[Any], changes: Floats) -> list[Game]:
    out, at = [], 0
    for players, masks, chosen, _ in pieces:
        size = len(masks) * len(chosen)
        block = changes[at : at + size].reshape(len(masks), len(chosen), len(METRICS))
        out.append(Game(players, masks, block.sum(axis=1)))
        at += size
    return out
