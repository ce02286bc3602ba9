"""A baseline: the flows, rates, suppliers and volumes of a year."""

from __future__ import annotations

from toolkit.baseline.crude import crude_before, crude_figure
from toolkit.baseline.flows import Baseline
from toolkit.baseline.official import load_baseline
from toolkit.baseline.past import (
    goal_total,
    other_bases,
    past_chapters,
    past_totals,
)
from toolkit.baseline.recording import recording_errors
from toolkit.baseline.status import directions, status_line, status_table

__all__ = [
    "Baseline",
    "crude_before",
    "crude_figure",
    "directions",
    "goal_total",
    "load_baseline",
    "other_bases",
    "past_chapters",
    "past_totals",
    "recording_errors",
    "status_line",
    "status_table",
]
