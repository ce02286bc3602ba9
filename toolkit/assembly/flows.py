"""Which report of a flow is taken, what stands beside it, and the rest of the world."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit.assembly.account import USED, Account
from toolkit.sources import Reading

CELL = ["importer", "exporter", "product"]
WORLD, REST = "WLD", "ROW"
NOTHING = 1e-9  # US$ million: a rest below it is none
SUMS = ["value_usd_mn", "kilotonnes", "quantity", "rows"]


def gathered(
    readings: list[Reading], account: Account, reporter: str, partner: str, year: str
) -> pd.DataFrame:
    """Return the rows of all readings that concern the two markets and the year."""
    parts = [
        reading.frame.assign(reading=at)
        for at, reading in enumerate(readings)
        if reading.kind == "flows"
    ]
    if not parts:
        raise ValueError("sources hold no flows: add a reading of trade.")
    rows = pd.concat(parts, ignore_index=True)
    ours = rows["importer"].isin([reporter, partner])
    rows = account.sift(rows, ~ours, "another market")
    dated = (rows["year"] != "") & (rows["year"] != year)
    rows = account.sift(rows, dated, "another year")
    home = (rows["importer"] == rows["exporter"]) & (rows["reported_by"] != "")
    rows = account.sift(rows, home, "a country's own goods coming back")
    if rows.empty:
        asked = f"of {year} " if year else "without a year (give year=...) "
        raise ValueError(
            f"no flow {asked}into {reporter} or {partner} is in the sources; years "
            f"there: {', '.join(sorted({y for p in parts for y in p['year']}))}."
        )
    return rows


def at_level(rows: pd.DataFrame, account: Account, level: int) -> pd.DataFrame:
    """Return rows at one HS level; what is counted at it already is not counted again.

    Codes finer than the level are added up where their own level is not there.
    """
    digits = rows["product"].str.len()
    rows = account.sift(rows, digits < level, f"coarser than HS{level}")
    digits = rows["product"].str.len()
    group = [rows[name] for name in ("reading", "importer", "exporter", "reported_by")]
    least = digits.groupby(group).transform("min")
    return account.sift(rows, digits > least, "parts of codes that are there")


def summed(rows: pd.DataFrame, level: int) -> pd.DataFrame:
    """Return one row per reading, cell and reporter at the level."""
    out = rows.assign(product=rows["product"].str[:level])
    keys = ["reading", *CELL, "reported_by"]
    if not out.duplicated(keys).any():
        return out
    group = out.groupby(keys, sort=False)
    rest = [name for name in out if name not in (*keys, *SUMS)]
    sums = group[rest].first().join(group[SUMS].sum())
    weights = [out[name] for name in keys]
    for name in ("kilotonnes", "quantity"):
        unknown = out[name].isna().groupby(weights, sort=False).any()
        sums.loc[unknown.to_numpy(), name] = np.nan
    mixed = group["status"].agg(["min", "max"])
    differ = (mixed["min"] != mixed["max"]).to_numpy()
    sums.loc[differ, "status"] = "derived"
    return sums.reset_index()


def chosen(rows: pd.DataFrame, account: Account, reporter: str) -> pd.DataFrame:
    """Return one row per cell, another report of it beside.

    The reporter's own figure comes first, so that the balance is one country's; then
    the importer's, the exporter's (the mirror), and at last a reconciled one. Of two
    readings with the same report the one given first is taken.

    Returns
    -------
    DataFrame
        ``mirror_usd_mn`` is the other report, ``discrepancy`` that over the one taken
        less 1.
    """
    by = rows["reported_by"]
    order = np.select(
        [by == reporter, by == rows["importer"], by == rows["exporter"], by == ""],
        [0, 1, 2, 3],
        default=4,
    )
    rows = rows.assign(order=order).sort_values([*CELL, "order", "reading"])
    first = ~rows.duplicated(CELL)
    taken = rows[first].set_index(CELL)
    others = rows[~first].set_index(CELL)
    same = others["reported_by"] == taken["reported_by"].reindex(others.index)
    again = others[same.to_numpy()]
    account.put(again, "a second report of the same flow by the same country")
    beside = others[~same.to_numpy()]
    kept = ~beside.index.duplicated()
    account.put(beside[kept], "kept beside as the other report")
    account.put(beside[~kept], "a third report of the same flow")
    mirror = beside.loc[kept, "value_usd_mn"]
    taken["mirror_usd_mn"] = mirror.reindex(taken.index)
    value = taken["value_usd_mn"].where(taken["value_usd_mn"] > 0)
    taken["discrepancy"] = taken["mirror_usd_mn"] / value - 1.0
    mirrored = (taken["order"] == 2) & (taken["status"] == "official")
    taken.loc[mirrored, "status"] = "mirror"
    account.put(taken.reset_index(), USED)
    return taken.drop(columns="order").reset_index()


def with_rest(
    rows: pd.DataFrame, most: int | None, pair: tuple[str, str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return flows with the rest of the world, and where suppliers exceed a total.

    The rest is the market's total (a row of the world) less the named suppliers;
    with ``most`` only so many competitors keep their name, by market.
    """
    world = rows["exporter"] == WORLD
    total = rows[world].set_index(["importer", "product"])
    named = rows[~world]
    if most is not None:
        named = _fewer(named, most, pair)
    sums = named.groupby(["importer", "product"])["value_usd_mn"].sum()
    gap = total["value_usd_mn"] - sums.reindex(total.index).fillna(0.0)
    over = gap[gap < -NOTHING]
    left = total[(gap > NOTHING).to_numpy()].copy()
    left["value_usd_mn"] = gap[gap > NOTHING]
    left = left.reset_index().assign(
        exporter=REST,
        kilotonnes=np.nan,
        quantity=np.nan,
        mirror_usd_mn=np.nan,
        discrepancy=np.nan,
        status="derived",
        derivation="total of the market less its named suppliers",
    )
    out = pd.concat([named, left], ignore_index=True)
    if out.duplicated(CELL).any():
        out = _joined(out)
    excess = over.rename("excess_usd_mn").mul(-1.0).reset_index()
    return out, excess


def _fewer(rows: pd.DataFrame, most: int, pair: tuple[str, str]) -> pd.DataFrame:
    """Return rows in which small competitors stand under the rest of the world."""
    rival = ~rows["exporter"].isin([*pair, REST])
    sizes = rows[rival].groupby(["importer", "exporter"])["value_usd_mn"].sum()
    rank = sizes.groupby("importer").rank(ascending=False, method="first")
    small = rank[rank > most].index
    at = pd.MultiIndex.from_frame(rows[["importer", "exporter"]]).isin(small)
    return _joined(rows.assign(exporter=rows["exporter"].where(~at, REST)))


def _joined(rows: pd.DataFrame) -> pd.DataFrame:
    group = rows.groupby(CELL, sort=False)
    sums = ["value_usd_mn", "rows"]
    rest = [name for name in rows if name not in (*CELL, *sums)]
    out = group[rest].first().join(group[sums].sum()).reset_index()
    many = group.size().to_numpy() > 1
    out.loc[many, "status"] = "derived"
    out.loc[many, ["kilotonnes", "quantity", "mirror_usd_mn", "discrepancy"]] = np.nan
    return out
