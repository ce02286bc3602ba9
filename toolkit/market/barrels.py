"""Crude oil in barrels: today's price and quantity of flows, from value and tonnes."""

from __future__ import annotations

import numpy as np

from toolkit.market.flows import Floats, Flows, Integers
from toolkit.schema import CRUDE, million_barrels_a_day, usd_a_barrel


def price_today(flows: Flows, found: Integers, what: str) -> Floats:
    """Return today's price of flows, US$ a barrel.

    Parameters
    ----------
    flows : Flows
    found : ndarray of int, shape (K,)
    what : str
        Who asks, for the message.

    Raises
    ------
    ValueError
        Goods other than crude oil, or without value and kilotonnes in the baseline.
    """
    tonnes = _tonnes(flows, found, what)
    if not (flows.value[found] > 0).all():
        raise ValueError(f"{what}: HS {flows.codes(found)} trades zero today.")
    return usd_a_barrel(flows.value[found], tonnes)


def barrels_today(flows: Flows, found: Integers, what: str) -> float:
    """Return today's quantity of flows together, million barrels a day.

    Raises
    ------
    ValueError
        As in :func:`price_today`.
    """
    return float(million_barrels_a_day(_tonnes(flows, found, what)).sum())


def _tonnes(flows: Flows, found: Integers, what: str) -> Floats:
    codes = flows.product[found]
    other = ~np.strings.startswith(codes, CRUDE)
    if other.any():
        raise ValueError(
            f"{what} is in barrels, which only crude oil (HS {CRUDE}) has here, not HS "
            f"{flows.codes(found[other])}."
        )
    tonnes = flows.kilotonnes[found]
    unknown = ~(tonnes > 0)
    if unknown.any():
        raise ValueError(
            f"{what} is in barrels, and the baseline has no kilotonnes for HS "
            f"{flows.codes(found[unknown])} from "
            f"{', '.join(sorted(set(flows.exporter[found[unknown]])))}."
        )
    return tonnes
