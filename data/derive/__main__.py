"""Make the tables of data/derived from the primary tables beside them.

Run ``python data/derive`` in the clone: it writes data/derived and brings the
digests of the registry up to date. ``python data/derive FOLDER`` writes
somewhere else and leaves the registry alone.
"""

from __future__ import annotations

import sys
from pathlib import Path

import headings
import indian_market
import monthly
import new_trade
import pandas as pd
import rates
import regions
import registry
import russian_market
from common import YEARS, frame

import elasticities


def flows() -> pd.DataFrame:
    """Return both markets of both years."""
    rows = [
        row
        for year in YEARS
        for market in (indian_market, russian_market)
        for row in market.flows(year)
    ]
    order = ["year", "importer", "product", "exporter"]
    return frame(rows).sort_values(order, kind="stable")


def write(table: pd.DataFrame, path: Path) -> None:
    """Write a table with Unix line ends, blank where unknown."""
    path.write_bytes(table.to_csv(index=False, lineterminator="\n").encode())


def main(folder: str | None = None) -> None:
    """Write every derived table into a folder, data/derived by default."""
    target = Path(folder) if folder else registry.DATA / "derived"
    markets, duties = flows(), rates.table()
    write(markets, target / "flows.csv")
    write(headings.flows(), target / "flows_headings.csv")
    write(duties, target / "rates.csv")
    write(headings.duties(), target / "rates_headings.csv")
    write(regions.table(markets, duties), target / "regions.csv")
    write(elasticities.table(), target / "elasticities.csv")
    write(new_trade.table(), target / "new_trade_prices.csv")
    write(monthly.table(), target / "monthly_panel.csv")
    if folder is None:
        registry.refresh()


if __name__ == "__main__":
    main(*sys.argv[1:2])
