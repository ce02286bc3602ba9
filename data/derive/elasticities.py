"""Default elasticities by product: value, range, source.

Substitution follows Broda and Weinstein (2006): India as estimated, Russia by
the median of 73 importers (a proxy: Russia was not estimated). Estimates above
ten are not used; the median of all importers stands in. Import demand is a US
proxy except for fuels and fertiliser. Export supply is infinite in the centre,
the assumption of a small importer.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from common import read

CAP = 10.0
OWN_GOOD = {
    "2709": "270",
    "2701x": "270",
    "2710x": "271",
    "1512": "151",
    "310210": "310",
    "310420": "310",
    "310520": "310",
    "310530": "310",
}
PRIOR, SPREAD, NORMAL_90 = 3.8, 0.38, 1.645
COLUMNS = [
    *("product", "importer", "concept", "value", "low", "high", "horizon", "unit"),
    *("interval_kind", "source", "vintage", "licence", "status", "note"),
]
BW = "Broda and Weinstein (2006), QJE 121(2)"
META = "Bajzik et al. (2020), JIE 127"
QUARTILES = "quartiles of 73 importers, widened to hold the value"


def table() -> pd.DataFrame:
    """Return every default of every product, in long form.

    The product "" (and the importer "") stands for goods and countries that have
    no row of their own.
    """
    products = ["", *read("products")["product"]]
    rows = [substitution("", "")] + [
        row
        for product in products
        for row in (
            substitution(product, "IND"),
            substitution(product, "RUS"),
            import_demand(product),
            export_supply(product),
            tariff_elasticity(product),
        )
        if row is not None
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS)
    for column in ("value", "low", "high"):
        frame[column] = frame[column].astype(float).round(4)
    return frame


def substitution(product: str, importer: str) -> tuple:
    """Return sigma of one product and importer."""
    estimates = read("substitution_estimates").set_index("code")
    if product[:2] not in estimates.index:
        return _substitution_meta(product, importer)
    row = estimates.loc[product[:2]]
    india = estimates.loc[OWN_GOOD.get(product, product[:2]), "india"]
    note, value = "", india
    if importer == "RUS":
        note, value = "proxy: Russia was not estimated; median of 73 importers", None
    elif np.isnan(india):
        note, value = "India not estimated; median of 73 importers", None
    elif india > CAP:
        note = f"India's {india:.1f} rests on few goods; median of 73 importers"
        value = None
    status = "official"
    if value is None:
        value, status = row.all_importers, "derived"
    if value > CAP:
        value, status, note = CAP, "assumed", note + "; cut to ten"
    low, high = min(row.p25, value), max(row.p75, value)
    return (
        *(product, importer, "substitution", value, low, high, "long run", "ratio"),
        *(QUARTILES, BW, "1994-2003", "MIT (repository)", status, note),
    )


def _substitution_meta(product: str, importer: str) -> tuple:
    row = _point("bajzik_substitution")
    note = "chapter not estimated; meta-analysis of all goods"
    return (
        *(product, importer, "substitution", row.value, row.low, row.high),
        *("long run", "ratio", row.interval_kind, META, row.vintage, row.licence),
        *("assumed", note),
    )


def import_demand(product: str) -> tuple:
    """Return eta of one product: fuels, fertiliser, all others."""
    if product[:2] == "27":
        short, long = _point("shaw_petrol_short"), _point("shaw_petrol_long")
        value = round((short.value + long.value) / 2, 1)
        source, vintage, kind = short.publisher, "2020", "short and long run of petrol"
        status, note = "assumed", "petrol in India stands for all fuels; midpoint"
        low, high = long.value, short.value
    elif product[:2] == "31":
        value, low, high = -0.2, -0.5, 0.0
        source, vintage, kind = "this project", "2026", "assumed range"
        status = "assumed"
        note = "studies call demand inelastic, set by subsidy; no number was found"
    else:
        row = _point("hauk_us_import_demand")
        value, low, high = row.value, row.low, row.high
        source, vintage, kind = row.publisher, row.vintage, row.interval_kind
        status, note = "assumed", "United States: a proxy, one number for all goods"
    return (
        *(product, "", "import_demand", value, low, high, "long run", "ratio"),
        *(kind, source, vintage, "citation only", status, note),
    )


def export_supply(product: str) -> tuple:
    """Return mu of one product: infinite, for crude ten."""
    low = _point("impex_export_supply").value
    if product == "2709":
        value, note = 10.0, "no estimate found: India is a large buyer of one crude"
        source = "this project"
    else:
        value, note = np.inf, "small importer; low end from weak instruments"
        source = "WITS SMART default; low end impex-machina"
    return (
        *(product, "", "export_supply", value, low, np.inf, "long run", "ratio"),
        *("from the low estimate to the small importer", source, "2024"),
        *("citation only", "assumed", note),
    )


def tariff_elasticity(product: str) -> tuple | None:
    """Return the long-run tariff elasticity: 3.8 shifted by half of ProTEE.

    None for fuels and fertiliser, whose tariffs do not identify one.
    """
    chapter = product[:2]
    if chapter in ("", "27", "31", "98", "99"):
        return None
    estimates = read("tariff_elasticity_estimates").set_index("chapter")
    shift, note = 1.0, "no usable chapter estimate: the prior alone"
    if chapter in estimates.index:
        world = abs(_point("protee_median").value)
        shift = float(
            np.clip((abs(estimates.loc[chapter, "median"]) / world) ** 0.5, 0.5, 2.0)
        )
        note = "prior shifted by half the log deviation of the chapter's ProTEE median"
    value = PRIOR * shift
    spread = np.exp(NORMAL_90 * SPREAD)
    return (
        *(product, "", "tariff_elasticity", -value, -value * spread, -value / spread),
        *("long run", "ratio", "90 % of a lognormal, log deviation 0.38"),
        *(f"{META}; ProTEE 0.1 (CEPII)", "2020", "Etalab 2.0", "assumed", note),
    )


def _point(key: str) -> pd.Series:
    table = read("literature")
    return table[table.key == key].iloc[0]
