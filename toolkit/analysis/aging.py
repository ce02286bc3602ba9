"""How old the changes are that a market answers to."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from toolkit.market import Shocks
from toolkit.market.flows import Floats


def ages(channels: Sequence[Floats], shock: Shocks) -> Floats:
    """Return how old the price changes are that each flow's market has seen.

    A change of price, cost, duty or bound weighs by its size in logs and by the
    share of the flow it falls on.

    Parameters
    ----------
    channels : sequence of T ndarrays, shape (C, L)
        Of years that follow each other, the first after the baseline's.
    shock : Shocks
        Any of them.

    Returns
    -------
    ndarray, shape (T, L)
        Row k: share of the changes so far that is k + 1 years old. Where nothing has
        changed all is T years old.
    """
    flows, last = shock.flows, channels[-1]
    if all(one is last for one in channels):  # what is there has been there all along
        return _old(len(channels), len(flows))
    years = dataclasses.replace(shock, channels=np.stack(channels))
    spending = np.where(flows.spending > 0, flows.spending, 1.0)
    notional = years["newcomer"] / flows.by_flow(spending)
    with np.errstate(divide="ignore"):
        cap = np.log(np.clip(years.cap, 1e-6, 1.0))
        dear = np.log(np.clip(years["price_cap"], 1e-6, 1.0))
        floor = np.log(np.maximum(years["floor"], 1.0))
    price = np.log(years.wedge * years.cost * years.iceberg)
    levels = np.stack([price, cap, dear, floor, (notional > 0).astype(float)])
    moved = np.abs(np.diff(levels, axis=1, prepend=0.0)).sum(axis=0)
    weight = np.maximum(flows.share, notional.max(axis=0))
    pressed = flows.total(moved * weight)[::-1]  # row k: k + 1 years ago
    whole = pressed.sum(axis=0)
    old = _old(*pressed.shape)
    shares = np.where(whole > 0, pressed / np.where(whole > 0, whole, 1.0), old)
    return flows.by_flow(shares)


def _old(years: int, size: int) -> Floats:
    out = np.zeros((years, size))
    out[-1] = 1.0
    return out
