"""The explorer: sliders on the left, three figures and two charts on the right.

Built once. A moved control makes a new scenario, the model solves it, and the
charts' one parameter and two texts are replaced; no widget is made afterwards.
"""

from __future__ import annotations

import html
import os
from typing import Any

import ipywidgets as W

from toolkit import charts
from toolkit.baseline import Baseline, load_baseline
from toolkit.display import CASE_NAMES
from toolkit.explorer import as_python, controls_of, neutral, scenario_of, sums_of
from toolkit.explorer.sources import DEFAULT, SOURCES, as_code, substitution_from
from toolkit.files import plain_name
from toolkit.models import Armington, NotConverged, Smart
from toolkit.result import Result
from toolkit.scenario import Scenario
from toolkit.schema import shown
from toolkit.widgets import markup
from toolkit.widgets.layout import accordion, control_input

MODELS = {"Armington (exact)": Armington, "SMART (duties only)": Smart}
CASES = {said: case for case, said in CASE_NAMES.items()}
DESCRIBED = {"description_width": "initial"}


def explore(
    baseline: Baseline | None = None, *, scenario: Scenario | None = None
) -> Explorer:
    """Return the explorer, a widget for JupyterLab or Voila.

    Parameters
    ----------
    baseline : Baseline, optional
        Default the official figures of 2024-25.
    scenario : Scenario, optional
        Levers to start from; the sliders come on top.

    Returns
    -------
    Explorer
        ``settings``, ``result``, ``scenario`` tell what is on screen;
        ``set(name, value)`` moves a control.

    Examples
    --------
    >>> explorer = explore()
    >>> explorer.set("RUS:Medicines", 100)
    >>> float(explorer.result.balance().loc["imports", "change"])
    0.0
    """
    return Explorer(baseline or load_baseline("2024-25"), scenario)


class Explorer(W.VBox):
    """Sliders, figures and charts of one baseline."""

    def __init__(self, baseline: Baseline, start: Scenario | None = None) -> None:
        self.baseline = baseline
        self.controls = controls_of(baseline)
        self.inputs = {
            control.name: control_input(control) for control in self.controls
        }
        self.loaded = start or Scenario("Explorer")
        self.kept: Result | None = None
        self.sums = sums_of(baseline)
        self._quiet = False
        self._make_parts()
        self._watch()
        self._choose()
        super().__init__([self._head, self._body()])

    @property
    def settings(self) -> dict[str, float]:
        """The controls that are not at rest."""
        rest = neutral(self.controls)
        values = {name: float(item.value) for name, item in self.inputs.items()}
        return {name: value for name, value in values.items() if value != rest[name]}

    @property
    def scenario(self) -> Scenario:
        """What is on screen: the loaded levers, then the sliders'."""
        mine = scenario_of(self.controls, self.settings)
        return Scenario(self.loaded.name, self.loaded.levers + mine.levers)

    @property
    def model(self) -> Any:
        """The chosen model with the chosen elasticities."""
        return self._model

    @property
    def case(self) -> str:
        """Which end of the elasticities' intervals is chosen."""
        return CASES[str(self.case_choice.value)]

    def __repr__(self) -> str:
        return f"Explorer of {self.baseline.year}: {len(self.controls)} controls"

    def set(self, name: str, value: float) -> None:
        """Move one control.

        Raises
        ------
        ValueError
            No such control.
        """
        if name not in self.inputs:
            raise ValueError(f"No control {shown(name)}: {', '.join(self.inputs)}")
        self._put(name, value)

    def _put(self, name: str, value: float) -> None:
        item = self.inputs[name]
        tick = isinstance(item, W.Checkbox)
        item.set_trait("value", bool(value) if tick else value)

    def _choose(self, _: object = None) -> None:
        """Make the chosen model anew and solve with it."""
        kind = MODELS[str(self.model_choice.value)]
        sigma = substitution_from(str(self.source_choice.value), self.baseline)
        self._model = kind(substitution_elasticity=sigma, case=self.case)
        self.refresh()

    def refresh(self, _: object = None) -> None:
        """Solve what the controls say and repaint."""
        if self._quiet:
            return
        try:
            self.result = self.model.solve(self.baseline, self.scenario)
        except (ValueError, NotConverged) as error:
            self._say(f"<strong>Not solved:</strong> {html.escape(str(error))}")
            return
        setattr(self.view.params, "figures", self.sums.figures(self.result))  # noqa: B010
        self._head.value = markup.headline(self.result)
        self._say(markup.details(self.result))
        self._show_code()

    def reset(self, _: object = None) -> None:
        """Put every control at rest and drop what was loaded."""
        self._quiet = True
        for name, value in neutral(self.controls).items():
            self._put(name, value)
        self.loaded = Scenario("Explorer")
        self.file_choice.value = ""
        self._quiet = False
        self.refresh()

    def save(self, _: object = None) -> None:
        """Write the scenario as YAML into the working folder; replace nothing.

        Served as a web page the explorer writes nothing: it offers the text instead.
        """
        try:
            path = plain_name(self.file_name.value)
            if is_served():
                text = self.scenario.to_yaml()
                self._message.value = markup.download(path.name, text)
                return
            self.scenario.to_yaml(path)
        except (OSError, ValueError) as error:
            self._tell(str(error))
        else:
            self._tell(f"Saved {path}.")

    def load(self, change: Any) -> None:
        """Load a scenario file; its levers come before the sliders'."""
        if not change["new"]:
            return
        try:
            self.loaded = Scenario.from_yaml(change["new"])
        except (OSError, ValueError) as error:
            self._tell(str(error))
            return
        self._tell(self.loaded.title or self.loaded.name)
        self.refresh()

    def keep(self, _: object = None) -> None:
        """Keep what is on screen to compare with it."""
        self.kept = self.result
        self._show_comparison()

    def _make_parts(self) -> None:
        self.model_choice = W.Dropdown(
            options=list(MODELS), description="Model", style=DESCRIBED
        )
        self.case_choice = W.ToggleButtons(
            options=list(CASES), value="central", description="Elasticities",
            style={"button_width": "6.5em", **DESCRIBED},
        )  # fmt: skip
        self.source_choice = W.Dropdown(
            options=list(SOURCES), description="Substitution from", style=DESCRIBED
        )
        self.view = charts.live_view(
            charts.live_dashboard(
                self.sums.steps,
                self.sums.bars,
                list(self.sums.start),
                titles=(
                    "What moves the balance, by group of goods",
                    "Both directions by chapter",
                ),
                source=self.baseline.source_line,
                width=400,
            )
        )
        self._head = W.HTML()
        self._details = W.HTML()
        self._message = W.HTML()
        self._comparison = W.HTML()
        self._make_buttons()

    def _make_buttons(self) -> None:
        self.reset_button = W.Button(description="Reset")
        self.save_button = W.Button(description="Save as YAML")
        self.keep_button = W.Button(description="Keep to compare")
        self.file_name = W.Text(value="my_scenario.yaml", description="File",
                                style=DESCRIBED)  # fmt: skip
        self.file_choice = W.Dropdown(
            options=[("none", ""), *_files()], description="Load", style=DESCRIBED
        )
        self.code = W.Textarea(
            description="Python", layout=W.Layout(width="98%", height="9em"),
            style=DESCRIBED,
        )  # fmt: skip

    def _watch(self) -> None:
        for item in self.inputs.values():
            item.observe(self.refresh, "value")
        for item in (self.model_choice, self.case_choice, self.source_choice):
            item.observe(self._choose, "value")
        self.file_choice.observe(self.load, "value")
        self.reset_button.on_click(self.reset)
        self.save_button.on_click(self.save)
        self.keep_button.on_click(self.keep)

    def _body(self) -> W.Widget:
        left = W.VBox(
            [
                self.model_choice,
                self.case_choice,
                self.source_choice,
                accordion(self.controls, self.inputs),
                W.HBox([self.reset_button, self.keep_button]),
                self.file_choice,
                W.HBox([self.file_name, self.save_button]),
                self._message,
            ],
            layout=W.Layout(flex="1 1 22em", min_width="20em", max_width="34em"),
        )
        right = W.VBox(
            [self.view, self._comparison, self._details, self.code],
            layout=W.Layout(flex="2 1 46em", min_width="20em", overflow="auto"),
        )
        return W.HBox([left, right], layout=W.Layout(flex_flow="row wrap"))

    def _show_code(self) -> None:
        source = str(self.source_choice.value)
        given = [] if source == DEFAULT else ["substitution_elasticity=sigma"]
        given += [] if self.case == "central" else [f"case={self.case!r}"]
        call = f"tk.{type(self.model).__name__}({', '.join(given)})"
        before = () if source == DEFAULT else (as_code(source),)
        self.code.value = as_python(self.scenario, self.baseline.year, call, before)
        self._show_comparison()

    def _show_comparison(self) -> None:
        if self.kept is None:
            return
        self._comparison.value = markup.comparison(self.kept, self.result)

    def _say(self, words: str) -> None:
        if self._details.value != words:
            self._details.value = words

    def _tell(self, words: str) -> None:
        self._message.value = f"<p>{html.escape(words)}</p>"


def is_served() -> bool:
    """Return whether visitors of a web page (Voila) are at the controls."""
    return any(name.startswith("VOILA_") for name in os.environ) or (
        os.environ.get("SERVER_SOFTWARE", "").startswith("voila")
    )


def _files() -> list[tuple[str, str]]:
    from toolkit import datasets

    folder = datasets.folder() / "scenarios"
    return [(path.stem, str(path)) for path in sorted(folder.glob("*.yaml"))]
