"""Which regressors can the fixed effects be told from? Pure functions on codes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from .checks import require_column
from .design import collinear

__all__ = ["coded", "compact", "empty_cells", "ruled_out", "unidentified"]

SAME = 1e-10  # relative difference below which two rates are one


def coded(panel: pd.DataFrame, term: str) -> np.ndarray:
    """Return whole numbers 0, 1, ... for a column or for columns joined by ``^``.

    Raises
    ------
    ValueError
        If a column does not exist or has missing values.
    """
    joined: np.ndarray | None = None
    for column in term.split("^"):
        require_column(panel, column, f"{term!r} must name columns:")
        codes, levels = pd.factorize(panel[column])
        if (codes < 0).any():
            raise ValueError(f"column {column!r} of {term!r} has missing values.")
        joined = codes if joined is None else compact(joined * len(levels) + codes)
    return np.asarray(joined)


def compact(codes: np.ndarray) -> np.ndarray:
    """Return the codes renumbered without holes."""
    return pd.factorize(codes)[0]


def empty_cells(y: np.ndarray, terms: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the rows in a group of some effect whose trade is zero throughout."""
    wrong = np.zeros(len(y), dtype=bool)
    for codes in terms.values():
        wrong |= (np.bincount(codes, weights=y) == 0)[codes]
    return wrong


def ruled_out(y: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Return the rows where a regressor differs from its one value with trade.

    A dummy that is on only where trade is zero drives its coefficient to minus
    infinity; such rows carry no information on the others (Correia, Guimaraes
    and Zylkin 2021).
    """
    wrong = np.zeros(len(y), dtype=bool)
    for column in x.T:
        traded = column[y > 0]
        if traded.min() == traded.max():
            wrong |= column != traded[0]
    return wrong


def unidentified(
    x: np.ndarray,
    names: list[str],
    terms: Mapping[str, np.ndarray],
    sides: tuple[str, str] | None,
) -> dict[str, tuple[str, str]]:
    """Return why regressors are not identified, those that are left out.

    Parameters
    ----------
    x : numpy.ndarray
        Regressors (n by k).
    names : list of str
        Their names (k).
    terms : mapping
        Codes (n) of each fixed effect.
    sides : tuple of str or None
        Columns of importer and exporter if the panel has no home sales.

    Returns
    -------
    dict
        Name to (``absorbed``, ``collinear`` or ``home``; reason).
    """
    found: dict[str, tuple[str, str]] = {}
    for name, column in zip(names, x.T, strict=True):
        term = next((t for t, c in terms.items() if _constant(column, c)), None)
        if term is not None:
            found[name] = ("absorbed", f"it does not vary within {term}")
        elif np.ptp(column) == 0:
            found[name] = ("absorbed", "it is the same in every row")
        elif sides is not None and (term := _switched(column, terms, sides)):
            reason = (
                "there are no home sales, and within "
                f"{term} it is zero or one and the same rate, so the fixed effects "
                "absorb the rate and leave only who pays it"
            )
            found[name] = ("home", reason)
    left = [n for n in names if found.get(n, ("",))[0] != "absorbed"]
    columns = [np.ones(len(x)), *(x[:, names.index(n)] for n in left)]
    for name in collinear(np.column_stack(columns), ["constant", *left]):
        found[name] = ("collinear", "the other regressors contain it")
    return found


def _constant(column: np.ndarray, codes: np.ndarray) -> bool:
    """Return whether a column takes one value in each group."""
    value = np.empty(int(codes.max()) + 1)
    value[codes] = column  # the last row of each group
    return bool(_same(column, value[codes]).all())


def _switched(
    column: np.ndarray, terms: Mapping[str, np.ndarray], sides: tuple[str, str]
) -> str | None:
    """Return the one-sided effect within which a rate is only on or off.

    A dummy variable, on at the same value everywhere, is not a rate.
    """
    on = column != 0
    if _same(column[on], column[on][0]).all():
        return None
    for term, codes in terms.items():
        if len(set(term.split("^")) & set(sides)) != 1:
            continue
        value = np.zeros(int(codes.max()) + 1)
        value[codes[on]] = column[on]
        if _same(column, value[codes])[on].all():
            return term
    return None


def _same(a: np.ndarray, b: np.ndarray | float) -> np.ndarray:
    return np.abs(a - b) <= SAME * (np.abs(a) + np.abs(b))
