"""What a live page needs: the lines, the elasticities, the controls, the figures."""

from __future__ import annotations

import dataclasses
from functools import lru_cache
from typing import Any

import numpy as np

from toolkit.baseline import Baseline
from toolkit.display import country
from toolkit.explorer import Control, Sums, as_python, controls_of, sums_of
from toolkit.levers import Lever
from toolkit.market import CHANNELS, flows_of
from toolkit.market.channels import DUTY_RULE
from toolkit.models import Armington
from toolkit.models.parameters import CASES, resolve
from toolkit.models.ranges import FIELDS, RENT, WORLD, elasticity_ends
from toolkit.result import Result
from toolkit.scenario import Scenario
from toolkit.sharing.probe import describe, plain

OWN = "Levers of this scenario"
SHOWN = ("value", "rate", "mfn", "kept", "share", "spending", "fob", "homogeneous",
         "starts", "market")  # fmt: skip
GIVEN = "given"


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

    @property
    def controls(self) -> tuple[Control, ...]:
        """A tick box for each lever of the scenario, then the explorer's controls."""
        return (*self._ticks, *controls_of(self.baseline))

    @property
    def _ticks(self) -> tuple[Control, ...]:
        return tuple(_tick(n, x) for n, x in enumerate(self.scenario.levers, 1))

    @property
    def settings(self) -> dict[str, float]:
        """Where the controls that are not at rest stand at first."""
        return {f"lever:{n}": 1.0 for n in range(1, len(self.scenario.levers) + 1)}

    @property
    def case(self) -> str:
        """The elasticities at first: the user's own where any were given."""
        return GIVEN if self._own_elasticities else self.model.case

    @property
    def _own_elasticities(self) -> bool:
        return bool(self._given())

    @property
    def sums(self) -> Sums:
        """Which sums the two charts show."""
        return sums_of(self.baseline)

    def cases(self) -> dict[str, Armington]:
        """Return the models a reader can choose from."""
        out = {name: Armington(case=name) for name in CASES}
        return {GIVEN: self.model, **out} if self._own_elasticities else out

    def data(self) -> dict[str, Any]:
        """Return everything the page computes with, as plain data."""
        return {
            **_lines(self.baseline),
            **_charts(self.sums),
            "year": self.baseline.year,
            "name": country(self.baseline.reporter),
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
            "elasticities": {
                name: _elasticities(model, self.baseline)
                for name, model in self.cases().items()
            },
            "case": self.case,
            "given": self._given(),
            "ends": _ends(self.baseline),
            "said": {"rent": RENT, "world": WORLD},
            "duty_rule": DUTY_RULE,
            "controls": self._controls(),
            **_code(self.scenario, self.baseline),
        }

    def _given(self) -> list[str]:
        """Return the concepts whose elasticities are the user's own."""
        short = ("sigma", "eta", "nu")
        pairs = zip(short, self.model.given().values(), strict=True)
        return [name for name, value in pairs if value is not None]

    def _controls(self) -> list[dict[str, Any]]:
        own = [describe(self.baseline, x, (), self.year) for x in self._ticks]
        start = self.settings
        return [
            {**row, "start": row["values"].index(start[row["name"]])}
            if row["name"] in start
            else {**row, "start": row["neutral"]}
            for row in (*own, *_described(self.baseline, self.year))
        ]


@lru_cache(maxsize=4)
def _described(baseline: Baseline, year: int | None) -> tuple[dict[str, Any], ...]:
    """Return the explorer's controls as plain data (kept for the last few baselines).

    The same for every scenario: a tick box of a lever changes no other control.
    """
    controls = controls_of(baseline)
    return tuple(describe(baseline, x, controls, year) for x in controls)


def _tick(number: int, lever: Lever) -> Control:
    return Control(
        name=f"lever:{number}",
        section=OWN,
        heading="",
        label=lever.sentence(),
        unit="",
        source="",
        neutral=0.0,
        low=0.0,
        high=1.0,
        step=1.0,
        levers=lambda _, settings: (lever,),
        switch=True,
    )


def _lines(baseline: Baseline) -> dict[str, Any]:
    lines = flows_of(baseline)
    used = set(lines.product.tolist())
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
        "countries": {
            code: country(code) for code in sorted({*lines.exporter.tolist()})
        },
        "names": {code: name for code, name in baseline.names.items() if code in used},
    }


def _ends(baseline: Baseline) -> list[dict[str, Any]]:
    """Return which elasticities go to their ends together: concept and lines."""
    short = {"sigma": "sigma", "eta": "eta", "mu": "nu"}
    return [
        {
            "said": name,
            "concept": short[FIELDS[concept]],
            "lines": np.flatnonzero(chosen).tolist(),
        }
        for name, concept, chosen in elasticity_ends(flows_of(baseline))
    ]


def _elasticities(model: Armington, baseline: Baseline) -> dict[str, Any]:
    found = resolve(model, baseline)
    return {
        "sigma": plain(found.sigma),
        "eta": plain(found.eta),
        "nu": plain(1.0 / found.mu),
    }


def _charts(sums: Sums) -> dict[str, Any]:
    """Return each bar of both charts as a start, a sign and the lines it adds up."""
    rows = []
    for start, weights in zip(sums.start, sums.weights, strict=True):
        lines = np.flatnonzero(weights)
        sign = float(np.sign(weights[lines[0]])) if len(lines) else 1.0
        rows.append({"start": float(start), "sign": sign, "lines": lines.tolist()})
    steps = len(sums.steps)
    return {"steps": rows[:steps], "bars": rows[steps:]}


def _code(scenario: Scenario, baseline: Baseline) -> dict[str, Any]:
    """Return the beginning of the YAML and Python forms, levers left out."""
    texts = {
        key: text
        for key, text in scenario.to_dict().items()
        if key not in ("name", "levers")
    }
    bare = Scenario(scenario.name, (), **texts)
    python = as_python(bare, baseline.year, "MODEL").splitlines()
    return {
        "yaml_head": bare.to_yaml().removesuffix("levers: []\n"),
        "python_head": "\n".join(python[:4]),
        "python_tail": "\n".join(python[4:]),
    }
