"""The reference path: growth of income and prices by importer and product."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from toolkit import datasets
from toolkit.elasticities.lookup import prefixes
from toolkit.market import Effect, Flows
from toolkit.market.flows import Floats
from toolkit.schema import check_country, check_number, check_product, nearest, shown

COLUMNS = ("what", "importer", "product", "central")
ENDS = ("low", "high")
KINDS = {"income": 0.0, "price": 0.0, "income_elasticity": 1.0}
GROWN = "the reference path moves the pair's markets only, and what others buy is held."


@dataclasses.dataclass(frozen=True, eq=False)
class Drivers:
    """Yearly growth of income and prices, and how demand follows income.

    The narrowest product of an importer decides. Prices are those of all suppliers.

    Attributes
    ----------
    table : DataFrame
        ``key, what, importer, product, low, central, high``.
    chosen : mapping of key to {"low", "high"}
        Rows that stand at an end; the rest are central.
    """

    table: pd.DataFrame
    chosen: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, given: object) -> Drivers:
        """Return drivers from what a user gives.

        Parameters
        ----------
        given : None, DataFrame or Drivers
            None is the table ``drivers`` of the data shelf; a frame needs ``what``
            ("income", "price", "income_elasticity"), ``importer``, ``product`` (HS
            prefix, "" for all) and ``central``, and may have ``low`` and ``high``:
            growth a year as decimals. An empty frame is a world that stands still.

        Raises
        ------
        ValueError
            A column missing, an unknown kind, a wrong code, an end beyond the value.
        """
        if isinstance(given, Drivers):
            return given
        table = datasets.load("drivers") if given is None else given
        if not isinstance(table, pd.DataFrame):
            raise ValueError(f"drivers is a DataFrame, not {type(table).__name__}.")
        return cls(_checked(table))

    def at(self, key: str, end: str) -> Drivers:
        """Return the drivers with one row at an end."""
        return dataclasses.replace(self, chosen=((key, end),))

    @property
    def ends(self) -> list[tuple[str, str]]:
        """Key and end of every row that has a range."""
        wide = self.table[self.table["high"] > self.table["low"]]
        return [(str(key), end) for key in wide["key"] for end in ENDS]

    @cached_property
    def _values(self) -> dict[tuple[str, str, str], float]:
        chosen = dict(self.chosen)
        return {
            (row["what"], row["importer"], row["product"]): float(
                row[chosen.get(row["key"], "central")]
            )
            for row in self.table.to_dict("records")
        }

    def effect(self, flows: Flows, years: int) -> Effect:
        """Return demand and prices after some years of growth.

        Parameters
        ----------
        flows : Flows
        years : int
            Since the baseline's year.
        """
        per = self._rates(flows)
        size = (1.0 + per["income"]) ** (years * per["income_elasticity"])
        price = (1.0 + per["price"]) ** years
        values = {"growth": size, "price": price}
        moved = {name: v for name, v in values.items() if (v != 1.0).any()}
        return Effect(np.arange(len(flows)), moved)

    def _rates(self, flows: Flows) -> dict[str, Floats]:
        if flows not in self._kept:
            self._kept[flows] = {what: self._by_flow(what, flows) for what in KINDS}
        return self._kept[flows]

    @cached_property
    def _kept(self) -> dict[Flows, dict[str, Floats]]:
        return {}

    def _by_flow(self, what: str, flows: Flows) -> Floats:
        found: dict[tuple[str, str], float] = {}
        pairs = list(zip(flows.importer.tolist(), flows.product.tolist(), strict=True))
        for importer, product in dict.fromkeys(pairs):
            known = ((what, importer, code) for code in prefixes(product))
            first = next((key for key in known if key in self._values), None)
            found[importer, product] = self._values[first] if first else KINDS[what]
        return np.array([found[pair] for pair in pairs])

    @cached_property
    def notes(self) -> tuple[str, ...]:
        """One sentence on what the reference path assumes."""
        grown = self.table[self.table["central"] != 0]
        grown = grown[grown["what"] != "income_elasticity"]
        if grown.empty:
            return ()
        said = [
            f"{row['what']} of {row['importer']}"
            + (f" (HS {row['product']})" if row["product"] else "")
            + f" {100 * row['central']:+.1f} %"
            for row in grown.to_dict("records")
        ]
        return (f"Reference path, a year: {', '.join(said)}.",)


def _checked(given: pd.DataFrame) -> pd.DataFrame:
    missing = [name for name in COLUMNS if name not in given]
    if missing:
        raise ValueError(f"drivers lack the columns {missing}.")
    central = given["central"].astype(float)
    table = pd.DataFrame(
        {
            "what": given["what"].astype(str),
            "importer": given["importer"].astype(str),
            "product": given["product"].astype(str),
            "low": given.get("low", central).astype(float).fillna(central),
            "central": central,
            "high": given.get("high", central).astype(float).fillna(central),
        }
    )
    names = table["what"] + " " + table["importer"] + " " + table["product"]
    table.insert(0, "key", given.get("key", names.str.strip()).astype(str))
    for row in table.to_dict("records"):
        _check_row(row)
    keys = ["what", "importer", "product"]
    for columns in (["key"], keys):
        twice = table[table.duplicated(columns)]
        if not twice.empty:
            raise ValueError(f"drivers have {dict(twice[columns].iloc[0])} twice.")
    return table.reset_index(drop=True)


def _check_row(row: Mapping[Any, Any]) -> None:
    if row["what"] not in KINDS:
        raise ValueError(f"driver {shown(row['what'])}: {nearest(row['what'], KINDS)}")
    check_country(row["importer"], "importer of a driver")
    check_product(row["product"], "product of a driver")
    low, high = (-0.5, 1.0) if row["what"] != "income_elasticity" else (-5.0, 10.0)
    ends = [check_number(row[c], str(row["key"]), low=low, high=high)
            for c in ("low", "central", "high")]  # fmt: skip
    if ends != sorted(ends):
        raise ValueError(f"driver {row['key']}: low, central, high are {ends}.")
