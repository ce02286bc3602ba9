"""Each market by its solver: CES varieties, or one good where sigma is infinite."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np

from toolkit.market.flows import Integers
from toolkit.models.ces import CesMarkets, CesSolution, NotConverged, solve_ces
from toolkit.models.merit import solve_merit


def cleared(markets: CesMarkets) -> CesSolution:
    """Return prices and quantities of all markets.

    Parameters
    ----------
    markets : CesMarkets
        Where its sigma is infinite, sellers of one good fill in merit order.

    Raises
    ------
    toolkit.models.ces.NotConverged
        A market that does not clear.
    """
    exact = np.isinf(markets.sigma)
    if not exact.any():
        return solve_ces(markets)
    by_market = exact.reshape(-1, exact.shape[-1])[:, markets.starts]
    some, none = by_market.any(axis=0), ~by_market.all(axis=0)
    pieces = []
    if none.any():
        chosen = np.flatnonzero(none)
        pieces.append((chosen, ~exact, _apart(markets, chosen, _solve_finite)))
    chosen = np.flatnonzero(some)
    pieces.append((chosen, exact, _apart(markets, chosen, solve_merit)))
    lead = np.broadcast_shapes(*(piece.ln_index.shape[:-1] for *_, piece in pieces))
    price, quantity = (np.zeros((*lead, len(markets.market))) for _ in range(2))
    index, residual = np.zeros((*lead, len(markets.starts))), np.zeros(lead)
    for chosen, mine, piece in pieces:
        flows = np.flatnonzero(np.isin(markets.market, chosen))
        here, whole = mine[..., flows], mine[..., markets.starts[chosen]]
        price[..., flows] = np.where(here, piece.ln_price, price[..., flows])
        quantity[..., flows] = np.where(here, piece.ln_quantity, quantity[..., flows])
        index[..., chosen] = np.where(whole, piece.ln_index, index[..., chosen])
        residual = np.maximum(residual, piece.residual)
    steps = max(piece.iterations for *_, piece in pieces)
    return CesSolution(price, quantity, index, residual, steps)


def _apart(
    markets: CesMarkets,
    chosen: Integers,
    solve: Callable[[CesMarkets], CesSolution],
) -> CesSolution:
    """Solve some markets; an error names its market among all of them."""
    try:
        return solve(_some(markets, chosen))
    except NotConverged as error:
        if error.market is None:
            raise
        raise NotConverged(str(error), int(chosen[error.market])) from error


def _some(markets: CesMarkets, chosen: Integers) -> CesMarkets:
    """Return some markets, in their order."""
    flows = np.flatnonzero(np.isin(markets.market, chosen))
    place = np.searchsorted(chosen, markets.market[flows])
    arrays = {
        field.name: np.take(getattr(markets, field.name), flows, axis=-1)
        for field in dataclasses.fields(markets)
        if field.name not in ("starts", "market")
    }
    starts = np.searchsorted(place, np.arange(len(chosen)))
    return CesMarkets(starts, place, **arrays)


def _solve_finite(markets: CesMarkets) -> CesSolution:
    """Return the CES solution; a draw with an infinite sigma is not read from it."""
    sigma = np.where(np.isinf(markets.sigma), 2.0, markets.sigma)
    return solve_ces(dataclasses.replace(markets, sigma=sigma))
