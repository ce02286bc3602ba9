"""Sums of flows for many draws by the compiled kernel, where numba is installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np

from toolkit.market import Shocks
from toolkit.market.flows import Floats
from toolkit.models.armington import ces_markets
from toolkit.models.parameters import Parameters

CAP, FLOOR, SHARE, NEW = 4, 5, 8, 9  # of what the kernel reads
LINEAR = ("exports", "imports", "balance", "revenue")


def available() -> bool:
    """Return whether the compiled kernel can be had."""
    return find_spec("numba") is not None


def quick_sums(
    shock: Shocks, sigma: Floats, eta: Floats, nu: Floats, metrics: Sequence[str]
) -> tuple[Floats, Floats]:
    """Return the change of each metric, and which draws the kernel finished.

    Parameters
    ----------
    shock : Shocks
        Channels of shape (C, L) or (N, C, L).
    sigma, eta : ndarray, shape (N, M)
        One per market and draw.
    nu : ndarray, shape (N, L)
        Inverse export supply elasticities.
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
    rough = bound | (problem[..., SHARE] <= 0) | (problem[..., NEW] > 0)
    plain = shock.flows.total(rough.any(axis=0).astype(float)) == 0
    asked = bound.any(axis=0) | (weights != 0).any(axis=(0, 1))
    market_sums(
        starts, problem, sigma, eta, nu, plain, asked, weights, out, ok
    )  # the layout of ``problem`` is its docstring's
    return out - before, ok > 0


def _problem(shock: Shocks) -> Floats:
    """Return what the kernel reads of the shocks, shape (1 or N, L, 12)."""
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
    weights = np.stack(np.broadcast_arrays(*(counts[m] for m in metrics)), axis=-2)
    before = np.array([(today[name] * flows.value).sum() for name in metrics])
    return np.ascontiguousarray(weights.reshape(-1, *weights.shape[-2:])), before
