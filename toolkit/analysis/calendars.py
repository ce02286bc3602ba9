"""Years counted from a baseline's, and what they are called."""

from __future__ import annotations

import dataclasses
import re

from toolkit.baseline import Baseline
from toolkit.levers.timing import check_year
from toolkit.schema import shown


@dataclasses.dataclass(frozen=True)
class Calendar:
    """Years counted from a baseline's, and what they are called.

    Attributes
    ----------
    base : int
        The baseline's year, by its first calendar year.
    fiscal : bool
        From April to March.
    """

    base: int
    fiscal: bool

    @classmethod
    def of(cls, baseline: Baseline, base_year: int | None = None) -> Calendar:
        """Return the calendar of a baseline.

        Raises
        ------
        ValueError
            The baseline does not say its year and none is given.

        Examples
        --------
        >>> from toolkit.baseline import load_baseline
        >>> Calendar.of(load_baseline("2025-26")).label(2030)
        '2030-31'
        """
        fiscal = re.fullmatch(r"(\d{4})-(\d\d)", baseline.year)
        plain = re.fullmatch(r"\d{4}", baseline.year)
        if base_year is None and not fiscal and not plain:
            raise ValueError(
                f"The baseline's year is {shown(baseline.year)}: give base_year, the "
                "calendar year in which it begins."
            )
        begins = int(baseline.year[:4]) if base_year is None else base_year
        first = check_year(begins, "base_year")
        return cls(first, fiscal=fiscal is not None)

    def label(self, year: int) -> str:
        """Return a year as it is called."""
        return f"{year}-{(year + 1) % 100:02d}" if self.fiscal else str(year)

    def after(self, last: int) -> dict[int, str]:
        """Return the years after the first, up to a last one, and their names."""
        return {year: self.label(year) for year in range(self.base + 1, last + 1)}

    @property
    def note(self) -> str:
        """What a year of a lever means here."""
        if not self.fiscal:
            return "Years are calendar years."
        return (
            "Years are fiscal, April to March, named by their first calendar year: a "
            f"lever from {self.base + 1} is in force in all of "
            f"{self.label(self.base + 1)}."
        )


def years_after(baseline: Baseline, last: int) -> dict[int, str]:
    """Return the years after a baseline's; none where it does not say its own.

    Examples
    --------
    >>> from toolkit.baseline import load_baseline
    >>> years_after(load_baseline("2024-25"), 2026)
    {2025: '2025-26', 2026: '2026-27'}
    """
    try:
        return Calendar.of(baseline).after(last)
    except ValueError:
        return {}
