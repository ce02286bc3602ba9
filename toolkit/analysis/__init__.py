"""Questions asked of any model, which is passed as an argument."""

from __future__ import annotations

from toolkit.analysis.answer import Answer
from toolkit.analysis.attribution import attribute
from toolkit.analysis.backcasting import Backcast, backcast
from toolkit.analysis.backtesting import Record, backtest
from toolkit.analysis.comparison import compare
from toolkit.analysis.frontiers import Frontier, frontier
from toolkit.analysis.paths import Path
from toolkit.analysis.solving import solve_for
from toolkit.analysis.years import path

__all__ = [
    "Answer",
    "Backcast",
    "Frontier",
    "Path",
    "Record",
    "attribute",
    "backcast",
    "backtest",
    "compare",
    "frontier",
    "path",
    "solve_for",
]
