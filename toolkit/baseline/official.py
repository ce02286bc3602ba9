"""The official India-Russia baseline of a fiscal year."""

from __future__ import annotations

from toolkit import datasets
from toolkit.baseline.flows import Baseline
from toolkit.schema import nearest, shown


def load_baseline(year: str = "2024-25") -> Baseline:
    """Load the official India-Russia baseline of an Indian fiscal year.

    Parameters
    ----------
    year : {"2024-25", "2025-26"}
        April to March; 2025-26 is provisional.

    Returns
    -------
    Baseline
        India's exports (FOB) and imports (CIF) by product, the competing
        suppliers in each market, applied rates of the year and volumes.

    Raises
    ------
    ValueError
        Another year, or a data file that does not match its checksum.

    Examples
    --------
    >>> load_baseline("2024-25").balance().round(1).to_dict()
    {'exports': 4881.3, 'imports': 63811.4, 'balance': -58930.1}
    """
    flows = datasets.load("flows")
    years = sorted(flows["year"].unique())
    if year not in years:
        raise ValueError(f"No baseline for {shown(year)}; {nearest(year, years)}")
    rates, world = datasets.load("rates"), datasets.load("india_world")
    return Baseline.from_tables(
        flows[flows["year"] == year].drop(columns="year"),
        rates[rates["year"] == year],
        datasets.load("products"),
        world[world["year"] == year],
        year=year,
        source=_official_source(year),
    )


def _official_source(year: str) -> str:
    status = ", provisional" if year == "2025-26" else ""
    return (
        f"Ministry of Commerce and Industry of India (DGCI&S, TRADESTAT), FY{year}"
        f"{status}; Russian market: partner (mirror) statistics"
    )
