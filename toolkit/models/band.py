"""The 90 % band of an answer from a few draws of the elasticities, when asked for."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from toolkit.market import Part, Shocks
from toolkit.models.ces import NotConverged
from toolkit.models.parameters import Given, Parameters
from toolkit.models.points import sample
from toolkit.models.priors import spreads
from toolkit.models.task import FACTORS, Evaluates, Task

SHARED = 0.5  # correlation of two products' elasticities, see tk.simulate
SEED = 1
LEVELS = (0.05, 0.5, 0.95)


def band(
    model: Evaluates,
    given: Mapping[str, Given],
    part: Part,
    shock: Shocks,
    central: Parameters,
    draws: int,
) -> pd.DataFrame:
    """Return quantiles of the changes over draws of the library's elasticities.

    Parameters
    ----------
    model : PartialEquilibrium
    given : mapping
        Elasticities that the user gave, which are not drawn.
    part, shock, central
        What was solved.
    draws : int

    Returns
    -------
    DataFrame
        Index ``exports, imports, balance``; ``low, median, high`` (5th, 50th and 95th
        percentile), changes in US$ million. Empty where nothing is drawn or a draw has
        no answer.
    """
    columns = ["low", "median", "high"]
    found = spreads(part, central, given, None)
    task = Task(
        model=model,
        shock=shock,
        central=central,
        spread={name: found[field] for name, field in FACTORS.items()},
        markets=part.whole.market[part.kept[part.flows.starts]],
        correlation=SHARED,
        seed=SEED,
        metrics=("exports", "imports"),
        compiled=False,
    )
    if not task.factors():
        return pd.DataFrame(columns=columns)
    try:
        exports, imports = task.changes(sample("random", draws, SEED)).T
    except NotConverged:
        return pd.DataFrame(columns=columns)
    changes = {"exports": exports, "imports": imports, "balance": exports - imports}
    rows = {name: np.quantile(values, LEVELS) for name, values in changes.items()}
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis(
        "US$ mn"
    )
