"""Default elasticities by product, each a distribution: centre, spread, source.

ln|value| is normal with ``ln_centre`` and ``ln_spread``; ``low`` and ``high`` are its
5th and 95th percentile. The variance of ln|value| is a sum of what is not known:

=================  ===================================================================
within             what is left of sampling error after shrinking (``pooling``), or
                   the standard error over the estimate
study    0.217     between studies of substitution: the range of the bias-corrected
                   estimates, 2.5 to 5.1, read as 90 % (Bajzik et al. 2020)
study    0.38      where a single study leaves nothing to measure it by: the log
                   deviation of the long-run prior (assumed)
decade   about .2  ln of Broda and Weinstein's pooled centre (1994-2003) over the
                   median of the same kind of estimate on later data (impex-machina),
                   one draw of a deviation around zero
country            for substitution ``Variances.country``; for all goods 0.189, the
                   log deviation of the medians of 73 importers
product            between chapters: quartiles of Hauk's chapter medians over 1.349;
                   for tariff elasticities half the log variance of the ProTEE medians
=================  ===================================================================

Substitution: India as estimated, towards the chapter's 73 importers, and these towards
section and all goods, by the weights of ``pooling`` (on average about three quarters
to the own estimate). Russia was not estimated: the chapter, with ``country`` on top.
Import demand is a US proxy except for fuels and fertiliser. Export supply is infinite
in the centre, the assumption of a small importer: no lognormal has that centre, so
its spread is blank. Homogeneous goods have a row of their own (``substitutes``), and
Russia's crude a supply curve from its other outlets (``russian_crude``). ``quality``
says what a row rests on:

- own estimate: this importer and this chapter or good, shrunk;
- transferred: another country, or another good;
- pooled: the section or all goods outweigh the chapter's own figure;
- assumed: nothing better was found.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from common import read
from pooling import CAP, QUARTILES, Centre, abroad, all_goods, chapters, india

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
PRIOR, ONE_STUDY, NORMAL_90 = 3.8, 0.38, 1.645
IMPORTERS = 0.189  # log deviation of 73 importers' median sigma
HAUK_ERROR = 0.24  # typical standard error of one of Hauk's estimates
LEAST_SIGMA = 1.05
COLUMNS = [
    *("product", "importer", "exporter", "concept", "value", "low", "high"),
    *("horizon", "unit"),
    *("interval_kind", "source", "vintage", "licence", "status", "note"),
    *("ln_centre", "ln_spread", "quality"),
]
BW = "Broda and Weinstein (2006), QJE 121(2)"
META = "Bajzik et al. (2020), JIE 127"
LOGNORMAL = "5th and 95th percentile of a lognormal"


def table() -> pd.DataFrame:
    """Return every default of every product, in long form.

    The product "" (and the importer "") stands for goods and countries that have
    no row of their own.
    """
    products = ["", *read("products")["product"]]
    rows = [substitution("", ""), substitutes(), russian_crude()] + [
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
    frame["exporter"] = frame["exporter"].fillna("")
    for column in ("value", "low", "high", "ln_centre", "ln_spread"):
        frame[column] = frame[column].astype(float).round(4)
    return frame


def lognormal(value: float, spread: float) -> dict[str, object]:
    """Return the columns of a distribution around a value of either sign."""
    ends = value * np.exp(np.array([-NORMAL_90, NORMAL_90]) * spread)
    return {
        "value": value,
        "low": ends.min(),
        "high": ends.max(),
        "ln_centre": np.log(abs(value)),
        "ln_spread": spread,
        "interval_kind": LOGNORMAL,
        "horizon": "long run",
        "unit": "ratio",
    }


def substitution(product: str, importer: str) -> dict[str, object]:
    """Return sigma of one product and importer."""
    chapter = product[:2]
    if chapter not in chapters().index:
        return _substitution_meta(product, importer)
    centre = (
        india(chapter, OWN_GOOD.get(product, chapter)) if importer == "IND" else None
    )
    quality, status, note = "own estimate", "official", ""
    if centre is not None:
        note = f"India as estimated, weight {centre.own_weight:.2f}; rest its chapter"
    else:
        centre = abroad(chapter)
        pooled = centre.own_weight < 0.5
        quality, status = "pooled" if pooled else "transferred", "derived"
        note = _proxy(chapter, importer, centre)
    spread = float(np.sqrt(centre.variance + _study() ** 2 + _decade() ** 2))
    row = lognormal(float(np.exp(centre.ln)), spread)
    if row["low"] < LEAST_SIGMA:
        row["low"], note = LEAST_SIGMA, note + "; low end cut to the least sigma"
    return row | {
        **{"product": product, "importer": importer, "concept": "substitution"},
        **{"source": BW, "vintage": "1994-2003", "licence": "MIT (repository)"},
        **{"status": status, "quality": quality, "note": note},
    }


def _proxy(chapter: str, importer: str, centre: Centre) -> str:
    """Say why the importers at large stand in, and what they count."""
    own = read("substitution_estimates").set_index("code").india[chapter]
    why = "India not estimated"
    if importer == "RUS":
        why = "proxy: Russia was not estimated"
    elif own > CAP:
        why = f"India's {own:.1f} rests on few goods"
    rest = f"{centre.own_weight:.2f}; rest section and all goods"
    return f"{why}; median of 73 importers, weight {rest}"


def _substitution_meta(product: str, importer: str) -> dict[str, object]:
    """Return sigma where no chapter was estimated: all goods, spread of chapters."""
    value = _point("bajzik_substitution").value
    variance = all_goods() + _study() ** 2 + _decade() ** 2
    note = "chapter not estimated; meta-analysis of all goods"
    return lognormal(value, float(np.sqrt(variance))) | {
        **{"product": product, "importer": importer, "concept": "substitution"},
        **{"source": META, "vintage": "2020", "licence": "citation only"},
        **{"status": "assumed", "quality": "assumed", "note": note},
    }


def import_demand(product: str) -> dict[str, object]:
    """Return eta of one product: fuels, fertiliser, all others."""
    row = _point("hauk_us_import_demand")
    chapter = _spread_of_quartiles(row)
    if product[:2] == "27":
        short, long = _point("shaw_petrol_short"), _point("shaw_petrol_long")
        value = round((short.value + long.value) / 2, 1)
        horizon = np.log(long.value / short.value) / 2
        parts = (horizon, ONE_STUDY, chapter)
        source, vintage, quality = short.publisher, "2020", "transferred"
        note = "petrol in India stands for all fuels; midpoint of short and long run"
    elif product[:2] == "31":
        value, parts = -0.2, (np.log(0.5 / 0.2) / NORMAL_90,)
        source, vintage, quality = "this project", "2026", "assumed"
        note = "studies call demand inelastic, set by subsidy; no number was found; "
        note += "95 % within -0.5"
    else:
        value, quality = row.value, "transferred"
        parts = (chapter, HAUK_ERROR / abs(value), ONE_STUDY, IMPORTERS, _decade())
        source, vintage = row.publisher, row.vintage
        note = "United States: a proxy, one number for all goods"
    return lognormal(value, float(np.linalg.norm(parts))) | {
        **{"product": product, "importer": "", "concept": "import_demand"},
        **{"source": source, "vintage": vintage, "licence": "citation only"},
        **{"status": "assumed", "quality": quality, "note": note},
    }


def export_supply(product: str) -> dict[str, object]:
    """Return mu of one product: infinite, for crude ten."""
    low = _point("impex_export_supply").value
    row = {
        **{"product": product, "importer": "", "concept": "export_supply"},
        **{"vintage": "2024", "licence": "citation only"},
        **{"status": "assumed", "quality": "assumed"},
    }
    if product == "2709":
        spread = np.log(10.0 / low) / NORMAL_90
        note = "no estimate found: India is a large buyer of one crude; 5 % below the "
        note += f"median of a weakly identified study, {low:g}"
        return lognormal(10.0, spread) | row | {"source": "this project", "note": note}
    return row | {
        **{"value": np.inf, "low": low, "high": np.inf, "ln_centre": np.inf},
        **{"ln_spread": np.nan, "horizon": "long run", "unit": "ratio"},
        "interval_kind": "from the low estimate to the small importer",
        "source": "WITS SMART default; low end impex-machina",
        "note": "small importer; low end the median of weakly identified estimates; "
        "an infinite centre has no spread",
    }


def substitutes() -> dict[str, object]:
    """Return sigma of goods marked homogeneous: crude from one seller for another's.

    No estimate between suppliers of one grade was found. The low end is the tariff
    elasticity of crude in ProTEE, the value twice that.
    """
    library = read("elasticity_library")
    crude = library[(library["key"] == "protee") & (library["product"] == "270900")]
    low = -float(crude["value"].iloc[0])
    note = f"no estimate found; low end ProTEE's crude, {low:.2f}, the value twice"
    note += " that: at US$ 80 a barrel one dollar moves relative purchases by 37 %"
    return lognormal(2 * low, float(np.log(2)) / NORMAL_90) | {
        **{"product": "", "importer": "", "concept": "homogeneous_substitution"},
        **{"source": "this project", "vintage": "2026", "licence": "citation only"},
        **{"status": "assumed", "quality": "assumed", "note": note},
    }


def russian_crude() -> dict[str, object]:
    """Return mu of Russia's crude to India, from its output and its other outlets.

    ``mu = (S e_s + O e_o) / Q`` with exports ``S``, sales to others ``O`` and to India
    ``Q``. Ends: others take more only as the world's demand does (Caldara et al.), or
    switch grades as freely as India does with four fifths of their crude from
    elsewhere. The value is the geometric mean of the ends.
    """
    volumes = read("crude_volumes").set_index("indicator")["value"]
    sold, here = volumes["Russia exports to all"], volumes["Russia exports to India"]
    supply = _point("caldara_oil_supply").value * sold / here
    tied = supply - _point("caldara_oil_demand").value * (sold - here) / here
    sigma = float(str(substitutes()["value"]))
    free = supply + 0.8 * sigma * (sold - here) / here
    spread = float(np.log(free / tied)) / (2 * NORMAL_90)
    note = f"no estimate found; EIA flows of 2024: {sold:g} mb/d, {here:g} to India"
    note += f"; {tied:.2f} where others buy as the world's demand responds,"
    note += f" {free:.1f} where they switch as India does; value the geometric mean"
    return lognormal(float(np.sqrt(tied * free)), spread) | {
        **{"product": "2709", "importer": "IND", "exporter": "RUS"},
        **{"concept": "export_supply", "source": "this project", "vintage": "2026"},
        **{"licence": "citation only", "status": "assumed", "quality": "assumed"},
        "note": note,
    }


def tariff_elasticity(product: str) -> dict[str, object] | None:
    """Return the long-run tariff elasticity: 3.8 shifted by half of ProTEE.

    Half is the weight of a chapter's estimate, so half of the log variance of the
    estimates is true. None for fuels and fertiliser, whose tariffs identify none.
    """
    chapter = product[:2]
    if chapter in ("", "27", "31", "98", "99"):
        return None
    estimates = read("tariff_elasticity_estimates").set_index("chapter")["median"]
    apart = np.log(estimates / _point("protee_median").value)
    true = float((apart**2).mean()) / 2
    shift, variance, quality = 1.0, true, "assumed"
    note = "no usable chapter estimate: the prior alone"
    if chapter in estimates.index:
        shift = float(np.clip(np.exp(apart[chapter] / 2), 0.5, 2.0))
        variance, quality = true / 2, "pooled"
        note = "prior shifted by half the log deviation of the chapter's ProTEE median"
    return lognormal(-PRIOR * shift, float(np.sqrt(variance + ONE_STUDY**2))) | {
        **{"product": product, "importer": "", "concept": "tariff_elasticity"},
        **{"source": f"{META}; ProTEE 0.1 (CEPII)", "vintage": "2020"},
        **{"licence": "Etalab 2.0", "status": "assumed", "note": note},
        "quality": quality,
    }


def _study() -> float:
    """Return the log deviation between studies of substitution."""
    row = _point("bajzik_substitution")
    return float(np.log(row.high / row.low)) / (2 * NORMAL_90)


def _decade() -> float:
    """Return what two decades add: the older centre over the later median."""
    older = np.average(chapters().ln, weights=chapters().cells)
    return abs(float(older - np.log(_point("impex_substitution").value)))


def _spread_of_quartiles(row: pd.Series) -> float:
    return float(abs(np.log(row.high / row.low))) / QUARTILES


def _point(key: str) -> pd.Series:
    table = read("literature")
    return table[table.key == key].iloc[0]
