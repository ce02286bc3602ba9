"""Who supplies a product before and after: the markets that move most."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.baseline import Baseline
from toolkit.display import capital, country, supplier
from toolkit.market import flows_of
from toolkit.result import Result

MOST_MARKETS = 6
MOST_SELLERS = 6
OTHERS = "All others"
SMALL = 0.05  # US$ mn


def markets_of(result: Result, baseline: Baseline) -> list[dict[str, Any]]:
    """Return the markets in which the pair's trade moves most, with their suppliers.

    Where nothing moves, the largest of the pair's markets.

    Returns
    -------
    list of dict
        ``title``, ``flow`` of the pair, and ``rows`` of ``[supplier, before, after]``
        in US$ million, the partner first, then by size, the smaller ones as one row.
    """
    flows, value = flows_of(baseline), result.variable("value")
    sellers = {importer: exporter for _, importer, exporter in result.flows()}
    mine = np.array([sellers.get(buyer, "") for buyer in flows.importer.tolist()])
    pair = flows.exporter == mine
    moved = np.abs(value.change)
    size = np.where(pair, moved, 0.0)
    if size.max() < SMALL:
        size = np.where(pair, value.baseline, 0.0)
    order = np.argsort(-size, kind="stable")[:MOST_MARKETS]
    return [
        _market(result, baseline, int(flows.market[n]), int(n))
        for n in order
        if size[n] >= SMALL
    ]


def _market(
    result: Result, baseline: Baseline, market: int, partner: int
) -> dict[str, Any]:
    flows, value = flows_of(baseline), result.variable("value")
    lines = np.flatnonzero(flows.market == market)
    buyer = str(flows.importer[partner])
    lines = lines[(flows.exporter[lines] != buyer) & (lines != partner)]
    size = np.maximum(value.baseline[lines], value.counterfactual[lines])
    order = lines[np.argsort(-size, kind="stable")]
    order = order[np.sort(-size, kind="stable") < 0]
    shown, rest = order[: MOST_SELLERS - 1], order[MOST_SELLERS - 1 :]
    if len(rest) == 1:
        shown, rest = order, rest[:0]
    rows = [_row(flows.exporter[n], value, [n]) for n in (partner, *shown)]
    if len(rest):
        rows.append([OTHERS, *_sums(value, rest)])
    product = baseline.label(str(flows.product[partner])) or "All goods"
    flow = "imports" if buyer == result.reporter else "exports"
    return {"title": f"{product} in {country(buyer)}", "flow": flow, "rows": rows}


def _row(code: str, value: Any, lines: Any) -> list[Any]:
    return [capital(supplier(str(code))), *_sums(value, lines)]


def _sums(value: Any, lines: Any) -> list[float]:
    return [
        round(float(column[lines].sum()), 4)
        for column in (value.baseline, value.counterfactual)
    ]
