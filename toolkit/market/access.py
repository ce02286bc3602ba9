"""What data must stand in for where trade is zero or goes elsewhere."""

from __future__ import annotations

import numpy as np

from toolkit.baseline import Baseline
from toolkit.levers import MarketAccess, QuantityTarget, ThirdMarketTariff
from toolkit.market.lines import Floats, Integers, Lines
from toolkit.schema import nearest


def newcomer_value(
    lever: MarketAccess, lines: Lines, new: Integers
) -> tuple[Floats, list[str]]:
    """Return the notional base value of newly opened flows, US$ million.

    With a share ``w`` of the market at unchanged prices the newcomer's value is
    ``w / (1 - w)`` times today's imports of the product.
    """
    values, remarks = np.zeros(len(new)), []
    for position, line in enumerate(new):
        others = float(lines.value[lines.market == lines.market[line]].sum())
        share = lever.share
        if share is None:
            share = _chapter_share(lines, int(line))
            remarks.append(
                f"HS {lines.product[line]}: a share of {share:.1%} of the market is "
                "assumed, that of the exporter in the rest of the chapter."
            )
        values[position] = others * share / (1.0 - share) if others else 0.0
        if others == 0:
            remarks.append(
                f"HS {lines.product[line]}: no imports from anyone are recorded, so "
                "opening moves nothing."
            )
    return values, remarks


def _chapter_share(lines: Lines, line: int) -> float:
    chapter = str(lines.product[line])[:2]
    same = (lines.importer == lines.importer[line]) & np.strings.startswith(
        lines.product, chapter
    )
    own = same & (lines.exporter == lines.exporter[line])
    total = float(lines.value[same].sum())
    return float(lines.value[own].sum()) / total if total > 0 else 0.0


def unit_price(
    lever: QuantityTarget, lines: Lines, found: Integers
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
    markets = np.isin(lines.market, lines.market[found])
    known = markets & (lines.kilotonnes > 0) & (lines.value > 0)
    if not known.any():
        raise ValueError(
            f"HS {', '.join(lever.prefixes)} trades zero and the baseline has no unit "
            "value: give unit_price in US$ per tonne, with price_source."
        )
    price = 1e3 * lines.value[known].sum() / lines.kilotonnes[known].sum()
    return float(price), (
        f"Unit price US$ {price:,.0f} per tonne: unit value of the other suppliers "
        "in that market."
    )


def third_market_share(
    lever: ThirdMarketTariff, baseline: Baseline, lines: Lines, found: Integers
) -> Floats:
    """Return the third market's share in the exporter's exports by line.

    Taken from flows to that market if the baseline holds them, else from the
    reporter's exports by chapter.

    Raises
    ------
    ValueError
        The baseline knows nothing about exports to that market.
    """
    sold = lines.exporter == lever.exporter
    if (sold & (lines.importer == lever.market)).any():
        return np.array([_held(lever, lines, int(line)) for line in found])
    world = baseline.world
    exports = world[(world["flow"] == "export")]
    known = sorted(set(exports["partner"]))
    if lever.market not in known or lever.exporter != baseline.reporter:
        raise ValueError(
            f"The baseline has no exports of {lever.exporter} to {lever.market}; "
            + nearest(lever.market, known)
        )
    table = exports.pivot_table("value_usd_mn", "hs2", "partner", aggfunc="sum")
    share = (table[lever.market] / table["WLD"]).fillna(0.0)
    chapters = [str(lines.product[line])[:2] for line in found]
    return share.reindex(chapters).fillna(0.0).to_numpy(dtype=float)


def _held(lever: ThirdMarketTariff, lines: Lines, line: int) -> float:
    same = (lines.exporter == lever.exporter) & (lines.product == lines.product[line])
    total = float(lines.value[same].sum())
    there = float(lines.value[same & (lines.importer == lever.market)].sum())
    return there / total if total > 0 else 0.0
