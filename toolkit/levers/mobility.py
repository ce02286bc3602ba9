"""Mobility of workers and students: an account beside the goods balance."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from toolkit.display import country, percent
from toolkit.levers.base import Dial, Lever
from toolkit.levers.shelf import wages_usd
from toolkit.schema import check_country, check_number, check_share


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mobility(Lever):
    """More workers and students abroad: an invisibles account.

    Workers send home ``workers * wage * months * remitted_share``; students
    spend ``students * spending``. The sum stands beside the goods balance and is
    never added to it.

    Parameters
    ----------
    workers : float
        Additional persons at work abroad over the year.
    monthly_wage_usd : float
        Default 806: the middle of the EUR 475-950 a month offered to Indians in
        2025-26 (DW, January 2026) at the Federal Reserve's 0.8845 EUR per US$.
    remitted_share : float
        Default 0.5, assumed: remittances from Russia to India were not found.
    months : float
        Months worked in the year.
    students : float
        Additional students abroad.
    spending_usd : float, optional
        Spending per student and year; not found, so without it the students'
        part is left out and the result says so.
    home, host : str
        Where they come from, and where they live.

    Examples
    --------
    >>> lever = Mobility(workers=50_000)
    >>> print(lever)
    50,000 more workers from India in Russia, 50 % of a US$ 806 wage sent home
    >>> round(lever.remittances())
    242
    """

    workers: float = 0.0
    monthly_wage_usd: float = dataclasses.field(default_factory=lambda: wages_usd()[1])
    remitted_share: float = 0.5
    months: float = 12.0
    students: float = 0.0
    spending_usd: float | None = None
    home: str = "IND"
    host: str = "RUS"

    SHARE_RANGE: ClassVar[tuple[float, float]] = (0.2, 0.8)
    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("workers", 0.0, 500_000.0, "persons"),
        Dial("students", 0.0, 100_000.0, "persons"),
    )
    summary: ClassVar[str] = "workers and students: an invisibles account"
    unit: ClassVar[str] = "persons; US$ a month; share"
    default_source: ClassVar[str] = (
        "wages EUR 475-950 a month (DW, January 2026); share sent home assumed"
    )

    def _check(self) -> None:
        for name in ("workers", "students"):
            self._set(name, check_number(getattr(self, name), name, low=-1e7, high=1e7))
        check_number(self.monthly_wage_usd, "monthly_wage_usd", low=0, high=1e5)
        self._set("remitted_share", check_share(self.remitted_share, "remitted_share"))
        check_number(self.months, "months", low=0, high=12)
        if self.spending_usd is not None:
            check_number(self.spending_usd, "spending_usd", low=0, high=1e6)
        check_country(self.home, "home")
        check_country(self.host, "host")

    def remittances(self) -> float:
        """Return what the workers send home, US$ million a year."""
        wages = self.workers * self.monthly_wage_usd * self.months / 1e6
        return wages * self.remitted_share

    def remittances_range(self) -> tuple[float, float]:
        """Return the range over wages offered and shares assumed, US$ million."""
        person_months = self.workers * self.months / 1e6
        ends = [
            person_months * wage * share
            for wage, share in zip(wages_usd()[::2], self.SHARE_RANGE, strict=True)
        ]
        return min(ends), max(ends)

    def student_spending(self) -> float | None:
        """Return what the students spend, US$ million a year, if it is known."""
        if self.spending_usd is None:
            return None
        return self.students * self.spending_usd / 1e6

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        home, host = country(self.home), country(self.host)
        text = (
            f"{self.workers:,.0f} more workers from {home} in {host}, "
            f"{percent(self.remitted_share)} of a US$ {self.monthly_wage_usd:,.0f} "
            "wage sent home"
        )
        if self.students:
            text += f"; {self.students:,.0f} more students"
        return text + self.timing()
