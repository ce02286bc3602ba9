"""Between what an answer lies: the least and greatest over what is assumed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.result.tables import Tables

BASE_YEAR = "base year"


class Ranges(Tables):
    """Tables, and how far the answer moves with what is assumed."""

    def range(self, scope: str = "bilateral") -> pd.DataFrame:
        """Return the least and the greatest answer over what is assumed.

        One assumption at a time goes to an end: an elasticity to that of its interval,
        for all products at once (homogeneous goods apart); where such a good is
        disrupted also who keeps the rent, and whether the world price replies. The ends
        of the answer are ordered, not those of the assumptions. Not a confidence
        interval.

        Parameters
        ----------
        scope : {"bilateral", "total"}
            With the partner, or the balance with the world (see :meth:`balance`).

        Returns
        -------
        DataFrame
            Index ``exports, imports, balance`` (``balance`` alone of the total);
            ``least, central, greatest``: changes in US$ million. Least and greatest
            are the central answer where all elasticities are the user's own.
        """
        central, ends = self.balance(scope=scope)["change"], self._ends
        if scope == "total":
            central = central[["balance"]]
            ends = ends.reindex(columns=["world"]).set_axis(["balance"], axis=1)
        else:
            ends = ends.reindex(columns=central.index)
        if ends.empty:
            return pd.DataFrame(
                {"least": central, "central": central, "greatest": central}
            )
        return pd.DataFrame(
            {
                "least": np.minimum(ends.min(), central),
                "central": central,
                "greatest": np.maximum(ends.max(), central),
            }
        ).rename_axis("US$ mn")

    def band(self, draws: int = 400) -> pd.DataFrame:
        """Return the band that holds nine draws of ten of the elasticities.

        All the library's elasticities are drawn at once, as ``tk.simulate`` draws them;
        that takes more draws, levers and data too.

        Parameters
        ----------
        draws : int
            The ends are known to about a tenth of the band at 400; fewer will do while
            a slider moves.

        Returns
        -------
        DataFrame
            Index ``exports, imports, balance``; ``low, median, high``: changes in US$
            million. Empty where all elasticities are the user's own, or a draw has no
            answer.
        """
        if draws not in self._bands:
            made = self.answers_drawn
            self._bands[draws] = pd.DataFrame() if made is None else made(draws)
        return self._bands[draws].copy()

    def assumptions(
        self, scope: str = "bilateral", *, base_year: bool = True
    ) -> pd.DataFrame:
        """Return what moves the balance most, the largest swing first.

        Parameters
        ----------
        scope : {"bilateral", "total"}
            The balance with the partner, or with the world.
        base_year : bool
            Solve on other years' baselines too, where there are any; not for the
            balance with the world.

        Returns
        -------
        DataFrame
            Index assumption; ``low`` and ``high``: the change of the balance with that
            assumption at either end: an elasticity of its interval, the rent of a
            disruption kept by importer and exporter, no reply of the world price and
            the strongest, this and another base year (``base year 2025-26``) with the
            lower first; ``swing``: their distance, US$ million. Elasticities that the
            user gave are not in it.
        """
        central = float(self.balance(scope=scope)["change"]["balance"])
        rows = {}
        if not self._ends.empty:
            balance = self._ends["world" if scope == "total" else "balance"]
            for name in balance.index.unique("assumption"):
                rows[name] = [balance[name, "low"], balance[name, "high"]]
        if base_year and scope == "bilateral":
            for year, change in self.other_years()["balance"].items():
                rows[f"{BASE_YEAR} {year}"] = sorted((central, float(change)))
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high"])
        table["swing"] = (table["high"] - table["low"]).abs()
        table = table.sort_values("swing", ascending=False, kind="stable")
        return table.rename_axis("assumption")

    def other_years(self) -> pd.DataFrame:
        """Return the changes that the same levers make on baselines of other years.

        Returns
        -------
        DataFrame
            Index base year; ``exports, imports, balance``, US$ million. Empty for a
            baseline that knows of no other year, your own for instance.
        """
        if self._years.empty:
            return pd.DataFrame(columns=["exports", "imports", "balance"])
        return self._years.dropna()
