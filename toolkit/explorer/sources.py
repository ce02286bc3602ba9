"""Where the substitution elasticities come from: the explorer's choice."""

from __future__ import annotations

import pandas as pd

from toolkit.baseline import Baseline
from toolkit.elasticities import choose, convert

DEFAULT = "library default by product"
# Shown name -> key of the library, concept, horizon.
SOURCES: dict[str, tuple[str, str, str]] = {
    DEFAULT: ("default", "substitution", "long"),
    "Broda and Weinstein 2006": ("broda_weinstein", "substitution", "long"),
    "Bajzik et al. 2020, one for all": ("bajzik", "substitution", "long"),
    "impex-machina median": ("impex", "substitution", "long"),
    "ProTEE by chapter": ("protee", "tariff_elasticity", "long"),
    "Boehm et al. 2023, long run": ("boehm", "tariff_elasticity", "long"),
    "Boehm et al. 2023, one year": ("boehm", "tariff_elasticity", "short"),
}


def substitution_from(name: str, baseline: Baseline) -> pd.Series | None:
    """Return substitution elasticities of a source for both importers.

    Tariff elasticities are turned into substitution elasticities; what a source
    lacks or marks as unusable is left to the library's default.

    Parameters
    ----------
    name : str
        One of ``SOURCES``.
    baseline : Baseline

    Returns
    -------
    Series or None
        Indexed by importer and product; None is the library default.
    """
    if name == DEFAULT:
        return None
    key, concept, horizon = SOURCES[name]
    pieces = {}
    for importer in (baseline.reporter, baseline.partner):
        values = choose(concept=concept, source=key, horizon=horizon, importer=importer)
        if concept != "substitution":
            values = convert(values, concept, "substitution")
        pieces[importer] = values
    return pd.concat(pieces, names=["importer"])


def as_code(name: str) -> str:
    """Return the Python that gives the same Series, for the code on screen."""
    key, concept, horizon = SOURCES[name]
    call = f"tk.elasticities.choose(concept={concept!r}, source={key!r}, "
    call += f"horizon={horizon!r}, importer=who)"
    if concept != "substitution":
        call = f"tk.elasticities.convert({call}, {concept!r}, 'substitution')"
    return (
        f"sigma = pd.concat({{who: {call} for who in ('IND', 'RUS')}}, "
        "names=['importer'])"
    )
