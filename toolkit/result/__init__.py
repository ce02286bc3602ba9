"""Results: the balance before and after, and everything behind it."""

from __future__ import annotations

from toolkit.result.parts import Block, Identity, Keys, Summary, Variable, figure
from toolkit.result.result import Result
from toolkit.result.words import Answer, Sentence, answer

__all__ = [
    "Answer",
    "Block",
    "Identity",
    "Keys",
    "Result",
    "Sentence",
    "Summary",
    "Variable",
    "answer",
    "figure",
]
