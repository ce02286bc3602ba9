"""What every derivation shares: reading a fact, making a row, closing a sum."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import cache

import pandas as pd

from toolkit import datasets

YEARS = ("2024-25", "2025-26")
TRADESTAT = "DGCI&S (TRADESTAT)"


@dataclass(frozen=True)
class Flow:
    """One importer's purchases of one product from one supplier in one year."""

    year: str
    importer: str
    exporter: str
    product: str
    value_usd_mn: float
    kilotonnes: float | None
    basis: str
    status: str
    source: str
    vintage: str
    derivation: str


@cache
def read(name: str) -> pd.DataFrame:
    """Return a verified table, read once; nobody changes it."""
    return datasets.load(name)


def frame(rows: list[Flow]) -> pd.DataFrame:
    """Return the rows as a table, values to six decimals, quantities to three."""
    table = pd.DataFrame([asdict(row) for row in rows])
    table["value_usd_mn"] = table.value_usd_mn.round(6)
    table["kilotonnes"] = pd.to_numeric(table.kilotonnes).round(3)
    return table


def close(total: float, *parts: float) -> float:
    """Return what is left of a total after parts already rounded as written."""
    rest = round(total - sum(round(part, 6) for part in parts), 6)
    if rest < 0:
        raise ValueError(f"the parts {parts} exceed the total {total}")
    return rest


def fact(key: str, partner: str, period: str) -> float:
    """Return one figure of ``trade_facts``."""
    facts = read("trade_facts")
    hit = facts[
        (facts.key == key) & (facts.partner == partner) & (facts.period == period)
    ]
    if len(hit) != 1:
        raise ValueError(f"{len(hit)} facts for {key}, {partner}, {period}; need one")
    return float(hit.value.iloc[0])


def chapters(flow: str, partner: str, year: str) -> pd.Series:
    """Return India's trade by chapter with one partner, US$ mn."""
    table = read("india_world")
    hit = table[
        (table.flow == flow) & (table.partner == partner) & (table.year == year)
    ]
    return hit.set_index("hs2").value_usd_mn


def suppliers(hs2: str, year: str) -> pd.Series:
    """Return India's named suppliers of a chapter, Russia left out, US$ mn.

    2024-25 is the 2025-26 value divided by one plus the published growth.
    """
    table = read("india_suppliers")
    table = table[(table.hs2 == hs2) & (table.exporter != "RUS")]
    table = table.set_index("exporter")
    value = table.value_2025_26_usd_mn
    return value if year == "2025-26" else (value / (1 + table.growth)).round(2)


def official(year: str) -> str:
    """Return the status of a ministry figure of that year."""
    return "official" if year == "2024-25" else "provisional"
