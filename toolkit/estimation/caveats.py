"""Warnings an estimate can carry: each names the column or date it is about."""

from __future__ import annotations

import sys
import warnings

__all__ = [
    "EstimationWarning",
    "IdentificationWarning",
    "NoCointegrationWarning",
    "SeparationWarning",
    "warn",
]


class EstimationWarning(UserWarning):
    """The estimate exists, but something about it should be doubted."""


class IdentificationWarning(EstimationWarning):
    """The data cannot tell a regressor's effect from the fixed effects."""


class SeparationWarning(EstimationWarning):
    """Some observations are predicted perfectly and were left out."""


class NoCointegrationWarning(EstimationWarning):
    """The series have unit roots, and nothing shows that they are cointegrated."""


def warn(message: str, category: type[EstimationWarning] = EstimationWarning) -> None:
    """Issue a warning that points at the line that called the estimator."""
    warnings.warn(message, category, stacklevel=_depth())


def _depth() -> int:
    """Return how many frames up the first caller outside this room is."""
    frame, depth = sys._getframe(1), 1
    room = __name__.rpartition(".")[0]
    while frame.f_back and str(frame.f_globals.get("__name__", "")).startswith(room):
        frame, depth = frame.f_back, depth + 1
    return depth
