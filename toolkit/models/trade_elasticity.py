"""The trade elasticity of every good: the user's number first, then the library's."""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.elasticities.lookup import default_values, prefixes
from toolkit.market.flows import Floats
from toolkit.models.given import check_series
from toolkit.models.parameters import GIVEN, Given
from toolkit.schema import shown
from toolkit.schema.cells import numbers
from toolkit.schema.checks import NO_NUMBERS, NUMBERS

FIELD = "trade_elasticity"


@dataclasses.dataclass(frozen=True, eq=False)
class TradeElasticity:
    """Theta of each good with its source, shape (J,)."""

    theta: Floats
    sources: tuple[str, ...]


def theta_of(given: Given, products: NDArray[np.str_], case: str) -> TradeElasticity:
    """Return theta = sigma - 1 by good.

    Parameters
    ----------
    given : float, Series by product, or None
        A Series names products or shorter codes that contain them; what it lacks
        comes from the library: its substitution elasticity for all importers, less
        one.
    products : ndarray of str, shape (J,)
    case : {"low", "central", "high"}

    Raises
    ------
    ValueError
        A value that is not above zero and finite, or a Series that fits no product.

    Examples
    --------
    >>> theta_of(pd.Series({"27": 64.85, "": 4.0}), np.array(["2709", "30"]), "central"
    ...     ).theta.tolist()
    [64.85, 4.0]
    """
    if isinstance(given, pd.Series):
        values = _from_series(given, products)
    else:
        values = np.full(len(products), np.nan if given is None else _number(given))
    lacking = np.isnan(values)
    sources = np.full(len(products), GIVEN, dtype=object)
    if lacking.any():
        sigma, named = default_values(
            "substitution", [""] * int(lacking.sum()), products[lacking], case
        )
        values[lacking], sources[lacking] = sigma - 1.0, named
    wrong = ~((values > 0) & np.isfinite(values))
    if wrong.any():
        at = int(np.argmax(wrong))
        raise ValueError(
            f"{FIELD} must be above 0 and finite (it is sigma - 1); it is "
            f"{values[at]:g} for product {shown(str(products[at]))}."
        )
    return TradeElasticity(values, tuple(sources))


def _number(given: object) -> float:
    try:
        if isinstance(given, NO_NUMBERS) or not isinstance(given, NUMBERS):
            raise TypeError
        value = float(given)  # pyright: ignore[reportArgumentType]
    except (TypeError, OverflowError) as error:
        raise ValueError(
            f"{FIELD} is a number or a Series, not {shown(given)}."
        ) from error
    if np.isnan(value):
        raise ValueError(f"{FIELD} is not a number.")
    return value


def _from_series(series: pd.Series, products: NDArray[np.str_]) -> Floats:
    check_series(series, FIELD, ("product",))
    values = numbers(series, FIELD, lambda row: shown(series.index[row]))
    known = dict(zip(series.index, values.tolist(), strict=True))
    found = [
        next((known[c] for c in prefixes(str(code)) if c in known), np.nan)
        for code in products
    ]
    if np.isnan(found).all():
        raise ValueError(
            f"{FIELD}: no entry of the Series fits a product of the baseline; its "
            f"first is {shown(series.index[0])}."
        )
    return np.array(found)
