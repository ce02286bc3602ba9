"""Over which years a scenario is looked at, and the goal that its file carries."""

from __future__ import annotations

import dataclasses
from typing import Any

from toolkit.goal.plain import check_year, known, put
from toolkit.goal.target import FIGURES, Target
from toolkit.schema import check_number, shown


@dataclasses.dataclass(frozen=True)
class Course:
    """Over which years a scenario is looked at, and how fast trade adjusts.

    Parameters
    ----------
    until : int
        Last year, by its first calendar year.
    speed : float, optional
        Share of the gap to the long run that a year closes, above 0 to 1; default the
        published speed (:func:`toolkit.elasticities.horizon.speeds`).

    Examples
    --------
    >>> Course().until
    2030
    """

    until: int = 2030
    speed: float | None = None

    def __post_init__(self) -> None:
        put(self, "until", check_year(self.until, "until"))
        if self.speed is not None:
            speed = check_number(self.speed, "speed", low=0.0, high=1.0)
            if speed == 0:
                raise ValueError("speed must be above 0 to 1, not 0.")
            put(self, "speed", speed)

    def to_dict(self) -> dict[str, Any]:
        """Return the course as plain data, defaults left out."""
        fields = {"until": self.until, "speed": self.speed}
        return {key: value for key, value in fields.items() if value is not None}

    @classmethod
    def from_dict(cls, data: Any) -> Course:
        """Build a course from plain data, as :meth:`to_dict` writes it."""
        return cls(**known(data, cls, "path"))

    @staticmethod
    def schema() -> dict[str, Any]:
        """Return the JSON Schema of the plain form."""
        return {
            "type": "object",
            "properties": {"until": {"type": "integer"}, "speed": {"type": "number"}},
            "additionalProperties": False,
        }


@dataclasses.dataclass(frozen=True)
class Goal:
    """A target as a scenario file carries it, with the lever that is to meet it.

    Parameters
    ----------
    target : Target
    by : str
        Number of the lever and its field, such as "1.kilotonnes"; "" for a common
        share of all levers.
    bounds : pair of float, optional
        Least and greatest value looked at; default the ends of the lever's dial.

    Examples
    --------
    >>> Goal.from_dict({"what": "balance", "value": -40_000, "by": "1.kilotonnes"}).by
    '1.kilotonnes'
    """

    target: Target
    by: str = ""
    bounds: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        place(self.by)
        if self.bounds is not None:
            put(self, "bounds", _pair(self.bounds))

    def to_dict(self) -> dict[str, Any]:
        """Return the goal as plain data."""
        data = self.target.to_dict() | ({"by": self.by} if self.by else {})
        return data | ({"bounds": list(self.bounds)} if self.bounds else {})

    @classmethod
    def from_dict(cls, data: Any) -> Goal:
        """Build a goal from plain data, as :meth:`to_dict` writes it."""
        if not isinstance(data, dict):
            raise ValueError(f"goal is a mapping, not {shown(data)}.")
        rest = {k: value for k, value in data.items() if k not in ("by", "bounds")}
        return cls(Target.from_dict(rest), data.get("by", ""), data.get("bounds"))

    @staticmethod
    def schema() -> dict[str, Any]:
        """Return the JSON Schema of the plain form."""
        text, number = {"type": "string"}, {"type": "number"}
        codes = {"anyOf": [text, {"type": "array", "items": text}]}
        return {
            "type": "object",
            "properties": {
                "what": {"enum": list(FIGURES)},
                "value": number,
                "year": {"type": "integer"},
                "products": codes,
                "importer": text,
                "exporter": text,
                "by": text,
                "bounds": {"type": "array", "items": number},
            },
            "required": ["what", "value"],
            "additionalProperties": False,
        }


def _pair(value: object) -> tuple[float, float]:
    ends = list(value) if isinstance(value, tuple | list) else [value]
    if len(ends) != 2:
        raise ValueError(
            f"bounds are a least and a greatest value, not {shown(value)}."
        )
    low, high = (check_number(end, "bounds") for end in ends)
    if not low < high:
        raise ValueError(f"bounds are {low:g} and {high:g}: the first must be lower.")
    return low, high


def place(by: object) -> tuple[int | None, str | None]:
    """Return the number of a lever and its field; None where not named.

    Raises
    ------
    ValueError
        Not a number, or a number and a field with a dot between.

    Examples
    --------
    >>> place("1.kilotonnes"), place("2"), place("")
    ((1, 'kilotonnes'), (2, None), (None, None))
    """
    text = str(by) if isinstance(by, str | int) and not isinstance(by, bool) else ""
    number, _, field = text.partition(".")
    if by != "" and (not number.isdigit() or int(number) < 1):
        raise ValueError(
            f"by is the number of a lever and its field, such as '1.kilotonnes', not "
            f"{shown(by)}."
        )
    return (int(number) if number else None), field or None
