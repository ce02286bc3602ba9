"""Levers whose numbers are known within a range: shocks draw by draw."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np

from toolkit.baseline import Baseline
from toolkit.levers import Lever, Uncertain
from toolkit.market import Effect, Part, Shocks, compose, effect_of, flows_of
from toolkit.market.flows import Floats
from toolkit.market.part import part_of
from toolkit.models.points import Points
from toolkit.scenario import Scenario


@dataclasses.dataclass(frozen=True)
class Field:
    """One uncertain number: the lever's position, the field, its range, its name."""

    lever: int
    field: str
    range: Uncertain
    name: str


@dataclasses.dataclass(frozen=True, eq=False)
class Ranges:
    """The levers of a scenario, some with ranges, on a part of a baseline.

    Attributes
    ----------
    baseline : Baseline
    scenario : Scenario
    part : Part
    fields : tuple of Field
    year : int, optional
    """

    baseline: Baseline
    scenario: Scenario
    part: Part
    fields: tuple[Field, ...]
    year: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fields, as factors."""
        return tuple(field.name for field in self.fields)

    def values(self, points: Points) -> Floats:
        """Return the numbers of each field in each draw, shape (N, F)."""
        drawn = [f.range.at(points.share[f.name]) for f in self.fields]
        return np.stack(drawn, axis=-1)

    def centre(self) -> Shocks:
        """Return the shocks at the centre of every range, channels of shape (C, L)."""
        effects = [
            effect_of(v, self.part.whole, self.year) for v in self.scenario.levers
        ]
        inside = [self.part.effect(effect) for effect in effects]
        return Shocks(self.part.flows, compose(self.part.flows, inside))

    def shocks(self, points: Points) -> Shocks:
        """Return the shocks of each draw, channels of shape (N, C, L)."""
        levers = self.scenario.levers
        moving = sorted({field.lever for field in self.fields})
        still = [
            self.part.effect(effect_of(lever, self.part.whole, self.year))
            for number, lever in enumerate(levers)
            if number not in moving
        ]
        channels = [
            compose(self.part.flows, [*still, *self._effects(moving, row)])
            for row in self.values(points).tolist()
        ]
        return Shocks(self.part.flows, np.stack(channels))

    def _effects(self, moving: Sequence[int], row: Sequence[float]) -> list[Effect]:
        changed: dict[int, dict[str, float]] = {number: {} for number in moving}
        for field, value in zip(self.fields, row, strict=True):
            changed[field.lever][field.field] = value
        return [
            self.part.effect(
                effect_of(
                    dataclasses.replace(self.scenario.levers[number], **fields),
                    self.part.whole,
                    self.year,
                )
            )
            for number, fields in changed.items()
        ]


def fields_of(scenario: Scenario) -> tuple[Field, ...]:
    """Return the uncertain numbers of a scenario, each with a name of its own.

    Examples
    --------
    >>> from toolkit.levers import PriceChange
    >>> lever = PriceChange(importer="IND", exporter="RUS", products="2709",
    ...     by=Uncertain(-0.1, 0.1))
    >>> [field.name for field in fields_of(Scenario("price", [lever]))]
    ['PriceChange 2709 by']
    """
    out: list[Field] = []
    for number, lever in enumerate(scenario.levers):
        for field, value in lever.uncertain.items():
            out.append(Field(number, field, value, _name(lever, field)))
    names = [field.name for field in out]
    return tuple(
        dataclasses.replace(
            field, name=f"{field.name} ({names[: n + 1].count(field.name)})"
        )
        if names.count(field.name) > 1
        else field
        for n, field in enumerate(out)
    )


def _name(lever: Lever, field: str) -> str:
    codes = " ".join(getattr(lever, "prefixes", ()))
    return " ".join(filter(None, (type(lever).__name__, codes, field)))


def settings(baseline: Baseline, scenario: Scenario) -> list[list[Lever]]:
    """Return the levers at the centre, and with each range at either end."""
    levers = list(scenario.levers)
    out = [levers]
    for field in fields_of(scenario):
        for end in (field.range.low, field.range.high):
            turned = list(levers)
            lever = turned[field.lever]
            turned[field.lever] = dataclasses.replace(lever, **{field.field: end})
            out.append(turned)
    return out


def part_with_ranges(
    baseline: Baseline,
    scenario: Scenario,
    supply: Floats | None,
    year: int | None = None,
) -> Part:
    """Return the markets that a scenario touches somewhere within its ranges.

    Suppliers are merged only where no setting tells them apart.
    """
    whole = flows_of(baseline)
    each = [
        [effect_of(lever, whole, year) for lever in levers]
        for levers in settings(baseline, scenario)
    ]
    part = part_of(whole, [effect for effects in each for effect in effects], supply)
    channels = [
        compose(part.flows, [part.effect(effect) for effect in effects])
        for effects in each
    ]
    touched = np.flatnonzero(Shocks(part.flows, np.stack(channels)).touched)
    return part.within(touched if len(touched) else np.array([0]))
