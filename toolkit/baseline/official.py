"""The official India-Russia baseline of a fiscal year, and the world in regions."""

from __future__ import annotations

from toolkit import datasets
from toolkit.baseline.flows import Baseline
from toolkit.schema import nearest

WORLD = "world-2023"


def load_baseline(year: str = "2024-25") -> Baseline:
    """Load the official India-Russia baseline of an Indian fiscal year, or the world.

    Parameters
    ----------
    year : {"2024-25", "2025-26", "world-2023"}
        April to March; 2025-26 is provisional. ``world-2023`` is calendar 2023 in
        eight regions with home sales, one good: India, Russia, the rest of the
        Eurasian Economic Union (EAE), China, the European Union (EUN), the United
        States, the Gulf (GLF) and the rest (ROW). Cells with ``status`` assumed were
        not found: ``tk.datasets.load("regions")`` tells the arithmetic of each.

    Returns
    -------
    Baseline
        India's exports (FOB) and imports (CIF) by product, the competing
        suppliers in each market, applied rates of the year and volumes; of the
        world, trade between the regions and at home with average duties.

    Raises
    ------
    ValueError
        Another year, or a data file that does not match its checksum.

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
        raise ValueError(f"No baseline for {year!r}; {nearest(year, years)}")
    rates, world = datasets.load("rates"), datasets.load("india_world")
    return Baseline.from_tables(
        flows[flows["year"] == year].drop(columns="year"),
        rates[rates["year"] == year],
        datasets.load("products"),
        world[world["year"] == year],
        year=year,
        source=_official_source(year),
    )


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
