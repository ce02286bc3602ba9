"""The official India-Russia baseline of a fiscal year."""

from __future__ import annotations

import pandas as pd

from toolkit import datasets
from toolkit.baseline.flows import Baseline
from toolkit.schema import check_trade_frame, nearest


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
        raise ValueError(f"No baseline for {year!r}; {nearest(year, years)}")
    frame = _with_rates(flows[flows["year"] == year], datasets.load("rates"), year)
    products = datasets.load("products").set_index("product")
    driven = products["tariff_driven"].reindex(frame["product"]).fillna(True)
    frame = frame.assign(tariff_driven=driven.to_numpy(dtype=bool))
    world = datasets.load("india_world")
    return Baseline(
        check_trade_frame(frame.drop(columns="year")),
        "IND",
        "RUS",
        year=year,
        source_line=_official_source(year),
        names={str(k): str(v) for k, v in products["name"].items()},
        groups={str(k): str(v) for k, v in products["group"].items()},
        _elasticities=datasets.load("elasticities"),
        _world=world[world["year"] == year].reset_index(drop=True),
    )


def _with_rates(flows: pd.DataFrame, rates: pd.DataFrame, year: str) -> pd.DataFrame:
    keys = ["importer", "product"]
    wanted = rates.loc[
        rates["year"] == year, [*keys, "applied_rate", "bound_rate", "gsp_rate"]
    ]
    frame = flows.merge(wanted, on=keys, how="left", validate="many_to_one")
    without = frame.loc[frame["applied_rate"].isna(), keys].drop_duplicates()
    if len(without):
        raise ValueError(f"No applied rate for {without.to_records(index=False)}.")
    return frame


def _official_source(year: str) -> str:
    status = ", provisional" if year == "2025-26" else ""
    return (
        f"Ministry of Commerce and Industry of India (DGCI&S, TRADESTAT), FY{year}"
        f"{status}; Russian market: partner (mirror) statistics"
    )
