"""What one lever does to a baseline's flows: channel values on some of them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from toolkit.market.channels import CHANNELS, DUTY_RULE
from toolkit.market.flows import Floats, Flows, Integers

# Roles whose values name what there is today; only the change is staged.
AS_THEY_ARE = ("ntm_ave", "ntm_resource", "ntm_rent_importer", "ntm_rent_exporter",
               "ntm_fee", "shadow_to_exporter", "held")  # fmt: skip
CAPS = ("cap", "capacity", "price_cap")
RATES = ("mfn_rate", "own_rate", "extra_rate")


@dataclasses.dataclass(frozen=True, eq=False)
class Target:
    """A least sum over some flows.

    Attributes
    ----------
    where : ndarray of int, shape (K,)
    amount : ndarray, shape (K,)
        What each flow is today, in the unit of the total; NaN for a flow that is
        zero, which counts by its notional base value in US$ million.
    total : float
    """

    where: Integers
    amount: Floats
    total: float

    def staged(self, share: float) -> Target:
        """Return the target with part of the rise from today asked for."""
        today = float(np.nansum(self.amount))
        total = today + share * (self.total - today)
        return dataclasses.replace(self, total=total)


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
    target : Target, optional
        A least sum.
    open_account : str
        Why the balance with the world cannot be told with this lever, if so.
    """

    where: Integers
    values: Mapping[str, Floats]
    notes: tuple[str, ...] = ()
    invisibles: tuple[Mapping[str, Any], ...] = ()
    target: Target | None = None
    open_account: str = ""

    @classmethod
    def nothing(cls, *notes: str) -> Effect:
        """Return the effect of a lever that moves nothing, with the reason."""
        return cls(np.array([], dtype=np.intp), {}, notes)

    @property
    def carried(self) -> frozenset[str]:
        """Channels that a model must carry for this effect."""
        target = {"floor"} if self.target is not None else set()
        return frozenset(self.values) | target

    @cached_property
    def ruled(self) -> Mapping[str, Integers]:
        """Flows at which each channel that has a rule is set, duties as one."""
        found: dict[str, list[Integers]] = {}
        for name, values in self.values.items():
            key = "duty" if CHANNELS[name].role == "duty" else name
            if rule_of(key):
                found.setdefault(key, []).append(self.where[~np.isnan(values)])
        if self.target is not None:
            found["floor"] = [*found.get("floor", []), self.target.where]
        return {k: np.unique(np.concatenate(where)) for k, where in found.items()}

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
            name: _between(name, _today(name, flows)[self.where], full, share)
            for name, full in self.values.items()
        }
        part = float(np.mean(share))
        target = None if self.target is None else self.target.staged(part)
        return dataclasses.replace(
            self, values=values, invisibles=entries, target=target
        )


def rule_of(key: str) -> str:
    """Return what to say where several levers set a channel, or ``"duty"``."""
    return DUTY_RULE if key == "duty" else CHANNELS[key].rule


def _today(name: str, flows: Flows) -> Floats:
    if name in RATES:
        return flows.mfn if name == "mfn_rate" else flows.rate
    if name == "preference":
        return np.minimum(flows.kept, 1.0)
    return np.full(len(flows), 1.0 if name in CAPS else CHANNELS[name].neutral)


def _between(name: str, today: Floats, full: Floats, share: float | Floats) -> Floats:
    return full if name in AS_THEY_ARE else today * (1.0 - share) + share * full


def _entry(entry: Mapping[str, Any], share: float | Floats) -> Mapping[str, Any]:
    scale = float(np.mean(share))
    return {**entry, **{k: scale * entry[k] for k in ("usd_mn", "low", "high")}}
