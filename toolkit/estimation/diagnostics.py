"""Is the regression fit to be believed: serial correlation, normality, stability."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

__all__ = ["BREAKS", "chow", "diagnose"]

BREAKS: tuple[str, ...] = ("2014", "2022")  # sanctions on Russia, and again


def diagnose(
    y: np.ndarray,
    x: np.ndarray,
    index: pd.Index,
    lags: int | None = None,
    breaks: Sequence[object] | None = None,
) -> pd.DataFrame:
    """Return the tests of a linear regression.

    Parameters
    ----------
    y : numpy.ndarray
        Dependent variable (n).
    x : numpy.ndarray
        Regressors with constant (n by k).
    index : pandas.Index
        Dates, periods or years (n).
    lags : int, optional
        Order of serial correlation; 12, 4 or 2 by the spacing of the index.
    breaks : sequence, optional
        First date of each new regime; 2014 and 2022 where inside the sample.

    Returns
    -------
    pandas.DataFrame
        One row per test: null, statistic, p_value, and whether 5 % rejects it.

    References
    ----------
    Breusch (1978), Godfrey (1978); Jarque and Bera (1980); Brown, Durbin and
    Evans (1975) with the residuals of Ploberger and Kraemer (1992); Chow (1960).
    """
    from statsmodels.regression.linear_model import OLS
    from statsmodels.stats.diagnostic import (
        acorr_breusch_godfrey,
        breaks_cusumolsresid,
    )
    from statsmodels.stats.stattools import jarque_bera

    fit = OLS(y, x).fit()
    order = lags or _spacing(index)
    serial = acorr_breusch_godfrey(fit, nlags=order, result_object=True)
    normal = jarque_bera(fit.resid)
    steady = breaks_cusumolsresid(fit.resid, ddof=x.shape[1])
    rows = [
        (f"Breusch-Godfrey ({order})", "no serial correlation", *serial[:2]),
        ("Jarque-Bera", "normal errors", *normal[:2]),
        ("CUSUM", "stable coefficients", *steady[:2]),
    ]
    rows += [
        (f"Chow at {date}", "no break", *chow(y, x, split))
        for date, split in _splits(index, breaks)
    ]
    table = pd.DataFrame(rows, columns=["test", "null", "statistic", "p_value"])
    table["rejected"] = table.p_value < 0.05
    return table.set_index("test")


def chow(y: np.ndarray, x: np.ndarray, split: int) -> tuple[float, float]:
    """Return F and p-value of a break before row ``split``.

    Where one side is too short for its own coefficients, the predictive form of
    the test takes its place.
    """
    from scipy.stats import f

    n, k = x.shape
    total = _rss(y, x)
    short = min(split, n - split)
    if short > k:
        parts = _rss(y[:split], x[:split]) + _rss(y[split:], x[split:])
        top, bottom = k, n - 2 * k
    else:
        long = slice(None, split) if split > n - split else slice(split, None)
        parts = _rss(y[long], x[long])
        top, bottom = short, n - short - k
    statistic = (total - parts) / top / (parts / bottom)
    return float(statistic), float(f.sf(statistic, top, bottom))


def _rss(y: np.ndarray, x: np.ndarray) -> float:
    residual = y - x @ np.linalg.lstsq(x, y, rcond=None)[0]
    return float(residual @ residual)


def _splits(
    index: pd.Index, breaks: Sequence[object] | None
) -> list[tuple[object, int]]:
    """Return the breaks inside the sample with the row they come before.

    Raises
    ------
    ValueError
        If a break the caller asked for leaves nothing on one side.
    """
    wanted = BREAKS if breaks is None else tuple(breaks)
    found = []
    for date in wanted:
        split = _row(index, date)
        if 0 < split < len(index):
            found.append((date, split))
        elif breaks is not None:
            raise ValueError(
                f"The break {date!r} is outside the sample {index[0]} to {index[-1]}."
            )
    return found


def _row(index: pd.Index, date: object) -> int:
    """Return the first row at or after a date; 0 where the index has no dates."""
    if isinstance(index, pd.PeriodIndex):
        return int((index.start_time < pd.Timestamp(str(date))).sum())
    if isinstance(index, pd.DatetimeIndex):
        return int((index < pd.Timestamp(str(date))).sum())
    looks_like_years = pd.api.types.is_integer_dtype(index) and index.min() > 1000
    return int((index < int(str(date)[:4])).sum()) if looks_like_years else 0


def _spacing(index: pd.Index) -> int:
    """Return the observations of a year, 2 where there is one or none."""
    if not isinstance(index, pd.DatetimeIndex | pd.PeriodIndex) or len(index) < 3:
        return 2
    times = index.start_time if isinstance(index, pd.PeriodIndex) else index
    days = float(np.median(np.diff(times.to_numpy()) / np.timedelta64(1, "D")))
    return 12 if days < 45 else 4 if days < 200 else 2
