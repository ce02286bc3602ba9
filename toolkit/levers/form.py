"""The JSON Schema of a lever's plain form, made from its fields."""

from __future__ import annotations

import dataclasses
from typing import Any

from toolkit.levers.base import Lever
from toolkit.levers.uncertain import KINDS

RANGE = {
    "type": "object",
    "description": "A number known within a range: a plain solve takes its centre.",
    "properties": {
        **{key: {"type": "number"} for key in ("low", "high", "centre")},
        "distribution": {"enum": list(KINDS)},
    },
    "required": ["low", "high"],
    "additionalProperties": False,
}


def lever_schema(kind: type[Lever]) -> dict[str, Any]:
    """Return the JSON Schema of one kind of lever."""
    properties: dict[str, Any] = {"lever": {"const": kind.__name__}}
    required = ["lever"]
    for field in dataclasses.fields(kind):
        properties[field.name] = _field_schema(str(field.type))
        if (
            field.default is dataclasses.MISSING
            and field.default_factory is dataclasses.MISSING
        ):
            required.append(field.name)
    return {
        "type": "object",
        "description": (kind.__doc__ or "").strip().split("\n")[0],
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _field_schema(annotation: str) -> dict[str, Any]:
    if annotation == "Any":
        return {"type": ["array", "object"]}
    kinds = []
    for word, kind in (("float", "number"), ("int", "integer"), ("bool", "boolean")):
        if word in annotation:
            kinds.append(kind)
    if "str" in annotation:
        kinds.append("string")
    if "tuple" in annotation:
        kinds.append("array")
    if "None" in annotation:
        kinds.append("null")
    known = {"type": kinds}
    return {"anyOf": [known, RANGE]} if "float" in annotation else known
