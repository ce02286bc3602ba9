"""What it would take: the value of a lever at which a figure reaches a goal."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from toolkit.analysis.answer import Answer
from toolkit.analysis.candidates import candidate
from toolkit.analysis.paths import Path
from toolkit.analysis.reaching import chosen, search_goal
from toolkit.analysis.yearly import moment_of
from toolkit.baseline import Baseline
from toolkit.goal import Target
from toolkit.levers import Lever
from toolkit.models import Model
from toolkit.scenario import Scenario
from toolkit.schema import check_kind


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
    band: bool = False,
    progress: bool = True,
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
    band : bool
        Say in the answer what it takes with one assumption at a time at an end.
    progress : bool
        Show a bar on a band that takes longer than a second.

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
    (True, 5059)
    """
    form = 'a Target such as tk.Target("balance", -40_000)'
    check_kind(target, Target, "target", form)
    scenario = None if scenario is None else Scenario.of(scenario)
    moment, around = moment_of(
        model, base, scenario, target.year, horizon, (drivers, speed, base_year)
    )
    asked = candidate(lever, around, field, bounds)
    found = search_goal(moment, asked, target)
    if np.isnan(found.figures).all():
        moment.figure(asked.at(asked.bounds[0]), target)  # says why
        raise ValueError(f"The model has no answer between {asked.bounds}.")
    at = chosen(found, asked)
    met = [one for one in found.crossings if not one.jumps]
    answer = Answer(
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
    if not band:
        return answer
    return dataclasses.replace(answer, _ends=answer.band(progress=progress))
