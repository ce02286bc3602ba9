"""Russia's purchases by HS heading: a second, finer level of the Russian market.

Headings of which India is known to sell at least US$ 0.5 mn stand alone; what is left
of a chapter is its rest, product ``84x``. A chapter stays whole where less than half of
India's exports is known by line, where India would sell more of the rest than Russia's
partners report of it, and fish, which is split as in the chapter level. India's market
is the same at both levels.

2025-26: lines are not published yet. A heading keeps the mean of its shares of
2023-24 and 2024-25 in the known lines of its chapter (computers were exceptional in
the second year); those values are assumed.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import rates
import rates_india
import rates_russia
import russian_market
from common import TRADESTAT, YEARS, Flow, chapters, close, frame, read

LEAST = 0.5  # US$ mn of 2024-25 that let a heading stand alone
WHOLE = ("03",)
LINES = f"{TRADESTAT} lines"
COLUMNS = [name for name in rates.COLUMNS if name != "bound_rate"]
NUMBERS = [name for name in COLUMNS if name.endswith(("_rate", "_force", "_part"))]


@cache
def flows() -> pd.DataFrame:
    """Return both suppliers of every product of the Russian market, both years."""
    rows = [row for year in YEARS for row in _market(year)]
    order = ["year", "importer", "product", "exporter"]
    return frame(rows).sort_values(order, kind="stable")


def _market(year: str) -> list[Flow]:
    whole: dict[str, list[Flow]] = {}
    for flow in russian_market.flows(year):
        whole.setdefault(flow.product[:2], []).append(flow)
    rows = []
    for chapter, coarse in whole.items():
        rows += _split(year, chapter, coarse) or coarse
    return rows


@cache
def lines(year: str) -> pd.Series:
    """Return India's exports by heading as far as lines are known, US$ mn."""
    if year == "2024-25":
        table = read("exports_hs6")
        return table.groupby(table.hs6.str[:4]).value_usd_mn.sum()
    table = read("exports_hs4")
    return table[table.year == year].set_index("hs4").value_usd_mn


@cache
def covered(chapter: str) -> bool:
    """Return whether at least half of India's exports of a chapter is known by line."""
    held = read("eaeu_chapters").set_index("chapter").hs8_coverage_2024_25
    return bool(held.get(chapter, 0.0) >= rates_russia.LOW_COVERAGE)


def named(chapter: str) -> list[str]:
    """Return the headings of a chapter that may stand alone."""
    fixed = russian_market.PARTS.get(chapter, ("",))[:-1]
    known = lines("2024-25")
    known = known[(known.index.str[:2] == chapter) & (known >= LEAST)]
    return sorted({*fixed, *known.index})


def _split(year: str, chapter: str, coarse: list[Flow]) -> list[Flow]:
    """Return a chapter by heading; nothing where it stays whole."""
    if chapter in WHOLE or not covered(chapter):
        return []
    by_product = {(flow.product, flow.exporter): flow for flow in coarse}
    fixed = russian_market.PARTS.get(chapter, ("",))[:-1]
    total = chapters("export", "RUS", year).get(chapter, 0.0)
    market = _mirror(year, chapter)
    sold = {h: v for h, v in _india(year, chapter, total).items() if h not in fixed}
    sold = {h: v for h, v in sold.items() if v <= market.get(h, 0.0)}
    rows = [by_product[h, who] for h in fixed for who in ("IND", "ROW")]
    for heading, value in sold.items():
        rows += _pair(year, heading, value, float(market[heading]), coarse)
    used = sum(by_product[h, "IND"].value_usd_mn for h in fixed)
    left = close(total, used, *sold.values())
    rest = float(market[~market.index.isin([*fixed, *sold])].sum())
    if left > rest or len(sold) == 0:
        return []
    return [*rows, *_pair(year, f"{chapter}x", left, rest, coarse)]


def _india(year: str, chapter: str, total: float) -> dict[str, float]:
    """Return India's exports of the headings that stand alone."""
    known = {h: float(lines("2024-25").get(h, 0.0)) for h in named(chapter)}
    if year == "2024-25":
        return {h: round(v, 6) for h, v in known.items()}
    shares = []
    for each in ("2023-24", "2024-25"):
        table = lines(each)
        inside = table[table.index.str[:2] == chapter]
        shares.append(table.reindex(list(known)).fillna(0.0) / inside.sum())
    coverage = min(
        sum(known.values()) / chapters("export", "RUS", YEARS[0])[chapter], 1
    )
    kept = sum(known.values()) / lines("2024-25").pipe(
        lambda table: table[table.index.str[:2] == chapter].sum()
    )
    mean = (shares[0] + shares[1]) / 2 / kept * coverage
    return {str(h): round(float(v) * total, 6) for h, v in mean.items()}


@cache
def _mirror(year: str, chapter: str) -> pd.Series:
    table = read("russia_headings")
    hit = table[(table.year == year) & (table["product"].str[:2] == chapter)]
    return hit.set_index("product").value_usd_mn


def _pair(
    year: str, product: str, value: float, market: float, coarse: list[Flow]
) -> list[Flow]:
    """Return India's flow and that of the rest of the world of one product."""
    mine = next(flow for flow in coarse if flow.exporter == "IND")
    other = next(flow for flow in coarse if flow.exporter == "ROW")
    first = year == YEARS[0]
    text = "sum of India's HS8 lines" if first else "mean share of two years x chapter"
    if product.endswith("x"):
        text = "chapter - the headings that stand alone"
    india = replace(
        mine,
        product=product,
        value_usd_mn=value,
        kilotonnes=None,
        status="derived" if first else "assumed",
        source=LINES,
        derivation=text,
    )
    rest = replace(
        other,
        product=product,
        value_usd_mn=close(round(market, 6), value),
        kilotonnes=None,
        status="mirror",
        derivation=f"mirror market {market:.1f} (June to May) - India's FOB",
    )
    return [india, rest]


def duties() -> pd.DataFrame:
    """Return the Russian duties of these products, both years."""
    table = flows()
    rows = [
        row
        for year in YEARS
        for row in _duties(year, sorted(set(table[table.year == year]["product"])))
    ]
    out = pd.DataFrame(rows, columns=COLUMNS)
    for column in NUMBERS:
        out[column] = pd.to_numeric(out[column]).round(6)
    return out.sort_values(["year", "importer", "product"], kind="stable")


def _duties(year: str, products: list[str]) -> list[dict]:
    tables = {each: _equivalents(each) for each in (year, YEARS[-1])}
    whole = set(russian_market.market(year).index)
    held = read("eaeu_chapters").set_index("chapter")
    rows = []
    for product in products:
        if product in rates_india.NO_RATE:
            now = then = (0.0, 0.0, "no duty to name", "not found")
        elif product in whole and not _has_rest_of_its_own(product, products):
            then = rates_russia.rate(product, tables[year], held)
            now = rates_russia.rate(product, tables[YEARS[-1]], held)
        else:
            then = _rate(product, products, tables[year])
            now = _rate(product, products, tables[YEARS[-1]])
        rows.append(
            {
                **dict.fromkeys(COLUMNS),
                "year": year,
                "importer": "RUS",
                "product": product,
                "exporter": "ALL",
                "applied_rate": then[0],
                "rate_in_force": now[0],
                "statutory_rate": then[0],
                "gsp_rate": rates.GSP * then[0],
                "ad_valorem_part": then[1],
                "method": then[2],
                "status": then[3],
                "source": rates.EAEU,
                "vintage": "revision 2026-06-18",
                "note": rates.GSP_NOTE,
            }
        )
    return rows


@cache
def _equivalents(year: str) -> pd.DataFrame:
    return rates_russia.equivalents(year)


@cache
def _weights() -> pd.Series:
    return read("exports_hs6").groupby("hs6").value_usd_mn.sum()


def _has_rest_of_its_own(product: str, products: list[str]) -> bool:
    """Return whether "07x" here is less than it is at the chapter level."""
    if not product.endswith("x"):
        return False
    inside = {p for p in products if p[:2] == product[:2]}
    return inside != set(russian_market.PARTS.get(product[:2], ()))


def _rate(
    product: str, products: list[str], table: pd.DataFrame
) -> tuple[float, float, str, str]:
    """Return duty, ad valorem part, method and status of a heading or a rest."""
    heading = table.index.str[:4]
    if product.endswith("x"):
        alone = [p for p in products if p[:2] == product[:2] and len(p) == 4]
        inside = table[(heading.str[:2] == product[:2]) & ~heading.isin(alone)]
        if inside.empty:
            average = read("eaeu_chapters").set_index("chapter").ad_valorem_average
            rate = float(average[product[:2]])
            return rate, rate, "mean of the chapter, ad valorem part", "derived"
        means = inside[["duty", "part"]].groupby(inside.index.str[:4]).mean()
        weight = _mirror("2024-25", product[:2]).reindex(means.index).fillna(0.0)
        text = "other headings, weighted by the Russian market of 2024-25"
    else:
        means = table[heading == product][["duty", "part"]]
        weight = _weights().reindex(means.index).fillna(0.0)
        text = "weighted by India's exports of 2024-25"
    if not weight.sum() > 0:
        return means.duty.mean(), means.part.mean(), "mean of its lines", "derived"
    duty, part = (np.average(means[name], weights=weight) for name in ("duty", "part"))
    return duty, part, text, "derived"
