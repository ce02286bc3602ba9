"""Questions asked of any model, which is passed as an argument."""

from __future__ import annotations

from toolkit.analysis.attribution import attribute
from toolkit.analysis.comparison import compare
from toolkit.analysis.episodes import crude_episodes
from toolkit.analysis.years import across_years

__all__ = ["across_years", "attribute", "compare", "crude_episodes"]
