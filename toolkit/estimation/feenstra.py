"""The arithmetic of Feenstra's estimator and its HLIML successor, on arrays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

__all__ = ["Moments", "Solution", "invert", "moments", "solve"]

SIGMA_GRID = (1.05, 131.5)  # the range Broda and Weinstein (2006) search
SHARE_GRID = (0.001, 0.999)  # of omega / (1 + omega)
STEPS = 400


@dataclass(frozen=True, eq=False)
class Moments:
    """Products of double differences, one row per variety and period.

    ``z`` (n by 3) holds the squared price difference, the squared share
    difference and their product; ``variety`` and ``period`` code the rows.
    """

    variety: np.ndarray
    period: np.ndarray
    z: np.ndarray

    @property
    def count(self) -> np.ndarray:
        """Rows of each variety (m)."""
        return np.bincount(self.variety)


@dataclass(frozen=True, eq=False)
class Solution:
    """Estimates for one good; ``variance`` is NaN where the grid decided."""

    sigma: float
    omega: float
    variance: float
    method: str


def moments(price: np.ndarray, share: np.ndarray, reference: int) -> Moments:
    """Difference over time and against a reference variety.

    Parameters
    ----------
    price, share : numpy.ndarray
        Unit values and expenditure shares, periods by varieties, NaN where a
        variety is not sold.
    reference : int
        Column of the reference variety.

    Returns
    -------
    Moments
        Varieties seen in fewer than two differences are left out.
    """
    p, s = (_double(np.log(values), reference) for values in (price, share))
    there = ~np.isnan(p) & ~np.isnan(s)
    there &= there.sum(axis=0) > 1
    period, column = np.nonzero(there)
    variety = np.unique(column, return_inverse=True)[1]
    p, s = p[there], s[there]
    return Moments(variety, period, np.column_stack([p * p, s * s, p * s]))


def _double(logs: np.ndarray, reference: int) -> np.ndarray:
    change = np.diff(logs, axis=0)
    return np.delete(change - change[:, [reference]], reference, axis=1)


def invert(theta: np.ndarray) -> tuple[float, float]:
    r"""Return sigma and omega from the two coefficients.

    With :math:`b = \sigma - 1` and :math:`a = \omega / (1 + \omega)` the
    coefficients are :math:`\theta_1 = a / b` and :math:`\theta_2 = a - 1 / b`, so
    that :math:`\theta_1 b^2 - \theta_2 b - 1 = 0`. Both are NaN where this gives
    no sigma above one with a positive, finite omega.

    Examples
    --------
    >>> import numpy as np
    >>> from toolkit.estimation.feenstra import invert
    >>> a, b = 0.5 / 1.5, 3.0            # omega 0.5, sigma 4
    >>> sigma, omega = invert(np.array([a / b, a - 1 / b]))
    >>> round(float(sigma), 12), round(float(omega), 12)
    (4.0, 0.5)
    """
    first, second = theta
    if first <= 0:
        return np.nan, np.nan
    b = (second + np.sqrt(second**2 + 4 * first)) / (2 * first)
    a = first * b
    return (1 + b, a / (1 - a)) if a < 1 else (np.nan, np.nan)


def solve(data: Moments, method: str) -> Solution:
    """Estimate one good; where the coefficients have no sigma, search the grid.

    The first step weighs varieties by their periods, the second also by the
    variance of their errors.
    """
    fit = {"hliml": _hliml, "feenstra": _means}[method]
    theta, _ = fit(data, np.ones(len(data.count)))
    error = data.z[:, 0] - data.z[:, 1:] @ theta
    scale = np.sqrt(_sums(error**2, data.variety)[:, 0] / data.count)
    scale = np.maximum(scale, 1e-9 * scale.max())
    theta, matrix = fit(data, scale)
    sigma, omega = invert(theta)
    if np.isnan(sigma):
        return Solution(*_grid(data, scale), np.nan, "grid")
    b = sigma - 1
    slope = np.array([-b * b, b]) / (2 * theta[0] * b - theta[1])
    return Solution(sigma, omega, float(slope @ matrix @ slope), method)


def _sums(values: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """Return sums by code, one column per column of the values."""
    columns = values.reshape(len(codes), -1).T
    return np.column_stack([np.bincount(codes, weights=c) for c in columns])


def _means(data: Moments, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted least squares on variety means (Feenstra 1994), HC1 covariance."""
    root = np.sqrt(data.count) / scale
    z = _sums(data.z, data.variety) / data.count[:, None] * root[:, None]
    y, x = z[:, 0], z[:, 1:]
    bread = np.linalg.pinv(x.T @ x)
    theta = bread @ (x.T @ y)
    scores = x * (y - x @ theta)[:, None]
    factor = len(y) / max(len(y) - 2, 1)
    return theta, factor * bread @ (scores.T @ scores) @ bread


def _hliml(data: Moments, scale: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """LIML without own products; covariance by period, many instruments.

    Variety means times rows are the projection P of two-stage least squares on
    variety dummies. Its diagonal, which carries the bias, is left out.
    """
    g, n = data.variety, data.count
    z = data.z / scale[g][:, None]
    cross = _sums(z, g) / n[:, None]
    between = cross.T @ (cross * n[:, None]) - (z / n[g][:, None]).T @ z
    total = z.T @ z
    kappa = np.linalg.eigvals(np.linalg.solve(total, between)).real.min()
    h = between - kappa * total
    theta = np.linalg.solve(h[1:, 1:], h[1:, 0])
    return theta, _sandwich(data, z, theta, np.linalg.inv(h[1:, 1:]))


def _sandwich(
    data: Moments, z: np.ndarray, theta: np.ndarray, inverse: np.ndarray
) -> np.ndarray:
    """Return the covariance of Hausman et al. (2012), clustered by period.

    The reference variety is in every difference, so errors of one period move
    together.
    """
    g, n = data.variety, data.count
    error, x = z[:, 0] - z[:, 1:] @ theta, z[:, 1:]
    x = x - np.outer(error, x.T @ error / (error @ error))
    others = (_sums(x, g)[g] - x) / n[g][:, None]
    scores = _sums(others * error[:, None], data.period)
    own = x * error[:, None]
    pairs = _sums(own, g) / n[:, None]
    many = pairs.T @ pairs - (own / n[g][:, None]).T @ (own / n[g][:, None])
    return inverse @ (scores.T @ scores + many) @ inverse


def _grid(data: Moments, scale: np.ndarray) -> tuple[float, float]:
    """Return sigma and omega with the least squared error of the variety means."""
    sigma = np.geomspace(SIGMA_GRID[0] - 1, SIGMA_GRID[1] - 1, STEPS) + 1
    share = np.linspace(*SHARE_GRID, STEPS)
    b, a = np.meshgrid(sigma - 1, share, indexing="ij")
    theta = np.stack([np.full_like(a, -1.0), a / b, a - 1 / b])
    root = np.sqrt(data.count) / scale
    z = _sums(data.z, data.variety) / data.count[:, None] * root[:, None]
    # the sum of squared errors is quadratic in theta: three by three sums suffice
    loss = np.einsum("iab,ij,jab->ab", theta, z.T @ z, theta)
    i, j = np.unravel_index(np.argmin(loss), loss.shape)
    return float(sigma[i]), float(share[j] / (1 - share[j]))
