"""Rates by days in force: what a dated rate is on average over a period."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Sequence

from toolkit.schema import shown

Span = tuple[dt.date, dt.date]
Steps = Sequence[tuple[dt.date, float]]
FOREVER = dt.date.min
SHAPES = "2024-25 (April to March), 2024, 2024-08 or 2024-04..2024-12"


def span(period: str) -> Span:
    """Return the first and last day of a period.

    Raises
    ------
    ValueError
        Another way to write a period.

    Examples
    --------
    >>> [str(day) for day in span("2024-25")]
    ['2024-04-01', '2025-03-31']
    >>> [str(day) for day in span("2024-04..2024-12")]
    ['2024-04-01', '2024-12-31']
    """
    first, _, last = period.partition("..")
    if last:
        return _one(first)[0], _one(last)[1]
    return _one(first)


def _one(period: str) -> Span:
    if re.fullmatch(r"\d{4}", period):
        return dt.date(int(period), 1, 1), dt.date(int(period), 12, 31)
    found = re.fullmatch(r"(\d{4})-(\d\d)", period)
    if not found:
        raise ValueError(f"A period is written {SHAPES}, not {shown(period)}.")
    year, second = int(found[1]), int(found[2])
    if second == (year + 1) % 100:
        return dt.date(year, 4, 1), dt.date(year + 1, 3, 31)
    if not 1 <= second <= 12:
        raise ValueError(f"A period is written {SHAPES}, not {shown(period)}.")
    days = calendar.monthrange(year, second)[1]
    return dt.date(year, second, 1), dt.date(year, second, days)


def months(period: str) -> int:
    """Return how many months a period has.

    Examples
    --------
    >>> months("2024-25"), months("2022-04..2022-08")
    (12, 5)
    """
    first, last = span(period)
    return 12 * (last.year - first.year) + last.month - first.month + 1


def mean_rate(steps: Steps, period: str) -> float:
    """Return a dated rate averaged over the days of a period.

    Parameters
    ----------
    steps : sequence of (date, rate)
        First day and rate, in order; the first step reaches back for ever.
    period : str

    Examples
    --------
    India's duty on crude sunflower oil: 166 days at 5.5 and 199 at 27.5 per cent.

    >>> duty = [(FOREVER, 0.055), (dt.date(2024, 9, 14), 0.275)]
    >>> round(mean_rate(duty, "2024-25"), 4)
    0.1749
    """
    if not steps:
        raise ValueError("A rate needs one step at least.")
    first, last = span(period)
    ends = [day for day, _ in steps[1:]] + [dt.date.max]
    total = 0.0
    for (start, rate), end in zip(steps, ends, strict=True):
        begins = max(first.toordinal(), start.toordinal() if start > FOREVER else 0)
        days = min(last.toordinal() + 1, end.toordinal()) - begins
        total += rate * max(days, 0)
    return total / (last.toordinal() - first.toordinal() + 1)
