"""From a customs tariff to one ad valorem rate by product."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

import pandas as pd

from toolkit.schema import nearest
from toolkit.sources.duties import Duty
from toolkit.sources.reading import Reading

SAME = {"t": ("kg", 1000.0), "l": ("kg", 1.0)}  # a litre counts as a kilogram


def equivalents(
    schedule: Reading,
    *,
    level: int = 2,
    prices: Mapping[tuple[str, str], float] | None = None,
    money: Mapping[str, float] | None = None,
    weights: Mapping[str, float] | None = None,
    importer: str = "RUS",
    year: str = "",
) -> Reading:
    """Return one ad valorem rate per product.

    Parameters
    ----------
    schedule : Reading
        Of :func:`read`.
    level : {2, 4, 6}
        HS digits of the products.
    prices : mapping, optional
        US$ per unit by (HS code, unit): ("610910", "kg"). The longest code that
        begins a line is used. Units are kg, pair, piece, m2, m3, cm3; a duty per
        tonne or litre takes the price of a kilogram.
    money : mapping, optional
        US$ per unit of the duties' currency: {"EUR": 1.08}.
    weights : mapping, optional
        Trade by HS6 that weighs subheadings; lines within one are averaged. Where a
        product's weights are all zero the mean is a plain one.
    importer, year : str
        For the rows.

    Returns
    -------
    Reading
        Rates, with ``status`` "derived" and the number of lines and of specific lines
        without a price (``lines``, ``unpriced``) beside.

    Raises
    ------
    ValueError
        A currency without a rate.

    Examples
    --------
    >>> from toolkit.sources import eaeu
    >>> schedule = eaeu.read("tariff.csv")                   # doctest: +SKIP
    >>> eaeu.equivalents(schedule, money={"EUR": 1.08})      # doctest: +SKIP
    """
    lines = schedule.frame.copy()
    dollars = {"": 1.0, "USD": 1.0, **(money or {})}
    for currency in lines["currency"].unique():
        if currency not in dollars:
            raise ValueError(
                f"duties in {currency!r} need its dollar rate; "
                f"money= has {nearest(currency, money or ['nothing'])}"
            )
    known = prices or {}
    lines["rate"] = [
        duty.equivalent(_price(code, duty.unit, known), dollars[duty.currency])
        for code, duty in zip(lines["hs10"], _duties(lines), strict=True)
    ]
    lines["hs6"] = lines["hs10"].str[:6]
    lines["unpriced"] = lines["rate"].isna()
    six = lines.groupby("hs6").agg(
        rate=("rate", "mean"), lines=("rows", "sum"), unpriced=("unpriced", "sum")
    )
    six["weight"] = pd.Series(weights or {}, dtype=float).reindex(six.index).fillna(0.0)
    products = _by_product(six, level).assign(
        importer=importer,
        exporter="",
        bound_rate=float("nan"),
        year=year,
        hs_revision="HS2022",
        status="derived",
        source=schedule.source,
        vintage=lines["vintage"].iloc[0],
    )
    return _with_account(schedule, products)


def _duties(lines: pd.DataFrame) -> list[Duty]:
    names = [field.name for field in dataclasses.fields(Duty)]
    rows = lines[names].itertuples(index=False, name=None)
    return [Duty(*row) for row in rows]


def _by_product(six: pd.DataFrame, level: int) -> pd.DataFrame:
    known = six[six["rate"].notna()]
    product = known.index.str[:level]
    by_weight = (known["rate"] * known["weight"]).groupby(product).sum()
    weight = known["weight"].groupby(product).sum()
    plain = known["rate"].groupby(product).mean()
    rate = (by_weight / weight.where(weight > 0)).fillna(plain)
    counts = six[["lines", "unpriced"]].groupby(six.index.str[:level]).sum()
    out = counts.join(rate.rename("applied_rate"))
    return out.rename_axis("product").reset_index()


def _with_account(schedule: Reading, products: pd.DataFrame) -> Reading:
    """Return rates whose rows are the schedule's lines; those without are dropped."""
    lost = products["applied_rate"].isna()
    unknown = int(products.loc[lost, "lines"].sum())
    dropped = schedule.dropped
    if unknown:
        row = ("specific duties without a price", unknown, math.nan, 0)
        extra = pd.DataFrame([row], columns=dropped.columns)
        dropped = pd.concat([dropped, extra], ignore_index=True)
    kept = products[~lost].rename(columns={"lines": "rows"}).reset_index(drop=True)
    return Reading(
        schedule.source,
        "rates",
        kept,
        dropped,
        schedule.rows,
        schedule.path,
        schedule.sha256,
    )


def _price(hs10: str, unit: str, prices: Mapping[tuple[str, str], float]) -> float:
    base, size = SAME.get(unit, (unit, 1.0))
    for digits in (10, 8, 6, 4, 2):
        found = prices.get((hs10[:digits], base))
        if found is not None:
            return found * size
    return math.nan
