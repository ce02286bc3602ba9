"""Unit prices in the Russian market of goods India sells little of, or could.

Value over net weight of Russia's imports of a heading, as partners report them.
"""

from __future__ import annotations

import pandas as pd
from common import YEARS, read
from russian_market import INCOMPLETE, MIRROR_SOURCE

GOODS = {
    "0306": "Shrimp and other crustaceans",
    "0701": "Potatoes",
    "0803": "Bananas",
    "0804": "Mangoes, dates, figs, avocados",
    "0806": "Grapes and raisins",
    "0810": "Pomegranates and other fresh fruit",
    "0902": "Tea",
}


def table() -> pd.DataFrame:
    """Return one row per year and heading: value, weight, US$ a tonne."""
    market = read("russia_market")
    market = market[market["product"].isin(GOODS) & market.year.isin(YEARS)]
    price = (market.value_usd_mn * 1e6 / market.net_tonnes).round(1)
    gap = [
        "late reporters missing" if key in INCOMPLETE else "" for key in _keys(market)
    ]
    return pd.DataFrame(
        {
            "year": market.year,
            "product": market["product"],
            "name": market["product"].map(GOODS),
            "value_usd_mn": market.value_usd_mn,
            "kilotonnes": (market.net_tonnes / 1000).round(3),
            "usd_per_tonne": price,
            "basis": "mirror",
            "status": "derived",
            "source": MIRROR_SOURCE,
            "vintage": "snapshot 2026-07-16",
            "derivation": "value / net tonnes, twelve months June to May",
            "note": gap,
        }
    ).sort_values(["year", "product"], kind="stable")


def _keys(market: pd.DataFrame) -> list[tuple[str, str]]:
    return list(zip(market.year, market["product"], strict=True))
