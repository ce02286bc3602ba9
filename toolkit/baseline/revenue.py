"""Duties of a trade frame held against what customs collect."""

from __future__ import annotations

import numpy as np
import pandas as pd

LEVELS = {
    "rates of the schedule": "statutory_rate",
    "duty without agreements": "mfn_rate",
    "duty paid": "applied_rate",
}


def revenue_table(
    frame: pd.DataFrame, importer: str, collected: float | None
) -> pd.DataFrame:
    """Return the revenue that each kind of rate makes, beside what is collected.

    Parameters
    ----------
    frame : DataFrame
        A checked trade frame.
    importer : str
    collected : float, optional
        US$ million; NaN in the table where it is not known.

    Returns
    -------
    DataFrame
        Index level; ``usd_mn``, ``percent_of_imports``, ``ratio_to_collected``.
    """
    bought = _bought(frame, importer)
    rows = {name: _due(bought, column).sum() for name, column in LEVELS.items()}
    rows["collected"] = np.nan if collected is None else collected
    money = pd.Series(rows, name="usd_mn").rename_axis("level")
    return pd.DataFrame(
        {
            "usd_mn": money,
            "percent_of_imports": 100 * money / bought["value_usd_mn"].sum(),
            "ratio_to_collected": money / rows["collected"],
        }
    )


def revenue_by_product(frame: pd.DataFrame, importer: str) -> pd.DataFrame:
    """Return imports and the revenue of each kind of rate, product by product.

    Returns
    -------
    DataFrame
        Index product, the largest duty paid first; ``imports``, then one column for
        each kind of rate, US$ million.
    """
    bought = _bought(frame, importer)
    due = {name: _due(bought, column) for name, column in LEVELS.items()}
    table = pd.DataFrame({"imports": bought["value_usd_mn"], **due})
    table = table.groupby(bought["product"]).sum()
    return table.sort_values("duty paid", ascending=False, kind="stable")


def _bought(frame: pd.DataFrame, importer: str) -> pd.DataFrame:
    foreign = frame["exporter"] != importer
    return frame[(frame["importer"] == importer) & foreign]


def _due(bought: pd.DataFrame, column: str) -> pd.Series:
    """Return rate times value; a rate that is not named is the one paid."""
    return bought["value_usd_mn"] * bought[column].fillna(bought["applied_rate"])
