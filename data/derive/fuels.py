"""Chapter 27 in the Indian market: crude (2709), refined and gas, coal and rest.

Russia's oil and gas are published by month, coal is not in them. Crude of nine
months is published; the year takes the same share of oil and gas.
"""

from __future__ import annotations

import pandas as pd
from common import YEARS, chapters, close, fact, read, suppliers

NAMED = ("IRQ", "SAU", "ARE", "USA")
Entry = tuple[float, float | None, str, str]


def oil_and_gas(year: str, column: str = "oil_gas_usd_mn", months: int = 12) -> float:
    """Return the sum of the first months of a fiscal year, April first."""
    table = read("india_russia_oil_monthly")
    start = pd.Period(f"{year[:4]}-04", freq="M")
    wanted = [str(start + step) for step in range(months)]
    return float(table.set_index("month")[column].loc[wanted].sum())


def russian_crude(year: str) -> float:
    """Return crude from Russia, US$ mn: nine months grossed up by oil and gas."""
    nine = fact("crude_rus_value_apr_dec", "RUS", f"Apr-Dec {year[:4]}")
    return nine / oil_and_gas(year, months=9) * oil_and_gas(year)


def russian_crude_kt(year: str) -> float:
    """Return crude from Russia in kt: published 2024-25, scaled for 2025-26."""
    published = fact("crude_volume", "RUS", "2024-25")
    tonnes = {y: oil_and_gas(y, "oil_and_products_kt") for y in YEARS}
    return published * tonnes[year] / tonnes["2024-25"]


def other_crude_2024() -> tuple[dict[str, float], dict[str, str]]:
    """Return crude of 2024-25 by supplier other than Russia, with the arithmetic."""
    russia = russian_crude("2024-25")
    share = fact("crude_value_share", "RUS", "2024-25")
    others = russia / share - russia
    rest_of_tonnes = 1 - fact("crude_volume_share", "RUS", "2024")
    chapter = suppliers("27", "2024-25")
    value, how = {}, {}
    for country in NAMED:
        part = fact("crude_volume_share", country, "2024")
        value[country] = min(part / rest_of_tonnes * others, chapter[country])
        how[country] = f"{part:.3f}/{rest_of_tonnes:.3f} x {others:.1f}" + (
            f", capped at the supplier's chapter 27 of {chapter[country]:.1f}"
            if value[country] == chapter[country]
            else ""
        )
    value["ROW"] = others - sum(value.values())
    how["ROW"] = (
        f"{russia:.1f}/{share} - {russia:.1f} - the named suppliers"
        " (value share of Russia 0.351, DGCI&S)"
    )
    return value, how


def other_crude(year: str) -> tuple[dict[str, float], dict[str, str]]:
    """Return crude by supplier other than Russia: 2025-26 by chapter 27 growth."""
    value, how = other_crude_2024()
    if year == "2024-25":
        return value, how
    before, after = suppliers("27", "2024-25"), suppliers("27", year)
    growth = {c: after[c] / before[c] for c in NAMED}
    rest = [
        chapters("import", "WLD", y)["27"]
        - chapters("import", "RUS", y)["27"]
        - sum(suppliers("27", y)[c] for c in NAMED)
        for y in YEARS
    ]
    growth["ROW"] = rest[1] / rest[0]
    text = {c: f"{value[c]:.1f} x chapter 27 growth {g:.4f}" for c, g in growth.items()}
    grown = {c: value[c] * g for c, g in growth.items()}
    nine = fact("crude_value_apr_dec", "USA", "Apr-Dec 2025")
    grown["USA"] = nine * 12 / 9
    text["USA"] = f"{nine:.0f} of April to December x 12/9"
    return grown, text


def coal_world(year: str) -> float:
    """Return coal and the rest from all suppliers; 2025-26 keeps its share."""
    coal = fact("coal_value", "WLD", "2024-25")
    rest = {y: chapters("import", "WLD", y)["27"] - crude_total(y) for y in YEARS}
    return coal * rest[year] / rest["2024-25"]


def crude_total(year: str) -> float:
    """Return crude from all suppliers, US$ mn."""
    return russian_crude(year) + sum(other_crude(year)[0].values())


def split(year: str) -> dict[tuple[str, str], Entry]:
    """Return (supplier, product) -> value, kilotonnes, status, derivation."""
    russia = chapters("import", "RUS", year)["27"]
    world = chapters("import", "WLD", year)["27"]
    oil, crude = oil_and_gas(year), russian_crude(year)
    rows = {
        ("RUS", "2709"): (crude, russian_crude_kt(year), "derived", _crude_text(year)),
        ("RUS", "2710x"): (
            oil - crude,
            None,
            "derived",
            f"oil and gas {oil:.1f} - crude {crude:.1f}",
        ),
    }
    rows["RUS", "2701x"] = (
        close(russia, crude, oil - crude),
        None,
        "derived",
        f"chapter 27 {russia:.2f} - oil and gas {oil:.1f}; other fuels included",
    )
    rows |= _other_crude_rows(year)
    coal = coal_world(year)
    rows["ROW", "2701x"] = (
        coal - rows["RUS", "2701x"][0],
        None,
        "derived" if year == "2024-25" else "assumed",
        f"world {coal:.0f} - Russia; "
        + (
            "published value of coal, coke and briquettes"
            if year == "2024-25"
            else "the world value keeps its 2024-25 share of chapter 27 without crude"
        ),
    )
    rows["ROW", "2710x"] = (
        close(world, *(entry[0] for entry in rows.values())),
        None,
        "derived",
        f"chapter 27 of the world {world:.2f} - crude - coal - Russia;"
        " suppliers of products and coal not found, all in ROW",
    )
    return rows


def _other_crude_rows(year: str) -> dict[tuple[str, str], Entry]:
    value, how = other_crude(year)
    price = _other_price(year)
    status = "derived" if year == "2024-25" else "assumed"
    note = f"; kt at US$ {price:.0f} a tonne, the mean of all but Russia"
    return {
        (c, "2709"): (v, v / price * 1000, status, how[c] + note)
        for c, v in value.items()
    }


def _other_price(year: str) -> float:
    """Return US$ a tonne of crude not from Russia; 2025-26 keeps the gap."""
    tonnes = fact("crude_volume", "WLD", "2024-25") - russian_crude_kt("2024-25")
    price = sum(other_crude_2024()[0].values()) / tonnes * 1000
    paid = {y: russian_crude(y) / russian_crude_kt(y) for y in YEARS}
    return price * paid[year] / paid["2024-25"]


def _crude_text(year: str) -> str:
    nine = fact("crude_rus_value_apr_dec", "RUS", f"Apr-Dec {year[:4]}")
    text = (
        f"{nine:.0f}/{oil_and_gas(year, months=9):.1f} of April to December"
        f" x oil and gas of the year {oil_and_gas(year):.1f}"
    )
    if year == "2025-26":
        return text + "; kt: monthly oil and products x 87000 / their 2024-25 sum"
    share = fact("crude_value_share", "RUS", "2024-25")
    bill = fact("crude_bill_ppac", "WLD", "2024-25")
    price = fact("crude_value", "RUS", "2024") / fact("crude_volume", "RUS", "2024")
    return (
        text + f"; other routes: {share} x {bill:.0f} (PPAC) = {share * bill:.0f},"
        f" 87000 kt x US$ {price * 1000:.0f} of 2024 = {87000 * price:.0f}"
    )
