"""A result: the tables, what must hold of them, and the same in words."""

from __future__ import annotations

import html

import pandas as pd

from toolkit.result import words
from toolkit.result.checks import balance_identity, revenue_identity
from toolkit.result.parts import Summary, as_text
from toolkit.result.tables import Tables
from toolkit.schema import on_one_line


class Result(Tables):
    """The counterfactual of a scenario beside its baseline.

    Made by a model's ``solve``. Values are US$ million at the ex-tariff price;
    prices and quantities are ratios to the baseline.
    """

    def check(self) -> pd.DataFrame:
        """Return the identities this result must satisfy, and whether it does.

        Returns
        -------
        DataFrame
            Index identity; ``residual`` (relative to total trade where it is a
            value), ``tolerance``, ``holds``.
        """
        every = [*self.identities, balance_identity(self), revenue_identity(self)]
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
        lines = [
            on_one_line(f"{head}{year}, {self.horizon}, US$ mn"),
            as_text(self.balance()),
        ]
        lines += [f"Note: {on_one_line(note)}" for note in self.notes]
        lines.append(f"Source: {on_one_line(self.source_line) or 'not stated'}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        head = html.escape(
            f"{self.scenario}: {self.model}, {self.year}, {self.horizon}, US$ mn"
        )
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return (
            f"<p><strong>{head}</strong></p>{self.balance().round(1).to_html()}"
            + (f"<ul>{notes}</ul>" if notes else "")
            + f"<p><small>Source: {html.escape(self.source_line)}</small></p>"
        )
