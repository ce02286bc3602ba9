"""Autoregressive distributed lags: choice of lags, estimation, warnings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from .ardl_result import Ardl
from .caveats import NoCointegrationWarning, warn
from .checks import day, require_choice, require_enough
from .design import lagged, require_independent
from .stationarity import COINTEGRATED, nonstationary

__all__ = ["Settings", "fit"]


@dataclass(frozen=True)
class Settings:
    """Choices of :func:`toolkit.elasticities.fit_import_demand` for ARDL."""

    order: tuple[int, ...] | None
    max_lags: int
    criterion: str
    trend: str
    hac_lags: int | None


def fit(data: pd.DataFrame, settings: Settings) -> Ardl:
    """Estimate on a frame whose first column is the dependent variable.

    Raises
    ------
    ValueError
        If the order does not fit, observations are too few or regressors
        collinear.
    """
    dependent, *regressors = map(str, data.columns)
    order = _order(data, settings)
    x = lagged(data, order, settings.trend)
    require_enough(len(x), x.shape[1])
    require_independent(x)
    # whole numbers instead of dates: statsmodels asks dates for a frequency
    plain = data.reset_index(drop=True)
    lags = dict(zip(regressors, order[1:], strict=True))
    model = _statsmodels().ARDL(
        plain[dependent], order[0], plain[regressors], lags, trend=settings.trend
    )
    covariance = {}
    if settings.hac_lags is not None:
        options = {"maxlags": settings.hac_lags, "use_correction": True}
        covariance = {"cov_type": "HAC", "cov_kwds": options}
    fitted = model.fit(use_t=True, **covariance)
    result = _result(data, x, fitted, order, settings)
    _warn(result, data)
    return result


def _result(
    data: pd.DataFrame,
    x: pd.DataFrame,
    fitted: Any,
    order: tuple[int, ...],
    settings: Settings,
) -> Ardl:
    dependent, *regressors = map(str, data.columns)
    chosen = "given" if settings.order else f"chosen by {settings.criterion.upper()}"
    errors = "" if settings.hac_lags is None else f" HAC({settings.hac_lags}) errors."
    return Ardl(
        names=tuple(map(str, fitted.params.index)),
        values=fitted.params.to_numpy(),
        matrix=fitted.cov_params().to_numpy(),
        nobs=int(fitted.nobs),
        df_resid=float(fitted.df_resid),
        title=f"ARDL({','.join(map(str, order))}): {dependent} on "
        f"{', '.join(regressors)}",
        source=f"own estimate, {day(x.index[0])} to {day(x.index[-1])}",
        notes=(f"Lags {chosen}. AIC {fitted.aic:.4f}.{errors}",),
        dependent=dependent,
        regressors=tuple(regressors),
        order=order,
        aic=float(fitted.aic),
        bic=float(fitted.bic),
        y=data.loc[x.index, dependent].to_numpy(),
        x=x.to_numpy(),
        index=x.index,
    )


def _order(data: pd.DataFrame, settings: Settings) -> tuple[int, ...]:
    """Return the lags given, or those the criterion prefers."""
    count = data.shape[1]
    if settings.order is not None:
        order = tuple(settings.order)
        whole = all(isinstance(lag, int | np.integer) and lag >= 0 for lag in order)
        if len(order) != count or not whole or order[0] < 1:
            raise ValueError(
                f"order must be {count} whole numbers, the first at least 1 (lags of "
                f"{', '.join(map(str, data.columns))}), not {order}."
            )
        return tuple(map(int, order))
    require_choice("criterion", settings.criterion, ["aic", "bic"])
    require_enough(len(data) - settings.max_lags, count * (settings.max_lags + 1) + 1)
    plain = data.reset_index(drop=True)
    best = (
        _statsmodels()
        .ardl_select_order(
            plain.iloc[:, 0],
            settings.max_lags,
            plain.iloc[:, 1:],
            settings.max_lags,
            ic=settings.criterion,
            trend=settings.trend,
        )
        .model
    )
    own = max(best.ar_lags or [0])
    lags = [max(best.dl_lags.get(c, [0])) for c in plain.columns[1:]]
    return (max(own, 1), *lags)


def _statsmodels() -> Any:
    from statsmodels.tsa import ardl

    return ardl


def _warn(result: Ardl, data: pd.DataFrame) -> None:
    """Warn of an adjustment that does not adjust, and of no level relationship."""
    speed = result.adjustment
    if speed >= 0 or speed + 2 * speed.std_error < -1:
        warn(
            f"the adjustment {float(speed):.3f} of {result.dependent!r} is "
            "outside (-1, 0): the long run is not reached smoothly, or not at all"
        )
    test = result.bounds_test()
    if test.pvalue_upper < COINTEGRATED or not nonstationary(data.iloc[:, :1]):
        return
    roots = nonstationary(data.iloc[:, 1:])
    if roots:
        message = (
            f"{result.dependent!r} and {', '.join(map(repr, roots))} each look like a "
            f"unit root, and the bounds test does not find a level relationship "
            f"(F = {test.statistic:.2f}, p up to {test.pvalue_upper:.2f}): the "
            "long-run coefficients may be spurious"
        )
        warn(message, NoCointegrationWarning)
