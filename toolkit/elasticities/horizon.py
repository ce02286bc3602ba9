"""Horizon: how much of a long-run elasticity is reached some years after a change."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit import datasets
from toolkit.schema import nearest, shown

__all__ = ["DEFAULT_SPEED", "LONG", "Ages", "Horizon", "speeds"]

DEFAULT_SPEED = "anderson_yotov"
NAMED = {"short": 1.0, "long": math.inf}
YEARS = (1e-6, 1e6)  # beyond is a slip; infinity is the long run


def speeds() -> pd.Series:
    """Return the published speeds of adjustment, share of the gap closed in a year.

    Returns
    -------
    Series
        Indexed by key; ratios of first-year to long-run elasticities. Sources are in
        ``datasets.load("adjustment")``.

    Examples
    --------
    >>> speeds().to_dict()
    {'anderson_yotov': 0.25, 'boehm': 0.38, 'gallaway': 0.5}
    """
    return datasets.load("adjustment").set_index("key")["ratio"].rename("speed")


@dataclasses.dataclass(frozen=True)
class Horizon:
    r"""Years after a change, and how fast elasticities near their long run.

    .. math:: \varepsilon_h = \varepsilon_\infty [1 - (1 - \lambda)^h]

    Parameters
    ----------
    years : float
        Above 0; infinity is the long run.
    speed : float
        :math:`\lambda`, above 0 to 1: the share of the gap that a year closes, so the
        first year's elasticity over that of the long run.

    Notes
    -----
    Partial adjustment. The default speed, one quarter, is the ratio of Anderson and
    Yotov (2020); with it nine tenths are reached in the ninth year, where
    Boehm, Levchenko and Pandalai-Nayar (2023) find the long run after seven to ten.
    They and Gallaway, McDaniel and Rivera (2003) have a faster first year: 0.38, 0.5.

    Examples
    --------
    >>> Horizon(1, 0.25).share, Horizon(2, 0.25).share
    (0.25, 0.4375)
    """

    years: float = math.inf
    speed: float = 1.0

    def __post_init__(self) -> None:
        if not 0.0 < self.speed <= 1.0:
            raise ValueError(f"speed must be above 0 to 1, not {shown(self.speed)}.")

    @classmethod
    def of(cls, given: object) -> Horizon:
        """Return the horizon a user names, at the default speed.

        Parameters
        ----------
        given : {"short", "long"}, float or Horizon
            "short" is the first year; a number is years after the change.

        Raises
        ------
        ValueError
            Another word, or a number that is not above 0.

        Examples
        --------
        >>> Horizon.of("short").words, Horizon.of(3).words, Horizon.of("long").words
        ('first year', 'after 3 years', 'long run')
        """
        if isinstance(given, Horizon):
            return given
        if isinstance(given, str) and given not in NAMED:
            raise ValueError(
                f"horizon {shown(given)} is unknown: years after the change, or "
                + nearest(given, NAMED)
            )
        years = NAMED[given] if isinstance(given, str) else _years(given)
        if math.isinf(years):
            return LONG
        return cls(years, float(speeds()[DEFAULT_SPEED]))

    @property
    def share(self) -> float | NDArray[np.float64]:
        """What is reached of a long-run elasticity, above 0 to 1."""
        return 1.0 - (1.0 - self.speed) ** self.years

    def take(self, chosen: NDArray[np.intp]) -> Horizon:
        """Return the horizon of some flows."""
        return self

    @property
    def words(self) -> str:
        """The horizon as said with an answer."""
        if math.isinf(self.years):
            return "long run"
        return "first year" if self.years == 1 else f"after {self.years:g} years"


def _years(given: object) -> float:
    numeric = isinstance(given, int | float) and not isinstance(given, bool)
    if not numeric or not (YEARS[0] <= given <= YEARS[1] or given == math.inf):  # pyright: ignore[reportOperatorIssue]
        raise ValueError(
            "horizon must be 'short', 'long' or years after the change, above 0, not "
            f"{shown(given)}."
        )
    return float(given)  # pyright: ignore[reportArgumentType]


LONG = Horizon()


@dataclasses.dataclass(frozen=True, eq=False)
class Ages(Horizon):
    r"""A year in which flows answer to changes of several ages.

    .. math:: \varepsilon = \varepsilon_\infty \sum_k w_k [1 - (1 - \lambda)^k]

    Parameters
    ----------
    weights : ndarray, shape (K, L)
        Share of the change seen so far that is k = 1 ... K years old, by flow.
    label : str
        The year, as said with an answer.

    Examples
    --------
    A cut in two equal steps, in its second year, at a speed of one half:

    >>> Ages(speed=0.5, weights=np.array([[0.5], [0.5]]), label="2028").share.tolist()
    [0.625]
    """

    weights: NDArray[np.float64] = dataclasses.field(
        default_factory=lambda: np.ones((1, 1))
    )
    label: str = ""

    @property
    def share(self) -> NDArray[np.float64]:
        """What is reached of each flow's long-run elasticity, above 0 to 1."""
        years = np.arange(1, len(self.weights) + 1)
        return (1.0 - (1.0 - self.speed) ** years) @ self.weights

    def take(self, chosen: NDArray[np.intp]) -> Ages:
        """Return the horizon of some flows."""
        return dataclasses.replace(self, weights=self.weights[:, chosen])

    @property
    def words(self) -> str:
        """The year as said with an answer."""
        return f"in {self.label}"
