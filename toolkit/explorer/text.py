"""A scenario and its levers as text: the Python that makes them, and YAML."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import yaml

from toolkit.goal import Course
from toolkit.levers import Lever
from toolkit.scenario import Scenario


def as_python(
    scenario: Scenario,
    year: str,
    model: str,
    before: tuple[str, ...] = (),
    *,
    horizon: str = "long",
) -> str:
    """Return the code that reproduces what is on screen.

    Parameters
    ----------
    scenario : Scenario
        With a path, the answer is that of its last year.
    year : str
        Of the baseline.
    model : str
        The call that makes the model.
    before : tuple of str
        Lines that the model needs.
    horizon : str
        Named only where it is not the long run, and there is no path.

    Examples
    --------
    >>> print(as_python(Scenario("Nothing"), "2024-25", "tk.Armington()"))
    import toolkit as tk
    <BLANKLINE>
    base = tk.load_baseline('2024-25')
    scenario = tk.Scenario('Nothing', [
    ])
    result = tk.Armington().solve(base, scenario)
    result.balance()
    """
    when = "" if horizon == "long" else f", horizon={horizon!r}"
    call = f"{model}.solve(base, scenario{when})"
    if scenario.path is not None:
        call = f"{_path_call(scenario.path, model)}.result({scenario.path.until})"
    imports = ["import pandas as pd", ""] if before else []
    lines = [*imports, "import toolkit as tk", "", f"base = tk.load_baseline({year!r})"]
    lines.append(f"scenario = tk.Scenario({scenario.name!r}, [")
    lines += [f"    {lever_call(lever)}," for lever in scenario.levers]
    lines += [
        "])",
        *before,
        f"result = {call}",
        "result.balance()",
    ]
    return "\n".join(lines)


def _path_call(path: Course, model: str) -> str:
    given = "".join(f", {name}={value!r}" for name, value in path.to_dict().items())
    return f"tk.path({model}, base, scenario{given})"


def as_yaml(scenario: Scenario) -> str:
    """Return a scenario as :meth:`Scenario.to_yaml` does, levers written once each.

    Writing YAML is slow, and while one lever moves the others stay.
    """
    levers = "".join(map(_kept_yaml, scenario.levers))
    bare = dataclasses.replace(scenario, levers=())
    if not levers:
        return bare.to_yaml()
    return bare.to_yaml().replace("\nlevers: []\n", f"\nlevers:\n{levers}", 1)


@lru_cache(maxsize=512)
def _kept_yaml(lever: Lever) -> str:
    return _dumped(lever.to_dict())


def lever_call(lever: Lever) -> str:
    """Return the Python call that makes a lever."""
    fields = lever.to_dict()
    kind = fields.pop("lever")
    inside = ", ".join(f"{key}={value!r}" for key, value in fields.items())
    return f"tk.{kind}({inside})"


def lever_yaml(levers: Sequence[Lever]) -> list[str]:
    """Return each lever as it stands in a scenario file.

    Writing YAML is slow, so levers that differ from the first in one number are
    written by putting that number into the first one's text.
    """
    if not levers:
        return []
    first = levers[0].to_dict()
    text = _dumped(first)
    return [_varied(text, first, lever.to_dict()) for lever in levers]


def _varied(text: str, first: dict[str, Any], other: dict[str, Any]) -> str:
    changed = [key for key in first if other.get(key) != first[key]]
    if first.keys() != other.keys() or len(changed) > 1:
        return _dumped(other)
    if not changed:
        return text
    (key,) = changed
    if not isinstance(first[key], float) or not isinstance(other[key], float):
        return _dumped(other)
    before, after = (f"\n  {key}: {_written(d[key])}\n" for d in (first, other))
    return text.replace(before, after, 1)


def _written(number: float) -> str:
    return yaml.representer.SafeRepresenter().represent_float(number).value


def _dumped(data: dict[str, Any]) -> str:
    return yaml.safe_dump([data], sort_keys=False, allow_unicode=True, width=88)
