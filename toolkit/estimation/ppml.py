"""Poisson pseudo-maximum likelihood with fixed effects, by pyfixest."""

from __future__ import annotations

import itertools
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .problem import Problem

__all__ = ["Fit", "estimate"]

MOST_STEPS = 100
LOOSE = 1e-5  # pyfixest projects to about 1e-6, so less than this is nothing


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients (k) and covariance (k by k) of the regressors that are left.

    ``collinear`` names the others, of which the effects and the regressors before
    leave nothing; ``separated`` counts rows found separated on the way, ``r2`` is
    the squared correlation of trade and fitted trade.
    """

    names: list[str]
    coefficients: np.ndarray
    covariance: np.ndarray
    nobs: int
    separated: int
    r2: float
    collinear: list[str]


def estimate(problem: Problem, rectify: bool) -> Fit:
    """Estimate on data scaled to a common size, and scale the answer back.

    Parameters
    ----------
    problem : Problem
        Arrays; codes run from 0 without holes.
    rectify : bool
        Whether to look for separation by combinations of regressors.

    Raises
    ------
    RuntimeError
        If the iterations do not converge.
    ImportError
        If pyfixest is missing.
    """
    size = problem.x.std(axis=0)
    y, x = problem.y / problem.y.mean(), problem.x / size
    model = _fitted(y, x, problem, rectify)
    if model is None:
        nothing = np.zeros(0)
        return Fit([], nothing, np.diag(nothing), 0, 0, 0.0, list(problem.names))
    if not model.convergence:
        raise RuntimeError(f"PPML has not converged in {MOST_STEPS} iterations.")
    table = model.tidy()
    found = list(table.index)
    kept = [i for i in range(len(size)) if f"x{i}" in found]
    where = [found.index(f"x{i}") for i in kept]
    mu = model.predict(type="response")
    return Fit(
        [problem.names[i] for i in kept],
        table["Estimate"].to_numpy()[where] / size[kept],
        _covariance(model, table)[np.ix_(where, where)]
        / np.outer(size[kept], size[kept]),
        len(mu),
        int(getattr(model, "n_separation_na", 0) or 0),
        float(np.corrcoef(mu, mu + model.resid())[0, 1] ** 2),
        [name for i, name in enumerate(problem.names) if i not in kept],
    )


def _fitted(y: np.ndarray, x: np.ndarray, problem: Problem, rectify: bool) -> Any:
    """Return the model of pyfixest, None if the effects absorb every regressor."""
    engine = _pyfixest()
    columns = {f"x{i}": column for i, column in enumerate(x.T)}
    effects = {f"f{i}": codes for i, codes in enumerate(problem.terms.values())}
    groups = {} if problem.groups is None else {"g": problem.groups}
    right = " | ".join([" + ".join(columns), *([" + ".join(effects)] * bool(effects))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # restated by fit_gravity
        warnings.simplefilter("ignore", DeprecationWarning)  # pyfixest's own code
        try:
            return engine.fepois(
                f"y ~ {right}",
                pd.DataFrame({"y": y} | columns | effects | groups),
                vcov={"CRV1": "g"} if groups else "HC1",
                ssc=engine.ssc(k_adj=not groups),
                separation_check=["ir"] if rectify else [],
                iwls_maxiter=MOST_STEPS,
                collin_tol=LOOSE**2 * len(y),  # of a column's sum of squares, n
                copy_data=False,
            )
        except ValueError as error:
            if "variables are collinear" in str(error):
                return None
            raise


def _pyfixest() -> Any:
    try:
        import pyfixest
    except ImportError as error:
        raise ImportError(
            "fit_gravity needs pyfixest: "
            "pip install 'tariff-scenario-toolkit[estimation]'."
        ) from error
    return pyfixest


def _covariance(model: Any, table: pd.DataFrame) -> np.ndarray:
    """Return the covariance of all coefficients (k by k).

    pyfixest hands out standard errors alone; the variance of a sum of two
    coefficients is one over the Wald statistic against a value one away from it.
    """
    values, errors = table["Estimate"].to_numpy(), table["Std. Error"].to_numpy()
    matrix = np.outer(errors, errors)  # NaN where pyfixest has no standard error
    for i, j in itertools.combinations(range(len(errors)), 2):
        if np.isfinite(matrix[i, j]):
            pair = np.zeros(len(errors))
            pair[[i, j]] = 1 / errors[[i, j]]
            away = np.array([pair @ values - 1])
            test = model.wald_test(R=pair, q=away, distribution="chi2")
            matrix[[i, j], [j, i]] *= 1 / (2 * test["statistic"]) - 1
    return matrix
