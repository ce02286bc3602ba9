"""What was known of 2025-26 by March 2026, as levers on 2024-25."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit import datasets
from toolkit.analysis.days import mean_rate, span
from toolkit.analysis.events import left_out
from toolkit.baseline import Baseline
from toolkit.levers import (
    ExchangeRate,
    Lever,
    PriceChange,
    QuantityTarget,
    SupplyDisruption,
    TariffCut,
    ThirdMarketTariff,
)

YEAR, BEFORE = "2025-26", "2024-25"
ELEVEN_MONTHS = "2025-26 Apr-Feb"
DAP = "310530"
BOUGHT: Mapping[str, Any] = {"importer": "IND", "exporter": "RUS"}
ALIKE: Mapping[str, Any] = {"importer": "IND", "exporter": "ALL"}
Steps = Mapping[str, Sequence[Lever]]


def known_by_march_2026(base: Baseline, after: Baseline) -> Steps:
    """Return the changes of 2025-26 that could be read by March 2026, by step.

    Prices: the average import price of crude (PPAC, April to August) and the price of
    DAP (notices of early 2025 against June 2025 and March 2026). Tonnes: Russian crude
    by tanker trackers, fertiliser of eleven months grossed up. Duties: of both
    countries by days in force, and the additional US duties. Currency: rupees per
    dollar of both fiscal years; the rouble by fiscal year was not found.

    Parameters
    ----------
    base, after : Baseline
        2024-25 and 2025-26; of the later one only rates are read.

    Returns
    -------
    mapping of step to levers
        ``price, tonnes, duty, currency``.
    """
    return {
        "price": [_crude_price(), _dap_price()],
        "tonnes": [_crude_tonnes(), *_fertiliser_tonnes()],
        "duty": [*_duties(base, after), _us_duty()],
        "currency": [_rupee()],
    }


def _crude_price() -> Lever:
    def price(period: str) -> float:
        row = {"indicator": "average import price", "period": period}
        return datasets.number("crude_volumes", "value", **row)

    by = price("2025-26 Apr-Aug") / price(BEFORE) - 1.0
    return PriceChange(**ALIKE, products="2709", by=by, held=True)


def _dap_price() -> Lever:
    table = datasets.load("fertiliser_prices")
    table = table[table["product"] == DAP].set_index("period")["usd_per_tonne"]
    early = float(table[["2025-01", "2025-03"]].mean())
    late = float(table[["2025-06", "2026-03"]].mean())
    return PriceChange(**ALIKE, products=DAP, by=late / early - 1.0, held=True)


def _crude_tonnes() -> Lever:
    table = datasets.load("crude_monthly").set_index("month")["russia_mb_per_day"]
    months = pd.period_range("2025-04", "2026-03", freq="M").astype(str)
    return SupplyDisruption(
        **BOUGHT, products="2709", to_mbd=float(table[months].mean())
    )


def _fertiliser_tonnes() -> Sequence[Lever]:
    table = datasets.load("fertiliser_volumes")
    sold = table[(table["period"] == ELEVEN_MONTHS) & (table["exporter"] == "RUS")]
    return [
        QuantityTarget(**BOUGHT, products=code, kilotonnes=12 / 11 * float(tonnes))
        for code, tonnes in zip(sold["product"], sold["kilotonnes"], strict=True)
        if code.isdigit()
    ]


def _duties(base: Baseline, after: Baseline) -> Sequence[Lever]:
    """Return the duties whose mean by days differs between the years."""
    keys = ["importer", "product"]
    then, now = (b.frame.groupby(keys)["mfn_rate"].max() for b in (base, after))
    both = pd.DataFrame({"then": then, "now": now}).dropna()
    moved = both[np.abs(both["now"] - both["then"]) > 1e-9]
    return [
        TariffCut(
            importer=str(importer),
            exporter="ALL",
            products=str(product),
            to=float(rate),
            respect_bound=False,
        )
        for (importer, product), rate in moved["now"].items()  # pyright: ignore[reportGeneralTypeIssues]
    ]


def _us_duty() -> Lever:
    table = datasets.load("third_market")
    table = table[(table["importer"] == "USA") & (table["exporter"] == "IND")]
    steps = [(dt.date.min, 0.0)] + [
        (dt.date.fromisoformat(day), float(rate))
        for day, rate in zip(table["from_date"], table["additional_rate"], strict=True)
    ]
    span(YEAR)
    add = mean_rate(sorted(steps), YEAR)
    return ThirdMarketTariff(market="USA", add=add, exclude=left_out())


def _rupee() -> Lever:
    def rate(year: str) -> float:
        row = {"currency": "INR", "period": year}
        return datasets.number("exchange_rates", "per_usd", **row)

    return ExchangeRate(currency="INR", by=rate(BEFORE) / rate(YEAR) - 1.0)
