"""The parts of a result: a variable, an identity, a summary."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from toolkit.schema import KEYS, RESULT_COLUMNS, VARIABLES, nearest, shown
from toolkit.tables import table

Made = TypeVar("Made")


@dataclasses.dataclass(frozen=True, eq=False)
class Keys:
    """Importer, exporter and product of each row, as arrays of text.

    The exporter is empty where a variable belongs to a whole market.
    """

    importer: NDArray[np.str_]
    exporter: NDArray[np.str_]
    product: NDArray[np.str_]

    @property
    def frame(self) -> pd.DataFrame:
        """The keys as a new frame."""
        return pd.DataFrame({name: getattr(self, name) for name in KEYS})

    def flow(self, importer: str | None, exporter: str | None) -> NDArray[np.bool_]:
        """Return which rows are a flow between two countries (None is any)."""
        pair = (importer, exporter)
        if pair not in self._flows:
            self._flows[pair] = self._flow(importer, exporter)
        return self._flows[pair]

    def _flow(self, importer: str | None, exporter: str | None) -> NDArray[np.bool_]:
        found = self.importer != self.exporter
        if importer is not None:
            found = found & (self.importer == importer)
        if exporter is not None:
            found = found & (self.exporter == exporter)
        found.setflags(write=False)
        return found

    @cached_property
    def _flows(self) -> dict[tuple[str | None, str | None], NDArray[np.bool_]]:
        return {}


@dataclasses.dataclass(frozen=True, eq=False)
class Variable:
    """One variable, baseline and counterfactual, with its unit."""

    unit: str
    baseline: NDArray[np.float64]
    counterfactual: NDArray[np.float64]

    def __post_init__(self) -> None:
        for values in (self.baseline, self.counterfactual):
            values.setflags(write=False)

    @property
    def change(self) -> NDArray[np.float64]:
        """Counterfactual minus baseline."""
        return self.counterfactual - self.baseline


class Lazy(Mapping[str, Made]):
    """Named values, each made when it is first asked for.

    Parameters
    ----------
    names : tuple of str
    make : callable
        Name -> value.
    """

    def __init__(self, names: tuple[str, ...], make: Callable[[str], Made]) -> None:
        self._names, self._make = names, make
        self._made: dict[str, Made] = {}

    def __getitem__(self, name: str) -> Made:
        if name not in self._made:
            if name not in self._names:
                raise KeyError(name)
            self._made[name] = self._make(name)
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


Pair = tuple[NDArray[np.float64], NDArray[np.float64]]
LazyPairs = Lazy[Pair]


@dataclasses.dataclass(frozen=True, eq=False)
class Block:
    """Variables of one level: of flows, markets, exporters or countries.

    Attributes
    ----------
    level : {"flow", "market", "exporter", "country"}
    keys : Keys
        A market leaves the exporter empty, an exporter the importer, a country
        exporter and product.
    variables : mapping of name to Variable
    """

    level: str
    keys: Keys
    variables: Mapping[str, Variable]

    @classmethod
    def of(
        cls,
        level: str,
        keys: Keys,
        pairs: Mapping[str, Pair],
    ) -> Block:
        """Return a block of (baseline, counterfactual) pairs, units from the table.

        Variables are made when asked for; the pairs may be lazy.

        Raises
        ------
        ValueError
            A variable that :data:`toolkit.schema.VARIABLES` lacks at this level.
        """
        known = _known(level)
        for name in pairs:
            if name not in known:
                raise ValueError(
                    f"No {level} variable {shown(name)}; {nearest(name, known)}"
                )

        def made(name: str) -> Variable:
            return Variable(VARIABLES[name].unit, *pairs[name])

        return cls(level, keys, Lazy(tuple(pairs), made))


@lru_cache(maxsize=8)
def _known(level: str) -> frozenset[str]:
    return frozenset(name for name, kind in VARIABLES.items() if kind.at(level))


@dataclasses.dataclass(frozen=True)
class Identity:
    """An accounting or equilibrium identity and how far the result is from it."""

    name: str
    residual: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the residual is within the tolerance."""
        return bool(self.residual <= self.tolerance)


@dataclasses.dataclass(frozen=True)
class Solver:
    """How a result was solved. One that has not converged is never returned.

    Attributes
    ----------
    iterations : int
        Steps evaluated; 0 for a closed form.
    residual : float
        The largest relative residual of any market.
    tolerance : float
        What was demanded of it.
    seconds : float
        From levers to a result, by the clock.
    """

    iterations: int
    residual: float
    tolerance: float
    seconds: float = dataclasses.field(default=0.0, repr=False, compare=False)

    @property
    def converged(self) -> bool:
        """Whether the residual is within the tolerance."""
        return bool(self.residual <= self.tolerance)

    @property
    def sentence(self) -> str:
        """One line for the foot of a result."""
        word = "converged" if self.converged else "did not converge"
        return f"Solver: {word}, every market clears to {self.tolerance:.0e}"


@dataclasses.dataclass(frozen=True, eq=False)
class Summary:
    """A table and the same in words."""

    table: pd.DataFrame
    text: str
    titles: Mapping[str, str] = dataclasses.field(default_factory=dict)

    def __repr__(self) -> str:
        return f"{self.text}\n\n{self.table.round(2)}"

    def _repr_html_(self) -> str:
        rows = self.table.assign(
            flow=[self.titles.get(str(name), str(name)) for name in self.table.index],
            percent=self.table["percent"] / 100.0,
        )
        heads = {
            "flow": "flow",
            "baseline": "before, US$ bn",
            "counterfactual": "after, US$ bn",
            "change": "change, US$ bn",
            "percent": "change, %",
        }
        return table(rows.reset_index(drop=True), heads)._repr_html_()


def long_frame(block: Block, scenario: str, model: str) -> pd.DataFrame:
    """Return a block as one long frame, rows without any value left out."""
    frame = block.keys.frame
    pieces = [
        frame.assign(
            variable=name,
            unit=variable.unit,
            baseline=variable.baseline,
            counterfactual=variable.counterfactual,
            change=variable.change,
        )
        for name, variable in block.variables.items()
    ]
    out = pd.concat(pieces, ignore_index=True)
    out = out.assign(scenario=scenario, model=model)
    known = out["baseline"].notna() | out["counterfactual"].notna()
    return out.loc[known, RESULT_COLUMNS].reset_index(drop=True)


def balance_table(
    exports: tuple[float, float], imports: tuple[float, float]
) -> pd.DataFrame:
    """Return exports, imports and balance, before, after and the change.

    Examples
    --------
    >>> balance_table((5.0, 6.0), (65.0, 64.0)).loc["balance", "change"]
    np.float64(2.0)
    """
    table = pd.DataFrame(
        {
            "baseline": [exports[0], imports[0], exports[0] - imports[0]],
            "counterfactual": [exports[1], imports[1], exports[1] - imports[1]],
        },
        index=pd.Index(["exports", "imports", "balance"], name="US$ mn"),
    )
    table["change"] = table["counterfactual"] - table["baseline"]
    return table


def figure(table: pd.DataFrame, row: str, column: str) -> float:
    """Return one number of a table as a float.

    Examples
    --------
    >>> figure(balance_table((5.0, 6.0), (65.0, 64.0)), "exports", "change")
    1.0
    """
    return float(table[column].to_numpy()[table.index.get_loc(row)])


def as_text(table: pd.DataFrame) -> str:
    """Return a table of numbers with one decimal and thousands separators."""
    return table.map(lambda number: f"{number:,.1f}").to_string()
