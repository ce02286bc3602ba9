"""Variance-based sensitivity: Sobol indices by Saltelli's points (SALib)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from toolkit.market.flows import Floats
from toolkit.models.points import DATA, ELASTICITIES, Points
from toolkit.models.task import Task

EDGE = 1e-12
PIECE = 2_048  # draws at a time
Answer = Callable[[Points, Floats], Floats]


def _salib() -> tuple[Any, Any]:
    try:
        from SALib.analyze import sobol as analysis
        from SALib.sample import sobol as points
    except ImportError as error:
        raise ImportError(
            f"Sobol indices need {error.name}, which is not installed; the extra "
            "'uncertainty' brings it: "
            "pip install 'tariff-scenario-toolkit[uncertainty]'",
            name=error.name,
        ) from error
    return analysis, points


def indices(
    function: Callable[[Floats], Floats],
    names: Sequence[str],
    base: int = 512,
    confidence: float = 0.95,
    seed: int = 1,
    groups: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Return first and total order Sobol indices of a function of uniform numbers.

    Parameters
    ----------
    function : callable
        Probabilities (N, D) -> values (N); rows come in Saltelli's order.
    names : sequence of str
        Of the D inputs.
    base : int
        A power of two; the function is called at ``base (D + 2)`` points.
    confidence : float
        Of the half widths, by resampling.
    seed : int
    groups : sequence of str, optional
        Group of each input; indices are of groups then.

    Returns
    -------
    DataFrame
        Index name, the largest total first; ``S1, S1_conf, ST, ST_conf``.

    Raises
    ------
    ValueError
        ``base`` that is not a power of two.
    ImportError
        SALib is not installed; names the extra.

    Notes
    -----
    Saltelli et al. (2010) for first order, Jansen (1999) for total order.

    Examples
    --------
    The first of two inputs has four fifths of the variance:

    >>> table = indices(lambda u: 2 * u[:, 0] + u[:, 1], ["a", "b"])
    >>> table["S1"].round(1).to_dict()
    {'a': 0.8, 'b': 0.2}
    """
    if base < 2 or base & (base - 1):
        raise ValueError(f"base must be a power of two, not {base!r}.")
    analysis, points = _salib()

    problem = {
        "num_vars": len(names),
        "names": list(names),
        "bounds": [[0.0, 1.0]] * len(names),
    }
    if groups is not None:
        problem["groups"] = list(groups)
    drawn = points.sample(problem, base, calc_second_order=False, seed=seed)
    values = function(np.clip(drawn, EDGE, 1.0 - EDGE))
    labels = list(names) if groups is None else list(dict.fromkeys(groups))
    columns = ["S1", "S1_conf", "ST", "ST_conf"]
    if not float(np.var(values)) > 0.0:
        return pd.DataFrame(0.0, index=labels, columns=columns)
    found = analysis.analyze(
        problem, values, calc_second_order=False, conf_level=confidence, seed=seed
    )
    table = pd.DataFrame({name: found[name] for name in columns}, index=labels)
    return table.sort_values("ST", ascending=False, kind="stable")


def of_task(
    task: Task,
    answer: Answer,
    base: int,
    confidence: float,
    groups: Callable[[str], str] | None = None,
) -> pd.DataFrame:
    """Return the indices of all that a task draws, or of groups of it.

    Parameters
    ----------
    task : Task
    answer : callable
        Points and the changes there -> the number whose variance is split.
    base, confidence
        As in :func:`indices`.
    groups : callable, optional
        Factor -> group.
    """
    names = task.factors()
    if not names:
        return pd.DataFrame(columns=["S1", "S1_conf", "ST", "ST_conf"])
    kinds = None if groups is None else [groups(name) for name in names]
    blocks = list(names) if kinds is None else list(dict.fromkeys(kinds))

    def values(share: Floats) -> Floats:
        points = _points(names, share, kinds or list(names), blocks)
        pieces = [
            task.changes(points.between(a, a + PIECE))
            for a in range(0, len(points), PIECE)
        ]
        return answer(points, np.concatenate(pieces))

    table = indices(values, names, base, confidence, task.seed, kinds)
    return table.rename_axis("factor")


def _points(
    names: Sequence[str], share: Floats, kinds: Sequence[str], blocks: Sequence[str]
) -> Points:
    """Return Saltelli's rows as draws.

    For each base point: one row of the first sample, one row for each block with that
    block from the second sample, one row of the second. A product's own numbers come
    from the sample that its elasticity comes from.
    """
    rows = len(share)
    middle = np.full(rows, 0.5)
    shares = {name: middle for name in (*ELASTICITIES, *DATA)}
    shares |= {name: np.ascontiguousarray(share[:, n]) for n, name in enumerate(names)}
    point, place = np.divmod(np.arange(rows), len(blocks) + 2)
    own = {}
    for name in ELASTICITIES:
        block = blocks.index(kinds[names.index(name)]) if name in names else -9
        second = (place == len(blocks) + 1) | (place == block + 1)
        own[name] = 2 * point + second
    return Points(shares, own)
