"""From solved arrays to accounts: flows, revenue, rents, surplus, identities."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Self

import numpy as np

from toolkit.market import Flows, Shocks
from toolkit.market.flows import Floats

Pairs = dict[str, tuple[Floats, Floats]]
TIGHT = 1e-9


@dataclasses.dataclass(frozen=True, eq=False)
class Residual:
    """How far a solution is from an identity, one number for each draw.

    Attributes
    ----------
    name : str
    residual : ndarray, shape (...)
    tolerance : float
    market : int, optional
        The market furthest off, where the identity fails.
    """

    name: str
    residual: Floats
    tolerance: float = TIGHT
    market: int | None = None

    @classmethod
    def of(
        cls, name: str, flows: Flows, gaps: Floats, tolerance: float = TIGHT
    ) -> Self:
        """Return the largest of the gaps of each flow or market, and where it is."""
        worst = largest(gaps)
        if (worst <= tolerance).all():
            return cls(name, worst, tolerance)
        size = np.abs(gaps).max(axis=tuple(range(gaps.ndim - 1)))
        place = int(np.argmax(size))
        market = place if len(size) == len(flows.starts) else int(flows.market[place])
        return cls(name, worst, tolerance, market)

    @property
    def fails(self) -> bool:
        """Whether some draw breaks the identity; a residual of NaN breaks it."""
        return not bool((self.residual <= self.tolerance).all())


@dataclasses.dataclass(frozen=True, eq=False)
class Rents:
    """What caps, targets and supply curves bring, US$ million; shape (..., L).

    Attributes
    ----------
    shadow : ndarray
        Power of the shadow tariff equivalent of a cap or target, 1 where slack.
    to_importer, to_exporter : ndarray
        Rents of bounds.
    producer_surplus : ndarray
        Change over the supply curve.
    """

    shadow: Floats
    to_importer: Floats
    to_exporter: Floats
    producer_surplus: Floats


@dataclasses.dataclass(frozen=True, eq=False)
class Outcome:
    """A solved counterfactual as arrays over flows (L) and markets (M).

    Attributes
    ----------
    value : ndarray, shape (..., L)
        US$ million at the ex-tariff price.
    quantity, consumer_price, producer_price : ndarray, shape (..., L)
        Ratios to the baseline.
    index : ndarray, shape (..., M)
        Composite price, ratio to the baseline.
    consumer_surplus : ndarray, shape (..., M)
    residuals : tuple of Residual
        What this model's own equations demand, and how far it is from it.
    rents : Rents, optional
        Where the model has bounds and supply curves.
    parts : mapping of variable to ndarray, shape (..., L)
        A decomposition of the change of value, US$ million.
    iterations : int
        Steps of the solver; 0 for a closed form.
    """

    value: Floats
    quantity: Floats
    consumer_price: Floats
    producer_price: Floats
    index: Floats
    consumer_surplus: Floats
    residuals: tuple[Residual, ...]
    rents: Rents | None = None
    parts: Mapping[str, Floats] = dataclasses.field(default_factory=dict)
    iterations: int = 0


def static_value(shock: Shocks) -> Floats:
    """Return flows with prices and schedules changed but no behaviour, US$ mn."""
    supplied = shock.cost / shock.barrier_part("rent_exporter")[1]
    return shock.flows.value * supplied + shock["scheduled"]


def flow_accounts(shock: Shocks, outcome: Outcome) -> Pairs:
    """Return each flow's variables, baseline and counterfactual, shape (..., L)."""
    flows = shock.flows
    zero = np.zeros(len(flows))
    old = flows.value > 0
    out: Pairs = {
        "value": (flows.value, outcome.value),
        "tariff_revenue": (flows.rate * flows.value, shock.rate * outcome.value),
        "applied_rate": (flows.rate, shock.rate),
    }
    for name in ("quantity", "consumer_price", "producer_price"):
        hat = np.where(old, getattr(outcome, name), np.nan)
        out[name] = (np.where(old, 1.0, np.nan), hat)
    tonnes = np.where(old, flows.kilotonnes * outcome.quantity, np.nan)
    out["kilotonnes"] = (flows.kilotonnes, tonnes)
    if outcome.rents is not None:
        live = old | (shock["newcomer"] > 0)
        shadow = np.where(old, outcome.rents.shadow - 1.0, np.nan)
        out["shadow_tariff"] = (np.where(live, 0.0, np.nan), shadow)
        out["rent"] = _rents(shock, outcome.value, outcome.rents)
        out["producer_surplus"] = (
            zero,
            _producers(shock, outcome.value, outcome.rents),
        )
    out |= {name: (zero, part) for name, part in outcome.parts.items()}
    return out


def _rents(shock: Shocks, value: Floats, rents: Rents) -> tuple[Floats, Floats]:
    """Return the importer's rents and fees of barriers, caps and targets."""
    flows, base = shock.flows, shock.barrier
    eased = shock.barrier_part("rent_importer")[1] * shock.barrier_part("fee")[1]
    power = base * eased
    before = flows.value * (1.0 + flows.rate) * (base - 1.0)
    kept = value * (power - 1.0) + rents.to_importer * power
    return before, kept * (1.0 + shock.rate)


def _producers(shock: Shocks, value: Floats, rents: Rents) -> Floats:
    power, eased = shock.barrier_part("rent_exporter")
    before = shock.flows.value * (1.0 - 1.0 / power)
    after = value * (1.0 - 1.0 / (power * eased))
    return rents.producer_surplus + rents.to_exporter + after - before


def market_accounts(shock: Shocks, outcome: Outcome, accounts: Pairs) -> Pairs:
    """Return the variables of each importer's market, shape (..., M).

    Welfare is in the importer's money at the baseline's exchange rate, as surplus is;
    revenue and rents are turned into it where the currency moves. The duty on what
    comes by contract is left out: its buyer pays it, and no buyer of a scheduled
    import is in the market.
    """
    flows = shock.flows
    zero = np.zeros(len(flows.starts))
    live = flows.spending > 0
    unpaid = flows.total(shock.rate * shock["scheduled"] * shock["currency"])
    gained = [
        flows.total(after * shock["currency"] - before)
        for name in ("tariff_revenue", "rent")
        if name in accounts
        for before, after in [accounts[name]]
    ]
    return {
        "composite_price": (
            np.where(live, 1.0, np.nan),
            np.where(live, outcome.index, np.nan),
        ),
        "consumer_surplus": (zero, outcome.consumer_surplus),
        "welfare": (zero, outcome.consumer_surplus + sum(gained) - unpaid),
    }


def largest(values: Floats) -> Floats:
    """Return the largest absolute value along the last axis, zero for none.

    Examples
    --------
    >>> largest(np.array([[1.0, -3.0], [0.0, 0.5]])).tolist()
    [3.0, 0.5]
    """
    return np.max(np.abs(values), axis=-1, initial=0.0)


def negative(flows: Flows, outcome: Outcome) -> Residual:
    """Return how far below zero a flow is."""
    below = np.minimum(outcome.value, 0.0)
    return Residual.of("flows are not negative", flows, below, 0.0)
