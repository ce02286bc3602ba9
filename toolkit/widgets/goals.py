"""What it would take: the value of a lever on screen at which a figure meets a goal."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from toolkit.analysis.moments import Moment
from toolkit.analysis.reaching import REFUSALS, figure_or_nan
from toolkit.analysis.roots import Crossing, Search, search
from toolkit.display import plain
from toolkit.explorer import Control, scenario_of
from toolkit.goal import Target
from toolkit.scenario import Scenario
from toolkit.schema import check_number, nearest, shown
from toolkit.widgets.session import Session

NO_GOAL: Mapping[str, Any] = {"sentence": "", "name": "", "value": None}
FLAT = 1e-6  # US$ mn: a lever that moves a figure by less does not move it


def titles_of(titles: Mapping[str, str]) -> dict[str, str]:
    """Return what each figure is called that can have a goal.

    Parameters
    ----------
    titles : mapping
        Of exports, imports and balance, as the panel has them.

    Examples
    --------
    >>> from toolkit.display import flow_titles
    >>> titles_of(flow_titles("IND", "RUS"))["total"]
    "India's total trade with Russia"
    """
    total = titles["balance"].replace(" balance ", " total trade ")
    return {**titles, "total": total}


@dataclasses.dataclass(frozen=True)
class Question:
    """A goal, and the lever that is to meet it with all else as it is on screen."""

    title: str
    target: Target
    control: Control
    session: Session

    def at(self, value: float) -> Scenario:
        """Return what is on screen with the lever at a value, in its unit."""
        name = self.control.name
        settings = {**self.session.settings, name: float(value)}
        return scenario_of(self.session.controls, settings)

    def search(self, moment: Moment) -> Search:
        """Return where the figure meets the goal in the lever's range."""

        def figure(value: float) -> float:
            return figure_or_nan(moment, self.at(value), self.target)

        ends = self.control.low, self.control.high
        return search(figure, self.target.value, ends)

    @property
    def head(self) -> str:
        """The figure and its goal."""
        return f"{self.title} of {_money(self.target.value)}"

    @property
    def lever(self) -> str:
        """The lever as the panel calls it."""
        return f"\u201c{self.control.chip or self.control.label}\u201d"

    def said(self, value: float) -> str:
        """Return a value of the lever with its unit."""
        text = plain(value, 0 if abs(value) >= 1e3 else 2)
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return f"{text} {self.control.unit}".strip()


def goal_of(session: Session, figure: str, value: object, lever: str) -> dict[str, Any]:
    """Return what a lever would have to be for a figure to meet a goal.

    Parameters
    ----------
    session : Session
        Other levers, model, elasticities and horizon stay as it has them.
    figure : {"balance", "exports", "imports", "total"}
    value : float
        US$ billion a year.
    lever : str
        Name of a control with a number.

    Returns
    -------
    dict
        ``sentence``; ``name`` of the lever; ``value`` in the lever's unit, None where
        the goal is out of reach or the model refuses.

    Examples
    --------
    >>> from toolkit.baseline import load_baseline
    >>> session = Session(load_baseline("2024-25"))
    >>> round(goal_of(session, "balance", -30, "crude:cut")["value"], 2)
    56.85
    """
    try:
        asked = _question(session, figure, value, lever)
        session.model.effects(session.baseline, asked.at(_far(asked.control)))
        horizon = session.choices["horizon"]
        moment = Moment(session.model, session.baseline, horizon=horizon)
        found = asked.search(moment)
        if np.isnan(found.figures).all():
            moment.figure(asked.at(asked.control.neutral), asked.target)  # says why
            raise ValueError(f"No value of {asked.lever} has an answer.")
    except REFUSALS as error:
        return {**NO_GOAL, "sentence": f"Not solved: {error}"}
    return _answer(asked, found)


def _question(session: Session, figure: str, value: object, lever: str) -> Question:
    """Return the question, checked."""
    titles = titles_of(session.panel()["titles"])
    if figure not in titles:
        raise ValueError(f"No figure {shown(figure)}; {nearest(figure, titles)}")
    levers = {c.name: c for c in session.controls if not c.switch}
    if lever not in levers:
        raise ValueError(
            f"No lever with a number is called {shown(lever)}; {nearest(lever, levers)}"
        )
    goal = check_number(value, f"{titles[figure]}, US$ bn")
    return Question(titles[figure], Target(figure, 1e3 * goal), levers[lever], session)


def _answer(asked: Question, found: Search) -> dict[str, Any]:
    figures = found.figures[~np.isnan(found.figures)]
    met = [one for one in found.crossings if not one.jumps]
    if np.ptp(figures) <= FLAT:
        sentence = f"{asked.head}: {asked.lever} does not move this figure."
        return {**NO_GOAL, "sentence": f"{sentence} Choose another lever."}
    if not met:
        return {**NO_GOAL, "sentence": _missed(asked, found.nearest)}
    rest = asked.control.neutral
    first, *others = sorted((one.at for one in met), key=lambda at: abs(at - rest))
    text = f"{asked.head}: reached with {asked.lever} at {asked.said(first)}."
    if others:
        text += f" {', '.join(asked.said(at) for at in others)} would do too."
    return {"sentence": text, "name": asked.control.name, "value": first}


def _missed(asked: Question, near: Crossing) -> str:
    control = asked.control
    low, high = asked.said(control.low), asked.said(control.high)
    away = abs(asked.target.value - near.figure)
    text = (
        f"{asked.head}: out of reach of {asked.lever} between {low} and {high}. "
        f"Nearest is {_money(near.figure)} at {asked.said(near.at)}, "
        f"{_money(away)} away."
    )
    return text + (" The figure jumps over the goal there." if near.jumps else "")


def _far(control: Control) -> float:
    """Return the end of a control that is not today's value."""
    return control.low if control.at_rest(control.high) else control.high


def _money(value: float) -> str:
    """Return US$ mn as words in US$ bn."""
    return f"US$ {plain(value / 1e3)} bn"
