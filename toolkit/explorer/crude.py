"""The controls of crude oil: barrels lost, prices, the cost of sanctions."""

from __future__ import annotations

from toolkit.baseline import Baseline
from toolkit.explorer.control import Control
from toolkit.levers import (
    Lever,
    PriceCap,
    PriceChange,
    SanctionCost,
    SupplyDisruption,
)

CRUDE = "Crude"


def crude_controls(baseline: Baseline) -> list[Control]:
    """Return the controls of crude; those in barrels need tonnes in the baseline."""
    out = [
        Control(
            "crude:cut", CRUDE, "", "Russian crude lost", "% of the year's flow",
            "DGCI&S tonnes; sanctioned sellers carry about 60 % (ICRA 2025)",
            0.0, 0.0, 100.0, 1.0,
            lambda v, _: (_cut(v),),
        ),
        Control(
            "crude:world", CRUDE, "", "World price", "% change",
            "the user's choice", 0.0, -50.0, 100.0, 1.0,
            lambda v, _: (_world(v),),
        ),
    ]  # fmt: skip
    rows = baseline.frame.query("importer == 'IND' and exporter == 'RUS'")
    tonnes = rows.set_index("product")["kilotonnes"].get("2709", 0.0)
    return out + (_in_barrels() if tonnes > 0 else [])


def _in_barrels() -> list[Control]:
    return [
        Control(
            "crude:discount", CRUDE, "", "Discount of Russian crude",
            "US$ a barrel more",
            "US$ 5-7 in January 2026 (press); held: Russia sells what is bought at it",
            0.0, -10.0, 20.0, 0.5,
            lambda v, _: (_discount(v),),
        ),
        Control(
            "crude:sanction", CRUDE, "", "Cost of buying it under sanctions",
            "US$ a barrel", "not published; Russia bears what its outlets leave it",
            0.0, 0.0, 20.0, 0.5,
            lambda v, _: (_sanction(v),),
        ),
        Control(
            "crude:cap", CRUDE, "", "Cap on the price of Russian crude",
            "US$ a barrel where loaded",
            "60 (G7, 2022), 47.6 and 44.1 (EU, 2025 and 2026); 100: none",
            100.0, 30.0, 100.0, 1.0,
            lambda v, _: (_price_cap(v),),
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


def _price_cap(usd: float) -> Lever:
    return PriceCap(importer="IND", exporter="RUS", products="2709", usd_per_barrel=usd)


def _sanction(usd: float) -> Lever:
    return SanctionCost(
        importer="IND", exporter="RUS", products="2709", usd_per_barrel=usd
    )
