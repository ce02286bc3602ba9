"""The panel as plain data: controls, questions, sums on screen, figures, sentences.

No widget and no HTML: JupyterLab (``widgets``) and a page (``sharing``) draw it.
"""

from __future__ import annotations

from toolkit.explorer.control import Control, levers_of, neutral, scenario_of
from toolkit.explorer.controls import SECTIONS, controls_of
from toolkit.explorer.own import OWN, starting
from toolkit.explorer.questions import questions_of
from toolkit.explorer.readout import Figure, details, figures
from toolkit.explorer.screen import panel_of, screen_of, shown, stops_of
from toolkit.explorer.sums import Sums, sums_of
from toolkit.explorer.text import as_python

__all__ = [
    "OWN",
    "SECTIONS",
    "Control",
    "Figure",
    "Sums",
    "as_python",
    "controls_of",
    "details",
    "figures",
    "levers_of",
    "neutral",
    "panel_of",
    "questions_of",
    "scenario_of",
    "screen_of",
    "shown",
    "starting",
    "stops_of",
    "sums_of",
]
