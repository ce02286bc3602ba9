"""What can be shared, brought into one form: a baseline, a scenario, a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from toolkit.baseline import Baseline, load_baseline
from toolkit.models import Armington
from toolkit.models.parameters import CASES
from toolkit.result import Result
from toolkit.scenario import Scenario
from toolkit.sharing.payload import Live
from toolkit.sharing.provenance import behind, tables


def subject(
    source: Any,
    *,
    baseline: Baseline | None = None,
    model: Armington | None = None,
    year: int | None = None,
) -> Live:
    """Return what a live page starts from.

    Parameters
    ----------
    source : Result, Baseline, Scenario, path of a scenario file, or an object with
        ``baseline`` and ``scenario`` (the explorer).
    baseline : Baseline, optional
        That the result or scenario belongs to; default the official one of the
        result's year (2024-25 for a scenario).
    model : Armington, optional
        With the elasticities a result was made with, if they are the user's own.
    year : int, optional
        Calendar year, for staged levers.

    Raises
    ------
    ValueError
        A result that the baseline and model given do not reproduce, a result of
        another model than Armington, or a source that cannot be shared.
    """
    if isinstance(source, Result):
        return _of_result(source, baseline, model, year)
    if isinstance(source, Baseline):
        return Live.of(source, None, model, year)
    if isinstance(source, str | Path):
        source = Scenario.from_yaml(source)
    if isinstance(source, Scenario):
        base = baseline or load_baseline("2024-25")
        return Live.of(base, source, model, year)
    if hasattr(source, "baseline") and hasattr(source, "scenario"):
        chosen = model or getattr(source, "model", None) or Armington()
        if not isinstance(chosen, Armington):
            raise ValueError(_only_armington(type(chosen).__name__))
        return Live.of(source.baseline, source.scenario, chosen, year)
    raise ValueError(
        f"A {type(source).__name__} cannot be shared: give a result, a baseline, a "
        "scenario, the explorer, or the path of a notebook or scenario."
    )


def result_of(
    source: Any, **options: Any
) -> tuple[Result, Scenario, Live | None, list[dict[str, str]]]:
    """Return the result, scenario, live form and data tables of what is shared.

    There is no live form for a result of another model, or of a baseline that was
    not given; a brief and a workbook do without.
    """
    if not isinstance(source, Result):
        live = subject(source, **options)
        return live.result, live.scenario, live, tables(live.baseline)
    scenario = Scenario.of(source)
    try:
        live = subject(source, **options)
    except ValueError:
        if any(value is not None for value in options.values()):
            raise
        return source, scenario, None, behind(source)
    return source, scenario, live, tables(live.baseline)


def _of_result(
    result: Result, baseline: Baseline | None, model: Armington | None, year: int | None
) -> Live:
    if result.model != Armington.name:
        raise ValueError(_only_armington(result.model))
    base = baseline or _baseline_of(result)
    scenario = Scenario.of(result)
    for candidate in [model] if model else [Armington(case=case) for case in CASES]:
        live = Live.of(base, scenario, candidate, year)
        if _same(live.result, result):
            return live
    raise ValueError(
        "The result is not reproduced by the baseline and the library's elasticities: "
        "pass the baseline=, model= and year= it was solved with."
    )


def _only_armington(model: str) -> str:
    return (
        f"Only Armington has a live page, not {model}: share a result of it as a brief "
        '(kind="brief") or a workbook (".xlsx").'
    )


def _baseline_of(result: Result) -> Baseline:
    try:
        return load_baseline(result.year)
    except ValueError as error:
        raise ValueError(
            "The result's baseline is not an official one: pass it as baseline=."
        ) from error


def _same(one: Result, other: Result) -> bool:
    mine, theirs = (item.variable("value") for item in (one, other))
    return mine.baseline.shape == theirs.baseline.shape and all(
        np.allclose(a, b, rtol=1e-9, atol=1e-9)
        for a, b in (
            (mine.baseline, theirs.baseline),
            (mine.counterfactual, theirs.counterfactual),
        )
    )
