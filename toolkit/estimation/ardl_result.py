"""What an ARDL fit hands back: long run, adjustment and the bounds test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from toolkit.elasticities.elasticity import Elasticity

from .bounds import BoundsTest, bounds_test, f_statistic, require_case
from .checks import require_choice
from .diagnostics import diagnose
from .estimates import Estimates

__all__ = ["Adjustment", "Ardl", "ratios"]


class Adjustment(float):
    """Share of a gap closed per period: a number that knows its standard error."""

    std_error: float
    t_statistic: float


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Ardl(Estimates):
    """Estimates of an ARDL model, in levels.

    Attributes
    ----------
    order : tuple of int
        Lags of the dependent variable, then of each regressor.
    regressors : tuple of str
        Names of the regressors.
    aic, bic : float
        Information criteria.
    y, x : numpy.ndarray
        What was regressed (n) on what (n by k).
    index : pandas.Index
        Periods of the rows (n).
    """

    dependent: str
    regressors: tuple[str, ...]
    order: tuple[int, ...]
    aic: float
    bic: float
    y: np.ndarray = field(repr=False)
    x: np.ndarray = field(repr=False)
    index: pd.Index = field(repr=False)

    @property
    def adjustment(self) -> Adjustment:
        """Share of a gap to the long run closed per period, negative if stable.

        A number that also has ``std_error`` and ``t_statistic``.
        """
        own = self._own
        speed = Adjustment(self.values[own].sum() - 1)
        speed.std_error = float(np.sqrt(self.matrix[np.ix_(own, own)].sum()))
        speed.t_statistic = speed / speed.std_error
        return speed

    def long_run(self, level: float = 0.95) -> pd.DataFrame:
        """Return the long-run coefficients with delta-method errors.

        Returns
        -------
        pandas.DataFrame
            Coefficient, std_error, statistic, p_value, low and high for the
            constant and each regressor.
        """
        names, values, matrix = self._long()
        part = Estimates(
            names=names,
            values=values,
            matrix=matrix,
            nobs=self.nobs,
            df_resid=self.df_resid,
        )
        return part.summary(level).table

    def bounds_test(
        self, case: int | None = None, *, nsim: int | None = None, seed: int = 0
    ) -> BoundsTest:
        """Test whether there is a level relationship at all.

        Parameters
        ----------
        case : {1, 2, 3, 4, 5}, optional
            Treatment of constant and trend: 1 none; 2 constant inside the
            relation; 3 constant outside; 4 constant outside, trend inside; 5
            both outside. 1, 3 or 5 by the trend of the model if left out.
        nsim : int, optional
            Simulate the distribution for this sample size with so many draws:
            the right choice for 30 years of annual data. Asymptotic if None.
        seed : int
            Seed of the simulation.

        Returns
        -------
        BoundsTest
            ``statistic``, ``pvalue_lower`` and ``pvalue_upper``.

        Raises
        ------
        ValueError
            If there is no such case.

        Notes
        -----
        F is that of an unrestricted error-correction model with homoskedastic
        errors, whatever the errors of the table. statsmodels (0.14 and 0.15)
        gives the same F, but its asymptotic p-value counts the dependent variable
        among the regressors, reads the table of one regressor too many and
        rejects too often; here k is the number of regressors.

        References
        ----------
        Pesaran, Shin and Smith (2001), Journal of Applied Econometrics 16.
        """
        if case is None:
            case = 1 + 2 * sum(n in self.names for n in ("const", "trend"))
        x, restrictions = self._case(require_case(case))
        statistic = f_statistic(self.y, x, restrictions)
        return bounds_test(statistic, len(self.regressors), case, self.nobs, nsim, seed)

    def _case(self, case: int) -> tuple[np.ndarray, np.ndarray]:
        """Return regressors with the terms of a case, and what its null sets to 0.

        The levels drop out if every sum of lags is zero, one for the own lags.
        """
        fixed = {1: 0, 2: 1, 3: 1, 4: 2, 5: 2}[case]
        lags = [i for i, n in enumerate(self.names) if n not in ("const", "trend")]
        count = len(self.y)
        terms = np.column_stack([np.ones(count), np.arange(1.0, count + 1)])[:, :fixed]
        groups = [self._own, *(self._lags(n) for n in self.regressors)]
        levels = np.array([[float(i in g) for i in lags] for g in groups])
        inside = {2: [0], 4: [1]}.get(case, [])
        rows = len(levels) + len(inside)
        restrictions = np.zeros((rows, fixed + len(lags)))
        restrictions[: len(levels), fixed:] = levels
        for row, place in enumerate(inside):
            restrictions[len(levels) + row, place] = 1
        return np.column_stack([terms, self.x[:, lags]]), restrictions

    def diagnostics(
        self, *, lags: int | None = None, breaks: Sequence[object] | None = None
    ) -> pd.DataFrame:
        """Return the tests of the residuals; see ``diagnostics.diagnose``."""
        return diagnose(self.y, self.x, self.index, lags, breaks)

    def to_elasticity(
        self, name: str | None = None, *, horizon: str = "long"
    ) -> Elasticity:
        """Return the elasticity to one regressor, long or short run.

        Parameters
        ----------
        name : str, optional
            Regressor; may be left out when there is only one.
        horizon : {"long", "short"}
            Long-run coefficient, or the response within the first period. Both
            are carried with their joint covariance, as ``short`` and ``long``.

        Raises
        ------
        ValueError
            If the regressor or the horizon is unknown.
        """
        if name is None and len(self.regressors) == 1:
            name = self.regressors[0]
        require_choice("regressor", name, self.regressors)
        if horizon not in ("short", "long"):
            raise ValueError(f"horizon must be 'short' or 'long', not {horizon!r}.")
        lags = self._lags(str(name))
        weights = np.zeros((2, len(self.names)))
        weights[0, lags[0]], weights[1, lags] = 1, 1
        scale = np.array([False, True])
        values, matrix = ratios(self.values, self.matrix, weights, self._own, scale)
        place = ("short", "long").index(horizon)
        return Elasticity(
            value=float(values[place]),
            std_error=float(np.sqrt(matrix[place, place])),
            covariance=matrix,
            concept=self.concept,
            source=f"{self.title}, {name} ({self.source})",
            name=horizon,
            names=("short", "long"),
            estimates=values,
        )

    @property
    def _own(self) -> list[int]:
        start = f"{self.dependent}.L"
        return [i for i, n in enumerate(self.names) if _is_lag(n, start)]

    def _lags(self, regressor: str) -> list[int]:
        start = f"{regressor}.L"
        return [i for i, n in enumerate(self.names) if _is_lag(n, start)]

    def _long(self) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
        fixed = [n for n in ("const", "trend") if n in self.names]
        names = (*fixed, *self.regressors)
        weights = np.zeros((len(names), len(self.names)))
        for row, name in enumerate(names):
            where = [self.names.index(name)] if name in fixed else self._lags(name)
            weights[row, where] = 1
        scale = np.ones(len(names), dtype=bool)
        return names, *ratios(self.values, self.matrix, weights, self._own, scale)


def _is_lag(name: str, start: str) -> bool:
    return name.startswith(start) and name[len(start) :].isdigit()


def ratios(
    values: np.ndarray,
    matrix: np.ndarray,
    weights: np.ndarray,
    own: Sequence[int],
    scale: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return sums of coefficients over one less the own lags, delta method.

    Parameters
    ----------
    values, matrix : numpy.ndarray
        Coefficients (k) and covariance (k by k).
    weights : numpy.ndarray
        Which coefficients each ratio adds (m by k).
    own : sequence of int
        Positions of the lags of the dependent variable.
    scale : numpy.ndarray of bool
        Whether each ratio is divided (m); otherwise it is the plain sum.

    Returns
    -------
    tuple of numpy.ndarray
        Ratios (m) and their covariance (m by m).
    """
    gap = np.where(scale, 1 - values[list(own)].sum(), 1.0)
    result = weights @ values / gap
    slope = weights / gap[:, None]
    for place in own:
        slope[scale, place] += (result / gap)[scale]
    return result, slope @ matrix @ slope.T
