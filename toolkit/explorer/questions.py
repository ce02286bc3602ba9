"""The questions of the summit of December 2025, as settings of the levers."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from toolkit.explorer.control import Control
from toolkit.result.phrases import lower

# Coverage of 90 % and use of 70 % of it, as in the cautious reading of notebook 03.
AGREEMENT = 63.0
LET_IN = {"access:0701": 3.0, "access:0810": 1.0, "purchase:0306": 30.0}


@dataclasses.dataclass(frozen=True)
class Question:
    """A question and the settings that ask it."""

    text: str
    settings: Mapping[str, float]


QUESTIONS = (
    Question("Russia drops its duties?", {"RUS:all": 100.0}),
    Question("India buys 7 million tonnes of fertiliser?", {"target:31": 7.0}),
    Question("a third of the crude stops?", {"crude:cut": round(100 / 3, 10)}),
    Question("the agreement with the EAEU comes?", {"agreement": AGREEMENT}),
    Question("potatoes, pomegranates and shrimp are let in?", LET_IN),
    Question(
        "all of it?",
        {
            **LET_IN,
            "agreement": AGREEMENT,
            "barrier:all": 25.0,
            "freight": -2.0,
            "target:31": 7.0,
            "crude:cut": 10.0,
            "crude:discount": 3.0,
            "rouble": -5.0,
            "payments": -1.0,
            "us_duty": 10.0,
            "growth:IND": 6.0,
            "project": 300.0,
            "workers": 40.0,
        },
    ),
)


def questions_of(controls: tuple[Control, ...]) -> tuple[Question, ...]:
    """Return the questions whose levers are all there, and that ask for a change.

    A baseline without them asks what its own headline duties would do.
    """
    places = {control.name: control for control in controls}
    kept = [
        question
        for question in QUESTIONS
        if all(
            name in places and places[name].low < value <= places[name].high
            for name, value in question.settings.items()
        )
    ]
    if kept:
        return tuple(kept)
    return tuple(
        Question(f"{lower(c.label.removeprefix('Cut of '))} go?".replace(",", " on"),
                 {c.name: c.high})
        for c in controls
        if c.name.endswith(":all")
    )  # fmt: skip
