"""Chapter 31 in the Indian market: urea, MOP, DAP, NPK and the rest.

Values of the four products are published nowhere; tonnes are. Value is tonnes
times a price, and NPK takes what is left of the chapter, so it also holds the
small other fertilisers. Suppliers without product tonnes are filled in by
iterative proportional fitting (Deming and Stephan 1940) under zeros that state
who cannot sell what.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from common import YEARS, chapters, close, read, suppliers

UREA, MOP, NPK, DAP = "310210", "310420", "310520", "310530"
PRODUCTS = (UREA, MOP, NPK, DAP)
GAS = ("OMN", "QAT", "ARE", "IDN")
CANNOT = {
    "MAR": (UREA, MOP),
    "SAU": (MOP,),
    **{country: (MOP, NPK, DAP) for country in GAS},
}
Entry = tuple[float, float | None, str, str]


def tonnes(period: str, product: str, exporter: str) -> float:
    """Return kilotonnes India imported in a period, as published."""
    table = read("fertiliser_volumes")
    hit = table[
        (table.period == period)
        & (table["product"] == product)
        & (table.exporter == exporter)
    ]
    return float(hit.kilotonnes.iloc[0])


def world_tonnes(year: str) -> dict[str, float]:
    """Return India's imports by product in kt; part years grossed up by months."""
    urea_mop = tonnes("2025-26 Apr-Dec", MOP, "WLD")
    nine_npk = tonnes("2025-26 Apr-Dec", NPK, "WLD")
    if year == "2025-26":
        ten = {p: tonnes("2025-26 Apr-Jan", p, "WLD") for p in (UREA, DAP, NPK)}
        return {p: kt * 12 / 10 for p, kt in ten.items()} | {MOP: urea_mop * 12 / 9}
    urea, dap = (tonnes(year, p, "WLD") for p in (UREA, DAP))
    both = tonnes(year, "all", "WLD") - urea - dap
    potash = both * urea_mop / (urea_mop + nine_npk)
    return {UREA: urea, DAP: dap, MOP: potash, NPK: both - potash}


def russian_tonnes_2025() -> dict[str, float]:
    """Return Russia's 2025-26 tonnes: eleven months grossed up to twelve."""
    return {p: tonnes("2025-26 Apr-Feb", p, "RUS") * 12 / 11 for p in PRODUCTS}


def prices(year: str) -> dict[str, float]:
    """Return US$ a tonne. NPK: what Russia's 2025-26 chapter leaves for it."""
    table = read("fertiliser_prices")

    def mean(product: str, *periods: str) -> float:
        hit = table[(table["product"] == product) & table.period.isin(periods)]
        return float(hit.usd_per_tonne.mean())

    urea, mop = mean(UREA, "2025-09"), mean(MOP, "2025-09")
    dap = {
        "2024-25": mean(DAP, "2025-01", "2025-03"),
        "2025-26": mean(DAP, "2025-06", "2026-03"),
    }
    sold = russian_tonnes_2025()
    left = chapters("import", "RUS", "2025-26")["31"] * 1000 - (
        sold[UREA] * urea + sold[MOP] * mop + sold[DAP] * dap["2025-26"]
    )
    return {UREA: urea, MOP: mop, DAP: dap[year], NPK: left / sold[NPK]}


def russian_values(year: str) -> dict[str, float]:
    """Return Russia's sales by product, US$ mn, adding to its chapter 31.

    2024-25: only urea is published; the rest keeps the 2025-26 tonnes mix.
    """
    price, kt = prices(year), russian_tonnes_2025()
    chapter = chapters("import", "RUS", year)["31"]
    if year == "2024-25":
        urea = tonnes(year, UREA, "RUS")
        mix = {p: kt[p] for p in (MOP, DAP, NPK)}
        cost = sum(mix[p] * price[p] for p in mix) / 1000
        scale = (chapter - urea * price[UREA] / 1000) / cost
        kt = {UREA: urea} | {p: scale * q for p, q in mix.items()}
    value = {p: round(kt[p] * price[p] / 1000, 6) for p in (UREA, MOP, DAP)}
    return value | {NPK: close(chapter, *value.values())}


def chinese_values(year: str) -> dict[str, float]:
    """Return China's sales by product: published tonnes at the common price."""
    price = prices(year)
    chapter = suppliers("31", year)["CHN"]
    if year == "2024-25":
        kt = {
            UREA: tonnes(year, UREA, "CHN"),
            DAP: tonnes("2024-25 Apr-Feb", DAP, "CHN") * 12 / 11,
            MOP: 0.0,
        }
    else:
        kt = {p: tonnes("2025-26 Apr-Feb", p, "CHN") * 12 / 11 for p in PRODUCTS}
    value = {p: round(kt[p] * price[p] / 1000, 6) for p in (UREA, MOP, DAP)}
    return value | {NPK: close(chapter, *value.values())}


def world_values(year: str) -> dict[str, float]:
    """Return India's imports by product, US$ mn, adding to the chapter."""
    price, kt = prices(year), world_tonnes(year)
    value = {p: round(kt[p] * price[p] / 1000, 6) for p in (UREA, MOP, DAP)}
    total = chapters("import", "WLD", year)["31"]
    return value | {NPK: close(total, *value.values())}


def fit(rows: pd.Series, columns: pd.Series, possible: pd.DataFrame) -> pd.DataFrame:
    """Return the table nearest to `possible` whose sums are the two margins.

    Alternate scaling of rows and columns; zeros stay zero.

    Raises
    ------
    ValueError
        If 5,000 rounds do not bring both margins within 1e-9.
    """
    table = possible.to_numpy(dtype=float)
    for _ in range(5000):
        table = table * (rows.to_numpy() / table.sum(axis=1))[:, None]
        table = table * (columns.to_numpy() / table.sum(axis=0))
        if np.abs(table.sum(axis=1) - rows.to_numpy()).max() < 1e-9:
            return pd.DataFrame(table, index=rows.index, columns=columns.index)
    raise ValueError("the margins cannot be met under the zeros given")


def other_suppliers(year: str) -> pd.DataFrame:
    """Return the rest of the market, supplier x product, US$ mn."""
    known = [russian_values(year), chinese_values(year)]
    world = world_values(year)
    columns = pd.Series({p: world[p] - sum(k[p] for k in known) for p in PRODUCTS})
    rows = suppliers("31", year).drop("CHN")
    rows["ROW"] = columns.sum() - rows.sum()
    possible = pd.DataFrame(1.0, index=rows.index, columns=list(PRODUCTS))
    for country, goods in CANNOT.items():
        possible.loc[country, list(goods)] = 0.0
    return _closed(fit(rows, columns, possible).round(6), rows, columns)


def _closed(table: pd.DataFrame, rows: pd.Series, columns: pd.Series) -> pd.DataFrame:
    """Put rounding into a supplier's largest good, then into ROW."""
    table = table.copy()
    for country in table.index.drop("ROW"):
        largest = table.loc[country].idxmax()
        table.loc[country, largest] += rows[country] - table.loc[country].sum()
    table.loc["ROW"] = columns - table.drop("ROW").sum()
    return table.round(6)


def split(year: str) -> dict[tuple[str, str], Entry]:
    """Return (supplier, product) -> value, kilotonnes, status, derivation."""
    price = prices(year)
    values = {("RUS", p): v for p, v in russian_values(year).items()}
    values |= {("CHN", p): v for p, v in chinese_values(year).items()}
    rest = other_suppliers(year)
    values |= {(c, p): rest.loc[c, p] for c in rest.index for p in PRODUCTS}
    return {
        key: (value, value / price[key[1]] * 1000, *_text(year, *key, price[key[1]]))
        for key, value in values.items()
        if value > 0
    }


def _text(year: str, country: str, product: str, price: float) -> tuple[str, str]:
    at = f"US$ {price:.1f} a tonne"
    if country == "RUS":
        return "derived", _russian_text(year, product, at)
    if country == "CHN":
        left = "chapter - urea - MOP - DAP" if product == NPK else f"tonnes x {at}"
        reason = "; no MOP from China in 2024-25 (assumed)" if year == YEARS[0] else ""
        text = f"China's published tonnes, grossed up to a year: {left}{reason}"
        return "derived", text
    return "assumed", (
        f"proportional fit to the supplier's chapter 31 and the product's total, {at};"
        " no urea or MOP from Morocco, no MOP from Saudi Arabia, only urea from"
        " Oman, Qatar, the UAE and Indonesia"
    )


def _russian_text(year: str, product: str, at: str) -> str:
    if product == UREA and year == "2024-25":
        return f"923 kt published x {at}"
    if year == "2024-25":
        return f"chapter without urea, split by the 2025-26 tonnes mix at {at}"
    if product == NPK:
        return f"chapter - urea - MOP - DAP; over {at} that is the published tonnage"
    return f"April to February tonnes x 12/11 x {at}"
