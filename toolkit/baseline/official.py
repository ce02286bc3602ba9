"""The official India-Russia baseline of a fiscal year."""

from __future__ import annotations

import pandas as pd

from toolkit import datasets
from toolkit.baseline.flows import Baseline
from toolkit.schema import nearest

LEVELS = ("chapter", "heading")


def load_baseline(year: str = "2024-25", *, level: str = "chapter") -> Baseline:
    """Load the official India-Russia baseline of an Indian fiscal year.

    Parameters
    ----------
    year : {"2024-25", "2025-26"}
        April to March; 2025-26 is provisional.
    level : {"chapter", "heading"}
        Of the Russian market: HS chapters (a few headings apart), or the headings of
        which India is known to sell half a million dollars, with a rest by chapter
        (``84x``) that adds up to the same totals. The Indian market is known by
        chapter only.

    Returns
    -------
    Baseline
        India's exports (FOB) and imports (CIF) by product, the competing
        suppliers in each market, applied rates of the year and volumes.

    Raises
    ------
    ValueError
        Another year or level, or a data file that does not match its checksum.

    Examples
    --------
    >>> load_baseline("2024-25").balance().round(1).to_dict()
    {'exports': 4881.3, 'imports': 63811.4, 'balance': -58930.1}
    """
    if level not in LEVELS:
        raise ValueError(f"level {level!r} is unknown; {nearest(level, LEVELS)}")
    flows, rates = _at_level("flows", level), _at_level("rates", level)
    years = sorted(flows["year"].unique())
    if year not in years:
        raise ValueError(f"No baseline for {year!r}; {nearest(year, years)}")
    world, products = datasets.load("india_world"), datasets.load("products")
    return Baseline.from_tables(
        flows[flows["year"] == year].drop(columns="year"),
        rates[rates["year"] == year],
        products if level == "chapter" else _with_headings(products, flows),
        world[world["year"] == year],
        year=year,
        source=_official_source(year),
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
