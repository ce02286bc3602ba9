"""Codes of one HS revision as those of another, by a published table.

The tables between revisions are published by the UN Statistics Division (conversion
and correspondence tables, https://unstats.un.org/unsd/classifications/Econ). None is
made up here: without a table codes of different revisions are not joined below the
chapter.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from toolkit.sources import tables
from toolkit.sources.codes import hs_column, revision

EVEN = "split evenly among the codes it became"


@dataclasses.dataclass(frozen=True, eq=False)
class Concordance:
    """A table from one revision to another.

    Attributes
    ----------
    begins, ends : str
        "HS2017", "HS2022".
    table : DataFrame
        ``old, new, share``; shares of an old code add up to 1.
    source : str
    """

    begins: str
    ends: str
    table: pd.DataFrame
    source: str

    @classmethod
    def read(
        cls, path: Path | str, columns: Mapping[str, str], *, source: str = ""
    ) -> Concordance:
        """Read a table of two columns, and of shares if it has them.

        Parameters
        ----------
        path : Path or str
            CSV or workbook.
        columns : mapping
            Revision -> column, the old one first: {"HS2017": "From HS 2017",
            "HS2022": "To HS 2022"}; "share" may name a third.
        source : str
            Default the file's name.

        Raises
        ------
        SourceError
            A column missing.
        ValueError
            Not two revisions; shares of a code that do not add up to 1.

        Examples
        --------
        >>> names = {"HS2017": "from", "HS2022": "to"}
        >>> Concordance.read("correspondence.xlsx", names)   # doctest: +SKIP
        """
        path = Path(path)
        held = tables.opened(path)
        named = [name for name in columns if name != "share"]
        if len(named) != 2 or not all(revision(name) for name in named):
            raise ValueError(f"columns must name two HS revisions, not {named}.")
        tables.require(held, columns.values(), path)
        old, new = (hs_column(held[columns[name]]) for name in named)
        out = pd.DataFrame({"old": old, "new": new})
        if "share" in columns:
            out["share"] = tables.numbers(held, columns["share"], path)
        out = out[out["old"].notna() & out["new"].notna()].drop_duplicates(
            ["old", "new"]
        )
        if "share" not in out:
            out["share"] = 1.0 / out.groupby("old")["new"].transform("size")
        sums = out.groupby("old")["share"].sum()
        if ((sums - 1.0).abs() > 1e-6).any():
            code = sums.index[(sums - 1.0).abs() > 1e-6][0]
            raise ValueError(f"shares of {code} add up to {sums[code]:.4g}, not 1.")
        return cls(revision(named[0]), revision(named[1]), out, source or path.name)

    def flows(self, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
        """Return flows in the new codes, and which rows are split.

        Values and quantities follow the shares; ``rows`` stays with the first part.
        Codes that the table lacks are as they were.
        """
        table = self.table.rename(columns={"old": "product"})
        out = rows.reset_index(drop=True).assign(_row=range(len(rows)))
        out = out.merge(table, "left", on="product")
        share = out.pop("share").fillna(1.0)
        new = out.pop("new")
        out["product"] = new.fillna(out["product"])
        for name in ("value_usd_mn", "kilotonnes", "quantity"):
            out[name] = out[name] * share
        again = out.pop("_row").duplicated()
        out.loc[again, "rows"] = 0
        split = share < 1.0
        out.loc[split, "status"] = "assumed"
        return out, split

    def rates(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rates in the new codes: the mean of the codes that became one."""
        table = self.table.rename(columns={"old": "product"})[["product", "new"]]
        out = rows.reset_index(drop=True).assign(_row=range(len(rows)))
        out = out.merge(table, "left", on="product")
        new = out.pop("new")
        out["product"] = new.fillna(out["product"])
        out.loc[out.pop("_row").duplicated(), "rows"] = 0
        keys = ["importer", "exporter", "product", "year"]
        twice = out.duplicated(keys, keep=False)
        out.loc[twice, "status"] = "derived"
        mean = out.groupby(keys, dropna=False)[["applied_rate", "bound_rate"]]
        out[["applied_rate", "bound_rate"]] = mean.transform("mean")
        out["rows"] = out.groupby(keys, dropna=False)["rows"].transform("sum")
        return out.drop_duplicates(keys)
