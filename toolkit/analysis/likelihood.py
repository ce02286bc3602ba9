"""Events of an ensemble: in words or as an expression; and whether draws are paired."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from toolkit.schema import nearest, shown

PHRASES = {
    "deficit narrows": "balance_change > 0",
    "deficit widens": "balance_change < 0",
    "balance improves": "balance_change > 0",
    "balance worsens": "balance_change < 0",
    "exports rise": "exports_change > 0",
    "exports fall": "exports_change < 0",
    "imports rise": "imports_change > 0",
    "imports fall": "imports_change < 0",
}


def share(frame: pd.DataFrame, event: str) -> float:
    """Return the share of the rows in which an event holds.

    Parameters
    ----------
    frame : DataFrame
        One row per draw.
    event : str
        A phrase of :data:`PHRASES`, or an expression in the columns.

    Raises
    ------
    ValueError
        An expression that cannot be read, or is not true or false.

    Examples
    --------
    >>> share(pd.DataFrame({"balance_change": [-1.0, 2.0]}), "deficit narrows")
    0.5
    """
    try:
        held = frame.eval(PHRASES.get(event, event), engine="python")
    except Exception as error:
        raise ValueError(
            f"{shown(event)} cannot be read ({error}); {nearest(event, PHRASES)} "
            f"Variables: {', '.join(map(str, frame))}."
        ) from error
    if not isinstance(held, pd.Series) or held.dtype.kind != "b":
        raise ValueError(f"{shown(event)} is a number, not true or false: compare it.")
    return float(held.mean())


def check_same(mine: Mapping[str, object], theirs: Mapping[str, object]) -> None:
    """Raise unless two ensembles stand on the same draws."""
    told = [
        f"{name} {mine[name]!r} and {theirs[name]!r}"
        for name in mine
        if mine[name] != theirs[name]
    ]
    if told:
        raise ValueError(f"The draws are not the same: {'; '.join(told)}.")
