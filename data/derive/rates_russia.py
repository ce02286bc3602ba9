"""The EAEU duty on each product as one ad valorem rate.

A specific duty (EUR per kg, pair, m2) becomes an ad valorem equivalent: the
amount in US$ over the unit value of the goods. A combined duty is the larger of
its two parts, or their sum, as the line says. Lines are averaged within a
subheading, subheadings are weighted by India's exports.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from common import read
from russian_market import PARTS

ENOUGH = 0.05
LOW_COVERAGE = 0.5
ONE_LINE = {
    "0306": ("0306179100", "frozen Penaeus shrimp, what the Fish Union reports"),
    "0701": ("0701901000", "table potatoes, the goods India would sell"),
    "0810": ("0810907500", "pomegranates, the goods India would sell"),
}
SAME_UNIT = {
    "kg": ("kg", 1.0),
    "t": ("kg", 1000.0),
    "l": ("kg", 1.0),
    "m2": ("m2", 1.0),
    "pair": ("pair", 1.0),
    "piece": ("piece", 1.0),
    "1000 pieces": ("piece", 1000.0),
}


def usd_per_eur(year: str) -> float:
    """Return US$ per EUR: nine months of one calendar year, three of the next.

    The first three months of 2026 are not published yet in the table: 2025-26
    takes 2025.
    """
    table = read("exchange_rates")
    euro = table[table.currency == "EUR"].set_index("period").per_usd
    if year == "2024-25":
        return 1 / (0.75 * euro["2024"] + 0.25 * euro["2025"])
    return 1 / euro["2025"]


def unit_values() -> dict[tuple[str, str], tuple[float, str]]:
    """Return US$ per unit by (code, unit) and where it comes from.

    Codes of six, four and two digits from India's own exports, worth at least
    US$ 0.05 mn; headings of the Russian market by weight under ("0101", "mirror").
    """
    lines = read("exports_hs6")
    lines = lines[lines.quantity > 0]
    found: dict[tuple[str, str], tuple[float, str]] = {}
    for digits in (6, 4, 2):
        sums = lines.groupby([lines.hs6.str[:digits], "unit"])[
            ["value_usd_mn", "quantity"]
        ].sum()
        sums = sums[sums.value_usd_mn >= ENOUGH]
        for key, row in sums.iterrows():
            price = row.value_usd_mn * 1e6 / row.quantity
            found[key] = (price, f"India's exports of {key[0]}")
    return found | _market_values()


def _market_values() -> dict[tuple[str, str], tuple[float, str]]:
    """Return US$ per kg of headings of the Russian market.

    A heading below half the median of its chapter's headings has doubtful
    weights (nightwear at US$ 2 a kg) and takes the median.
    """
    market = read("russia_market")
    market = market[(market.year == "2024-25") & (market.net_tonnes > 0)]
    price = market.value_usd_mn * 1000 / market.net_tonnes
    median = price.groupby(market["product"].str[:2]).transform("median")
    low = price < median / 2
    names = "Russian market of " + market["product"]
    names = names.where(~low, "median heading of the Russian market of its chapter")
    values = zip(price.where(~low, median), names, strict=True)
    return {
        (code, "mirror"): value
        for code, value in zip(market["product"], values, strict=True)
    }


def unit_value(
    hs6: str, per_unit: str, known: dict[tuple[str, str], tuple[float, str]]
) -> tuple[float, str]:
    """Return US$ per duty unit: own subheading, own heading, market, own chapter.

    The market comes in only for duties by weight. A litre counts as a kilogram.
    Without any of the four the value is NaN.
    """
    unit, size = SAME_UNIT[per_unit]
    places = [(hs6, unit), (hs6[:4], unit)]
    if unit == "kg":
        places.append((hs6[:4], "mirror"))
    places.append((hs6[:2], unit))
    for place in places:
        if place in known:
            price, where = known[place]
            return price * size, where
    return np.nan, f"no unit value per {per_unit}"


def equivalents(year: str) -> pd.DataFrame:
    """Return one row per subheading: duty, its ad valorem part, how converted."""
    lines = read("eaeu_tariff_lines")
    known, euro = unit_values(), usd_per_eur(year)
    rows = [_convert(line, known, euro) for line in lines.itertuples()]
    columns = ["hs6", "lines", "duty", "part", "where"]
    return _by_subheading(pd.DataFrame(rows, columns=columns).dropna(subset="duty"))


def _convert(line, known: dict, euro: float) -> tuple[str, int, float, float, str]:
    """Return one line's duty; NaN for a specific duty without a unit value."""
    part = 0.0 if np.isnan(line.ad_valorem) else line.ad_valorem
    if line.duty_form == "ad_valorem":
        return line.hs6, line.lines, part, part, ""
    price, where = unit_value(line.hs6, line.per_unit, known)
    specific = line.specific_amount * (euro if line.currency == "EUR" else 1) / price
    duty = {
        "specific": specific,
        "combined_min": max(part, specific) if price == price else part,
        "combined_plus": part + specific,
    }[line.duty_form]
    return line.hs6, line.lines, duty, part, where


def _by_subheading(table: pd.DataFrame) -> pd.DataFrame:
    weight = table.lines.astype(float)
    sums = pd.DataFrame(
        {"w": weight, "duty": table.duty * weight, "part": table.part * weight}
    )
    sums = sums.groupby(table.hs6).sum()
    where = table.groupby("hs6")["where"].agg(lambda s: next((x for x in s if x), ""))
    return pd.DataFrame(
        {"duty": sums.duty / sums.w, "part": sums.part / sums.w, "where": where}
    )


def rate(
    product: str, table: pd.DataFrame, chapters: pd.DataFrame
) -> tuple[float, float, str, str]:
    """Return duty, its ad valorem part, method and status of one product."""
    chapter = product[:2]
    inside = subheadings(product, table)
    exports = read("exports_hs6").groupby("hs6").value_usd_mn.sum()
    weight = exports.reindex(inside.index).fillna(0)
    row = chapters.loc[chapter]
    if product in ONE_LINE:
        code, goods = ONE_LINE[product]
        lines = read("eaeu_tariff_lines").set_index("first_line")
        duty = float(lines.loc[code, "ad_valorem"])
        return duty, duty, f"duty of {goods}", "official"
    covered = row.hs8_coverage_2024_25 >= LOW_COVERAGE
    if covered and weight.sum() > 0:
        duty, part = (np.average(inside[c], weights=weight) for c in ("duty", "part"))
        return duty, part, "weighted by India's exports of 2024-25", "derived"
    mixed = row.specific_lines + row.combined_lines > 0
    if mixed or product != chapter:
        text = f"mean of {len(inside)} subheadings; India's lines absent or too few"
        return inside.duty.mean(), inside.part.mean(), text, "derived"
    average = row.ad_valorem_average
    return average, average, "mean of the chapter; India's lines too few", "derived"


def subheadings(product: str, table: pd.DataFrame) -> pd.DataFrame:
    """Return the subheadings of a product; those of a rest lack the named ones."""
    chapter = product[:2]
    inside = table[table.index.str[:2] == chapter]
    if product == chapter:
        return inside
    heading = inside.index.str[:4]
    if product.endswith("x"):
        return inside[~heading.isin(PARTS[chapter][:-1])]
    return inside[heading == product]
