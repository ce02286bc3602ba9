"""Questions asked of any model, which is passed as an argument."""

from __future__ import annotations

from toolkit.analysis.attribution import attribute
from toolkit.analysis.comparison import compare, model_table

__all__ = ["attribute", "compare", "model_table"]
