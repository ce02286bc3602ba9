"""The years of a live page: growth of the lines, and what the levers do in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from toolkit.analysis.calendars import years_after
from toolkit.analysis.grown import grown, reference_shocks
from toolkit.analysis.reference import GROWN
from toolkit.analysis.yearly import road_of
from toolkit.baseline import Baseline
from toolkit.elasticities.horizon import speeds
from toolkit.explorer import Control, controls_of
from toolkit.goal import Course
from toolkit.levers import Lever
from toolkit.market import Effect, effects_of
from toolkit.scenario import Scenario
from toolkit.sharing.probe import describe, plain

LAST = Course().until
PARTS = ("off", "on")

Row = Mapping[str, Any]
Described = tuple[Control, Row]


@lru_cache(maxsize=4)
def described(baseline: Baseline, year: int | None) -> tuple[Row, ...]:
    """Return the explorer's controls as plain data (kept for the last few baselines).

    The same for every scenario: a lever of its own changes no other control.
    """
    controls = controls_of(baseline)
    return tuple(describe(baseline, x, controls, year) for x in controls)


def path_of(
    baseline: Baseline,
    year: int | None,
    own: Sequence[Described],
    course: Course | None,
) -> dict[str, Any] | None:
    """Return the path as a page needs it, None where there is none to show.

    Parameters
    ----------
    baseline : Baseline
    year : int, optional
        Of staged levers while no year is chosen.
    own : sequence of (Control, mapping)
        Controls that are not the explorer's as they are, and what
        :func:`toolkit.sharing.probe.describe` says of them.
    course : Course, optional
        Of the scenario: how fast trade adjusts.

    Returns
    -------
    dict or None
        ``years`` (first calendar year and name), ``growth`` of each group of lines by
        year, ``group`` of each line, ``speed`` and ``speeds``, ``notes``, ``open``
        (why the balance with the world is not told), ``changes``: what controls do
        otherwise in which year, and the path in Python and YAML. None for a baseline
        that does not say its year, or whose reference path moves prices: the page
        knows growth alone.
    """
    labels = years_after(baseline, LAST)
    if not labels:
        return None
    speed = None if course is None else course.speed
    road = road_of(baseline, (None, speed, None))
    shocks = reference_shocks(baseline, road.drivers, len(labels))
    if any((shock["price"] != 1.0).any() for shock in shocks):
        return None
    sizes = np.stack([shock["growth"] for shock in shocks])
    groups, group = np.unique(sizes, axis=1, return_inverse=True)
    published = speeds()
    return {
        "years": list(map(list, labels.items())),
        "growth": [plain(row) for row in groups],
        "group": group.ravel().tolist(),
        "speed": road.speed,
        "speeds": [float(published.min()), float(published.max())],
        "notes": [*road.drivers.notes, road.calendar.note],
        "open": GROWN if road.drivers.notes else "",
        "changes": {**_usual(baseline, year), **_changes(baseline, year, own)},
        "python": "" if speed is None else f", speed={speed!r}",
        "yaml": "" if speed is None else f"  speed: {speed!r}\n",
    }


@lru_cache(maxsize=4)
def _references(baseline: Baseline) -> dict[int, Baseline]:
    """Return the baselines of the reference path, on which prices are today's."""
    labels = years_after(baseline, LAST)
    drivers = road_of(baseline, (None, None, None)).drivers
    shocks = reference_shocks(baseline, drivers, len(labels))
    pairs = zip(labels.items(), shocks, strict=True)
    return {year: grown(baseline, shock, None, name) for (year, name), shock in pairs}


@lru_cache(maxsize=4)
def _usual(baseline: Baseline, year: int | None) -> dict[str, Any]:
    """Return what the explorer's own controls do otherwise in which year."""
    pairs = zip(controls_of(baseline), described(baseline, year), strict=True)
    return _changes(baseline, year, list(pairs))


def _changes(
    baseline: Baseline, year: int | None, pairs: Sequence[Described]
) -> dict[str, Any]:
    found = {}
    for control, row in pairs:
        at, forms = _of_control(baseline, year, control, row)
        if any(forms):
            found[control.name] = {"at": at, "forms": forms}
    return found


def _of_control(
    baseline: Baseline, today: int | None, control: Control, row: Row
) -> tuple[dict[int, Any], list[dict[str, Any]]]:
    """Return which form a control has in each year, and the forms, today's first.

    A staged lever has one for each year up to then: how old its changes are counts.
    """
    sample = Scenario("sample", _sample(control))
    staged = any(x.start is not None or x.schedule for x in sample.levers)
    known, forms = [effects_of(baseline, sample, today)], [{}]
    at: dict[int, Any] = {}
    references = _references(baseline)
    for year, reference in references.items():
        places = {}
        for then in [y for y in references if y <= year] if staged else [year]:
            found = effects_of(reference, sample, then)
            place = next((n for n, x in enumerate(known) if _alike(x, found)), None)
            if place is None:
                place = len(known)
                known.append(found)
                others = controls_of(baseline)
                forms.append(_form(row, describe(reference, control, others, then)))
            places[then] = place
        at[year] = places if staged else places[year]
    return at, forms


def _form(row: Row, new: Row) -> dict[str, Any]:
    """Return in what the levers of a control differ from what they do at rest."""
    out = {}
    for part in PARTS:
        pairs = list(zip(row.get(part, ()), new.get(part, ()), strict=True))
        changed = [{k: v for k, v in b.items() if v != a[k]} for a, b in pairs]
        if any(changed):
            out[part] = changed
    return out


def _sample(control: Control) -> tuple[Lever, ...]:
    """Return a control's levers at both ends and between: what tells years apart."""
    values = [v for v in control.positions if not control.at_rest(v)]
    some = dict.fromkeys((values[0], values[len(values) // 2], values[-1]))
    return tuple(lever for value in some for lever in control.levers(value, {}))


def _alike(one: Sequence[Effect], other: Sequence[Effect]) -> bool:
    return all(_same(a, b) for a, b in zip(one, other, strict=True))


def _same(one: Effect, other: Effect) -> bool:
    told = [(x.notes, x.invisibles, x.open_account) for x in (one, other)]
    if told[0] != told[1] or one.values.keys() != other.values.keys():
        return False
    pairs = [(one.where, other.where)]
    pairs += [(one.values[name], other.values[name]) for name in one.values]
    if (one.target is None) != (other.target is None):
        return False
    if one.target is not None and other.target is not None:
        pairs += [
            (getattr(one.target, part), getattr(other.target, part))
            for part in ("where", "amount", "total")
        ]
    return all(
        np.array_equal(np.asarray(a, dtype=float), np.asarray(b, float), equal_nan=True)
        for a, b in pairs
    )
