"""Units of crude oil: barrels a day, tonnes a year, US$ a barrel."""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

BARRELS_PER_TONNE = 7.33
DAYS = 365
CRUDE = "2709"

Amount = TypeVar("Amount", float, NDArray[np.float64])


def kilotonnes_a_year(million_barrels_a_day: Amount) -> Amount:
    """Return kilotonnes a year for a crude flow in million barrels a day.

    At 7.33 barrels a tonne and 365 days.

    Examples
    --------
    >>> round(kilotonnes_a_year(1.0))
    49795
    """
    return million_barrels_a_day * 1e3 * DAYS / BARRELS_PER_TONNE


def million_barrels_a_day(kilotonnes: Amount) -> Amount:
    """Return million barrels a day for a crude flow in kilotonnes a year.

    Examples
    --------
    >>> round(million_barrels_a_day(87_000.0), 3)
    1.747
    """
    return kilotonnes * BARRELS_PER_TONNE / (1e3 * DAYS)


def usd_a_barrel(usd_mn: Amount, kilotonnes: Amount) -> Amount:
    """Return the unit value of crude, US$ a barrel.

    Examples
    --------
    >>> round(usd_a_barrel(50_884.0, 87_000.0), 2)
    79.79
    """
    return 1e3 * usd_mn / (kilotonnes * BARRELS_PER_TONNE)
