"""What the explorer holds: levers, choices, and the answer that belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from toolkit import explorer
from toolkit.analysis.moments import Moment
from toolkit.baseline import Baseline
from toolkit.explorer import controls_of, levers_of, scenario_of, starting
from toolkit.explorer.sources import DEFAULT, SOURCES, as_code, substitution_from
from toolkit.explorer.text import as_yaml
from toolkit.goal import Course
from toolkit.models import Armington, NotConverged, Smart
from toolkit.models.parameters import CASES, CONCEPTS
from toolkit.result import Result
from toolkit.scenario import Scenario
from toolkit.schema import check_number, nearest, shown
from toolkit.widgets.years import Years

MODELS = {"Armington": Armington, "SMART": Smart}
CHOICES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "model": (
        "Model",
        {"Armington": "Armington (exact)", "SMART": "SMART (duties only)"},
    ),
    "source": ("Elasticities", {name: name for name in SOURCES}),
    "horizon": ("Horizon", {"long": "long run", "short": "first year"}),
}
AT_REST: Mapping[str, Any] = {
    **{"model": "Armington", "source": DEFAULT, "horizon": "long"},
    "year": None,  # the baseline's, after adjustment
}
NONE = Scenario("Explorer")
DRAWS, FEW = 400, 64  # of the band: at rest, and while a lever is dragged


class Session:
    """Levers and choices of one baseline, solved whenever they change.

    ``base`` numbers the scenarios that were loaded: each brings the levers that no
    control of the explorer can make as controls of its own.
    """

    def __init__(self, baseline: Baseline) -> None:
        self.baseline = baseline
        self.bases: list[Scenario] = [NONE]
        self._starts: dict[int, Any] = {}
        self.base = 0
        self.controls = controls_of(baseline)
        self.years = Years(baseline)
        self.settings: dict[str, float] = {}
        self.choices: dict[str, Any] = {**AT_REST, "ends": {}}
        self.kept: list[Result] = []
        self.count = 0
        self.solve()

    def panel(self) -> dict[str, Any]:
        """Return what the front end draws once."""
        return {
            **explorer.panel_of(self.baseline, controls_of(self.baseline)),
            "choices": [
                {"name": name, "label": label, "options": list(options.items())}
                for name, (label, options) in CHOICES.items()
            ],
            "years": explorer.stops_of(self.baseline.year, self.years.labels),
            "adjustable": list(CONCEPTS),
            "files": True,
        }

    def set(self, name: str, value: float) -> None:
        """Move one lever and solve."""
        self.put(self.base, {**self.settings, name: value}, self.choices)

    def choose(self, **choices: Any) -> None:
        """Change model, source, horizon or year and solve."""
        for name, value in choices.items():
            if name not in AT_REST:
                raise ValueError(f"No choice {shown(name)}; {nearest(name, AT_REST)}")
            allowed = CHOICES[name][1] if name in CHOICES else (value,)
            if value not in allowed:
                raise ValueError(f"{name} {shown(value)}; {nearest(value, allowed)}")
        self.put(self.base, self.settings, {**self.choices, **choices})

    def assume(self, elasticity: str, end: str) -> None:
        """Put one elasticity at an end of its interval and solve."""
        if elasticity not in CONCEPTS:
            raise ValueError(f"No {shown(elasticity)}; {nearest(elasticity, CONCEPTS)}")
        if end not in CASES:
            raise ValueError(f"end {shown(end)}; {nearest(end, CASES)}")
        ends = {**self.choices["ends"], elasticity: end}
        ends = {field: at for field, at in ends.items() if at != "central"}
        self.put(self.base, self.settings, {**self.choices, "ends": ends})

    def load(self, scenario: Scenario) -> None:
        """Put every lever where a scenario has it and solve."""
        if scenario not in self.bases:
            self.bases.append(scenario)
        base = self.bases.index(scenario)
        self.put(base, self.start(base)[1], self.choices)

    def reset(self) -> None:
        """Put levers and assumptions back and solve."""
        self.put(0, {}, {**AT_REST, "ends": {}})

    def put(
        self, base: int, settings: Mapping[str, float], choices: Mapping[str, Any]
    ) -> None:
        """Set everything at once and solve; nothing changes if it is refused."""
        controls = self.start(base)[0]
        moved = _checked(controls, settings)
        chosen = {**self.choices, **choices}
        chosen["year"] = self.years.check(chosen["year"])
        self.base, self.controls, self.settings = base, controls, moved
        self.choices = chosen
        self.solve()

    def start(self, base: int) -> tuple[tuple[explorer.Control, ...], dict[str, float]]:
        """Return the levers of a loaded scenario and where they stand at its start."""
        if base not in self._starts:
            every = controls_of(self.baseline)
            self._starts[base] = starting(every, self.bases[base], self.baseline)
        return self._starts[base]

    def keep(self) -> None:
        """Keep the answer on screen."""
        if self.result is not None:
            self.kept.append(self.result)

    def _levers(self) -> Scenario:
        start = self.bases[self.base]
        mine = scenario_of(self.controls, self.settings, start.name)
        title = "" if start == NONE else start.title
        return Scenario(start.name, mine.levers, title=title, path=self._course())

    def _course(self) -> Course | None:
        """Return the road to the chosen year, as fast as the loaded file says."""
        year, given = self.choices["year"], self.bases[self.base].path
        if year is None:
            return None
        return Course(until=year, speed=given.speed if given else None)

    def solve(self) -> None:
        """Solve what the levers say; of an old answer nothing is left."""
        self.count += 1
        self.scenario = self._levers()  # what the levers stand for
        self.result: Result | None = None
        self.error, self.refused = "", []
        self.moment = self._moment()
        self.model = self.moment.model
        try:
            self.result = self._answer()
        except (ValueError, NotConverged) as error:
            self.error = str(error)
            self.refused = self._refused()

    def _answer(self) -> Result:
        if self.choices["year"] is not None:
            return self.moment.result(self.scenario)
        horizon = self.choices["horizon"]
        return self.model.solve(self.baseline, self.scenario, horizon=horizon)

    def _moment(self) -> Moment:
        """Return the chosen model at the chosen horizon or in the chosen year."""
        name, source, case = self.choices["model"], self.choices["source"], self._case()

        def made() -> Any:
            sigma = substitution_from(source, self.baseline)
            return MODELS[name](substitution_elasticity=sigma, case=case)

        course = self._course()
        if course is None:
            return Moment(made(), self.baseline, horizon=self.choices["horizon"])
        return self.years.moment((name, source, repr(case)), course, made)

    def _case(self) -> str | dict[str, str]:
        ends = self.choices["ends"]
        whole = set(ends.values()) if len(ends) == len(CONCEPTS) else set()
        return next(iter(whole)) if len(whole) == 1 else (dict(ends) or "central")

    def _refused(self) -> list[str]:
        """Return the levers that the model cannot carry by themselves."""
        out = []
        for control in self.controls:
            mine = Scenario("one", levers_of(control, self.settings))
            try:
                self.model.effects(self.moment.reference, mine, self.choices["year"])
            except ValueError:
                out.append(control.name)
        return out

    def state(self, *, rests: bool = True, ranges: bool = True) -> dict[str, Any]:
        """Return everything on screen as plain data.

        While a lever is dragged (``rests`` false) it does not say which lever does
        most, and first (``ranges`` false) not between what the answer lies.
        """
        own = [c for c in self.controls if c.name.startswith("lever:")]
        shown = self.result and explorer.screen_of(
            self.result,
            self.moment.reference,
            rows=self.baseline,
            levers=rests,
            draws=DRAWS if rests else FEW,
            ranges=ranges,
        )
        return {
            "count": self.count,
            "base": self.base,
            "title": self.bases[self.base].title if self._untouched() else "",
            "own": [explorer.shown(control, self.baseline) for control in own],
            "settings": self.settings,
            "choices": self.choices,
            "error": self.error,
            "refused": self.refused,
            "screen": shown,
            "rests": rests,
            "python": self.code() if ranges else None,
            "yaml": as_yaml(self.scenario) if ranges else None,
        }

    def _untouched(self) -> bool:
        return self.settings == _checked(*self.start(self.base))

    def code(self) -> str:
        """Return the Python that gives the answer on screen."""
        source, case = self.choices["source"], self._case()
        given = [] if source == DEFAULT else ["substitution_elasticity=sigma"]
        given += [] if case == "central" else [f"case={case!r}"]
        call = f"tk.{type(self.model).__name__}({', '.join(given)})"
        before = () if source == DEFAULT else (as_code(source),)
        when = self.choices["horizon"]
        return explorer.as_python(
            self.scenario, self.baseline.year, call, before, horizon=when
        )


def _checked(
    controls: tuple[explorer.Control, ...], settings: Mapping[str, float]
) -> dict[str, float]:
    """Return the settings that are not at rest, in the order of the controls."""
    places = {control.name: control for control in controls}
    for name in settings:
        if name not in places:
            raise ValueError(
                f"No lever is called {shown(name)}; {nearest(name, places)}"
            )
    out = {}
    for control in controls:
        if control.name in settings:
            ends = min(control.positions), max(control.positions)
            what = f"{control.label}, {control.unit}".rstrip(", ")
            value = check_number(
                float(settings[control.name]), what, low=ends[0], high=ends[1]
            )
            if not control.at_rest(value):
                out[control.name] = value
    return out
