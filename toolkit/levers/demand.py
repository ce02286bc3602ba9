"""Demand elsewhere and at home: third markets and income growth."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

from toolkit.display import country, whose
from toolkit.levers.base import (
    Dial,
    GoodsLever,
    as_products,
    goods_of,
    products_text,
)
from toolkit.levers.goods import as_excluded
from toolkit.levers.shelf import demand_abroad, output_supply
from toolkit.schema import check_country, check_number, check_rate, check_share


@dataclasses.dataclass(frozen=True, kw_only=True)
class ThirdMarketTariff(GoodsLever):
    """A third country's duty on the exporter's goods diverts its supply.

    One exporter price per chapter clears home sales, the third market and the
    other markets, to a first order (one exporter of GSIM):
    ``p = a3*e*T / (mu - (1 - home)*e - home*eh)`` with ``a3`` the third market's
    share in output, ``e < 0`` the demand elasticity abroad, ``eh`` at home,
    ``mu`` the output supply elasticity and ``T`` the change of the landed price.
    The exporter's supply price to ``importer`` is multiplied by ``1 + p``.

    Parameters
    ----------
    market : str
        The third market, e.g. "USA".
    exporter, importer : str
        Whose goods are hit, and where they are diverted to.
    add : float
        Duty added on top of today's, decimal; negative when lifted.
    products : str or sequence of str
        HS prefixes.
    exclude : str or sequence of str
        HS prefixes that the duty leaves out. The scenario file of the United States'
        duties takes them from the table ``us_duty_exemptions``.
    demand_elasticity : float
        Of foreign buyers for the exporter's variety; default -3.8 (Bajzik et al.
        2020, median Armington elasticity).
    home_share : float
        Share of output sold at home; default 0.5, assumed: not found by chapter.
    home_elasticity, supply_elasticity : float
        Default -1.0 (assumed) and 1.522 (median of impex-machina; 94 % of its
        cells fail the weak-instrument test).

    Examples
    --------
    >>> print(ThirdMarketTariff(market="USA", add=0.25))
    Duty of the United States on all Indian goods: +25 % points, diverted to Russia
    """

    market: str
    add: float
    exporter: str = "IND"
    importer: str = "RUS"
    exclude: str | tuple[str, ...] = ()
    demand_elasticity: float = dataclasses.field(default_factory=demand_abroad)
    home_share: float = 0.5
    home_elasticity: float = -1.0
    supply_elasticity: float = dataclasses.field(default_factory=output_supply)

    dials: ClassVar[tuple[Dial, ...]] = (Dial("add", -0.5, 0.5, "decimal rate added"),)
    summary: ClassVar[str] = "another country's duty that diverts exports"
    unit: ClassVar[str] = "percentage points as decimal"
    default_source: ClassVar[str] = (
        "US duties 25 + 25 % (August 2025), lifted in steps from February 2026; "
        "elasticities cited, home share assumed"
    )

    def _check(self) -> None:
        for name in ("market", "exporter", "importer"):
            self._set(name, check_country(getattr(self, name), name))
        self._set("exclude", as_excluded(self.exclude))
        add = check_rate(abs(check_number(self.add, "add")), "add")
        self._set("add", add if self.add >= 0 else -add)
        low = {"low": -50.0, "high": 0.0}
        self._set(
            "demand_elasticity",
            check_number(self.demand_elasticity, "demand_elasticity", **low),
        )
        check_number(self.home_elasticity, "home_elasticity", **low)
        check_number(self.supply_elasticity, "supply_elasticity", low=1e-6, high=1e6)
        check_share(self.home_share, "home_share")

    def price_change(self, market_share: float) -> float:
        """Return the relative change of the exporter's price.

        Parameters
        ----------
        market_share : float
            The third market's share in the exporter's exports of the product.
        """
        abroad = (1.0 - self.home_share) * self.demand_elasticity
        slope = self.supply_elasticity - abroad - self.home_share * self.home_elasticity
        return abroad * market_share * self.add / slope

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        goods = goods_of(self.exporter, self.prefixes)
        without = ""
        if self.exclude:
            without = f" without {products_text(as_products(self.exclude))}"
        return (
            f"Duty of {country(self.market)} on {goods}{without}: "
            f"{100 * self.add:+g} % points, diverted to "
            f"{country(self.importer)}{self.timing()}"
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class DemandGrowth(GoodsLever):
    """Let an importer's demand grow with income.

    The market size is multiplied by ``(1 + by) ** income_elasticity``.

    Parameters
    ----------
    importer : str
        Whose demand grows.
    products : str or sequence of str
        HS prefixes.
    by : float
        Growth of real income over the period, decimal.
    income_elasticity : float
        Default 1, assumed (homothetic demand). For India's crude a long-run 2.89
        was estimated (Paital, Dutta and Dash 2019).

    Examples
    --------
    >>> print(DemandGrowth(importer="IND", products="31", by=0.1))
    India's income +10 % (demand for HS 31, income elasticity 1)
    """

    importer: str
    by: float
    income_elasticity: float = 1.0

    dials: ClassVar[tuple[Dial, ...]] = (Dial("by", -0.2, 0.5, "growth of income"),)
    summary: ClassVar[str] = "income growth by importer and product"
    unit: ClassVar[str] = "relative growth of income"
    default_source: ClassVar[str] = "income elasticity 1 assumed"

    def _check(self) -> None:
        self._set("importer", check_country(self.importer, "importer"))
        self._set("by", check_number(self.by, "by", low=-0.9, high=10.0))
        check_number(self.income_elasticity, "income_elasticity", low=-5, high=10)

    def sentence(self) -> str:
        """Return the lever as one plain sentence."""
        return (
            f"{whose(self.importer)} income {100 * self.by:+g} % (demand for "
            f"{self._goods()}, income elasticity {self.income_elasticity:g})"
            f"{self.timing()}"
        )
