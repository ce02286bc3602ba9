"""Barriers other than duties: non-tariff measures, blocked access, trade costs."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from toolkit.display import country, percent, whose
from toolkit.levers.base import Dial, FlowLever, one_of
from toolkit.schema import check_number, check_rate, check_share


@dataclasses.dataclass(frozen=True, kw_only=True)
class NonTariffEasing(FlowLever):
    """Cut the ad valorem equivalent (AVE) of non-tariff measures.

    ``N = 1 + ave`` falls to ``1 + ave * (1 - by)``. The change is split in logs
    into three parts that move prices alike and welfare differently: ``resource``
    cost that melts away (iceberg: tests, waiting, waste), ``rent`` from scarcity,
    and ``fee`` that the importing state collects. They sum to one.

    A barrier that blocks access altogether has no AVE: use
    :class:`MarketAccess`.

    Parameters
    ----------
    importer, exporter, products
        As in :class:`TariffCut`.
    by : float
        Share of the AVE removed, 0 to 1.
    ave : float, optional
        The AVE today, decimal. Default: the baseline's ``ntm_ave`` where above
        zero, else 0.15, assumed: the low end of the 15-30 % of export value that
        530 exporters reported inside the EAEU (Eurasian Development Bank 2015),
        above the single digits of Cadot and Gourdon (2016).
    resource, rent, fee : float
        Split of the AVE; default all resource cost.
    rent_to : {"importer", "exporter"}
        Who earns the rent.

    Examples
    --------
    >>> print(NonTariffEasing(importer="RUS", exporter="IND", products="03", by=0.25))
    Russia's non-tariff barriers on Indian HS 03: 25 % of their cost removed
    """

    by: float = 0.0
    ave: float | None = None
    resource: float = 1.0
    rent: float = 0.0
    fee: float = 0.0
    rent_to: str = "importer"

    dials: ClassVar[tuple[Dial, ...]] = (Dial("by", 0.0, 1.0, "share of the AVE"),)
    summary: ClassVar[str] = "the cost of non-tariff measures, by who bears it"
    unit: ClassVar[str] = "share of the ad valorem equivalent"
    default_source: ClassVar[str] = (
        "AVE 0.15 assumed; range 0.05-0.30 (Cadot and Gourdon 2016; Eurasian "
        "Development Bank survey 2015)"
    )

    def _check(self) -> None:
        self._set("by", check_share(self.by, "by"))
        if self.ave is not None:
            self._set("ave", check_rate(self.ave, "ave"))
        parts = [
            check_share(getattr(self, part), part)
            for part in ("resource", "rent", "fee")
        ]
        if abs(sum(parts) - 1.0) > 1e-9:
            raise ValueError(
                f"resource + rent + fee must be 1; they are {sum(parts):g}."
            )
        one_of(self.rent_to, ("importer", "exporter"), "rent_to")

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        return (
            f"{whose(self.importer)} non-tariff barriers on {self._flow()}: "
            f"{percent(self.by)} of their cost removed{self.timing()}"
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class MarketAccess(FlowLever):
    """Lift a block on a product that trades zero today.

    A blocked product has no price response to any duty. Once the block is lifted
    the newcomer is one more variety whose base share is notional: the share of
    the importing market it would win at the going price. No data can tell it;
    the default is the exporter's share in the importer's other products of the
    same chapter, and the result says so.

    Parameters
    ----------
    importer, exporter, products
        As in :class:`TariffCut`; flows that are above zero today are left alone.
    share : float, optional
        Notional share of the market at unchanged prices, 0 to below 1.

    Examples
    --------
    >>> print(MarketAccess(importer="RUS", exporter="IND", products="0701", share=0.1))
    Russia opens to Indian HS 0701: 10 % of the market at today's prices
    """

    share: float | None = None

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("share", 0.0, 0.3, "notional share of the market"),
    )
    summary: ClassVar[str] = "lift a block on goods that trade zero"
    unit: ClassVar[str] = "notional market share"
    default_source: ClassVar[str] = (
        "assumed: the exporter's share in the rest of the chapter"
    )

    def _check(self) -> None:
        if self.share is not None:
            self._set("share", check_number(self.share, "share", low=0.0, high=0.99))

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        text = f"{country(self.importer)} opens to {self._flow()}"
        if self.share is not None:
            text += f": {percent(self.share)} of the market at today's prices"
        return text + self.timing()


@dataclasses.dataclass(frozen=True, kw_only=True)
class TradeCostChange(FlowLever):
    """Multiply an iceberg (resource-using) trade cost by a factor.

    Parameters
    ----------
    importer, exporter, products
        As in :class:`TariffCut`.
    factor : float
        Cost after / cost before; 0.95 is 5 % cheaper to ship.

    Examples
    --------
    >>> print(TradeCostChange(importer="IND", exporter="RUS", factor=0.95))
    Cost of shipping all Russian goods to India: times 0.95
    """

    factor: float = 1.0

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("factor", 0.7, 1.3, "ratio to today's cost", 1.0),
    )
    summary: ClassVar[str] = "freight and other resource costs of trade"
    unit: ClassVar[str] = "ratio to today's cost"
    default_source: ClassVar[str] = "none: the user's own estimate"

    def _check(self) -> None:
        self._set("factor", check_number(self.factor, "factor", low=0.01, high=100))

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        return (
            f"Cost of shipping {self._flow()} to {country(self.importer)}: "
            f"times {self.factor:g}{self.timing()}"
        )
