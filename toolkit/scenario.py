"""A scenario: a named tuple of levers, and its YAML form.

A tuple keeps the order in which levers are read; what they do together has none
(:func:`toolkit.market.combination_rules`).
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from toolkit import datasets
from toolkit import levers as lever_room
from toolkit.files import write
from toolkit.goal import Course, Goal
from toolkit.levers import Lever
from toolkit.levers.form import lever_schema
from toolkit.reading import parse, scenario_text
from toolkit.schema import check_text, cut, is_list, nearest, on_one_line, shown
from toolkit.schema.text import LONGEST_NAME, LONGEST_TEXT

MOST_LEVERS = 1_000
TEXTS = ("title", "author", "reference", "description")
PARTS: Mapping[str, type[Course] | type[Goal]] = {"path": Course, "goal": Goal}


@dataclasses.dataclass(frozen=True)
class Scenario:
    """Policy changes that are looked at together.

    Parameters
    ----------
    name : str
        Short name.
    levers : sequence of Lever
        What changes; their order is of no matter.
    title, author, reference, description : str
        For readers; kept in the YAML file.
    path : Course, optional
        The years it is looked at over, for :func:`toolkit.path`.
    goal : Goal, optional
        What it is asked to reach, and by which lever, for the command line.

    Raises
    ------
    ValueError
        Something in ``levers`` is not a lever.

    Examples
    --------
    >>> from toolkit.levers import TariffCut
    >>> cut = TariffCut(importer="RUS", exporter="IND", products="30", to=0.0)
    >>> Scenario("Medicines", [cut])
    Scenario 'Medicines'
      1. Russia's duty on Indian HS 30: to 0 %
    """

    name: str
    levers: tuple[Lever, ...] = ()
    title: str = ""
    author: str = ""
    reference: str = ""
    description: str = ""
    path: Course | None = None
    goal: Goal | None = None

    def __init__(
        self,
        name: str,
        levers: Iterable[Lever] = (),
        *,
        path: Course | None = None,
        goal: Goal | None = None,
        **texts: str,
    ) -> None:
        checked = check_text(name, "A scenario's name", LONGEST_NAME)
        members = _members(levers)
        object.__setattr__(self, "name", checked)
        object.__setattr__(self, "levers", members)
        for key, part in {"path": path, "goal": goal}.items():
            if part is not None and not isinstance(part, PARTS[key]):
                kind = PARTS[key].__name__
                raise ValueError(f"{key} of a scenario is a {kind}, not {shown(part)}.")
            object.__setattr__(self, key, part)
        for key, text in texts.items():
            if key not in TEXTS:
                raise ValueError(f"Scenario has no {shown(key)}; {nearest(key, TEXTS)}")
            most = LONGEST_NAME if key == "title" else LONGEST_TEXT
            checked = check_text(text, f"{key} of a scenario", most)
            object.__setattr__(self, key, checked)

    def __add__(self, other: Scenario) -> Scenario:
        """Return both scenarios' levers, those of ``other`` later."""
        if not isinstance(other, Scenario):
            return NotImplemented
        texts = {key: getattr(self, key) or getattr(other, key) for key in TEXTS}
        return Scenario(
            cut(f"{self.name} + {other.name}", LONGEST_NAME),
            self.levers + other.levers,
            path=self.path or other.path,
            goal=self.goal or other.goal,
            **texts,
        )

    def __repr__(self) -> str:
        lines = [f"Scenario {self.name!r}"]
        if self.title and self.title != self.name:
            lines[0] += f": {on_one_line(self.title)}"
        lines += [
            f"  {number}. {lever.sentence()}"
            for number, lever in enumerate(self.levers, start=1)
        ]
        return "\n".join(lines if self.levers else [*lines, "  no levers"])

    def to_dict(self) -> dict[str, Any]:
        """Return the scenario as plain data, ready for YAML or JSON."""
        head = {key: getattr(self, key) for key in ("name", *TEXTS)}
        data: dict[str, Any] = {
            key: text for key, text in head.items() if text or key == "name"
        }
        data["levers"] = [lever.to_dict() for lever in self.levers]
        parts = {key: getattr(self, key) for key in PARTS}
        return data | {k: part.to_dict() for k, part in parts.items() if part}

    @classmethod
    def from_dict(cls, data: Any) -> Scenario:
        """Build a scenario from plain data, as :meth:`to_dict` writes it.

        Raises
        ------
        ValueError
            Unknown keys or levers, with the nearest match.
        """
        if not isinstance(data, dict):
            raise ValueError(
                f"A scenario is a mapping with name and levers, not {shown(data)}."
            )
        allowed = ("name", *TEXTS, "levers", *PARTS)
        for key in data:
            if key not in allowed:
                raise ValueError(f"Scenario key {shown(key)}: {nearest(key, allowed)}")
        entries = [] if data.get("levers") is None else data["levers"]
        if not isinstance(entries, list):
            raise ValueError(
                "levers must be a list, one entry for each lever, not "
                f"{shown(entries)}."
            )
        members = [_lever(entry, number) for number, entry in enumerate(entries, 1)]
        texts = {key: data[key] for key in TEXTS if data.get(key) is not None}
        named = (data.get(key) for key in ("name", "title"))
        name = next((text for text in named if text is not None), "scenario")
        parts: dict[str, Any] = {
            key: kind.from_dict(data[key])
            for key, kind in PARTS.items()
            if data.get(key)
        }
        return cls(name, members, **parts, **texts)

    def to_yaml(
        self, path: str | Path | None = None, *, overwrite: bool = False
    ) -> str:
        """Return the scenario as YAML, and write it when a path is given.

        Parameters
        ----------
        path : path, optional
            File to write; written whole or not at all.
        overwrite : bool
            Replace an existing file.

        Raises
        ------
        FileExistsError
            The file exists and ``overwrite`` is false.
        """
        text = yaml.safe_dump(
            self.to_dict(), sort_keys=False, allow_unicode=True, width=88
        )
        if path is not None:
            write(Path(path), text, overwrite=overwrite)
        return text

    @classmethod
    def from_yaml(cls, source: str | Path) -> Scenario:
        """Read a scenario: from a YAML file, YAML text, or a shipped one by name.

        Raises
        ------
        ValueError
            Broken YAML (with its line), more of it than is read, a file that is not
            UTF-8, unknown keys, levers or codes.
        FileNotFoundError
            No such file; names the scenario files beside it and the shipped ones.

        Examples
        --------
        >>> Scenario.from_yaml("crude_minus_a_third").title
        'A third of Russian crude is lost'
        """
        text, where = scenario_text(source, Scenario.shipped)
        try:
            data = parse(text)
        except ValueError as error:
            raise ValueError(f"{where} is {error}") from error
        try:
            return cls.from_dict(data)
        except ValueError as error:
            raise ValueError(cut(f"{where}: {error}")) from error

    @classmethod
    def of(cls, given: Any) -> Scenario:
        """Return the scenario that is meant.

        Parameters
        ----------
        given : Scenario, Lever, sequence of Lever, path or name, or Result
            A result stands for the scenario it answers.

        Raises
        ------
        ValueError
            Anything else.
        """
        if isinstance(given, cls):
            return given
        if isinstance(given, str | Path):
            return cls.from_yaml(given)
        asked = getattr(given, "question", None)
        if isinstance(asked, cls):
            return asked
        if isinstance(given, Lever):
            return cls(given.sentence(), [given])
        if isinstance(given, list | tuple):
            return cls("scenario", given)
        raise ValueError(
            f"A model solves a Scenario, not {shown(given)}: give a Scenario, levers, "
            "the name or path of a scenario file, or a result."
        )

    @staticmethod
    def shipped() -> dict[str, Path]:
        """Return the scenario files that come with the toolkit, by name.

        Examples
        --------
        >>> "summit_package" in Scenario.shipped()
        True
        """
        folder = datasets.folder() / "scenarios"
        return {path.stem: path for path in sorted(folder.glob("*.yaml"))}

    @staticmethod
    def schema() -> dict[str, Any]:
        """Return the JSON Schema of the YAML form, made from the levers' fields."""
        entries = [lever_schema(kind) for kind in lever_room.KINDS]
        texts = {key: {"type": "string"} for key in ("name", *TEXTS)}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Scenario",
            "type": "object",
            "properties": {
                **texts,
                "levers": {"type": "array", "items": {"oneOf": entries}},
                **{key: kind.schema() for key, kind in PARTS.items()},
            },
            "required": ["levers"],
            "additionalProperties": False,
        }


def _members(levers: Any) -> tuple[Lever, ...]:
    if isinstance(levers, Lever):
        return (levers,)
    if isinstance(levers, dict) or not is_list(levers):
        raise ValueError(f"levers is a list of levers, not {shown(levers)}.")
    members = tuple(levers)
    if len(members) > MOST_LEVERS:
        raise ValueError(
            f"A scenario of {len(members):,} levers; at most {MOST_LEVERS:,}: one "
            "lever may name many products."
        )
    for member in members:
        if not isinstance(member, Lever):
            raise ValueError(
                f"{shown(member)} is not a lever; levers are "
                + ", ".join(lever_room.BY_NAME)
            )
    return members


def _lever(entry: Any, number: int) -> Lever:
    try:
        return lever_room.from_dict(entry)
    except ValueError as error:
        raise ValueError(f"lever {number}: {error}") from error
