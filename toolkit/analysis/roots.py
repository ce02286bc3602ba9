"""Where a function of one number reaches a value: all places, jumps, or how near."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

Curve = Callable[[float], float]
POINTS = 33
FINE = 1e-9  # of the largest figure met: nearer than this it is reached
HALVINGS = 60


@dataclasses.dataclass(frozen=True)
class Crossing:
    """Where the curve meets the value, or jumps over it.

    Attributes
    ----------
    at : float
    figure : float
        The curve's value there; of the two sides of a jump the nearer.
    jumps : bool
    """

    at: float
    figure: float
    jumps: bool = False


@dataclasses.dataclass(frozen=True)
class Search:
    """What was found between two ends.

    Attributes
    ----------
    crossings : tuple of Crossing
        In order.
    nearest : Crossing
        The point of those tried whose figure is nearest to the value.
    tried, figures : ndarray
        Points in order and the curve there; NaN where it has no answer.
    """

    crossings: tuple[Crossing, ...]
    nearest: Crossing
    tried: NDArray[np.float64]
    figures: NDArray[np.float64]


def search(
    curve: Curve, value: float, bounds: tuple[float, float], points: int = POINTS
) -> Search:
    """Return where a curve reaches a value between two ends.

    The ends are cut into equal steps; each step over which the curve crosses the
    value is closed by Brent's method, each near miss is looked into for a turn that
    reaches it. Places where the curve has no answer (NaN) are stepped around.

    Parameters
    ----------
    curve : callable
        float -> float, NaN where there is no answer.
    value : float
    bounds : pair of float
    points : int
        Two crossings closer than a step may be missed unless the curve turns there.

    Examples
    --------
    >>> found = search(lambda x: x * x, 2.0, (-2.0, 2.0))
    >>> [round(c.at, 6) for c in found.crossings]
    [-1.414214, 1.414214]
    """

    def gap(at: float) -> float:
        return curve(at) - value

    tried = np.linspace(*bounds, points)
    gaps = np.array([gap(at) for at in tried])
    tried, gaps = _with_edges(gap, tried, gaps)
    tried, gaps = _with_turns(gap, tried, gaps)
    close = FINE * max(abs(value), float(np.nanmax(np.abs(gaps), initial=0.0)), 1e-30)
    found = [
        _closed(gap, (left, right), (before, after), close)
        for (left, before), (right, after) in pairwise(zip(tried, gaps, strict=True))
        if np.sign(before) * np.sign(after) < 0
    ]
    found += [Crossing(float(at), 0.0) for at in tried[gaps == 0.0]]
    found.sort(key=lambda one: one.at)
    best = min(found, key=lambda one: abs(one.figure), default=_least(tried, gaps))
    moved = [dataclasses.replace(one, figure=one.figure + value) for one in found]
    nearest = dataclasses.replace(best, figure=best.figure + value)
    return Search(tuple(moved), nearest, tried, gaps + value)


def _least(tried: NDArray[np.float64], gaps: NDArray[np.float64]) -> Crossing:
    if np.isnan(gaps).all():
        return Crossing(float(tried[0]), float("nan"))
    best = int(np.nanargmin(np.abs(gaps)))
    return Crossing(float(tried[best]), float(gaps[best]))


def _closed(
    gap: Curve, ends: tuple[float, float], gaps: tuple[float, float], close: float
) -> Crossing:
    """Return the crossing between two ends whose gaps differ in sign."""
    from scipy.optimize import brentq

    inside: dict[float, float] = dict(zip(ends, gaps, strict=True))

    def kept(at: float) -> float:
        found = inside.get(at)
        if found is None:
            found = gap(at)
            inside[at] = found = found if np.isfinite(found) else gaps[0]
        return found

    found: Any = brentq(kept, *ends, xtol=1e-15, rtol=4 * np.finfo(float).eps)
    at = float(found)
    figure = kept(at)
    if abs(figure) <= close:
        return Crossing(at, figure)
    # The bracket has closed on a jump: of its two sides, the nearer one.
    side = min(inside, key=lambda x: (abs(x - at) > 1e-9 * (1 + abs(at)), abs(kept(x))))
    return Crossing(float(side), kept(side), jumps=True)


def _with_edges(
    gap: Curve, tried: NDArray[np.float64], gaps: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add the last points with an answer beside those that have none."""
    added = []
    for (left, before), (right, after) in pairwise(zip(tried, gaps, strict=True)):
        if np.isnan(before) == np.isnan(after):
            continue
        good, bad = (right, left) if np.isnan(before) else (left, right)
        figure = after if np.isnan(before) else before
        for _ in range(HALVINGS):
            middle = 0.5 * (good + bad)
            if middle in (good, bad):
                break
            met = gap(middle)
            if np.isnan(met):
                bad = middle
            else:
                good, figure = middle, met
        added.append((good, figure))
    return _merged(tried, gaps, added)


def _with_turns(
    gap: Curve, tried: NDArray[np.float64], gaps: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Add the turning points that come nearest to the value without a crossing."""
    from scipy.optimize import minimize_scalar

    added = []
    for n in range(len(tried)):
        left, right = max(n - 1, 0), min(n + 1, len(tried) - 1)
        around = gaps[left : right + 1]
        others = np.delete(around, n - left)
        same = np.all(around > 0) or np.all(around < 0)
        if not same or not (abs(gaps[n]) < np.abs(others)).all():
            continue
        sign = np.sign(gaps[n])
        turn: Any = minimize_scalar(
            lambda at, sign=sign: sign * gap(at),
            bounds=(tried[left], tried[right]),
            method="bounded",
            options={"xatol": 1e-12 * (1 + abs(tried[n]))},
        )
        added.append((float(turn.x), float(sign * turn.fun)))
    return _merged(tried, gaps, added)


def _merged(
    tried: NDArray[np.float64],
    gaps: NDArray[np.float64],
    added: list[tuple[float, float]],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    if not added:
        return tried, gaps
    more, figures = (np.array(part) for part in zip(*added, strict=True))
    all_tried, all_gaps = np.append(tried, more), np.append(gaps, figures)
    order = np.argsort(all_tried, kind="stable")
    return all_tried[order], all_gaps[order]
