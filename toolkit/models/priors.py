"""How far each elasticity may be from its centre: the library's spread, or your own."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.elasticities.lookup import default_spread, default_values, prefixes
from toolkit.market import Part
from toolkit.market.flows import Floats, Integers
from toolkit.models.parameters import CONCEPTS, Given, Parameters
from toolkit.schema import nearest

Codes = NDArray[np.str_]
LEAST_SIGMA = 1.05  # of the library; at 1 a new variety would be worth any price
NORMAL_95 = 1.6448536269514722


@dataclasses.dataclass(frozen=True, eq=False)
class Estimate:
    """Your own estimates of an elasticity, with their covariance.

    On the log scale the covariance of two values ``a`` and ``b`` is ``cov / (a b)``
    (delta method), so that a draw keeps its sign.

    Parameters
    ----------
    elasticities : pandas.Series
        By HS prefix.
    covariance : pandas.DataFrame
        Of these values, same index in both directions.

    Raises
    ------
    ValueError
        An index that differs, a value of zero, a covariance that is none.
    """

    elasticities: pd.Series
    covariance: pd.DataFrame

    def __post_init__(self) -> None:
        index = list(self.elasticities.index)
        if [list(self.covariance.index), list(self.covariance.columns)] != [index] * 2:
            raise ValueError(
                "covariance must have the index of the values in both directions."
            )
        if (self.elasticities == 0).any():
            raise ValueError("an elasticity of zero has no distribution in logs.")
        root = self.factor()
        gap = np.abs(root @ root.T - self._log_covariance()).max()
        if gap > 1e-8 * max(float(np.abs(self._log_covariance()).max()), 1e-300):
            raise ValueError("covariance must be symmetric, with no variance below 0.")

    def _log_covariance(self) -> Floats:
        size = self.elasticities.to_numpy(dtype=float)
        return self.covariance.to_numpy(dtype=float) / np.outer(size, size)

    def factor(self) -> Floats:
        """Return a matrix A with A A' the covariance of the logs."""
        matrix = self._log_covariance()
        worth, vectors = np.linalg.eigh(0.5 * (matrix + matrix.T))
        return vectors * np.sqrt(np.maximum(worth, 0.0))


Prior = float | pd.Series | Estimate


@dataclasses.dataclass(frozen=True, eq=False)
class Spread:
    """The distribution of one elasticity in each market of a part.

    Attributes
    ----------
    deviation : ndarray, shape (M,)
        Standard deviation of the log.
    row : ndarray of int, shape (M,)
        Row of ``factor``; -1 for what the library or one number tells.
    factor : ndarray, shape (K, K)
    ceiling : ndarray, shape (M,)
        Export supply only: the inverse elasticity that a small importer's supplier
        exceeds in one draw of twenty; zero where supply is not infinite.
    least : float
        Substitution by the library: no draw is below this, nor below a centre that is.
    """

    deviation: Floats
    row: Integers
    factor: Floats
    ceiling: Floats
    least: float = 0.0

    @property
    def drawn(self) -> bool:
        """Whether anything varies."""
        return bool(self.deviation.any() or self.ceiling.any())


def spreads(
    part: Part,
    central: Parameters,
    given: Mapping[str, Given],
    priors: Mapping[str, Prior] | None,
) -> dict[str, Spread]:
    """Return the spread of the three elasticities in each market of a part.

    Parameters
    ----------
    part : Part
    central : Parameters
        Of the part's suppliers.
    given : mapping
        What the user gave the model: known exactly unless ``priors`` says otherwise.
    priors : mapping of field to float, Series or Estimate, optional
        Standard deviation of the log, for all products or by HS prefix.

    Raises
    ------
    ValueError
        An unknown field, a spread below zero.
    """
    priors = dict(priors or {})
    for name in priors:
        if name not in CONCEPTS:
            raise ValueError(f"priors has no {name!r}; {nearest(name, CONCEPTS)}")
    return {
        field: _spread(part, central, field, given[field], priors.get(field))
        for field in CONCEPTS
    }


def _spread(
    part: Part, central: Parameters, field: str, given: Given, prior: Prior | None
) -> Spread:
    starts = part.flows.starts
    importer, product = part.flows.importer[starts], part.flows.product[starts]
    nowhere, none = np.full(len(starts), -1), np.zeros(len(starts))
    if isinstance(prior, Estimate):
        row = np.array([_row(prior, code) for code in product])
        root = prior.factor()
        deviation = np.where(row >= 0, np.sqrt((root**2).sum(axis=1))[row], 0.0)
        return Spread(deviation, row, root, none)
    ceiling = none
    if prior is None and given is not None:
        deviation = none
    elif prior is None:
        _, deviation = default_spread(CONCEPTS[field], importer, product)
        deviation = np.nan_to_num(deviation, nan=0.0)
    else:
        deviation = _own(prior, field, product)
    if field == "export_supply_elasticity" and prior is None and given is None:
        ceiling = _ceiling(central, importer, product, prior)
    by_library = prior is None and field == "substitution_elasticity"
    reached = float(np.min(central.horizon.share))
    least = LEAST_SIGMA * reached if by_library else 0.0
    return Spread(deviation, nowhere, np.zeros((0, 0)), ceiling, least)


def _row(prior: Estimate, product: str) -> int:
    index = [str(code) for code in prior.elasticities.index]
    return next((index.index(c) for c in prefixes(product) if c in index), -1)


def _own(prior: float | pd.Series, field: str, product: Codes) -> Floats:
    if isinstance(prior, pd.Series):
        known = {str(code): float(value) for code, value in prior.items()}
        found = [
            next((known[c] for c in prefixes(str(code)) if c in known), 0.0)
            for code in product
        ]
    else:
        found = [float(prior)] * len(product)
    out = np.array(found)
    if not (out >= 0).all() or not np.isfinite(out).all():
        raise ValueError(f"the spread of {field} must be 0 or above and finite.")
    return out


def _ceiling(
    central: Parameters, importer: Codes, product: Codes, prior: Prior | None
) -> Floats:
    """Return 1 over the low end of the library where supply is infinite in the centre.

    The library gives an infinite elasticity (a small importer) a low end and no
    distribution. Here its inverse is a normal around zero, cut off at zero: a small
    importer in half of the draws, and in one of twenty an elasticity below the low end.
    """
    if prior is not None:
        return np.zeros(len(product))
    low, _ = default_values("export_supply", importer, product, "low")
    starts = central.flows.starts
    reached = central.reached("mu")[starts]
    return np.where(np.isinf(central.mu[starts]), 1.0 / (low * reached), 0.0)
