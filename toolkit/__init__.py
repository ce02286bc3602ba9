"""Tariff scenarios for a bilateral trade balance: ``import toolkit as tk``.

Load a baseline, write a scenario of levers, solve it with a model, and read the
change of the balance, product by product, with the sources beside it.
"""

from __future__ import annotations

import importlib
from importlib import metadata
from typing import TYPE_CHECKING, Any

from toolkit import datasets
from toolkit.analysis import attribute, compare
from toolkit.baseline import (
    Baseline,
    load_baseline,
    other_bases,
    past_chapters,
    past_totals,
    status_line,
)
from toolkit.levers import (
    DemandGrowth,
    ExchangeRate,
    FreeTradeAgreement,
    MarketAccess,
    Mobility,
    NonTariffEasing,
    PaymentFriction,
    PriceChange,
    QuantityTarget,
    ScheduledImport,
    SupplyDisruption,
    TariffCut,
    ThirdMarketTariff,
    TradeCostChange,
)
from toolkit.models import Armington, NotConverged, Smart
from toolkit.result import Result, Sentence
from toolkit.scenario import Scenario

if TYPE_CHECKING:
    from toolkit import charts, elasticities, sources
    from toolkit.assembly import (
        Concordance,
        build_baseline,
        build_report,
        with_rates,
    )
    from toolkit.sharing import share
    from toolkit.widgets import explore

__version__ = metadata.version("tariff-scenario-toolkit")

_LAZY = {
    "Concordance": ("toolkit.assembly", "Concordance"),
    "build_baseline": ("toolkit.assembly", "build_baseline"),
    "build_report": ("toolkit.assembly", "build_report"),
    "charts": ("toolkit.charts", None),
    "elasticities": ("toolkit.elasticities", None),
    "explore": ("toolkit.widgets", "explore"),
    "share": ("toolkit.sharing", "share"),
    "sources": ("toolkit.sources", None),
    "with_rates": ("toolkit.assembly", "with_rates"),
}

__all__ = [
    "Armington",
    "Baseline",
    "Concordance",
    "DemandGrowth",
    "ExchangeRate",
    "FreeTradeAgreement",
    "MarketAccess",
    "Mobility",
    "NonTariffEasing",
    "NotConverged",
    "PaymentFriction",
    "PriceChange",
    "QuantityTarget",
    "Result",
    "Scenario",
    "ScheduledImport",
    "Sentence",
    "Smart",
    "SupplyDisruption",
    "TariffCut",
    "ThirdMarketTariff",
    "TradeCostChange",
    "attribute",
    "build_baseline",
    "build_report",
    "charts",
    "compare",
    "datasets",
    "elasticities",
    "explore",
    "load_baseline",
    "other_bases",
    "past_chapters",
    "past_totals",
    "share",
    "sources",
    "status_line",
    "with_rates",
]


def __getattr__(name: str) -> Any:
    """Load the rooms that need more than pandas and numpy only when asked."""
    if name not in _LAZY:
        raise AttributeError(f"module 'toolkit' has no attribute {name!r}")
    module, attribute = _LAZY[name]
    found = importlib.import_module(module)
    return getattr(found, attribute) if attribute else found


def __dir__() -> list[str]:
    return sorted(__all__)
