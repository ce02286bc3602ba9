"""Results: the balance before and after, and everything behind it."""

from __future__ import annotations

from toolkit.result.core import Result
from toolkit.result.parts import Identity, Keys, Summary, Variable, figure
from toolkit.result.words import Sentence

__all__ = ["Identity", "Keys", "Result", "Sentence", "Summary", "Variable", "figure"]
