"""The explorer's settings as plain numbers, and the scenario they stand for.

A control is a row of data: what it moves, its range, its unit, where its default
comes from. Settings are a mapping of control name to number; the scenario they
stand for is made here and nowhere else. No widget is imported.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from toolkit.levers import Lever
from toolkit.scenario import Scenario
from toolkit.schema import shown

Settings = Mapping[str, float]
LeversOf = Callable[[float, Settings], tuple[Lever, ...]]


@dataclasses.dataclass(frozen=True)
class Control:
    """One slider: its name, label, range and what it does to the scenario.

    Attributes
    ----------
    name : str
        Unique, short.
    section, heading : str
        Page of the accordion, and the heading on it.
    label, unit, source : str
        For the reader; ``source`` says "assumed" where the value is.
    neutral : float
        Where it does nothing.
    low, high, step : float
    levers : callable
        ``(value, settings) -> levers``; not called at the neutral value.
    switch : bool
        A tick box instead of a slider.
    """

    name: str
    section: str
    heading: str
    label: str
    unit: str
    source: str
    neutral: float
    low: float
    high: float
    step: float
    levers: LeversOf = dataclasses.field(repr=False)
    switch: bool = False


def neutral(controls: tuple[Control, ...]) -> dict[str, float]:
    """Return the settings at which nothing changes."""
    return {control.name: control.neutral for control in controls}


def scenario_of(
    controls: tuple[Control, ...], settings: Settings, name: str = "Explorer"
) -> Scenario:
    """Return the scenario that settings stand for.

    Parameters
    ----------
    controls : tuple of Control
    settings : mapping of control name to float
    name : str

    Raises
    ------
    ValueError
        A setting without a control.
    """
    known = {control.name for control in controls}
    for key in settings:
        if key not in known:
            raise ValueError(f"No control is called {shown(key)}.")
    levers: list[Lever] = []
    for control in controls:
        value = settings.get(control.name, control.neutral)
        if abs(value - control.neutral) > 1e-12:
            levers.extend(control.levers(value, settings))
    return Scenario(name, levers)
