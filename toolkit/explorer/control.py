"""The explorer's settings as plain numbers, and the scenario they stand for.

A control is a row of data: what it moves, its range, its unit, where its default
comes from. Settings are a mapping of control name to number; the scenario they
stand for is made here and nowhere else. No widget is imported.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from functools import cached_property

from toolkit.levers import Lever
from toolkit.scenario import Scenario
from toolkit.schema import shown

Settings = Mapping[str, float]
LeversOf = Callable[[float, Settings], tuple[Lever, ...]]
SAME = 1e-12


@dataclasses.dataclass(frozen=True)
class Control:
    """One slider: its name, label, range and what it does to the scenario.

    Attributes
    ----------
    name : str
        Unique, short.
    section, heading : str
        Page of the levers, and the heading on it.
    label, unit : str
        For the reader; the unit stands beside the number.
    source : str
        Where its numbers are from; says "assumed" where they are.
    neutral : float
        Today's value, where it does nothing.
    low, high, step : float
    levers : callable
        ``(value, settings) -> levers``; not called at the neutral value.
    switch : bool
        A tick box instead of a slider.
    what, caveat, today : str
        What it does; what to beware of; today's value in words.
    front : bool
        Always in view; the others are one click away.
    codes : tuple of str
        HS codes that it concerns, for the search.
    marks : tuple of float
        Values it can take beside the multiples of its step.
    chip : str
        What it is called away from its heading; default the label.
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
    what: str = ""
    caveat: str = ""
    today: str = ""
    front: bool = False
    codes: tuple[str, ...] = ()
    marks: tuple[float, ...] = ()
    chip: str = ""

    @cached_property
    def positions(self) -> tuple[float, ...]:
        """The values of its slider: multiples of the step, its ends, today, marks."""
        first = math.ceil(self.low / self.step - 1e-9)
        last = math.floor(self.high / self.step + 1e-9)
        grid = {round(k * self.step, 10) for k in range(first, last + 1)}
        return tuple(sorted(grid | {self.low, self.high, self.neutral, *self.marks}))

    def at_rest(self, value: float) -> bool:
        """Return whether a value does nothing."""
        return abs(value - self.neutral) <= SAME


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
        levers.extend(levers_of(control, settings))
    return Scenario(name, levers)


def levers_of(control: Control, settings: Settings) -> tuple[Lever, ...]:
    """Return what one control puts into the scenario."""
    value = settings.get(control.name, control.neutral)
    return () if control.at_rest(value) else control.levers(value, settings)
