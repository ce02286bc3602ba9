"""The variables of a result: name, unit, level and meaning, in one table."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from toolkit.schema.frame import KEYS

RESULT_COLUMNS = [
    "scenario",
    "model",
    *KEYS,
    "variable",
    "unit",
    "baseline",
    "counterfactual",
    "change",
]


@dataclasses.dataclass(frozen=True)
class Kind:
    """What a result variable is: its unit, its level and its meaning.

    ``also`` names further levels at which a model may report it.
    """

    unit: str
    level: str
    meaning: str
    also: tuple[str, ...] = ()

    def at(self, level: str) -> bool:
        """Whether a model may report it at a level."""
        return level == self.level or level in self.also


MONEY, RATIO, DECIMAL = "US$ mn", "baseline = 1", "decimal"
VARIABLES: Mapping[str, Kind] = {
    "value": Kind(MONEY, "flow", "trade at the ex-tariff price"),
    "tariff_revenue": Kind(MONEY, "flow", "duty collected: rate times value"),
    "applied_rate": Kind(DECIMAL, "flow", "ad valorem duty in force"),
    "quantity": Kind(RATIO, "flow", "quantity bought"),
    "consumer_price": Kind(RATIO, "flow", "buyer's price, duties and fees included"),
    "producer_price": Kind(RATIO, "flow", "price the exporter receives", ("exporter",)),
    "shadow_tariff": Kind(DECIMAL, "flow", "tariff equivalent of a cap or target"),
    "kilotonnes": Kind("kt", "flow", "quantity in weight, where it is known"),
    "rent": Kind(MONEY, "flow", "rents and fees the importer earns"),
    "producer_surplus": Kind(
        MONEY, "flow", "surplus and rents of the exporter", ("exporter",)
    ),
    "trade_creation": Kind(MONEY, "flow", "imports that a lower duty adds"),
    "trade_diversion": Kind(MONEY, "flow", "imports moved between suppliers"),
    "price_effect": Kind(MONEY, "flow", "dearer supply of a larger quantity"),
    "composite_price": Kind(RATIO, "market", "price index of all suppliers"),
    "consumer_surplus": Kind(MONEY, "market", "surplus of the buyers"),
    "welfare": Kind(
        MONEY,
        "market",
        "surplus, revenue and rents; GE: equivalent variation",
        ("country",),
    ),
    "wage": Kind(RATIO, "country", "price of a country's factors"),
    "real_wage": Kind(RATIO, "country", "wage over the price index"),
    "income": Kind(MONEY, "country", "wages, revenue and the deficit: what is spent"),
    "real_income": Kind(RATIO, "country", "income over the price index"),
    "welfare_first_order": Kind(
        DECIMAL, "country", "terms plus volume of trade, over income: first order"
    ),
    "terms_of_trade": Kind(DECIMAL, "country", "dearer exports less dearer imports"),
    "volume_of_trade": Kind(DECIMAL, "country", "duty on the volume that imports gain"),
}
