"""Questions asked of any model, which is passed as an argument."""

from __future__ import annotations

from toolkit.analysis.attribution import attribute
from toolkit.analysis.comparison import compare
from toolkit.analysis.ensemble import Ensemble
from toolkit.analysis.simulation import simulate
from toolkit.models.priors import Estimate

__all__ = ["Ensemble", "Estimate", "attribute", "compare", "simulate"]
