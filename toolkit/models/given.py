"""Elasticities that a user gives as a Series: read, checked, laid on flows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.elasticities.lookup import prefixes
from toolkit.market import Flows
from toolkit.market.flows import Floats
from toolkit.schema import COUNTRIES, KEYS, shown
from toolkit.schema.cells import numbers


def check_series(
    series: pd.Series, field: str, keys: Sequence[str] = KEYS
) -> list[str]:
    """Return what the index of a user's elasticities names, or raise."""
    names = [name or "product" for name in series.index.names]
    if any(name not in keys for name in names) or len(set(names)) < len(names):
        raise ValueError(
            f"{field} is indexed by {shown(list(series.index.names))}; allowed are "
            f"{', '.join(keys)}, each once."
        )
    if series.empty:
        raise ValueError(f"{field} is an empty Series; give None for the library's.")
    doubled = series.index[series.index.duplicated()]
    if len(doubled):
        raise ValueError(f"{field} has two values for {shown(doubled[0])}; keep one.")
    for key in series.index:
        parts = key if isinstance(key, tuple) else (key,)
        if not all(isinstance(part, str) for part in parts):
            raise ValueError(
                f"{field} is indexed by codes as text; {shown(key)} is none: quote it, "
                "leading zeros matter."
            )
    numbers(series, field, lambda row: shown(series.index[row]))
    return list(map(str, names))


def from_series(series: pd.Series, field: str, flows: Flows) -> Floats:
    """Return a user's elasticities by flow, NaN where the Series has none.

    The narrowest code that the Series holds decides.

    Raises
    ------
    ValueError
        An index or value that cannot be read, or a Series that fits no flow.
    """
    names = check_series(series, field)
    values = numbers(series, field, lambda row: shown(series.index[row]))
    entries = {
        (key if isinstance(key, tuple) else (key,)): value
        for key, value in zip(series.index, values.tolist(), strict=True)
    }
    columns = {name: getattr(flows, name) for name in KEYS}
    out = np.full(len(flows), np.nan)
    for flow in range(len(flows)):
        key = {name: str(columns[name][flow]) for name in KEYS}
        for code in prefixes(key["product"]):
            wanted = tuple({**key, "product": code}[str(name)] for name in names)
            if wanted in entries:
                out[flow] = entries[wanted]
                break
    if np.isnan(out).all():
        raise ValueError(
            f"{field}: no entry of the Series fits a flow of the baseline; its first "
            f"index entry is {shown(series.index[0])}."
        )
    return out


def as_series(given: Mapping[Any, float]) -> pd.Series:
    """Return a mapping of product, of importer, or of both, as a Series."""
    series = pd.Series(dict(given), dtype=float)
    if isinstance(series.index, pd.MultiIndex):
        return series.rename_axis(["importer", "product"])
    countries = all(str(key) in COUNTRIES for key in given)
    return series.rename_axis("importer" if countries else "product")
