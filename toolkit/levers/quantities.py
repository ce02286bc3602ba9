"""Quantities: a purchase target, a disrupted flow, a scheduled import."""

from __future__ import annotations

import dataclasses
import math
from typing import ClassVar

from toolkit.display import country, percent
from toolkit.levers.base import Dial, FlowLever, one_of
from toolkit.schema import (
    BARRELS_PER_TONNE,
    EVERYONE,
    check_number,
    check_share,
    check_text,
)
from toolkit.schema.text import LONGEST_NAME


def kilotonnes_a_year(million_barrels_a_day: float) -> float:
    """Return kilotonnes a year for a crude flow in million barrels a day.

    At 7.33 barrels a tonne and 365 days.

    Examples
    --------
    >>> round(kilotonnes_a_year(1.0))
    49795
    """
    return million_barrels_a_day * 1e3 * 365 / BARRELS_PER_TONNE


@dataclasses.dataclass(frozen=True, kw_only=True)
class QuantityTarget(FlowLever):
    """Buy at least so much of a product group from a partner in a year.

    A floor on the quantity, product by product in today's proportions. The
    market would buy it only at a lower price; the shadow tariff equivalent
    (below zero: a subsidy or discount) is that wedge. The flow is valued at the
    supplier's price, so with infinitely elastic supply the import bill grows by
    the extra tonnes at the stated price. A target below what is bought anyway
    does not bind: nothing moves, and the result says so.

    Parameters
    ----------
    importer, exporter, products
        As in :class:`TariffCut`; one exporter, not "ALL".
    kilotonnes : float, optional
        Target for the group as a whole, thousand tonnes a year. Give this or
        usd_mn.
    usd_mn : float, optional
        Target by value at today's price, US$ million a year.
    unit_price : float, optional
        US$ per tonne for goods that trade zero today; default the unit value of
        the other suppliers in that market.
    price_source : str
        Where the unit price comes from.
    paid_by : {"importer", "exporter"}
        Who bears the wedge: a subsidy of the importer, or a discount of the
        exporter (then the flow is valued at the discounted price).

    Examples
    --------
    >>> print(QuantityTarget(importer="IND", exporter="RUS", products="31",
    ...     kilotonnes=7000))
    India buys at least 7,000 kt a year of Russian HS 31
    """

    kilotonnes: float | None = None
    usd_mn: float | None = None
    unit_price: float | None = None
    price_source: str = ""
    paid_by: str = "importer"

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("kilotonnes", 0.0, 10_000.0, "thousand tonnes a year"),
        Dial("usd_mn", 0.0, 2_000.0, "US$ million a year"),
    )
    summary: ClassVar[str] = "a purchase target in tonnes or by value"
    unit: ClassVar[str] = "thousand tonnes or US$ million a year"
    default_source: ClassVar[str] = (
        "fertiliser tonnes: replies to the Lok Sabha (March 2026)"
    )

    def _check(self) -> None:
        if self.exporter == EVERYONE:
            raise ValueError("A QuantityTarget needs one exporter, not 'ALL'.")
        if (self.kilotonnes is None) == (self.usd_mn is None):
            raise ValueError("Give either kilotonnes or usd_mn, not both or none.")
        for name in ("kilotonnes", "usd_mn", "unit_price"):
            value = getattr(self, name)
            if value is not None:
                self._set(name, check_number(value, name, low=0.0))
        check_text(self.price_source, "price_source", LONGEST_NAME)
        one_of(self.paid_by, ("importer", "exporter"), "paid_by")

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        if self.kilotonnes is not None:
            amount = f"{self.kilotonnes:,.0f} kt a year of"
        else:
            amount = f"US$ {self.usd_mn:,.0f} mn a year of"
        buyer = country(self.importer)
        return f"{buyer} buys at least {amount} {self._flow()}{self.timing()}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class SupplyDisruption(FlowLever):
    """Cap a flow at part of today's quantity; other suppliers replace it.

    Replacement follows the substitution elasticity and the other suppliers'
    supply elasticities. The scarcity raises what buyers would pay for the capped
    flow; the shadow tariff equivalent is that wedge.

    Parameters
    ----------
    importer, exporter, products
        As in :class:`TariffCut`.
    by : float, optional
        Share of the flow that is lost, 0 to 1. Give one of by, to_mbd,
        to_kilotonnes.
    to_mbd, to_kilotonnes : float, optional
        What still flows: million barrels a day (7.33 barrels a tonne), or
        thousand tonnes a year.
    seller_share : float
        Share of the flow that the event concerns, for example a named seller's.
    months : float
        Months of the year it lasts; the yearly effect is prorated.
    rent_to : {"importer", "exporter"}
        Who earns the scarcity wedge. "importer": the capped flow is paid at today's
        price; "exporter": at the higher price buyers would pay.

    Examples
    --------
    >>> print(SupplyDisruption(importer="IND", exporter="RUS", products="2709",
    ...     by=0.3))
    Russian HS 2709 to India disrupted: 30 % lost
    """

    by: float | None = None
    to_mbd: float | None = None
    to_kilotonnes: float | None = None
    seller_share: float = 1.0
    months: float = 12.0
    rent_to: str = "importer"

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("by", 0.0, 1.0, "share of the flow lost"),
        Dial("to_mbd", 0.0, 3.0, "million barrels a day", 3.0),
        Dial("to_kilotonnes", 0.0, 150_000.0, "thousand tonnes a year", 150_000.0),
    )
    summary: ClassVar[str] = "a cap on a flow: sanctions, blockade, quota"
    unit: ClassVar[str] = "share lost; million barrels a day; thousand tonnes"
    default_source: ClassVar[str] = (
        "crude flows: DGCI&S tonnes; the sanctioned sellers carry about 60 % of "
        "Russian crude to India (ICRA, October 2025)"
    )

    def _check(self) -> None:
        ways = ("by", "to_mbd", "to_kilotonnes")
        given = [way for way in ways if getattr(self, way) is not None]
        if len(given) != 1:
            raise ValueError(
                f"A SupplyDisruption takes exactly one of {', '.join(ways)}; "
                f"given: {', '.join(given) or 'none'}."
            )
        if self.by is not None:
            self._set("by", check_share(self.by, "by"))
        for name in ("to_mbd", "to_kilotonnes"):
            if getattr(self, name) is not None:
                self._set(name, check_number(getattr(self, name), name, low=0.0))
        self._set("seller_share", check_share(self.seller_share, "seller_share"))
        self._set("months", check_number(self.months, "months", low=0, high=12))
        one_of(self.rent_to, ("importer", "exporter"), "rent_to")

    def remaining(self, kilotonnes: float) -> float:
        """Return the share of a yearly flow (kt) that is left, prorated.

        Infinite where the event takes nothing away, so that it caps nothing.

        Parameters
        ----------
        kilotonnes : float
            Today's flow; used only for targets in physical units.
        """
        hit = self.seller_share * self.months / 12
        if hit == 0 or self.by == 0:
            return math.inf
        if self.by is not None:
            left = 1.0 - self.by
        elif self.to_kilotonnes is not None:
            left = self.to_kilotonnes / kilotonnes
        else:
            left = kilotonnes_a_year(float(self.to_mbd or 0.0)) / kilotonnes
        return 1.0 - hit * (1.0 - left)

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        if self.by is not None:
            what = f"{percent(self.by)} lost"
        elif self.to_mbd is not None:
            what = f"down to {self.to_mbd:g} mb/d"
        else:
            what = f"down to {self.to_kilotonnes:,.0f} kt a year"
        text = f"{self._flow()} to {country(self.importer)} disrupted: {what}"
        if self.seller_share < 1:
            text += f" on {percent(self.seller_share)} of the flow"
        if self.months < 12:
            text += f", for {self.months:g} months"
        return text + self.timing()


@dataclasses.dataclass(frozen=True, kw_only=True)
class ScheduledImport(FlowLever):
    """Add a yearly flow that is decided outside the price mechanism.

    Project goods (nuclear plants) and defence deliveries follow contracts. The
    amount is added to the flow of one product; no price or share responds.

    Parameters
    ----------
    importer, exporter, products
        As in :class:`TariffCut`; the products must name one product.
    usd_mn : float
        Change of the yearly flow, US$ million; may be negative.

    Examples
    --------
    >>> print(ScheduledImport(importer="IND", exporter="RUS", products="98",
    ...     usd_mn=500))
    India's scheduled imports of Russian HS 98: +500 US$ mn a year
    """

    usd_mn: float = 0.0

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("usd_mn", -500.0, 2_000.0, "US$ million a year"),
    )
    summary: ClassVar[str] = "project and defence goods by contract"
    unit: ClassVar[str] = "US$ million a year"
    default_source: ClassVar[str] = "none: contract schedules are not published"

    def _check(self) -> None:
        if self.exporter == EVERYONE or len(self.prefixes) != 1:
            raise ValueError("A ScheduledImport needs one exporter and one product.")
        self._set("usd_mn", check_number(self.usd_mn, "usd_mn"))

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        return (
            f"{country(self.importer)}'s scheduled imports of {self._flow()}: "
            f"{self.usd_mn:+,.0f} US$ mn a year{self.timing()}"
        )
