"""Everything that stands on screen, as plain data: what both drawings paint.

``panel_of`` is what never changes while levers move; ``screen_of`` what follows
them. The shared page makes the same from its own solver.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from toolkit.baseline import Baseline
from toolkit.display import flow_titles
from toolkit.explorer.band import assumptions_of, band_of
from toolkit.explorer.control import Control
from toolkit.explorer.controls import SECTIONS
from toolkit.explorer.questions import questions_of
from toolkit.explorer.readout import details, figures
from toolkit.explorer.sums import sums_of
from toolkit.explorer.suppliers import markets_of
from toolkit.models.ranges import RENT, SPEED, WORLD
from toolkit.result import Result, answer

SHOWN = (
    *("name", "section", "heading", "label", "unit", "source", "neutral", "switch"),
    *("what", "caveat", "today", "front"),
)
MOVES = "What moves the balance"
BARS = "Both directions, before and after"
SUPPLIERS = "Who supplies it, before and after"
WITHOUT: dict[str, Any] = dict.fromkeys(("band", "assumptions", "levers", "details"))
ENDS = {"low": "low end", "central": "central", "high": "high end"}
ENDS_OF = {
    RENT: {"low": "the importer", "high": "the exporter"},
    WORLD: {"low": "none", "high": "strongest"},
    SPEED: {"low": "slowest", "high": "fastest"},
}


def panel_of(baseline: Baseline, controls: tuple[Control, ...]) -> dict[str, Any]:
    """Return what the panel is made of: levers, questions, titles, rows of charts."""
    sums = sums_of(baseline)
    return {
        "year": baseline.year,
        "titles": flow_titles(baseline.reporter, baseline.partner),
        "sections": [s for s in SECTIONS if any(c.section == s for c in controls)],
        "controls": [shown(control, baseline) for control in controls],
        "questions": [
            {"text": q.text, "settings": dict(q.settings)}
            for q in questions_of(controls)
        ],
        "moves": sums.steps.to_dict("records"),
        "bars": sums.bars.to_dict("records"),
        "heads": {"moves": MOVES, "bars": BARS, "suppliers": SUPPLIERS},
        "end_words": ENDS,
        "end_words_of": ENDS_OF,
        "source": baseline.source_line or "not stated",
    }


def stops_of(year: str, labels: Mapping[int, str]) -> list[list[Any]]:
    """Return the stops of the year slider, as year and words.

    Parameters
    ----------
    year : str
        Of the baseline.
    labels : mapping of int to str
        The years of its path; without any there is no slider.

    Examples
    --------
    >>> stops_of("2024-25", {2025: "2025-26"})
    [[None, '2024-25, after adjustment'], [2025, '2025-26']]
    """
    first = [None, f"{year}, after adjustment"]
    return [first, *map(list, labels.items())] if labels else []


def shown(control: Control, baseline: Baseline) -> dict[str, Any]:
    """Return a control as plain data, with the words that a search finds it by."""
    names = {baseline.names.get(code, "") for code in control.codes}
    words = (control.label, control.section, control.heading, *sorted(names))
    return {
        **{name: getattr(control, name) for name in SHOWN},
        "chip": control.chip or control.label,
        "values": list(control.positions),
        "words": " ".join(filter(None, words)).lower(),
        "codes": list(control.codes),
    }


def screen_of(
    result: Result,
    baseline: Baseline,
    *,
    rows: Baseline | None = None,
    levers: bool = True,
    draws: int = 0,
    ranges: bool = True,
) -> dict[str, Any]:
    """Return what a result puts on screen.

    Parameters
    ----------
    result : Result
    baseline : Baseline
        What it was solved on.
    rows : Baseline, optional
        Whose groups and chapters the panel shows, where that is another: in a year of
        a path it stays with today's.
    levers : bool
        Say which lever does most: too slow while one is dragged.
    draws : int
        For the band; none: one assumption at a time.
    ranges : bool
        Say between what the answer lies and what else changes; without it ``band``,
        ``assumptions``, ``levers`` and ``details`` are None: the figures of a dragged
        lever do not wait for them.

    Returns
    -------
    dict
        ``answer`` in sentences, the three ``figures`` as text, ``charts``: numbers in
        the order of the panel's ``moves`` and ``bars`` (US$ bn), ``before``: the
        ``bars`` without the levers, ``suppliers``,
        ``band`` and ``assumptions`` (US$ mn), ``levers`` and ``details``.
    """
    sums = sums_of(baseline if rows is None else rows)
    return {
        "answer": dataclasses.asdict(answer(result, levers=levers, short=not ranges)),
        "figures": [dataclasses.asdict(one) for one in figures(result, ranges=ranges)],
        "charts": sums.figures(result),
        "before": sums.before(result),
        "suppliers": markets_of(result, baseline),
        **(_rest(result, baseline, draws) if ranges else WITHOUT),
    }


def _rest(result: Result, baseline: Baseline, draws: int) -> dict[str, Any]:
    found = assumptions_of(result, baseline)
    return {
        "band": dataclasses.asdict(band_of(result, draws)),
        "assumptions": [dataclasses.asdict(one) for one in found],
        "levers": [lever.sentence() for lever in result.levers],
        "details": details(result),
    }
