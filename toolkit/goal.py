"""What a scenario is asked to reach, and over which years it is looked at."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from toolkit.schema import check_country, check_number, check_product, nearest

__all__ = ["FIGURES", "Course", "Goal", "Target"]

FIGURES: Mapping[str, str] = {
    "exports": "US$ mn",
    "imports": "US$ mn",
    "balance": "US$ mn",
    "total": "US$ mn",
    "kilotonnes": "kt",
    "invisibles": "US$ mn",
}
FIRST, LAST = 1990, 2100


@dataclasses.dataclass(frozen=True)
class Target:
    """A figure of the pair's trade and the value it is to reach.

    Parameters
    ----------
    what : {"exports", "imports", "balance", "total", "kilotonnes", "invisibles"}
        Of the reporter with the partner. ``total`` is exports plus imports,
        ``kilotonnes`` what one flow carries, ``invisibles`` what workers and students
        move beside the goods balance.
    value : float
        US$ million a year; thousand tonnes for ``kilotonnes``.
    year : int, optional
        On a path, the year by its first calendar year: 2030 is 2030-31 where the
        baseline is an Indian fiscal year.
    products : str or sequence of str
        HS prefixes that count; "" is all goods.
    importer, exporter : str, optional
        The flow whose tonnes count; default the reporter's purchases from the
        partner.

    Raises
    ------
    ValueError
        An unknown figure, code or year.

    Examples
    --------
    >>> print(Target("total", 100_000, year=2030))
    total of US$ 100,000 mn in 2030
    """

    what: str
    value: float
    year: int | None = None
    products: str | tuple[str, ...] = ""
    importer: str | None = None
    exporter: str | None = None

    def __post_init__(self) -> None:
        if self.what not in FIGURES:
            raise ValueError(
                f"Target {self.what!r} is unknown; {nearest(self.what, FIGURES)}"
            )
        _set(self, "value", check_number(self.value, f"target {self.what}"))
        _set(self, "year", _year(self.year, "target year"))
        _set(self, "products", _codes(self.products))
        for side in ("importer", "exporter"):
            code = getattr(self, side)
            if code is not None:
                _set(self, side, check_country(code, f"target {side}"))
                if self.what != "kilotonnes":
                    raise ValueError(f"{side} is for a target of kilotonnes.")

    @property
    def prefixes(self) -> tuple[str, ...]:
        """HS prefixes that count."""
        return _codes(self.products)

    @property
    def unit(self) -> str:
        """Unit of the figure."""
        return FIGURES[self.what]

    def said(self, value: float) -> str:
        """Return a value of the figure with its unit."""
        if self.what == "kilotonnes":
            return f"{value:,.0f} kt"
        return f"US$ {value:,.0f} mn".replace("US$ -", "US$ −")

    def __str__(self) -> str:
        goods = "" if self.prefixes == ("",) else f" of HS {', '.join(self.prefixes)}"
        when = "" if self.year is None else f" in {self.year}"
        return f"{self.what}{goods} of {self.said(self.value)}{when}"

    def to_dict(self) -> dict[str, Any]:
        """Return the target as plain data, defaults left out."""
        data: dict[str, Any] = {"what": self.what, "value": self.value}
        if self.year is not None:
            data["year"] = self.year
        if self.prefixes != ("",):
            data["products"] = list(self.prefixes)
        sides = {"importer": self.importer, "exporter": self.exporter}
        return data | {side: code for side, code in sides.items() if code}

    @classmethod
    def from_dict(cls, data: Any) -> Target:
        """Build a target from plain data, as :meth:`to_dict` writes it.

        Raises
        ------
        ValueError
            Not a mapping, an unknown key, or a value that a target refuses.
        """
        return cls(**_known(data, cls, "goal"))


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
        _set(self, "until", _year(self.until, "until"))
        if self.speed is not None:
            speed = check_number(self.speed, "speed", low=0.0, high=1.0)
            if speed == 0:
                raise ValueError("speed must be above 0 to 1, not 0.")
            _set(self, "speed", speed)

    def to_dict(self) -> dict[str, Any]:
        """Return the course as plain data, defaults left out."""
        fields = {"until": self.until, "speed": self.speed}
        return {key: value for key, value in fields.items() if value is not None}

    @classmethod
    def from_dict(cls, data: Any) -> Course:
        """Build a course from plain data, as :meth:`to_dict` writes it."""
        return cls(**_known(data, cls, "path"))

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

    Examples
    --------
    >>> Goal.from_dict({"what": "balance", "value": -40_000, "by": "1.kilotonnes"}).by
    '1.kilotonnes'
    """

    target: Target
    by: str = ""

    def __post_init__(self) -> None:
        place(self.by)

    def to_dict(self) -> dict[str, Any]:
        """Return the goal as plain data."""
        return self.target.to_dict() | ({"by": self.by} if self.by else {})

    @classmethod
    def from_dict(cls, data: Any) -> Goal:
        """Build a goal from plain data, as :meth:`to_dict` writes it."""
        if not isinstance(data, dict):
            raise ValueError(f"goal is a mapping, not {data!r}.")
        rest = {key: value for key, value in data.items() if key != "by"}
        return cls(Target.from_dict(rest), data.get("by", ""))

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
            },
            "required": ["what", "value"],
            "additionalProperties": False,
        }


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
            f"{by!r}."
        )
    return (int(number) if number else None), field or None


def _known(data: Any, kind: type, what: str) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise ValueError(f"{what} is a mapping, not {data!r}.")
    fields = [field.name for field in dataclasses.fields(kind)]
    for key in data:
        if key not in fields:
            raise ValueError(f"{what} has no {key!r}; {nearest(key, fields)}")
    try:
        kind(**data)
    except TypeError as error:
        raise ValueError(f"{what}: {error}") from error
    return data


def _codes(value: object) -> tuple[str, ...]:
    codes = (value,) if isinstance(value, str) else value
    if not isinstance(codes, tuple | list) or not codes:
        raise ValueError(f"products of a target are HS prefixes, not {value!r}.")
    return tuple(check_product(code, "products") for code in codes)


def _year(value: object, what: str) -> int | None:
    if value is None:
        return None
    number = check_number(value, what, low=FIRST, high=LAST)
    if number != int(number):
        raise ValueError(f"{what} must be a whole year, not {value!r}.")
    return int(number)


def _set(owner: object, name: str, value: object) -> None:
    object.__setattr__(owner, name, value)
