"""Shocks: what a scenario does to each flow, channel by channel.

Levers of one kind share a channel: where two of them touch the same flow the
later wins. Different channels multiply, so their order is of no matter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Any

import numpy as np

from toolkit.baseline import Baseline
from toolkit.levers import Lever
from toolkit.market.channels import CHANNELS, ROW, product_of
from toolkit.market.effect import Effect
from toolkit.market.flows import Flags, Floats, Flows, Integers, flows_of
from toolkit.scenario import Scenario


@dataclasses.dataclass(frozen=True, eq=False)
class Shocks:
    """All channels of one scenario, or of many draws, and the notes with them.

    Attributes
    ----------
    flows : Flows
    channels : ndarray, shape (..., C, L)
        One row per channel, in the order of ``CHANNELS``; leading axes are draws.
    notes : tuple of str
    invisibles : tuple of mappings
        Entries of the account beside the goods balance.
    """

    flows: Flows
    channels: Floats
    notes: tuple[str, ...] = ()
    invisibles: tuple[Mapping[str, Any], ...] = ()

    def __getitem__(self, channel: str) -> Floats:
        return self.channels[..., ROW[channel], :]

    @cached_property
    def tariff_power_hat(self) -> Floats:
        """Hat of one plus the duty."""
        return (1.0 + self["rate"]) / (1.0 + self.flows.rate)

    @cached_property
    def wedge(self) -> Floats:
        """Hat of the buyer's price over the border price."""
        return self.tariff_power_hat * product_of(self.channels, "wedge")

    @cached_property
    def cost(self) -> Floats:
        """Hat of the supply curve's height: the price at which today's volume comes."""
        return product_of(self.channels, "cost")

    @cached_property
    def iceberg(self) -> Floats:
        """Hat of the resource cost of trade."""
        return product_of(self.channels, "iceberg")

    @cached_property
    def barrier(self) -> Floats:
        """Power of today's fees and rents that levers name, in the base."""
        return product_of(self.channels, "barrier")

    @cached_property
    def touched(self) -> Flags:
        """Markets that some draw moves, shape (M,)."""
        same = self.channels == blank(self.flows)
        for name in ("cap", "floor", "shadow_to_exporter"):
            same[..., ROW[name], :] = True
        slack = (self["floor"] <= 1.0) & (self["cap"] >= 1.0)
        moved = ~(same.all(axis=-2) & slack)
        moved = moved.any(axis=tuple(range(moved.ndim - 1)))
        return self.flows.total(moved.astype(float)) > 0

    def take(self, chosen: Integers) -> Shocks:
        """Return the shocks of some flows, whole markets in their order."""
        if len(chosen) == len(self.flows):
            return self
        channels = np.take(self.channels, chosen, axis=-1)
        return Shocks(self.flows.take(chosen), channels, self.notes, self.invisibles)


@lru_cache(maxsize=8)
def blank(flows: Flows) -> Floats:
    """Return the channels of no scenario, shape (C, L), read-only."""
    channels = np.empty((len(CHANNELS), len(flows)))
    channels[:] = np.array([c.neutral for c in CHANNELS.values()])[:, None]
    channels[ROW["rate"]] = flows.rate
    channels.setflags(write=False)
    return channels


def compose(flows: Flows, effects: Sequence[Effect]) -> Floats:
    """Return the channels of several effects, later ones winning, shape (C, L)."""
    channels = blank(flows).copy()
    for effect in effects:
        for name, values in effect.values.items():
            set_here = ~np.isnan(values)
            channels[ROW[name], effect.where[set_here]] = values[set_here]
    return channels


def shocks_of(
    baseline: Baseline, scenario: Scenario, effects: Sequence[Effect]
) -> Shocks:
    """Return what a scenario does to every flow of a baseline.

    Parameters
    ----------
    baseline : Baseline
    scenario : Scenario
    effects : sequence of Effect
        Of its levers, as :func:`toolkit.market.effects_of` gives them for a year.
    """
    flows = flows_of(baseline)
    notes = [note for effect in effects for note in effect.notes]
    notes += overlaps(flows, effects, scenario.levers)
    invisibles = tuple(entry for effect in effects for entry in effect.invisibles)
    channels = compose(flows, effects)
    return Shocks(flows, channels, tuple(dict.fromkeys(notes)), invisibles)


def overlaps(
    flows: Flows, effects: Sequence[Effect], levers: Sequence[Lever]
) -> list[str]:
    """Return one note for each lever that a later one overrides on some flows."""
    both: dict[tuple[int, int], Flags] = {}
    for setters in _setters(flows, effects).values():
        for (first, mine), (later, theirs) in combinations(setters, 2):
            shared = mine & theirs
            if shared.any():
                both[first, later] = both.get((first, later), shared) | shared
    notes = []
    for (first, later), shared in sorted(both.items(), key=lambda item: item[0]):
        codes = list(np.unique(flows.product[shared]))
        shown = ", ".join(codes[:6]) + (" ..." if len(codes) > 6 else "")
        said = f"'{levers[later].sentence()}' overrides '{levers[first].sentence()}'"
        notes.append(f"{said} on {shown}.")
    return notes


def _setters(
    flows: Flows, effects: Sequence[Effect]
) -> dict[str, list[tuple[int, Flags]]]:
    """Return which effects set each channel, and on which flows."""
    out: dict[str, list[tuple[int, Flags]]] = {}
    for number, effect in enumerate(effects):
        for name, values in effect.values.items():
            here = np.zeros(len(flows), dtype=bool)
            here[effect.where] = ~np.isnan(values)
            out.setdefault(name, []).append((number, here))
    return out
