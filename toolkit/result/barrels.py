"""Crude oil of a result in the trade's own units: barrels a day, US$ a barrel."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd

from toolkit.result.record import Record
from toolkit.schema import CRUDE, million_barrels_a_day, usd_a_barrel

SIDES = ("baseline", "counterfactual")


def barrels_table(result: Record, importer: str) -> pd.DataFrame:
    """Return barrels, price, discount and bill of crude by supplier.

    Parameters
    ----------
    result : Record
    importer : str

    Raises
    ------
    ValueError
        The importer buys no crude oil from abroad, or its tonnes are not known.
    """
    pieces = {}
    for side in SIDES:
        sold = _sold(result, importer, side)
        pieces |= {(name, side): rule(sold) for name, rule in MEASURES.items()}
    table = pd.DataFrame(pieces)
    for name in MEASURES:
        moved = table[(name, "counterfactual")] - table[(name, "baseline")]
        table[(name, "change")] = moved
    order = [(name, side) for name in MEASURES for side in (*SIDES, "change")]
    return table[order].rename_axis("exporter")


def _sold(result: Record, importer: str, side: str) -> pd.DataFrame:
    """Return US$ million and kilotonnes by supplier, the largest first, and a sum."""
    keys, value = result.keys(), result.variable("value")
    tonnes = result.variable("kilotonnes")
    rows = (keys.importer == importer) & (keys.exporter != importer)
    rows &= np.strings.startswith(keys.product, CRUDE)
    rows &= (value.baseline > 0) | (value.counterfactual > 0)
    if not rows.any():
        raise ValueError(
            f"{importer} buys no crude oil (HS {CRUDE}) in this baseline, so there are "
            "no barrels."
        )
    if not (tonnes.baseline[rows] > 0).all():
        raise ValueError(
            f"There are no barrels: the baseline has no kilotonnes for HS {CRUDE} of "
            f"every supplier of {importer}."
        )
    frame = pd.DataFrame(
        {
            "today": value.baseline[rows],
            "usd": getattr(value, side)[rows],
            "kt": np.nan_to_num(getattr(tonnes, side)[rows]),
        }
    )
    sums = frame.groupby(keys.exporter[rows]).sum().sort_values("today")[::-1]
    return pd.concat([sums, sums.sum().to_frame("total").T])


def _barrels(sold: pd.DataFrame) -> pd.Series:
    tonnes = sold["kt"].to_numpy(dtype=float)
    return pd.Series(million_barrels_a_day(tonnes), sold.index)


def _price(usd: pd.Series, kt: pd.Series) -> pd.Series:
    """Return US$ a barrel; what is not sold has no price."""
    sold = kt.where(kt > 0).to_numpy(dtype=float)
    return pd.Series(usd_a_barrel(usd.to_numpy(dtype=float), sold), usd.index)


def _discount(sold: pd.DataFrame) -> pd.Series:
    """Return what the other suppliers are paid less what this one is."""
    rest = sold.loc["total"] - sold
    out = _price(rest["usd"], rest["kt"]) - _price(sold["usd"], sold["kt"])
    return out.drop("total").reindex(sold.index)


MEASURES: Mapping[str, Callable[[pd.DataFrame], pd.Series]] = {
    "mb/d": _barrels,
    "US$ a barrel": lambda sold: _price(sold["usd"], sold["kt"]),
    "discount, US$ a barrel": _discount,
    "bill, US$ bn": lambda sold: sold["usd"] / 1e3,
}
