"""Questions asked of any model, which is passed as an argument."""

from __future__ import annotations

from toolkit.analysis.attribution import attribute
from toolkit.analysis.comparison import compare
from toolkit.analysis.solving import Answer, solve_for
from toolkit.analysis.years import Path, path

__all__ = ["Answer", "Path", "attribute", "compare", "path", "solve_for"]
