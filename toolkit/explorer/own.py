"""A scenario's levers as controls: those that can make them move, else their own."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import takewhile

import pandas as pd

from toolkit.baseline import Baseline
from toolkit.explorer.control import Control
from toolkit.goal import place
from toolkit.levers import Lever
from toolkit.levers.base import Dial, FlowLever, GoodsLever
from toolkit.levers.quantities import kilotonnes_a_year
from toolkit.result.phrases import with_names
from toolkit.scenario import Scenario

OWN = "Levers of this scenario"
STEPS = 100
PERCENT = ("share", "ad valorem", "relative", "growth", "decimal", "notional")
CLOSE = 1e-9

Starting = tuple[tuple[Control, ...], dict[str, float]]


def starting(
    controls: tuple[Control, ...], scenario: Scenario, baseline: Baseline
) -> Starting:
    """Return the controls for a scenario and where they stand at its start.

    Parameters
    ----------
    controls : tuple of Control
        The explorer's.
    scenario : Scenario
        A lever that a control can make moves that control; any other gets a control
        of its own, which turns its dial.
    baseline : Baseline

    Returns
    -------
    tuple
        The scenario's own controls before the others, and the settings.
    """
    own: list[Control] = []
    settings: dict[str, float] = {}
    for number, lever in enumerate(scenario.levers, start=1):
        found = _made_by(controls, lever, settings)
        if found is None:
            wider = _looked_at(scenario, number, lever)
            control = own_control(f"lever:{number}", lever, baseline, wider)
            own.append(control)
            found = control.name, _here(lever)
        settings[found[0]] = found[1]
    return (*own, *controls), settings


def _made_by(
    controls: tuple[Control, ...], lever: Lever, taken: dict[str, float]
) -> tuple[str, float] | None:
    """Return the control that can make a lever, and where it stands then."""
    for control in controls:
        value = None if control.name in taken else reading(control, lever)
        if value is not None:
            return control.name, value
    return None


def reading(control: Control, lever: Lever) -> float | None:
    """Return the value at which a control makes a lever, or None.

    Controls turn the dial of a lever in a straight line: two positions tell it.
    """
    if control.switch:
        made = control.levers(control.high, {})
        return control.high if made == (lever,) else None
    ends = [v for v in (control.low, control.high) if not control.at_rest(v)]
    samples = [control.levers(v, {}) for v in (*ends, control.positions[1])][:2]
    if any(len(made) != 1 or type(made[0]) is not type(lever) for made in samples):
        return None
    field = lever.dial.field
    numbers = [getattr(made[0], field) for made in samples]
    at = getattr(lever, field)
    if at is None or None in numbers or numbers[0] == numbers[1]:
        return None
    places = (*ends, control.positions[1])[:2]
    slope = (places[1] - places[0]) / (numbers[1] - numbers[0])
    value = round(places[0] + slope * (at - numbers[0]), 10)
    if not control.low <= value <= control.high or control.at_rest(value):
        return None
    (made,) = control.levers(value, {})
    same = math.isclose(getattr(made, field), at, rel_tol=CLOSE)
    return value if same and made.turned(at) == lever else None


def own_control(
    name: str, lever: Lever, baseline: Baseline, wider: tuple[float, ...] = ()
) -> Control:
    """Return the control that turns the dial of one lever.

    A lever whose size is left to the data has nothing to turn: it is on or off.

    Parameters
    ----------
    name : str
    lever : Lever
    baseline : Baseline
    wider : tuple of float
        Values that it must reach, in the lever's own unit.
    """
    dial = lever.dial
    if getattr(lever, dial.field) is None:
        return _tick(name, lever, baseline)
    shown, back = _shown(dial), _back(dial)
    here = shown(getattr(lever, dial.field))
    rest = shown(_today(lever, dial, baseline))
    if abs(rest - here) <= CLOSE:
        rest = shown(dial.low if getattr(lever, dial.field) != dial.low else dial.high)
    ends = [shown(end) for end in (dial.low, dial.high, *wider)]
    low, high = min(*ends, here, rest), max(*ends, here, rest)
    return Control(
        name, OWN, "", label_of(lever, baseline), unit_of(dial),
        type(lever).default_source, rest, low, high, _nice((high - low) / STEPS),
        lambda value, _: (lever.turned(back(value)),),
        what=f"{type(lever).summary}; the slider turns its {dial.unit}",
        today="" if dial.neutral is not None else f"{rest:g} {unit_of(dial)} today",
        front=True,
        codes=lever.prefixes if isinstance(lever, GoodsLever) else (),
        marks=(here,),
    )  # fmt: skip


def _looked_at(scenario: Scenario, number: int, lever: Lever) -> tuple[float, ...]:
    """Return the bounds between which a scenario's goal looks for a lever's number."""
    goal = scenario.goal
    if goal is None or goal.bounds is None:
        return ()
    return goal.bounds if place(goal.by) == (number, lever.dial.field) else ()


def label_of(lever: Lever, baseline: Baseline) -> str:
    """Return a lever's sentence without its size, which the number beside it says."""
    dial = lever.dial
    here = getattr(lever, dial.field)
    there = dial.high if here != dial.high else dial.low
    one, two = (x.sentence().split(" ") for x in (lever, lever.turned(there)))
    head = _alike(one, two)
    tail = _alike(one[::-1], two[::-1])[::-1]
    if ":" in "".join(head):
        return with_names(" ".join(head).rpartition(":")[0], baseline.names)
    return with_names(" ".join([*head, "…", *tail]), baseline.names)


def _alike(one: list[str], two: list[str]) -> list[str]:
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(one, two, strict=False))
    return [word for word, _ in pairs]


def _tick(name: str, lever: Lever, baseline: Baseline) -> Control:
    label = with_names(lever.sentence(), baseline.names)
    source = type(lever).default_source
    return Control(
        name, OWN, "", label, "", source, 0.0, 0.0, 1.0, 1.0,
        lambda _, settings: (lever,), switch=True, front=True,
    )  # fmt: skip


def _here(lever: Lever) -> float:
    """Return where the control of a lever's own stands at first."""
    size = getattr(lever, lever.dial.field)
    return 1.0 if size is None else _shown(lever.dial)(size)


def unit_of(dial: Dial) -> str:
    """Return the unit that stands beside a dial's number.

    Examples
    --------
    >>> unit_of(Dial("by", 0.0, 1.0, "share of the duty taken off"))
    '%'
    """
    if dial.unit.startswith(PERCENT):
        return "%"
    words = {
        "thousand tonnes": "kt",
        "US$ million": "US$ mn",
        "million barrels": "mb/d",
    }
    return next((u for w, u in words.items() if dial.unit.startswith(w)), dial.unit)


def _shown(dial: Dial) -> Callable[[float | None], float]:
    factor = 100.0 if unit_of(dial) == "%" else 1.0
    return lambda value: round(factor * float(value or 0.0), 10)


def _back(dial: Dial) -> Callable[[float], float]:
    factor = 100.0 if unit_of(dial) == "%" else 1.0
    return lambda value: value / factor


def _today(lever: Lever, dial: Dial, baseline: Baseline) -> float:
    """Return where a dial does nothing, from the baseline where only it can tell."""
    if not isinstance(lever, FlowLever):
        return dial.neutral or 0.0
    frame = baseline.frame
    rows = frame[frame["importer"] == lever.importer]
    if lever.exporter in set(rows["exporter"]):
        rows = rows[rows["exporter"] == lever.exporter]
    rows = rows[rows["product"].astype(str).str.startswith(lever.prefixes)]
    value = rows["value_usd_mn"]
    if dial.field == "to":
        paid = (value * rows["applied_rate"]).sum()
        return round(float(paid / max(value.sum(), 1e-9)), 4)
    known = {
        "kilotonnes": rows["kilotonnes"].sum(),
        "to_kilotonnes": rows["kilotonnes"].sum(),
        "to_mbd": rows["kilotonnes"].sum() / kilotonnes_a_year(1.0),
        "specific_to": 0.0,
    }
    target = dial.field == "usd_mn" and type(lever).__name__ == "QuantityTarget"
    today = value.sum() if target else known.get(dial.field, dial.neutral or 0.0)
    return round(float(today), 2) if pd.notna(today) else 0.0


def _nice(step: float) -> float:
    """Return a round step near the one given.

    Examples
    --------
    >>> _nice(0.037), _nice(64.0)
    (0.05, 100.0)
    """
    power = 10.0 ** math.floor(math.log10(step)) if step > 0 else 1.0
    size = next(n for n in (1, 2, 5, 10) if n * power >= step * (1 - 1e-9))
    return round(size * power, 10)
