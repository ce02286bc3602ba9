"""What it would take: the value of a lever at which a figure reaches a goal."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import cached_property
from math import isnan, nan

import numpy as np
import pandas as pd

from toolkit.analysis.candidates import Candidate, candidate
from toolkit.analysis.moments import Moment
from toolkit.analysis.progress import watched
from toolkit.analysis.roots import Crossing, Search, search
from toolkit.analysis.years import Path, moment_of
from toolkit.baseline import Baseline
from toolkit.goal import Target
from toolkit.levers import Lever
from toolkit.models import Model, NotConverged
from toolkit.result import Result, Sentence
from toolkit.scenario import Scenario

REFUSALS = (ValueError, NotConverged)


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Answer:
    """The value at which a goal is met, or how near it comes.

    Made by :func:`solve_for`.

    Attributes
    ----------
    target : Target
    met : bool
    value : float
        Of the lever's field, or the share of several levers; where the goal is not
        met, the value that comes nearest.
    figure : float
        The target's figure there, in its unit.
    others : tuple of float
        Further values that meet the goal.
    jumps : bool
        The figure jumps over the goal at ``value``.
    bounds : pair of float
    scenario : Scenario
        With the lever turned there.
    """

    target: Target
    met: bool
    value: float
    figure: float
    others: tuple[float, ...]
    jumps: bool
    bounds: tuple[float, float]
    scenario: Scenario
    _open: Candidate
    _moment: Moment

    @cached_property
    def result(self) -> Result:
        """The result of the scenario with the lever turned."""
        return self._moment.result(self.scenario)

    @cached_property
    def _swings(self) -> pd.DataFrame:
        rows = {}
        for number, lever in enumerate(self.scenario.levers):
            ends = _ends(self._moment, self.scenario, number, self.target)
            rows[f"{number + 1}. {lever.sentence()}"] = ends
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high"])
        table["swing"] = (table["high"] - table["low"]).abs()
        table.index.name = "lever"
        return table.sort_values("swing", ascending=False, kind="stable")

    def swings(self) -> pd.DataFrame:
        """Return which lever moves the figure most, the largest swing first.

        Returns
        -------
        DataFrame
            Index lever; ``low`` and ``high``: the figure with that lever's dial at
            either end, the others as they are; ``swing``: their distance. NaN at an
            end that the lever or the market refuses.
        """
        return self._swings.copy()

    def band(self, *, progress: bool = True) -> pd.DataFrame:
        """Return the answer with one assumption at a time at an end.

        Returns
        -------
        DataFrame
            Index ``assumption, end``: elasticities of the library, on a path the
            speed of adjustment and the drivers too. ``met``; ``value``: what it
            takes then; ``exports, imports, balance, total`` there, US$ million. The
            first row, ``central``, is the answer itself.
        """
        every = {("central", ""): self._moment, **self._moment.variants()}
        rows = {}
        for name, moment in watched(every.items(), "ends", progress=progress):
            found = _found(moment, self._open, self.target)
            at = _chosen(found, self._open)
            met = any(not one.jumps for one in found.crossings)
            trade = _trade(moment, self._open.at(at.at))
            rows[name] = {"met": met, "value": at.at if met else nan, **trade}
        table = pd.DataFrame.from_dict(rows, orient="index")
        table.index = pd.MultiIndex.from_tuples(rows, names=["assumption", "end"])
        return table

    @property
    def sentence(self) -> Sentence:
        """The answer in words."""
        return Sentence(_words(self))

    def __repr__(self) -> str:
        return str(self.sentence)

    def _repr_markdown_(self) -> str:
        return self.sentence._repr_markdown_()


def solve_for(
    model: Model,
    base: Baseline | Path,
    lever: Lever | Scenario | Sequence[Lever],
    target: Target,
    *,
    scenario: Scenario | None = None,
    field: str | None = None,
    bounds: tuple[float, float] | None = None,
    horizon: object = "long",
    drivers: object = None,
    speed: float | None = None,
    base_year: int | None = None,
) -> Answer:
    """Return what it would take: the value of a lever at which a goal is met.

    Parameters
    ----------
    model : Armington, Smart or any other model
    base : Baseline or Path
        A path gives its scenario, drivers and speed.
    lever : Lever, or several as a sequence or Scenario
        Whose number is open. One that is among the scenario's levers is turned there,
        another is added. Of several the answer is the common share of their change in
        force, 0 to 1.
    target : Target
        With a year the question is about that year of a path, else about ``horizon``.
    scenario : Scenario, optional
        What else is in force.
    field : str, optional
        The number to turn; default the lever's own dial.
    bounds : pair of float, optional
        Default the dial's ends; a field without a dial needs them.
    horizon : {"long", "short"}, float or Horizon
        As for ``solve``; without a target year.
    drivers, speed, base_year
        As for :func:`toolkit.path`; with a target year.

    Returns
    -------
    Answer
        ``met``, ``value``, ``scenario``, ``result``; ``sentence`` says how near a goal
        out of reach comes and which lever moves it most; ``band()`` gives the ends. Of
        several values that meet the goal, the nearest to doing nothing.

    Raises
    ------
    ValueError
        A field that is no number, bounds missing, or a lever that the model refuses
        at every value between them.

    Examples
    --------
    >>> import toolkit as tk
    >>> base, model = tk.load_baseline("2024-25"), tk.Armington()
    >>> more = tk.QuantityTarget(importer="IND", exporter="RUS", products="31",
    ...     kilotonnes=5000)
    >>> answer = tk.solve_for(model, base, more, tk.Target("imports", 64_500))
    >>> answer.met, round(answer.value)
    (True, 5058)
    """
    moment, around = moment_of(
        model, base, scenario, target.year, horizon, (drivers, speed, base_year)
    )
    asked = candidate(lever, around, field, bounds)
    found = _found(moment, asked, target)
    if np.isnan(found.figures).all():
        moment.figure(asked.at(asked.bounds[0]), target)  # says why
        raise ValueError(f"The model has no answer between {asked.bounds}.")
    at = _chosen(found, asked)
    met = [one for one in found.crossings if not one.jumps]
    return Answer(
        target=target,
        met=bool(met),
        value=at.at,
        figure=at.figure,
        others=tuple(one.at for one in met if one.at != at.at),
        jumps=at.jumps,
        bounds=asked.bounds,
        scenario=asked.at(at.at),
        _open=asked,
        _moment=moment,
    )


def _found(moment: Moment, asked: Candidate, target: Target) -> Search:
    def figure(value: float) -> float:
        try:
            return moment.figure(asked.at(float(value)), target)
        except REFUSALS:
            return nan

    return search(figure, target.value, asked.bounds)


def _chosen(found: Search, asked: Candidate) -> Crossing:
    """Return the crossing nearest to doing nothing, else the nearest point."""
    rest = asked.bounds[0] if asked.neutral is None else asked.neutral
    met = [one for one in found.crossings if not one.jumps]
    return min(met, key=lambda one: abs(one.at - rest), default=found.nearest)


def _ends(
    moment: Moment, scenario: Scenario, number: int, target: Target
) -> tuple[float, float]:
    lever = scenario.levers[number]
    if not lever.dials:
        return nan, nan
    out = []
    for end in (lever.dial.low, lever.dial.high):
        try:
            members = list(scenario.levers)
            members[number] = lever.turned(end)
            out.append(moment.figure(Scenario(scenario.name, members), target))
        except REFUSALS:
            out.append(nan)
    return out[0], out[1]


def _trade(moment: Moment, scenario: Scenario) -> dict[str, float]:
    names = ("exports", "imports", "balance", "total")
    try:
        return {name: moment.figure(scenario, Target(name, 0.0)) for name in names}
    except REFUSALS:
        return dict.fromkeys(names, nan)


def _words(answer: Answer) -> str:
    target, asked = answer.target, answer._open
    when = answer._moment.label
    goal = str(target) + ("" if target.year is not None else f" ({when})")
    if answer.met:
        text = f"A {goal} takes {asked.said(answer.value)}."
        if answer.others:
            more = ", ".join(f"{value:,.6g}" for value in answer.others)
            text += f" So does {more}."
        return text + _then(answer)
    low, high = answer.bounds
    text = (
        f"A {goal} is out of reach between {low:g} and {high:g}: nearest is "
        f"{target.said(answer.figure)} at {asked.said(answer.value)}, "
        f"{target.said(abs(target.value - answer.figure))} away."
    )
    if answer.jumps:
        text += " The figure jumps over the goal there."
    return f"{text} {_strongest(answer)}"


def _strongest(answer: Answer) -> str:
    swings, said = answer.swings().dropna(), answer.target.said
    if swings.empty or not swings["swing"].iloc[0] > 0:
        return "No lever here moves it over its dial."
    most = swings.iloc[0]
    return (
        f"What moves it most is '{str(swings.index[0]).partition('. ')[2]}': "
        f"{said(most['low'])} to {said(most['high'])} over its dial."
    )


def _then(answer: Answer) -> str:
    trade = _trade(answer._moment, answer.scenario)
    if isnan(trade["balance"]) or answer.target.what == "balance":
        return ""
    side = "deficit" if trade["balance"] < 0 else "surplus"
    return f" The {side} is then US$ {abs(trade['balance']) / 1e3:,.2f} bn."
