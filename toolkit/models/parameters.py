"""Elasticities by line: the user's numbers first, the library's for the rest."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from functools import lru_cache
from itertools import takewhile
from typing import Any

import numpy as np
import pandas as pd

from toolkit.market import Lines, lines_of
from toolkit.market.lines import Floats
from toolkit.schema import nearest

CASES = ("low", "central", "high")
CONCEPTS = {
    "substitution_elasticity": "substitution",
    "import_demand_elasticity": "import_demand",
    "export_supply_elasticity": "export_supply",
}
ALLOWED = {
    "substitution_elasticity": "above 0",
    "import_demand_elasticity": "0 or below",
    "export_supply_elasticity": "above 0, infinity allowed",
}


@dataclasses.dataclass(frozen=True, eq=False)
class Parameters:
    """Elasticities of every line and where they come from.

    Attributes
    ----------
    sigma, eta, mu : ndarray, shape (L,)
    used : DataFrame
        One row per importer, product and concept: value and source.
    """

    sigma: Floats
    eta: Floats
    mu: Floats
    used: pd.DataFrame


def resolve(model: Any, baseline: Any) -> Parameters:
    """Return the elasticities a model uses on a baseline.

    Parameters
    ----------
    model : object
        With the three elasticity fields and ``case``.
    baseline : Baseline

    Raises
    ------
    ValueError
        A value of the wrong sign, or a Series without known index names.
    """
    nothing_given = all(getattr(model, field) is None for field in CONCEPTS)
    return _kept(_NothingGiven(model.case) if nothing_given else model, baseline)


def keep_given(model: Any) -> None:
    """Check a new model's case and give it its own copy of every Series."""
    check_case(model.case)
    for field in CONCEPTS:
        given = getattr(model, field)
        if isinstance(given, pd.Series):
            object.__setattr__(model, field, given.copy())


@dataclasses.dataclass(frozen=True)
class _NothingGiven:
    case: str
    substitution_elasticity: None = None
    import_demand_elasticity: None = None
    export_supply_elasticity: None = None


@lru_cache(maxsize=32)
def _kept(model: Any, baseline: Any) -> Parameters:
    return _mixed(model, baseline)


def _mixed(model: Any, baseline: Any) -> Parameters:
    lines = lines_of(baseline)
    values, tables = {}, []
    for field in CONCEPTS:
        given = getattr(model, field)
        if given is None:
            value, source = _defaults(baseline, field, model.case)
        else:
            value, source = _given(given, field, lines, baseline, model.case)
        _check_sign(value, field, lines)
        if field != "export_supply_elasticity":
            _check_one_per_market(value, field, lines)
        values[field] = value
        tables.append((field, value, source))
    return Parameters(
        values["substitution_elasticity"],
        values["import_demand_elasticity"],
        values["export_supply_elasticity"],
        _used(lines, tables),
    )


def check_case(case: str) -> None:
    """Raise unless the case is low, central or high."""
    if case not in CASES:
        raise ValueError(f"case {case!r} is unknown; {nearest(case, CASES)}")


@lru_cache(maxsize=32)
def _defaults(baseline: Any, field: str, case: str) -> tuple[Floats, tuple[str, ...]]:
    from toolkit.baseline import elasticity_table

    lines = lines_of(baseline)
    table = elasticity_table(baseline, CONCEPTS[field], case)
    found = [
        _look_up(table, str(importer), str(product), field)
        for importer, product in zip(lines.importer, lines.product, strict=True)
    ]
    values = np.array([value for value, _ in found])
    values.setflags(write=False)
    return values, tuple(source for _, source in found)


def _look_up(
    table: Mapping[tuple[str, str], tuple[float, str]],
    importer: str,
    product: str,
    field: str,
) -> tuple[float, str]:
    for code in _prefixes(product):
        for country in (importer, ""):
            if (country, code) in table:
                return table[country, code]
    raise ValueError(
        f"The library has no {field} for product {product!r}: pass one to the model."
    )


def _prefixes(product: str) -> list[str]:
    digits = "".join(takewhile(str.isdigit, product))
    shorter = [digits[:n] for n in range(len(digits), 0, -2)]
    return list(dict.fromkeys([product, *shorter, ""]))


def _given(
    given: Any, field: str, lines: Lines, baseline: Any, case: str
) -> tuple[Floats, tuple[str, ...]]:
    if not isinstance(given, pd.Series):
        try:
            number = float(given)
        except (TypeError, ValueError) as error:
            raise ValueError(
                f"{field} is a number or a Series, not {given!r}."
            ) from error
        return np.full(len(lines), number), ("given by the user",) * len(lines)
    values = _from_series(given, field, lines)
    missing = np.isnan(values)
    sources = ["given by the user"] * len(lines)
    if missing.any():
        defaults, named = _defaults(baseline, field, case)
        values = np.where(missing, defaults, values)
        for line in np.flatnonzero(missing):
            sources[line] = named[line]
    return values, tuple(sources)


def _from_series(series: pd.Series, field: str, lines: Lines) -> Floats:
    keys = ("importer", "exporter", "product")
    names = [name or "product" for name in series.index.names]
    if any(name not in keys for name in names):
        raise ValueError(
            f"{field} is indexed by {series.index.names}; allowed are importer, "
            "exporter, product."
        )
    entries = {
        (key if isinstance(key, tuple) else (key,)): float(value)
        for key, value in series.items()
    }
    columns = {name: getattr(lines, name) for name in keys}
    out = np.full(len(lines), np.nan)
    for line in range(len(lines)):
        key = {name: str(columns[name][line]) for name in keys}
        for code in _prefixes(key["product"]):
            wanted = tuple({**key, "product": code}[str(name)] for name in names)
            if wanted in entries:
                out[line] = entries[wanted]
                break
    if np.isnan(out).all():
        raise ValueError(
            f"{field}: no entry of the Series fits a flow of the baseline; its first "
            f"index entry is {series.index[0]!r}."
        )
    return out


def _check_sign(values: Floats, field: str, lines: Lines) -> None:
    if field == "import_demand_elasticity":
        wrong = ~(values <= 0) | ~np.isfinite(values)
    elif field == "export_supply_elasticity":
        wrong = ~(values > 0)
    else:
        wrong = ~(values > 0) | ~np.isfinite(values)
    if wrong.any():
        line = int(np.argmax(wrong))
        raise ValueError(
            f"{field} must be {ALLOWED[field]}; it is {values[line]:g} for "
            f"{lines.importer[line]}, product {str(lines.product[line])!r}."
        )


def _check_one_per_market(values: Floats, field: str, lines: Lines) -> None:
    wrong = values != lines.spread(values[lines.starts])
    if wrong.any():
        line = int(np.argmax(wrong))
        raise ValueError(
            f"{field} is one number per importer and product; in the market of "
            f"{lines.importer[line]}, product {str(lines.product[line])!r}, it differs "
            "by exporter."
        )


def _used(
    lines: Lines, tables: list[tuple[str, Floats, tuple[str, ...]]]
) -> pd.DataFrame:
    pieces = [
        pd.DataFrame(
            {
                "concept": field,
                "importer": lines.importer,
                "exporter": lines.exporter,
                "product": lines.product,
                "value": values,
                "source": source,
            }
        )
        for field, values, source in tables
    ]
    return pd.concat(pieces, ignore_index=True)
