"""Between what an answer lies, and on which assumptions that hangs.

The one place that the explorer and the page ask for it; where many draws of all
assumptions are at hand, their band takes this place.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pandas as pd

from toolkit.baseline import Baseline
from toolkit.display import number
from toolkit.market import flows_of
from toolkit.market.flows import Flags
from toolkit.models.parameters import library_values
from toolkit.models.ranges import RENT, WORLD, elasticity_ends
from toolkit.result import Result, figure
from toolkit.result.sure import ELASTICITIES

MOST = 3
NOTHING = 5e-4  # US$ mn
SPEEDS = "published speeds of adjustment"
HELD = "assumed: both ends are possible"


@dataclasses.dataclass(frozen=True)
class Band:
    """The range of the change of the balance, US$ mn, and what kind it is."""

    least: float
    greatest: float
    kind: str


@dataclasses.dataclass(frozen=True)
class Assumption:
    """An assumption that moves the answer.

    Attributes
    ----------
    name, said : str
        The economist's term; the same in plain words.
    low, high : float
        Change of the balance with it at either end, US$ mn.
    values, source : str
        Its value and interval for the product that moves most, and from where.
    """

    name: str
    said: str
    low: float
    high: float
    values: str
    source: str


def band_of(result: Result, draws: int = 0) -> Band:
    """Return between what the change of the balance lies.

    The band of nine draws of ten of all elasticities, from that many draws; where none
    are asked for or nothing is drawn, one assumption at a time.
    """
    drawn = result.band(draws) if draws else pd.DataFrame()
    if not drawn.empty:
        low, high = (figure(drawn, "balance", end) for end in ("low", "high"))
        return Band(low, high, "nine of ten draws of all elasticities")
    table = result.range()
    least, greatest = (figure(table, "balance", end) for end in ("least", "greatest"))
    return Band(least, greatest, "one assumption at a time at an end of its interval")


def assumptions_of(result: Result, baseline: Baseline) -> list[Assumption]:
    """Return the assumptions that move the balance most, the largest swing first."""
    table = result.assumptions(base_year=False)
    table = table[table["swing"] > NOTHING].head(MOST)
    if table.empty:
        return []
    concepts = {n: (c, chosen) for n, c, chosen in elasticity_ends(flows_of(baseline))}
    return [
        Assumption(
            str(name),
            ELASTICITIES.get(str(name), str(name)),
            low,
            high,
            *_where_from(result, baseline, str(name), concepts.get(str(name))),
        )
        for name, low, high in zip(
            table.index, table["low"], table["high"], strict=True
        )
    ]


def _where_from(
    result: Result, baseline: Baseline, name: str, concept: tuple[str, Flags] | None
) -> tuple[str, str]:
    """Return values and source of an assumption, for the product that moves most."""
    if concept is None:
        return "", HELD if name in (RENT, WORLD) else SPEEDS
    field, chosen = concept
    line = _most_moved(result, chosen)
    return _values(field, line, baseline), _source(result, field, line)


def _most_moved(result: Result, chosen: Flags) -> int:
    """Return the line of the pair's trade, or of any, that changes most."""
    mine = np.zeros(len(chosen), dtype=bool)
    for _, importer, exporter in result.flows():
        mine |= result.flow(importer, exporter)
    among = mine & chosen if (mine & chosen).any() else chosen
    change = np.where(among, np.abs(result.variable("value").change), -1.0)
    return int(np.argmax(change))


def _source(result: Result, field: str, line: int) -> str:
    used = result.elasticities
    size = len(result.keys().product)
    rows = used.iloc[[line + n * size for n in range(len(used) // size)]]
    return str(rows.loc[rows["concept"] == field, "source"].iloc[0])


def _values(field: str, line: int, baseline: Baseline) -> str:
    flows = flows_of(baseline)
    low, central, high = (
        _said(float(library_values(flows, field, case)[line]))
        for case in ("low", "central", "high")
    )
    product = baseline.label(str(flows.product[line])) or "all goods"
    return f"{product}: {central} ({low} to {high})"


def _said(value: float) -> str:
    return "infinite" if np.isinf(value) else number(value, 1)
