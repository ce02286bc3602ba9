"""One thing at a time at either end: what moves the answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from toolkit.display import country
from toolkit.market.flows import Floats
from toolkit.models.points import DATA, ELASTICITIES, Points
from toolkit.models.priors import NORMAL_95
from toolkit.models.task import Normals, Task
from toolkit.schema import nearest

ENDS = (0.05, 0.95)
BY = ("factor", "product")


def tornado(task: Task, by: str, name_of: Callable[[str], str]) -> pd.DataFrame:
    """Return the change of the balance with each factor at either end.

    Parameters
    ----------
    task : Task
    by : {"factor", "product"}
    name_of : callable
        Product code -> label.

    Returns
    -------
    DataFrame
        Index factor; ``low, high, swing``, the largest swing first.
    """
    if by not in BY:
        raise ValueError(f"by {by!r} is unknown; {nearest(by, BY)}")
    if by == "product":
        names, found = _by_product(task, name_of)
    else:
        names, found = _by_factor(task)
    table = pd.DataFrame(found.reshape(-1, 2), index=names, columns=["low", "high"])
    table["swing"] = (table["high"] - table["low"]).abs()
    out = table.sort_values("swing", ascending=False, kind="stable")
    return out.rename_axis("factor")


def _by_factor(task: Task) -> tuple[list[str], Floats]:
    names = list(task.factors())
    rows, markets = 2 * len(names), len(task.markets)
    levers = task.ranges.names if task.ranges is not None else ()
    middle = np.full(rows, 0.5)
    share = {name: middle.copy() for name in (*ELASTICITIES, *DATA, *levers)}
    normals = {name: np.zeros((rows, markets)) for name in ELASTICITIES}
    for number, name in enumerate(names):
        for end, probability in enumerate(ENDS):
            row = 2 * number + end
            share[name][row] = probability
            if name in normals:
                normals[name][row] = (2 * end - 1) * NORMAL_95
    return names, _balance(
        task, normals, Points(share, {ELASTICITIES[0]: np.arange(rows)})
    )


def _by_product(task: Task, name_of: Callable[[str], str]) -> tuple[list[str], Floats]:
    moved = [name for name in ELASTICITIES if task.spread[name].drawn]
    flows, markets = task.shock.flows, len(task.markets)
    rows = 2 * len(moved) * markets
    normals = {name: np.zeros((rows, markets)) for name in ELASTICITIES}
    names = []
    for number, name in enumerate(moved):
        for market, first in enumerate(flows.starts):
            row = 2 * (number * markets + market)
            normals[name][row, market] = -NORMAL_95
            normals[name][row + 1, market] = NORMAL_95
            buyer = country(str(flows.importer[first]))
            names.append(f"{name}, {name_of(str(flows.product[first]))} ({buyer})")
    levers = task.ranges.names if task.ranges is not None else ()
    every: Sequence[str] = (*ELASTICITIES, *DATA, *levers)
    share = {name: np.full(rows, 0.5) for name in every}
    return names, _balance(
        task, normals, Points(share, {ELASTICITIES[0]: np.arange(rows)})
    )


def _balance(task: Task, normals: Normals, points: Points) -> Floats:
    found = task.at(normals, points)
    exports, imports = (task.metrics.index(name) for name in ("exports", "imports"))
    return found[:, exports] - found[:, imports]
