"""The public tables of a result: by product, by supplier, by account, of wedges."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.result.parts import balance_table
from toolkit.result.record import Record
from toolkit.schema import check_choice, nearest, shown

VIEWS = {"India": "IND", "Russia": "RUS"}
SCOPES = ("bilateral", "total")
Flags = NDArray[np.bool_]


class Tables(Record):
    """A record with its tables."""

    def balance(
        self, view: str | None = None, scope: str = "bilateral"
    ) -> pd.DataFrame:
        """Return exports, imports and balance before, after and the change.

        Parameters
        ----------
        view : {"India", "Russia"} or ISO code, optional
            Whose balance; default the reporter's.
        scope : {"bilateral", "total"}
            With the partner, or with the world as far as the baseline knows it:
            flows that no market of the baseline holds are taken as unchanged.

        Returns
        -------
        DataFrame
            Index ``exports, imports, balance``; columns ``baseline,
            counterfactual, change``; US$ million.

        Raises
        ------
        ValueError
            Another view or scope, or a total that cannot be told, with the reason:
            the baseline does not know it, or a lever moves flows outside of it.
        """
        if view is None and scope == "bilateral":
            return self._bilateral.copy()
        me = self._viewer(view)
        check_choice(scope, SCOPES, "scope")
        if scope == "total":
            return self._total_balance(me)
        other = self.partner if me == self.reporter else self.reporter
        return balance_table(self.sums(other, me), self.sums(me, other))

    @cached_property
    def _bilateral(self) -> pd.DataFrame:
        me, other = self.reporter, self.partner
        return balance_table(self.sums(other, me), self.sums(me, other))

    def _viewer(self, view: str | None) -> str:
        if view is None:
            return self.reporter
        code = VIEWS.get(str(view), view)
        pair = (self.reporter, self.partner)
        if code not in pair:
            allowed = [name for name, iso in VIEWS.items() if iso in pair]
            raise ValueError(
                f"view {shown(view)} is unknown; {nearest(view, [*allowed, *pair])}"
            )
        return code

    def _total_balance(self, me: str) -> pd.DataFrame:
        if self.open_account:
            raise ValueError(
                f"The balance with the world is not given: {self.open_account}"
            )
        exports, imports = self.sums(None, me), self.sums(me, None)
        if self.exports_to_world is not None:
            if me != self.reporter:
                raise ValueError(
                    f"The baseline knows the world trade of {self.reporter} only: the "
                    f"exports of {me} to third countries are not in it."
                )
            unseen = self.exports_to_world - exports[0]
            exports = (exports[0] + unseen, exports[1] + unseen)
        return balance_table(exports, imports)

    def without(self) -> pd.DataFrame:
        """Return what the answer would be with one lever at a time left out.

        Returns
        -------
        DataFrame
            Index lever; ``exports, imports, balance``: changes in US$ million without
            it, and ``adds``: what it adds to the change of the balance on top of the
            others (these do not add up where levers meet: ``tk.attribute`` does).
        """
        table = self._without.copy()
        table["adds"] = float(self.balance()["change"]["balance"]) - table["balance"]
        return table

    def by_product(self, variable: str = "value") -> pd.DataFrame:
        """Return both directions by product for one variable.

        Returns
        -------
        DataFrame
            Index ``direction, product``; ``name, baseline, counterfactual,
            change``.

        Raises
        ------
        ValueError
            A variable that this model does not report for flows.
        """
        known = [name for name, level in self.variables.items() if level == "flow"]
        if not isinstance(variable, str) or variable not in known:
            raise ValueError(
                f"No variable {shown(variable)}; {nearest(variable, known)}"
            )
        found = self.variable(variable)
        pieces = []
        for direction, importer, exporter in self.flows():
            rows = self.flow(importer, exporter)
            codes = self.keys().product[rows]
            table = pd.DataFrame(
                {
                    "direction": direction,
                    "product": codes,
                    "name": [self.name(code) for code in codes],
                    "baseline": found.baseline[rows],
                    "counterfactual": found.counterfactual[rows],
                    "change": found.change[rows],
                }
            )
            pieces.append(table)
        return pd.concat(pieces).set_index(["direction", "product"])

    def displacement(self, importer: str | None = None) -> pd.DataFrame:
        """Return who gains and who loses in an importer's markets, by product.

        Parameters
        ----------
        importer : str, optional
            Default the reporter.

        Returns
        -------
        DataFrame
            Index ``product``; one column of value changes per exporter and
            ``total``, US$ million; products that do not move are left out.
        """
        rows = self.keys().frame.assign(change=self.variable("value").change)
        rows = rows[rows["importer"] == (importer or self.reporter)]
        table = rows.pivot_table("change", "product", "exporter", aggfunc="sum")
        table = table.fillna(0.0)
        table["total"] = table.sum(axis=1)
        return table[table.abs().max(axis=1) > 1e-9]

    def wedges(self) -> pd.DataFrame:
        """Return the caps and targets that bind, with their price wedge.

        Returns
        -------
        DataFrame
            ``wedge`` is the shadow tariff equivalent, decimal: below zero a
            discount or subsidy, above zero scarcity; ``importer_rent_usd_mn`` is
            what the importer earns (or, below zero, pays) for it.
        """
        return self._wedges.copy()

    @cached_property
    def _wedges(self) -> pd.DataFrame:
        keys = self.keys()
        known = "shadow_tariff" in self.variables
        shadow = self.variable("shadow_tariff").counterfactual if known else np.zeros(1)
        lines = np.flatnonzero(np.abs(np.nan_to_num(shadow)) > 1e-9)
        rent = self.variable("rent").change if known else shadow
        tonnes = self.variable("kilotonnes")
        return pd.DataFrame(
            {
                "importer": keys.importer[lines],
                "exporter": keys.exporter[lines],
                "product": keys.product[lines],
                "name": [self.name(str(code)) for code in keys.product[lines]],
                "kilotonnes_before": tonnes.baseline[lines],
                "kilotonnes_after": tonnes.counterfactual[lines],
                "wedge": shadow[lines],
                "importer_rent_usd_mn": rent[lines],
            }
        )

    def static(self) -> pd.DataFrame:
        """Return the balance with rates and prices changed but no behaviour."""
        if self.static_value is None:
            raise ValueError(f"{self.model} reports no static effect.")
        base = self.variable("value").baseline
        out = {}
        for name, importer, exporter in self.flows():
            rows = self.flow(importer, exporter)
            out[name] = (float(base[rows].sum()), float(self.static_value[rows].sum()))
        return balance_table(out["exports"], out["imports"])

    def accounts(self) -> pd.DataFrame:
        """Return revenue, surplus, rent and welfare of both sides, US$ million.

        Returns
        -------
        DataFrame
            Index importer; the change of ``tariff_revenue``, its static part
            ``static_revenue``, ``consumer_surplus``, ``rent``, ``producer_surplus``
            (as an exporter; zero where the model has none) and ``welfare``, the sum
            of surplus, revenue and rents at the baseline's exchange rate, the duty on
            contracts left out. NaN where a purchase from zero trade is forced: what
            it is worth to its buyers is not known.
        """
        rows = {code: self._account(code) for code in (self.reporter, self.partner)}
        return pd.DataFrame.from_dict(rows, orient="index").rename_axis("country")

    def _account(self, code: str) -> dict[str, float]:
        revenue = self.variable("tariff_revenue")
        buys = self.keys().importer == code
        out = {"tariff_revenue": float(revenue.change[buys].sum())}
        if self.static_value is not None:
            rate = self.variable("applied_rate").counterfactual
            static = rate * self.static_value - revenue.baseline
            out["static_revenue"] = float(static[buys].sum())
        for name in ("consumer_surplus", "rent"):
            out[name] = self._change_of(name, code, "importer")
        sellers = self._change_of("producer_surplus", code, "exporter")
        welfare = self._change_of("welfare", code, "importer")
        if self.variables.get("welfare") != "country":  # where it is not in it yet
            welfare += sellers
        return {**out, "welfare": welfare, "producer_surplus": sellers}

    def _change_of(self, name: str, code: str, side: str) -> float:
        if name not in self.variables:
            return 0.0
        mine = getattr(self.keys(self.variables[name]), side) == code
        return float(self.variable(name).change[mine].sum())

    def invisibles(self) -> pd.DataFrame:
        """Return the account beside the goods balance (workers, students)."""
        columns = ["item", "from", "to", "usd_mn", "low", "high", "basis"]
        return pd.DataFrame(list(self.invisibles_entries), columns=columns)
