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
MOST_ROWS = 100  # of one direction: all chapters of the Harmonized System


@dataclasses.dataclass(frozen=True, eq=False)
class Sums:
    """Which sums are on screen, as rows and as a matrix over the baseline's lines.

    Attributes
    ----------
    steps, bars : DataFrame
        Groups of goods, and chapters: ``flow``, ``label`` and ``baseline`` (US$ bn).
    weights : ndarray, shape (steps + bars, lines)
        Turns changes of lines (US$ mn) into the charts' numbers (US$ bn): what a
        group adds to the balance, then what a chapter is after the scenario.
    start : ndarray, shape (steps + bars,)
        The numbers when nothing changes in the baseline's year.
    """

    steps: pd.DataFrame
    bars: pd.DataFrame
    weights: NDArray[np.float64]
    start: NDArray[np.float64]

    def before(self, result: Result) -> list[float]:
        """Return what the chapters are without the levers, in the result's own year."""
        bars = self.weights[len(self.steps) :]
        return (np.round(bars @ result.variable("value").baseline, 6) + 0.0).tolist()

    def figures(self, result: Result) -> list[float]:
        """Return the numbers of both charts for a result on the same lines."""
        start = np.array([*np.zeros(len(self.steps)), *self.before(result)])
        change = result.variable("value").change
        return (np.round(start + self.weights @ change, 6) + 0.0).tolist()


@lru_cache(maxsize=4)
def sums_of(baseline: Baseline) -> Sums:
    """Return the groups and chapters that the explorer shows for a baseline."""
    lines = baseline.frame
    chapters = _chapter_labels(baseline, lines)
    steps = _rows(baseline, lines, _group_labels(baseline, lines, chapters))
    bars = _rows(baseline, lines, chapters)
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
    return Sums(steps.drop(columns="lines"), bars.drop(columns="lines"), weights, start)


def _rows(baseline: Baseline, lines: pd.DataFrame, labels: pd.Series) -> pd.DataFrame:
    """Return one row per direction and label, the largest first, the rest last."""
    out = []
    pairs = (
        ("exports", baseline.partner, baseline.reporter),
        ("imports", baseline.reporter, baseline.partner),
    )
    for flow, importer, exporter in pairs:
        mine = (lines["importer"] == importer) & (lines["exporter"] == exporter)
        sizes = lines[mine].groupby(labels[mine])["value_usd_mn"].sum()
        order = sizes.sort_values(ascending=False, kind="stable").index
        kept = list(order[:MOST_ROWS])
        for label in [*kept, OTHER]:
            rest = mine & ~labels.isin(kept)
            chosen = rest if label == OTHER else mine & (labels == label)
            if chosen.any():
                total = lines.loc[chosen, "value_usd_mn"].sum() / 1e3
                out.append((flow, label, round(total, 6), chosen.astype(float)))
    return pd.DataFrame(out, columns=["flow", "label", "baseline", "lines"])


def _group_labels(
    baseline: Baseline, lines: pd.DataFrame, chapters: pd.Series
) -> pd.Series:
    groups = lines["product"].map(lambda x: baseline.groups.get(str(x), ""))
    groups = groups.where(groups != "", chapters)
    if "2709" not in baseline.groups:
        return groups
    crude = lines["product"] == "2709"
    return groups.where(~crude, "Crude oil").replace("Fuels", "Other fuels")


def _chapter_labels(baseline: Baseline, lines: pd.DataFrame) -> pd.Series:
    def label(code: str) -> str:
        name = baseline.names.get(code, f"HS {code}")
        return (
            (f"{name} ({code})" if code in baseline.names else name)
            if code
            else ("All goods")
        )

    return lines["product"].str[:2].map(label)
