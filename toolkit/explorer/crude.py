"""The controls of crude oil: barrels lost, prices, the cost of sanctions."""

from __future__ import annotations

import math

from toolkit.baseline import Baseline
from toolkit.explorer.control import Control
from toolkit.levers import (
    Lever,
    PriceCap,
    PriceChange,
    SanctionCost,
    SupplyDisruption,
)
from toolkit.schema import usd_a_barrel

CRUDE = "Crude"


def crude_controls(baseline: Baseline) -> list[Control]:
    """Return the controls of crude; those in barrels need tonnes in the baseline."""
    out = [
        Control(
            "crude:cut", CRUDE, "", "Russian crude lost", "%",
            "DGCI&S tonnes; sanctioned sellers carry about 60 % (ICRA 2025)",
            0.0, 0.0, 100.0, 1.0, lambda v, _: (_cut(v),),
            what="Takes away this share of a year's flow; others replace it.",
            front=True, codes=("2709",), marks=(round(100 / 3, 10),),
        ),
        Control(
            "crude:world", CRUDE, "", "World price of crude", "%",
            "your choice", 0.0, -50.0, 100.0, 1.0, lambda v, _: (_world(v),),
            what="Changes the price of all suppliers alike.", codes=("2709",),
        ),
    ]  # fmt: skip
    rows = baseline.frame.query("importer == 'IND' and exporter == 'RUS'")
    tonnes = rows.set_index("product")["kilotonnes"].get("2709", 0.0)
    if not tonnes > 0:
        return out
    value = rows.set_index("product")["value_usd_mn"]["2709"]
    return out + _in_barrels(usd_a_barrel(float(value), float(tonnes)))


def _in_barrels(today: float) -> list[Control]:
    """Return what is set in US$ a barrel, given today's price on arrival."""
    loaded = float(math.ceil(today - _price_cap(today).freight))
    return [
        Control(
            "crude:discount", CRUDE, "", "Discount of Russian crude, change",
            "US$/bbl", "US$ 5-7 in January 2026 (press)",
            0.0, -10.0, 20.0, 0.5, lambda v, _: (_discount(v),),
            what="Russia sells what is bought at it, whatever the world price.",
            front=True, codes=("2709",),
        ),
        Control(
            "crude:sanction", CRUDE, "", "Cost of buying it under sanctions",
            "US$/bbl", "your choice: not published",
            0.0, 0.0, 20.0, 0.5, lambda v, _: (_sanction(v),),
            what="Buyers pay it on top; Russia bears what its other outlets leave it.",
            codes=("2709",),
        ),
        Control(
            "crude:cap", CRUDE, "", "Cap on the price of Russian crude",
            "US$/bbl", "60 (G7, 2022), 47.6 and 44.1 (EU, 2025 and 2026)",
            loaded, min(30.0, loaded - 1.0), loaded, 1.0, lambda v, _: (_price_cap(v),),
            what="The most that is paid where it is loaded; today's price: no cap.",
            codes=("2709",),
        ),
    ]  # fmt: skip


def _cut(percent: float) -> Lever:
    return SupplyDisruption(
        importer="IND", exporter="RUS", products="2709", by=percent / 100
    )


def _world(percent: float) -> Lever:
    return PriceChange(
        importer="IND", exporter="ALL", products="2709", by=percent / 100
    )


def _discount(usd: float) -> Lever:
    return PriceChange(
        importer="IND", exporter="RUS", products="2709", usd_per_barrel=-usd, held=True
    )


def _price_cap(usd: float) -> PriceCap:
    return PriceCap(importer="IND", exporter="RUS", products="2709", usd_per_barrel=usd)


def _sanction(usd: float) -> Lever:
    return SanctionCost(
        importer="IND", exporter="RUS", products="2709", usd_per_barrel=usd
    )
