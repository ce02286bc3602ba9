"""A number of a lever that is not known: a float at its centre, with a distribution."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.schema import check_number, nearest

KINDS = ("uniform", "triangular", "normal", "lognormal")
KEYS = ("low", "high", "centre", "distribution")
NORMAL_95 = 1.6448536269514722  # the 95th percentile of a standard normal


class Uncertain(float):
    """A number known within bounds only; everywhere else it is its centre.

    A plain ``solve`` takes the centre; ``tk.simulate`` draws.

    Parameters
    ----------
    low, high : float
        The ends of a uniform or triangular distribution; the 5th and 95th percentile
        of a normal or lognormal one.
    centre : float, optional
        Default the median; the mode of a triangular distribution.
    distribution : {"uniform", "triangular", "normal", "lognormal"}

    Raises
    ------
    ValueError
        Ends out of order, a centre outside them, an unknown distribution, a lognormal
        end that is not above zero.

    Examples
    --------
    >>> by = Uncertain(0.3, 0.5)
    >>> float(by), by.at(np.array([0.0, 0.5, 1.0])).round(3).tolist()
    (0.4, [0.3, 0.4, 0.5])
    """

    low: float
    high: float
    distribution: str

    def __new__(
        cls,
        low: float,
        high: float,
        centre: float | None = None,
        distribution: str = "uniform",
    ) -> Uncertain:
        """Return the centre as a float that knows its distribution."""
        low, high = check_number(low, "low"), check_number(high, "high")
        if distribution not in KINDS:
            raise ValueError(
                f"distribution {distribution!r} is unknown; "
                + nearest(distribution, KINDS)
            )
        if not low <= high:
            raise ValueError(f"low {low:g} is above high {high:g}.")
        if distribution == "lognormal" and not low > 0:
            raise ValueError(f"low of a lognormal must be above 0; it is {low:g}.")
        middle = 0.5 * (low + high)
        if distribution == "lognormal":
            middle = float(np.sqrt(low * high))
        if centre is not None and distribution != "triangular":
            if abs(check_number(centre, "centre") - middle) > 1e-9 * max(
                1, abs(middle)
            ):
                raise ValueError(
                    f"The centre of a {distribution} distribution from {low:g} to "
                    f"{high:g} is {middle:g}, not {centre:g}; a triangular one may "
                    "have another."
                )
            centre = None
        middle = middle if centre is None else check_number(centre, "centre")
        if not low <= middle <= high:
            raise ValueError(f"centre {middle:g} is outside {low:g} to {high:g}.")
        self = super().__new__(cls, middle)
        self.low, self.high, self.distribution = low, high, distribution
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Uncertain, self._key

    @property
    def _key(self) -> tuple[float, float, float, str]:
        return self.low, self.high, float(self), self.distribution

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Uncertain):
            return self._key == other._key
        return float(self) == other

    def __hash__(self) -> int:
        return float.__hash__(self)

    def at(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the quantiles at some probabilities, strictly between 0 and 1.

        Parameters
        ----------
        share : ndarray
        """
        low, high, centre = self.low, self.high, float(self)
        if self.distribution == "uniform" or low == high:
            return low + (high - low) * share
        if self.distribution == "triangular":
            turn = (centre - low) / (high - low)
            left = low + np.sqrt(share * (high - low) * (centre - low))
            right = high - np.sqrt((1.0 - share) * (high - low) * (high - centre))
            return np.where(share < turn, left, right)
        from scipy.special import ndtri

        z = ndtri(share) / NORMAL_95
        if self.distribution == "normal":
            return centre + z * 0.5 * (high - low)
        return centre * (high / low) ** (0.5 * z)

    def to_dict(self) -> dict[str, Any]:
        """Return the range as plain data, as a lever's YAML writes it."""
        out: dict[str, Any] = {"low": self.low, "high": self.high}
        if self.distribution == "triangular":
            out["centre"] = float(self)
        if self.distribution != "uniform":
            out["distribution"] = self.distribution
        return out


def as_uncertain(value: object, what: str) -> object:
    """Return a mapping with low and high as :class:`Uncertain`, all else as it is.

    Examples
    --------
    >>> float(as_uncertain({"low": 1.0, "high": 3.0}, "by")), as_uncertain(2.0, "by")
    (2.0, 2.0)
    """
    named = isinstance(value, Mapping) and {"low", "high", "distribution"} & set(value)
    if not named or not isinstance(value, Mapping):
        return value
    for key in value:
        if key not in KEYS:
            raise ValueError(f"{what} has no {key!r}; {nearest(key, KEYS)}")
    missing = [key for key in ("low", "high") if key not in value]
    if missing:
        raise ValueError(f"{what} needs {' and '.join(missing)}.")
    try:
        return Uncertain(**value)
    except ValueError as error:
        raise ValueError(f"{what}: {error}") from error


def set_aside(lever: Any) -> dict[str, Uncertain]:
    """Return a new lever's ranges by field, their centres put in their place.

    Raises
    ------
    ValueError
        A range where no number belongs.
    """
    drawn: dict[str, Uncertain] = {}
    for field in dataclasses.fields(lever):
        value = as_uncertain(getattr(lever, field.name), field.name)
        if isinstance(value, Uncertain):
            if "float" not in str(field.type):
                raise ValueError(f"{field.name} cannot be a range, only numbers can.")
            drawn[field.name] = value
            object.__setattr__(lever, field.name, float(value))
    return drawn


def put_back(lever: Any, drawn: Mapping[str, Uncertain]) -> None:
    """Put ranges back into a checked lever, which must allow both their ends."""
    for name, number in drawn.items():
        for end in (number.low, number.high):
            dataclasses.replace(lever, **{name: end})
    for name, number in drawn.items():
        object.__setattr__(lever, name, number)
