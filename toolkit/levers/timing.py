"""When a lever is in force: from a year, in equal steps or by a schedule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from toolkit.schema import check_share, check_whole, shown


def share_phased_in(year: int | None, start: int | None, phase_in: int) -> float:
    """Return the share of a staged change that is in force in a year.

    Equal yearly steps, the first in ``start``, the last in
    ``start + phase_in - 1``. Without a year the change is fully phased in.

    Examples
    --------
    >>> share_phased_in(2027, 2026, 5), share_phased_in(None, 2026, 5)
    (0.4, 1.0)
    """
    if year is None or start is None:
        return 1.0
    steps = max(phase_in, 1)
    return min(max(year - start + 1, 0) / steps, 1.0)


def share_scheduled(year: int | None, schedule: Iterable[tuple[int, float]]) -> float:
    """Return the share of a schedule reached in a year; the last without a year.

    Examples
    --------
    >>> share_scheduled(2028, [(2027, 0.5), (2030, 1.0)])
    0.5
    """
    reached = [share for y, share in schedule if year is None or y <= year]
    return reached[-1] if reached else 0.0


def check_year(value: object, what: str) -> int:
    """Return a calendar year, or raise.

    Examples
    --------
    >>> check_year(2026, "start")
    2026
    """
    return check_whole(value, what, low=1990, high=2100, kind="a whole year")


def check_phase_in(value: object, start: int | None) -> int:
    """Return a number of yearly steps, or raise."""
    years = check_whole(value, "phase_in", low=1, high=50, kind="whole years")
    if years > 1 and start is None:
        raise ValueError("phase_in needs start, the first year of the cut.")
    return years


def check_schedule(pairs: Iterable[tuple[Any, Any]]) -> tuple[tuple[int, float], ...]:
    """Return a schedule, year -> share in force, sorted by year, or raise."""
    checked = [
        (
            check_year(year, "a year of schedule"),
            check_share(share, f"schedule of {shown(year)}"),
        )
        for year, share in pairs
    ]
    if len({year for year, _ in checked}) < len(checked):
        raise ValueError(f"schedule names something twice: {shown(sorted(checked))}.")
    return tuple(sorted(checked))
