"""SMART: trade creation and diversion of a tariff change, one product at a time."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from toolkit.market import Flows, Shocks
from toolkit.market.channels import DUTIES
from toolkit.market.flows import Floats
from toolkit.models.accounts import Outcome, Residual
from toolkit.models.parameters import Parameters
from toolkit.models.partial import PartialEquilibrium

NOTHING = 1e-12  # of a market


@dataclasses.dataclass(frozen=True, eq=False)
class Smart(PartialEquilibrium):
    """Trade creation, diversion and price effect of tariff changes (WITS-SMART).

    With ``g_i = (t'_i - t_i) / (1 + t_i)``: creation ``X_i eta g_i / (1 -
    eta/mu)``; diversion between the sources whose duty changes and the rest at a
    constant total, in its exact bounded form; price effect ``(TC + TD) / mu``.

    Parameters
    ----------
    substitution_elasticity, import_demand_elasticity, export_supply_elasticity
        As in :class:`toolkit.Armington`. WITS uses 1.5 for substitution and
        infinite supply.
    case : {"central", "low", "high"}

    Raises
    ------
    ValueError
        A lever other than a duty (named; nothing is ignored), or a duty rise so
        large that the linear model would make a flow negative.

    Notes
    -----
    Sources: Laird and Yeats (1986, UNCTAD DP 19, Annex I); Jammes and Olarreaga
    (2005). Assumptions: one importer, one product, no domestic variety, world
    price fixed when supply is infinite. Where several sources gain, diversion is
    allocated in proportion to ``X_i |g_i|``, the loss in proportion to ``X_k``: a
    choice of ours. Welfare is the triangle ``(t + t')/2 * TC``.

    Not for a bilateral balance: the own response is too large and third countries
    lose too much (it is not linearised Armington; totals agree in the limit, the
    split never does). Not for large shocks, quantities, barriers or new trade.

    Examples
    --------
    >>> import pandas as pd
    >>> from toolkit.baseline import Baseline
    >>> from toolkit.levers import TariffCut
    >>> from toolkit.scenario import Scenario
    >>> frame = pd.DataFrame({"importer": "IND", "exporter": ["RUS", "ROW"],
    ...     "product": "", "value_usd_mn": [100.0, 300.0], "applied_rate": 0.2})
    >>> base = Baseline.from_frame(frame)
    >>> cut = TariffCut(importer="IND", exporter="RUS", to=0.0)
    >>> model = Smart(1.5, -1.0, float("inf"))
    >>> change = model.solve(base, Scenario("cut", [cut])).balance()["change"]
    >>> round(float(change["imports"]), 9)
    34.31372549
    """

    name: ClassVar[str] = "SMART"
    assumes: ClassVar[str] = (
        "each market apart; creation on the own good plus diversion, linear; no incomes"
    )
    use: ClassVar[str] = "a quick screen of many lines; totals, no bilateral balance"
    carries: ClassVar[frozenset[str]] = DUTIES
    otherwise: ClassVar[str] = ": it knows duties only. Use Armington."

    def outcome(self, shock: Shocks, parameters: Parameters) -> Outcome:
        """Return the counterfactual of given shocks as arrays; axes may lead."""
        flows = shock.flows
        landed = shock.tariff_power_hat - 1.0
        created = creation(flows.value, landed, parameters.eta, parameters.mu)
        diverted = diversion(flows, landed, parameters.sigma)
        price = (created + diverted) / parameters.mu
        _refuse_negative(flows, flows.value + created + diverted + price)
        return _valued(shock, created, diverted, price)


def creation(value: Floats, landed: Floats, eta: Floats, mu: Floats) -> Floats:
    """Return trade creation ``X eta g / (1 - eta/mu)``, US$ million.

    Parameters
    ----------
    value : ndarray, shape (L,)
    landed : ndarray, shape (L,)
        Relative change of the landed price, g.
    eta, mu : ndarray, shape (L,)

    Examples
    --------
    >>> import numpy as np
    >>> one = np.ones(1)
    >>> float(creation(100 * one, -one / 12, -1.5 * one, np.inf * one)[0])
    12.5
    """
    return value * eta * landed / (1.0 - eta / mu)


def diversion(flows: Flows, landed: Floats, sigma: Floats) -> Floats:
    """Return diversion between sources whose duty changes and the rest.

    ``TD_P = X_P X_N S / (X_P + X_N + X_P S)`` with ``S = -sigma [tau_P/tau_N -
    1]``; it sums to zero over the suppliers of a market and stays within
    ``(-X_P, X_N)``.
    """
    power = 1.0 + landed
    live = flows.value > 0
    unchanged = (landed == 0.0) & live
    has_unchanged = flows.by_flow(flows.total((unchanged).astype(float))) > 0
    highest = np.maximum.reduceat(np.where(live, power, 0.0), flows.starts, axis=-1)
    highest = np.where(highest > 0, highest, 1.0)
    reference = np.where(has_unchanged, 1.0, flows.by_flow(highest))
    rest = power == reference
    moved = ~rest
    x_moved = flows.total(np.where(moved, flows.value, 0.0))
    x_rest = flows.total(np.where(rest, flows.value, 0.0))
    safe = np.where(x_moved > 0, x_moved, 1.0)
    mean = flows.total(np.where(moved, flows.value * power, 0.0)) / safe
    relative = np.where(x_moved > 0, mean / reference[..., flows.starts], 1.0)
    push = np.maximum(-sigma[..., flows.starts] * (relative - 1.0), -1.0)
    base = x_moved + x_rest + x_moved * push
    total = np.where(
        (x_moved > 0) & (x_rest > 0),
        x_moved * x_rest * push / np.where(base > 0, base, 1.0),
        0.0,
    )
    weight = np.where(moved, flows.value * np.abs(power - reference), 0.0)
    return _shared(flows, total, weight) - _shared(
        flows, total, np.where(rest, flows.value, 0.0)
    )


def _shared(flows: Flows, total: Floats, weight: Floats) -> Floats:
    whole = flows.total(weight)
    return flows.by_flow(total / np.where(whole > 0, whole, 1.0)) * weight


def _refuse_negative(flows: Flows, value: Floats) -> None:
    size = flows.by_flow(flows.total(flows.value))
    wrong = (value < -NOTHING * size).any(axis=tuple(range(value.ndim - 1)))
    if wrong.any():
        flow = int(np.argmax(wrong))
        raise ValueError(
            "SMART is linear and would make a flow negative: "
            f"{flows.exporter[flow]} to {flows.importer[flow]}, product "
            f"{str(flows.product[flow])!r}. Use Armington for so large a change."
        )


def _valued(shock: Shocks, created: Floats, diverted: Floats, price: Floats) -> Outcome:
    flows = shock.flows
    value = flows.value + created + diverted + price
    old = np.where(flows.value > 0, flows.value, 1.0)
    bought = np.maximum(1.0 + (created + diverted) / old, 0.0)
    quantity = np.where(flows.value > 0, bought, 1.0)
    world = np.where(
        quantity > 0, 1.0 + price / old / np.where(quantity > 0, quantity, 1.0), 1.0
    )
    world = np.maximum(world, 0.0)  # where the value is cut off at zero, so is it
    consumer = world * shock.tariff_power_hat
    triangle = 0.5 * (flows.rate + shock.rate) * created
    revenue = shock.rate * value - flows.rate * flows.value
    whole = flows.total(flows.value)
    scale = np.where(whole > 0, whole, 1.0)
    sums = flows.total(diverted) / scale
    sold = np.where(quantity > 0, flows.value * quantity * world, value)
    gap = (sold - value) / flows.by_flow(scale)
    index = np.where(flows.spending > 0, flows.total(flows.share * consumer), 1.0)
    return Outcome(
        value=np.maximum(value, 0.0),
        quantity=quantity,
        consumer_price=consumer,
        producer_price=world,
        index=index,
        consumer_surplus=flows.total(triangle - revenue),
        residuals=(
            Residual.of("diversion sums to zero", flows, sums),
            Residual.of("creation, diversion and price effect add up", flows, gap),
        ),
        parts={
            "trade_creation": created,
            "trade_diversion": diverted,
            "price_effect": price,
        },
    )
