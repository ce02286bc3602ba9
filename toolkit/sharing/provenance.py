"""Where a page's numbers come from: tables, publishers, vintages, checksums."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from toolkit import datasets
from toolkit.baseline import Baseline, load_baseline
from toolkit.result import Result

TABLES = ("flows", "rates", "products", "elasticities", "india_world")


def tables(baseline: Baseline) -> list[dict[str, str]]:
    """Return one row per data table behind a baseline.

    Returns
    -------
    list of dict
        ``name, title, publisher, vintage, licence, sha256``. A baseline of the
        user's own is one row: the digest of its frame as CSV.

    Examples
    --------
    >>> [row["name"] for row in tables(load_baseline("2024-25"))][:2]
    ['flows', 'rates']
    """
    if is_official(baseline):
        return rows_of(TABLES)
    content = baseline.frame.to_csv(index=False).encode()
    own = {
        "name": "the user's own trade frame",
        "title": f"{len(baseline.frame)} flows",
        "publisher": baseline.source_line or "not stated",
        "vintage": baseline.year or "not stated",
        "licence": "",
        "sha256": hashlib.sha256(content).hexdigest(),
    }
    return [own, _row("elasticities")]


def is_official(baseline: Baseline) -> bool:
    """Return whether the package's own data hold exactly these flows."""
    try:
        official = load_baseline(baseline.year)
    except ValueError:
        return False
    return official.frame.equals(baseline.frame)


def behind(result: Result) -> list[dict[str, str]]:
    """Return the tables behind a result, none if it is not an official baseline's."""
    try:
        official = load_baseline(result.year)
    except ValueError:
        return []
    mine = result.variable("value").baseline
    theirs = official.frame["value_usd_mn"].to_numpy()
    return tables(official) if np.array_equal(mine, theirs) else []


def elasticity_sources(used: Any) -> list[str]:
    """Return the distinct sources of the elasticities used, most used first."""
    if "source" not in getattr(used, "columns", ()):
        return []
    counts = used["source"].value_counts()
    return [str(source) for source in counts.index]


def rows_of(names: Iterable[str]) -> list[dict[str, str]]:
    """Return what the registry says about some tables, as :func:`tables` does."""
    return [_row(name) for name in names]


def _row(name: str) -> dict[str, str]:
    meta = datasets.describe(name)
    keys = ("name", "title", "publisher", "vintage", "licence", "sha256")
    return {key: str(getattr(meta, key)) for key in keys}
