"""From the duty of the schedule to the duty that is paid on Indian imports.

Three steps, each from a table:

1. the part of a chapter that enters free (``india_duty_free``) is taken out;
2. where the rate is a chapter's average and not a rate known for the goods bought,
   one factor of the year stands for exemptions and lower notified rates: with it the
   duty on all imports, agreements left out, is what was collected plus what was
   foregone under agreements (``customs_revenue``);
3. suppliers with an agreement (``india_agreements``), and the rest of the world that
   holds more of them, pay one share of that duty, so that the year's revenue is what
   was collected.

The factor and the share are averages, marked assumed: revenue by chapter was found for
2009-10 only. Edible oils, pulses, fertilisers, precious metals, crude and aircraft keep
their known rates for every supplier; no agreement gives more on them, to first order.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import indian_market
import pandas as pd
import rates_india
from common import read

KNOWN = ("1512", "15x", "07", "71", "88", "310210", "310420", "310530", "310520")
MFN_ONLY = (*KNOWN, "2709", *rates_india.NO_RATE)
OWN = {("71", "RUS"): (0.0, "rough diamonds, free of duty")}
CRORE = 10.0  # million rupees


@dataclass(frozen=True)
class Factors:
    """What exemptions leave of an average duty, and agreements of what is left."""

    exempt: float
    agreed: float


def us_dollars(item: str, year: str) -> float:
    """Return an item of ``customs_revenue``, US$ mn at the year's mean rate."""
    table = read("customs_revenue")
    hit = table[(table.item == item) & (table.year == year)]
    money = read("exchange_rates")
    money = money[(money.currency == "INR") & (money.year_basis == "fiscal")]
    rupee = float(money.set_index("period").per_usd[year])
    return float(hit.rs_crore.iloc[0]) * CRORE / rupee


def is_average(product: str) -> bool:
    """Return whether the rate is a chapter's or group's, not that of the goods."""
    return product not in (*rates_india.DATED, "2709", *rates_india.NO_RATE)


def free_share(product: str) -> float:
    """Return the share of a product's imports that enters free."""
    table = read("india_duty_free").set_index("chapter").free_share
    return float(table.get(product, 0.0))


def has_agreement(exporter: str) -> bool:
    """Return whether a supplier, or some of the rest of the world, has one."""
    return exporter == "ROW" or exporter in set(read("india_agreements").member)


@cache
def factors(year: str) -> Factors:
    """Return the two factors of a year, of which the revenue collected is made."""
    bought = pd.DataFrame(
        [
            (flow.product, flow.exporter, flow.value_usd_mn)
            for flow in indian_market.flows(year)
        ],
        columns=["product", "exporter", "value"],
    )
    rate = {code: rates_india.rate(code, year)[0] for code in set(bought["product"])}
    free = bought["product"].map(free_share)
    due = bought.value * bought["product"].map(rate) * (1.0 - free)
    pairs = zip(bought["product"], bought.exporter, strict=True)
    due[[pair in OWN for pair in pairs]] = 0.0
    average = bought["product"].map(is_average)
    collected = us_dollars("collected", year)
    foregone = us_dollars("foregone under agreements", year)
    exempt = (collected + foregone - due[~average].sum()) / due[average].sum()
    due = due.where(~average, due * exempt)
    partners = bought.exporter.map(has_agreement) & ~bought["product"].isin(MFN_ONLY)
    return Factors(float(exempt), 1.0 - float(foregone / due[partners].sum()))


def paid(product: str, exporter: str, year: str) -> float:
    """Return the share of the schedule's duty that a supplier pays, "ALL" without one.

    Zero where the goods of a supplier are known to be free.
    """
    if (product, exporter) in OWN:
        return OWN[product, exporter][0]
    share = 1.0 - free_share(product)
    if is_average(product):
        share *= factors(year).exempt
    if exporter != "ALL" and has_agreement(exporter) and product not in MFN_ONLY:
        share *= factors(year).agreed
    return share


def how(product: str, exporter: str, year: str) -> str:
    """Return in words what was taken off the schedule's duty."""
    if (product, exporter) in OWN:
        return "; " + OWN[product, exporter][1]
    steps = []
    if free_share(product):
        steps.append(f"{free_share(product):.1%} of imports free")
    if is_average(product):
        steps.append(f"x {factors(year).exempt:.3f} (exemptions)")
    if exporter != "ALL" and product not in MFN_ONLY:
        steps.append(f"x {factors(year).agreed:.3f} (agreements)")
    return "; " + ", ".join(steps) if steps else ""
