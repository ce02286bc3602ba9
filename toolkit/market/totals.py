"""Sums over the flows of each market."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.intp]


def two_each(starts: Integers, count: int) -> bool:
    """Return whether every market has two flows, as where the others are one."""
    return count == 2 * len(starts) and bool((np.diff(starts) == 2).all())


def summed(values: Floats, starts: Integers, *, two: bool) -> Floats:
    """Sum the last axis over stretches; of two each, four times as fast."""
    if two and values.shape[-1] == 2 * len(starts):
        return values[..., ::2] + values[..., 1::2]
    return np.add.reduceat(values, starts, axis=-1)
