"""The bounds test for a level relationship, with p-values of the right table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from .compat import first_attribute, seeded

__all__ = ["BoundsTest", "asymptotic_p_value", "bounds_test"]


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
    results, *, regressors: int, case: int, nsim: int | None, seed: int
) -> BoundsTest:
    """Test a fitted unrestricted error-correction model.

    Parameters
    ----------
    results : statsmodels UECMResults
        The fitted model.
    regressors : int
        Number of regressors in the long-run relation.
    case : {1, 2, 3, 4, 5}
        Treatment of constant and trend.
    nsim, seed
        Draws and seed of the finite-sample distribution; asymptotic if None.

    Raises
    ------
    ValueError
        If the case is not 1 to 5.
    """
    if case not in (1, 2, 3, 4, 5):
        raise ValueError(f"case must be 1, 2, 3, 4 or 5, got {case!r}")
    if nsim is None:
        raw = results.bounds_test(case)
        statistic = first_attribute(raw, "statistic", "stat")
        lower = asymptotic_p_value(statistic, regressors, case, upper=False)
        upper = asymptotic_p_value(statistic, regressors, case, upper=True)
        table, method = _table(regressors, case), "asymptotic"
    else:
        keyword = seeded(results.bounds_test, seed)
        raw = results.bounds_test(case, asymptotic=False, nsim=nsim, **keyword)
        statistic = first_attribute(raw, "statistic", "stat")
        table = first_attribute(raw, "critical_values", "crit_vals")
        share = first_attribute(raw, "pvalue", "p_values")
        lower, upper = share["lower"], share["upper"]
        method = f"simulated for T = {int(results.nobs)}, {nsim:,} draws, seed {seed}"
    return BoundsTest(
        float(statistic), float(lower), float(upper), table, regressors, case, method
    )


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
    >>> from toolkit.elasticities.bounds import asymptotic_p_value
    >>> round(asymptotic_p_value(5.116768, 3, 2, upper=True), 4)
    0.0041
    """
    from scipy.stats import norm

    stored, key = _tables(), (regressors, case, upper)
    if key not in stored.crit_vals:
        raise ValueError(f"critical values exist for 1 to 10 regressors, not {key[0]}")
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
