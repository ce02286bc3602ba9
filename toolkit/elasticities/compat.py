"""Two releases of statsmodels, one way to call them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

__all__ = ["as_tuple", "first_attribute", "seeded"]


def as_tuple(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a test of statsmodels so that it returns its plain tuple.

    From 0.15 a test has to be told so; 0.14 does not know the argument.
    """
    if "result_object" in inspect.signature(function).parameters:
        kwargs["result_object"] = False
    return function(*args, **kwargs)


def seeded(function: Callable[..., Any], seed: int) -> dict[str, int]:
    """Return the keyword that seeds a function: ``rng``, ``seed`` before 0.15."""
    known = inspect.signature(function).parameters
    return {"rng" if "rng" in known else "seed": seed}


def first_attribute(result: object, *names: str) -> Any:
    """Return the first attribute that exists; 0.15 renamed some of 0.14."""
    for name in names:
        if hasattr(result, name):
            return getattr(result, name)
    raise AttributeError(f"{type(result).__name__} has none of {', '.join(names)}")
