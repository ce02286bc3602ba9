"""Results: the balance before and after, and everything behind it."""

from __future__ import annotations

from toolkit.result.core import Result
from toolkit.result.parts import Identity, Summary, Variable

__all__ = ["Identity", "Result", "Summary", "Variable"]
