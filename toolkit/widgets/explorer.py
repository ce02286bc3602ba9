"""The explorer in JupyterLab or Voila: one widget that draws the panel.

The front end (:mod:`toolkit.panel`) asks by messages, the model answers with a new
state; what is on screen is always one state: levers, choices and their answer.
"""

from __future__ import annotations

from importlib import resources
from typing import Any

import anywidget
import traitlets

from toolkit import panel
from toolkit.baseline import Baseline, load_baseline
from toolkit.result import answer
from toolkit.scenario import Scenario
from toolkit.widgets import aims, shelf
from toolkit.widgets.goals import NO_GOAL, goal_of, titles_of, with_ends
from toolkit.widgets.session import Session

__all__ = ["Explorer", "explore"]


def explore(
    baseline: Baseline | None = None, *, scenario: Scenario | str | None = None
) -> Explorer:
    """Return the explorer, a widget for JupyterLab or Voila.

    Parameters
    ----------
    baseline : Baseline, optional
        Default the official figures of 2024-25.
    scenario : Scenario, or path or name of a scenario file, optional
        Moves the levers at the start.

    Returns
    -------
    Explorer
        ``settings``, ``result``, ``scenario`` and ``model`` tell what is on screen;
        ``set(name, value)`` moves a lever.

    Examples
    --------
    >>> explorer = explore()
    >>> explorer.set("RUS:Medicines", 100)
    >>> float(explorer.result.balance().loc["imports", "change"])
    0.0
    """
    return Explorer(baseline or load_baseline("2024-25"), scenario)


class Explorer(anywidget.AnyWidget):
    """Levers, the answer and its charts for one baseline."""

    _esm = panel.script() + (
        resources.files("toolkit.widgets").joinpath("lab.js").read_text("utf-8")
    )
    _css = panel.style()
    panel = traitlets.Dict().tag(sync=True)
    state = traitlets.Dict().tag(sync=True)

    def __init__(self, baseline: Baseline, start: Scenario | str | None = None) -> None:
        self._session = Session(baseline)
        self._told: dict[str, Any] = {
            "message": "",
            "exists": False,
            "file": None,
            "asked": 0,
        }
        self._files = shelf.files()
        self._goal: tuple[int, Any] = (-1, NO_GOAL)  # the answer it belongs to
        self._asked: tuple[str, Any, str] = ("", None, "")
        if start is not None:
            self._session.load(Scenario.of(start))
        drawn = self._session.panel()
        drawn["goals"] = titles_of(drawn["titles"])
        drawn["aims"] = aims.aims_of(self._session)
        drawn["strongest"] = aims.strongest(self._session)
        super().__init__(panel=drawn, state=self._state())
        self.on_msg(self._heard)

    def __repr__(self) -> str:
        count = len(self._session.controls)
        said = f"Explorer of {self.baseline.year}: {count} controls"
        return f"{said}\n{answer(self.result).balance}" if self.result else said

    @property
    def baseline(self) -> Baseline:
        """The figures it starts from."""
        return self._session.baseline

    @property
    def controls(self) -> tuple[Any, ...]:
        """The levers, those of a loaded scenario first."""
        return self._session.controls

    @property
    def settings(self) -> dict[str, float]:
        """The levers that are not at today's value."""
        return dict(self._session.settings)

    @property
    def scenario(self) -> Scenario:
        """What is on screen, as a scenario."""
        return self._session.scenario

    @property
    def model(self) -> Any:
        """The chosen model with the chosen elasticities."""
        return self._session.model

    @property
    def result(self) -> Any:
        """The answer on screen; None where the model cannot give one."""
        return self._session.result

    @property
    def error(self) -> str:
        """Why there is no answer; empty where there is one."""
        return self._session.error

    @property
    def kept(self) -> list[Any]:
        """The results kept to compare, for ``toolkit.compare``."""
        return list(self._session.kept)

    def set(self, name: str, value: float) -> None:
        """Move one lever.

        Raises
        ------
        ValueError
            No such lever, or a value outside of its range.
        """
        self._session.set(name, value)
        self._show()

    def choose(self, **choices: Any) -> None:
        """Choose ``model``, ``source`` of elasticities, ``horizon`` or ``year``.

        A year is one of the path (:func:`toolkit.path`): growth, prices and the levers
        in force then, against the same year without the levers. None is the
        baseline's, after adjustment.

        Raises
        ------
        ValueError
            An unknown choice, with the nearest match; a year that is not on the path.
        """
        self._session.choose(**choices)
        self._show()

    def assume(self, elasticity: str, end: str) -> None:
        """Put one elasticity at the ``low`` or ``high`` end of its interval.

        Raises
        ------
        ValueError
            An unknown elasticity or end.
        """
        self._session.assume(elasticity, end)
        self._show()

    def load(self, scenario: Scenario | str) -> None:
        """Put every lever where a scenario has it; "" puts all back to today."""
        self._session.load(Scenario.of(scenario) if scenario else Scenario("Explorer"))
        self._show()

    def reset(self) -> None:
        """Put every lever and assumption back."""
        self._session.reset()
        self._show()

    def keep(self) -> None:
        """Keep the answer on screen to compare with it."""
        self._session.keep()

    def save(self, name: str, *, overwrite: bool = False) -> None:
        """Write what is on screen as a scenario file.

        Raises
        ------
        FileExistsError
            The file exists and ``overwrite`` is false.
        """
        shelf.save(self.scenario, name, overwrite=overwrite)

    def _heard(self, _: object, message: Any, __: object = None) -> None:
        """Do what the front end asks; what goes wrong is said on screen."""
        asked = self._told["asked"] + 1
        self._told |= {"message": "", "exists": False, "file": None, "asked": asked}
        try:
            self._told |= self._do(message)
        except (ValueError, OSError) as error:
            self._told["message"] = str(error)
        what = message.get("do")
        dragged = what in ("set", "year")
        self._show(rests=not dragged and what != "range", ranges=not dragged)

    def _do(self, message: Any) -> dict[str, Any]:
        session, what = self._session, message["do"]
        if what == "set":
            session.set(message["name"], message["value"])
        elif what == "all":
            session.put(session.base, message["settings"], session.choices)
        elif what == "put":
            session.put(message["base"], message["settings"], message["choices"])
        elif what == "year":
            session.choose(year=message["value"])
        elif what == "choose":
            session.choose(**{message["name"]: message["value"]})
        elif what == "end":
            session.assume(message["field"], message["end"])
        elif what == "keep":
            session.keep()
        elif what == "goal":
            asked = message["figure"], message["value"], message["lever"]
            self._ask(*asked)
        elif what == "aim":
            self._ask(*aims.begin(session, message["file"]))
        elif what == "ends":
            count, goal = self._goal
            if count == session.count:
                self._goal = count, with_ends(session, goal, *self._asked[:2])
        elif what in ("range", "rest"):  # more about the same answer
            pass
        elif what == "reset":
            session.reset()
        else:
            told = shelf.answer(session, message)
            self._files = shelf.files()
            return told
        return {}

    def _ask(self, *asked: Any) -> None:
        """Answer what it would take, for the levers on screen."""
        self._asked = asked
        self._goal = self._session.count, goal_of(self._session, *asked)

    def _show(self, *, rests: bool = True, ranges: bool = True) -> None:
        self.state = self._state(rests=rests, ranges=ranges)

    def _state(self, *, rests: bool = True, ranges: bool = True) -> dict[str, Any]:
        count, goal = self._goal
        goal = goal if count == self._session.count else NO_GOAL
        told = {**self._told, "files": self._files, "goal": dict(goal)}
        return {**self._session.state(rests=rests, ranges=ranges), **told}
