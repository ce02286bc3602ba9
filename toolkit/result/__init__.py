"""Results: the balance before and after, and everything behind it."""

from __future__ import annotations

from toolkit.result.core import Result
from toolkit.result.parts import Identity, Keys, Summary, Variable, figure

__all__ = ["Identity", "Keys", "Result", "Summary", "Variable", "figure"]
