"""Shocks: what a scenario does to each line, channel by channel.

A channel is one way in which a line can be hit (its duty, its barrier, its
price ...). Levers of one kind share a channel: where two of them touch the same
line the later wins. Different channels multiply, so their order is of no
matter.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from toolkit.market.lines import Floats, Lines

CHANNELS: dict[str, float] = {
    "rate": np.nan,
    "resource": 1.0,
    "rent_importer": 1.0,
    "rent_exporter": 1.0,
    "fee": 1.0,
    "rent_importer_base": 1.0,
    "rent_exporter_base": 1.0,
    "fee_base": 1.0,
    "freight": 1.0,
    "price": 1.0,
    "currency": 1.0,
    "currency_squeeze": 1.0,
    "currency_supply": 1.0,
    "settlement": 1.0,
    "diversion": 1.0,
    "growth": 1.0,
    "cap": np.inf,
    "floor": 0.0,
    "wedge_to_exporter": 0.0,
    "newcomer": 0.0,
    "scheduled": 0.0,
}
ROW = {name: number for number, name in enumerate(CHANNELS)}


@dataclasses.dataclass(frozen=True, eq=False)
class Effect:
    """What one lever does: ``values`` on some ``lines`` of some channels.

    Attributes
    ----------
    lines : ndarray of int, shape (K,)
        Lines touched.
    values : mapping of channel to ndarray, shape (K,)
        NaN leaves the line as it is.
    notes : tuple of str
        What the user should know.
    invisibles : tuple of mappings
        Entries of the account beside the goods balance.
    """

    lines: Any
    values: dict[str, Floats]
    notes: tuple[str, ...] = ()
    invisibles: tuple[dict[str, Any], ...] = ()


@dataclasses.dataclass(frozen=True, eq=False)
class Shocks:
    """All channels of a scenario by line, and the notes that come with them.

    Attributes
    ----------
    lines : Lines
    channels : ndarray, shape (C, L)
        One row per channel, in the order of ``CHANNELS``.
    touched : ndarray of bool, shape (L,)
    notes : tuple of str
    invisibles : tuple of mappings
    """

    lines: Lines
    channels: Floats
    notes: tuple[str, ...] = ()
    invisibles: tuple[dict[str, Any], ...] = ()

    def __getitem__(self, channel: str) -> Floats:
        return self.channels[ROW[channel]]

    @property
    def tariff_power_hat(self) -> Floats:
        """Hat of one plus the duty."""
        return (1.0 + self["rate"]) / (1.0 + self.lines.rate)

    @property
    def wedge(self) -> Floats:
        """Hat of the buyer's price over the border price."""
        return (
            self.tariff_power_hat
            * self["rent_importer"]
            * self["fee"]
            * self["currency"]
            * self["settlement"]
        )

    @property
    def cost(self) -> Floats:
        """Hat of the supply curve's height: the price at which today's volume comes."""
        return (
            self["price"]
            * self["currency_squeeze"]
            * self["currency_supply"]
            * self["diversion"]
            * self["rent_exporter"]
        )

    @property
    def iceberg(self) -> Floats:
        """Hat of the resource cost of trade."""
        return self["resource"] * self["freight"]


def blank(lines: Lines) -> Floats:
    """Return the channels of no scenario, shape (C, L)."""
    channels = np.empty((len(CHANNELS), len(lines)))
    channels[:] = np.array(list(CHANNELS.values()))[:, None]
    channels[ROW["rate"]] = lines.rate
    return channels


def compose(lines: Lines, effects: list[Effect]) -> Floats:
    """Return the channels of several effects, later ones winning, shape (C, L)."""
    channels = blank(lines)
    for effect in effects:
        for name, values in effect.values.items():
            set_here = ~np.isnan(values)
            channels[ROW[name], effect.lines[set_here]] = values[set_here]
    return channels


def overlaps(lines: Lines, effects: list[Effect], sentences: list[str]) -> list[str]:
    """Return one note for each lever that a later one overrides on some lines."""
    notes = []
    touched = [_touched(lines, effect) for effect in effects]
    for number, mine in enumerate(touched):
        for later in range(number + 1, len(effects)):
            both = np.zeros(len(lines), dtype=bool)
            for name in mine.keys() & touched[later].keys():
                both |= mine[name] & touched[later][name]
            if both.any():
                codes = list(np.unique(lines.product[both]))
                shown = ", ".join(codes[:6]) + (" ..." if len(codes) > 6 else "")
                notes.append(
                    f"'{sentences[later]}' overrides '{sentences[number]}' on {shown}."
                )
    return notes


def _touched(lines: Lines, effect: Effect) -> dict[str, Any]:
    out = {}
    for name, values in effect.values.items():
        mask = np.zeros(len(lines), dtype=bool)
        mask[effect.lines[~np.isnan(values)]] = True
        out[name] = mask
    return out
