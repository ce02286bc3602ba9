"""What a user can change: one frozen dataclass per lever.

A lever is a value. It says what changes, in the field's own words and units,
checks itself, prints as one sentence and turns into plain data and back.
"""

from __future__ import annotations

from typing import Any

import pandas as pd

from toolkit.levers.barriers import MarketAccess, NonTariffEasing, TradeCostChange
from toolkit.levers.base import Lever
from toolkit.levers.demand import DemandGrowth, ThirdMarketTariff
from toolkit.levers.disruption import SupplyDisruption
from toolkit.levers.mobility import Mobility
from toolkit.levers.prices import ExchangeRate, PaymentFriction, PriceChange
from toolkit.levers.quantities import QuantityTarget, ScheduledImport
from toolkit.levers.sanctions import PriceCap, SanctionCost
from toolkit.levers.tariffs import FreeTradeAgreement, TariffCut
from toolkit.levers.uncertain import Uncertain
from toolkit.schema import nearest, shown

KINDS: tuple[type[Lever], ...] = (
    TariffCut,
    FreeTradeAgreement,
    NonTariffEasing,
    MarketAccess,
    TradeCostChange,
    QuantityTarget,
    SupplyDisruption,
    ScheduledImport,
    PriceChange,
    PriceCap,
    SanctionCost,
    ExchangeRate,
    PaymentFriction,
    ThirdMarketTariff,
    DemandGrowth,
    Mobility,
)
BY_NAME = {kind.__name__: kind for kind in KINDS}


def from_dict(data: Any) -> Lever:
    """Build a lever from plain data, as :meth:`Lever.to_dict` writes it.

    Parameters
    ----------
    data : mapping
        ``{"lever": "TariffCut", "importer": "RUS", ...}``.

    Raises
    ------
    ValueError
        Unknown lever or field (with the nearest match), or a value that the
        lever refuses.

    Examples
    --------
    >>> from_dict({"lever": "PriceChange", "importer": "IND", "exporter": "RUS",
    ...     "products": "2709", "by": -0.05}).by
    -0.05
    """
    if not isinstance(data, dict) or "lever" not in data:
        raise ValueError(
            f"A lever is a mapping with the key 'lever', not {shown(data)}."
        )
    fields = {key: value for key, value in data.items() if key != "lever"}
    name = data["lever"]
    if not isinstance(name, str) or name not in BY_NAME:
        raise ValueError(f"Lever {shown(name)} is unknown; {nearest(name, BY_NAME)}")
    kind = BY_NAME[name]
    known = getattr(kind, "__dataclass_fields__")  # noqa: B009
    for key in fields:
        if key not in known:
            raise ValueError(f"{name} has no field {shown(key)}; {nearest(key, known)}")
    try:
        return kind(**{key: _tuples(value) for key, value in fields.items()})
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from error


def table() -> pd.DataFrame:
    """Return one row per lever: what it changes, its unit, where defaults are from.

    Examples
    --------
    >>> "QuantityTarget" in table().index
    True
    """
    rows = {
        kind.__name__: {
            "changes": kind.summary,
            "unit": kind.unit,
            "source of defaults": kind.default_source,
        }
        for kind in KINDS
    }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("lever")


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    return value


__all__ = [kind.__name__ for kind in KINDS] + [
    "KINDS",
    "Lever",
    "Uncertain",
    "from_dict",
    "table",
]  # pyright: ignore[reportUnsupportedDunderAll]
