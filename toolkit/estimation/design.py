"""Regressors in order: constant, trend, lags, and which of them say nothing new."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = ["TRENDS", "collinear", "design", "lagged", "require_independent"]

TRENDS = {"n": (), "c": ("const",), "ct": ("const", "trend")}
NEGLIGIBLE = 1e-8  # share of a column's length left after projecting on others


def design(columns: pd.DataFrame, trend: str) -> pd.DataFrame:
    """Return the regressors with constant and trend in front."""
    front = {"const": 1.0, "trend": np.arange(1.0, len(columns) + 1)}
    chosen = {name: front[name] for name in TRENDS[trend]}
    return pd.DataFrame(chosen, index=columns.index).join(columns)


def lagged(data: pd.DataFrame, order: Sequence[int], trend: str) -> pd.DataFrame:
    """Return the regressors of an ARDL model, complete rows, named as statsmodels.

    Parameters
    ----------
    data : pandas.DataFrame
        Dependent variable, then regressors.
    order : sequence of int
        Lags of each column; the dependent variable has no lag 0.
    trend : {"n", "c", "ct"}
    """
    lags = [range(int(i == 0), last + 1) for i, last in enumerate(order)]
    shifted = {
        f"{name}.L{lag}": data[name].shift(lag)
        for name, wanted in zip(data, lags, strict=True)
        for lag in wanted
    }
    return design(pd.DataFrame(shifted, index=data.index), trend).dropna()


def collinear(
    matrix: np.ndarray, names: Sequence[str], negligible: float = NEGLIGIBLE
) -> list[str]:
    """Return the columns that the columns before them already contain.

    Parameters
    ----------
    matrix : numpy.ndarray
        n by k, n at least k.
    names : sequence of str
        k names.
    negligible : float
        Share of a column's length that counts as nothing.
    """
    length = np.linalg.norm(matrix, axis=0)
    unit = np.asarray(matrix, dtype=float) / np.where(length > 0, length, 1.0)
    kept: list[int] = []
    for place in range(len(names)):
        # the last diagonal entry of R: how far a column is from those before it
        upper = np.asarray(np.linalg.qr(unit[:, [*kept, place]], mode="r"))
        if abs(upper[-1, -1]) > negligible:
            kept.append(place)
    return [name for place, name in enumerate(names) if place not in kept]


def require_independent(x: pd.DataFrame) -> None:
    """Raise a ValueError that names collinear columns."""
    found = collinear(x.to_numpy(), list(x.columns))
    if found:
        raise ValueError(
            f"There are collinear regressors: {', '.join(found)} can be written with "
            f"the others ({', '.join(c for c in x.columns if c not in found)}); drop "
            "one of them."
        )
