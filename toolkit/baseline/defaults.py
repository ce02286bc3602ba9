"""The elasticities a baseline brings along: one number by importer and product."""

from __future__ import annotations

from typing import Any

import pandas as pd

from toolkit.baseline.flows import Baseline


def elasticity_table(
    baseline: Baseline, concept: str, case: str
) -> dict[tuple[str, str], tuple[float, str]]:
    """Return default elasticities as ``(importer, product) -> (value, source)``.

    Parameters
    ----------
    baseline : Baseline
    concept : {"substitution", "import_demand", "export_supply"}
    case : {"low", "central", "high"}
        Which end of each value's interval, by size: low is the weaker response.
    """
    rows = baseline.elasticities
    if rows.empty:
        return {}
    rows = rows[rows["concept"] == concept]
    out: dict[tuple[str, str], tuple[float, str]] = {}
    for row in rows.to_dict("records"):
        key = (_text(row["importer"]), _text(row["product"]))
        ends = (row["low"], row["value"], row["high"])
        out[key] = (_chosen(*ends, case), _text(row["source"]))
    return out


def _chosen(low: float, value: float, high: float, case: str) -> float:
    ends = [end for end in (low, high) if pd.notna(end)]
    if case == "central" or not ends:
        return float(value)
    weakest_first = sorted(ends, key=abs)
    return float(weakest_first[0] if case == "low" else weakest_first[-1])


def _text(value: Any) -> str:
    return "" if pd.isna(value) else str(value)
