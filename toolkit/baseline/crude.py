"""India's crude market before two episodes, to hold a model against what followed."""

from __future__ import annotations

import numpy as np
import pandas as pd

from toolkit import datasets
from toolkit.baseline.flows import Baseline
from toolkit.schema import CRUDE, kilotonnes_a_year, nearest, shown, usd_a_barrel

PERIODS = ("2021-22", "2025-11")


def crude_before(period: str = "2021-22") -> Baseline:
    """Return India's purchases of crude oil just before an episode, by supplier.

    Parameters
    ----------
    period : {"2021-22", "2025-11"}
        The fiscal year before Russian crude came at a discount, or the month in which
        the sanctions on Rosneft and Lukoil took effect, at a yearly rate.

    Returns
    -------
    Baseline
        Crude alone, homogeneous, duty zero. In 2021-22 values by supplier are the
        ministry's, tonnes are published for Russia and in total, so the others share
        one price. In November 2025 barrels are those of tanker trackers; the price is
        the average of April to August, Russia's below the others' by the discount of
        October.

    Raises
    ------
    ValueError
        Another period.

    Examples
    --------
    >>> crude = crude_before("2021-22").suppliers("IND", "2709")
    >>> round(float(crude["kilotonnes"].sum() / 1e3))
    196
    """
    if period not in PERIODS:
        raise ValueError(
            f"No crude market of {shown(period)}; {nearest(period, PERIODS)}"
        )
    rows = _year() if period == "2021-22" else _month(period)
    frame = rows.assign(
        importer="IND", product=CRUDE, applied_rate=0.0, homogeneous=True, basis="CIF"
    )
    return Baseline.from_frame(frame, year=period, names={CRUDE: "Crude oil"})


def crude_figure(period: str, indicator: str, publisher: str = "") -> float:
    """Return one published figure of India's crude, the middle of a range.

    Parameters
    ----------
    period : str
        As the tables ``crude_volumes`` and ``crude_monthly`` write it.
    indicator : str
        An indicator of ``crude_volumes``, or a column of ``crude_monthly``.
    publisher : str
        Where several published it.

    Raises
    ------
    ValueError
        No such figure, or several.

    Examples
    --------
    >>> crude_figure("2026-01", "discount")
    6.0
    """
    monthly = datasets.load("crude_monthly")
    if indicator in monthly:
        return datasets.number("crude_monthly", indicator, month=period)
    where = {"period": period, "indicator": indicator}
    where |= {"publisher": publisher} if publisher else {}
    try:
        return datasets.number("crude_volumes", "value", **where)
    except ValueError:
        ends = [datasets.number("crude_volumes", x, **where) for x in ("low", "high")]
        return sum(ends) / 2


def _year() -> pd.DataFrame:
    table = datasets.load("crude_coal_before_2022")
    rows = table[(table["product"] == CRUDE) & (table["year"] == "2021-22")]
    mine = rows["exporter"] == "RUS"
    russia = 1e3 * crude_figure("2021-22", "Russia volume")
    others = 1e3 * crude_figure("2021-22", "total volume") - russia
    share = rows["value_usd_mn"] / rows.loc[~mine, "value_usd_mn"].sum()
    tonnes = np.where(mine, russia, others * share)
    kept = rows[["exporter", "value_usd_mn", "status", "vintage"]]
    return kept.assign(kilotonnes=tonnes, source=rows["publisher"])


def _month(period: str) -> pd.DataFrame:
    russia = crude_figure(period, "russia_mb_per_day")
    share = crude_figure(period, "russia_share")
    price = crude_figure("2025-26 Apr-Aug", "average import price")
    discount = crude_figure("2025-10", "discount at Indian ports")
    barrels = np.array([russia, russia / share - russia])
    paid = price + discount * np.array([share - 1.0, share])
    tonnes = kilotonnes_a_year(barrels)
    return pd.DataFrame(
        {
            "exporter": ["RUS", "ROW"],
            "value_usd_mn": tonnes * paid / usd_a_barrel(1.0, 1.0),
            "kilotonnes": tonnes,
            "status": "derived",
            "source": "tanker trackers and PPAC (crude_monthly, crude_volumes)",
            "vintage": "Dec 2025",
        }
    )
