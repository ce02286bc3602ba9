"""Some draws at a time: shocks and elasticities cut to one axis of draws."""

from __future__ import annotations

import dataclasses

import numpy as np

from toolkit.market import Shocks
from toolkit.market.flows import Floats, Integers
from toolkit.models.parameters import Parameters


def some(shock: Shocks, lead: tuple[int, ...], rows: Integers) -> Shocks:
    """Return some draws of the shocks."""
    channels = _rows(shock.channels, lead, rows, 2)
    return dataclasses.replace(shock, channels=channels)


def some_of(
    parameters: Parameters, lead: tuple[int, ...], rows: Integers
) -> Parameters:
    """Return some draws of the elasticities."""
    values = {
        name: _rows(getattr(parameters, name), lead, rows, 1)
        for name in ("sigma", "eta", "mu")
    }
    return dataclasses.replace(parameters, **values)


def _rows(values: Floats, lead: tuple[int, ...], rows: Integers, last: int) -> Floats:
    """Return some draws of an array, one axis for draws before its last axes."""
    if values.ndim == last:
        return values[None]
    wide = np.broadcast_to(values, (*lead, *values.shape[-last:]))
    return wide.reshape(-1, *values.shape[-last:])[rows]
