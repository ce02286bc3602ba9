"""Another schedule of duties for a baseline, in one call."""

from __future__ import annotations

import dataclasses

import pandas as pd

from toolkit.assembly import duties
from toolkit.assembly.account import Account
from toolkit.assembly.weights import DIGITS, finest, shelved
from toolkit.baseline import Baseline
from toolkit.sources import Reading

SELLER = ["importer", "exporter", "cell"]


def with_rates(baseline: Baseline, *readings: Reading) -> Baseline:
    """Return a baseline whose duties are those of a WITS or customs file.

    A code of the baseline takes its own line, else the mean of the lines that begin
    with it, else the rate of the code that contains it. The mean is weighed by what
    each supplier sells, where a reading of flows by finer codes tells it; suppliers
    that it does not tell take the mean weighed by the total of the market (exporter
    "WLD"), and without one the plain mean. Flows for which the files have nothing keep
    their duty.

    Parameters
    ----------
    baseline : Baseline
    *readings : Reading
        Rates, of :mod:`toolkit.sources.wits`, ``eaeu.equivalents`` or
        ``own.read_rates``, and flows that weigh them, of ``comtrade``, ``tradestat``,
        ``baci`` or ``own.read``; the preferred first.

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
    >>> lines = tk.sources.comtrade.read("hs6.csv")          # doctest: +SKIP
    >>> better = tk.with_rates(base, trains, lines)          # doctest: +SKIP
    """
    held = _checked(readings)
    frame = baseline.frame
    markets = tuple(dict.fromkeys([baseline.reporter, baseline.partner]))
    markets += tuple(sorted(set(frame["importer"]) - set(markets)))
    lines = duties.schedule(held, Account(held), markets, baseline.year[:4] or "9999")
    if lines.empty:
        raise ValueError(f"the readings hold no rates of {' or '.join(markets)}.")
    fine = finest(held, frame)
    found = _found(frame, lines, fine)
    take = found["applied_rate"].notna() & (frame["importer"] != frame["exporter"])
    _put(frame, found, take)
    source = "; ".join(dict.fromkeys(map(str, lines["source"].unique())))
    if len(fine):
        source += f", weighed by {'; '.join(map(str, fine['source'].unique()))}"
    return dataclasses.replace(
        baseline,
        _frame=_sorted(frame),
        source_line=f"{baseline.source_line}; duties: {source}",
        _report=None,
    )


def _checked(readings: tuple[Reading, ...]) -> list[Reading]:
    for reading in readings:
        if not isinstance(reading, Reading):
            raise ValueError(
                f"rates are readings of tk.sources, not {type(reading).__name__}."
            )
        if reading.kind not in ("rates", "flows"):
            raise ValueError(f"{reading.path} holds {reading.kind}: give rates.")
    return list(readings)


def _found(
    frame: pd.DataFrame, lines: pd.DataFrame, fine: pd.DataFrame
) -> pd.DataFrame:
    """Return the frame with the rates that the files give, NaN where they give none.

    The rest of a chapter ("84x") takes lines that no other product of the baseline
    holds, and never the line of the whole chapter.
    """
    plain = frame.assign(product=frame["product"].str.extract(DIGITS)[0])
    whole = plain["product"] == frame["product"]
    free = shelved(lines, frame).isin(frame.loc[~whole, "product"])
    rest = _weighed(plain[~whole], lines[free], fine[fine["rest"]])
    rest.loc[rest["rate_how"] == "its line", "applied_rate"] = float("nan")
    named = _weighed(plain[whole], lines, fine[~fine["rest"]])
    return pd.concat([named, rest]).loc[frame.index]


def _weighed(
    rows: pd.DataFrame, lines: pd.DataFrame, fine: pd.DataFrame
) -> pd.DataFrame:
    """Return rates of rows: suppliers told by ``fine`` by their own sales."""
    told = pd.MultiIndex.from_frame(fine[SELLER])
    keys = rows[["importer", "exporter", "product"]]
    own = pd.MultiIndex.from_frame(keys).isin(told)
    world = fine[fine["exporter"] == duties.WORLD]
    parts = [(rows[own], fine), (rows[~own], world)]
    found = [
        duties.known(part, lines, sold if len(sold) else None) for part, sold in parts
    ]
    return pd.concat(found)


def _put(frame: pd.DataFrame, found: pd.DataFrame, take: pd.Series) -> None:
    """Write the rates found into the frame; a preference keeps its share."""
    share = frame["gsp_rate"] / frame["mfn_rate"].where(frame["mfn_rate"] > 0)
    for name in ("applied_rate", "mfn_rate", "rate_status"):
        frame.loc[take, name] = found.loc[take, name]
    frame.loc[take, "statutory_rate"] = found.loc[take, "mfn_rate"]
    frame.loc[take, "gsp_rate"] = share[take] * found.loc[take, "mfn_rate"]
    given = take & found["bound_rate"].notna()
    frame.loc[given, "bound_rate"] = found.loc[given, "bound_rate"]


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    order = ["importer", "product", "exporter"]
    return frame.sort_values(order, kind="stable").reset_index(drop=True)
