"""Results: the balance before and after, and everything behind it."""

from __future__ import annotations

from toolkit.result.parts import (
    Block,
    Identity,
    Keys,
    Solver,
    Summary,
    Variable,
    figure,
)
from toolkit.result.result import Result
from toolkit.result.words import Sentence

__all__ = [
    "Block",
    "Identity",
    "Keys",
    "Result",
    "Sentence",
    "Solver",
    "Summary",
    "Variable",
    "figure",
]
