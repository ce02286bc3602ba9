"""Shocks: what a scenario does to each flow, as a model reads it.

Derived of the channels, the last axis is flows, leading axes are draws.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import Any

import numpy as np

from toolkit.baseline import Baseline
from toolkit.levers import Lever
from toolkit.market.channels import CHANNELS, PARTS, ROW, product_of
from toolkit.market.composition import blank, compose
from toolkit.market.effect import Effect, rule_of
from toolkit.market.flows import Flags, Floats, Flows, Integers, flows_of
from toolkit.market.part import Part, part_of
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
    open_account : str
        Why the balance with the world cannot be told; empty if it can.
    """

    flows: Flows
    channels: Floats
    notes: tuple[str, ...] = ()
    invisibles: tuple[Mapping[str, Any], ...] = ()
    open_account: str = ""

    def __getitem__(self, channel: str) -> Floats:
        return self.channels[..., ROW[channel], :]

    @cached_property
    def rate(self) -> Floats:
        """Duty in force: MFN levers first, then the best preference, the lowest of all.

        An agreement in force today keeps its margin on another MFN duty.
        """
        flows, mfn, extra = self.flows, self["mfn_rate"], self["extra_rate"]
        paid = np.where(np.isnan(mfn), flows.rate, mfn * flows.kept)
        mfn = np.where(np.isnan(mfn), flows.mfn, mfn)
        paid, mfn = (np.where(np.isnan(extra), x, extra) for x in (paid, mfn))
        margin = self["preference"]
        paid = np.where(margin < 1.0, np.fmin(paid, mfn * margin), paid)
        return np.fmin(paid, self["own_rate"])

    @cached_property
    def tariff_power_hat(self) -> Floats:
        """Hat of one plus the duty."""
        return (1.0 + self.rate) / (1.0 + self.flows.rate)

    def barrier_part(self, part: str) -> tuple[Floats, Floats]:
        """Return today's power of one part of the barriers, and its hat.

        Parameters
        ----------
        part : {"resource", "rent_importer", "rent_exporter", "fee"}
        """
        return self._barriers[part]

    @cached_property
    def _barriers(self) -> Mapping[str, tuple[Floats, Floats]]:
        """Every part of the barriers; a power of one takes no work."""
        cost = self["ntm_ave"]
        none = np.ones(cost.shape[-1:])
        if not cost.any():
            return dict.fromkeys(PARTS, (none, none))
        whole = sum(self[f"ntm_{name}"] for name in PARTS)
        whole = np.where(whole > 0, whole, 1.0)
        power = 1.0 + cost
        change = (1.0 + cost * self["ntm_left"]) / power
        shares = {part: self[f"ntm_{part}"] / whole for part in PARTS}
        return {
            part: (power**share, change**share) if share.any() else (none, none)
            for part, share in shares.items()
        }

    @cached_property
    def wedge(self) -> Floats:
        """Hat of the buyer's price over the border price."""
        eased = self.barrier_part("rent_importer")[1] * self.barrier_part("fee")[1]
        return self.tariff_power_hat * eased * product_of(self.channels, "wedge")

    @cached_property
    def cost(self) -> Floats:
        """Hat of the supply curve's height: the price at which today's volume comes."""
        eased = self.barrier_part("rent_exporter")[1]
        return product_of(self.channels, "cost") * eased

    @cached_property
    def iceberg(self) -> Floats:
        """Hat of the resource cost of trade."""
        eased = self.barrier_part("resource")[1]
        return eased * product_of(self.channels, "iceberg")

    @cached_property
    def barrier(self) -> Floats:
        """Power of today's fees and importer's rents that levers name, in the base."""
        return self.barrier_part("rent_importer")[0] * self.barrier_part("fee")[0]

    @cached_property
    def disrupted(self) -> Floats:
        """Most that disruptions leave, today = 1."""
        apart = self["hit"] <= 1.0 + 1e-12
        left = np.where(apart, 1.0 - self["lost"], self["left"])
        return np.minimum(self["cap"], np.where(self["lost"] > 0, left, np.inf))

    @cached_property
    def cap(self) -> Floats:
        """Most that can be bought, today = 1."""
        return np.minimum(self.disrupted, self["capacity"])

    @cached_property
    def exporter_keeps(self) -> Flags:
        """Whether the seller earns a bound's shadow price: at capacity always."""
        full = np.isfinite(self["capacity"]) & (self["capacity"] <= self.disrupted)
        return (self["shadow_to_exporter"] > 0) | full

    @cached_property
    def touched(self) -> Flags:
        """Markets that some draw moves, shape (M,)."""
        still = self.channels == blank(self.flows)
        unset = np.isnan([channel.neutral for channel in CHANNELS.values()])
        still[..., unset, :] = np.isnan(self.channels[..., unset, :])
        for name, channel in CHANNELS.items():
            if channel.role in ("bound", "payee", "duty", "supply", "reach"):
                still[..., ROW[name], :] = True
        moved = ~still.all(axis=-2) | (self["floor"] > 1.0) | (self.cap < 1.0)
        moved |= self["price_cap"] < 1.0
        moved |= self.rate != self.flows.rate
        moved = moved.any(axis=tuple(range(moved.ndim - 1)))
        return self.flows.total(moved.astype(float)) > 0

    def take(self, chosen: Integers) -> Shocks:
        """Return the shocks of some flows, whole markets in their order."""
        if len(chosen) == len(self.flows):
            return self
        channels = np.take(self.channels, chosen, axis=-1)
        return dataclasses.replace(
            self, flows=self.flows.take(chosen), channels=channels
        )


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

    Raises
    ------
    ValueError
        A target above what a cap on the same flow leaves.
    """
    flows = flows_of(baseline)
    return _composed(flows, effects, _said(flows, scenario, effects))


def shocks_on_part(
    baseline: Baseline,
    scenario: Scenario,
    effects: Sequence[Effect],
    supply: Floats | None = None,
) -> tuple[Part, Shocks]:
    """Return the markets that a scenario moves, and what it does to them alone.

    Parameters
    ----------
    baseline, scenario, effects
        As in :func:`shocks_of`.
    supply : ndarray, shape (L,), optional
        Export supply elasticities of all flows; with them, suppliers that nothing
        tells apart are merged.

    Returns
    -------
    tuple
        The part and its shocks; notes and invisibles are the whole scenario's.

    Raises
    ------
    ValueError
        A target above what a cap on the same flow leaves.
    """
    whole = flows_of(baseline)
    part = part_of(whole, effects, supply)
    inside = [part.effect(effect) for effect in effects]
    shock = _composed(part.flows, inside, _said(whole, scenario, effects))
    markets = np.flatnonzero(shock.touched)
    markets = markets if len(markets) else np.array([0])
    return part.within(markets), shock.take(part.flows.within(markets))


def _said(
    flows: Flows, scenario: Scenario, effects: Sequence[Effect]
) -> tuple[tuple[str, ...], tuple[Mapping[str, Any], ...], str]:
    """Return the notes, the invisible entries, and why an account stays open."""
    notes = [note for effect in effects for note in effect.notes]
    notes += meetings(flows, effects, scenario.levers)
    invisibles = tuple(entry for effect in effects for entry in effect.invisibles)
    reasons = dict.fromkeys(effect.open_account for effect in effects)
    why = " ".join(reason for reason in reasons if reason)
    return tuple(dict.fromkeys(notes)), invisibles, why


def _composed(
    flows: Flows,
    effects: Sequence[Effect],
    said: tuple[tuple[str, ...], tuple[Mapping[str, Any], ...], str],
) -> Shocks:
    shock = Shocks(flows, compose(flows, effects), *said)
    refuse_crossed_bounds(shock)
    return shock


def refuse_crossed_bounds(shock: Shocks) -> None:
    """Raise where a target asks for more than a cap on the same flow leaves."""
    floor, cap, flows = shock["floor"], shock.cap, shock.flows
    crossed = floor > cap * (1.0 + 1e-9)
    if crossed.any():
        place = tuple(np.argwhere(crossed)[0])
        flow = int(place[-1])
        raise ValueError(
            f"A target asks for {floor[place]:.3g} times today's purchases of "
            f"HS {flows.product[flow]} from {flows.exporter[flow]}, and a disruption "
            f"leaves {cap[place]:.3g}: lower the target or the loss."
        )


def meetings(
    flows: Flows, effects: Sequence[Effect], levers: Sequence[Lever]
) -> list[str]:
    """Return a note for each two levers that meet and do not simply multiply."""
    both: dict[tuple[int, int, str], list[Integers]] = {}
    for name, setters in _setters(effects).items():
        rule = rule_of(name)
        for (first, mine), (later, theirs) in combinations(_crowded(setters), 2):
            shared = np.intersect1d(mine, theirs)
            if len(shared):
                both.setdefault((first, later, rule), []).append(shared)
    notes = []
    for (first, later, rule), shared in sorted(both.items(), key=lambda x: x[0][:2]):
        codes = list(np.unique(flows.product[np.concatenate(shared)]))
        shown = ", ".join(codes[:6]) + (" ..." if len(codes) > 6 else "")
        pair = sorted(levers[n].sentence() for n in (first, later))
        notes.append(f"'{pair[0]}' and '{pair[1]}' meet on HS {shown}: {rule}.")
    return notes


def _crowded(setters: Sequence[tuple[int, Integers]]) -> list[tuple[int, Integers]]:
    """Return the setters that share a flow with another: few of many levers do."""
    count = np.bincount(np.concatenate([where for _, where in setters]))
    return [(n, where) for n, where in setters if (count[where] > 1).any()]


def _setters(effects: Sequence[Effect]) -> dict[str, list[tuple[int, Integers]]]:
    """Return which effects set each channel that has a rule, duties as one, where."""
    out: dict[str, list[tuple[int, Integers]]] = {}
    for number, effect in enumerate(effects):
        for key, where in effect.ruled.items():
            out.setdefault(key, []).append((number, where))
    return out
