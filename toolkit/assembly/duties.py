"""A duty for every flow: the line's own, an average of lines, or one imputed.

A supplier's rate at a coarse level is the mean of the lines it sells, weighted by what
it sells; two suppliers under one MFN schedule may so pay different averages.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.assembly.account import USED, Account
from toolkit.sources import Reading

LINE = ["importer", "exporter", "product"]
CELL = ["importer", "exporter", "product"]
RATES = ["applied_rate", "bound_rate"]
LEVELS = (6, 4, 2)
WORLD = "WLD"


def schedule(
    readings: list[Reading], account: Account, markets: tuple[str, ...], year: str
) -> pd.DataFrame:
    """Return one row per importer, exporter ("" for all) and code.

    The reading given first wins; of its years the last one not after the baseline's,
    else its first.
    """
    parts = [
        reading.frame.assign(reading=at)
        for at, reading in enumerate(readings)
        if reading.kind == "rates"
    ]
    if not parts:
        words = pd.DataFrame(
            columns=[*LINE, "hs_revision", "source", "status"], dtype=object
        )
        return words.assign(**dict.fromkeys(RATES, pd.Series(dtype=float)))
    rows = pd.concat(parts, ignore_index=True)
    rows = account.sift(rows, ~rows["importer"].isin(markets), "another importer")
    late = (rows["year"].str[:4] > year[:4]).astype(int)
    age = pd.to_numeric(rows["year"].str[:4], errors="coerce").fillna(0.0)
    age = age.where(late == 1, -age)
    rows = rows.assign(late=late, age=age)
    rows = rows.sort_values([*LINE, "reading", "late", "age"])
    bare = rows["applied_rate"].isna()
    rows = account.sift(rows, bare, "a bound rate without an applied one")
    again = rows.duplicated(LINE)
    return account.sift(rows, again, "another year or source of the same rate").drop(
        columns=["late", "age"]
    )


def with_duties(
    flows: pd.DataFrame,
    fine: pd.DataFrame,
    lines: pd.DataFrame,
    account: Account,
    missing: float | None,
) -> pd.DataFrame:
    """Return flows with ``applied_rate, mfn_rate, bound_rate, rate_status, rate_how``.

    Parameters
    ----------
    flows : DataFrame
        One row per cell.
    fine : DataFrame
        The same trade at the finest level known, with ``cell``, the code of the flow.
    lines : DataFrame
        Of :func:`schedule`.
    account : Account
    missing : float, optional
        Rate of goods whose whole chapter has none.

    Raises
    ------
    ValueError
        Flows without a rate and without ``missing``.
    """
    account.put(lines, USED)
    found = known(flows.reset_index(drop=True), lines, fine, near=True)
    return _filled(found, missing)


def known(
    flows: pd.DataFrame,
    lines: pd.DataFrame,
    fine: pd.DataFrame | None = None,
    *,
    near: bool = False,
) -> pd.DataFrame:
    """Return flows with the rates that the lines give, NaN where they give none.

    ``mfn_rate`` is what the same goods would pay without a preference. With ``near``
    a code without a line takes the mean of its heading's or chapter's, assumed.
    """
    out = _paid(flows, lines, fine, near=near)
    general = lines[lines["exporter"] == ""]
    if len(general) == len(lines):
        return out.assign(mfn_rate=out["applied_rate"])
    mfn = _paid(flows, general, fine, near=near)["applied_rate"]
    return out.assign(mfn_rate=mfn.fillna(out["applied_rate"]))


def _paid(
    flows: pd.DataFrame,
    lines: pd.DataFrame,
    fine: pd.DataFrame | None,
    *,
    near: bool,
) -> pd.DataFrame:
    empty = {"applied_rate": np.nan, "bound_rate": np.nan}
    out = flows.assign(**empty, rate_status="", rate_how="")
    average = "mean of its lines, weighted by trade"
    steps = [("official", "its line", _direct(out, lines))]
    if fine is not None:
        steps.append(("derived", average, _weighted(out, fine, lines)))
    steps += [
        ("derived", "plain mean of its lines", _plain(out, lines)),
        ("derived", "rate of the code that contains it", _wider(out, lines)),
    ]
    if near:
        words = "mean of the heading's or chapter's other lines"
        steps.append(("assumed", words, _near(out, lines)))
    said = lines.groupby("importer")["status"].agg(_least) if len(lines) else {}
    for status, how, found in steps:
        blank = out["applied_rate"].isna() & found["applied_rate"].notna()
        for name in RATES:
            out.loc[blank, name] = found.loc[blank, name]
        weak = out["importer"].map(said) == "assumed"
        out.loc[blank, "rate_status"] = status
        out.loc[blank & weak, "rate_status"] = "assumed"
        out.loc[blank, "rate_how"] = how
    return out


def _least(status: pd.Series) -> str:
    """Return "assumed" where a schedule is, as a whole."""
    return "assumed" if (status == "assumed").all() else "official"


def _filled(out: pd.DataFrame, missing: float | None) -> pd.DataFrame:
    home = out["importer"] == out["exporter"]
    out.loc[home, ["applied_rate", "mfn_rate"]] = 0.0
    out.loc[home, ["rate_status", "rate_how"]] = ["official", "home"]
    blank = out["applied_rate"].isna()
    if blank.any() and missing is None:
        first = tuple(out.loc[blank, CELL].iloc[0])
        raise ValueError(
            f"{int(blank.sum())} flows have no duty in the sources, nor has their "
            f"chapter; the first is {first}. Add a reading of rates, or give "
            "missing_rate=0.1 (a decimal), which the report will say."
        )
    out.loc[blank, ["applied_rate", "mfn_rate"]] = missing
    out.loc[blank, "rate_status"] = "assumed"
    out.loc[blank, "rate_how"] = "missing_rate"
    return out


def _looked_up(
    lines: pd.DataFrame, importer: pd.Series, exporter: pd.Series, code: pd.Series
) -> pd.DataFrame:
    """Return the preference of each supplier where there is one, else the MFN rate."""
    table = lines.set_index(LINE)[RATES]
    general = pd.Series("", index=code.index)
    keys = (
        pd.MultiIndex.from_arrays([importer, who, code]) for who in (exporter, general)
    )
    own, mfn = (table.reindex(key).set_axis(code.index) for key in keys)
    return own.where(own["applied_rate"].notna(), mfn)


def _direct(out: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    return _looked_up(lines, out["importer"], out["exporter"], out["product"])


def _weighted(
    out: pd.DataFrame, fine: pd.DataFrame, lines: pd.DataFrame
) -> pd.DataFrame:
    """Return each supplier's mean over its own lines, else its market's."""
    best = pd.DataFrame(np.nan, index=fine.index, columns=RATES)
    for digits in (10, 8, *LEVELS):
        code = fine["product"].str[:digits]
        inside = fine["product"].str.len() >= digits
        deeper = digits > fine["cell"].str.len()
        found = _looked_up(lines, fine["importer"], fine["exporter"], code)
        take = best["applied_rate"].isna() & inside & deeper
        best = best.where(~take, found)
    rows = fine[["importer", "exporter", "cell", "value_usd_mn"]].join(best)
    rows = rows[rows["applied_rate"].notna() & (rows["value_usd_mn"] > 0)]
    by_own = _mean(rows, ["importer", "exporter", "cell"])
    by_all = _mean(_market(rows), ["importer", "cell"])
    own = by_own.reindex(pd.MultiIndex.from_frame(out[CELL])).set_axis(out.index)
    key = pd.MultiIndex.from_frame(out[["importer", "product"]])
    market = by_all.reindex(key).set_axis(out.index)
    return own.where(own["applied_rate"].notna(), market)


def _market(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the total of each market by line, its suppliers where there is none."""
    total = rows["exporter"] == WORLD
    keys = [rows["importer"], rows["cell"]]
    return rows[total | ~total.groupby(keys).transform("any")]


def _mean(rows: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    weight = rows["value_usd_mn"]
    group = [rows[name] for name in keys]
    means = {}
    for name in RATES:
        known = weight.where(rows[name].notna(), 0.0)
        sums = (rows[name].fillna(0.0) * known).groupby(group).sum()
        held = known.groupby(group).sum()
        means[name] = sums / held.where(held > 0)
    return pd.DataFrame(means)


def _plain(out: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the mean of the MFN lines that begin with the flow's code."""
    mfn = lines[lines["exporter"] == ""]
    lengths = out["product"].str.len().unique()
    parts = []
    for length in lengths:
        longer = mfn[mfn["product"].str.len() > length]
        code = longer["product"].str[:length]
        parts.append(longer[RATES].groupby([longer["importer"], code]).mean())
    table = pd.concat(parts) if parts else pd.DataFrame(columns=RATES)
    key = pd.MultiIndex.from_frame(out[["importer", "product"]])
    return table.reindex(key).set_axis(out.index)


def _wider(out: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    best = pd.DataFrame(np.nan, index=out.index, columns=RATES)
    for digits in (8, *LEVELS):
        code = out["product"].str[:digits].where(out["product"].str.len() > digits, "-")
        found = _looked_up(lines, out["importer"], out["exporter"], code)
        best = best.where(best["applied_rate"].notna(), found)
    return best


def _near(out: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    mfn = lines[lines["exporter"] == ""]
    best = pd.DataFrame(np.nan, index=out.index, columns=RATES)
    for digits in (4, 2):
        code = mfn["product"].str[:digits]
        table = mfn[RATES].groupby([mfn["importer"], code]).mean()
        here = out["product"].str[:digits]
        key = pd.MultiIndex.from_arrays([out["importer"], here])
        found = table.reindex(key).set_axis(out.index)
        best = best.where(best["applied_rate"].notna(), found)
    return best
