"""A goal as it is typed: figure=value, low:high; what is left open from a file."""

from __future__ import annotations

from toolkit.goal.course import Goal
from toolkit.goal.target import Target
from toolkit.schema import shown


def goal_of(
    held: Goal | None,
    target: str | None = None,
    by: str | None = None,
    bounds: str | None = None,
    year: int | None = None,
) -> Goal:
    """Return the goal of what was typed, what that leaves open from the one held.

    Raises
    ------
    ValueError
        No goal at all, or one that is not understood.

    Examples
    --------
    >>> goal_of(None, "balance=-40000", "1.by").target.value
    -40000.0
    """
    if target is None and held is None:
        raise ValueError("Give --target figure=value, or a goal in the scenario file.")
    data = held.target.to_dict() if held is not None else {}
    lever = by or (held.by if held is not None else "")
    ends = held.bounds if held is not None and lever == held.by else None
    if bounds:
        ends = _pair(bounds)
    if target is not None:
        what, _, value = target.partition("=")
        number = number_or_word(value)
        if isinstance(number, str):
            raise ValueError(f"target is figure=value, not {shown(target)}.")
        data = {"what": what, "value": number}
    if year is not None:
        data["year"] = year
    return Goal(Target.from_dict(data), lever, ends)


def _pair(text: str) -> tuple[float, float]:
    low, _, high = text.partition(":")
    ends = [number_or_word(end) for end in (low, high)]
    if any(isinstance(end, str) for end in ends):
        raise ValueError(f"bounds are low:high, not {shown(text)}.")
    return float(ends[0]), float(ends[1])


def number_or_word(text: str) -> float | str:
    """Return a number where the text is one, else the text."""
    try:
        return float(text)
    except ValueError:
        return text
