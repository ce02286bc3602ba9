"""Import duty by product on both sides, one row per year, importer, product."""

from __future__ import annotations

import indian_market
import pandas as pd
import rates_india
import rates_russia
import russian_market
from common import YEARS, read

GSP = 0.75
REMARKS = {
    "02": "mean of lines inside (15 %) and outside (50 %) the beef quota",
    "22": "spirits and beer by the litre; strength ignored",
    "64": "India sells mostly shoe parts, duty free; finished shoes pay EUR per pair",
}
GSP_NOTE = "GSP for India unconfirmed: a switch, off by default"
EAEU = "Eurasian Economic Commission, customs tariff"
COLUMNS = [
    "year",
    "importer",
    "product",
    "exporter",
    "applied_rate",
    "rate_in_force",
    "gsp_rate",
    "bound_rate",
    "ad_valorem_part",
    "method",
    "status",
    "source",
    "vintage",
    "note",
]


def table() -> pd.DataFrame:
    """Return the duties of both importers in both years."""
    rows = [row for year in YEARS for side in (_india, _russia) for row in side(year)]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for column in COLUMNS[4:9]:
        frame[column] = pd.to_numeric(frame[column]).round(6)
    return frame.sort_values(["year", "importer", "product"], kind="stable")


def _india(year: str) -> list[tuple]:
    products = sorted({row.product for row in indian_market.flows(year)})
    rows = []
    for product in products:
        mean, latest, method, status, note = rates_india.rate(product, year)
        rows.append(
            (
                year,
                "IND",
                product,
                "ALL",
                mean,
                latest,
                None,
                rates_india.bound(product),
                None,
                method,
                status,
                "India: see india_tariffs, india_modal_tariff, india_wto_profile",
                "2023 to May 2026",
                note,
            )
        )
    return rows


def _russia(year: str) -> list[tuple]:
    lines = rates_russia.equivalents(year)
    latest = rates_russia.equivalents(YEARS[-1])
    chapters = read("eaeu_chapters").set_index("chapter")
    rows = []
    for product in russian_market.market(year).index:
        if product in rates_india.NO_RATE:
            duty, part, now = 0.0, 0.0, 0.0
            method, status = "no duty to name", "not found"
            note = "not in the tariff: taken as zero"
        else:
            duty, part, method, status = rates_russia.rate(product, lines, chapters)
            now = rates_russia.rate(product, latest, chapters)[0]
            note = _russian_note(product, lines)
        rows.append(
            (
                year,
                "RUS",
                product,
                "ALL",
                duty,
                now,
                GSP * duty,
                None,
                part,
                method,
                status,
                EAEU,
                "revision 2026-06-18",
                note,
            )
        )
    return rows


def _russian_note(product: str, lines: pd.DataFrame) -> str:
    inside = rates_russia.subheadings(product, lines)
    where = inside["where"][inside["where"] != ""]
    remark = f"{REMARKS[product]}; " if product in REMARKS else ""
    if where.empty or product in rates_russia.ONE_LINE:
        return remark + GSP_NOTE
    kinds = where.str.replace(r" of \d+$", "", regex=True).value_counts()
    counts = ", ".join(f"{name} {count}" for name, count in kinds.items())
    text = f"unit values of specific duties (subheadings): {counts}; "
    return remark + text + GSP_NOTE
