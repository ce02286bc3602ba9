"""Effects of barriers other than duties: measures, blocked access, trade costs."""

from __future__ import annotations

import numpy as np

from toolkit.levers import MarketAccess, NonTariffEasing, TradeCostChange
from toolkit.levers.shelf import barrier_cost
from toolkit.market.effect import Effect
from toolkit.market.flows import Floats, Flows, Integers


def non_tariff_easing(lever: NonTariffEasing, flows: Flows) -> Effect:
    """Return the change of a barrier's cost by who bears it."""
    found = flows.match(lever.importer, lever.exporter, lever.prefixes)
    ave, notes = _barrier_today(lever, flows, found)
    weights = {
        "resource": lever.resource,
        f"rent_{lever.rent_to}": lever.rent,
        "fee": lever.fee,
    }
    values = {
        "ntm_ave": ave,
        "ntm_left": np.full(len(found), 1.0 - lever.by),
        **{f"ntm_{part}": np.full(len(found), w) for part, w in weights.items()},
    }
    blocked = found[flows.value[found] == 0]
    if len(blocked):
        codes = flows.codes(blocked)
        notes += (f"HS {codes} trades zero: an easing moves nothing there.",)
    return Effect(found, values, notes)


def _barrier_today(
    lever: NonTariffEasing, flows: Flows, found: Integers
) -> tuple[Floats, tuple[str, ...]]:
    """Return today's ad valorem equivalent, the lever's before the baseline's."""
    if lever.ave is not None:
        return np.full(len(found), lever.ave), ()
    known = flows.ntm_ave[found]
    assumed = barrier_cost()
    ave = np.where(known > 0, known, assumed)
    if (known > 0).all():
        return ave, ()
    return ave, (
        f"Barrier cost of {assumed:.0%} assumed where the baseline "
        "has none (range 5-30 %).",
    )


def market_access(lever: MarketAccess, flows: Flows) -> Effect:
    """Return the notional base value of newly opened flows."""
    found = flows.match(lever.importer, lever.exporter, lever.prefixes)
    new = found[flows.value[found] == 0]
    notes = []
    if len(new) < len(found):
        codes = flows.codes(np.setdiff1d(found, new))
        notes.append(f"HS {codes} is traded already: opening moves nothing there.")
    values, remarks = _newcomer_value(lever, flows, new)
    return Effect(new, {"newcomer": values}, (*notes, *remarks))


def _newcomer_value(
    lever: MarketAccess, flows: Flows, new: Integers
) -> tuple[Floats, list[str]]:
    """Return the notional base value of newly opened flows, US$ million.

    With a share ``w`` of the market at unchanged prices the newcomer's value is
    ``w / (1 - w)`` times today's imports of the product.
    """
    values, remarks = np.zeros(len(new)), []
    for position, flow in enumerate(new):
        others = float(flows.value[flows.market == flows.market[flow]].sum())
        share = lever.share
        if share is None:
            share = _chapter_share(flows, int(flow))
            remarks.append(
                f"HS {flows.product[flow]}: a share of {share:.1%} of the market is "
                "assumed, that of the exporter in the rest of the chapter."
            )
        values[position] = others * share / (1.0 - share) if others else 0.0
        if others == 0:
            remarks.append(
                f"HS {flows.product[flow]}: no imports from anyone are recorded, so "
                "opening moves nothing."
            )
    return values, remarks


def _chapter_share(flows: Flows, flow: int) -> float:
    chapter = str(flows.product[flow])[:2]
    same = (flows.importer == flows.importer[flow]) & np.strings.startswith(
        flows.product, chapter
    )
    own = same & (flows.exporter == flows.exporter[flow])
    total = float(flows.value[same].sum())
    return float(flows.value[own].sum()) / total if total > 0 else 0.0


def trade_cost_change(lever: TradeCostChange, flows: Flows) -> Effect:
    """Return the change of the resource cost of shipping."""
    found = flows.match(lever.importer, lever.exporter, lever.prefixes)
    return Effect(found, {"freight": np.full(len(found), lever.factor)})
