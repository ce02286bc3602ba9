"""A result: one long frame, the balance, the accounts and the checks.

Results are immutable; frames are handed out as copies. The long frame is built
only when it is asked for, so that a slider need not wait for it.
"""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.result import tables, words
from toolkit.result.parts import (
    Identity,
    Keys,
    Summary,
    Variable,
    as_text,
    balance_table,
    long_frame,
)
from toolkit.schema import nearest

VIEWS = {"India": "IND", "Russia": "RUS"}
SCOPES = ("bilateral", "total")


@dataclasses.dataclass(frozen=True, eq=False)
class Result:
    """The counterfactual of a scenario beside its baseline.

    Made by a model's ``solve``. Values are US$ million at the ex-tariff price;
    prices and quantities are ratios to the baseline.

    Attributes
    ----------
    scenario, model : str
    levers : tuple
        The levers of the scenario, in order.
    reporter, partner : str
        Whose balance it is, and with whom.
    notes : tuple of str
        What the levers could not do, what was assumed, what overrides what.
    elasticities : DataFrame
        The values used, with source.
    """

    scenario: str
    levers: tuple[Any, ...]
    model: str
    reporter: str
    partner: str
    year: str
    source_line: str
    product_names: Mapping[str, str]
    line_keys: Keys
    market_keys: Keys
    line_variables: Mapping[str, Variable]
    market_variables: Mapping[str, Variable]
    identities: tuple[Identity, ...]
    notes: tuple[str, ...] = ()
    invisibles_entries: tuple[Mapping[str, Any], ...] = ()
    elasticities: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    world: pd.DataFrame = dataclasses.field(default_factory=pd.DataFrame)
    static_value: NDArray[np.float64] | None = None

    @cached_property
    def _frame(self) -> pd.DataFrame:
        pieces = [
            long_frame(keys, variables, self.scenario, self.model)
            for keys, variables in (
                (self.line_keys, self.line_variables),
                (self.market_keys, self.market_variables),
            )
            if variables
        ]
        return pd.concat(pieces, ignore_index=True)

    @property
    def frame(self) -> pd.DataFrame:
        """All variables, long: one row per key and variable."""
        return self._frame.copy()

    def flow(self, importer: str, exporter: str) -> NDArray[np.bool_]:
        """Return which lines are the flow from an exporter to an importer."""
        return self.line_keys.flow(importer, exporter)

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
            Another view or scope, or a total the baseline does not know.
        """
        me = self._viewer(view)
        if scope not in SCOPES:
            raise ValueError(f"scope {scope!r} is unknown; {nearest(scope, SCOPES)}")
        if scope == "total":
            return tables.total_balance(self, me)
        other = self.partner if me == self.reporter else self.reporter
        return balance_table(tables.sums(self, other, me), tables.sums(self, me, other))

    def _viewer(self, view: str | None) -> str:
        if view is None:
            return self.reporter
        code = VIEWS.get(view, view)
        pair = (self.reporter, self.partner)
        if code not in pair:
            allowed = [name for name, iso in VIEWS.items() if iso in pair]
            raise ValueError(
                f"view {view!r} is unknown; {nearest(view, [*allowed, *pair])}"
            )
        return code

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
            A variable that this model does not report.
        """
        return tables.by_product(self, variable)

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
        return tables.displacement(self, importer or self.reporter)

    def wedges(self) -> pd.DataFrame:
        """Return the caps and targets that bind, with their price wedge.

        Returns
        -------
        DataFrame
            ``wedge`` is the shadow tariff equivalent, decimal: below zero a
            discount or subsidy, above zero scarcity; ``importer_rent_usd_mn`` is
            what the importer earns (or, below zero, pays) for it.
        """
        return tables.wedges(self)

    def static(self) -> pd.DataFrame:
        """Return the balance with rates and prices changed but no behaviour."""
        if self.static_value is None:
            raise ValueError(f"{self.model} reports no static effect.")
        base = self.line_variables["value"].baseline
        out = {}
        for name, importer, exporter in tables.flows_of(self):
            rows = self.flow(importer, exporter)
            out[name] = (float(base[rows].sum()), float(self.static_value[rows].sum()))
        return balance_table(out["exports"], out["imports"])

    def accounts(self) -> pd.DataFrame:
        """Return revenue, surplus, rent and welfare of both sides, US$ million.

        Returns
        -------
        DataFrame
            Index importer; the change of ``tariff_revenue``, its static part
            ``static_revenue``, ``consumer_surplus``, ``rent``, ``welfare`` (their
            sum, as an importer) and ``producer_surplus`` (as an exporter).
        """
        return tables.accounts(self)

    def invisibles(self) -> pd.DataFrame:
        """Return the account beside the goods balance (workers, students)."""
        columns = ["item", "from", "to", "usd_mn", "low", "high", "basis"]
        return pd.DataFrame(list(self.invisibles_entries), columns=columns)

    def check(self) -> pd.DataFrame:
        """Return the identities this result must satisfy, and whether it does.

        Returns
        -------
        DataFrame
            Index identity; ``residual`` (relative to total trade where it is a
            value), ``tolerance``, ``holds``.
        """
        every = [
            *self.identities,
            tables.balance_identity(self),
            tables.revenue_identity(self),
        ]
        return pd.DataFrame(
            {
                "residual": [float(item.residual) for item in every],
                "tolerance": [item.tolerance for item in every],
                "holds": [item.holds for item in every],
            },
            index=pd.Index([item.name for item in every], name="identity"),
        )

    def summary(self) -> Summary:
        """Return the balance with percent changes, and one sentence."""
        table = self.balance()
        base = table["baseline"].where(table["baseline"] != 0)
        table["percent"] = 100 * table["change"] / base.abs()
        return Summary(table, words.headline(self, table))

    def explain(self) -> words.Sentence:
        """Return the result in words: flows, deficit, who is displaced, wedges."""
        return words.explain(self)

    def __repr__(self) -> str:
        head = f"{self.scenario}: {self.model}, {self.reporter} with {self.partner}"
        year = f" {self.year}" if self.year else ""
        lines = [f"{head}{year}, US$ mn", as_text(self.balance())]
        lines += [f"Note: {note}" for note in self.notes]
        lines.append(f"Source: {self.source_line or 'not stated'}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = html.escape(f"{self.scenario}: {self.model}, {self.year}, US$ mn")
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return (
            f"<p><strong>{head}</strong></p>{self.balance().round(1).to_html()}"
            + (f"<ul>{notes}</ul>" if notes else "")
            + f"<p><small>Source: {html.escape(self.source_line)}</small></p>"
        )
