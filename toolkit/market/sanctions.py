"""Effects of sanctions on a seller: their cost, and a cap on its price."""

from __future__ import annotations

import numpy as np

from toolkit.levers import PriceCap, SanctionCost
from toolkit.market.barrels import price_today
from toolkit.market.effect import Effect
from toolkit.market.flows import Flows


def sanction_cost(lever: SanctionCost, flows: Flows) -> Effect:
    """Return the wedge between the buyer's delivered price and the border price."""
    found = flows.match(lever.importer, lever.exporter, lever.prefixes)
    if lever.cost is not None:
        share = np.full(len(found), lever.cost)
    else:
        today = price_today(flows, found, "SanctionCost.usd_per_barrel")
        share = float(lever.usd_per_barrel or 0.0) / today
    return Effect(found, {"sanction": 1.0 + share})


def price_cap(lever: PriceCap, flows: Flows) -> Effect:
    """Return the most that is paid to the seller, today = 1."""
    found = flows.match(lever.importer, lever.exporter, lever.prefixes)
    found = found[flows.value[found] > 0]
    if len(found) == 0:
        said = f"'{lever.sentence()}' moves nothing: the flow is zero today."
        return Effect.nothing(said)
    if lever.share_of_today is not None:
        cap = np.full(len(found), lever.share_of_today)
    else:
        landed = float(lever.usd_per_barrel or 0.0)
        landed += np.where(flows.fob[found], 0.0, lever.freight)
        cap = landed / price_today(flows, found, "PriceCap.usd_per_barrel")
    notes = ()
    if (cap >= 1.0).all():
        notes = (f"'{lever.sentence()}' is above today's price: it may not bind.",)
    return Effect(found, {"price_cap": cap}, notes)
