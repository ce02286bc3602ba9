"""The controls of prices, currencies, incomes and people."""

from __future__ import annotations

from toolkit.explorer.control import Control
from toolkit.levers import (
    DemandGrowth,
    ExchangeRate,
    Mobility,
    PaymentFriction,
    PriceChange,
    ThirdMarketTariff,
)
from toolkit.levers.shelf import spared_by_us_duties

MONEY, PEOPLE = "Prices and currency", "People and growth"


def money() -> list[Control]:
    """Return world prices, currencies, settlement, another country's duty."""
    passed = "Pass-through to import prices of 1 is assumed."
    return [
        Control(
            "price:fertiliser", MONEY, "", "World price of fertiliser", "%",
            "your choice", 0.0, -50.0, 100.0, 1.0,
            lambda v, _: (
                PriceChange(importer="IND", exporter="ALL", products="31", by=v / 100),
            ),
            what="Changes the price of all suppliers alike.", codes=("31",),
        ),
        Control(
            "rouble", MONEY, "", "Rouble against the dollar", "%", "your choice",
            0.0, -50.0, 50.0, 1.0,
            lambda v, _: (ExchangeRate(currency="RUB", by=v / 100),),
            what="Below zero the rouble buys fewer dollars, and imports cost Russia "
            "more.", caveat=passed,
        ),
        Control(
            "rupee", MONEY, "", "Rupee against the dollar", "%", "your choice",
            0.0, -50.0, 50.0, 1.0,
            lambda v, _: (ExchangeRate(currency="INR", by=v / 100),),
            what="Below zero the rupee buys fewer dollars, and imports cost India "
            "more.",
            caveat=passed,
        ),
        Control(
            "payments", MONEY, "", "Cost of settlement", "points",
            "96 % of trade settled outside the dollar (December 2025)",
            0.0, -5.0, 10.0, 0.5, lambda v, _: (PaymentFriction(cost=v / 100),),
            what="Changes what paying in roubles and rupees costs, both ways.",
            caveat="The cost itself was not found: your choice.",
        ),
        Control(
            "us_duty", MONEY, "", "US duty on Indian goods", "points",
            "25 + 25 points in August 2025, lifted in steps",
            0.0, 0.0, 50.0, 5.0,
            lambda v, _: (
                ThirdMarketTariff(
                    market="USA", add=v / 100, exclude=spared_by_us_duties()
                ),
            ),
            what="Diverts part of India's exports to Russia; exempt goods left out.",
            caveat="Half of what is diverted is assumed to be sold at home.",
        ),
    ]  # fmt: skip


def people() -> list[Control]:
    """Return incomes and workers."""
    income = "An income elasticity of 1 is assumed."
    return [
        Control(
            "growth:RUS", PEOPLE, "", "Growth of Russia's income", "%", "your choice",
            0.0, -20.0, 50.0, 1.0,
            lambda v, _: (DemandGrowth(importer="RUS", by=v / 100),),
            what="Russia buys more of everything.", caveat=income,
        ),
        Control(
            "growth:IND", PEOPLE, "", "Growth of India's income", "%", "your choice",
            0.0, -20.0, 50.0, 1.0,
            lambda v, _: (DemandGrowth(importer="IND", by=v / 100),),
            what="India buys more of everything.", caveat=income,
        ),
        Control(
            "workers", PEOPLE, "", "More Indian workers in Russia", "thousand",
            "EUR 475-950 a month (DW, January 2026)",
            0.0, 0.0, 500.0, 5.0, lambda v, _: (Mobility(workers=round(1e3 * v)),),
            what="Remittances stand beside the goods balance, not in it.",
            caveat="Half of the wage is assumed to be sent home.",
        ),
    ]  # fmt: skip
