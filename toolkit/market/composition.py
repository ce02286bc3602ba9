"""Composing the effects of levers: no order, each channel by its own rule."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from toolkit.market.channels import CHANNELS, ROW
from toolkit.market.effect import Effect, Target
from toolkit.market.flows import Floats, Flows


@lru_cache(maxsize=8)
def blank(flows: Flows) -> Floats:
    """Return the channels of no scenario, shape (C, L), read-only."""
    channels = np.empty((len(CHANNELS), len(flows)))
    channels[:] = np.array([c.neutral for c in CHANNELS.values()])[:, None]
    channels.setflags(write=False)
    return channels


def compose(flows: Flows, effects: Sequence[Effect]) -> Floats:
    """Return the channels of several effects, shape (C, L).

    Parameters
    ----------
    flows : Flows
    effects : sequence of Effect
        In any order: the result is the same.
    """
    channels = blank(flows).copy()
    with np.errstate(over="ignore", under="ignore"):  # a model refuses it by name
        for effect in effects:
            for name, values in effect.values.items():
                row = channels[ROW[name]]
                row[effect.where] = combined(name, row[effect.where], values)
    targets = [effect.target for effect in effects if effect.target is not None]
    if targets:
        value = np.where(flows.value > 0, flows.value, channels[ROW["newcomer"]])
        channels[ROW["floor"]] = floors(value, targets)
    return channels


def combined(name: str, first: Floats, second: Floats) -> Floats:
    """Return what two levers make of a channel; NaN stands for not set.

    Examples
    --------
    >>> combined("own_rate", np.array([np.nan, 0.1]), np.array([0.2, 0.05])).tolist()
    [0.2, 0.05]
    """
    rule = CHANNELS[name].combine
    if rule == "lowest":
        return np.fmin(first, second)
    if rule == "highest":
        return np.fmax(first, second)
    second = np.where(np.isnan(second), CHANNELS[name].neutral, second)
    return first * second if rule == "product" else first + second


def floors(value: Floats, targets: Sequence[Target]) -> Floats:
    """Return the least quantity of each flow (today = 1) that keeps all targets.

    A target is a promise about a sum. Targets on fewer flows come first; a wider one
    takes what they hold and fills the rest in today's proportions, so parts never
    lower a total.

    Parameters
    ----------
    value : ndarray, shape (L,)
        Base value of each flow or newcomer, US$ million.
    targets : sequence of Target

    Examples
    --------
    Seven of two goods that are bought 2 and 3, and at least 4 of the first:

    >>> goods = Target(np.array([0, 1]), np.array([2.0, 3.0]), 7.0)
    >>> first = Target(np.array([0]), np.array([2.0]), 4.0)
    >>> floors(np.ones(2), [goods, first]).tolist()
    [2.0, 1.0]
    """
    out = np.zeros(len(value))
    order = [(len(t.where), tuple(t.where.tolist()), t.total) for t in targets]
    for number in sorted(range(len(targets)), key=order.__getitem__):
        target = targets[number]
        known = ~np.isnan(target.amount)
        amount = np.where(known, target.amount, value[target.where])
        out[target.where] = _filled(out[target.where], amount, target.total)
    return out


def _filled(held: Floats, amount: Floats, total: float) -> Floats:
    """Return ``max(held, level)`` with the level at which amounts reach the total."""
    level = 0.0
    order = np.argsort(held, kind="stable")
    rising, weights = held[order], amount[order]
    below = np.cumsum(weights)
    above = (rising * weights)[::-1].cumsum()[::-1]
    for count in range(1, len(held) + 1):
        rest = above[count] if count < len(held) else 0.0
        level = (total - rest) / below[count - 1] if below[count - 1] > 0 else 0.0
        if count == len(held) or level <= rising[count]:
            break
    return np.maximum(held, level)
