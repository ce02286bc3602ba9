"""The search for a goal at one time: where a figure crosses it, trade there."""

from __future__ import annotations

from math import nan

from toolkit.analysis.candidates import Candidate
from toolkit.analysis.moments import Moment
from toolkit.analysis.roots import Crossing, Search, search
from toolkit.goal import Target
from toolkit.models import NotConverged
from toolkit.scenario import Scenario

REFUSALS = (ValueError, NotConverged)
TRADE = ("exports", "imports", "balance", "total")


def ends_row(moment: Moment, asked: Candidate, target: Target) -> dict[str, float]:
    """Return whether the goal is met at a moment, by what, and trade there."""
    found = search_goal(moment, asked, target)
    at = chosen(found, asked)
    met = any(not one.jumps for one in found.crossings)
    there = trade(moment, asked.at(at.at))
    return {"met": met, "value": at.at if met else nan, **there}


def search_goal(moment: Moment, asked: Candidate, target: Target) -> Search:
    """Return where the figure reaches the goal between the bounds."""

    def figure(value: float) -> float:
        try:
            scenario = asked.at(float(value))
        except REFUSALS:
            return nan
        return figure_or_nan(moment, scenario, target)

    return search(figure, target.value, asked.bounds)


def figure_or_nan(moment: Moment, scenario: Scenario, target: Target) -> float:
    """Return a figure under a scenario; NaN where lever or market refuses."""
    try:
        return moment.figure(scenario, target)
    except REFUSALS:
        return nan


def chosen(found: Search, asked: Candidate) -> Crossing:
    """Return the crossing nearest to doing nothing, else the nearest point."""
    rest = asked.bounds[0] if asked.neutral is None else asked.neutral
    met = [one for one in found.crossings if not one.jumps]
    return min(met, key=lambda one: abs(one.at - rest), default=found.nearest)


def trade(moment: Moment, scenario: Scenario) -> dict[str, float]:
    """Return a moment's trade under a scenario; NaN where lever or market refuses."""
    try:
        return moment.trade(scenario)
    except REFUSALS:
        return dict.fromkeys(TRADE, nan)
