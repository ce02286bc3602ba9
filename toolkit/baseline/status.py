"""How far to trust a baseline: status of flows and of duties, by value traded."""

from __future__ import annotations

import pandas as pd

from toolkit.baseline.flows import Baseline
from toolkit.baseline.markets import flow_rows

ORDER = ("official", "provisional", "mirror", "derived", "assumed", "not found")
UNSAID = "not stated"
LEAST = 0.005  # shares below half a per cent are left out of the line


def status_table(baseline: Baseline) -> pd.DataFrame:
    """Return the share of trade by status, for each direction and its duties.

    Parameters
    ----------
    baseline : Baseline

    Returns
    -------
    DataFrame
        Index ``direction`` (exports, imports), ``what`` (value, duty); one column per
        status, shares of the direction's value that add up to 1. A direction without
        trade has no row.

    Examples
    --------
    >>> import toolkit as tk
    >>> table = status_table(tk.load_baseline("2024-25"))
    >>> float(table.loc[("imports", "value"), "derived"].round(2))
    0.92
    """
    frame = baseline._frame
    rows = {}
    for direction, (importer, exporter) in directions(baseline).items():
        held = flow_rows(frame, importer, exporter)
        if held["value_usd_mn"].sum() > 0:
            for what, column in (("value", "status"), ("duty", "rate_status")):
                rows[direction, what] = _shares(held, column)
    table = pd.DataFrame.from_dict(rows, orient="index").fillna(0.0)
    table.index = pd.MultiIndex.from_tuples(rows, names=["direction", "what"])
    known = [name for name in (*ORDER, UNSAID) if name in table]
    return table[[*known, *table.columns.difference(known)]]


def directions(baseline: Baseline) -> dict[str, tuple[str, str]]:
    """Return importer and exporter of the pair's exports and imports.

    Examples
    --------
    >>> import toolkit as tk
    >>> directions(tk.load_baseline("2024-25"))
    {'exports': ('RUS', 'IND'), 'imports': ('IND', 'RUS')}
    """
    return {
        "exports": (baseline.partner, baseline.reporter),
        "imports": (baseline.reporter, baseline.partner),
    }


def status_line(baseline: Baseline) -> str:
    """Return the status of flows and duties as one line, for under a headline.

    Examples
    --------
    >>> import toolkit as tk
    >>> status_line(tk.load_baseline("2024-25")).split(", their")[0]
    'By value: exports 94 % official, 6 % derived'
    """
    table = status_table(baseline)
    parts = []
    for direction in table.index.unique("direction"):
        value, duty = (_words(table.loc[(direction, x)]) for x in ("value", "duty"))
        parts.append(f"{direction} {value}, their duties {duty}")
    return f"By value: {'; '.join(parts)}." if parts else "No trade to weigh."


def _shares(rows: pd.DataFrame, column: str) -> dict[str, float]:
    label = rows[column].replace("", UNSAID)
    sums = rows["value_usd_mn"].groupby(label).sum()
    return {str(name): float(share) for name, share in (sums / sums.sum()).items()}


def _words(shares: pd.Series) -> str:
    said = shares[shares >= LEAST].sort_values(ascending=False, kind="stable")
    return ", ".join(f"{100 * share:.0f} % {name}" for name, share in said.items())
