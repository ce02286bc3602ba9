"""The official India-Russia baseline of a fiscal year, and the world in regions."""

from __future__ import annotations

import dataclasses
from functools import partial

import pandas as pd

from toolkit import datasets
from toolkit.baseline.flows import Baseline
from toolkit.schema import EVERYONE, check_choice, nearest, shown

DUTIES = ("collected", "statutory")
LEVELS = ("chapter", "heading")
WORLD = "world-2023"
# How a duty of the world baseline was found -> how far to trust it; else derived.
HOW_KNOWN = {"home": "official", "one customs union": "official", "assumed": "assumed"}


def load_baseline(
    year: str = "2024-25", *, duties: str = "collected", level: str = "chapter"
) -> Baseline:
    """Load the official India-Russia baseline of an Indian fiscal year, or the world.

    Parameters
    ----------
    year : {"2024-25", "2025-26", "world-2023"}
        April to March; 2025-26 is provisional. ``world-2023`` is calendar 2023 in
        eight regions with home sales, one good: India, Russia, the rest of the
        Eurasian Economic Union (EAE), China, the European Union (EUN), the United
        States, the Gulf (GLF) and the rest (ROW). Cells with ``status`` assumed were
        not found: ``tk.datasets.load("regions")`` tells the arithmetic of each.
    duties : {"collected", "statutory"}
        Indian duties of a fiscal year after zero lines, exemptions and agreements,
        scaled so that the year's imports bring what was collected (assumed where a
        rate is a chapter's average); or the rates of the schedule, about twice that.
    level : {"chapter", "heading"}
        Of the Russian market: HS chapters (a few headings apart), or the headings of
        which India is known to sell half a million dollars, with a rest by chapter
        (``84x``) that adds up to the same totals. The Indian market is known by
        chapter only.

    Returns
    -------
    Baseline
        India's exports (FOB) and imports (CIF) by product, the competing
        suppliers in each market, applied rates of the year and volumes; of the
        world, trade between the regions and at home with average duties.

    Raises
    ------
    ValueError
        Another year, kind of duty or level, or a data file that does not match its
        checksum.

    Examples
    --------
    >>> load_baseline("2024-25").balance().round(1).to_dict()
    {'exports': 4881.3, 'imports': 63811.4, 'balance': -58930.1}
    """
    if isinstance(year, str) and year == WORLD:
        return _world()
    for given, what, allowed in ((level, "level", LEVELS), (duties, "duties", DUTIES)):
        check_choice(given, allowed, what)
    flows, rates = _at_level("flows", level), _at_level("rates", level)
    years = [*sorted(flows["year"].unique()), WORLD]
    if not isinstance(year, str) or year not in years:
        raise ValueError(f"No baseline for {shown(year)}; {nearest(year, years)}")
    world, products = datasets.load("india_world"), datasets.load("products")
    rates = rates[rates["year"] == year]
    base = Baseline.from_tables(
        flows[flows["year"] == year].drop(columns="year"),
        rates if duties == "collected" else _of_the_schedule(rates),
        products if level == "chapter" else _with_headings(products, flows),
        world[world["year"] == year],
        collected=_collected(year),
        year=year,
        source=_official_source(year),
    )
    others = {
        other: partial(load_baseline, other, duties=duties, level=level)
        for other in years
        if other not in (year, WORLD)
    }
    return dataclasses.replace(base, _others=others)


def _of_the_schedule(rates: pd.DataFrame) -> pd.DataFrame:
    """Return the rates of the schedule, one for all suppliers."""
    general = rates[rates["exporter"] == EVERYONE]
    return general.assign(applied_rate=general["statutory_rate"])


def _collected(year: str) -> float:
    """Return what Indian customs collect in a fiscal year, US$ million."""
    crore = datasets.number("customs_revenue", "rs_crore", year=year, item="collected")
    rupee = datasets.number(
        "exchange_rates", "per_usd", currency="INR", year_basis="fiscal", period=year
    )
    return 10.0 * crore / rupee


def _world() -> Baseline:
    table = datasets.load("regions")
    known = table["rate_derivation"].map(HOW_KNOWN).fillna("derived")
    return Baseline.from_frame(
        table.drop(columns="rate_derivation").assign(rate_status=known),
        year="2023",
        source=(
            "CEPII BACI V202501, World Bank, Eurostat, US Census Bureau, GCC-Stat, "
            "2023; duties as the official baseline of 2024-25; cells not found assumed"
        ),
    )


def _at_level(table: str, level: str) -> pd.DataFrame:
    """Return flows or rates, those of the Russian market at the level."""
    coarse = datasets.load(table)
    if level == "chapter":
        return coarse
    fine = datasets.load(f"{table}_headings")
    return pd.concat([coarse[coarse["importer"] != "RUS"], fine], ignore_index=True)


def _with_headings(products: pd.DataFrame, flows: pd.DataFrame) -> pd.DataFrame:
    """Return products with the headings, which have group and flag of their chapter."""
    known = set(products["product"])
    codes = [code for code in flows["product"].unique() if code not in known]
    chapters = products.drop_duplicates("chapter").set_index("chapter")
    new = chapters.loc[[code[:2] for code in codes]].reset_index()
    rest = [code.endswith("x") for code in codes]
    kind = [", rest" if flag else ", heading" for flag in rest]
    new = new.assign(product=codes, name=new["chapter_name"] + kind)
    return pd.concat([products, new], ignore_index=True)


def _official_source(year: str) -> str:
    status = ", provisional" if year == "2025-26" else ""
    return (
        f"Ministry of Commerce and Industry of India (DGCI&S, TRADESTAT), FY{year}"
        f"{status}; Russian market: partner (mirror) statistics"
    )
