"""Prices and money: world prices, currencies, payments."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from toolkit.display import country, percent
from toolkit.levers.base import Dial, FlowLever, GoodsLever, check_members, one_of
from toolkit.levers.shelf import settled_share
from toolkit.schema import check_number, check_share, shown

CURRENCIES = {"RUB": "RUS", "INR": "IND"}


@dataclasses.dataclass(frozen=True, kw_only=True)
class PriceChange(FlowLever):
    """Change the supplier's price: a world price, or one partner's discount.

    The supply price of the flow is multiplied by ``1 + by``. At given volumes
    the value moves with the price; volumes then respond through the model. For
    ``exporter="ALL"`` it is the world price of the product in that market. Where
    supply is not infinitely elastic the supply curve shifts, and the price that is
    paid moves by less: a seller who finds buyers elsewhere gives up little. With
    ``held`` the price is a fact, and the seller sells what is bought at it.

    Parameters
    ----------
    importer, exporter, products
        As in :class:`TariffCut`.
    by : float
        Relative change, -0.1 is 10 % cheaper; 0 where neither is given.
    usd_per_barrel : float, optional
        Change in US$ a barrel of crude oil instead, from the price that value and
        tonnes of the baseline give: -5 is a discount of five dollars more than today.
    held : bool
        The seller holds that price and supplies what is bought.

    Examples
    --------
    >>> print(PriceChange(importer="IND", exporter="RUS", products="2709", by=-0.05))
    Price of Russian HS 2709 in India: -5 %
    >>> print(PriceChange(importer="IND", exporter="RUS", products="2709",
    ...     usd_per_barrel=-5, held=True))
    Price of Russian HS 2709 in India: -5 US$ a barrel, held
    """

    by: float | None = None
    usd_per_barrel: float | None = None
    held: bool = False

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("by", -0.5, 1.0, "relative change"),
        Dial("usd_per_barrel", -30.0, 50.0, "US$ a barrel"),
    )
    summary: ClassVar[str] = "a world price or a partner's discount"
    unit: ClassVar[str] = "relative change; US$ a barrel"
    default_source: ClassVar[str] = (
        "discount of Russian crude: 7 % in 2024-25 (ICRA 2025); US$ 5-7 a barrel in "
        "January 2026 (press)"
    )

    def _check(self) -> None:
        if self.usd_per_barrel is not None:
            if self.by is not None:
                raise ValueError("Give either by or usd_per_barrel, not both.")
            name = "usd_per_barrel"
            self._set(name, check_number(self.usd_per_barrel, name, low=-500, high=500))
        else:
            by = 0.0 if self.by is None else self.by
            self._set("by", check_number(by, "by", low=-0.95, high=10.0))
        if not isinstance(self.held, bool):
            raise ValueError(f"held is true or false, not {shown(self.held)}.")

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        moved = f"{100 * (self.by or 0.0):+g} %"
        if self.usd_per_barrel is not None:
            moved = f"{self.usd_per_barrel:+g} US$ a barrel"
        held = ", held" if self.held else ""
        return (
            f"Price of {self._flow()} in {country(self.importer)}: "
            f"{moved}{held}{self.timing()}"
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class ExchangeRate(GoodsLever):
    """Move the dollar value of a currency.

    Imports of that country cost ``(1 + by) ** -import_pass_through`` times as
    much in its own money, whoever the supplier; with incomplete pass-through the
    suppliers' dollar prices fall for the rest. Exports of that country cost
    ``(1 + by) ** export_pass_through`` times as much in dollars.

    Parameters
    ----------
    currency : {"RUB", "INR"}
        The currency that moves.
    by : float
        Change of its dollar value: -0.2 is a depreciation by a fifth.
    import_pass_through, export_pass_through : float
        0 to 1. Defaults 1 and 0, assumed: complete pass-through to import prices
        (as Fajgelbaum et al. 2020 find for tariffs), exports priced in dollars.
    products : str or sequence of str
        HS prefixes; use several levers for different products.

    Examples
    --------
    >>> print(ExchangeRate(currency="RUB", by=-0.2))
    Rouble -20 % against the dollar (all goods)
    """

    currency: str
    by: float
    import_pass_through: float = 1.0
    export_pass_through: float = 0.0

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("by", -0.5, 0.5, "relative change of the dollar value"),
    )
    summary: ClassVar[str] = "rouble or rupee against the dollar"
    unit: ClassVar[str] = "relative change of the dollar value"
    default_source: ClassVar[str] = "pass-through assumed: 1 on imports, 0 on exports"

    def _check(self) -> None:
        one_of(self.currency, tuple(CURRENCIES), "currency")
        self._set("by", check_number(self.by, "by", low=-0.9, high=5.0))
        for name in ("import_pass_through", "export_pass_through"):
            self._set(name, check_share(getattr(self, name), name))

    @property
    def country(self) -> str:
        """ISO alpha-3 of the country whose currency moves."""
        return CURRENCIES[self.currency]

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        name = {"RUB": "Rouble", "INR": "Rupee"}[self.currency]
        moved = f"{name} {100 * self.by:+g} % against the dollar"
        return f"{moved} ({self._goods()}){self.timing()}"


@dataclasses.dataclass(frozen=True, kw_only=True)
class PaymentFriction(GoodsLever):
    """Change the cost of settling trade outside the dollar, both ways.

    A wedge ``1 + share * cost`` between the buyer's price and the border price,
    paid to intermediaries: no tariff revenue, not in the customs value. A
    negative cost is an easing.

    Parameters
    ----------
    cost : float
        Change of the cost as a share of the value settled this way, decimal.
    share : float
        Share of trade settled in national currencies. Default 0.96, stated by the
        Russian president on 5 December 2025; others said 0.90-0.95.
    members : pair of str
        The two countries.
    products : str or sequence of str
        HS prefixes.

    Examples
    --------
    >>> print(PaymentFriction(cost=0.02))
    Settlement cost between India and Russia: +2 % on 96 % of trade
    """

    cost: float
    share: float = dataclasses.field(default_factory=settled_share)
    members: tuple[str, str] = ("IND", "RUS")

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("cost", -0.05, 0.1, "share of the value settled"),
    )
    summary: ClassVar[str] = "the cost of settling outside the dollar"
    unit: ClassVar[str] = "share of the value settled"
    default_source: ClassVar[str] = (
        "share 0.90-0.96 (officials, 2025); the cost itself was not found: a lever"
    )

    def _check(self) -> None:
        self._set("cost", check_number(self.cost, "cost", low=-0.5, high=1.0))
        self._set("share", check_share(self.share, "share"))
        self._set("members", check_members(self.members))

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        names = " and ".join(country(code) for code in self.members)
        return (
            f"Settlement cost between {names}: {100 * self.cost:+g} % on "
            f"{percent(self.share)} of trade{self.timing()}"
        )
