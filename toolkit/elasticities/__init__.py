"""Elasticities: published values with their doubts, and estimates of your own.

``library``, ``describe`` and ``choose`` read what the literature says;
``convert`` and ``path`` move between concepts and horizons; ``fit_import_demand``,
``fit_gravity`` and ``fit_elasticity_of_substitution`` estimate; ``coverage`` and
``simulate_suppliers`` try them on data whose truth is known. The estimators import
statsmodels, linearmodels and pyfixest (extra ``estimation``) when called.
"""

from __future__ import annotations

from .convert import CONCEPTS, convert, path
from .doubts import (
    EstimationWarning,
    IdentificationWarning,
    NoCointegrationWarning,
    SeparationWarning,
)
from .elasticity import Elasticity
from .gravity import fit_gravity
from .import_demand import fit_import_demand
from .library import choose, describe, library
from .recovery import coverage, simulate_suppliers
from .substitution import fit_elasticity_of_substitution

__all__ = [
    "CONCEPTS",
    "Elasticity",
    "EstimationWarning",
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
