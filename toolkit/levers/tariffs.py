"""Duties: one cut, and the two schedules of a free trade agreement."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from toolkit.display import country, percent, whose
from toolkit.levers.base import (
    Codes,
    Dial,
    FlowLever,
    Lever,
    as_mapping,
    as_products,
    check_members,
    products_text,
)
from toolkit.levers.goods import as_excluded
from toolkit.levers.timing import share_phased_in
from toolkit.schema import (
    check_number,
    check_rate,
    check_share,
    check_whole,
    shown,
)


@dataclasses.dataclass(frozen=True, kw_only=True)
class TariffCut(FlowLever):
    """Change the ad valorem duty an importer charges.

    For one exporter it is a preference: the other suppliers keep their duty and
    lose. For ``exporter="ALL"`` it is an MFN change: every supplier gains and, to
    a first order, shares stay. Goods outside the tariff mechanism (project and
    defence goods) are left alone.

    Parameters
    ----------
    importer, exporter : str
        ISO alpha-3; the exporter may be "ALL".
    products : str or sequence of str
        HS prefixes; "" is all goods.
    to : float, optional
        New rate, decimal (0.05 is 5 %). Give exactly one of to, by, mfn_times,
        specific_to.
    by : float, optional
        Share of the duty taken off, 0 to 1 (0.5 is half off).
    mfn_times : float, optional
        New rate as a multiple of the MFN rate. 0.75 is the rule of the EAEU's
        system of preferences for listed goods; that India is a beneficiary is
        unconfirmed, so it is a switch.
    specific_to : float, optional
        New specific duty in US$ per tonne, turned into an ad valorem equivalent
        with the flow's own unit value (needs kilotonnes in the baseline).
    exclude : sequence of str, optional
        HS prefixes left out.
    start, phase_in, schedule
        When; as in :class:`~toolkit.levers.base.Lever`.
    respect_bound : bool
        Cap the new rate at the bound rate where it is known.

    Raises
    ------
    ValueError
        A rate that is negative or looks like a percentage, not exactly one of
        the four ways to set the rate, unknown codes.

    Examples
    --------
    >>> cut = TariffCut(importer="RUS", exporter="IND", products="30", to=0.0)
    >>> print(cut)
    Russia's duty on Indian HS 30: to 0 %
    """

    to: float | None = None
    by: float | None = None
    mfn_times: float | None = None
    specific_to: float | None = None
    exclude: str | tuple[str, ...] = ()
    respect_bound: bool = True

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("by", 0.0, 1.0, "share of the duty taken off"),
        Dial("to", 0.0, 0.5, "ad valorem rate", None),
        Dial("mfn_times", 0.0, 1.0, "multiple of the MFN rate", 1.0),
        Dial("specific_to", 0.0, 500.0, "US$ per tonne", None),
    )
    summary: ClassVar[str] = "a duty, for one partner (preference) or for all (MFN)"
    unit: ClassVar[str] = "decimal rate; share of the duty; US$ per tonne"
    default_source: ClassVar[str] = (
        "rates in force: Eurasian Economic Commission (June 2026); Indian customs "
        "notifications"
    )

    def _check(self) -> None:
        ways = ("to", "by", "mfn_times", "specific_to")
        given = [way for way in ways if getattr(self, way) is not None]
        if len(given) != 1:
            raise ValueError(
                f"A TariffCut takes exactly one of {', '.join(ways)}; "
                f"given: {', '.join(given) or 'none'}."
            )
        if self.to is not None:
            self._set("to", check_rate(self.to, "to"))
        if self.by is not None:
            self._set("by", check_share(self.by, "by"))
        if self.mfn_times is not None:
            self._set("mfn_times", check_share(self.mfn_times, "mfn_times"))
        if self.specific_to is not None:
            check_number(self.specific_to, "specific_to (US$ per tonne)", low=0.0)
        self._set("exclude", as_excluded(self.exclude))
        if not isinstance(self.respect_bound, bool):
            raise ValueError(
                f"respect_bound is true or false, not {shown(self.respect_bound)}."
            )

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        text = f"{whose(self.importer)} duty on {self._flow()}: "
        text += self._change()
        if self.exclude:
            text += f", without {products_text(as_products(self.exclude))}"
        return text + self.timing()

    def _change(self) -> str:
        if self.to is not None:
            return f"to {percent(self.to, 2)}"
        if self.by is not None:
            return f"{percent(self.by)} off"
        if self.mfn_times is not None:
            return f"to {self.mfn_times:g} times the MFN rate"
        return f"specific duty to US$ {self.specific_to:g} per tonne"


@dataclasses.dataclass(frozen=True, kw_only=True)
class FreeTradeAgreement(Lever):
    """Cut duties on both sides of an agreement, as a preference.

    The rate paid on a covered line is the mix of the preferential and the MFN
    rate: ``t' = t * (1 - coverage * utilisation * phase)``. Other suppliers keep
    their duty and lose. Only goods: services, investment and rules beyond the
    duty are not in it.

    Parameters
    ----------
    members : pair of str
        The two customs territories, ISO alpha-3. For India and the EAEU use
        ("IND", "RUS"): the baseline holds Russia only.
    coverage : float
        Share of trade, within the lines that are not excluded, that becomes
        duty-free (default 1).
    utilisation : float
        Share of eligible trade that claims the preference and meets the rules of
        origin (default 1; published rates differ widely by agreement: a lever).
    exclude : mapping of importer to HS prefixes, optional
        Lines each side keeps out, e.g. ``{"IND": ["04", "1001", "7108"]}``.
    staging : mapping of HS prefix to years, optional
        Lines cut in equal yearly steps; all others at once.
    start : int
        First year in force; used only when a year is asked for. Lines without a
        staging class follow ``phase_in`` or ``schedule``.

    Examples
    --------
    >>> deal = FreeTradeAgreement(members=("IND", "RUS"), coverage=0.9)
    >>> print(deal)
    Free trade agreement of India and Russia: 90 % of trade covered, 100 % of it used
    """

    members: tuple[str, str] = ("IND", "RUS")
    coverage: float = 1.0
    utilisation: float = 1.0
    exclude: Any = ()
    staging: Any = ()
    start: int | None = 2027

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("coverage", 0.0, 1.0, "share of trade"),
        Dial("utilisation", 0.0, 1.0, "share of eligible trade"),
    )
    summary: ClassVar[str] = "both schedules of an agreement, as a preference"
    unit: ClassVar[str] = "shares of trade; years"
    default_source: ClassVar[str] = (
        "terms of reference signed 20 August 2025; schedules not published: assumed"
    )

    def _check(self) -> None:
        self._set("members", check_members(self.members))
        self._set("coverage", check_share(self.coverage, "coverage"))
        self._set("utilisation", check_share(self.utilisation, "utilisation"))
        lists = as_mapping(self.exclude, "exclude")
        self._set("exclude", self._checked_exclusions(lists))
        self._set("staging", _checked_staging(as_mapping(self.staging, "staging")))

    def _checked_exclusions(self, lists: Mapping[str, Any]) -> tuple[Any, ...]:
        for side in lists:
            if side not in self.members:
                raise ValueError(
                    f"exclude names {shown(side)}; the members are {self.members}."
                )
        return tuple(
            (side, as_products(codes, "exclude")) for side, codes in lists.items()
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the lever as plain data, its lists as mappings."""
        out = super().to_dict()
        if self.exclude:
            out["exclude"] = {side: list(codes) for side, codes in self.exclude}
        if self.staging:
            out["staging"] = dict(self.staging)
        return out

    def excluded(self, importer: str) -> tuple[str, ...]:
        """Return the HS prefixes that an importer keeps out."""
        return dict(self.exclude).get(importer, ())

    def share_in_force(
        self, year: int | None = None, products: Codes | None = None
    ) -> float | NDArray[np.float64]:
        """Return the share of each product's cut in force in a year."""
        others = super().share_in_force(year)
        if products is None:
            return others
        shares = np.full(len(products), others)
        for prefix, years in self.staging:
            staged = share_phased_in(year, self.start, years)
            shares[np.strings.startswith(products, prefix)] = staged
        return shares

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        names = " and ".join(country(code) for code in self.members)
        text = (
            f"Free trade agreement of {names}: {percent(self.coverage)} of trade "
            f"covered, {percent(self.utilisation)} of it used"
        )
        for side, codes in self.exclude:
            text += f"; {country(side)} keeps out {products_text(codes)}"
        return text


def _checked_staging(classes: Mapping[str, Any]) -> tuple[tuple[str, int], ...]:
    pairs = []
    for prefix, years in classes.items():
        code = as_products(prefix, "staging")[0]
        what = f"staging years of {shown(code)}"
        pairs.append((code, check_whole(years, what, low=1, high=50)))
    return tuple(pairs)
