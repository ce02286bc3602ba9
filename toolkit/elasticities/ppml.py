"""The two engines of Poisson pseudo-maximum likelihood: pyfixest and statsmodels."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from .checks import collinear
from .problem import Problem

__all__ = ["Fit", "estimate"]

MOST_CELLS = 10_000_000  # rows times dummies statsmodels is trusted with (80 MB)
MOST_STEPS = 100
LOOSE = 1e-5  # pyfixest projects to about 1e-6, so less than this is nothing


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients (k) and covariance (k by k), or the regressors in the way.

    ``separated`` marks the rows (n) found separated on the way, ``r2`` is the
    squared correlation of trade and fitted trade. ``collinear`` names regressors
    of which the effects and the others leave nothing; then there are no
    coefficients.
    """

    names: list[str]
    coefficients: np.ndarray
    covariance: np.ndarray
    nobs: int
    separated: np.ndarray
    r2: float
    engine: str
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
        If pyfixest is missing and the problem is too large without it.
    """
    size = problem.x.std(axis=0)
    y, x = problem.y / problem.y.mean(), problem.x / size
    engine = _pyfixest()
    if engine is None:
        fit = _with_dummies(y, x, problem)
    else:
        fit = _high_dimensional(engine, y, x, problem, rectify)
    covariance = fit.covariance / np.outer(size, size)
    return replace(fit, coefficients=fit.coefficients / size, covariance=covariance)


def _pyfixest() -> Any:
    try:
        import pyfixest
    except ImportError:
        return None
    return pyfixest


def _high_dimensional(
    engine: Any, y: np.ndarray, x: np.ndarray, problem: Problem, rectify: bool
) -> Fit:
    columns = {f"x{i}": column for i, column in enumerate(x.T)}
    effects = {f"f{i}": codes for i, codes in enumerate(problem.terms.values())}
    groups = {} if problem.groups is None else {"g": problem.groups}
    right = " | ".join([" + ".join(columns), *([" + ".join(effects)] * bool(effects))])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # restated by fit_gravity
        warnings.simplefilter("ignore", DeprecationWarning)  # pyfixest's own code
        model = engine.fepois(
            f"y ~ {right}",
            pd.DataFrame({"y": y} | columns | effects | groups),
            vcov={"CRV1": "g"} if groups else "HC1",
            ssc=engine.ssc(k_adj=not groups),
            separation_check=["ir"] if rectify else [],
            iwls_maxiter=MOST_STEPS,
            copy_data=False,
        )
    if not model.convergence:
        raise RuntimeError(f"PPML has not converged in {MOST_STEPS} iterations")
    found = list(model.coef().index)
    gone = _left_over(model, problem.names, found)
    where = [found.index(c) for c in columns if c in found]
    mu = model._Y_hat_response
    return Fit(
        problem.names,
        np.zeros(len(columns)) if gone else model.coef().to_numpy()[where],
        np.zeros((len(columns),) * 2) if gone else model._vcov[np.ix_(where, where)],
        len(mu),
        _separated(model, len(y)),
        float(np.corrcoef(mu, mu + model.resid())[0, 1] ** 2),
        "pyfixest",
        gone,
    )


def _separated(model: Any, rows: int) -> np.ndarray:
    """Return which rows pyfixest's rectifier took out."""
    out = np.zeros(rows, dtype=bool)
    count = int(getattr(model, "n_separation_na", 0) or 0)
    if count:
        out[np.asarray(model.na_index, dtype=int)[-count:]] = True  # added last
    return out


def _left_over(model: Any, names: list[str], found: list[str]) -> list[str]:
    """Return the regressors of which the effects and the others leave nothing."""
    missing = [n for i, n in enumerate(names) if f"x{i}" not in found]
    if missing or not model._has_fixef:
        return missing
    return _gone(model._X, model._irls_weights, names)


def _gone(left: np.ndarray, weights: np.ndarray, names: list[str]) -> list[str]:
    """Return names of columns that nothing, or the columns before, are left of.

    The regressors had unit variance before the effects were taken out of them.
    """
    length = np.sqrt((left**2).sum(axis=0) / weights.sum())
    absorbed = [n for n, part in zip(names, length, strict=True) if part < LOOSE]
    return absorbed or collinear(left, names, LOOSE)


def _with_dummies(y: np.ndarray, x: np.ndarray, problem: Problem) -> Fit:
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    effects = _dummies(len(y), problem.terms)
    gone = _gone(_without(effects, x, np.ones(len(y))), np.ones(len(y)), problem.names)
    if gone:
        nothing, none = np.zeros(x.shape[1]), np.zeros(len(y), dtype=bool)
        square = np.zeros((x.shape[1],) * 2)
        names, rows = problem.names, len(y)
        return Fit(names, nothing, square, rows, none, 0.0, "statsmodels", gone)
    fitted = GLM(y, np.column_stack([effects, x]), family=Poisson()).fit(
        maxiter=MOST_STEPS, tol=1e-10 * len(y)
    )
    if not fitted.converged:
        raise RuntimeError(f"PPML has not converged in {MOST_STEPS} iterations")
    mu, count = np.asarray(fitted.fittedvalues), x.shape[1]
    left = _without(effects, x, mu)
    scores = left * ((y - mu) / np.sqrt(mu))[:, None]
    matrix = _sandwich(left, scores, problem.groups, effects.shape[1] + count)
    return Fit(
        problem.names,
        np.asarray(fitted.params)[-count:],
        matrix,
        len(y),
        np.zeros(len(y), dtype=bool),
        float(np.corrcoef(mu, y)[0, 1] ** 2),
        "statsmodels",
        [],
    )


def _dummies(rows: int, terms: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return a constant and the dummies of all effects but their first levels.

    Raises
    ------
    ImportError
        If they would not fit into memory sensibly.
    """
    wide = 1 + sum(int(codes.max()) for codes in terms.values())
    if rows * wide > MOST_CELLS:
        raise ImportError(
            f"{rows:,} rows and {wide:,} dummy variables are too many for "
            "statsmodels; install pyfixest: "
            "pip install 'tariff-scenario-toolkit[estimation]'"
        )
    columns = [np.ones((rows, 1))]
    for codes in terms.values():
        columns.append((codes[:, None] == np.arange(1, codes.max() + 1)).astype(float))
    return _independent(np.column_stack(columns))


def _independent(matrix: np.ndarray) -> np.ndarray:
    """Return a largest set of independent columns."""
    from scipy.linalg import qr

    factors: Any = qr(matrix, mode="r", pivoting=True)
    upper, order = factors
    size = np.abs(np.diag(upper))
    return matrix[:, np.sort(order[: int((size > 1e-10 * size[0]).sum())])]


def _without(effects: np.ndarray, x: np.ndarray, mu: np.ndarray) -> np.ndarray:
    """Return weighted regressors less their projection on the effects."""
    root = np.sqrt(mu)[:, None]
    basis = np.linalg.lstsq(root * effects, root * x, rcond=None)[0]
    return root * (x - effects @ basis)


def _sandwich(
    left: np.ndarray, scores: np.ndarray, groups: np.ndarray | None, used: int
) -> np.ndarray:
    """Return the covariance: clustered with G/(G-1), HC1 without clusters."""
    bread = np.linalg.inv(left.T @ left)
    if groups is None:
        factor = len(left) / (len(left) - used)
    else:
        count = int(groups.max()) + 1
        factor = count / (count - 1)
        sums = [np.bincount(groups, weights=s, minlength=count) for s in scores.T]
        scores = np.column_stack(sums)
    return factor * bread @ (scores.T @ scores) @ bread
