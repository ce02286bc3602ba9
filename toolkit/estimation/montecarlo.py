"""Data made with a known truth: how often an interval covers it."""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .ardl_result import Ardl
from .caveats import EstimationWarning
from .checks import require_choice
from .import_demand import fit_import_demand

__all__ = ["Coverage", "coverage", "simulate_suppliers"]

SHORT_RUN, LONG_RUN, PERSISTENCE = -0.5, -1.5, 0.6
SHOCK_MEMORY = 0.3  # of errors and price in the least-squares experiment
WARM_UP = 50
METHODS = ["ols", "ardl"]


@dataclass(frozen=True)
class Coverage:
    """Share of intervals that hold the truth.

    Attributes
    ----------
    method : str
        Estimator.
    periods, draws : int
        Length of each series and number of series.
    share : float
        Intervals that hold the truth, over draws.
    std_error : float
        Binomial standard error of the share.
    truth, median : float
        What the data were made with, and the median estimate.
    """

    method: str
    periods: int
    draws: int
    share: float
    std_error: float
    truth: float
    median: float


def coverage(
    method: str = "ardl",
    *,
    periods: int,
    draws: int = 200,
    seed: int = 12,
    level: float = 0.95,
) -> Coverage:
    r"""Return how often an interval covers the truth it was made with.

    ``ardl``: the log price is a random walk, :math:`m_t = 0.5 + 0.6 m_{t-1} -
    0.5 p_t - 0.1 p_{t-1} + u_t` with standard normal errors, so the long run is
    -1.5; the interval is that of the long-run coefficient (delta method).
    ``ols``: :math:`m_t = 1 - 1.5 p_t + u_t`, price and errors autoregressive
    with 0.3; the interval is that of Newey and West.

    Parameters
    ----------
    method : {"ardl", "ols"}
        Estimator.
    periods : int
        Observations of each series.
    draws : int
        Series.
    seed : int
        Seed; each draw has its own stream, so draws do not depend on their number.
    level : float, default 0.95
        Level of the intervals.

    Returns
    -------
    Coverage

    Raises
    ------
    ValueError
        For another method, or fewer than 15 periods or one draw.

    Notes
    -----
    Nothing is wrong with these data except that they are few: no break, no
    omitted variable, no measurement error. Real coverage is worse.

    Examples
    --------
    >>> import toolkit as tk
    >>> tk.elasticities.coverage("ardl", periods=400, draws=20).share >= 0.8
    True
    """
    require_choice("method", method, METHODS)
    if periods < 15 or draws < 1:
        raise ValueError(
            f"There must be at least 15 periods and one draw, not {periods} and "
            f"{draws}."
        )
    found = np.array([_one(method, periods, [seed, n], level) for n in range(draws)])
    inside = (found[:, 1] < LONG_RUN) & (found[:, 2] > LONG_RUN)
    share = float(inside.mean())
    error = math.sqrt(share * (1 - share) / draws)
    median = float(np.median(found[:, 0]))
    return Coverage(method, periods, draws, share, error, LONG_RUN, median)


def _one(
    method: str, periods: int, seed: list[int], level: float
) -> tuple[float, float, float]:
    """Return estimate, low and high of one made series."""
    rng = np.random.default_rng(seed)
    made = _lagged(rng, periods) if method == "ardl" else _static(rng, periods)
    order = (1, 1) if method == "ardl" else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", EstimationWarning)
        fit = fit_import_demand(
            made, dependent="m", regressors=["p"], method=method, order=order
        )
    table = fit.long_run(level) if isinstance(fit, Ardl) else fit.summary(level).table
    value, low, high = table.loc["p", ["coefficient", "low", "high"]].to_numpy(float)
    return float(value), float(low), float(high)


def _lagged(rng: np.random.Generator, periods: int) -> pd.DataFrame:
    """Return imports that adjust to a price that is a random walk."""
    shocks = rng.normal(size=(2, periods + 1))
    price, error = shocks[0].cumsum(), shocks[1]
    later = LONG_RUN * (1 - PERSISTENCE) - SHORT_RUN
    m = np.zeros(periods + 1)
    for t in range(1, periods + 1):
        m[t] = 0.5 + PERSISTENCE * m[t - 1] + error[t]
        m[t] += SHORT_RUN * price[t] + later * price[t - 1]
    return pd.DataFrame({"m": m, "p": price})


def _static(rng: np.random.Generator, periods: int) -> pd.DataFrame:
    """Return imports that answer at once, price and errors with some memory."""
    shocks = rng.normal(size=(2, periods + WARM_UP))
    for t in range(1, periods + WARM_UP):
        shocks[:, t] += SHOCK_MEMORY * shocks[:, t - 1]
    error, price = shocks[:, WARM_UP:]
    return pd.DataFrame({"m": 1 + LONG_RUN * price + error, "p": price})


def simulate_suppliers(
    sigma: float,
    *,
    goods: int = 1,
    omega: float = 0.5,
    periods: int = 20,
    suppliers: int = 30,
    seed: int = 3,
) -> pd.DataFrame:
    r"""Make trade in goods whose suppliers have shocks of unequal size.

    Log demand and supply shocks are normal, with standard deviations drawn per
    supplier from 0.05 to 0.6 and 0.025 to 0.3; prices and shares solve the two
    equations of :func:`fit_elasticity_of_substitution`.

    Parameters
    ----------
    sigma, omega : float
        Elasticity of substitution (above 1) and inverse supply elasticity (above 0).
    goods, periods, suppliers : int
        Size of the panel; there is one reference supplier more.
    seed : int
        Seed.

    Returns
    -------
    pandas.DataFrame
        product, year, exporter, value_usd_mn, kilotonnes.

    Raises
    ------
    ValueError
        If sigma is not above one or omega not above zero.

    Examples
    --------
    >>> import toolkit as tk
    >>> tk.elasticities.simulate_suppliers(3.0, periods=5, suppliers=4).shape
    (25, 5)
    """
    if not sigma > 1 or not omega > 0:
        raise ValueError(
            f"sigma must be above 1 and omega above 0, not {sigma} and {omega}."
        )
    rng = np.random.default_rng(seed)
    width = suppliers + 1
    parts = [_good(rng, sigma - 1, omega / (1 + omega), periods, width)
             for _ in range(goods)]  # fmt: skip
    frames = [part.assign(product=f"{n:04d}") for n, part in enumerate(parts)]
    columns = ["product", "year", "exporter", "value_usd_mn", "kilotonnes"]
    return pd.concat(frames, ignore_index=True)[columns]


def _good(
    rng: np.random.Generator, b: float, a: float, periods: int, width: int
) -> pd.DataFrame:
    """Return one good: demand slope -b, supply slope a, in log shares."""
    demand = rng.normal(size=(periods, width)) * rng.uniform(0.05, 0.6, width)
    supply = rng.normal(size=(periods, width)) * rng.uniform(0.025, 0.3, width)
    price = (supply + a * demand) / (1 + a * b)
    share = np.cumsum(demand - b * price, axis=0)
    price = np.cumsum(price, axis=0)
    return pd.DataFrame(
        {
            "year": np.repeat(np.arange(2000, 2000 + periods), width),
            "exporter": np.tile([f"E{n:02d}" for n in range(width)], periods),
            "value_usd_mn": np.exp(share).ravel(),
            "kilotonnes": np.exp(share - price).ravel(),
        }
    )
