"""The build report: rows in and out, totals, status by value, what was imputed."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Mapping

import pandas as pd

from toolkit import datasets
from toolkit.assembly.account import USED
from toolkit.baseline import (
    Baseline,
    directions,
    past_totals,
    status_line,
    status_table,
)
from toolkit.elasticities.lookup import default_rows, own_first, prefixes

CONCEPTS = ("substitution", "import_demand", "export_supply")
SHOWN = 6  # rows of each list that the text shows
ROWS = ["source", "file", "kind", "fate", "rows", "value_usd_mn"]


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Report:
    """What a baseline is made of.

    Attributes
    ----------
    title : str
    rows : DataFrame
        ``source, file, kind, fate, rows, value_usd_mn``: every row of every file.
    totals : DataFrame
        Index direction; ``built, official, distance`` (US$ million), ``of`` (whose).
    status : DataFrame
        Shares by value: :func:`toolkit.baseline.status_table`.
    imputed : DataFrame
        Flows whose duty is assumed, the largest first.
    excess : DataFrame
        ``importer, product, excess_usd_mn``: markets whose named suppliers sell more
        than the total; the rest of the world is then nothing.
    notes : tuple of str
    """

    title: str
    rows: pd.DataFrame
    totals: pd.DataFrame
    status: pd.DataFrame
    imputed: pd.DataFrame
    excess: pd.DataFrame
    notes: tuple[str, ...] = ()

    @property
    def rows_in(self) -> int:
        """Rows of all files."""
        return int(self.rows["rows"].sum())

    @property
    def rows_used(self) -> int:
        """Rows that are in the baseline."""
        return int(self.rows.loc[self.rows["fate"] == USED, "rows"].sum())

    def __repr__(self) -> str:
        parts = [f"Build report: {self.title}", ""]
        parts += [f"Rows in {self.rows_in:,}, in the baseline {self.rows_used:,}:"]
        parts += _lines(self.rows.drop(columns="file"))
        parts += ["", "Totals, US$ mn:", *_lines(self.totals.reset_index())]
        parts += ["", "Status, share of value:"]
        parts += _lines(self.status.round(3).reset_index())
        for name, table in (("Duties imputed", self.imputed), ("Excess", self.excess)):
            if len(table):
                parts += ["", f"{name} ({len(table)}), the largest:"]
                parts += _lines(table.head(SHOWN))
        parts += (
            ["", *(f"Note: {note.rstrip('.')}." for note in self.notes)]
            if self.notes
            else []
        )
        return "\n".join(parts)

    def _repr_html_(self) -> str:
        tables = {
            f"Rows: {self.rows_in:,} in, {self.rows_used:,} in the baseline": self.rows,
            "Totals, US$ mn": self.totals.reset_index(),
            "Status, share of value": self.status.round(3).reset_index(),
            f"Duties imputed: {len(self.imputed)}": self.imputed.head(SHOWN),
        }
        body = "".join(
            f"<h4>{html.escape(name)}</h4>{table.to_html(index=False, na_rep='')}"
            for name, table in tables.items()
        )
        notes = "".join(f"<li>{html.escape(note)}</li>" for note in self.notes)
        return f"<h3>{html.escape(self.title)}</h3>{body}<ul>{notes}</ul>"


def build_report(baseline: Baseline) -> Report:
    """Return the report of a built baseline, or the same of a bundled or own one.

    For a bundled baseline the files are the tables of the shelf, and the totals are
    those that the ministry publishes.

    Parameters
    ----------
    baseline : Baseline

    Examples
    --------
    >>> import toolkit as tk
    >>> report = tk.build_report(tk.load_baseline("2024-25"))
    >>> report.totals["distance"].abs().max() < 0.1
    np.True_
    """
    if isinstance(baseline._report, Report):
        return baseline._report
    frame = baseline._frame
    assumed = frame[frame["rate_status"] == "assumed"]
    wanted = ["importer", "exporter", "product", "value_usd_mn", "applied_rate"]
    official, whose = _published(baseline)
    return Report(
        title=f"{baseline.reporter} with {baseline.partner} {baseline.year}",
        rows=_by_source(frame),
        totals=totals_of(baseline, official, whose),
        status=pd.concat([status_table(baseline), elasticity_table(baseline)]).fillna(
            0.0
        ),
        imputed=assumed[wanted].sort_values("value_usd_mn", ascending=False),
        excess=pd.DataFrame(columns=["importer", "product", "excess_usd_mn"]),
        notes=(status_line(baseline),),
    )


def elasticity_table(baseline: Baseline) -> pd.DataFrame:
    """Return how the default elasticities are known, shares of each flow's value.

    Returns
    -------
    DataFrame
        Index ``direction, what`` (a concept); one column per grade of the library
        ("own estimate", "pooled", "transferred", "assumed").
    """
    frame = baseline._frame
    rows = {}
    for direction, (importer, exporter) in directions(baseline).items():
        here = (frame["importer"] == importer) & (frame["exporter"] == exporter)
        value = frame[here].set_index("product")["value_usd_mn"]
        if not value.sum() > 0:
            continue
        for concept in CONCEPTS:
            grade = _grades(concept, importer, value.index)
            sums = value.groupby(grade.to_numpy()).sum() / value.sum()
            rows[direction, f"{concept} elasticity"] = sums
    table = pd.DataFrame.from_dict(rows, orient="index")
    table.index = pd.MultiIndex.from_tuples(rows, names=["direction", "what"])
    return table


def totals_of(
    baseline: Baseline, official: Mapping[str, float], whose: str
) -> pd.DataFrame:
    """Return the baseline's totals beside published ones, US$ million."""
    built = baseline.balance()[["exports", "imports"]].rename("built")
    table = built.to_frame().rename_axis("direction")
    table["official"] = [official.get(name, float("nan")) for name in table.index]
    table["distance"] = table["built"] - table["official"]
    return table.assign(of=whose if official else "none given").round(4)


def _grades(concept: str, importer: str, products: pd.Index) -> pd.Series:
    known = own_first(default_rows(concept), importer)["quality"]
    found = {
        code: next((str(known[p]) for p in prefixes(code) if p in known.index), "none")
        for code in products
    }
    return pd.Series(found).reindex(products)


def _published(baseline: Baseline) -> tuple[dict[str, float], str]:
    if (baseline.reporter, baseline.partner) != ("IND", "RUS"):
        return {}, ""
    table = past_totals()
    rows = table[table["year"] == baseline.year].dropna(subset="value_usd_mn")
    official = dict(zip(rows["flow"], rows["value_usd_mn"], strict=True))
    return official, datasets.describe("annual_totals").publisher


def _by_source(frame: pd.DataFrame) -> pd.DataFrame:
    status = frame["status"].replace("", "not stated")
    group = frame.groupby([frame["source"], status])["value_usd_mn"]
    out = group.agg(["size", "sum"]).reset_index()
    out.columns = ["source", "kind", "rows", "value_usd_mn"]
    return out.assign(file="the baseline's flows", fate=USED)[ROWS]


def _lines(table: pd.DataFrame) -> list[str]:
    with pd.option_context("display.width", 160, "display.max_colwidth", 60):
        text = table.to_string(index=False, na_rep="", float_format="{:,.3f}".format)
    return ["  " + line for line in text.splitlines()]
