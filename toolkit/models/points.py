"""Where draws are taken: points for the few factors that matter, numbers for the rest.

Each factor (an elasticity common to all products, an uncertain lever, an error of the
data) has one dimension of a low-discrepancy set. What is a product's own is random:
there are hundreds of those, and none of them matters much. Both depend on the seed, the
draw and the market only, so scenarios and models meet the same draws, whatever part of
the baseline they touch, whoever works on them and in pieces of whatever size.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from toolkit.market.flows import Floats, Integers
from toolkit.schema import nearest

KINDS = ("sobol", "latin", "random")
ELASTICITIES = ("substitution", "import demand", "export supply")
DATA = ("exports as recorded", "imports as recorded")
BLOCK, TILE = 128, 64  # draws and markets that one stream of random numbers serves
WIDTH = 8  # dimensions are made in multiples of this, so that scenarios share them


@dataclasses.dataclass(frozen=True, eq=False)
class Points:
    """Draws as probabilities of the factors, and which own numbers go with each.

    Attributes
    ----------
    share : mapping of factor to ndarray, shape (N,)
        Strictly between 0 and 1.
    own : mapping of elasticity to ndarray of int, shape (N,)
        Number of the draw whose product-specific numbers are taken.
    """

    share: Mapping[str, Floats]
    own: Mapping[str, Integers]

    def __len__(self) -> int:
        return len(next(iter(self.own.values())))

    def between(self, start: int, stop: int) -> Points:
        """Return some draws."""
        return Points(
            {name: values[start:stop] for name, values in self.share.items()},
            {name: values[start:stop] for name, values in self.own.items()},
        )


def sample(kind: str, draws: int, seed: int, levers: tuple[str, ...] = ()) -> Points:
    """Return the draws of an ensemble.

    Parameters
    ----------
    kind : {"sobol", "latin", "random"}
        Scrambled Sobol points, a Latin hypercube, or independent points
        (``scipy.stats.qmc``; Owen 1998, McKay et al. 1979).
    draws : int
    seed : int
    levers : tuple of str
        Names of the uncertain fields of levers.

    Raises
    ------
    ValueError
        An unknown kind, or no draws.

    Examples
    --------
    >>> points = sample("sobol", 1000, 1)
    >>> bool(abs(points.share["substitution"].mean() - 0.5) < 1e-3)
    True
    """
    if kind not in KINDS:
        raise ValueError(f"points {kind!r} is unknown; {nearest(kind, KINDS)}")
    names = (*ELASTICITIES, *DATA, *levers)
    width = -(-len(names) // WIDTH) * WIDTH
    unit = np.clip(_unit(kind, draws, width, seed), 1e-12, 1.0 - 1e-12)
    every = np.arange(draws)
    return Points(
        {name: np.ascontiguousarray(unit[:, n]) for n, name in enumerate(names)},
        dict.fromkeys(ELASTICITIES, every),
    )


def _unit(kind: str, draws: int, width: int, seed: int) -> Floats:
    from scipy.stats import qmc  # loaded for draws only

    rng = np.random.default_rng(seed)
    if kind == "random":
        return rng.random((draws, width))
    if kind == "latin":
        return qmc.LatinHypercube(width, rng=rng).random(draws)
    power = max(draws - 1, 1).bit_length()  # a prefix of a whole set, balanced or not
    return qmc.Sobol(width, rng=rng).random_base2(power)[:draws]


def own_numbers(seed: int, stream: int, draws: Integers, markets: Integers) -> Floats:
    """Return standard normal numbers of some draws and markets.

    Parameters
    ----------
    seed, stream : int
    draws, markets : ndarray of int
        Numbers of draws (N) and positions of markets in the baseline (M).

    Returns
    -------
    ndarray, shape (N, M)
    """
    out = np.empty((len(draws), len(markets)))
    for rows, inside, b in _runs(draws, BLOCK):
        for columns, within, t in _runs(markets, TILE):
            numbers = _stream(seed, stream, b, t)
            if isinstance(inside, slice) or isinstance(within, slice):
                taken = numbers[inside, within]
            else:
                taken = numbers[np.ix_(inside, within)]
            out[rows, columns] = taken
    return out


def _runs(numbers: Integers, size: int) -> list[tuple[slice, slice | Integers, int]]:
    """Return stretches of numbers that lie in one block, and their places in it."""
    block = numbers // size
    ends = np.flatnonzero(np.diff(block)) + 1
    out = []
    for part in np.split(np.arange(len(numbers)), ends):
        inside: slice | Integers = numbers[part] % size
        if len(part) == 1 or bool((np.diff(inside) == 1).all()):
            inside = slice(int(inside[0]), int(inside[-1]) + 1)
        rows = slice(int(part[0]), int(part[-1]) + 1)
        out.append((rows, inside, int(block[part[0]])))
    return out


def _stream(seed: int, stream: int, block: int, tile: int) -> NDArray[np.float64]:
    key = np.random.SeedSequence([seed, stream, block, tile])
    rng = np.random.Generator(np.random.SFC64(key))
    return rng.standard_normal((BLOCK, TILE))
