"""Effects of prices, currencies, payments, third markets, demand and people."""

from __future__ import annotations

from typing import Any

import numpy as np

from toolkit.baseline import Baseline
from toolkit.levers import (
    DemandGrowth,
    ExchangeRate,
    Mobility,
    PaymentFriction,
    PriceChange,
    ThirdMarketTariff,
)
from toolkit.levers.base import as_products
from toolkit.market.access import third_market_share
from toolkit.market.effects import effect_of
from toolkit.market.lines import Integers, Lines
from toolkit.market.shocks import Effect
from toolkit.schema import EVERYONE


@effect_of.register
def _(lever: PriceChange, baseline: Baseline, lines: Lines, year: int | None) -> Effect:
    found = lines.match(lever.importer, lever.exporter, lever.prefixes)
    return Effect(found, {"price": np.full(len(found), 1.0 + lever.by)})


@effect_of.register
def _(
    lever: ExchangeRate, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    goods = as_products(lever.products)
    bought = _maybe(lines, lever.country, EVERYONE, goods)
    sold = _maybe(lines, EVERYONE, lever.country, goods)
    sold = sold[lines.importer[sold] != lever.country]
    if len(bought) + len(sold) == 0:
        lines.match(lever.country, EVERYONE, goods)
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
    )


@effect_of.register
def _(
    lever: PaymentFriction, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    goods = as_products(lever.products)
    first, second = lever.members
    pieces = [
        _maybe(lines, first, second, goods),
        _maybe(lines, second, first, goods),
    ]
    found = np.concatenate(pieces)
    if len(found) == 0:
        lines.match(first, second, goods)
    power = 1.0 + lever.share * lever.cost
    return Effect(found, {"settlement": np.full(len(found), power)})


def _maybe(
    lines: Lines, importer: str, exporter: str, goods: tuple[str, ...]
) -> Integers:
    try:
        return lines.match(importer, exporter, goods)
    except ValueError:
        return np.array([], dtype=np.intp)


@effect_of.register
def _(
    lever: ThirdMarketTariff, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    found = lines.match(lever.importer, lever.exporter, as_products(lever.products))
    shares = third_market_share(lever, baseline, lines, found)
    change = np.array([lever.price_change(share) for share in shares])
    note = (
        f"Diverted supply: {lever.home_share:.0%} of output is taken to be sold at "
        "home (assumed); markets other than the one named share the rest."
    )
    return Effect(found, {"diversion": 1.0 + change}, (note,))


@effect_of.register
def _(
    lever: DemandGrowth, baseline: Baseline, lines: Lines, year: int | None
) -> Effect:
    found = lines.match(lever.importer, None, as_products(lever.products))
    size = (1.0 + lever.by) ** lever.income_elasticity
    return Effect(found, {"growth": np.full(len(found), size)})


@effect_of.register
def _(lever: Mobility, baseline: Baseline, lines: Lines, year: int | None) -> Effect:
    low, high = lever.remittances_range()
    entries: list[dict[str, Any]] = [
        {
            "item": "remittances",
            "from": lever.host,
            "to": lever.home,
            "usd_mn": lever.remittances(),
            "low": low,
            "high": high,
            "basis": "wage sourced, share sent home assumed",
        }
    ]
    notes = ["Remittances are estimated, not observed: no figure was found."]
    spent = lever.student_spending()
    if spent is not None:
        entries.append(
            {
                "item": "students' spending",
                "from": lever.home,
                "to": lever.host,
                "usd_mn": spent,
                "low": spent,
                "high": spent,
                "basis": "the user's figure per student",
            }
        )
    elif lever.students:
        notes.append("Spending per student was not found: left out.")
    return Effect(np.array([], dtype=np.intp), {}, tuple(notes), tuple(entries))
