"""What it would take: the value of a lever on screen at which a figure meets a goal."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np

from toolkit.analysis.moments import Moment
from toolkit.analysis.reaching import REFUSALS, figure_or_nan, trade
from toolkit.analysis.roots import POINTS, Crossing, Search, search
from toolkit.display import plain
from toolkit.explorer import Control, levers_of, scenario_of
from toolkit.goal import Target
from toolkit.scenario import Scenario
from toolkit.schema import check_number, nearest, shown
from toolkit.widgets.session import Session

NO_GOAL: Mapping[str, Any] = {"sentence": "", "name": "", "value": None}
FEW = 5  # points at each end of an assumption, where the answer is near
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

    def search(self, moment: Moment, points: int = POINTS) -> Search:
        """Return where the figure meets the goal in the lever's range."""

        def figure(value: float) -> float:
            return figure_or_nan(moment, self.at(value), self.target)

        ends = self.control.low, self.control.high
        return search(figure, self.target.value, ends, points)

    def met(self, found: Search) -> list[float]:
        """Return the values that meet the goal, the nearest to today's first."""
        rest = self.control.neutral
        values = [one.at for one in found.crossings if not one.jumps]
        return sorted(values, key=lambda at: abs(at - rest))

    @property
    def head(self) -> str:
        """The figure, its goal and the year."""
        year = self.session.years.labels.get(self.session.choices["year"])
        when = f" in {year}" if year else ""
        return f"{self.title} of {_money(self.target.value)}{when}"

    @property
    def lever(self) -> str:
        """The lever as the panel calls it."""
        return f"\u201c{self.control.chip or self.control.label}\u201d"

    def said(self, value: float) -> str:
        """Return a value of the lever with its unit."""
        return f"{self.number(value)} {self.control.unit}".strip()

    def number(self, value: float) -> str:
        """Return a value of the lever without its unit."""
        text = plain(value, 0 if abs(value) >= 1e3 else 2)
        return text.rstrip("0").rstrip(".") if "." in text else text


def goal_of(session: Session, figure: str, value: object, lever: str) -> dict[str, Any]:
    """Return what a lever would have to be for a figure to meet a goal.

    Parameters
    ----------
    session : Session
        Other levers, model, elasticities, horizon and year stay as it has them.
    figure : {"balance", "exports", "imports", "total"}
    value : float
        US$ billion a year.
    lever : str
        Name of a control with a number.

    Returns
    -------
    dict
        ``sentence``; ``name`` of the lever; ``value`` in the lever's unit, None where
        the goal is out of reach or the model refuses; where there is one, ``open``:
        :func:`with_ends` has more to say.

    Examples
    --------
    >>> from toolkit.baseline import load_baseline
    >>> session = Session(load_baseline("2024-25"))
    >>> round(goal_of(session, "balance", -30, "crude:cut")["value"], 2)
    56.85
    """
    try:
        asked = _question(session, figure, value, lever)
        moment = session.moment
        _refuse_uncarried(asked, moment)
        found = asked.search(moment)
        if np.isnan(found.figures).all():
            moment.figure(asked.at(asked.control.neutral), asked.target)  # says why
            raise ValueError(f"No value of {asked.lever} has an answer.")
    except REFUSALS as error:
        return {**NO_GOAL, "sentence": f"Not solved: {error}"}
    return _answer(asked, found)


def with_ends(
    session: Session, goal: Mapping[str, Any], figure: str, value: object
) -> dict[str, Any]:
    """Return an answer that also says between what it lies.

    Parameters
    ----------
    session : Session
    goal : mapping
        What :func:`goal_of` answered for the same session.
    figure, value
        As it was asked.

    Examples
    --------
    >>> from toolkit.baseline import load_baseline
    >>> session = Session(load_baseline("2024-25"))
    >>> goal = goal_of(session, "balance", -30, "crude:cut")
    >>> with_ends(session, goal, "balance", -30)["sentence"].split(". ")[1]
    'No assumption moves that.'
    """
    if not goal.get("open"):
        return dict(goal)
    asked = _question(session, figure, value, goal["name"])
    values, balances, missed = [], [], 0
    for moment in session.moment.variants().values():
        met = asked.met(asked.search(moment, FEW))
        missed += not met
        if met:
            values.append(met[0])
            balances.append(trade(moment, asked.at(met[0]))["balance"])
    said = _between(asked, values, balances, missed) if values else ""
    return {**goal, "sentence": goal["sentence"] + said, "open": False}


def _between(
    asked: Question, values: list[float], balances: list[float], missed: int
) -> str:
    low, high = asked.number(min(values)), asked.number(max(values))
    if low == high:
        return " No assumption moves that." if not missed else ""
    text = f" With one assumption at a time at an end: {low} to {high}"
    text = f"{text} {asked.control.unit}".rstrip()
    if asked.target.what != "balance":
        least, most = (plain(end(balances) / 1e3) for end in (min, max))
        text += f", the balance US$ {least} to {most} bn"
    return text + (f"; at {missed} ends it is out of reach." if missed else ".")


def _refuse_uncarried(asked: Question, moment: Moment) -> None:
    """Raise where the model cannot carry the lever, by the name it has on screen."""
    far = _far(asked.control)
    try:
        year = asked.session.choices["year"]
        moment.model.effects(moment.reference, asked.at(far), year)
    except ValueError as error:
        text = str(error)
        for lever in levers_of(asked.control, {asked.control.name: far}):
            text = text.replace(f"'{lever.sentence()}'", asked.lever)
        raise ValueError(text) from error


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
    met = asked.met(found)
    if np.ptp(figures) <= FLAT:
        sentence = f"{asked.head}: {asked.lever} does not move this figure."
        return {**NO_GOAL, "sentence": f"{sentence} Choose another lever."}
    if not met:
        return {**NO_GOAL, "sentence": _missed(asked, found.nearest)}
    first, *others = met
    text = f"{asked.head}: reached with {asked.lever} at {asked.said(first)}."
    if others:
        text += f" {', '.join(asked.said(at) for at in others)} would do too."
    if asked.target.what != "balance":
        balance = trade(asked.session.moment, asked.at(first))["balance"]
        side = "deficit" if balance < 0 else "surplus"
        text += f" The {side} is then {_money(abs(balance))}."
    name = asked.control.name
    return {"sentence": text, "name": name, "value": first, "open": True}


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
