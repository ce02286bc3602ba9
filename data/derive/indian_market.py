"""India's purchases by product and supplier, adding to every official chapter."""

from __future__ import annotations

import fertiliser
import fuels
import oils
from common import TRADESTAT, Flow, chapters, close, official, suppliers

SPLIT = {"15": oils.split, "27": fuels.split, "31": fertiliser.split}
SOURCES = {
    "15": f"{TRADESTAT}; Gujarati Midday",
    "27": f"{TRADESTAT}; MGIMO collation; Hindustan Times; NDTV Profit; CPR",
    "31": f"{TRADESTAT}; Lok Sabha and Rajya Sabha replies; FAI; World Bank; Argus",
}
VINTAGE = "retrieved 2026-07-18"


def flows(year: str) -> list[Flow]:
    """Return all suppliers of every product of the Indian market."""
    world = chapters("import", "WLD", year)
    russia = chapters("import", "RUS", year)
    rows = []
    for chapter in world.index:
        if chapter in SPLIT:
            rows += _split_rows(year, chapter)
        else:
            bought = russia.get(chapter, 0.0)
            rows += _chapter_rows(year, chapter, world[chapter], bought)
    return rows


def _split_rows(year: str, chapter: str) -> list[Flow]:
    return [
        Flow(
            year,
            "IND",
            country,
            product,
            value,
            kt,
            "CIF",
            status,
            SOURCES[chapter],
            VINTAGE,
            text,
        )
        for (country, product), (value, kt, status, text) in SPLIT[chapter](
            year
        ).items()
    ]


def _chapter_rows(year: str, chapter: str, world: float, russia: float) -> list[Flow]:
    def row(country: str, value: float, status: str, text: str) -> Flow:
        return Flow(
            year,
            "IND",
            country,
            chapter,
            value,
            None,
            "CIF",
            status,
            TRADESTAT,
            VINTAGE,
            text,
        )

    named = suppliers(chapter, year)
    how = "as published"
    if year == "2024-25":
        how = "2025-26 value / (1 + published growth)"
    status = "derived" if year == "2024-25" else "provisional"
    rows = [row("RUS", russia, official(year), "as published")]
    rows += [row(str(country), value, status, how) for country, value in named.items()]
    rest = close(world, *(flow.value_usd_mn for flow in rows))
    text = "world - Russia" + (" - the named suppliers" if len(named) else "")
    return [*rows, row("ROW", rest, "derived", text)]
