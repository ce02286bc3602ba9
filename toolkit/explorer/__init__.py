"""The panel as plain data: controls, sums on screen, figures, sentences.

No widget and no HTML: JupyterLab (``widgets``) and a page (``sharing``) draw it.
"""

from __future__ import annotations

from toolkit.explorer.control import Control, neutral, scenario_of
from toolkit.explorer.controls import SECTIONS, controls_of
from toolkit.explorer.readout import Figure, band, compared, details, figures
from toolkit.explorer.sums import Sums, sums_of
from toolkit.explorer.text import as_python

__all__ = [
    "SECTIONS",
    "Control",
    "Figure",
    "Sums",
    "as_python",
    "band",
    "compared",
    "controls_of",
    "details",
    "figures",
    "neutral",
    "scenario_of",
    "sums_of",
]
