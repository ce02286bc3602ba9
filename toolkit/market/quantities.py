"""Effects of quantities: a purchase target, a scheduled import."""

from __future__ import annotations

import numpy as np

from toolkit.levers import QuantityTarget, ScheduledImport
from toolkit.market.barrels import barrels_today
from toolkit.market.effect import Effect, Target
from toolkit.market.flows import Floats, Flows, Integers

FAR = 5.0  # times today's purchases: beyond what elasticities were estimated on
ABSURD = 100.0  # times what the importer buys of the goods from all suppliers


def quantity_target(lever: QuantityTarget, flows: Flows) -> Effect:
    """Return a least sum over the flows of the group.

    Raises
    ------
    ValueError
        A target a hundred times what the importer buys of the goods from everyone.
    """
    found = flows.match(lever.importer, lever.exporter, lever.prefixes)
    traded = found[flows.value[found] > 0]
    if len(traded) == 0:
        return _target_of_new_trade(lever, flows, found)
    amount = _measured(lever, flows, traded)
    today = float(amount.sum())
    total = lever.usd_mn if lever.tonnes is None else lever.tonnes
    target = Target(traded, amount, float(total or 0.0))
    worth = float(flows.value[traded].sum()) * target.total / today
    _refuse_absurd(lever, flows, found, worth)
    payee = np.full(len(traded), float(lever.paid_by == "exporter"))
    return Effect(
        traded,
        {"shadow_to_exporter": payee},
        _remarks(lever, target.total / today, today),
        target=target,
    )


def _remarks(lever: QuantityTarget, factor: float, today: float) -> tuple[str, ...]:
    if factor <= 1.0:
        unit = "kt" if lever.tonnes is not None else "US$ mn"
        return (
            f"'{lever.sentence()}' is met today by {today:,.0f} {unit}: it binds only "
            "where other levers lower the purchases.",
        )
    if factor > FAR:
        return (
            f"'{lever.sentence()}' is {factor:,.0f} times today's purchases: its price "
            "wedge is outside what the elasticities were estimated on.",
        )
    return ()


def _refuse_absurd(
    lever: QuantityTarget, flows: Flows, found: Integers, worth: float
) -> None:
    """Raise for a target, US$ million at today's prices, far beyond the market."""
    markets = np.isin(flows.market, flows.market[found])
    bought = float(flows.value[markets].sum())
    if bought > 0 and worth > ABSURD * bought:
        hint = "US$ million" if lever.kilotonnes is None else "thousand tonnes"
        raise ValueError(
            f"'{lever.sentence()}' is {worth / bought:,.0f} times what the importer "
            f"buys of these goods from all suppliers (US$ {bought:,.0f} mn): the unit "
            f"is {hint}."
        )


def _measured(lever: QuantityTarget, flows: Flows, traded: Integers) -> Floats:
    if lever.tonnes is None:
        return flows.value[traded]
    if lever.mbd is not None:
        barrels_today(flows, traded, "QuantityTarget.mbd")
    tonnes = flows.kilotonnes[traded]
    unknown = ~(tonnes > 0)
    if unknown.any():
        raise ValueError(
            f"The baseline has no kilotonnes for HS {flows.codes(traded[unknown])}: "
            "set the target by usd_mn, or name products that have them."
        )
    return tonnes


def _target_of_new_trade(
    lever: QuantityTarget, flows: Flows, found: Integers
) -> Effect:
    if lever.usd_mn is not None:
        total, remark = lever.usd_mn, ""
    else:
        price, remark = _unit_price(lever, flows, found)
        total = float(lever.tonnes or 0.0) * price / 1e3
    _refuse_absurd(lever, flows, found, total)
    notes = [
        f"'{lever.sentence()}' starts from zero trade: the price at which the market "
        "would buy it cannot be told, so no wedge is reported."
    ]
    if remark:
        notes.append(remark)
    weight = np.full(len(found), total / len(found))
    target = Target(found, np.full(len(found), np.nan), total)
    return Effect(found, {"newcomer": weight}, tuple(notes), target=target)


def _unit_price(
    lever: QuantityTarget, flows: Flows, found: Integers
) -> tuple[float, str]:
    """Return the price of goods not traded today, US$ per tonne, and its source.

    Raises
    ------
    ValueError
        No unit price given, and none known in that market.
    """
    if lever.unit_price is not None:
        source = lever.price_source or "no source given"
        return lever.unit_price, (
            f"Unit price US$ {lever.unit_price:,.0f} per tonne ({source})."
        )
    markets = np.isin(flows.market, flows.market[found])
    known = markets & (flows.kilotonnes > 0) & (flows.value > 0)
    if not known.any():
        raise ValueError(
            f"HS {', '.join(lever.prefixes)} trades zero and the baseline has no unit "
            "value: give unit_price in US$ per tonne, with price_source."
        )
    price = 1e3 * flows.value[known].sum() / flows.kilotonnes[known].sum()
    return float(price), (
        f"Unit price US$ {price:,.0f} per tonne: unit value of the other suppliers "
        "in that market."
    )


def scheduled_import(lever: ScheduledImport, flows: Flows) -> Effect:
    """Return the value that a contract adds to one flow."""
    found = flows.match(lever.importer, lever.exporter, lever.prefixes)
    if len(found) != 1:
        codes = ", ".join(flows.product[found])
        raise ValueError(f"A ScheduledImport needs one product; these match: {codes}.")
    if flows.value[found[0]] + lever.usd_mn < 0:
        raise ValueError(
            f"usd_mn {lever.usd_mn:g} would make the flow negative: it is "
            f"{flows.value[found[0]]:g} today."
        )
    return Effect(found, {"scheduled": np.array([lever.usd_mn])})
