"""What one lever does to a baseline's flows: channel values on some of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from toolkit.market.channels import CHANNELS
from toolkit.market.flows import Floats, Flows, Integers

AS_THEY_ARE = ("payee", "barrier", "exporter_barrier")  # roles that no year scales


@dataclasses.dataclass(frozen=True, eq=False)
class Effect:
    """What one lever does, fully in force unless staged.

    Attributes
    ----------
    where : ndarray of int, shape (K,)
        Flows touched.
    values : mapping of channel to ndarray, shape (K,)
        NaN leaves the flow as it is.
    notes : tuple of str
        What the user should know.
    invisibles : tuple of mappings
        Entries of the account beside the goods balance.
    """

    where: Integers
    values: Mapping[str, Floats]
    notes: tuple[str, ...] = ()
    invisibles: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def nothing(cls, *notes: str) -> Effect:
        """Return the effect of a lever that moves nothing, with the reason."""
        return cls(np.array([], dtype=np.intp), {}, notes)

    def staged(self, flows: Flows, share: float | Floats) -> Effect:
        """Return the effect with part of the change in force.

        Parameters
        ----------
        flows : Flows
        share : float or ndarray, shape (K,)
            Of the change from today, 0 to 1.
        """
        if np.all(share == 1.0):
            return self
        entries = tuple(_entry(entry, share) for entry in self.invisibles)
        if np.all(share == 0.0):
            return Effect(self.where[:0], {}, (), entries)
        values = {
            name: _between(name, flows.rate[self.where], full, share)
            for name, full in self.values.items()
        }
        return Effect(self.where, values, self.notes, entries)


def _between(name: str, rate: Floats, full: Floats, share: float | Floats) -> Floats:
    channel = CHANNELS[name]
    if channel.role in AS_THEY_ARE:
        return full
    if channel.role in ("cap", "floor"):  # today's quantity is 1; no bound stays none
        return np.where(full == channel.neutral, full, 1.0 + share * (full - 1.0))
    today = rate if channel.role == "rate" else channel.neutral
    return today + share * (full - today)


def _entry(entry: Mapping[str, Any], share: float | Floats) -> Mapping[str, Any]:
    scale = float(np.mean(share))
    return {**entry, **{k: scale * entry[k] for k in ("usd_mn", "low", "high")}}
