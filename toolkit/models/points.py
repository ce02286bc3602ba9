"""Where draws are taken: points for the few factors that matter, numbers for the rest.

Each factor (an elasticity common to all products, an uncertain lever, an error of the
data) has one dimension of a low-discrepancy set. What is a product's own is random:
there are hundreds of those, and none of them matters much. Both depend on the seed, the
draw and the market only, so scenarios and models meet the same draws, whatever part of
the baseline they touch, whoever works on them and in pieces of whatever size.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np

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


def own_numbers(
    seed: int,
    stream: int,
    draws: Integers,
    markets: Integers,
    *,
    compiled: bool = False,
) -> Floats:
    """Return standard normal numbers of some draws and markets.

    Parameters
    ----------
    seed, stream : int
    draws, markets : ndarray of int
        Numbers of draws (N) and positions of markets in the baseline (M).
    compiled : bool
        Let numba draw the same numbers, in half of the time.

    Returns
    -------
    ndarray, shape (N, M)
    """
    out = np.empty((len(draws), len(markets)))
    put = _compiled() if compiled else _put
    bits = np.random.SFC64(0)
    rng, tile = np.random.Generator(bits), np.empty((BLOCK, TILE))
    across = _runs(markets, TILE)
    for rows, inside, b in _runs(draws, BLOCK):
        for columns, within, t in across:
            key = np.random.SeedSequence([seed, stream, b, t])
            bits.state = np.random.SFC64(key).state
            put(rng, tile, inside, within, out[rows, columns])
    return out


def _runs(numbers: Integers, size: int) -> list[tuple[slice, Integers, int]]:
    """Return stretches of numbers that lie in one block, and their places in it."""
    block = numbers // size
    ends = np.flatnonzero(np.diff(block)) + 1
    spans = zip([0, *ends], [*ends, len(numbers)], strict=True)
    return [
        (slice(a, b), numbers[a:b] - block[a] * size, int(block[a])) for a, b in spans
    ]


def _put(
    rng: np.random.Generator,
    tile: Floats,
    inside: Integers,
    within: Integers,
    out: Floats,
) -> None:
    """Draw a tile of numbers and put some of its rows and columns out."""
    rng.standard_normal(out=tile)
    out[:] = tile[np.ix_(inside, within)]


def _compiled() -> Callable[..., None]:
    from toolkit.models.normals import put  # stands on an extra

    return put
