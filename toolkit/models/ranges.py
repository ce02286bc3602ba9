"""How far an answer moves as one elasticity at a time goes to an end."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd

from toolkit.market import Shocks
from toolkit.market.flows import Floats
from toolkit.models.ces import NotConverged
from toolkit.models.parameters import CONCEPTS, Given, Parameters, library_values


class Evaluates(Protocol):
    """What is asked of a model here."""

    def given(self) -> Mapping[str, Given]:
        """Return the elasticities that the user gave."""
        ...

    def evaluate(
        self, shocks: Shocks, parameters: Parameters | None, metrics: Sequence[str]
    ) -> Floats:
        """Return a few numbers."""
        ...


ENDS = ("low", "high")
FIELDS = dict(zip(CONCEPTS, ("sigma", "eta", "mu"), strict=True))
SHOWN = ("exports", "imports", "balance")


def one_at_a_time(model: Evaluates, shock: Shocks, central: Parameters) -> pd.DataFrame:
    """Return the changes with each elasticity of the library at either end.

    Elasticities that the user gave have no interval and are left as they are.

    Parameters
    ----------
    model : PartialEquilibrium
    shock : Shocks
        Of one scenario, all flows.
    central : Parameters
        What the scenario was solved with.

    Returns
    -------
    DataFrame
        Index ``assumption, end``; ``exports, imports, balance``, changes in US$
        million; NaN where the market has no answer at that end.
    """
    rows = {}
    for concept, field in FIELDS.items():
        if model.given()[concept] is not None:
            continue
        for end in ENDS:
            values = {field: library_values(shock.flows, concept, end)}
            moved = dataclasses.replace(central, **values)
            rows[concept.replace("_", " "), end] = _changes(model, shock, moved)
    index = pd.MultiIndex.from_tuples(list(rows), names=["assumption", "end"])
    return pd.DataFrame(list(rows.values()), index, columns=list(SHOWN))


def _changes(model: Evaluates, shock: Shocks, parameters: Parameters) -> Floats:
    try:
        return model.evaluate(shock, parameters, SHOWN)
    except NotConverged:
        return np.full(len(SHOWN), np.nan)
