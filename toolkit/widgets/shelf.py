"""Scenario files for the explorer: the shipped ones and those in this folder."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from typing import Any

from toolkit.files import plain_name
from toolkit.scenario import Scenario
from toolkit.schema import nearest, shown
from toolkit.widgets.session import Session


def files() -> list[list[str]]:
    """Return name or path and title of every scenario that can be loaded.

    The user's own, in the working folder, come first.
    """
    own = [[path.name, f"{path.name} (yours)"] for path in _own()]
    return own + [list(pair) for pair in _shipped()]


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[str, str], ...]:
    return tuple((name, _title(path)) for name, path in Scenario.shipped().items())


def _own() -> list[Path]:
    paths = sorted(Path().glob("*.y*ml"))
    return [path for path in paths if "levers:" in _text(path).splitlines()]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _title(path: Path) -> str:
    for line in _text(path).splitlines():
        if line.startswith("title:"):
            return line.removeprefix("title:").strip().strip("'\"")
    return path.stem


def answer(session: Session, message: Any) -> dict[str, Any]:
    """Load or save as the front end asks; return what to say about it."""
    name = str(message["name"]).strip()
    if message["do"] == "load":
        listed = {at: title for at, title in files()}
        if name and name not in listed:  # what is not listed is no visitor's to read
            raise ValueError(f"No scenario {shown(name)} here; {nearest(name, listed)}")
        scenario = Scenario.from_yaml(name) if name else Scenario("Explorer")
        session.load(scenario)
        said = f"Loaded: {scenario.title or scenario.name}.{_path(scenario)}"
        return {"message": said if name else "All levers are at today."}
    path = plain_name(name)
    if is_served():
        text = session.scenario.to_yaml()
        return {"message": "Nothing is written here:", "file": [path.name, text]}
    if path.exists() and not message.get("overwrite"):
        said = f"{path.name} exists: replace it, or give another name."
        return {"message": said, "exists": True}
    save(session.scenario, name, overwrite=bool(message.get("overwrite")))
    return {"message": f"Saved {path.name}.{_path(session.scenario)}"}


def _path(scenario: Scenario) -> str:
    """Return what a file with a path says of years: it chooses none."""
    if scenario.path is None:
        return ""
    return f" Its path goes to {scenario.path.until}; the year is chosen on the slider."


def save(scenario: Scenario, name: str, *, overwrite: bool) -> None:
    """Write a scenario file."""
    scenario.to_yaml(plain_name(name), overwrite=overwrite)


def is_served() -> bool:
    """Return whether visitors of a web page (Voila) are at the controls.

    They write no file: the text is handed to them instead.
    """
    return any(name.startswith("VOILA_") for name in os.environ) or (
        os.environ.get("SERVER_SOFTWARE", "").startswith("voila")
    )
