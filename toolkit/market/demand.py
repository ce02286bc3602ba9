"""Effects of demand elsewhere and at home: third markets and income growth."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pandas as pd

from toolkit.baseline import Baseline
from toolkit.levers import DemandGrowth, ThirdMarketTariff
from toolkit.levers.base import as_products
from toolkit.market.effect import Effect
from toolkit.market.flows import Floats, Flows, Integers
from toolkit.schema import nearest

DIVERTED = "the duty also moves sales elsewhere abroad, which are not followed."
GROWN = "demand grows in one country only, and what others buy is held."


def third_market_tariff(lever: ThirdMarketTariff, flows: Flows) -> Effect:
    """Return the exporter's price when another market takes less or more."""
    held = set(flows.product[flows.importer == lever.importer])
    excluded = tuple(  # a legal list may name goods that the baseline does not hold
        code
        for code in (as_products(lever.exclude) if lever.exclude else ())
        if any(product.startswith(code) for product in held)
    )
    found = flows.match(lever.importer, lever.exporter, lever.prefixes, excluded)
    shares = _third_market_share(lever, flows, found)
    change = np.array([lever.price_change(float(share)) for share in shares])
    _refuse_no_price(lever, flows, found, change)
    note = (
        f"Diverted supply: {lever.home_share:.0%} of output is taken to be sold at "
        "home (assumed); markets other than the one named share the rest."
    )
    return Effect(found, {"diversion": 1.0 + change}, (note,), open_account=DIVERTED)


def _refuse_no_price(
    lever: ThirdMarketTariff, flows: Flows, found: Integers, change: Floats
) -> None:
    """Raise where the first-order formula takes away the whole price."""
    if (change <= -1.0).any():
        worst = int(np.argmin(change))
        raise ValueError(
            f"'{lever.sentence()}' is too large: to a first order it changes the "
            f"price of HS {flows.product[found[worst]]} by {100 * change[worst]:,.0f} "
            "%, and no price falls by more than 100 %. Make add smaller."
        )


def _third_market_share(
    lever: ThirdMarketTariff, flows: Flows, found: Integers
) -> Floats:
    """Return the third market's share in the exporter's exports of each product.

    Taken from flows to that market if the baseline holds them, else from the
    reporter's exports by chapter.

    Raises
    ------
    ValueError
        The baseline knows nothing about exports to that market.
    """
    sold = flows.exporter == lever.exporter
    if (sold & (flows.importer == lever.market)).any():
        return np.array([_held(lever, flows, int(flow)) for flow in found])
    shares = _market_shares(flows.baseline)
    if lever.market not in shares or lever.exporter != flows.baseline.reporter:
        raise ValueError(
            f"The baseline has no exports of {lever.exporter} to {lever.market}; "
            + nearest(lever.market, map(str, shares.columns))
        )
    chapters = [str(flows.product[flow])[:2] for flow in found]
    return shares[lever.market].reindex(chapters).fillna(0.0).to_numpy(dtype=float)


@lru_cache(maxsize=8)
def _market_shares(baseline: Baseline) -> pd.DataFrame:
    """Return each market's share in the reporter's exports, by chapter."""
    world = baseline.world
    exports = world[world["flow"] == "export"]
    table = exports.pivot_table("value_usd_mn", "hs2", "partner", aggfunc="sum")
    return table if table.empty else table.div(table["WLD"], axis=0)


def _held(lever: ThirdMarketTariff, flows: Flows, flow: int) -> float:
    same = (flows.exporter == lever.exporter) & (flows.product == flows.product[flow])
    total = float(flows.value[same].sum())
    there = float(flows.value[same & (flows.importer == lever.market)].sum())
    return there / total if total > 0 else 0.0


def demand_growth(lever: DemandGrowth, flows: Flows) -> Effect:
    """Return the size of an importer's demand."""
    found = flows.match(lever.importer, None, lever.prefixes)
    size = (1.0 + lever.by) ** lever.income_elasticity
    growth = {"growth": np.full(len(found), size)}
    return Effect(found, growth, open_account=GROWN)
