"""What it takes to reach a goal, in numbers and in words."""

from __future__ import annotations

import dataclasses
from functools import cached_property
from math import isnan

import pandas as pd

from toolkit.analysis.candidates import Candidate
from toolkit.analysis.moments import Moment
from toolkit.analysis.progress import watched
from toolkit.analysis.reaching import ends_row, figure_or_nan, trade
from toolkit.goal import Target
from toolkit.result import Result, Sentence
from toolkit.scenario import Scenario


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
    _ends: pd.DataFrame | None = None

    @cached_property
    def result(self) -> Result:
        """The result of the scenario with the lever turned."""
        return self._moment.result(self.scenario)

    @cached_property
    def _swings(self) -> pd.DataFrame:
        rows = {
            name: [figure_or_nan(self._moment, end, self.target) for end in ends]
            for name, ends in _moves(self).items()
        }
        table = pd.DataFrame.from_dict(rows, orient="index", columns=["low", "high"])
        table["swing"] = (table["high"] - table["low"]).abs()
        table.index.name = "lever"
        return table.sort_values("swing", ascending=False, kind="stable")

    def swings(self) -> pd.DataFrame:
        """Return which lever moves the figure most, the largest swing first.

        Returns
        -------
        DataFrame
            Index lever; ``low`` and ``high``: the figure with the open number at
            either bound, or with another lever left out and in; ``swing``: their
            distance. NaN where the lever or the market refuses.
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
        if self._ends is not None:
            return self._ends.copy()
        every = {("central", ""): self._moment, **self._moment.variants()}
        rows = {
            name: ends_row(moment, self._open, self.target)
            for name, moment in watched(every.items(), "ends", progress=progress)
        }
        table = pd.DataFrame.from_dict(rows, orient="index")
        table.index = pd.MultiIndex.from_tuples(list(rows), names=["assumption", "end"])
        return table

    @property
    def sentence(self) -> Sentence:
        """The answer in words."""
        return Sentence(_words(self))

    def __repr__(self) -> str:
        return str(self.sentence)

    def _repr_markdown_(self) -> str:
        return self.sentence._repr_markdown_()


def _moves(answer: Answer) -> dict[str, tuple[Scenario, Scenario]]:
    """Return the open number from end to end, and every other lever out and in."""
    asked, low, high = answer._open, *answer.bounds
    out: dict[str, tuple[Scenario, Scenario]] = {}
    whole = answer.scenario if asked.field else asked.at(high)
    if asked.field:
        name = f"{type(asked.levers[0]).__name__}.{asked.field}"
        out[f"{name} from {low:g} to {high:g}"] = (asked.at(low), asked.at(high))
    turned = asked._turned(asked.levers[0], answer.value) if asked.field else None
    for number, lever in enumerate(whole.levers):
        if lever != turned:
            rest = [one for n, one in enumerate(whole.levers) if n != number]
            out[lever.sentence()] = (Scenario(whole.name, rest), whole)
    return out


def _words(answer: Answer) -> str:
    target, asked = answer.target, answer._open
    goal = dataclasses.replace(target, year=None)
    head = f"{goal}, {answer._moment.label}: "
    if answer.met:
        text = head + f"reached with {asked.said(answer.value)}."
        if answer.others:
            more = ", ".join(f"{value:,.6g}" for value in answer.others)
            text += f" {more} would do too."
        return text + _then(answer) + _between(answer)
    low, high = answer.bounds
    text = head + (
        f"out of reach between {low:g} and {high:g}. Nearest is "
        f"{target.said(answer.figure)} at {asked.said(answer.value)}, "
        f"{target.said(abs(target.value - answer.figure))} away."
    )
    if answer.jumps:
        text += " The figure jumps over the goal there."
    return f"{text} {_strongest(answer)}"


def _strongest(answer: Answer) -> str:
    swings, said = answer.swings().dropna(), answer.target.said
    if swings.empty or not swings["swing"].iloc[0] > 0:
        return "No lever here moves it."
    most = swings.iloc[0]
    return (
        f"What moves it most is '{swings.index[0]}': {said(most['low'])} to "
        f"{said(most['high'])}."
    )


def _then(answer: Answer) -> str:
    if answer.target.what == "balance":
        return ""
    balance = trade(answer._moment, answer.scenario)["balance"]
    if isnan(balance):
        return ""
    side = "deficit" if balance < 0 else "surplus"
    return f" The {side} is then US$ {abs(balance) / 1e3:,.2f} bn."


def _between(answer: Answer) -> str:
    """Return the ends of an answer that was asked for with its band."""
    if answer._ends is None or len(answer._ends) < 2:
        return ""
    met = answer._ends[answer._ends["met"].astype(bool)]
    text = (
        f" With one assumption at a time at an end: {met['value'].min():,.6g} to "
        f"{met['value'].max():,.6g}, the balance US$ {met['balance'].min():,.0f} to "
        f"{met['balance'].max():,.0f} mn".replace("-", "−")
    )
    missed = len(answer._ends) - len(met)
    return text + (f"; at {missed} ends the goal is out of reach." if missed else ".")
