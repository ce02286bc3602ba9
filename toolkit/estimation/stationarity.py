"""Unit roots and cointegration: are series stationary, alone or together."""

from __future__ import annotations

import pandas as pd

from .caveats import NoCointegrationWarning, warn

__all__ = ["COINTEGRATED", "nonstationary", "warn_if_spurious"]

LEVEL = 0.05  # a series is called stationary below this
A_YEAR = 12  # months: the most lags of the test
COINTEGRATED = 0.10  # two are not called cointegrated above this


def nonstationary(frame: pd.DataFrame) -> list[str]:
    """Return the columns for which a unit root is not rejected at 5 % (ADF)."""
    from statsmodels.tsa.stattools import adfuller

    most = min(A_YEAR, int(12 * (len(frame) / 100) ** 0.25))
    options = {"maxlag": most, "autolag": "AIC", "result_object": False}
    return [
        str(name)
        for name, column in frame.items()
        if column.min() < column.max() and adfuller(column, **options)[1] > LEVEL
    ]


def warn_if_spurious(frame: pd.DataFrame, dependent: str) -> None:
    """Warn of a regression between series with unit roots and no common path.

    If a unit root is rejected neither for the dependent variable nor for some
    regressor, the residuals of the two must reject it (Engle and Granger 1987);
    otherwise the coefficient and its t-value mean nothing (Granger and Newbold
    1974).
    """
    from statsmodels.tsa.stattools import coint

    if dependent not in nonstationary(frame[[dependent]]):
        return
    roots = nonstationary(frame.drop(columns=dependent))
    if not roots:
        return
    p_value = coint(frame[dependent], frame[roots])[1]
    if p_value > COINTEGRATED:
        message = (
            f"{dependent!r} and {', '.join(map(repr, roots))} each look like a unit "
            f"root, and they are not cointegrated (Engle-Granger p = {p_value:.2f}): "
            "the regression may be spurious; difference the series or use "
            "method='ardl' and its bounds test"
        )
        warn(message, NoCointegrationWarning)
