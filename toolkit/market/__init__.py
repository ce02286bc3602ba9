"""A baseline under a scenario as arrays: shares, hats, caps and targets."""

from __future__ import annotations

from toolkit.baseline import Baseline
from toolkit.market import money as _money  # noqa: F401  registers its effects
from toolkit.market.effects import effect_of
from toolkit.market.lines import Lines, lines_of
from toolkit.market.shocks import CHANNELS, Effect, Shocks, compose, overlaps
from toolkit.scenario import Scenario


def effects(
    baseline: Baseline, scenario: Scenario, year: int | None = None
) -> list[Effect]:
    """Return the effect of each lever of a scenario, in order."""
    lines = lines_of(baseline)
    return [effect_of(lever, baseline, lines, year) for lever in scenario.levers]


def shocks(baseline: Baseline, scenario: Scenario, year: int | None = None) -> Shocks:
    """Return what a scenario does to every line of a baseline.

    Parameters
    ----------
    baseline : Baseline
    scenario : Scenario
    year : int, optional
        Calendar year, for staged levers; without it they are fully phased in.

    Raises
    ------
    ValueError
        A lever names something that the baseline does not hold.
    """
    lines = lines_of(baseline)
    parts = effects(baseline, scenario, year)
    notes = [note for part in parts for note in part.notes]
    sentences = [lever.sentence() for lever in scenario.levers]
    notes += overlaps(lines, parts, sentences)
    invisibles = tuple(entry for part in parts for entry in part.invisibles)
    return Shocks(lines, compose(lines, parts), tuple(dict.fromkeys(notes)), invisibles)


__all__ = [
    "CHANNELS",
    "Effect",
    "Lines",
    "Shocks",
    "compose",
    "effects",
    "lines_of",
    "shocks",
]
