"""What of the uncertainty is of elasticities, of levers, of data, of the model."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from toolkit.analysis.sensitivity import Answer, of_task
from toolkit.models.points import DATA, ELASTICITIES
from toolkit.models.task import Task

SOURCES = ("elasticities", "levers", "data", "together", "model")


def source_of(factor: str) -> str:
    """Return where a factor belongs.

    Examples
    --------
    >>> source_of("substitution"), source_of("imports as recorded"), source_of("by")
    ('elasticities', 'data', 'levers')
    """
    if factor in ELASTICITIES:
        return "elasticities"
    return "data" if factor in DATA else "levers"


def split(
    task: Task, answer: Answer, variance: float, others: Sequence[float], base: int
) -> pd.DataFrame:
    """Return the variance of an answer by its source.

    Parameters
    ----------
    task : Task
    answer : callable
        As in :func:`toolkit.analysis.sensitivity.of_task`.
    variance : float
        Of the draws.
    others : sequence of float
        The point answers of several models, this one first.
    base : int

    Returns
    -------
    DataFrame
        Index source; ``deviation`` (US$ million) and ``share`` of the whole variance.
        ``together`` is what no source has alone; the variance between models is added
        to that within this one.
    """
    table = of_task(task, answer, base, 0.95, source_of)
    alone = table["S1"].clip(lower=0.0) if len(table) else pd.Series(dtype=float)
    alone = alone / max(1.0, float(alone.sum()))  # estimates may add up to more
    parts = (alone * variance).to_dict()
    parts["together"] = max(variance - sum(parts.values()), 0.0)
    if len(others) > 1:
        parts["model"] = float(np.var(others, ddof=1))
    names = [name for name in SOURCES if name in parts]
    found = np.array([float(parts[name]) for name in names])
    share = found / found.sum() if found.sum() > 0 else 0.0 * found
    return pd.DataFrame(
        {"deviation": np.sqrt(found), "share": share},
        index=pd.Index(names, name="source"),
    )
