"""Standard normal numbers of one stream put where they belong, compiled by numba.

Numba draws from a ``numpy.random.Generator`` the numbers that numpy draws, to the bit,
in half of the time. ``points.own_numbers`` is its test.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from toolkit.market.flows import Floats, Integers


@njit(cache=True, nogil=True)
def put(
    rng: np.random.Generator,
    tile: Floats,
    inside: Integers,
    within: Integers,
    out: Floats,
) -> None:  # pragma: no cover - compiled
    """Draw a tile of numbers and put some of its rows and columns out.

    Parameters
    ----------
    rng : Generator
    tile : ndarray, shape (B, T)
        Written over.
    inside, within : ndarray of int
        Rows and columns of the tile.
    out : ndarray, shape (len(inside), len(within))
    """
    for i in range(tile.shape[0]):
        for j in range(tile.shape[1]):
            tile[i, j] = rng.standard_normal()
    for i in range(len(inside)):
        for j in range(len(within)):
            out[i, j] = tile[inside[i], within[j]]
