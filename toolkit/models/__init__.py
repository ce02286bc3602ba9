"""Models: frozen dataclasses of elasticities with one verb, ``solve``."""

from __future__ import annotations

from toolkit.models.armington import Armington
from toolkit.models.ces import NotConverged
from toolkit.models.smart import Smart

__all__ = ["Armington", "NotConverged", "Smart"]
