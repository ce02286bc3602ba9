"""The baseline of a later year: what the reference path makes of today's."""

from __future__ import annotations

import dataclasses

import numpy as np

from toolkit.analysis.reference import Drivers
from toolkit.baseline import Baseline
from toolkit.market import Shocks, flows_of, shocks_of
from toolkit.market.flows import Floats
from toolkit.models.base import PartialEquilibrium
from toolkit.models.parameters import Parameters
from toolkit.scenario import Scenario

REFERENCE = Scenario("Reference")


def reference_shocks(base: Baseline, drivers: Drivers, years: int) -> list[Shocks]:
    """Return growth of demand and prices after one year, two years and so on."""
    flows = flows_of(base)
    return [
        shocks_of(base, REFERENCE, [drivers.effect(flows, passed)])
        for passed in range(1, years + 1)
    ]


def grown(
    model: object,
    base: Baseline,
    shock: Shocks,
    parameters: Parameters | None,
    label: str,
) -> Baseline:
    """Return the baseline of a year of the reference path.

    Prices are those of the drivers: supply grows with demand, so that no price rises
    because incomes do. Demand answers the drivers' prices with the elasticities
    reached; where a model has none by flow, values grow with income and price alone.

    Parameters
    ----------
    model : Model
    base : Baseline
    shock : Shocks
        Of the drivers in that year.
    parameters : Parameters, optional
        Elasticities reached in that year.
    label : str
        The year as it is called.
    """
    if not shock.touched.any():
        return dataclasses.replace(base, year=label)
    if isinstance(model, PartialEquilibrium) and parameters is not None:
        endless = np.full_like(parameters.mu, np.inf)
        given = dataclasses.replace(parameters, mu=endless)
        result = model.answer(REFERENCE, shock, given)
        value = result.variable("value").counterfactual
        quantity = result.variable("quantity").counterfactual
    else:
        quantity = shock["growth"]
        value = shock.flows.value * quantity * shock["price"]
    return _with(base, value, quantity, label)


def _with(base: Baseline, value: Floats, quantity: Floats, label: str) -> Baseline:
    frame = base.frame
    frame["value_usd_mn"] = value
    tonnes = frame["kilotonnes"].to_numpy(dtype=float)
    frame["kilotonnes"] = tonnes * np.where(np.isnan(quantity), 1.0, quantity)
    return dataclasses.replace(base, _frame=frame, year=label)
