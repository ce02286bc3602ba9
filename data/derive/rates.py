"""Import duty by product on both sides, one row per year, importer, product."""

from __future__ import annotations

import customs
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
    "statutory_rate",
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
    for column in COLUMNS[4:10]:
        frame[column] = pd.to_numeric(frame[column]).round(6)
    order = ["year", "importer", "product"]
    return frame.sort_values(order, kind="stable")


def _india(year: str) -> list[tuple]:
    bought = sorted((row.product, row.exporter) for row in indian_market.flows(year))
    rows = []
    for product in sorted({product for product, _ in bought}):
        general = customs.paid(product, "ALL", year)
        sellers = [name for code, name in bought if code == product]
        own = [n for n in sellers if customs.paid(product, n, year) != general]
        rows += [_indian_row(year, product, name) for name in ("ALL", *own)]
    return rows


def _indian_row(year: str, product: str, exporter: str) -> tuple:
    mean, latest, method, status, note = rates_india.rate(product, year)
    share = customs.paid(product, exporter, year)
    taken = customs.how(product, exporter, year)
    return (
        year,
        "IND",
        product,
        exporter,
        mean * share,
        latest * share,
        mean,
        None,
        rates_india.bound(product),
        None,
        method + taken,
        "assumed" if taken else status,
        "India: see india_tariffs, india_modal_tariff, india_wto_profile, "
        "customs_revenue",
        "2023 to May 2026",
        note,
    )


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
                duty,
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
