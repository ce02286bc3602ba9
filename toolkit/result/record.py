"""What a solve leaves behind: keys, variables by level, and where they are from.

Immutable; frames are handed out as copies. The long frame is built only when it
is asked for, so that a slider need not wait for it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.result.parts import Block, Identity, Keys, Solver, Variable, long_frame
from toolkit.schema import nearest, shown


@dataclasses.dataclass(frozen=True, eq=False, repr=False)
class Record:
    """The counterfactual of a scenario beside its baseline, as variables.

    Attributes
    ----------
    scenario, model : str
    levers : tuple
        The levers of the scenario, in order.
    reporter, partner : str
        Whose balance it is, and with whom.
    blocks : tuple of Block
        The variables by level: flow, market, exporter, country.
    notes : tuple of str
        What the levers could not do, what was assumed, where they meet.
    exports_to_world : float, optional
        All that the reporter sells, US$ million, where the baseline knows it.
    open_account : str
        Why the balance with the world cannot be told; empty if it can.
    question : Scenario
        What was asked, with its title; a model solves it again.
    horizon : str
        When: the long run, or how long after the change.
    solver : Solver, optional
        Iterations, residual and time.
    """

    scenario: str
    levers: tuple[Any, ...]
    model: str
    reporter: str
    partner: str
    year: str
    source_line: str
    product_names: Mapping[str, str]
    blocks: tuple[Block, ...]
    identities: tuple[Identity, ...]
    notes: tuple[str, ...] = ()
    invisibles_entries: tuple[Mapping[str, Any], ...] = ()
    elasticities_used: Callable[[], pd.DataFrame] = pd.DataFrame
    exports_to_world: float | None = None
    open_account: str = ""
    horizon: str = "long run"
    static_values: Callable[[], NDArray[np.float64]] | None = None
    answers_at_ends: Callable[[], pd.DataFrame] | None = None
    answers_without: Callable[[], pd.DataFrame] | None = None
    answers_in_other_years: Callable[[], pd.DataFrame] | None = None
    says_status: Callable[[], str] | None = None
    answers_drawn: Callable[[int], pd.DataFrame] | None = None
    question: Any = None
    solver: Solver | None = None

    @cached_property
    def _frame(self) -> pd.DataFrame:
        pieces = [
            long_frame(block, self.scenario, self.model)
            for block in self.blocks
            if block.variables
        ]
        return pd.concat(pieces, ignore_index=True)

    @property
    def frame(self) -> pd.DataFrame:
        """All variables, long: one row per key and variable."""
        return self._frame.copy()

    @property
    def elasticities(self) -> pd.DataFrame:
        """The elasticities used, with source."""
        return self.elasticities_used().copy()

    @property
    def title(self) -> str:
        """The title of the scenario, or its name."""
        return getattr(self.question, "title", "") or self.scenario

    @cached_property
    def _ends(self) -> pd.DataFrame:
        if self.answers_at_ends is None:
            return pd.DataFrame()
        return self.answers_at_ends()

    @cached_property
    def _without(self) -> pd.DataFrame:
        if self.answers_without is None:
            return pd.DataFrame(columns=["exports", "imports", "balance"], dtype=float)
        return self.answers_without()

    @cached_property
    def _years(self) -> pd.DataFrame:
        if self.answers_in_other_years is None:
            return pd.DataFrame()
        return self.answers_in_other_years()

    @cached_property
    def _bands(self) -> dict[int, pd.DataFrame]:
        return {}

    @cached_property
    def static_value(self) -> NDArray[np.float64] | None:
        """Flows with rates and prices changed but no behaviour, US$ million."""
        return None if self.static_values is None else self.static_values()

    @cached_property
    def variables(self) -> Mapping[str, str]:
        """Name and level of every variable that this model reports."""
        return {name: b.level for b in self.blocks for name in b.variables}

    def variable(self, name: str) -> Variable:
        """Return one variable as arrays over the keys of its level.

        Raises
        ------
        ValueError
            A variable that this model does not report.
        """
        return self._block_of(name).variables[name]

    def keys(self, level: str = "flow") -> Keys:
        """Return importer, exporter and product of a level's rows."""
        return next(block.keys for block in self.blocks if block.level == level)

    def flow(self, importer: str | None, exporter: str | None) -> NDArray[np.bool_]:
        """Return which rows are the flow from an exporter to an importer."""
        return self.keys().flow(importer, exporter)

    def flows(self) -> tuple[tuple[str, str, str], ...]:
        """Return direction, importer and exporter of the pair's two flows."""
        return (
            ("exports", self.partner, self.reporter),
            ("imports", self.reporter, self.partner),
        )

    def name(self, product: str) -> str:
        """Return the display name of a product, its code where it has none."""
        return self.product_names.get(product, product)

    def sums(self, importer: str | None, exporter: str | None) -> tuple[float, float]:
        """Return the value of a flow before and after, home sales left out."""
        value, chosen = self.variable("value"), self.flow(importer, exporter)
        return (
            float(value.baseline[chosen].sum()),
            float(value.counterfactual[chosen].sum()),
        )

    def _block_of(self, name: str) -> Block:
        for block in self.blocks:
            if name in block.variables:
                return block
        raise ValueError(f"No variable {shown(name)}; {nearest(name, self.variables)}")
