"""Models: frozen dataclasses of elasticities with one verb, ``solve``."""

from __future__ import annotations

from collections.abc import Mapping

from toolkit.models.armington import Armington
from toolkit.models.base import Model
from toolkit.models.ces import NotConverged
from toolkit.models.equilibrium import GeneralEquilibrium
from toolkit.models.gsim import Gsim
from toolkit.models.input_output import InputOutput
from toolkit.models.partial import PartialEquilibrium
from toolkit.models.smart import Smart

MODELS: Mapping[str, type[PartialEquilibrium | Gsim | GeneralEquilibrium]] = {
    "armington": Armington,
    "smart": Smart,
    "gsim": Gsim,
    "equilibrium": GeneralEquilibrium,
}

__all__ = [
    "MODELS",
    "Armington",
    "GeneralEquilibrium",
    "Gsim",
    "InputOutput",
    "Model",
    "NotConverged",
    "Smart",
]
