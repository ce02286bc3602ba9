"""The official India-Russia baseline of a fiscal year, and the world in regions."""

from __future__ import annotations

import dataclasses
from functools import partial

import pandas as pd

from toolkit import datasets
from toolkit.baseline.flows import Baseline
from toolkit.schema import EVERYONE, nearest, shown

DUTIES = ("collected", "statutory")

WORLD = "world-2023"

WORLD = "world-2023"


def load_baseline(year: str = "2024-25", *, duties: str = "collected") -> Baseline:
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

    Returns
    -------
    Baseline
        India's exports (FOB) and imports (CIF) by product, the competing
        suppliers in each market, applied rates of the year and volumes; of the
        world, trade between the regions and at home with average duties.

    Raises
    ------
    ValueError
        Another year or kind of duty, or a data file that does not match its checksum.

    Examples
    --------
    >>> load_baseline("2024-25").balance().round(1).to_dict()
    {'exports': 4881.3, 'imports': 63811.4, 'balance': -58930.1}
    """
    if year == WORLD:
        return _world()
    flows = datasets.load("flows")
    years = [*sorted(flows["year"].unique()), WORLD]
    if year not in years:
        raise ValueError(f"No baseline for {shown(year)}; {nearest(year, years)}")
    if duties not in DUTIES:
        raise ValueError(
            f"duties {shown(duties)} is unknown; {nearest(duties, DUTIES)}"
        )
    rates, world = datasets.load("rates"), datasets.load("india_world")
    rates = rates[rates["year"] == year]
    base = Baseline.from_tables(
        flows[flows["year"] == year].drop(columns="year"),
        rates if duties == "collected" else _of_the_schedule(rates),
        datasets.load("products"),
        world[world["year"] == year],
        collected=_collected(year),
        year=year,
        source=_official_source(year),
    )
    others = {
        other: partial(load_baseline, other, duties=duties)
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
    return Baseline.from_frame(
        datasets.load("regions").drop(columns="rate_derivation"),
        year="2023",
        source=(
            "CEPII BACI V202501, World Bank, Eurostat, US Census Bureau, GCC-Stat, "
            "2023; duties as the official baseline of 2024-25; cells not found assumed"
        ),
    )


def _official_source(year: str) -> str:
    status = ", provisional" if year == "2025-26" else ""
    return (
        f"Ministry of Commerce and Industry of India (DGCI&S, TRADESTAT), FY{year}"
        f"{status}; Russian market: partner (mirror) statistics"
    )
