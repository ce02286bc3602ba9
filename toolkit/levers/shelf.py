"""Defaults of levers that stand on the data shelf, read when a lever asks for them."""

from __future__ import annotations

from functools import cache

from toolkit import datasets


@cache
def barrier_cost() -> float:
    """Return the ad valorem equivalent assumed where the baseline has none.

    The low end of what firms reported inside the EAEU (Eurasian Development Bank).
    """
    return datasets.number("ntm_ave", "low", name="EDB survey of 530 firms")


@cache
def settled_share() -> float:
    """Return the share of trade settled in national currencies, December 2025."""
    return datasets.number("payments", "low", period="2025-12-05")


@cache
def wages_usd() -> tuple[float, float, float]:
    """Return the wages offered to Indians: low, middle and high, US$ a month."""
    offered = {"indicator": "wage offered to Indians"}
    low = datasets.number("mobility", "low", **offered)
    high = datasets.number("mobility", "high", **offered)
    euro = datasets.number("exchange_rates", "per_usd", currency="EUR", period="2025")
    middle = 0.5 * (low + high)
    return round(low / euro, 0), round(middle / euro, 0), round(high / euro, 0)


@cache
def spared_by_us_duties() -> tuple[str, ...]:
    """Return the chapters that the United States' duties of August 2025 left out."""
    table = datasets.load("us_duty_exemptions")
    return tuple(sorted(table.loc[table["left_out"], "hs"]))


@cache
def demand_abroad() -> float:
    """Return the elasticity of foreign buyers for an exporter's variety, below zero."""
    return -datasets.number("elasticity_library", "value", key="bajzik", product="")


@cache
def output_supply() -> float:
    """Return the elasticity of an exporter's output."""
    row = {"key": "impex", "concept": "export_supply", "product": "", "importer": ""}
    return datasets.number("elasticity_library", "value", **row)


@cache
def oil_response() -> tuple[float, float, float]:
    """Return supply elasticity less demand elasticity of world crude: low, mid, high.

    Of two studies; the middle is the geometric mean.
    """
    sums = [
        datasets.number("literature", "value", key=f"{study}_oil_supply")
        - datasets.number("literature", "value", key=f"{study}_oil_demand")
        for study in ("caldara", "baumeister")
    ]
    low, high = min(sums), max(sums)
    return round(low, 4), round((low * high) ** 0.5, 2), round(high, 4)


@cache
def world_crude_mbd() -> float:
    """Return the world's output of crude oil, million barrels a day."""
    return datasets.number("crude_volumes", "value", indicator="world crude output")


@cache
def freight_a_barrel() -> float:
    """Return freight and costs from Russia's Baltic ports to India, US$ a barrel."""
    where = {"indicator": "freight and costs to Indian ports"}
    return datasets.number("crude_volumes", "value", **where)
