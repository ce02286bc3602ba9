"""What a live page needs: the lines, the elasticities, the controls, the figures."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np

from toolkit.baseline import Baseline
from toolkit.display import country, supplier, whose
from toolkit.elasticities.horizon import LONG, NAMED, Horizon, speeds
from toolkit.explorer import (
    Control,
    Sums,
    as_python,
    controls_of,
    panel_of,
    starting,
    stops_of,
    sums_of,
)
from toolkit.explorer.band import HELD, SPEEDS, band_of
from toolkit.market import CHANNELS, flows_of
from toolkit.market.channels import DUTY_RULE
from toolkit.models import Armington
from toolkit.models.parameters import CASES, CONCEPTS, case_of, resolve
from toolkit.models.ranges import RENT, WORLD, elasticity_ends
from toolkit.result import Result
from toolkit.result.sure import ELASTICITIES
from toolkit.scenario import Scenario
from toolkit.sharing.probe import describe, listed, plain
from toolkit.sharing.years import described, path_of

SHOWN = ("value", "rate", "mfn", "kept", "share", "spending", "fob", "homogeneous",
         "starts", "market", "kilotonnes")  # fmt: skip
GIVEN = "given"
SHORT = dict(zip(CONCEPTS, ("sigma", "eta", "nu"), strict=True))


@dataclasses.dataclass(frozen=True, eq=False)
class Live:
    """A baseline, the scenario to start from, and the model of a live page.

    Attributes
    ----------
    baseline : Baseline
    scenario : Scenario
    model : Armington
    result : Result
        The model's answer for the scenario: what the page shows at first.
    year : int, optional
        Calendar year, for staged levers.
    """

    baseline: Baseline
    scenario: Scenario
    model: Armington
    result: Result
    year: int | None = None

    @classmethod
    def of(
        cls,
        baseline: Baseline,
        scenario: Scenario | None = None,
        model: Armington | None = None,
        year: int | None = None,
    ) -> Live:
        """Solve the scenario and keep all that belongs to it."""
        scenario = scenario or Scenario("Explorer")
        model = model or Armington()
        result = model.solve(baseline, scenario, year=year)
        return cls(baseline, scenario, model, result, year)

    @cached_property
    def _starting(self) -> tuple[tuple[Control, ...], dict[str, float]]:
        every = controls_of(self.baseline)
        return starting(every, self.scenario, self.baseline)

    @property
    def controls(self) -> tuple[Control, ...]:
        """The scenario's own levers, then the explorer's controls."""
        return self._starting[0]

    @property
    def settings(self) -> dict[str, float]:
        """Where the levers that are not at today's value stand at first."""
        return self._starting[1]

    @property
    def ends(self) -> dict[str, str]:
        """Elasticities that stand at an end of their interval at first."""
        given = self.model.given()
        found = {f: case_of(self.model.case, f) for f in CONCEPTS if given[f] is None}
        return {field: end for field, end in found.items() if end != "central"}

    @property
    def sums(self) -> Sums:
        """Which sums the two charts show."""
        return sums_of(self.baseline)

    def cases(self) -> dict[str, Armington]:
        """Return the models whose elasticities the page holds."""
        out = {name: Armington(case=name) for name in CASES}
        return {GIVEN: self.model, **out} if self.given() else out

    def given(self) -> list[str]:
        """Return the concepts whose elasticities are the user's own."""
        return [
            SHORT[f] for f, value in self.model.given().items() if value is not None
        ]

    def data(self) -> dict[str, Any]:
        """Return everything the page computes with and shows, as plain data."""
        sums, rows = _charts(self.sums), self._rows()
        path = path_of(self.baseline, self.year, self._own(rows), self.scenario.path)
        return {
            **panel_of(self.baseline, self.controls),
            **_lines(self.baseline),
            **_elasticities(self),
            **_code(self.scenario, self.baseline),
            "steps": sums[: len(self.sums.steps)],
            "lines": sums[len(self.sums.steps) :],
            "title": self.scenario.title or self.scenario.name,
            "notes": list(self.baseline.notes),
            "channels": {
                name: {
                    "neutral": plain(channel.neutral),
                    "combine": channel.combine,
                    "role": channel.role,
                    "rule": channel.rule,
                }
                for name, channel in CHANNELS.items()
            },
            "ends": _ends(self.baseline),
            "end_names": {"rent": RENT, "world": WORLD},
            "duty_rule": DUTY_RULE,
            "choice": {"ends": self.ends, "horizon": "long", "year": None},
            "controls": [{**row, "start": _start(row, self.settings)} for row in rows],
            "path": path,
            "years": stops_of(self._rest(), dict(path["years"]) if path else {}),
        }

    def _rest(self) -> str:
        """Return what stands on screen while no year is chosen."""
        year = self.baseline.year
        return year if self.year is None else f"{year}, levers of {self.year}"

    def _rows(self) -> list[Mapping[str, Any]]:
        every = controls_of(self.baseline)
        own = [c for c in self.controls if c not in every]
        rows = [describe(self.baseline, c, (), self.year) for c in own]
        places = {c.name: c for c in self.controls}
        marked = [
            row if _holds(row, self.settings) else _again(self, places[row["name"]])
            for row in described(self.baseline, self.year)
        ]
        return [*rows, *marked]

    def _own(self, rows: list[Mapping[str, Any]]) -> list[tuple[Control, Any]]:
        """Return the controls of the scenario alone or wider than the explorer's."""
        usual = described(self.baseline, self.year)
        return [
            (_wider(self, control) if control in every else control, row)
            for every in [controls_of(self.baseline)]
            for control, row in zip(self.controls, rows, strict=True)
            if not any(row is one for one in usual)
        ]


def _holds(row: Mapping[str, Any], settings: dict[str, float]) -> bool:
    """Return whether a control's positions hold where it stands at first."""
    return settings.get(row["name"], row["neutral"]) in row["values"]


def _wider(live: Live, control: Control) -> Control:
    """Return a control with one more position: where the scenario puts it."""
    marks = (*control.marks, live.settings[control.name])
    return dataclasses.replace(control, marks=marks)


def _again(live: Live, control: Control) -> dict[str, Any]:
    wider = _wider(live, control)
    return describe(live.baseline, wider, controls_of(live.baseline), live.year)


def _start(row: Mapping[str, Any], settings: dict[str, float]) -> int:
    return row["values"].index(settings.get(row["name"], row["neutral"]))


def _lines(baseline: Baseline) -> dict[str, Any]:
    lines = flows_of(baseline)
    used = {code[:n] for code in lines.product.tolist() for n in range(2, 20)}
    codes = sorted({*lines.exporter.tolist(), *lines.importer.tolist()})
    texts = {
        name: getattr(lines, name).tolist()
        for name in ("importer", "exporter", "product")
    }
    numbers = {name: plain(getattr(lines, name)) for name in SHOWN}
    return {
        **texts,
        **numbers,
        "reporter": baseline.reporter,
        "partner": baseline.partner,
        "countries": {code: country(code) for code in codes},
        "suppliers": {code: supplier(code) for code in codes},
        "whose": {code: whose(code) for code in (baseline.reporter, baseline.partner)},
        "known_world": baseline.exports_to_world is not None,
        "names": {code: name for code, name in baseline.names.items() if code in used},
    }


def _ends(baseline: Baseline) -> list[dict[str, Any]]:
    """Return which elasticities go to their ends together: concept and lines."""
    return [
        {
            "said": name,
            "concept": SHORT[concept],
            "field": concept.replace("_", " "),
            "lines": np.flatnonzero(chosen).tolist(),
        }
        for name, concept, chosen in elasticity_ends(flows_of(baseline))
    ]


def _elasticities(live: Live) -> dict[str, Any]:
    """Return the elasticities of each case, their sources and the horizons."""
    found = {
        name: resolve(model, live.baseline) for name, model in live.cases().items()
    }
    used = found.get(GIVEN, found["central"]).sources
    names = {field: field.replace("_", " ") for field in CONCEPTS}
    return {
        "elasticities": {
            name: {
                "sigma": plain(one.sigma),
                "eta": plain(one.eta),
                "nu": plain(1.0 / one.mu),
            }
            for name, one in found.items()
        },
        "sources": {names[f]: listed(list(used[f])) for f in CONCEPTS},
        "short": SHORT,
        "fields": list(CONCEPTS),
        "adjustable": [f for f in CONCEPTS if SHORT[f] not in live.given()],
        "given": live.given(),
        "said": dict(ELASTICITIES),
        "speeds_from": SPEEDS,
        "held_from": HELD,
        "kind": band_of(live.result).kind,
        "horizons": {name: _horizon(name) for name in NAMED},
    }


def _horizon(name: str) -> dict[str, Any]:
    when = Horizon.of(name)
    known = speeds()
    ends = [] if when == LONG else [float(known.min()), float(known.max())]
    shares = [dataclasses.replace(when, speed=end).share for end in ends]
    return {"words": when.words, "share": when.share, "speeds": shares}


def _charts(sums: Sums) -> list[dict[str, Any]]:
    """Return each bar of both charts as a start, a sign and the lines it adds up."""
    rows = []
    for start, weights in zip(sums.start, sums.weights, strict=True):
        lines = np.flatnonzero(weights)
        sign = float(np.sign(weights[lines[0]])) if len(lines) else 1.0
        rows.append({"start": float(start), "sign": sign, "lines": lines.tolist()})
    return rows


def _code(scenario: Scenario, baseline: Baseline) -> dict[str, Any]:
    """Return the beginning of the YAML and Python forms, levers left out."""
    texts = {
        key: text
        for key, text in scenario.to_dict().items()
        if key not in ("name", "levers", "path", "goal")
    }
    bare = Scenario(scenario.name, (), **texts)
    python = as_python(bare, baseline.year, "MODEL").splitlines()
    return {
        "yaml_head": bare.to_yaml().removesuffix("levers: []\n"),
        "python_head": "\n".join(python[:4]),
        "python_tail": "\n".join(python[4:]),
    }
