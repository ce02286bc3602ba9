"""Which sums are on screen: rows of the two charts as a matrix over the flows."""

from __future__ import annotations

import dataclasses
from functools import lru_cache

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.baseline import Baseline
from toolkit.result import Result

OTHER = "All other"
MOST_BARS = 8
MOST_STEPS = 8


@dataclasses.dataclass(frozen=True, eq=False)
class Sums:
    """Which sums are on screen, as rows and as a matrix over the baseline's lines.

    Attributes
    ----------
    steps, bars : DataFrame
        ``flow``, ``label`` and, for bars, ``baseline`` (US$ bn).
    weights : ndarray, shape (steps + bars, lines)
        Turns changes of lines (US$ mn) into the charts' numbers (US$ bn).
    start : ndarray, shape (steps + bars,)
        The numbers when nothing changes.
    """

    steps: pd.DataFrame
    bars: pd.DataFrame
    weights: NDArray[np.float64]
    start: NDArray[np.float64]

    def figures(self, result: Result) -> list[float]:
        """Return the numbers of both charts for a result on the same baseline."""
        change = result.variable("value").change
        shown = np.round(self.start + self.weights @ change, 6) + 0.0
        return shown.tolist()


@lru_cache(maxsize=4)
def sums_of(baseline: Baseline) -> Sums:
    """Return the groups and chapters that the explorer shows for a baseline."""
    lines = baseline.frame
    steps = _rows(baseline, lines, _group_labels(baseline, lines), MOST_STEPS)
    bars = _rows(baseline, lines, _chapter_labels(baseline, lines), MOST_BARS)
    if steps.empty:
        raise ValueError(
            f"The baseline has no flow between {baseline.reporter} and "
            f"{baseline.partner}: there is nothing to show."
        )
    step_weights, bar_weights = (
        np.array([row.to_numpy() for row in rows["lines"]]).reshape(-1, len(lines))
        for rows in (steps, bars)
    )
    sign = np.where(steps["flow"] == "exports", 1.0, -1.0)[:, None]
    weights = np.concatenate([sign * step_weights, bar_weights]) / 1e3
    start = np.concatenate([np.zeros(len(steps)), bars["baseline"].to_numpy()])
    return Sums(
        steps.drop(columns=["lines", "baseline"]),
        bars.drop(columns="lines"),
        weights,
        start,
    )


def _rows(
    baseline: Baseline, lines: pd.DataFrame, labels: pd.Series, most: int
) -> pd.DataFrame:
    """Return one row per direction and label, the largest first, the rest last."""
    out = []
    pairs = (
        ("exports", baseline.partner, baseline.reporter),
        ("imports", baseline.reporter, baseline.partner),
    )
    for flow, importer, exporter in pairs:
        mine = (lines["importer"] == importer) & (lines["exporter"] == exporter)
        sizes = lines[mine].groupby(labels[mine])["value_usd_mn"].sum()
        kept = list(sizes.sort_values(ascending=False).index[:most])
        for label in [*kept, OTHER]:
            rest = mine & ~labels.isin(kept)
            chosen = rest if label == OTHER else mine & (labels == label)
            if chosen.any():
                total = lines.loc[chosen, "value_usd_mn"].sum() / 1e3
                out.append((flow, label, round(total, 6), chosen.astype(float)))
    return pd.DataFrame(out, columns=["flow", "label", "baseline", "lines"])


def _group_labels(baseline: Baseline, lines: pd.DataFrame) -> pd.Series:
    groups = lines["product"].map(lambda x: baseline.groups.get(str(x), str(x)))
    crude = lines["product"] == "2709"
    return groups.where(~crude, "Crude oil").replace("Fuels", "Other fuels")


def _chapter_labels(baseline: Baseline, lines: pd.DataFrame) -> pd.Series:
    chapters = lines["product"].str[:2]
    names = {code: baseline.names.get(code, code) for code in chapters.unique()}
    return chapters.map(lambda code: f"{names[code]} ({code})")
