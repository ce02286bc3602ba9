"""Another schedule of duties for a baseline, in one call."""

from __future__ import annotations

import dataclasses

import pandas as pd

from toolkit.assembly import duties
from toolkit.assembly.account import Account
from toolkit.baseline import Baseline
from toolkit.sources import Reading


def with_rates(baseline: Baseline, *readings: Reading) -> Baseline:
    """Return a baseline whose duties are those of a WITS or customs file.

    A code of the baseline takes its own line, else the plain mean of the lines that
    begin with it, else the rate of the code that contains it. Flows for which the
    files have nothing keep their duty.

    Parameters
    ----------
    baseline : Baseline
    *readings : Reading
        Rates, of :mod:`toolkit.sources.wits`, ``eaeu.equivalents`` or
        ``own.read_rates``; the preferred first.

    Raises
    ------
    ValueError
        No reading of rates, or none for an importer of the baseline.

    Examples
    --------
    >>> import toolkit as tk
    >>> base = tk.load_baseline("2024-25")
    >>> trains = tk.sources.wits.read("trains.csv")          # doctest: +SKIP
    >>> better = tk.with_rates(base, trains)                 # doctest: +SKIP
    """
    held = list(readings)
    markets = (baseline.reporter, baseline.partner)
    year = baseline.year[:4] or "9999"
    lines = duties.schedule(held, Account(held), markets, year)
    if lines.empty:
        raise ValueError(f"the readings hold no rates of {markets[0]} or {markets[1]}.")
    frame = baseline.frame
    plain = frame.assign(product=frame["product"].str.extract(r"^(\d*)")[0])
    whole = plain["product"] == frame["product"]  # "07x" is not all of chapter 07
    found = duties.known(plain, lines)
    take = found["applied_rate"].notna() & (whole | (found["rate_how"] != "its line"))
    home = frame["importer"] == frame["exporter"]
    take &= ~home
    for name in ("applied_rate", "mfn_rate", "rate_status"):
        frame.loc[take, name] = found.loc[take, name]
    frame.loc[take, "statutory_rate"] = found.loc[take, "mfn_rate"]
    given = take & found["bound_rate"].notna()
    frame.loc[given, "bound_rate"] = found.loc[given, "bound_rate"]
    source = "; ".join(dict.fromkeys(map(str, lines["source"].unique())))
    return dataclasses.replace(
        baseline,
        _frame=_sorted(frame),
        source_line=f"{baseline.source_line}; duties: {source}",
        _report=None,
    )


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    order = ["importer", "product", "exporter"]
    return frame.sort_values(order, kind="stable").reset_index(drop=True)
