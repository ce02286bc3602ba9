"""The bounds test for a level relationship, with p-values of the right table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = [
    "BoundsTest",
    "asymptotic_p_value",
    "bounds_test",
    "f_statistic",
    "require_case",
    "simulate",
]


@dataclass(frozen=True, eq=False)
class BoundsTest:
    """F statistic against no level relationship, with two p-values.

    Attributes
    ----------
    statistic : float
        F statistic.
    pvalue_lower, pvalue_upper : float
        p-value if all regressors are I(0), and if all are I(1). Below 5 % at
        the upper one the null is rejected whatever their order; above 5 % at
        the lower one it stands; between, the order decides.
    critical_values : pandas.DataFrame
        Columns ``lower`` and ``upper`` by percentile.
    regressors, case : int
        Regressors in the long-run relation (k), and treatment of constant and
        trend (1 to 5) in Pesaran, Shin and Smith.
    method : str
        ``asymptotic`` or ``simulated for T = ...``.
    """

    statistic: float
    pvalue_lower: float
    pvalue_upper: float
    critical_values: pd.DataFrame
    regressors: int
    case: int
    method: str

    @property
    def verdict(self) -> str:
        """What the test says at 5 %."""
        if self.pvalue_upper < 0.05:
            return "level relationship"
        if self.pvalue_lower > 0.05:
            return "no level relationship"
        return "undecided: depends on the order of integration"

    def __repr__(self) -> str:
        """Return one line."""
        return (
            f"Bounds test, case {self.case}, k = {self.regressors}: "
            f"F = {self.statistic:.4f}, p = {self.pvalue_lower:.4f} (I(0)) to "
            f"{self.pvalue_upper:.4f} (I(1)), {self.method}: {self.verdict}"
        )


def bounds_test(
    statistic: float,
    regressors: int,
    case: int,
    rows: int,
    nsim: int | None,
    seed: int,
) -> BoundsTest:
    """Return the p-values of an F statistic.

    Parameters
    ----------
    statistic : float
        F statistic.
    regressors : int
        Number of regressors in the long-run relation.
    case : {1, 2, 3, 4, 5}
        Treatment of constant and trend.
    rows : int
        Observations.
    nsim, seed
        Draws and seed of the finite-sample distribution; asymptotic if None.
    """
    if nsim is None:
        lower, upper = (
            asymptotic_p_value(statistic, regressors, case, upper=side)
            for side in (False, True)
        )
        table, method = _table(regressors, case), "asymptotic"
    else:
        rng = np.random.default_rng(seed)
        drawn = {
            name: simulate(regressors, case, rows, nsim, rng, upper=name == "upper")
            for name in ("lower", "upper")
        }
        lower, upper = (float((f > statistic).mean()) for f in drawn.values())
        points = _tables().crit_percentiles
        table = pd.DataFrame(
            {name: np.percentile(f, points) for name, f in drawn.items()},
            index=pd.Index(points, name="percentile"),
        )
        method = f"simulated for T = {rows}, {nsim:,} draws, seed {seed}"
    return BoundsTest(statistic, lower, upper, table, regressors, case, method)


def require_case(case: int) -> int:
    """Return the case if there is one.

    Raises
    ------
    ValueError
        If the case is not 1 to 5.
    """
    if case not in (1, 2, 3, 4, 5):
        raise ValueError(f"case must be 1, 2, 3, 4 or 5, not {case!r}.")
    return case


def f_statistic(y: np.ndarray, x: np.ndarray, restrictions: np.ndarray) -> float:
    """Return F of a level relationship in a regression of levels.

    Parameters
    ----------
    y : numpy.ndarray
        Dependent variable (n).
    x : numpy.ndarray
        Deterministic terms and lags (n by k), the own lags among them.
    restrictions : numpy.ndarray
        Combinations of coefficients (m by k); the null sets the first, the sum of
        the own lags, to one and the others to zero.
    """
    inverse = np.linalg.inv(x.T @ x)
    values = inverse @ (x.T @ y)
    residual = y - x @ values
    variance = residual @ residual / (len(y) - x.shape[1])
    gap = restrictions @ values
    gap[0] -= 1
    spread = restrictions @ inverse @ restrictions.T
    return float(gap @ np.linalg.solve(spread, gap) / len(gap) / variance)


def simulate(
    regressors: int,
    case: int,
    rows: int,
    nsim: int,
    rng: np.random.Generator,
    *,
    upper: bool,
) -> np.ndarray:
    """Draw the F statistic where there is no level relationship.

    The dependent variable is a random walk; the regressors are random walks too
    (``upper``) or white noise, all independent.

    Returns
    -------
    numpy.ndarray
        nsim draws.
    """
    block = max(1, 4_000_000 // (rows * (regressors + 3)))
    parts = []
    for start in range(0, nsim, block):
        draws = min(block, nsim - start)
        shocks = rng.standard_normal((draws, rows + 1, regressors + 1))
        levels = shocks.cumsum(axis=1) if upper else shocks.copy()
        levels[:, :, 0] = shocks[:, :, 0].cumsum(axis=1)
        parts.append(_draw(shocks[:, 1:, 0], levels[:, :-1], case))
    return np.concatenate(parts)


def _draw(change: np.ndarray, levels: np.ndarray, case: int) -> np.ndarray:
    """Return F of each draw: change (b, n) on lagged levels (b, n, k) and terms."""
    draws, rows, _ = levels.shape
    terms = np.column_stack([np.ones(rows), np.arange(rows) - (rows - 1) / 2])
    outside = terms[:, : {1: 0, 2: 0, 3: 1, 4: 1, 5: 2}[case]]
    inside = terms[:, outside.shape[1] : outside.shape[1] + (case in (2, 4))]
    shape = (draws, *inside.shape)
    x = np.concatenate([levels, np.broadcast_to(inside, shape)], axis=2)
    if outside.size:
        basis = np.linalg.qr(outside)[0]
        x = x - basis @ (basis.T @ x)
        change = change - change @ basis @ basis.T
    cross = (change[:, None, :] @ x)[:, 0]
    gram = x.transpose(0, 2, 1) @ x
    explained = (cross * np.linalg.solve(gram, cross[:, :, None])[:, :, 0]).sum(axis=1)
    tested = x.shape[2]
    free = rows - tested - outside.shape[1]
    return explained / tested / (((change**2).sum(axis=1) - explained) / free)


def _tables():
    from statsmodels.tsa.ardl import pss_critical_values

    return pss_critical_values


def _table(regressors: int, case: int) -> pd.DataFrame:
    stored = _tables()
    return pd.DataFrame(
        {
            "lower": stored.crit_vals[regressors, case, False],
            "upper": stored.crit_vals[regressors, case, True],
        },
        index=pd.Index(stored.crit_percentiles, name="percentile"),
    )


def asymptotic_p_value(
    statistic: float, regressors: int, case: int, *, upper: bool
) -> float:
    """Return the p-value of the F statistic of the bounds test.

    Between the stored percentiles (90 to 99.9) the normal score of the
    percentile is the cubic in ln F through all four; outside them it is
    statsmodels' response surface. Both are read at k, the number of regressors.

    Parameters
    ----------
    statistic : float
        F statistic.
    regressors : int
        k, from 1 to 10.
    case : int
        1 to 5.
    upper : bool
        Whether all regressors are taken as I(1).

    Notes
    -----
    ``UECMResults.bounds_test`` of statsmodels 0.14 and 0.15 counts the dependent
    variable in k and so reads the next table, whose critical values are lower:
    it rejects too often. This function does not go through it.

    References
    ----------
    Pesaran, Shin and Smith (2001), Journal of Applied Econometrics 16, 289-326.

    Examples
    --------
    >>> from toolkit.estimation.bounds import asymptotic_p_value
    >>> round(asymptotic_p_value(5.116768, 3, 2, upper=True), 4)
    0.0041
    """
    from scipy.stats import norm

    stored, key = _tables(), (regressors, case, upper)
    if key not in stored.crit_vals:
        raise ValueError(f"Critical values exist for 1 to 10 regressors, not {key[0]}.")
    if statistic <= 0:
        return 1.0
    known = np.asarray(stored.crit_vals[key])
    score = norm.ppf(np.asarray(stored.crit_percentiles) / 100)
    x = np.log(statistic)
    if known[0] <= statistic <= known[-1]:
        return float(norm.sf(np.polyval(np.polyfit(np.log(known), score, 3), x)))
    large = statistic <= stored.stat_star[key]
    terms = (stored.large_p if large else stored.small_p)[key]
    return float(norm.sf(np.polyval(list(terms)[::-1], x)))
