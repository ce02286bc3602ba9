"""Elasticities: published values with their ranges, and the door to estimates.

``library``, ``describe`` and ``choose`` read what the literature says;
``convert`` and ``path`` move between concepts and horizons. Estimation is a room of
its own, ``toolkit.estimation``, and this one its public door: ``fit_import_demand``,
``fit_gravity`` and ``fit_elasticity_of_substitution`` estimate, ``coverage`` and
``simulate_suppliers`` try them on data whose truth is known. They are fetched when
first named; statsmodels, linearmodels and pyfixest (extra ``estimation``) when called.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from .concepts import CONCEPTS, convert, path
from .elasticity import Elasticity
from .horizon import Horizon
from .published import choose, describe, library

if TYPE_CHECKING:
    from toolkit.estimation import (
        EstimationWarning,
        IdentificationWarning,
        NoCointegrationWarning,
        SeparationWarning,
        coverage,
        fit_elasticity_of_substitution,
        fit_gravity,
        fit_import_demand,
        simulate_suppliers,
    )

__all__ = [
    "CONCEPTS",
    "Elasticity",
    "EstimationWarning",
    "Horizon",
    "IdentificationWarning",
    "NoCointegrationWarning",
    "SeparationWarning",
    "choose",
    "convert",
    "coverage",
    "describe",
    "fit_elasticity_of_substitution",
    "fit_gravity",
    "fit_import_demand",
    "library",
    "path",
    "simulate_suppliers",
]


def __getattr__(name: str) -> Any:
    """Fetch what estimates from its room."""
    if name not in __all__:
        raise AttributeError(f"module 'toolkit.elasticities' has no attribute {name!r}")
    return getattr(importlib.import_module("toolkit.estimation"), name)


def __dir__() -> list[str]:
    return sorted(__all__)
