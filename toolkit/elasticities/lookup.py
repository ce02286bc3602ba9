"""The default elasticity of an importer and a product: one rule for every reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

import numpy as np
import pandas as pd

from toolkit import datasets
from toolkit.schema import shown

from .elasticity import read_only

__all__ = [
    "default_rows",
    "default_spread",
    "default_values",
    "own_first",
    "prefixes",
]

ALL = ""  # importer or exporter of a row that holds for all of them
SAME_GOOD = "homogeneous_substitution"


def prefixes(product: str) -> tuple[str, ...]:
    """Return a code as it is, the shorter codes that contain it, and all goods.

    Examples
    --------
    >>> prefixes("2710x")
    ('2710x', '2710', '27', '')
    """
    digits = "".join(takewhile(str.isdigit, product))
    shorter = [digits[:n] for n in range(len(digits), 0, -2)]
    return tuple(dict.fromkeys([product, *shorter, ""]))


def default_rows(concept: str) -> pd.DataFrame:
    """Return the rows of the default table on one concept."""
    table = datasets.load("elasticities")
    return table[table["concept"] == concept]


def own_first(rows: pd.DataFrame, importer: str) -> pd.DataFrame:
    """Return one row per product: the importer's own before that for all.

    Parameters
    ----------
    rows : pandas.DataFrame
        Rows of one concept, with ``importer`` and ``product``.
    importer : str
        ISO alpha-3; ``""`` for the rows that hold for all.

    Returns
    -------
    pandas.DataFrame
        Indexed and sorted by product; rows that hold for one exporter are left out.
    """
    if "exporter" in rows:
        rows = rows[rows["exporter"] == ALL]
    there = rows[rows["importer"].isin([importer, ALL])]
    own = there.sort_values("importer", ascending=False, kind="stable")
    return own.drop_duplicates("product").set_index("product").sort_index()


def default_values(
    concept: str,
    importer: Iterable[str],
    product: Iterable[str],
    case: str,
    *,
    exporter: Iterable[str] | None = None,
    homogeneous: Iterable[bool] | None = None,
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the elasticities a model takes when none are given.

    The narrowest code with a row decides; at one code the exporter's own row comes
    first, then the importer's own, then that for all.

    Parameters
    ----------
    concept : {"substitution", "import_demand", "export_supply"}
    importer, product : sequence of str, length L
        ISO alpha-3 codes and HS codes, flow by flow.
    case : {"low", "central", "high"}
        The value, or an end of its interval (its 5th and 95th percentile), by size:
        low is the weaker response.
    exporter : sequence of str, length L, optional
        Whose supply it is; without it, that of any supplier.
    homogeneous : sequence of bool, length L, optional
        Goods bought from whoever delivers them cheapest: their substitution is that of
        near-perfect substitutes. Default none.

    Returns
    -------
    tuple
        Values (L), read-only, and the source of each.

    Raises
    ------
    ValueError
        If the table has nothing on a product; the first is named.

    Examples
    --------
    >>> sigma, source = default_values("substitution", ["IND"], ["310210"], "central")
    >>> float(sigma[0])
    2.3868
    """
    rows = _found(concept, importer, product, exporter, homogeneous)
    ends = {row: _end(row.low, row.value, row.high, case) for row in set(rows)}
    values = read_only([ends[row] for row in rows])
    return values, tuple(row.source for row in rows)


def default_spread(
    concept: str,
    importer: Iterable[str],
    product: Iterable[str],
    *,
    exporter: Iterable[str] | None = None,
    homogeneous: Iterable[bool] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    r"""Return the distribution of each default: ln|value| is normal.

    Rows are found as by :func:`default_values`. The sign of a draw is that of the
    concept: :math:`-e^{c + s z}` for import demand, :math:`e^{c + s z}` for the rest.

    Parameters
    ----------
    concept : {"substitution", "import_demand", "export_supply"}
    importer, product, exporter, homogeneous : iterable, length L
        As in :func:`default_values`.

    Returns
    -------
    tuple of numpy.ndarray
        Centres and standard deviations of ln|value| (L each), read-only. Where the
        value is infinite (a small importer) the centre is infinite and the spread NaN:
        no distribution has been given, so nothing is to be drawn.

    Raises
    ------
    ValueError
        If the table has nothing on a product; the first is named.

    Examples
    --------
    >>> centre, spread = default_spread("substitution", ["IND"], ["2709"])
    >>> np.exp(centre + 1.645 * spread * [-1, 0, 1]).round(1).tolist()
    [1.7, 3.2, 6.0]
    """
    rows = _found(concept, importer, product, exporter, homogeneous)
    centre = read_only([row.ln_centre for row in rows])
    return centre, read_only([row.ln_spread for row in rows])


class _Row(NamedTuple):
    """What a model may ask of one default."""

    value: float
    low: float
    high: float
    ln_centre: float
    ln_spread: float
    source: str


def _found(
    concept: str,
    importer: Iterable[str],
    product: Iterable[str],
    exporter: Iterable[str] | None,
    homogeneous: Iterable[bool] | None,
) -> list[_Row]:
    """Return the default of each flow."""
    buyers, codes = list(map(str, importer)), list(map(str, product))
    sellers = [ALL] * len(codes) if exporter is None else list(map(str, exporter))
    same = [False] * len(codes) if homogeneous is None else list(map(bool, homogeneous))
    concepts = [
        SAME_GOOD if flag and concept == "substitution" else concept for flag in same
    ]
    own = {name: _with_own_rows(name) for name in set(concepts)}
    sellers = [
        seller if seller in own[name] else ALL
        for name, seller in zip(concepts, sellers, strict=True)
    ]
    keys = list(zip(concepts, buyers, codes, sellers, strict=True))
    found = {key: _find(*key) for key in dict.fromkeys(keys)}
    return [found[key] for key in keys]


@lru_cache
def _with_own_rows(concept: str) -> frozenset[str]:
    """Return the exporters that have rows of their own; all others share a row."""
    return frozenset(map(str, default_rows(concept)["exporter"]))


@lru_cache(maxsize=100_000)
def _find(concept: str, importer: str, product: str, exporter: str) -> _Row:
    tables = [_tables(concept, seller) for seller in dict.fromkeys((exporter, ALL))]
    known = [owners.get(importer, owners[ALL]) for owners in tables]
    for code in prefixes(product):
        for table in known:
            if code in table:
                return table[code]
    raise ValueError(
        f"The library has no {concept}_elasticity for product {shown(product)}: "
        "pass one to the model."
    )


@lru_cache(maxsize=256)
def _tables(concept: str, exporter: str) -> Mapping[str, Mapping[str, _Row]]:
    """Return importer -> product -> row, ``""`` for all importers."""
    rows = default_rows(concept)
    rows = rows[rows["exporter"] == exporter].drop(columns="exporter")
    return {
        owner: {
            str(row.Index): _Row(*row[1:])
            for row in own_first(rows, owner)[list(_Row._fields)].itertuples()
        }
        for owner in {ALL, *map(str, rows["importer"])}
    }


def _end(low: float, value: float, high: float, case: str) -> float:
    ends = [end for end in (low, high) if pd.notna(end)]
    if case == "central" or not ends:
        return value
    return min(ends, key=abs) if case == "low" else max(ends, key=abs)
