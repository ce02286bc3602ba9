"""Channels: the ways in which a scenario can hit a flow, and how levers combine there.

One table, read by Python and by a shared page alike. Several levers on one channel
combine by its rule, which knows no order; what a model reads of the channels is in
:mod:`toolkit.market.shocks`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import lru_cache

import numpy as np
import pandas as pd

from toolkit.market.flows import Floats


@dataclasses.dataclass(frozen=True)
class Channel:
    """One way in which a flow can be hit.

    Attributes
    ----------
    neutral : float
        The value that changes nothing; NaN: none is set, today's holds.
    combine : {"product", "sum", "lowest", "highest"}
        What several levers on one flow make of it.
    role : str
        What it enters: ``duty`` (the rate in force), ``barrier`` (the cost of
        measures), ``wedge`` (buyer's price over border price), ``cost`` (height of
        the supply curve), ``iceberg`` (resource cost of trade), ``size`` (of
        demand), ``bound`` (of the quantity, or of the price paid), ``payee`` (who earns
        a bound's shadow price), ``supply`` (whether the seller follows its supply
        curve), ``reach`` (what a channel might be, for the range of the answer; no
        model reads it), ``entry`` (notional base value of a newcomer), ``exogenous``
        (value added outside the price mechanism).
    meaning : str
    rule : str
        How levers combine, in words; empty where it goes without saying.
    """

    neutral: float
    combine: str
    role: str
    meaning: str
    rule: str = ""


NAN, INF = np.nan, np.inf
DUTY_RULE = (
    "first the lowest MFN duty, then the best preference that is used; "
    "the lowest is paid"
)
CHANNELS: Mapping[str, Channel] = {
    "mfn_rate": Channel(
        NAN, "lowest", "duty", "MFN duty that levers set", "the lowest MFN duty holds"
    ),
    "preference": Channel(
        1.0,
        "lowest",
        "duty",
        "share of the MFN duty in force that a preference leaves",
        "the best preference is used, on the MFN duty in force",
    ),
    "own_rate": Channel(
        NAN,
        "lowest",
        "duty",
        "duty set for one supplier, at or below today's",
        "the lowest duty is paid, the MFN duty at most",
    ),
    "extra_rate": Channel(
        NAN,
        "highest",
        "duty",
        "duty set for one supplier above today's",
        "the highest duty against one supplier stands for the MFN duty",
    ),
    "ntm_ave": Channel(
        0.0,
        "highest",
        "barrier",
        "cost of measures today, ad valorem equivalent",
        "easings follow each other on what is left of the highest cost named",
    ),
    "ntm_left": Channel(
        1.0,
        "product",
        "barrier",
        "share of that cost that is left",
    ),
    "ntm_resource": Channel(0.0, "sum", "barrier", "weight of resource cost"),
    "ntm_rent_importer": Channel(0.0, "sum", "barrier", "weight of importer's rent"),
    "ntm_rent_exporter": Channel(0.0, "sum", "barrier", "weight of exporter's rent"),
    "ntm_fee": Channel(0.0, "sum", "barrier", "weight of fees"),
    "currency": Channel(1.0, "product", "wedge", "dollar in the importer's money"),
    "settlement": Channel(1.0, "product", "wedge", "cost of payment"),
    "sanction": Channel(1.0, "product", "wedge", "cost of a seller under sanctions"),
    "price": Channel(1.0, "product", "cost", "supplier's price"),
    "held": Channel(
        0.0, "highest", "supply", "1: the seller sells what is bought at its price"
    ),
    "world_price": Channel(
        1.0, "product", "cost", "world price where barrels are withdrawn"
    ),
    "world_reach": Channel(
        1.0, "product", "reach", "the same if none of them found other buyers"
    ),
    "currency_squeeze": Channel(
        1.0, "product", "cost", "suppliers' dollar price where pass-through is partial"
    ),
    "currency_supply": Channel(1.0, "product", "cost", "exporter's costs in dollars"),
    "diversion": Channel(1.0, "product", "cost", "supply diverted from elsewhere"),
    "freight": Channel(1.0, "product", "iceberg", "freight and cost of shipping"),
    "growth": Channel(1.0, "product", "size", "demand of the importer"),
    "cap": Channel(
        INF,
        "lowest",
        "bound",
        "most that can be bought, today = 1",
        "the tightest cap holds",
    ),
    "hit": Channel(
        0.0,
        "sum",
        "bound",
        "sellers' share that disruptions concern, times part of the year",
        "losses of different sellers or months add up, of the same ones multiply",
    ),
    "lost": Channel(0.0, "sum", "bound", "share of the flow that they take"),
    "left": Channel(1.0, "product", "bound", "share left if they hit independently"),
    "capacity": Channel(
        INF,
        "lowest",
        "bound",
        "most that a seller can deliver instead of another, today = 1",
        "the tightest capacity holds",
    ),
    "price_cap": Channel(
        INF,
        "lowest",
        "bound",
        "most that is paid to the seller, today = 1",
        "the lowest price cap holds",
    ),
    "floor": Channel(
        0.0,
        "highest",
        "bound",
        "least that is bought, today = 1",
        "a target keeps its sum, whatever targets hold on parts of it",
    ),
    "shadow_to_exporter": Channel(
        0.0, "highest", "payee", "1: the exporter earns the shadow price"
    ),
    "newcomer": Channel(
        0.0,
        "highest",
        "entry",
        "notional base value, US$ mn",
        "the largest opening holds",
    ),
    "scheduled": Channel(0.0, "sum", "exogenous", "value by contract, US$ mn"),
}
ROW = {name: number for number, name in enumerate(CHANNELS)}
DUTIES = frozenset(name for name, c in CHANNELS.items() if c.role == "duty")
PARTS = ("resource", "rent_importer", "rent_exporter", "fee")


@lru_cache(maxsize=16)
def _rows_of(role: str) -> list[int]:
    return [ROW[name] for name, channel in CHANNELS.items() if channel.role == role]


def product_of(channels: Floats, role: str) -> Floats:
    """Return the product of the channels of a role.

    Parameters
    ----------
    channels : ndarray, shape (..., C, L)
    role : str

    Returns
    -------
    ndarray, shape (..., L)

    Examples
    --------
    >>> channels = np.full((len(CHANNELS), 1), 2.0)
    >>> float(product_of(channels, "wedge")[0])
    8.0
    """
    rows = _rows_of(role)
    out = channels[..., rows[0], :]
    for row in rows[1:]:
        out = out * channels[..., row, :]
    return out


def combination_rules() -> pd.DataFrame:
    """Return how several levers on one flow combine, channel by channel.

    Examples
    --------
    >>> combination_rules().loc["price", "several levers"]
    'multiply'
    """
    words = {"product": "multiply", "sum": "add up"}
    rows = {
        name: {
            "what": channel.meaning,
            "several levers": channel.rule
            or words.get(channel.combine, "")
            or f"the {channel.combine} holds",
        }
        for name, channel in CHANNELS.items()
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("channel")
