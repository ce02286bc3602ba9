"""How good predictions were: signs, bands, errors, each with its count."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.result import figure

Floats = NDArray[np.float64]
LEVELS = (0.5, 0.9)
FEW = 10  # below, a share of hits says next to nothing
STILL = 1e-9


def spread_of(ratios: Floats) -> tuple[float, int]:
    """Return how much moves where nothing changed: root mean square of log ratios.

    Examples
    --------
    >>> round(spread_of(np.exp([0.3, -0.4]))[0], 4)
    0.3536
    """
    logs = np.log(ratios[np.isfinite(ratios)])
    if not len(logs):
        return 0.0, 0
    return float(np.sqrt(np.mean(logs**2))), len(logs)


def widened(
    central: float, low: float, high: float, noise: tuple[float, int], level: float
) -> tuple[float, float]:
    """Return a band with what moves anyway added, in logs and as squares.

    Parameters
    ----------
    central, low, high : float
        Ratios; the band of the effect alone.
    noise : tuple
        Spread in logs and the number of events it was estimated from; 0 events: it
        is known.
    level : float
        Share of outcomes the band is to hold.

    Examples
    --------
    >>> low, high = widened(1.0, 1.0, 1.0, (0.1, 0), 0.9)
    >>> round(float(np.log(high)) / 0.1, 3), round(low * high, 12)
    (1.645, 1.0)
    """
    from scipy import stats

    spread, count = noise
    tail = 0.5 + 0.5 * level
    far = stats.t.ppf(tail, count) if count else stats.norm.ppf(tail)
    extra = float(far) * spread
    middle, below, above = np.log([central, low, high])
    return (
        float(np.exp(middle - np.hypot(middle - below, extra))),
        float(np.exp(middle + np.hypot(above - middle, extra))),
    )


def scores(table: pd.DataFrame) -> pd.DataFrame:
    """Return the scores of predictions whose outcome is known.

    Parameters
    ----------
    table : DataFrame
        Ratios ``predicted``, ``happened``, ``control`` (NaN where none) and the bands
        ``low50, high50, low90, high90`` of the effect alone and ``..._all`` with what
        moves anyway.

    Returns
    -------
    DataFrame
        Index score; ``value``, ``count``, ``low`` and ``high`` (95 % interval of a
        share, Clopper and Pearson), ``unit``.
    """
    known = table[np.isfinite(table["predicted"]) & np.isfinite(table["happened"])]
    ratios = known[["predicted", "happened", "control"]].astype(float)
    logs = pd.DataFrame(np.log(ratios), index=known.index, columns=ratios.columns)
    moved = logs["predicted"].abs() > STILL
    hit = np.sign(logs["predicted"]) == np.sign(logs["happened"])
    rows = {"sign hits": _share(hit[moved])}
    for ending, said in (("", "elasticities alone"), ("_all", "all that moves")):
        for level in LEVELS:
            name = f"{100 * level:.0f}"
            inside = (known["happened"] >= known[f"low{name}{ending}"]) & (
                known["happened"] <= known[f"high{name}{ending}"]
            )
            rows[f"inside the {name} % band, {said}"] = _share(inside)
    off = pd.Series(logs["happened"])
    rows["error of the model"] = _error(off - logs["predicted"])
    rows["error of no change"] = _error(off)
    both = logs["control"].notna()
    rows["error of growing like the world's"] = _error((off - logs["control"])[both])
    rows["error of the model, same events"] = _error((off - logs["predicted"])[both])
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("score")


def _share(hits: pd.Series) -> dict[str, object]:
    from scipy import stats

    count, good = len(hits), int(hits.sum())
    if not count:
        return {"value": np.nan, "count": 0, "low": np.nan, "high": np.nan,
                "unit": "share of events"}  # fmt: skip
    ends = stats.binomtest(good, count).proportion_ci(0.95)
    return {
        "value": good / count,
        "count": count,
        "low": float(ends.low),
        "high": float(ends.high),
        "unit": "share of events",
    }


def _error(gaps: pd.Series) -> dict[str, object]:
    value = float(gaps.abs().mean()) if len(gaps) else np.nan
    return {"value": value, "count": len(gaps), "low": np.nan, "high": np.nan,
            "unit": "mean absolute log error"}  # fmt: skip


def in_words(table: pd.DataFrame) -> str:
    """Return the scores as plain sentences, with a warning where they are too few."""
    count = round(figure(table, "sign hits", "count"))
    if not count:
        return "No change of policy with a known outcome: nothing is scored."
    narrow, wide = (
        f"inside the 90 % band, {what}"
        for what in ("elasticities alone", "all that moves")
    )
    model, still = (
        100 * figure(table, f"error of {what}", "value")
        for what in ("the model", "no change")
    )
    text = (
        f"Of {count} policy changes with a known outcome the sign was right in "
        f"{_hits(table, 'sign hits')}; {_hits(table, narrow)} of "
        f"{figure(table, narrow, 'count'):.0f} outcomes lay inside the 90 % band of "
        f"the elasticities, {_hits(table, wide)} once what moves anyway is added; "
        f"the mean error was {model:.0f} log points against {still:.0f} for no change."
    )
    if count >= FEW:
        return text
    low, high = (100 * figure(table, "sign hits", end) for end in ("low", "high"))
    return (
        f"{text} {count} events are too few to say whether the model is better than "
        f"chance (95 % interval of its sign hits: {low:.0f} to {high:.0f} %)."
    )


def _hits(table: pd.DataFrame, row: str) -> int:
    return round(figure(table, row, "value") * figure(table, row, "count"))
