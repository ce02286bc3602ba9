"""A disrupted flow: sanctions, a blockade, a quota."""

from __future__ import annotations

import dataclasses
import math
from typing import ClassVar

from toolkit.display import country, percent
from toolkit.levers.base import Dial, FlowLever, one_of
from toolkit.levers.shelf import oil_response
from toolkit.schema import check_number, check_share, kilotonnes_a_year


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
        price; "exporter": at the higher price buyers would pay. For homogeneous goods
        the result's range shows both.
    rerouted : float
        Share of lost crude that finds other buyers. Default 1: the importer is small
        and the world price stays. What is not rerouted, a share ``w`` of world output,
        raises the price of all crude by ``(1 - w) ** (-1 / world_response) - 1``, near
        ``w / world_response``. The result's range shows 0.
    world_response : float
        Supply elasticity of crude in the world plus the size of its demand elasticity.
        Default 0.35, between 0.24 (Caldara, Cavallo and Iacoviello 2019) and 0.50
        (Baumeister and Hamilton 2019), both within the month.
    switching_mbd : float, optional
        Most that the other suppliers together can add in a month, million barrels a
        day; in month k of the disruption k times that. Default no bound: from November
        to December 2025 they added 0.78.

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
    rerouted: float = 1.0
    world_response: float = dataclasses.field(default_factory=lambda: oil_response()[1])
    switching_mbd: float | None = None

    dials: ClassVar[tuple[Dial, ...]] = (
        Dial("by", 0.0, 1.0, "share of the flow lost"),
        Dial("to_mbd", 0.0, 3.0, "million barrels a day", 3.0),
        Dial("to_kilotonnes", 0.0, 150_000.0, "thousand tonnes a year", 150_000.0),
    )
    summary: ClassVar[str] = "a cap on a flow: sanctions, blockade, quota"
    unit: ClassVar[str] = "share lost; million barrels a day; thousand tonnes"
    default_source: ClassVar[str] = (
        "crude flows: DGCI&S tonnes; the sanctioned sellers carry about 60 % of "
        "Russian crude to India (ICRA, October 2025); world response to crude "
        "withdrawn 0.24-0.50 (Caldara et al. 2019; Baumeister and Hamilton 2019)"
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
        self._set("rerouted", check_share(self.rerouted, "rerouted"))
        name = "world_response"
        self._set(name, check_number(self.world_response, name, low=0.01, high=100))
        if self.switching_mbd is not None:
            most = check_number(self.switching_mbd, "switching_mbd", low=0.0)
            self._set("switching_mbd", most)

    def world_price(self, withdrawn: float, response: float | None = None) -> float:
        """Return the world price, today = 1, where crude is taken out of the market.

        Parameters
        ----------
        withdrawn : float
            Share of world output.
        response : float, optional
            In place of ``world_response``.

        Examples
        --------
        >>> lever = SupplyDisruption(importer="IND", exporter="RUS", by=1)
        >>> round(lever.world_price(0.01, 0.5), 4)
        1.0203
        """
        return (1.0 - withdrawn) ** (-1.0 / (response or self.world_response))

    def added_at_most(self) -> float:
        """Return what other suppliers can add on average over a year, mb/d."""
        if self.switching_mbd is None:
            return math.inf
        return self.switching_mbd * self.months * (self.months + 1) / 24

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
        if self.rerouted < 1:
            text += f", {percent(self.rerouted)} of it sold elsewhere"
        if self.switching_mbd is not None:
            text += f", others add up to {self.switching_mbd:g} mb/d a month"
        return text + self.timing()
