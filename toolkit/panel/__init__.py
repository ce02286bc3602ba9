"""The panel: script and style that draw the explorer's plain data in a browser.

JupyterLab (``widgets``) and a shared page (``sharing``) show the same panel; neither
draws levers, answers or charts of its own.
"""

from __future__ import annotations

from importlib import resources

SCRIPTS = (
    "elements.js",
    "levers.js",
    "charts.js",
    "boxes.js",
    "keep.js",
    "goal.js",
    "years.js",
    "history.js",
    "panel.js",
)


def script() -> str:
    """Return the panel's script; it defines ``makePanel``.

    Examples
    --------
    >>> "function makePanel(" in script()
    True
    """
    return "\n".join(text_of(name) for name in SCRIPTS)


def style() -> str:
    """Return the panel's style sheet.

    Examples
    --------
    >>> ".tk-explorer" in style()
    True
    """
    return text_of("panel.css")


def text_of(name: str) -> str:
    """Return one file of this room."""
    return resources.files("toolkit.panel").joinpath(name).read_text("utf-8")
