"""The levers that a goal may turn: one field of one lever, or a share of several."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from toolkit.levers import FreeTradeAgreement, Lever
from toolkit.levers.base import Dial
from toolkit.scenario import Scenario
from toolkit.schema import check_number, is_list, nearest, shown

NOT_TURNED = ("start", "phase_in")
BEGINNING = 1990


@dataclasses.dataclass(frozen=True, eq=False)
class Candidate:
    """A scenario with one number left open.

    Attributes
    ----------
    scenario : Scenario
        What else is in force.
    levers : tuple of Lever
        One whose field is open, or several of which a common share is.
    field : str
        "" for a common share.
    bounds : pair of float
    unit : str
    neutral : float or None
        Where nothing is changed, if it is known.
    """

    scenario: Scenario
    levers: tuple[Lever, ...]
    field: str
    bounds: tuple[float, float]
    unit: str
    neutral: float | None

    def at(self, value: float) -> Scenario:
        """Return the scenario with the number set.

        Raises
        ------
        ValueError
            A value that the lever refuses.
        """
        turned = [self._turned(lever, value) for lever in self.levers]
        left = list(self.scenario.levers)
        for asked, new in zip(self.levers, turned, strict=True):
            if asked in left:
                left[left.index(asked)] = new
            else:
                left.append(new)
        return dataclasses.replace(self.scenario, levers=tuple(left))

    def _turned(self, lever: Lever, value: float) -> Lever:
        if not self.field:
            return in_part(lever, value)
        return dataclasses.replace(lever, **{self.field: value})

    def said(self, value: float) -> str:
        """Return the number as it is said of the lever or levers."""
        if not self.field:
            many = f"{len(self.levers)} levers" if len(self.levers) > 1 else "the lever"
            return f"{100 * value:,.1f} % of {many}"
        name = type(self.levers[0]).__name__
        return f"{name}.{self.field} = {value:,.6g} ({self.unit})"


def candidate(
    lever: Lever | Scenario | Sequence[Lever],
    scenario: Scenario | None,
    field: str | None,
    bounds: tuple[float, float] | None,
) -> Candidate:
    """Return the open number of a question, checked.

    Raises
    ------
    ValueError
        No lever, a field that is no number, bounds that are missing or crossed.
    """
    around = scenario or Scenario("What it takes")
    if isinstance(lever, Lever):
        dial = _dial(lever, field, bounds)
        ends = _bounds(bounds, (dial.low, dial.high))
        return Candidate(around, (lever,), dial.field, ends, dial.unit, dial.neutral)
    listed = lever.levers if isinstance(lever, Scenario) else lever
    members = tuple(listed) if is_list(listed) else ()
    if not members or not all(isinstance(one, Lever) for one in members):
        raise ValueError(f"lever is a lever or several, not {shown(lever)}.")
    if field is not None:
        raise ValueError(
            "field is for one lever; several are turned by a common share."
        )
    if isinstance(lever, Scenario) and scenario is None:
        around = lever
    ends = _bounds(bounds, (0.0, 1.0))
    return Candidate(around, members, "", ends, "share of the change", 0.0)


def in_part(lever: Lever, share: float) -> Lever:
    """Return a lever of which a share of the change is in force, 0 to 1.

    Its own timing is kept: the share is of what would be in force in each year.

    Examples
    --------
    >>> from toolkit.levers import TariffCut
    >>> cut = TariffCut(importer="RUS", exporter="IND", to=0.0, start=2027, phase_in=2)
    >>> [in_part(cut, 0.5).share_in_force(year) for year in (2026, 2027, 2028)]
    [0.0, 0.25, 0.5]
    """
    if share == 1.0:
        return lever
    check_number(share, "share of the levers", low=0.0, high=1.0)
    if isinstance(lever, FreeTradeAgreement):
        return dataclasses.replace(lever, coverage=share * lever.coverage)
    steps = _steps(lever)
    schedule = {year: share * part for year, part in steps}
    return dataclasses.replace(lever, start=None, phase_in=1, schedule=schedule)


def _steps(lever: Lever) -> list[tuple[int, float]]:
    if lever.schedule:
        return list(lever.schedule)
    if lever.start is None:
        return [(BEGINNING, 1.0)]
    steps = lever.phase_in
    return [(lever.start + n, (n + 1) / steps) for n in range(steps)]


def numeric_fields(lever: Lever) -> list[str]:
    """Return the fields of a lever that a goal can turn."""
    return [
        field.name
        for field in dataclasses.fields(lever)
        if field.name not in NOT_TURNED and "float" in str(field.type)
    ]


def _dial(lever: Lever, field: str | None, bounds: tuple[float, float] | None) -> Dial:
    fields = numeric_fields(lever)
    own = lever.dial.field if lever.dials else ""
    wanted = own if field is None else field
    if not isinstance(wanted, str) or wanted not in fields:
        raise ValueError(
            f"{type(lever).__name__} has no number {shown(wanted)} to turn; "
            + nearest(wanted, fields)
        )
    known = [dial for dial in lever.dials if dial.field == wanted]
    if known:
        return known[0]
    if bounds is None:
        dials = ", ".join(dial.field for dial in lever.dials) or "none"
        raise ValueError(
            f"Give bounds=(low, high) for {type(lever).__name__}.{wanted}: only its "
            f"dials ({dials}) have ends of their own."
        )
    ends = _bounds(bounds, bounds)
    return Dial(wanted, *ends, "as the lever's field", None)


def _bounds(
    given: tuple[float, float] | None, default: tuple[float, float]
) -> tuple[float, float]:
    pair = default if given is None else tuple(given) if is_list(given) else ()
    if len(pair) != 2:
        raise ValueError(f"bounds are a pair (low, high), not {shown(given)}.")
    low, high = pair
    low, high = check_number(low, "lower bound"), check_number(high, "upper bound")
    if not low < high:
        raise ValueError(f"bounds are {low:g} and {high:g}: the first must be lower.")
    return low, high
