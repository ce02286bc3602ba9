"""SMART: trade creation and diversion of a tariff change, one product at a time."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from toolkit.levers import FreeTradeAgreement, Lever, Mobility, TariffCut
from toolkit.market import Lines, Shocks
from toolkit.market.lines import Floats
from toolkit.models.outcome import Outcome, largest
from toolkit.models.parameters import Parameters
from toolkit.models.partial import PartialEquilibrium
from toolkit.result import Identity

CARRIES = (TariffCut, FreeTradeAgreement, Mobility)


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
    carries: ClassVar[tuple[type[Lever], ...]] = CARRIES
    otherwise: ClassVar[str] = ": it knows duties only. Use Armington."

    def values(self, shock: Shocks, parameters: Parameters) -> Outcome:
        """Return the counterfactual of given shocks as arrays."""
        lines = shock.lines
        landed = shock.tariff_power_hat - 1.0
        created = creation(lines.value, landed, parameters.eta, parameters.mu)
        diverted = diversion(lines, landed, parameters.sigma)
        price = (created + diverted) / parameters.mu
        value = lines.value + created + diverted + price
        _refuse_negative(lines, value)
        return _outcome(shock, created, diverted, price, value)


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


def diversion(lines: Lines, landed: Floats, sigma: Floats) -> Floats:
    """Return diversion between sources whose duty changes and the rest.

    ``TD_P = X_P X_N S / (X_P + X_N + X_P S)`` with ``S = -sigma [tau_P/tau_N -
    1]``; it sums to zero over the suppliers of a market and stays within
    ``(-X_P, X_N)``.
    """
    power = 1.0 + landed
    live = lines.value > 0
    unchanged = (landed == 0.0) & live
    has_unchanged = lines.spread(lines.total((unchanged).astype(float))) > 0
    highest = np.maximum.reduceat(np.where(live, power, 0.0), lines.starts)
    highest = np.where(highest > 0, highest, 1.0)
    reference = np.where(has_unchanged, 1.0, lines.spread(highest))
    rest = power == reference
    moved = ~rest
    x_moved = lines.total(np.where(moved, lines.value, 0.0))
    x_rest = lines.total(np.where(rest, lines.value, 0.0))
    safe = np.where(x_moved > 0, x_moved, 1.0)
    mean = lines.total(np.where(moved, lines.value * power, 0.0)) / safe
    relative = np.where(x_moved > 0, mean / reference[lines.starts], 1.0)
    push = np.maximum(-sigma[lines.starts] * (relative - 1.0), -1.0)
    base = x_moved + x_rest + x_moved * push
    total = np.where(
        (x_moved > 0) & (x_rest > 0),
        x_moved * x_rest * push / np.where(base > 0, base, 1.0),
        0.0,
    )
    weight = np.where(moved, lines.value * np.abs(power - reference), 0.0)
    return _shared(lines, total, weight) - _shared(
        lines, total, np.where(rest, lines.value, 0.0)
    )


def _shared(lines: Lines, total: Floats, weight: Floats) -> Floats:
    whole = lines.total(weight)
    return lines.spread(total / np.where(whole > 0, whole, 1.0)) * weight


def _refuse_negative(lines: Lines, value: Floats) -> None:
    wrong = value < -1e-9
    if wrong.any():
        line = int(np.argmax(wrong))
        raise ValueError(
            "SMART is linear and would make a flow negative: "
            f"{lines.exporter[line]} to {lines.importer[line]}, product "
            f"{str(lines.product[line])!r}. Use Armington for so large a change."
        )


def _outcome(
    shock: Shocks, created: Floats, diverted: Floats, price: Floats, value: Floats
) -> Outcome:
    lines = shock.lines
    old = np.where(lines.value > 0, lines.value, 1.0)
    quantity = np.where(lines.value > 0, 1.0 + (created + diverted) / old, 1.0)
    world = np.where(
        quantity > 0, 1.0 + price / old / np.where(quantity > 0, quantity, 1.0), 1.0
    )
    consumer = world * shock.tariff_power_hat
    triangle = 0.5 * (lines.rate + shock["rate"]) * created
    revenue = shock["rate"] * value - lines.rate * lines.value
    zero = np.zeros(len(lines))
    index = lines.total(lines.share * consumer)
    sums = lines.total(diverted)
    scale = max(float(lines.value.sum()), 1.0)
    return Outcome(
        value=np.maximum(value, 0.0),
        quantity=quantity,
        consumer_price=consumer,
        producer_price=world,
        shadow=np.ones(len(lines)),
        index=np.where(lines.spending > 0, index, 1.0),
        rent_to_importer=zero,
        rent_to_exporter=zero,
        producer_surplus=zero,
        consumer_surplus=lines.total(triangle - revenue),
        identities=(
            Identity("diversion sums to zero", largest(sums) / scale, 1e-9),
            Identity(
                "creation, diversion and price effect add up",
                largest(value - lines.value - created - diverted - price) / scale,
                1e-9,
            ),
        ),
        creation=created,
        diversion=diverted,
        price_effect=price,
    )
