"""Elasticities of one's own: import demand, gravity, substitution between suppliers.

The public door is ``toolkit.elasticities``, which hands out every name below.
statsmodels, linearmodels and pyfixest (extra ``estimation``) are imported when an
estimator is called.
"""

from .caveats import (
    EstimationWarning,
    IdentificationWarning,
    NoCointegrationWarning,
    SeparationWarning,
)
from .gravity import fit_gravity
from .import_demand import fit_import_demand
from .montecarlo import coverage, simulate_suppliers
from .substitution import fit_elasticity_of_substitution

__all__ = [
    "EstimationWarning",
    "IdentificationWarning",
    "NoCointegrationWarning",
    "SeparationWarning",
    "coverage",
    "fit_elasticity_of_substitution",
    "fit_gravity",
    "fit_import_demand",
    "simulate_suppliers",
]
