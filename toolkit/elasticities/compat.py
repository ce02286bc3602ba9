"""Two releases of statsmodels, one way to call them."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

__all__ = ["as_tuple"]


def as_tuple(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call a test of statsmodels so that it returns its plain tuple.

    From 0.15 a test has to be told so; 0.14 does not know the argument.
    """
    if "result_object" in inspect.signature(function).parameters:
        kwargs["result_object"] = False
    return function(*args, **kwargs)
