"""A gravity estimation as arrays: trade, regressors, codes of effects and clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from .checks import require_columns, require_complete, require_enough
from .identification import coded, compact

__all__ = ["Problem", "prepare"]


@dataclass(frozen=True, eq=False)
class Problem:
    """Arrays of one estimation: trade (n), regressors (n by k), codes (n)."""

    names: list[str]
    rows: np.ndarray
    y: np.ndarray
    x: np.ndarray
    terms: dict[str, np.ndarray]
    groups: np.ndarray | None

    def without(self, wrong: np.ndarray) -> Problem:
        """Return the problem without some rows."""
        if not wrong.any():
            return self
        left = ~wrong
        terms = {name: compact(codes[left]) for name, codes in self.terms.items()}
        groups = None if self.groups is None else compact(self.groups[left])
        return Problem(
            self.names, self.rows[left], self.y[left], self.x[left], terms, groups
        )

    def keeping(self, dropped: Sequence[str]) -> Problem:
        """Return the problem without some regressors.

        Raises
        ------
        ValueError
            If none is left.
        """
        kept = [i for i, name in enumerate(self.names) if name not in dropped]
        if not kept:
            raise ValueError(
                f"There is no regressor left: {', '.join(self.names)} cannot be told "
                f"from the fixed effects {', '.join(self.terms)}."
            )
        names = [self.names[i] for i in kept]
        x = self.x[:, kept]
        return Problem(names, self.rows, self.y, x, self.terms, self.groups)


def prepare(
    panel: pd.DataFrame,
    trade: str,
    regressors: list[str],
    fixed_effects: Sequence[str],
    cluster: str | None,
) -> Problem:
    """Return the checked arrays.

    Raises
    ------
    ValueError
        If a column is missing, not numeric, incomplete, or trade is negative.
    """
    if not regressors:
        raise ValueError("regressors must name at least one column.")
    data = require_columns(panel, [trade, *regressors])
    require_complete(data)
    y = data[trade].to_numpy()
    if (y < 0).any() or not y.any():
        wrong = f"is {y.min()!r} somewhere" if (y < 0).any() else "is zero everywhere"
        raise ValueError(f"trade must be zero or positive; {trade!r} {wrong}.")
    require_enough(len(y), len(regressors))
    terms = {term: coded(panel, term) for term in fixed_effects}
    groups = None if cluster is None else coded(panel, cluster)
    x = data[regressors].to_numpy()
    return Problem(regressors, np.arange(len(y)), y, x, terms, groups)
