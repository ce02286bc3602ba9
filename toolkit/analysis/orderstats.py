"""Quantiles of draws, and how well they are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.market.flows import Floats

CONFIDENCE = 0.95


def quantiles(values: Floats, at: Sequence[float]) -> list[float]:
    """Return sample quantiles (linear interpolation, type 7).

    Raises
    ------
    ValueError
        A probability outside [0, 1].

    Examples
    --------
    >>> quantiles(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), [0.0, 0.5])
    [1.0, 3.0]
    """
    wrong = [p for p in at if not 0.0 <= p <= 1.0]
    if wrong:
        raise ValueError(
            f"A quantile is asked for between 0 and 1, not at {wrong[0]!r}."
        )
    return [float(q) for q in np.quantile(values, list(at))]


def interval(
    values: Floats, at: float, confidence: float = CONFIDENCE
) -> tuple[float, float]:
    """Return an interval for a quantile from two order statistics.

    The number of draws below the true quantile is binomial, whatever the distribution;
    the ends are the draws at which that number has its outer percentiles (David and
    Nagaraja 2003, 7.1). Infinite where there are too few draws for an end.

    Examples
    --------
    >>> interval(np.arange(1.0, 101.0), 0.5)
    (40.0, 61.0)
    """
    from scipy.stats import binom  # loaded for draws only

    ranked, tail = np.sort(values), 0.5 * (1.0 - confidence)
    count = len(ranked)
    lower = int(binom.ppf(tail, count, at))
    upper = int(binom.ppf(1.0 - tail, count, at)) + 1
    return (
        float(ranked[lower - 1]) if lower >= 1 else -np.inf,
        float(ranked[upper - 1]) if upper <= count else np.inf,
    )


def convergence(values: Floats, at: Sequence[float], tolerance: float) -> pd.DataFrame:
    """Return estimate, interval and need of draws of each quantile.

    Parameters
    ----------
    values : ndarray, shape (N,)
    at : sequence of float
    tolerance : float
        Half width that is good enough, as a share of the 90 % band.

    Returns
    -------
    DataFrame
        Index quantile; ``estimate, low, high, enough, draws_needed``; the error falls
        with the square root of the draws.
    """
    band = np.subtract(*np.quantile(values, [0.95, 0.05]))
    rows = {}
    for p, estimate in zip(at, quantiles(values, at), strict=True):
        low, high = interval(values, p)
        half = 0.5 * (high - low)
        share = half / band if band > 0 else 0.0
        more = len(values) * max(1.0, (share / tolerance) ** 2)
        needed = int(np.ceil(more)) if np.isfinite(more) else 10 * len(values)
        rows[p] = (estimate, low, high, share <= tolerance, needed)
    columns = ["estimate", "low", "high", "enough", "draws_needed"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(
        "quantile"
    )
