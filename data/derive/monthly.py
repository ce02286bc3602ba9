"""India's monthly exports to Russia beside price and demand, ready to estimate on.

``relative_price`` is the price of Indian consumer goods in Russian ones, the real
exchange rate: Indian consumer prices times roubles per rupee over Russian consumer
prices, mean of 2015 = 100. It rises when the rouble falls. The rupee rate is the
European Central Bank's from 2009 and the Federal Reserve's, over the dollar, before.
"""

from __future__ import annotations

import pandas as pd
from common import read

FIRST, LAST = "2007-07", "2019-11"  # after the missing month; Indian prices end
BASE = "2015"
SOURCE = "india_russia_monthly; monthly_series"
VINTAGE = "2020 to 2026, as the rows used say"


def table() -> pd.DataFrame:
    """Return one row per month; blank where a series has ended."""
    series = read("monthly_series").pivot(  # noqa: PD010 - nothing to aggregate
        index="month", columns="series", values="value"
    )
    trade = read("india_russia_monthly").set_index("month")
    panel = pd.DataFrame(
        {
            "exports_usd_mn": trade.exports_usd_mn,
            "relative_price": relative_price(series).round(4),
            "brent": series.brent,
            "russia_imports_usd_bn": series.russia_imports,
        }
    )
    kept = panel.loc[FIRST:LAST].rename_axis("month").reset_index()
    return kept.assign(status="derived", source=SOURCE, vintage=VINTAGE)


def relative_price(series: pd.DataFrame) -> pd.Series:
    """Return the real price of Indian goods in Russia, mean of 2015 = 100."""
    rupees = series.inr_per_eur.fillna(series.inr_per_usd * series.usd_per_eur)
    price = series.cpi_india * series.rub_per_eur / rupees / series.cpi_russia
    return 100 * price / price[price.index.str[:4] == BASE].mean()
