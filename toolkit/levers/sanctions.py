"""Sanctions on a seller: what dealing with it costs, and a cap on its price."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from toolkit.display import country
from toolkit.levers.base import Dial, FlowLever
from toolkit.levers.shelf import freight_a_barrel
from toolkit.schema import EVERYONE, check_number


@dataclasses.dataclass(frozen=True, kw_only=True)
class SanctionCost(FlowLever):
    """Make it dearer to deal with a seller: insurance, ships, payment, risk.

    A wedge ``1 + cost`` between the buyer's delivered price and the border price, paid
    to neither side. Buyers turn away until the seller's price has fallen by part of
    it: of a small cost the seller bears the share ``e / (e + mu)``, with ``e`` the
    elasticity of demand for its goods and ``mu`` that of its supply to this market.

    Parameters
    ----------
    importer, exporter, products
        As in :class:`TariffCut`; one exporter, not "ALL".
    cost : float, optional
        Share of the delivered price, decimal. Give this or usd_per_barrel.
    usd_per_barrel : float, optional
        US$ a barrel of crude oil, on today's price of that flow.

    Examples
    --------
    >>> print(SanctionCost(importer="IND", exporter="RUS", products="2709",
    ...     usd_per_barrel=4))
    Cost of buying Russian HS 2709 under sanctions: +4 US$ a barrel
    """

    cost: float | None = None
    usd_per_barrel: float | None = None

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("cost", 0.0, 0.3, "share of the delivered price"),
        Dial("usd_per_barrel", 0.0, 20.0, "US$ a barrel"),
    )
    summary: ClassVar[str] = "what dealing with a sanctioned seller costs"
    unit: ClassVar[str] = "share of the delivered price; US$ a barrel"
    default_source: ClassVar[str] = "none: not published; the user's own estimate"

    def _check(self) -> None:
        _one_seller(self)
        if (self.cost is None) == (self.usd_per_barrel is None):
            raise ValueError("Give either cost or usd_per_barrel, not both or none.")
        if self.cost is not None:
            self._set("cost", check_number(self.cost, "cost", low=-0.5, high=5.0))
        if self.usd_per_barrel is not None:
            name = "usd_per_barrel"
            self._set(name, check_number(self.usd_per_barrel, name, low=-500, high=500))

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        if self.cost is not None:
            size = f"{100 * self.cost:+g} %"
        else:
            size = f"{self.usd_per_barrel:+g} US$ a barrel"
        return f"Cost of buying {self._flow()} under sanctions: {size}{self.timing()}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class PriceCap(FlowLever):
    """Let buyers pay a seller no more than a price.

    The seller offers what its supply curve gives at that price; buyers would pay more
    for so little, and keep the difference. With infinitely elastic supply a cap below
    today's price ends the trade. A cap above what is paid does nothing.

    Parameters
    ----------
    importer, exporter, products
        As in :class:`TariffCut`; one exporter, not "ALL".
    usd_per_barrel : float, optional
        Crude oil where it is loaded (FOB), US$ a barrel: the G7's cap was 60 from
        December 2022, the European Union's 47.6 from September 2025 and 44.1 from
        February 2026. Give this or share_of_today.
    freight : float
        US$ a barrel from there to the importer's port. Default 9.55, Baltic ports to
        India in July 2025, from two discounts quoted in the press.
    share_of_today : float, optional
        The cap over today's price at the border, for goods without barrels.

    Examples
    --------
    >>> print(PriceCap(importer="IND", exporter="RUS", products="2709",
    ...     usd_per_barrel=47.6))
    Price of Russian HS 2709 to India capped at 47.6 US$ a barrel where loaded
    """

    usd_per_barrel: float | None = None
    freight: float = dataclasses.field(default_factory=freight_a_barrel)
    share_of_today: float | None = None

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("usd_per_barrel", 20.0, 100.0, "US$ a barrel", None),
        Dial("share_of_today", 0.3, 1.0, "ratio to today's price", 1.0),
    )
    summary: ClassVar[str] = "a cap on the price paid to a seller"
    unit: ClassVar[str] = "US$ a barrel; ratio to today's price"
    default_source: ClassVar[str] = (
        "caps of the G7 (60, December 2022) and the European Union (47.6, September "
        "2025; 44.1, February 2026); freight from discounts of July 2025 (press)"
    )

    def _check(self) -> None:
        _one_seller(self)
        if (self.usd_per_barrel is None) == (self.share_of_today is None):
            raise ValueError(
                "Give either usd_per_barrel or share_of_today, not both or none."
            )
        for name in ("usd_per_barrel", "share_of_today"):
            if getattr(self, name) is not None:
                value = check_number(getattr(self, name), name, low=0.01, high=1_000)
                self._set(name, value)
        self._set("freight", check_number(self.freight, "freight", low=0, high=100))

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        if self.usd_per_barrel is not None:
            cap = f"{self.usd_per_barrel:g} US$ a barrel where loaded"
        else:
            cap = f"{self.share_of_today:g} times today's"
        return (
            f"Price of {self._flow()} to {country(self.importer)} capped at "
            f"{cap}{self.timing()}"
        )


def _one_seller(lever: FlowLever) -> None:
    if lever.exporter == EVERYONE:
        name = type(lever).__name__
        raise ValueError(f"A {name} needs one exporter, not 'ALL'.")
