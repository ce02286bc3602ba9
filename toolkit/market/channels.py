"""Channels: the ways in which a scenario can hit a flow, and what each enters.

One table, read by Python and by a shared page alike: the channels of a role
multiply (:func:`product_of`), whatever their number.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np

from toolkit.market.flows import Floats


@dataclasses.dataclass(frozen=True)
class Channel:
    """One way in which a flow can be hit.

    Attributes
    ----------
    neutral : float
        The value that changes nothing; NaN: today's duty.
    role : str
        What it enters: ``rate`` (the duty in force), ``wedge`` (buyer's price over
        border price), ``cost`` (height of the supply curve), ``iceberg`` (resource
        cost of trade), ``size`` (of demand), ``cap`` and ``floor`` (of the
        quantity), ``payee`` (who earns a bound's shadow price), ``barrier`` and
        ``exporter_barrier`` (today's barrier whose easing is looked at), ``entry``
        (notional base value of a newcomer, US$ million), ``exogenous`` (value added
        outside the price mechanism, US$ million).
    meaning : str
    """

    neutral: float
    role: str
    meaning: str


CHANNELS: Mapping[str, Channel] = {
    "rate": Channel(np.nan, "rate", "duty in force, decimal"),
    "rent_importer": Channel(1.0, "wedge", "barrier's rent earned by the importer"),
    "fee": Channel(1.0, "wedge", "fee collected by the importing state"),
    "currency": Channel(1.0, "wedge", "dollar price in the importer's money"),
    "settlement": Channel(1.0, "wedge", "cost of payment, to intermediaries"),
    "price": Channel(1.0, "cost", "supplier's price: world price or discount"),
    "currency_squeeze": Channel(1.0, "cost", "suppliers' dollar price, importer's"),
    "currency_supply": Channel(1.0, "cost", "dollar price of the exporter's costs"),
    "diversion": Channel(1.0, "cost", "supply diverted from a third market"),
    "rent_exporter": Channel(1.0, "cost", "barrier's rent earned by the exporter"),
    "resource": Channel(1.0, "iceberg", "barrier's resource cost"),
    "freight": Channel(1.0, "iceberg", "freight and other cost of shipping"),
    "growth": Channel(1.0, "size", "demand of the importer for the product"),
    "cap": Channel(np.inf, "cap", "most that can be bought, today = 1"),
    "floor": Channel(0.0, "floor", "least that is bought, today = 1"),
    "shadow_to_exporter": Channel(0.0, "payee", "1: the exporter earns the shadow"),
    "rent_importer_base": Channel(1.0, "barrier", "power of today's rent, importer's"),
    "fee_base": Channel(1.0, "barrier", "power of today's fee"),
    "rent_exporter_base": Channel(
        1.0, "exporter_barrier", "power of today's rent, exporter's"
    ),
    "newcomer": Channel(0.0, "entry", "notional base value, US$ mn"),
    "scheduled": Channel(0.0, "exogenous", "value added by contract, US$ mn"),
}
ROW = {name: number for number, name in enumerate(CHANNELS)}
RENTS = ("rent_importer", "rent_exporter", "rent_importer_base", "rent_exporter_base")


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
    >>> float(product_of(channels, "iceberg")[0])
    4.0
    """
    rows = [ROW[name] for name, channel in CHANNELS.items() if channel.role == role]
    out = channels[..., rows[0], :]
    for row in rows[1:]:
        out = out * channels[..., row, :]
    return out
