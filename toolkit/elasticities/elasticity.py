"""One elasticity with its standard error: what an estimate carries into a model."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

__all__ = ["Elasticity", "read_only"]


def read_only(values: object) -> np.ndarray:
    """Return the values as a float array that cannot be written to."""
    array = np.array(values, dtype=float)
    array.setflags(write=False)
    return array


@dataclass(frozen=True, eq=False)
class Elasticity:
    """A number, its standard error and the estimate it is part of.

    Attributes
    ----------
    value, std_error : float
        The elasticity, in the sign convention of its concept.
    covariance : numpy.ndarray
        Covariance of all estimates it was estimated with (k by k), read-only.
    concept : str
        ``import_demand``, ``substitution``, ``export_supply``,
        ``tariff_elasticity`` or ``trade_elasticity``.
    source : str
        Where it comes from.
    name : str
        Which of ``names`` this is.
    names, estimates
        Names and values (k) of all estimates, in the order of ``covariance``.

    Examples
    --------
    >>> import numpy as np
    >>> from toolkit.elasticities import Elasticity
    >>> eta = Elasticity(-1.2, 0.3, np.array([[0.09]]), "import_demand", "own")
    >>> float(eta) * 2
    -2.4
    >>> bool((eta.draw(1000, np.random.default_rng(1)) < 0).all())
    True
    """

    value: float
    std_error: float
    covariance: np.ndarray = field(repr=False)
    concept: str
    source: str
    name: str = "elasticity"
    names: tuple[str, ...] = field(default=("elasticity",), repr=False)
    estimates: np.ndarray | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Check the shapes and lock the arrays.

        Raises
        ------
        ValueError
            If the covariance does not fit the names or the standard error.
        """
        matrix = read_only(np.atleast_2d(self.covariance))
        every = [self.value] if self.estimates is None else self.estimates
        k = len(self.names)
        if self.name not in self.names or matrix.shape != (k, k) or len(every) != k:
            raise ValueError(
                f"{k} names need a {k} by {k} covariance and {k} estimates, "
                f"and must hold {self.name!r}; not {matrix.shape}, {self.names}."
            )
        place = self.names.index(self.name)
        variance = matrix[place, place]
        known = not (math.isnan(variance) and math.isnan(self.std_error))
        if known and not math.isclose(variance, self.std_error**2, rel_tol=1e-6):
            raise ValueError(
                f"std_error must be the root of the variance {variance!r} of "
                f"{self.name!r}, not {self.std_error!r}."
            )
        object.__setattr__(self, "covariance", matrix)
        object.__setattr__(self, "estimates", read_only(every))

    def __float__(self) -> float:
        """Return the value."""
        return float(self.value)

    def draw(
        self, n: int, rng: np.random.Generator, distribution: str = "lognormal"
    ) -> np.ndarray:
        """Draw n values for an ensemble.

        Parameters
        ----------
        n : int
            Number of draws.
        rng : numpy.random.Generator
            Source of randomness; the same seed gives the same draws.
        distribution : {"lognormal", "normal"}
            ``lognormal`` keeps the sign: ln|e| is normal around ln|value| with
            standard deviation std_error over the size of the value (delta
            method), so the median is the value. ``normal`` may change sign.

        Returns
        -------
        numpy.ndarray
            n draws.

        Raises
        ------
        ValueError
            For another distribution, or a lognormal around zero.
        """
        one = np.array([[self.std_error**2]])
        return _draw(np.array([self.value]), one, n, rng, distribution)[:, 0]

    def draw_jointly(
        self, n: int, rng: np.random.Generator, distribution: str = "lognormal"
    ) -> pd.DataFrame:
        """Draw all estimates together, with their covariance.

        Takes the arguments of :meth:`draw`; one column per name.
        """
        centre = np.asarray(self.estimates)
        drawn = _draw(centre, self.covariance, n, rng, distribution)
        return pd.DataFrame(drawn, columns=list(self.names))


def _draw(
    centre: np.ndarray,
    covariance: np.ndarray,
    n: int,
    rng: np.random.Generator,
    distribution: str,
) -> np.ndarray:
    """Return n rows of draws around a centre (k)."""
    if np.isnan(covariance).any():
        raise ValueError("There is no standard error, so nothing to draw from.")
    if distribution == "normal":
        return rng.multivariate_normal(centre, covariance, size=n)
    if distribution != "lognormal":
        raise ValueError(
            f"distribution must be 'lognormal' or 'normal', not {distribution!r}."
        )
    if not np.all(centre):
        raise ValueError(f"A lognormal needs estimates other than zero, not {centre}.")
    relative = covariance / np.outer(centre, centre)
    steps = rng.multivariate_normal(np.zeros(centre.size), relative, size=n)
    return centre * np.exp(steps)
