"""Quantities: a purchase target, a scheduled import."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from toolkit.display import country, whose
from toolkit.levers.base import Dial, FlowLever, one_of
from toolkit.schema import EVERYONE, check_number, check_text, kilotonnes_a_year
from toolkit.schema.text import LONGEST_NAME


@dataclasses.dataclass(frozen=True, kw_only=True)
class QuantityTarget(FlowLever):
    """Buy at least so much of a product group from a partner in a year.

    A floor on the quantity, product by product in today's proportions. The
    market would buy it only at a lower price; the shadow tariff equivalent
    (below zero: a subsidy or discount) is that wedge. The flow is valued at the
    supplier's price, so with infinitely elastic supply the import bill grows by
    the extra tonnes at the stated price. With ``paid_by="exporter"`` it is valued at
    what buyers pay: the discount that so large a purchase takes, whatever sanctions,
    payment and freight cost beside it. A target below what is bought anyway
    does not bind: nothing moves, and the result says so.

    Parameters
    ----------
    importer, exporter, products
        As in :class:`TariffCut`; one exporter, not "ALL".
    kilotonnes : float, optional
        Target for the group as a whole, thousand tonnes a year. Give this, mbd or
        usd_mn.
    mbd : float, optional
        Target for crude oil, million barrels a day.
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
    mbd: float | None = None
    usd_mn: float | None = None
    unit_price: float | None = None
    price_source: str = ""
    paid_by: str = "importer"

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("kilotonnes", 0.0, 10_000.0, "thousand tonnes a year"),
        Dial("mbd", 0.0, 3.0, "million barrels a day"),
        Dial("usd_mn", 0.0, 2_000.0, "US$ million a year"),
    )
    summary: ClassVar[str] = "a purchase target in tonnes, barrels or by value"
    unit: ClassVar[str] = "thousand tonnes or US$ million a year; million barrels a day"
    default_source: ClassVar[str] = (
        "fertiliser tonnes: replies to the Lok Sabha (March 2026)"
    )

    def _check(self) -> None:
        if self.exporter == EVERYONE:
            raise ValueError("A QuantityTarget needs one exporter, not 'ALL'.")
        ways = (self.kilotonnes, self.mbd, self.usd_mn)
        if sum(way is not None for way in ways) != 1:
            raise ValueError(
                "Give either kilotonnes or usd_mn (or mbd for crude oil), not both or "
                "none."
            )
        for name in ("kilotonnes", "mbd", "usd_mn", "unit_price"):
            value = getattr(self, name)
            if value is not None:
                self._set(name, check_number(value, name, low=0.0))
        source = check_text(self.price_source, "price_source", LONGEST_NAME)
        self._set("price_source", source)
        one_of(self.paid_by, ("importer", "exporter"), "paid_by")

    @property
    def tonnes(self) -> float | None:
        """The target in thousand tonnes a year, unless it is one by value."""
        return self.kilotonnes if self.mbd is None else kilotonnes_a_year(self.mbd)

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        if self.mbd is not None:
            amount = f"{self.mbd:g} mb/d of"
        elif self.kilotonnes is not None:
            amount = f"{self.kilotonnes:,.0f} kt a year of"
        else:
            amount = f"US$ {self.usd_mn:,.0f} mn a year of"
        buyer = country(self.importer)
        return f"{buyer} buys at least {amount} {self._flow()}{self.timing()}"


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
            f"{whose(self.importer)} scheduled imports of {self._flow()}: "
            f"{self.usd_mn:+,.0f} US$ mn a year{self.timing()}"
        )
