"""Russia's purchases by product: India's exports beside a mirror market.

Russia publishes no customs detail after January 2022. The market is what its
partners report, in years from June to May. India stands with its own FOB
exports, the rest of the world with the market less India. Two bases meet here:
shares are indicative.
"""

from __future__ import annotations

import pandas as pd
from common import TRADESTAT, YEARS, Flow, chapters, close, fact, official, read

PARTS = {
    "03": ("0306", "03x"),
    "07": ("0701", "07x"),
    "08": ("0803", "0810", "08x"),
    "09": ("0902", "09x"),
}
MIRROR_SOURCE = "national customs and UN Comtrade collated by MGIMO"
INCOMPLETE = {("2025-26", "0803"): "2024-25"}


def india(year: str) -> dict[str, tuple[float, float | None, str, str]]:
    """Return India's exports by product: value, kilotonnes, status, derivation."""
    total = chapters("export", "RUS", year)
    rows: dict[str, tuple[float, float | None, str, str]] = {
        str(c): (v, None, official(year), "as published")
        for c, v in total.items()
        if c not in PARTS
    }
    for chapter in PARTS:
        rows |= _parts(chapter, year, total[chapter])
    return rows


def _parts(
    chapter: str, year: str, total: float
) -> dict[str, tuple[float, float | None, str, str]]:
    *named, rest = PARTS[chapter]
    shares, how = _shares(chapter)
    value = {p: round(shares[p] * total, 6) for p in named}
    value[rest] = close(total, *value.values())
    kept = "" if year == YEARS[0] else "; the 2024-25 share kept"
    price = _unit_values(chapter)
    return {
        p: (
            v,
            v / price[p] if v > 0 else 0.0,
            "derived" if year == YEARS[0] else "assumed",
            how + kept + "; kt at the 2024-25 unit value",
        )
        for p, v in value.items()
    }


def _shares(chapter: str) -> tuple[dict[str, float], str]:
    """Return each heading's share of India's exports of the chapter."""
    named = PARTS[chapter][:-1]
    if chapter == "03":
        shrimp = fact("shrimp_value", "IND", "2024")
        fish = fact("seafood_value", "IND", "2024")
        text = f"chapter 03 x {shrimp:.0f}/{fish:.0f} of calendar 2024 (Fish Union)"
        return {"0306": shrimp / fish}, text
    lines = _lines(chapter)
    total = chapters("export", "RUS", YEARS[0])[chapter]
    shares = {
        p: lines[lines.hs6.str[:4] == p].value_usd_mn.sum() / total for p in named
    }
    text = "sum of India's HS8 lines of the heading; the rest of the chapter left over"
    return shares, text


def _lines(chapter: str) -> pd.DataFrame:
    table = read("exports_hs6")
    return table[(table.hs6.str[:2] == chapter) & (table.unit == "kg")]


def _unit_values(chapter: str) -> dict[str, float]:
    """Return US$ mn a kilotonne of India's exports by product of a chapter."""
    *named, rest = PARTS[chapter]
    if chapter == "03":
        shrimp = (
            fact("shrimp_value", "IND", "2024"),
            fact("shrimp_volume", "IND", "2024"),
        )
        fish = (
            fact("seafood_value", "IND", "2024"),
            fact("seafood_volume", "IND", "2024"),
        )
        other = (fish[0] - shrimp[0]) / (fish[1] - shrimp[1])
        return {"0306": shrimp[0] / shrimp[1], "03x": other}
    lines = _lines(chapter)
    heading = lines.hs6.str[:4].where(lines.hs6.str[:4].isin(named), rest)
    sums = lines.groupby(heading)[["value_usd_mn", "quantity"]].sum()
    return dict(sums.value_usd_mn / (sums.quantity / 1e6))


def market(year: str) -> pd.DataFrame:
    """Return the mirror market by product: value_usd_mn, kilotonnes, note."""
    table = read("russia_market")
    rows = {}
    for chapter in table[table["product"].str.len() == 2]["product"].unique():
        if chapter not in PARTS:
            rows[chapter] = (_mirror(table, year, chapter)[0], None, "")
            continue
        *named, rest = PARTS[chapter]
        heads = sorted(p for p in table["product"].unique() if p[:2] == chapter)
        others = [h for h in heads if len(h) == 4 and h not in named]
        for product in named:
            taken = INCOMPLETE.get((year, product), year)
            note = "" if taken == year else f"; {taken} kept, late reporters missing"
            rows[product] = (*_mirror(table, taken, product), note)
        sums = [_mirror(table, year, head) for head in others]
        rows[rest] = (sum(s[0] for s in sums), sum(s[1] for s in sums), "")
    return pd.DataFrame(rows, index=["value_usd_mn", "kilotonnes", "note"]).T


def _mirror(table: pd.DataFrame, year: str, product: str) -> tuple[float, float]:
    hit = table[(table.year == year) & (table["product"] == product)].iloc[0]
    return float(hit.value_usd_mn), float(hit.net_tonnes) / 1000


def flows(year: str) -> list[Flow]:
    """Return both suppliers of every product of the Russian market."""
    mine, all_of_it = india(year), market(year)
    rows = []
    for product, bought in all_of_it.iterrows():
        value, kt, status, text = mine.get(
            str(product), (0.0, None, "official", "no trade reported")
        )
        rows.append(_india_flow(year, str(product), value, kt, status, text))
        rows.append(_other_flow(year, str(product), bought, value, kt))
    return rows


def _india_flow(
    year: str, product: str, value: float, kt: float | None, status: str, text: str
) -> Flow:
    vintage = "retrieved 2026-07-18"
    return Flow(
        year, "RUS", "IND", product, value, kt, "FOB", status, TRADESTAT, vintage, text
    )


def _other_flow(
    year: str, product: str, bought: pd.Series, value: float, kt: float | None
) -> Flow:
    rest = close(round(bought.value_usd_mn, 6), value)
    has_tonnes = kt is not None and bought.kilotonnes is not None
    tonnes = max(bought.kilotonnes - kt, 0.0) if has_tonnes else None
    status = "assumed" if bought.note else "mirror"
    text = f"mirror market {bought.value_usd_mn:.1f} (June to May) - India's FOB"
    return Flow(
        year,
        "RUS",
        "ROW",
        product,
        rest,
        tonnes,
        "mirror",
        status,
        MIRROR_SOURCE,
        "snapshot 2026-07-16",
        text + bought.note,
    )
