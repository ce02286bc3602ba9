"""Sums of flows for many draws by the compiled kernel, where numba is installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any, NamedTuple

import numpy as np

from toolkit.market import Shocks
from toolkit.market.flows import Flags, Floats, Integers
from toolkit.models.parameters import Parameters

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


def quick_sums(
    shock: Shocks,
    sigma: Floats,
    eta: Floats,
    supply: Supply,
    metrics: Sequence[str],
) -> tuple[Floats, Flags]:
    """Return the change of each metric, and which draws the kernel finished.

    Parameters
    ----------
    shock : Shocks
        Channels of shape (C, L) or (N, C, L).
    sigma, eta : ndarray, shape (N, M)
        One per market and draw.
    supply : Supply
    metrics : sequence of str
        Of :data:`LINEAR`.

    Returns
    -------
    tuple of ndarray
        Changes in US$ million (N, K); whether each draw clears (N).
    """
    from toolkit.models.kernel import market_sums

    weights, before = _weights(shock, metrics)
    out, ok = np.zeros((len(sigma), len(metrics))), np.zeros(len(sigma))
    starts = np.append(shock.flows.starts, len(shock.flows)).astype(np.uint64)
    problem = _problem(shock)
    bound = (problem[..., CAP] < np.inf) | (problem[..., FLOOR] > -np.inf)
    rough = bound | (problem[..., NEW] > 0)
    flows = shock.flows
    plain = flows.total(rough.any(axis=0).astype(float)) == 0
    sold = flows.total((problem[..., SHARE] > 0).all(axis=0).astype(float)) > 0
    two = np.diff(starts.astype(np.intp)) == 2
    asked = bound.any(axis=0) | (weights != 0).any(axis=(0, 2))
    numbers = (problem, _core(problem), sigma, eta, *supply)
    laid_out = [np.require(values, requirements=["C", "W"]) for values in numbers]
    flags = (plain & sold & two, asked)
    arguments: list[Any] = [starts, *laid_out, *flags, weights, out, ok]
    market_sums(*arguments)  # of one layout each, so that it is compiled once
    return out - before, ok > 0


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
    return np.ascontiguousarray(weights.reshape(-1, *weights.shape[-2:])), before
