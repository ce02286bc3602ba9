"""What targets and courses share: plain data, years, setting a frozen field."""

from __future__ import annotations

import dataclasses
from typing import Any

from toolkit.schema import check_number, nearest, shown

FIRST, LAST = 1990, 2100


def known(data: Any, kind: type, what: str) -> dict[str, Any]:
    """Return plain data whose keys are fields of a kind and make one, or raise."""
    if not isinstance(data, dict):
        raise ValueError(f"{what} is a mapping, not {shown(data)}.")
    fields = [field.name for field in dataclasses.fields(kind)]
    for key in data:
        if key not in fields:
            raise ValueError(f"{what} has no {shown(key)}; {nearest(key, fields)}")
    try:
        kind(**data)
    except TypeError as error:
        raise ValueError(f"{what}: {error}") from error
    return data


def check_year(value: object, what: str) -> int | None:
    """Return a whole year or None, or raise."""
    if value is None:
        return None
    number = check_number(value, what, low=FIRST, high=LAST)
    if number != int(number):
        raise ValueError(f"{what} must be a whole year, not {shown(value)}.")
    return int(number)


def put(owner: object, name: str, value: object) -> None:
    """Set a field of a frozen value while it is made."""
    object.__setattr__(owner, name, value)
