"""What suppliers and buyers gain in CES markets: areas beside their curves."""

from __future__ import annotations

import numpy as np

from toolkit.market import Shocks
from toolkit.market.flows import Floats
from toolkit.models.parameters import Parameters
from toolkit.models.problem import CesMarkets, CesSolution


def buyers_spending(shock: Shocks, value: Floats) -> Floats:
    """Return base spending on flows, with duties and the fees and rents levers name."""
    return value * (1.0 + shock.flows.rate) * shock.barrier


def producer_surplus(
    shock: Shocks, parameters: Parameters, supply_price: Floats, quantity: Floats
) -> Floats:
    """Change of surplus over the supply curve: ``X (c dq - 1) / (1 + mu)``.

    A newcomer has none today: ``X c dq / (1 + mu)`` with its notional base value. Of a
    seller that holds its price: what it is paid less the cost along its curve,
    ``X [c dq - 1 - ((dq)^(1 + nu) - 1) / (1 + nu)]`` with ``nu = 1 / mu``.
    """
    own = supply_price / shock.iceberg / shock.barrier_part("rent_exporter")[1]
    shipped = shock.iceberg * quantity
    power = 1.0 + 1.0 / parameters.mu
    cost = (np.power(shipped, power) - 1.0) / power
    today, entry = shock.flows.value, shock["newcomer"]
    base = np.where(today > 0, today, entry)
    return np.where(
        shock["held"] > 0,
        today * (own * shipped - 1.0 - cost),
        (base * own * shipped - today) / (1.0 + parameters.mu),
    )


def consumer_surplus(
    shock: Shocks, parameters: Parameters, markets: CesMarkets, solution: CesSolution
) -> Floats:
    """Change of surplus by market: ``-A E (P^(1+eta) - 1) / (1 + eta)``.

    NaN where a purchase from zero trade is forced: what buyers would pay for it is
    not known.
    """
    flows = shock.flows
    eta = parameters.eta[..., flows.starts]
    size = shock["growth"][..., flows.starts]
    power = 1.0 + eta
    flat = np.abs(power) < 1e-12
    safe = np.where(flat, 1.0, power)
    paid = buyers_spending(shock, flows.value)
    area = np.where(flat, solution.ln_index, np.expm1(safe * solution.ln_index) / safe)
    forced = (shock["floor"] > 0) & (markets.share <= 0) & (markets.new > 0)
    unknown = flows.total(forced.astype(float)) > 0
    surplus = -size * flows.total(paid) * area
    return np.where(unknown, np.nan, surplus)
