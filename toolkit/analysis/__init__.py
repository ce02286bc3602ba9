"""Questions asked of any model, which is passed as an argument."""

from __future__ import annotations

from toolkit.analysis.answer import Answer
from toolkit.analysis.attribution import attribute
from toolkit.analysis.backcasting import Backcast, backcast
from toolkit.analysis.backtesting import Record, backtest
from toolkit.analysis.comparison import compare, model_table
from toolkit.analysis.ensemble import Ensemble
from toolkit.analysis.episodes import crude_episodes
from toolkit.analysis.frontiers import Frontier, frontier
from toolkit.analysis.paths import Path
from toolkit.analysis.simulation import simulate
from toolkit.analysis.solving import solve_for
from toolkit.analysis.yearly import path
from toolkit.analysis.years import across_years
from toolkit.models.priors import Estimate

__all__ = [
    "Answer",
    "Backcast",
    "Ensemble",
    "Estimate",
    "Frontier",
    "Path",
    "Record",
    "across_years",
    "attribute",
    "backcast",
    "backtest",
    "compare",
    "crude_episodes",
    "frontier",
    "model_table",
    "path",
    "simulate",
    "solve_for",
]
