"""India's duty on each product: dated rates, modal rates, group averages.

The order is: a dated effective rate of the goods bought; the modal statutory
rate of the chapter with the 10 % surcharge; the WTO average of the product
group, as a proxy. Integrated GST falls on home goods too and is left out.
"""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
from common import read
from fuels import russian_crude, russian_crude_kt

SURCHARGE = 1.1
CRUDE_RUPEES = 52.0
DATED = {
    "1512": ("151211",),
    "15x": ("15x",),
    "07": ("071340", "071310"),
    "71": ("7106",),
    "310210": ("310210",),
    "310420": ("310420",),
    "310530": ("310530",),
    "310520": ("310520",),
    "2701x": ("2701",),
    "2710x": ("2710", "2711"),
    "72": ("72",),
    "76": ("7601",),
    "88": ("8802",),
}
WHY = {
    "1512": "crude sunflower oil; refined pays more",
    "15x": "the sunflower rate taken for palm, soybean and others",
    "07": "mean of lentils and yellow peas; the mix is not published",
    "71": "silver and gold; the effective rate on rough diamonds was not found",
    "2701x": "coal; coke pays 5 %, other goods not found",
    "2710x": "petrol, diesel and gas; aviation fuel pays more, naphtha not found",
    "72": "semis and rolled steel; pig iron 5.5 %, scrap free",
    "76": "aluminium and semis",
    "88": "aeroplanes; those of many operators and many parts are free",
}
GROUPS = {
    "Animal products": ("01", "02", "16"),
    "Fish & fish products": ("03",),
    "Dairy products": ("04",),
    "Other agricultural products": ("05", "13", "14"),
    "Fruit, vegetables, plants": ("06", "08", "20"),
    "Coffee, tea": ("09", "18"),
    "Cereals & preparations": ("10", "11", "19"),
    "Oilseeds, fats & oils": ("12",),
    "Sugars and confectionery": ("17",),
    "Agricultural": ("21",),
    "Minerals & metals": ("68", "69", "70"),
}
NO_RATE = ("98", "99")
UNWEIGHED = "not weighed by what is bought, whose lines were not found"


def day_weighted(periods: pd.DataFrame, year: str) -> float:
    """Return the mean effective rate over the days of a fiscal year."""
    start = date(int(year[:4]), 4, 1)
    end = date(int(year[:4]) + 1, 3, 31)
    total = 0.0
    for row in periods.itertuples():
        first = date.fromisoformat(row.from_date) if row.from_date else start
        last = date.fromisoformat(row.to_date) if row.to_date else end
        days = (min(last, end) - max(first, start)) / timedelta(days=1) + 1
        total += max(days, 0) * row.effective_rate
    return total / ((end - start) / timedelta(days=1) + 1)


def dated(product: str, year: str) -> tuple[float, float, str, str]:
    """Return mean rate, rate in force, method and status of a dated product."""
    table = read("india_tariffs")
    means, latest, statuses = [], [], []
    for code in DATED[product]:
        rows = table[(table.hs == code) & table.effective_rate.notna()]
        rows = rows[~rows.good.isin(["Aviation fuel"])]
        means.append(day_weighted(rows, year))
        latest.append(rows.effective_rate.iloc[-1])
        statuses += list(rows.status)
    mixed = len(DATED[product]) > 1 or product in (
        "15x",
        "71",
        "88",
        "2701x",
        "2710x",
    )
    status = "assumed" if mixed or "assumed" in statuses else "official"
    if status == "official" and "derived" in statuses:
        status = "derived"
    changed = any(abs(a - b) > 1e-12 for a, b in zip(means, latest, strict=True))
    method = "effective rate" + (", weighted by days in force" if changed else "")
    count = len(means)
    return sum(means) / count, sum(latest) / count, method, status


def crude(year: str) -> tuple[float, float, str, str]:
    """Return Rs 52 a tonne over the unit value of Russian crude."""
    table = read("exchange_rates")
    rupees = table[(table.currency == "INR") & (table.year_basis == "fiscal")]
    rupee = float(rupees.set_index("period").per_usd[year])
    price = russian_crude(year) / russian_crude_kt(year) * 1000
    rate = CRUDE_RUPEES / rupee / price
    text = f"Rs 52 a tonne at {rupee:.2f} Rs and US$ {price:.0f} a tonne"
    return rate, rate, text, "derived"


def rate(product: str, year: str) -> tuple[float, float, str, str, str]:
    """Return mean rate, rate in force, method, status and note of a product."""
    if product == "2709":
        return (*crude(year), "")
    if product in DATED:
        return (*dated(product, year), WHY.get(product, ""))
    if product in NO_RATE:
        return 0.0, 0.0, "no duty to name", "not found", "rate not found: taken as zero"
    modal = read("india_modal_tariff").set_index("chapter").modal_basic_rate
    if product in modal.index:
        value = modal[product] * SURCHARGE
        text = "modal statutory rate x 1.1 (surcharge)"
        note = f"exemptions do not show; {UNWEIGHED}"
        return value, value, text, "assumed", note
    group, value = _group(product)
    text = f"WTO average of {group}"
    note = f"rate of the chapter not found: a proxy; {UNWEIGHED}"
    return value, value, text, "assumed", note


def _group(product: str) -> tuple[str, float]:
    name = next((g for g, c in GROUPS.items() if product in c), "Non-agricultural")
    table = read("india_wto_profile")
    hit = table[table.group == name].sort_values("year")
    return f"{name}, {hit.year.iloc[-1]}", float(hit.applied_average.iloc[-1])


def bound(product: str) -> float | None:
    """Return the mean bound rate of the product's WTO group, if it is known."""
    chapter = product[:2]
    name = next((g for g, c in GROUPS.items() if chapter in c), None)
    name = "Fruit, vegetables, plants" if chapter == "07" else name
    name = "Oilseeds, fats & oils" if chapter == "15" else name
    name = "Chemicals" if "28" <= chapter <= "39" else name
    name = "Minerals & metals" if "71" <= chapter <= "83" else name
    if name is None:
        return None
    table = read("india_wto_profile")
    hit = table[(table.group == name) & table.bound_average.notna()]
    return float(hit.bound_average.iloc[0])
