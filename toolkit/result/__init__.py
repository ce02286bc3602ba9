"""Results: the balance before and after, and everything behind it."""

from __future__ import annotations

from toolkit.result.parts import (
    Block,
    Identity,
    Keys,
    LazyPairs,
    Solver,
    Summary,
    Variable,
    figure,
)
from toolkit.result.prose import Sentence
from toolkit.result.result import Result

__all__ = [
    "Block",
    "Identity",
    "Keys",
    "LazyPairs",
    "Result",
    "Sentence",
    "Solver",
    "Summary",
    "Variable",
    "figure",
]
