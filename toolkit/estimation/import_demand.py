"""Import demand from a time series or a panel: least squares, ARDL, fixed effects."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from . import ardl, panel
from .checks import (
    as_dates,
    day,
    in_time_order,
    require_choice,
    require_column,
    require_columns,
    require_enough,
    take_logs,
    without_edges,
)
from .design import TRENDS, design, require_independent
from .diagnostics import diagnose
from .estimates import Estimates
from .stationarity import warn_if_spurious

__all__ = ["LeastSquares", "fit_import_demand"]

METHODS = ["ols", "ardl", "panel"]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class LeastSquares(Estimates):
    """Least squares with Newey-West errors.

    Attributes
    ----------
    hac_lags : int
        Lags of the Bartlett kernel.
    y, x : numpy.ndarray
        What was regressed (n) on what (n by k).
    index : pandas.Index
        Periods of the rows (n).
    """

    hac_lags: int
    y: np.ndarray = field(repr=False)
    x: np.ndarray = field(repr=False)
    index: pd.Index = field(repr=False)

    def diagnostics(
        self, *, lags: int | None = None, breaks: Sequence[object] | None = None
    ) -> pd.DataFrame:
        """Return the tests of the residuals; see ``diagnostics.diagnose``."""
        return diagnose(self.y, self.x, self.index, lags, breaks)


def fit_import_demand(
    frame: pd.DataFrame,
    *,
    dependent: str,
    regressors: Sequence[str],
    method: str = "ols",
    order: Sequence[int] | None = None,
    max_lags: int = 4,
    criterion: str = "aic",
    hac_lags: int | None = None,
    trend: str = "c",
    log: bool | Sequence[str] = False,
    entity: str | None = None,
    time: str | None = None,
    time_effects: bool = False,
) -> LeastSquares | ardl.Ardl | panel.PanelEstimates:
    r"""Estimate how imports answer to prices and income.

    ``ols``: :math:`\ln m_t = c + \eta \ln p_t + \beta \ln y_t + u_t`, with
    Newey-West standard errors (Bartlett kernel, small-sample factor).
    ``ardl``: :math:`\ln m_t = c + \sum_i \phi_i \ln m_{t-i} + \sum_j \sum_l
    \beta_{jl} x_{j,t-l} + u_t`, with long-run coefficients
    :math:`\sum_l \beta_{jl} / (1 - \sum_i \phi_i)`, errors by the delta method
    and the bounds test. ``panel``: entity (and time) effects, clustered by entity.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per period (and entity); the index is the time unless ``time``
        names a column: dates, periods, whole numbers, or text such as 2014-03.
        Not changed.
    dependent, regressors
        Columns: imports in volume; relative price, income, other shifters.
    method : {"ols", "ardl", "panel"}
        Estimator.
    order : sequence of int, optional
        ARDL lags: of the dependent variable, then of each regressor. Chosen by
        ``criterion`` up to ``max_lags`` if left out.
    max_lags, criterion
        Search space and ``aic`` or ``bic`` of the lag choice.
    hac_lags : int, optional
        Newey-West lags; :math:`\lfloor 4 (T/100)^{2/9} \rfloor` for ``ols``, none
        for ``ardl``, if left out.
    trend : {"n", "c", "ct"}
        Nothing, a constant, a constant and a trend.
    log : bool or sequence of str
        Take logarithms of all columns, or of those named.
    entity, time, time_effects
        Columns of the panel, and whether each period has its own effect.

    Returns
    -------
    LeastSquares, Ardl or PanelEstimates
        Immutable; its repr is the table. All have ``params``, ``std_errors``,
        ``conf_int()``, ``summary()``, ``diagnostics()``, ``to_elasticity()``.

    Raises
    ------
    ValueError
        For unknown columns or options, too few observations, collinear
        regressors, logarithms of values that are not positive, missing values
        or gaps between periods.

    Warns
    -----
    EstimationWarning
        Below 30 observations, and when incomplete rows at the ends are left out.
    NoCointegrationWarning
        When the series have unit roots and no common path.

    Notes
    -----
    Prices are taken as given. Where imports move the price, least squares is
    biased to zero, the more so with noisy unit values: report a Feenstra-type
    estimate beside it. Do not pool across a change of regime such as 2022
    without looking at ``diagnostics()``.

    References
    ----------
    Goldstein and Khan (1985), Handbook of International Economics 2, ch. 20;
    Newey and West (1987); Pesaran, Shin and Smith (2001).

    Examples
    --------
    >>> import numpy as np, pandas as pd, toolkit as tk
    >>> rng = np.random.default_rng(1)
    >>> price = rng.normal(size=200)
    >>> frame = pd.DataFrame({"price": price})
    >>> frame["imports"] = 1 - 1.5 * price + rng.normal(scale=0.1, size=200)
    >>> fit = tk.elasticities.fit_import_demand(
    ...     frame, dependent="imports", regressors=["price"])
    >>> round(float(fit.to_elasticity()), 1)
    -1.5
    """
    require_choice("method", method, METHODS)
    if isinstance(regressors, str) or not list(regressors):
        raise ValueError(f"regressors must be a list of columns, not {regressors!r}.")
    columns = [dependent, *regressors]
    logged = columns if log is True else list(log or ())
    if method == "panel":
        return panel.fit(
            frame, dependent, list(regressors), logged, entity, time, time_effects
        )
    if trend not in TRENDS:
        raise ValueError(f"trend must be 'n', 'c' or 'ct', not {trend!r}.")
    data = _series(frame, columns, logged, time)
    if method == "ardl":
        settings = ardl.Settings(
            None if order is None else tuple(order),
            max_lags,
            criterion,
            trend,
            hac_lags,
        )
        return ardl.fit(data, settings)
    return _least_squares(data, trend, hac_lags)


def _series(
    frame: pd.DataFrame, columns: list[str], logged: list[str], time: str | None
) -> pd.DataFrame:
    """Return the checked columns in time order, dependent variable first."""
    data = require_columns(frame, columns)
    if time is not None:
        require_column(frame, time)
        data = data.set_axis(pd.Index(frame[time]), axis=0)
    data = data.set_axis(as_dates(data.index), axis=0)
    for column in logged:
        require_choice("log: column", column, columns)
    return take_logs(without_edges(in_time_order(data)), logged)


def _least_squares(
    data: pd.DataFrame, trend: str, hac_lags: int | None
) -> LeastSquares:
    from statsmodels.regression.linear_model import OLS

    dependent, *regressors = map(str, data.columns)
    x = design(data[regressors], trend)
    require_enough(len(x), x.shape[1])
    require_independent(x)
    if x.shape[1] > len(TRENDS[trend]):
        warn_if_spurious(data, dependent)
    rows = len(x)
    lags = int(4 * (rows / 100) ** (2 / 9)) if hac_lags is None else hac_lags
    y = data[dependent].to_numpy()
    options = {"maxlags": lags, "use_correction": True}
    fitted = OLS(y, x.to_numpy()).fit(cov_type="HAC", cov_kwds=options, use_t=True)
    return LeastSquares(
        names=tuple(x.columns),
        values=fitted.params,
        matrix=fitted.cov_params(),
        nobs=rows,
        df_resid=float(fitted.df_resid),
        title=f"Least squares: {dependent}",
        source=f"own estimate, {day(data.index[0])} to {day(data.index[-1])}",
        notes=(f"Newey-West standard errors, {lags} lags. R2 {fitted.rsquared:.4f}.",),
        hac_lags=lags,
        y=y,
        x=x.to_numpy(),
        index=data.index,
    )
