"""Totals of other years and by other publishers, for comparison only."""

from __future__ import annotations

import pandas as pd

from toolkit import datasets
from toolkit.schema import nearest

FLOWS = {"exports": "export", "imports": "import"}


def past_totals() -> pd.DataFrame:
    """Return India's official trade with Russia by fiscal year, long.

    Returns
    -------
    DataFrame
        ``year, flow ("exports", "imports"), value_usd_mn, status, publisher``;
        empty where the split of a year was not found. The source line is in
        ``attrs["source"]``.

    Examples
    --------
    >>> totals = past_totals()
    >>> totals[totals["year"] == "2024-25"]["value_usd_mn"].tolist()
    [4881.3, 63811.4]
    """
    wide = datasets.load("annual_totals")
    named = {"exports_usd_mn": "exports", "imports_usd_mn": "imports"}
    long = wide.rename(columns=named).melt(
        id_vars=["year", "status", "publisher"],
        value_vars=list(named.values()),
        var_name="flow",
        value_name="value_usd_mn",
    )
    long = long.sort_values(["year", "flow"])
    columns = ["year", "flow", "value_usd_mn", "status", "publisher"]
    out = long[columns].reset_index(drop=True)
    out.attrs["source"] = wide.attrs.get("source", "")
    return out


def past_chapters(flow: str) -> pd.DataFrame:
    """Return India's official trade with Russia by chapter and fiscal year, US$ mn.

    Parameters
    ----------
    flow : {"exports", "imports"}

    Returns
    -------
    DataFrame
        Index ``hs2``, one column per year: 2010-11 to 2018-19, 2024-25 and 2025-26.
        Blank where none was reported; the years between were not found.

    Raises
    ------
    ValueError
        Another flow.

    Examples
    --------
    >>> float(past_chapters("exports").loc["30", "2018-19"])
    410.21
    """
    if flow not in FLOWS:
        raise ValueError(f"flow {flow!r} is unknown; {nearest(flow, FLOWS)}")
    old, new = datasets.load("chapters_history"), datasets.load("india_world")
    columns = ["year", "hs2", "value_usd_mn"]
    rows = [
        old.loc[old["flow"] == FLOWS[flow], columns],
        new.loc[(new["flow"] == FLOWS[flow]) & (new["partner"] == "RUS"), columns],
    ]
    return pd.concat(rows).pivot_table("value_usd_mn", "hs2", "year")


def other_bases(first_year: int = 2019) -> pd.DataFrame:
    """Return calendar-year totals as other publishers count them, US$ bn.

    India counts imports with freight and insurance (CIF); others reconcile both
    reports or take the partner's. They must not be mixed with the official
    series: the table is for seeing how far they differ.

    Parameters
    ----------
    first_year : int
        First calendar year shown.

    Returns
    -------
    DataFrame
        Index ``direction, series``; one column per year.

    Examples
    --------
    >>> float(other_bases().loc[("Russia to India", "BACI"), 2023])
    66.15
    """
    table = datasets.load("mirror_totals")
    table = table.assign(year=table["year"].astype(int))
    table = table[table["year"] >= first_year]
    wide = table.pivot_table("value_usd_mn", ["direction", "series"], "year") / 1e3
    out = wide.round(2)
    out.columns.name = None
    return out


def goal_total() -> float:
    """Return the trade that both governments aim at by 2030, US$ million.

    Examples
    --------
    >>> goal_total()
    100000.0
    """
    return 1e3 * datasets.number("headline", "total_usd_bn", period="target 2030")
