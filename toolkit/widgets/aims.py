"""Goals to begin with: a question ready to ask, and which lever moves a figure most."""

from __future__ import annotations

import dataclasses
from typing import Any

from toolkit.analysis.moments import Moment
from toolkit.analysis.reaching import REFUSALS, trade
from toolkit.explorer import Control, scenario_of
from toolkit.goal import Goal, place
from toolkit.scenario import Scenario
from toolkit.schema import nearest, shown
from toolkit.widgets.session import Session

FIGURES = ("balance", "exports", "imports", "total")


@dataclasses.dataclass(frozen=True)
class Aim:
    """A goal that a scenario file carries, as a question.

    Attributes
    ----------
    text : str
    file : str
        A shipped scenario with a goal for one of its levers in a year.
    """

    text: str
    file: str


AIMS = (
    Aim("What would it take: US$ 100 bn of trade by 2030?", "hundred_billion_2030"),
)


def aims_of(session: Session) -> list[dict[str, Any]]:
    """Return the questions that can be asked of a baseline.

    Returns
    -------
    list of dict
        ``text``, ``file``; ``figure`` and ``value`` (US$ bn) of its goal.

    Examples
    --------
    >>> from toolkit.baseline import load_baseline
    >>> [aim["value"] for aim in aims_of(Session(load_baseline("2024-25")))]
    [100.0]
    """
    out = []
    for aim in AIMS:
        scenario, goal = _read(aim)
        if goal.target.year not in session.years.labels:
            continue
        try:
            session.model.effects(session.baseline, scenario)
        except ValueError:  # goods or countries that the baseline does not hold
            continue
        value = goal.target.value / 1e3
        out.append(
            {**dataclasses.asdict(aim), "figure": goal.target.what, "value": value}
        )
    return out


def begin(session: Session, file: str) -> tuple[str, float, str]:
    """Put the lever of an aim on screen, at rest, in the year of its goal.

    Returns
    -------
    tuple
        Figure, US$ billion and lever, as :func:`toolkit.widgets.goals.goal_of` is
        asked.

    Raises
    ------
    ValueError
        No such aim.
    """
    known = {aim.file: aim for aim in AIMS}
    if file not in known:
        raise ValueError(f"No aim {shown(file)}; {nearest(file, known)}")
    scenario, goal = _read(known[file])
    session.load(scenario)
    number = (place(goal.by)[0] or 1) - 1
    lever = list(session.start(session.base)[1])[number]  # in the file's order
    session.put(session.base, {}, {**session.choices, "year": goal.target.year})
    return goal.target.what, goal.target.value / 1e3, lever


def _read(aim: Aim) -> tuple[Scenario, Goal]:
    scenario = Scenario.from_yaml(aim.file)
    if scenario.goal is None:
        raise ValueError(f"{aim.file} has no goal.")
    return scenario, scenario.goal


def strongest(session: Session) -> dict[str, list[str]]:
    """Return the levers in front by how far each alone moves a figure, most first.

    Returns
    -------
    dict
        Figure to names of levers.
    """
    moment = Moment(session.model, session.baseline)
    fronts = [c for c in session.controls if c.front and not c.switch]
    swings = {control.name: _swings(moment, control) for control in fronts}
    return {
        figure: sorted(swings, key=lambda name: -swings[name][figure])
        for figure in FIGURES
    }


def _swings(moment: Moment, control: Control) -> dict[str, float]:
    """Return how far a lever moves each figure from end to end; 0 where it cannot."""
    ends = []
    for value in (control.low, control.high):
        try:
            scenario = scenario_of((control,), {control.name: value})
        except REFUSALS:
            continue
        ends.append(trade(moment, scenario))
    moved = {f: [end[f] for end in ends if end[f] == end[f]] for f in FIGURES}
    return {f: max(x) - min(x) if x else 0.0 for f, x in moved.items()}
