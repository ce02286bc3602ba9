"""What each control does to the lines, learnt by asking Python over its range.

A page without Python cannot call a lever. So every lever behind a control is
called at every position of its slider, and the channels it sets are kept as the
shortest description that returns the same numbers: one number, one number per
position, the two ends of a straight line, or all of them. The page therefore
holds the effects of the levers and no economics of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from toolkit.baseline import Baseline
from toolkit.explorer import Control, shown
from toolkit.explorer.text import lever_call, lever_yaml
from toolkit.levers import Lever
from toolkit.market import Effect, effects_of
from toolkit.scenario import Scenario

Floats = NDArray[np.float64]
STRAIGHT = 1e-13  # relative; a straight line is one to rounding


@dataclasses.dataclass(frozen=True)
class Sample:
    """One lever at one position: what it does and how it is written down."""

    effect: Effect
    lever: Lever


def describe(
    baseline: Baseline,
    control: Control,
    controls: Sequence[Control],
    year: int | None = None,
) -> dict[str, Any]:
    """Return a control as plain data: its range and what it does.

    Parameters
    ----------
    baseline : Baseline
    control : Control
    controls : sequence of Control
        All of them: where a switch changes what this control does, both cases
        are described.
    year : int, optional
        Calendar year, for staged levers.

    Raises
    ------
    ValueError
        Two switches change what one control does; that has no plain form.
    """
    out = shown(control, baseline)
    out["neutral_place"] = out["values"].index(control.neutral)
    plain = series(baseline, control, {}, year)
    out["switched_by"], out["off"] = None, plain
    for other in controls:
        if not other.switch or other.name == control.name:
            continue
        settings = {other.name: other.high}
        if _differs(control, settings):
            if out["switched_by"] is not None:
                raise ValueError(f"Two switches change {control.name!r}.")
            out["switched_by"] = other.name
            out["on"] = series(baseline, control, settings, year)
    return out


def series(
    baseline: Baseline,
    control: Control,
    settings: Mapping[str, float],
    year: int | None,
) -> list[dict[str, Any]]:
    """Return each lever behind a control over all positions, as plain data."""
    table: list[list[Sample] | None] = []
    values = control.positions
    for value in values:
        at_rest = abs(value - control.neutral) <= 1e-12
        levers = () if at_rest else control.levers(value, settings)
        table.append(None if at_rest else _samples(baseline, levers, year))
    counts = {len(row) for row in table if row is not None}
    if len(counts) > 1:
        raise ValueError(f"{control.name!r} has a varying number of levers.")
    count = counts.pop() if counts else 0
    return [
        _lever_data([None if row is None else row[n] for row in table], values)
        for n in range(count)
    ]


def _samples(
    baseline: Baseline, levers: tuple[Lever, ...], year: int | None
) -> list[Sample]:
    found = effects_of(baseline, Scenario("probe", levers), year)
    return [Sample(effect, lever) for effect, lever in zip(found, levers, strict=True)]


def _differs(control: Control, settings: Mapping[str, float]) -> bool:
    value = control.high if control.high != control.neutral else control.low
    return control.levers(value, {}) != control.levers(value, settings)


def _lever_data(
    row: Sequence[Sample | None], places: Sequence[float]
) -> dict[str, Any]:
    """Return one lever over all positions: lines, channels, texts."""
    shown = [sample for sample in row if sample is not None]
    lines = _common_lines([sample.effect for sample in shown])
    channels = {}
    for name in dict.fromkeys(n for s in shown for n in s.effect.values):
        values = [s and _on_lines(s.effect, name, lines) for s in row]
        channels[name] = _set_lines(values, places)
    return {
        "lines": lines.tolist(),
        "channels": channels,
        "sentence": folded([s and s.lever.sentence() for s in row]),
        "yaml": folded(_at_rest_too(row, lever_yaml([s.lever for s in shown]))),
        "python": folded([s and f"    {lever_call(s.lever)}," for s in row]),
        "targets": _targets(shown, row),
        "open_account": listed([s and [s.effect.open_account] for s in row]),
        "notes": listed([s and list(s.effect.notes) for s in row]),
        "invisibles": listed([s and _entries(s.effect) for s in row]),
    }


def _targets(
    shown: Sequence[Sample], row: Sequence[Sample | None]
) -> dict[str, Any] | None:
    """Return the least sums that a lever sets: flows once, totals by position.

    None for a lever that sets none.

    Raises
    ------
    ValueError
        Flows that differ from position to position; that has no plain form.
    """
    found = [sample.effect.target for sample in shown]
    if not any(found):
        return None
    forms = [t and (t.where.tolist(), plain(t.amount)) for t in found]
    if any(form != forms[0] for form in forms) or forms[0] is None:
        raise ValueError("The flows of a target vary with its size.")
    totals = [s and s.effect.target and plain(s.effect.target.total) for s in row]
    return {"where": forms[0][0], "amount": forms[0][1], "totals": totals}


def _at_rest_too(row: Sequence[Any], texts: Sequence[str]) -> list[str | None]:
    """Return one text per position, None where the control is at rest."""
    left = iter(texts)
    return [None if sample is None else next(left) for sample in row]


def _common_lines(effects_: Sequence[Effect]) -> NDArray[np.intp]:
    if not effects_:
        return np.array([], dtype=np.intp)
    touched = [np.asarray(effect.where, dtype=np.intp) for effect in effects_]
    return np.unique(np.concatenate(touched))


def _on_lines(effect: Effect, name: str, lines: NDArray[np.intp]) -> Floats:
    """Return a channel's values on all the lines, NaN where it is not set."""
    out = np.full(len(lines), np.nan)
    if name in effect.values:
        values = np.asarray(effect.values[name], dtype=float)
        kept = ~np.isnan(values)
        out[np.searchsorted(lines, np.asarray(effect.where)[kept])] = values[kept]
    return out


def _set_lines(
    rows: Sequence[Floats | None], places: Sequence[float]
) -> dict[str, Any]:
    """Return a channel's values, and the lines it is set on if not all of them."""
    given = [~np.isnan(row) for row in rows if row is not None]
    kept = np.any(given, axis=0)
    if kept.all():
        return described(rows, places)
    only = [None if row is None else row[kept] for row in rows]
    return {"only": np.flatnonzero(kept).tolist(), **described(only, places)}


def described(rows: Sequence[Floats | None], places: Sequence[float]) -> dict[str, Any]:
    """Return values by position and line in their shortest exact form.

    Parameters
    ----------
    rows : sequence of ndarray or None
        One array over lines per position; None where the control is at rest.
    places : sequence of float
        What the control stands at, position by position.

    Returns
    -------
    dict
        ``{"all": x}`` one number; ``{"line": [...]}`` one per line;
        ``{"at": [...]}`` one per position; ``{"from", "to", "low", "high"}`` a
        straight line in what the control stands at; ``{"grid": [[...]]}`` all.

    Examples
    --------
    >>> described([None, np.array([1.0, 2.0]), np.array([2.0, 4.0])], [0, 5, 10])
    {'from': 5, 'to': 10, 'low': [1, 2], 'high': [2, 4]}
    """
    used = [k for k, row in enumerate(rows) if row is not None]
    table = np.stack([row for row in rows if row is not None])
    if _same(table, table[:1]):
        first = table[0]
        if len(first) and _same(first, first[:1]):
            return {"all": plain(first[0])}
        return {"line": plain(first)}
    if _same(table, table[:, :1]):
        return {"at": [None if r is None else plain(r[0]) for r in rows]}
    at = np.array([places[k] for k in used], dtype=float)
    if _is_straight(table, at):
        low, high = plain(table[0]), plain(table[-1])
        return {"from": plain(at[0]), "to": plain(at[-1]), "low": low, "high": high}
    return {"grid": [None if row is None else plain(row) for row in rows]}


def _same(one: Floats, other: Floats) -> bool:
    wide = np.broadcast_to(other, one.shape)
    return bool(((one == wide) | (np.isnan(one) & np.isnan(wide))).all())


def _is_straight(table: Floats, at: Floats) -> bool:
    if not np.isfinite(table).all() or len(at) < 2:
        return False
    share = (at - at[0]) / (at[-1] - at[0])
    line = table[0] * (1 - share[:, None]) + table[-1] * share[:, None]
    size = np.abs(table).max(axis=0)
    return bool((np.abs(line - table) <= STRAIGHT * size).all())


def plain(values: Any) -> Any:
    """Return numbers for JSON: null for NaN, "inf" and "-inf" as text."""
    if np.ndim(values):
        return [plain(value) for value in np.asarray(values)]
    number = float(values)
    if np.isnan(number):
        return None
    if np.isinf(number):
        return "inf" if number > 0 else "-inf"
    return int(number) if number.is_integer() and abs(number) < 1e9 else number


def folded(texts: Sequence[str | None]) -> Any:
    """Return texts that differ in the middle as beginning, middles and end.

    Examples
    --------
    >>> folded([None, "cut by 5 %", "cut by 10 %"])
    {'head': 'cut by ', 'middle': [None, '5', '10'], 'tail': ' %'}
    """
    shown = [text for text in texts if text is not None]
    if len(set(shown)) <= 1:
        return shown[0] if shown else ""
    head = _common_start(shown)
    rest = [text[len(head) :] for text in shown]
    tail = _common_start([text[::-1] for text in rest])[::-1]
    end = -len(tail) or None
    middle = [None if text is None else text[len(head) : end] for text in texts]
    return {"head": head, "middle": middle, "tail": tail}


def _common_start(texts: Sequence[str]) -> str:
    alike = takewhile(lambda marks: len(set(marks)) == 1, zip(*texts, strict=False))
    return "".join(marks[0] for marks in alike)


def listed(items: Sequence[Any]) -> dict[str, Any]:
    """Return items by position as the distinct ones and which stands where."""
    distinct: list[Any] = []
    where = []
    for item in items:
        if item is None:
            where.append(None)
            continue
        if item not in distinct:
            distinct.append(item)
        where.append(distinct.index(item))
    return {"items": distinct, "where": where}


def _entries(effect: Effect) -> list[list[Any]]:
    names = ("item", "from", "to", "usd_mn", "low", "high")
    return [[entry[name] for name in names] for entry in effect.invisibles]
