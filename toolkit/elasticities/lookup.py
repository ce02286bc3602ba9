"""The default elasticity of an importer and a product: one rule for every reader."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import takewhile

import numpy as np
import pandas as pd

from toolkit import datasets

from .elasticity import read_only

__all__ = ["default_rows", "default_values", "own_first", "prefixes"]

ALL = ""  # importer of a row that holds for all of them


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
        Indexed and sorted by product.
    """
    there = rows[rows["importer"].isin([importer, ALL])]
    own = there.sort_values("importer", ascending=False, kind="stable")
    return own.drop_duplicates("product").set_index("product").sort_index()


def default_values(
    concept: str, importer: Iterable[str], product: Iterable[str], case: str
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the elasticities a model takes when none are given.

    The narrowest code with a row decides; at one code the importer's own row comes
    before that for all importers.

    Parameters
    ----------
    concept : {"substitution", "import_demand", "export_supply"}
    importer, product : sequence of str, length L
        ISO alpha-3 codes and HS codes, flow by flow.
    case : {"low", "central", "high"}
        The value, or an end of its interval, by size: low is the weaker response.

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
    2.2597
    """
    pairs = list(zip(map(str, importer), map(str, product), strict=True))
    found = {pair: _find(concept, *pair, case) for pair in dict.fromkeys(pairs)}
    values = read_only([found[pair][0] for pair in pairs])
    return values, tuple(found[pair][1] for pair in pairs)


def _find(concept: str, importer: str, product: str, case: str) -> tuple[float, str]:
    owners = _tables(concept, case)
    table = owners.get(importer, owners[ALL])
    for code in prefixes(product):
        if code in table:
            return table[code]
    raise ValueError(
        f"The library has no {concept}_elasticity for product {product!r}: "
        "pass one to the model."
    )


@lru_cache(maxsize=16)
def _tables(concept: str, case: str) -> Mapping[str, Mapping[str, tuple[float, str]]]:
    """Return importer -> product -> (value, source), ``""`` for all importers."""
    rows = default_rows(concept)
    ends = zip(rows["low"], rows["value"], rows["high"], strict=True)
    rows = rows.assign(value=[_end(*three, case) for three in ends])
    tables = {}
    for owner in {ALL, *rows["importer"]}:
        own = own_first(rows, owner)
        tables[owner] = {
            code: (value, source)
            for code, value, source in own[["value", "source"]].itertuples()
        }
    return tables


def _end(low: float, value: float, high: float, case: str) -> float:
    ends = [end for end in (low, high) if pd.notna(end)]
    if case == "central" or not ends:
        return value
    return min(ends, key=abs) if case == "low" else max(ends, key=abs)
