"""Effects of a disrupted flow: its cap, the world price, how fast others replace it."""

from __future__ import annotations

import numpy as np

from toolkit.levers import SupplyDisruption
from toolkit.levers.shelf import oil_response, world_crude_mbd
from toolkit.market.barrels import barrels_today
from toolkit.market.effect import Effect
from toolkit.market.flows import Floats, Flows, Integers
from toolkit.schema import CRUDE

Piece = tuple[Integers, dict[str, Floats]]


def supply_disruption(lever: SupplyDisruption, flows: Flows) -> Effect:
    """Return a cap on each flow, and what it does to other sellers of that good."""
    found = flows.match(lever.importer, lever.exporter, lever.prefixes)
    found = found[flows.value[found] > 0]
    if len(found) == 0:
        said = f"'{lever.sentence()}' moves nothing: the flow is zero today."
        return Effect.nothing(said)
    left = lever.remaining(_tonnes(lever, flows, found))
    notes = ()
    if left >= 1.0:
        notes = (f"'{lever.sentence()}' does not bind: today's flow is smaller.",)
    pieces = [
        (found, _cap(lever, left, len(found))),
        *_world_price(lever, flows, found, min(left, 1.0)),
        *_replacement(lever, flows, found),
    ]
    return _joined(pieces, notes)


def _cap(lever: SupplyDisruption, left: float, size: int) -> dict[str, Floats]:
    values = {"shadow_to_exporter": float(lever.rent_to == "exporter")}
    if lever.by is None:
        values["cap"] = left
    else:
        hit = lever.seller_share * lever.months / 12
        values |= {"hit": hit, "lost": hit * lever.by, "left": 1.0 - hit * lever.by}
    return {name: np.full(size, part) for name, part in values.items()}


def _tonnes(lever: SupplyDisruption, flows: Flows, found: Integers) -> float:
    if lever.by is not None:
        return 0.0
    total = float(flows.kilotonnes[found].sum())
    if not total > 0:
        raise ValueError(
            "A cap in physical units needs kilotonnes in the baseline for "
            f"HS {', '.join(lever.prefixes)}: use by= instead."
        )
    return total


def _world_price(
    lever: SupplyDisruption, flows: Flows, found: Integers, left: float
) -> list[Piece]:
    """Return the price of crude everywhere, in force and were nothing rerouted."""
    crude = np.strings.startswith(flows.product[found], CRUDE).all()
    if lever.rerouted == 1 and not (crude and (flows.kilotonnes[found] > 0).all()):
        return []
    today = barrels_today(flows, found, "SupplyDisruption.rerouted")
    lost = today * (1.0 - left) / world_crude_mbd()
    if not lost < 1.0:
        raise ValueError(
            f"'{lever.sentence()}' takes {today * (1.0 - left):.3g} mb/d, and the "
            f"world makes {world_crude_mbd():.3g}: check the kilotonnes of HS "
            f"{flows.codes(found)}."
        )
    every = np.flatnonzero(np.isin(flows.product, flows.product[found]))
    least = min(lever.world_response, oil_response()[0])
    now = lever.world_price(lost * (1.0 - lever.rerouted))
    reach = lever.world_price(lost, least)
    values = {"world_price": now, "world_reach": reach}
    return [(every, {name: np.full(len(every), x) for name, x in values.items()})]


def _replacement(lever: SupplyDisruption, flows: Flows, found: Integers) -> list[Piece]:
    """Return what other sellers of the good can add, in today's proportions."""
    if lever.switching_mbd is None:
        return []
    here = np.isin(flows.market, flows.market[found]) & (flows.value > 0)
    here[found] = False
    others = np.flatnonzero(here)
    if len(others) == 0:
        return []
    today = barrels_today(flows, others, "SupplyDisruption.switching_mbd")
    most = np.full(len(others), 1.0 + lever.added_at_most() / today)
    return [(others, {"capacity": most})]


def _joined(pieces: list[Piece], notes: tuple[str, ...]) -> Effect:
    """Return one effect of pieces on different flows."""
    where = np.unique(np.concatenate([found for found, _ in pieces]))
    values: dict[str, Floats] = {}
    for found, channels in pieces:
        for name, part in channels.items():
            values[name] = np.full(len(where), np.nan)
            values[name][np.searchsorted(where, found)] = part
    return Effect(where, values, notes)
