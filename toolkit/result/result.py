"""A result: the tables, what must hold of them, and the same in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from toolkit.display import flow_titles
from toolkit.result import export, sure, words
from toolkit.result.barrels import barrels_table
from toolkit.result.checks import balance_identity, revenue_identity
from toolkit.result.parts import Summary, as_text
from toolkit.result.prose import Sentence
from toolkit.result.ranges import Ranges
from toolkit.schema import in_html, on_one_line


class Result(Ranges):
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
        titles = flow_titles(self.reporter, self.partner)
        return Summary(table, words.headline(self, table), titles)

    def explain(self) -> Sentence:
        """Return the result in words: flows, deficit, who is displaced, wedges."""
        return words.explain(self)

    def to_csv(self, path: str | Path | None = None, *, overwrite: bool = False) -> str:
        """Return all variables as CSV, one row per key, and write it to a path.

        Raises
        ------
        FileExistsError
            The file exists and ``overwrite`` is false.
        """
        return export.to_csv(self, path, overwrite=overwrite)

    def to_excel(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write balance, products, elasticities and all variables as a workbook.

        ``toolkit.share`` makes a workbook for readers, with levers and sources.

        Raises
        ------
        FileExistsError
            The file exists and ``overwrite`` is false.
        """
        return export.to_excel(self, path, overwrite=overwrite)

    def barrels(self, importer: str | None = None) -> pd.DataFrame:
        """Return crude oil by supplier in the trade's own units.

        Parameters
        ----------
        importer : str, optional
            Who buys; default the reporter.

        Returns
        -------
        DataFrame
            Index exporter, ``total`` last; columns (measure, ``baseline,
            counterfactual, change``): ``mb/d``, million barrels a day at 7.33 barrels a
            tonne; ``US$ a barrel``, paid at the border, duty left out; ``discount, US$
            a barrel``, what the other suppliers together are paid less what this one
            is (NaN of the total); ``bill, US$ bn`` a year.

        Raises
        ------
        ValueError
            That importer buys no crude (HS 2709), or the baseline has no kilotonnes.

        Examples
        --------
        >>> import toolkit as tk
        >>> cut = tk.SupplyDisruption(importer="IND", exporter="RUS", products="2709",
        ...     by=0.5)
        >>> base = tk.load_baseline("2024-25")
        >>> result = tk.Armington().solve(base, tk.Scenario("half", [cut]))
        >>> result.barrels().loc["RUS", "mb/d"].round(2).to_dict()
        {'baseline': 1.75, 'counterfactual': 0.87, 'change': -0.87}
        """
        return barrels_table(self, importer or self.reporter)

    def __repr__(self) -> str:
        head = f"{self.title}: {self.model}, {self.reporter} with {self.partner}"
        year = f" {self.year}" if self.year else ""
        lines = [
            on_one_line(f"{head}{year}, {self.horizon}, US$ mn"),
            as_text(self.balance()),
            on_one_line(self._sure()),
        ]
        lines += [f"Note: {on_one_line(note)}" for note in self.notes]
        lines += [self.solver.sentence] if self.solver else []
        lines += [self._status] if self._status else []
        lines.append(f"Source: {on_one_line(self.source_line) or 'not stated'}")
        return "\n".join(lines)

    @property
    def _status(self) -> str:
        return self.says_status() if self.says_status is not None else ""

    def _sure(self) -> str:
        said = (sure.band(self), sure.ends(self), sure.elsewhere(self))
        return " ".join(filter(None, said))

    def _repr_html_(self) -> str:
        head = in_html(f"{self.title}: {self.model}, {self.year}, {self.horizon}")
        notes = "".join(f"<li>{in_html(note)}</li>" for note in self.notes)
        solved = f"{self.solver.sentence}<br>" if self.solver else ""
        return (
            f"<p><strong>{head}</strong></p>{self.summary()._repr_html_()}"
            f"<p>{in_html(self._sure())}</p>"
            + (f"<ul>{notes}</ul>" if notes else "")
            + f"<p><small>{solved}{in_html(self._status)}<br>"
            + f"Source: {in_html(self.source_line)}</small></p>"
        )
