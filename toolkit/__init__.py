"""Tariff scenarios for a bilateral trade balance: ``import toolkit as tk``.

Load a baseline, write a scenario of levers, solve it with a model, and read the
change of the balance, product by product, with the sources beside it.
"""

from __future__ import annotations

import importlib
from importlib import metadata
from typing import TYPE_CHECKING, Any

from toolkit import datasets
from toolkit.analysis import (
    Ensemble,
    Estimate,
    across_years,
    attribute,
    backcast,
    backtest,
    compare,
    crude_episodes,
    frontier,
    model_table,
    path,
    simulate,
    solve_for,
)
from toolkit.baseline import (
    Baseline,
    crude_before,
    load_baseline,
    other_bases,
    past_chapters,
    past_totals,
    recording_errors,
    status_line,
)
from toolkit.goal import Course, Goal, Target
from toolkit.levers import (
    DemandGrowth,
    ExchangeRate,
    FreeTradeAgreement,
    MarketAccess,
    Mobility,
    NonTariffEasing,
    PaymentFriction,
    PriceCap,
    PriceChange,
    QuantityTarget,
    SanctionCost,
    ScheduledImport,
    SupplyDisruption,
    TariffCut,
    ThirdMarketTariff,
    TradeCostChange,
    Uncertain,
)
from toolkit.models import (
    Armington,
    GeneralEquilibrium,
    Gsim,
    InputOutput,
    NotConverged,
    Smart,
)
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
EXTRAS = {
    **{"charts": "lab", "explore": "lab", "share": "share"},
    **dict.fromkeys(("Concordance", "build_baseline", "build_report"), "sources"),
    **dict.fromkeys(("sources", "with_rates"), "sources"),
}

__all__ = [
    "Armington",
    "Baseline",
    "Concordance",
    "Course",
    "DemandGrowth",
    "Ensemble",
    "Estimate",
    "ExchangeRate",
    "FreeTradeAgreement",
    "GeneralEquilibrium",
    "Goal",
    "Gsim",
    "InputOutput",
    "MarketAccess",
    "Mobility",
    "NonTariffEasing",
    "NotConverged",
    "PaymentFriction",
    "PriceCap",
    "PriceChange",
    "QuantityTarget",
    "Result",
    "SanctionCost",
    "Scenario",
    "ScheduledImport",
    "Sentence",
    "Smart",
    "SupplyDisruption",
    "Target",
    "TariffCut",
    "ThirdMarketTariff",
    "TradeCostChange",
    "Uncertain",
    "across_years",
    "attribute",
    "backcast",
    "backtest",
    "build_baseline",
    "build_report",
    "charts",
    "compare",
    "crude_before",
    "crude_episodes",
    "datasets",
    "elasticities",
    "explore",
    "frontier",
    "load_baseline",
    "model_table",
    "other_bases",
    "past_chapters",
    "past_totals",
    "path",
    "recording_errors",
    "share",
    "simulate",
    "solve_for",
    "sources",
    "status_line",
    "with_rates",
]


def __getattr__(name: str) -> Any:
    """Load the rooms that need more than pandas and numpy only when asked."""
    if name not in _LAZY:
        raise AttributeError(f"module 'toolkit' has no attribute {name!r}")
    module, attribute = _LAZY[name]
    try:
        found = importlib.import_module(module)
        return getattr(found, attribute) if attribute else found
    except ImportError as error:
        if error.name is None or error.name.startswith("toolkit"):
            raise
        extra = EXTRAS.get(name, "lab")
        raise ImportError(
            f"tk.{name} needs {error.name}, which is not installed; the extra "
            f"{extra!r} brings it: pip install 'tariff-scenario-toolkit[{extra}]'",
            name=error.name,
        ) from error


def __dir__() -> list[str]:
    return sorted(__all__)
