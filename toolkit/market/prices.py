"""Effects of prices and money: world prices, currencies, payments."""

from __future__ import annotations

import numpy as np

from toolkit.levers import ExchangeRate, PaymentFriction, PriceChange
from toolkit.market.barrels import price_today
from toolkit.market.effect import Effect
from toolkit.market.flows import Floats, Flows, Integers
from toolkit.schema import EVERYONE

REPRICED = "the currency also reprices sales elsewhere abroad, which are not followed."


def price_change(lever: PriceChange, flows: Flows) -> Effect:
    """Return the supplier's price."""
    found = flows.match(lever.importer, lever.exporter, lever.prefixes)
    if lever.usd_per_barrel is None:
        price = np.full(len(found), 1.0 + float(lever.by or 0.0))
    else:
        today = price_today(flows, found, "PriceChange.usd_per_barrel")
        price = 1.0 + lever.usd_per_barrel / today
        _refuse_below_zero(lever, flows, found, price)
    values = {"price": price}
    if lever.held:
        values["held"] = np.ones(len(found))
    return Effect(found, values)


def _refuse_below_zero(
    lever: PriceChange, flows: Flows, found: Integers, price: Floats
) -> None:
    if (price <= 0).any():
        n = int(np.argmin(price))
        today = float(lever.usd_per_barrel or 0.0) / (price[n] - 1.0)
        raise ValueError(
            f"usd_per_barrel {lever.usd_per_barrel:g} is more than the price of crude "
            f"from {flows.exporter[found[n]]}, US$ {today:.2f} a barrel."
        )


def exchange_rate(lever: ExchangeRate, flows: Flows) -> Effect:
    """Return prices of what a country buys and sells when its currency moves."""
    goods = lever.prefixes
    bought = _either(flows, lever.country, EVERYONE, goods)
    sold = _either(flows, EVERYONE, lever.country, goods)
    sold = sold[flows.importer[sold] != lever.country]
    if len(bought) + len(sold) == 0:
        flows.match(lever.country, EVERYONE, goods)
    open_account = ""
    if lever.export_pass_through > 0 and _sells_elsewhere(flows, lever.country):
        open_account = REPRICED
    dollar = 1.0 + lever.by
    passed = lever.import_pass_through
    buys, sells = np.ones(len(bought)), np.ones(len(sold))
    return Effect(
        np.concatenate([bought, sold]),
        {
            "currency": np.concatenate([buys / dollar, sells * np.nan]),
            "currency_squeeze": np.concatenate(
                [buys * dollar ** (1.0 - passed), sells * np.nan]
            ),
            "currency_supply": np.concatenate(
                [buys * np.nan, sells * dollar**lever.export_pass_through]
            ),
        },
        open_account=open_account,
    )


def _sells_elsewhere(flows: Flows, country: str) -> bool:
    """Return whether a country's exports are known to exceed those in the markets."""
    known = flows.baseline.exports_to_world
    if known is None or country != flows.baseline.reporter:
        return False
    sold = (flows.exporter == country) & (flows.importer != country)
    return known > float(flows.value[sold].sum()) * (1.0 + 1e-9)


def payment_friction(lever: PaymentFriction, flows: Flows) -> Effect:
    """Return the cost of settlement on both flows of a pair."""
    goods = lever.prefixes
    first, second = lever.members
    pieces = [
        _either(flows, first, second, goods),
        _either(flows, second, first, goods),
    ]
    found = np.concatenate(pieces)
    if len(found) == 0:
        flows.match(first, second, goods)
    power = 1.0 + lever.share * lever.cost
    return Effect(found, {"settlement": np.full(len(found), power)})


def _either(
    flows: Flows, importer: str, exporter: str, goods: tuple[str, ...]
) -> Integers:
    """Return the flows of one direction, none where the baseline holds none."""
    try:
        return flows.match(importer, exporter, goods)
    except ValueError:
        return np.array([], dtype=np.intp)
