"""Sums of flows for many draws by the compiled kernel, where numba is installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from toolkit.market import Shocks
from toolkit.market.flows import Flags, Floats, Flows, Integers
from toolkit.models.parameters import Parameters

Unsigned = NDArray[np.uint64]
CAP, FLOOR, SHARE, NEW = 4, 5, 8, 9  # of what the kernel reads
LINEAR = ("exports", "imports", "balance", "revenue")


class Supply(NamedTuple):
    """Inverse export supply elasticities, ``fixed moves + free slack``.

    Attributes
    ----------
    fixed, free : ndarray, shape (L,)
        The inverse of what is finite; one where supply is infinite in the centre.
    moves, slack : ndarray, shape (1 or N, M)
    """

    fixed: Floats
    free: Floats
    moves: Floats
    slack: Floats

    def inverse(self, market: Integers) -> Floats:
        """Return the inverse elasticity of every flow, shape (1 or N, L)."""
        moved = self.fixed * self.moves[:, market]
        return moved + self.free * self.slack[:, market]


def available() -> bool:
    """Return whether the compiled kernel can be had."""
    return find_spec("numba") is not None


class Layout(NamedTuple):
    """What the kernels read of shocks and metrics, whatever the elasticities.

    Attributes
    ----------
    starts, problem, core, pairs, firsts, column, weights
        As :mod:`toolkit.models.kernel` and :mod:`toolkit.models.pairs` name them.
    before : ndarray, shape (K,)
        Today's sums.
    """

    starts: Unsigned
    problem: Floats
    core: Floats
    pairs: Unsigned
    firsts: Unsigned
    column: Integers
    weights: Floats
    before: Floats


def laid_out(shock: Shocks, metrics: Sequence[str]) -> Layout:
    """Lay shocks out for the kernels.

    Parameters
    ----------
    shock : Shocks
        Channels of shape (C, L) or (N, C, L).
    metrics : sequence of str
        Of :data:`LINEAR`.
    """
    flows, problem = shock.flows, _problem(shock)
    weights, before = _weights(shock, metrics)
    bound = (problem[..., CAP] < np.inf) | (problem[..., FLOOR] > -np.inf)
    asked = np.flatnonzero(bound.any(axis=0) | (weights != 0).any(axis=(0, 2)))
    column = np.full(len(flows), -1)
    column[asked] = np.arange(len(asked))
    core, pairs = _core(problem), _pairs(flows, problem, bound)
    still = (core[..., 0] == 0).all(axis=0)[flows.starts[pairs]]
    pairs = pairs[np.argsort(still, kind="stable")]
    return Layout(
        starts=np.append(flows.starts, len(flows)).astype(np.uint64),
        problem=problem,
        core=core,
        pairs=pairs.astype(np.uint64),
        firsts=flows.starts[pairs].astype(np.uint64),
        column=column,
        weights=np.ascontiguousarray(weights[:, asked]),
        before=before,
    )


def _pairs(flows: Flows, problem: Floats, bound: Flags) -> Integers:
    """Return the markets of two suppliers without bounds or newcomers."""
    rough = bound | (problem[..., NEW] > 0)
    plain = flows.total(rough.any(axis=0).astype(float)) == 0
    sold = flows.total((problem[..., SHARE] > 0).all(axis=0).astype(float)) > 0
    two = np.diff(flows.starts, append=len(flows)) == 2
    return np.flatnonzero(plain & sold & two)


def quick_sums(
    layout: Layout, sigma: Floats, eta: Floats, supply: Supply
) -> tuple[Floats, Flags]:
    """Return the change of each metric, and which draws the kernels finished.

    Parameters
    ----------
    layout : Layout
    sigma, eta : ndarray, shape (N, M)
        One per market and draw.
    supply : Supply

    Returns
    -------
    tuple of ndarray
        Changes in US$ million (N, K); whether each draw clears (N).
    """
    from toolkit.models.kernel import market_sums
    from toolkit.models.pairs import pair_values

    count, kinds = len(sigma), layout.weights.shape[-1]
    drawn = [
        np.require(values, requirements=["C", "W"]) for values in (sigma, eta, *supply)
    ]  # of one layout each, so that each kernel is compiled once
    value = np.empty((count, layout.weights.shape[1]))
    found = np.zeros(sigma.shape, dtype=bool)
    out, ok = np.empty((count, kinds)), np.empty(count)
    column, both = layout.column, (value, found)
    mine = [layout.pairs, layout.firsts, layout.core, *drawn, column, *both]
    rest = [layout.starts, layout.problem, *drawn, column, layout.weights, *both]
    arguments: list[list[Any]] = [mine, [*rest, out, ok]]
    pair_values(*arguments[0])
    market_sums(*arguments[1])
    return out - layout.before, ok > 0


def _problem(shock: Shocks) -> Floats:
    """Return what the kernel reads of the shocks, shape (1 or N, L, 12)."""
    from toolkit.models.armington import ces_markets  # which stands on this room

    flows = shock.flows
    unit = np.ones(len(flows))
    markets = ces_markets(shock, Parameters(flows, unit, -unit, unit))
    newcomer = shock["newcomer"]
    rows = np.broadcast_arrays(
        markets.ln_wedge,
        markets.ln_cost,
        markets.ln_iceberg,
        markets.ln_size,
        markets.ln_cap,
        markets.ln_floor,
        shock["scheduled"],
        np.where(newcomer > 0, newcomer, flows.value),
        markets.share,
        markets.new,
        flows.fob.astype(float),
        shock["shadow_to_exporter"],
    )
    return np.stack(rows, axis=-1).reshape(-1, len(flows), len(rows))


def _core(problem: Floats) -> Floats:
    supply = problem[..., 0] + problem[..., 1] + problem[..., 2]
    rise = problem[..., 2] + problem[..., 3]
    to_value = problem[..., 3] - problem[..., 0] - problem[..., 2] * problem[..., 10]
    parts = [supply, rise, problem[..., SHARE], problem[..., 7], to_value]
    return np.stack([*parts, problem[..., 6]], axis=-1)


def _weights(shock: Shocks, metrics: Sequence[str]) -> tuple[Floats, Floats]:
    """Return what each flow's value counts for in each metric, and today's sums."""
    flows, base = shock.flows, shock.flows.baseline
    sold = (flows.importer == base.partner) & (flows.exporter == base.reporter)
    bought = (flows.importer == base.reporter) & (flows.exporter == base.partner)
    own = flows.importer == base.reporter
    counts = {
        "exports": sold.astype(float),
        "imports": bought.astype(float),
        "balance": sold.astype(float) - bought,
        "revenue": np.where(own, shock.rate, 0.0),
    }
    today = {**counts, "revenue": np.where(own, flows.rate, 0.0)}
    weights = np.stack(np.broadcast_arrays(*(counts[m] for m in metrics)), axis=-1)
    before = np.array([(today[name] * flows.value).sum() for name in metrics])
    return weights.reshape(-1, *weights.shape[-2:]), before
