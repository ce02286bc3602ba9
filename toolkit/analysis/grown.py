"""The baseline of a later year: what the reference path makes of today's."""

from __future__ import annotations

import dataclasses

from toolkit.analysis.reference import Drivers
from toolkit.baseline import Baseline
from toolkit.market import Shocks, flows_of, shocks_of
from toolkit.market.flows import Floats
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
    base: Baseline, shock: Shocks, parameters: Parameters | None, label: str
) -> Baseline:
    """Return the baseline of a year of the reference path.

    Prices are those of the drivers, the same for all suppliers of a good: supply grows
    with demand, so that no price rises because incomes do, and shares stay. Demand
    answers the drivers' prices with the elasticity reached; where a model has none by
    flow it does not answer.

    Parameters
    ----------
    base : Baseline
    shock : Shocks
        Of the drivers in that year.
    parameters : Parameters, optional
        Elasticities reached in that year.
    label : str
        The year as it is called.
    """
    price, quantity = shock["price"], shock["growth"]
    if parameters is not None:
        quantity = quantity * price**parameters.eta
    return _with(base, shock.flows.value * quantity * price, quantity, label)


def _with(base: Baseline, value: Floats, quantity: Floats, label: str) -> Baseline:
    frame = base.frame
    frame["value_usd_mn"] = value
    tonnes = frame["kilotonnes"].to_numpy(dtype=float)
    frame["kilotonnes"] = tonnes * quantity
    return dataclasses.replace(base, _frame=frame, year=label, _others={})
