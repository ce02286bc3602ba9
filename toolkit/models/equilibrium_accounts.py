"""From a solved world equilibrium to its variables and identities."""

from __future__ import annotations

import numpy as np

from toolkit.market import Shocks
from toolkit.market.flows import Floats
from toolkit.market.world import World
from toolkit.models.accounts import Pairs, Residual, largest
from toolkit.models.answer import Answer, flow_pairs
from toolkit.models.economy import Base, refuse_open
from toolkit.models.equilibrium_parts import Economy, Equilibrium
from toolkit.models.equilibrium_solver import CLEARS
from toolkit.models.welfare import first_order, price_index


def answer_of(shock: Shocks, world: World, base: Base, after: Equilibrium) -> Answer:
    """Return the variables of an equilibrium, once it is known to clear.

    Raises
    ------
    NotConverged
    """
    refuse_open(after, world, "The world")
    before = base.at_rest
    value = (_trade(before, world.power), _trade(after, world.power_after))
    if not base.solved:
        value = (world.value, value[1])
    landed = after.cost[:, :, None] * world.power_after / world.power * world.iceberg
    bought, made = before.spending > 0, before.sales > 0
    return Answer(
        flow=flow_pairs(shock, world, value, landed),
        market={"composite_price": _hat(after.price, bought)},
        exporter={"producer_price": _hat(after.cost, made)},
        country=_countries(base, after, value, world.power),
        residuals=_identities(base.economy, after, value[1]),
        iterations=before.solved.iterations + after.solved.iterations,
        residual=max(after.residual, after.solved.residual),
        tolerance=CLEARS,
        notes=_notes(world, base, value[0]),
    )


def _trade(found: Equilibrium, power: Floats) -> Floats:
    return found.share * found.spending[:, None, :] / power


def _hat(values: Floats, live: np.ndarray) -> tuple[Floats, Floats]:
    return np.where(live, 1.0, np.nan), np.where(live, values, np.nan)


def _countries(
    base: Base, after: Equilibrium, value: tuple[Floats, Floats], power: Floats
) -> Pairs:
    economy, before = base.economy, base.at_rest
    index = price_index(after.price, economy.final)
    real = after.income / after.scale / before.income * before.scale / index
    terms, volume = first_order(*value, power, after.cost, before.income)
    one, zero = np.ones_like(index), np.zeros_like(index)
    return {
        "wage": (one, after.wage),
        "real_wage": (one, after.wage / index),
        "income": (before.income, after.income),
        "real_income": (one, real),
        "welfare": (zero, before.income * (real - 1.0)),
        "welfare_first_order": (zero, terms + volume),
        "terms_of_trade": (zero, terms),
        "volume_of_trade": (zero, volume),
    }


def _identities(
    economy: Economy, after: Equilibrium, value: Floats
) -> tuple[Residual, ...]:
    """Return what every equilibrium must satisfy, recomputed from what is reported."""
    made = value.sum(axis=2)
    income = economy.factor_income * after.wage
    bought = after.spending > 0
    shares = np.where(bought, after.share.sum(axis=1) - 1.0, 0.0)
    sold = (economy.value_added * made).sum(axis=0) / income - 1.0
    deficits = made.sum(axis=0) - value.sum(axis=(0, 1))
    wanted = _deficits(economy, after)
    whole = income.sum()
    spent = after.spending.sum(axis=0)
    used = (1.0 - economy.value_added) * made
    return (
        Residual("expenditure shares add up to one", _size(shares), 1e-12),
        Residual("demand for factors meets supply", _size(sold), CLEARS),
        Residual("output is what markets buy", _size(made - after.sales) / whole),
        Residual(
            "spending is income and inputs",
            _size(spent - after.income - used.sum(axis=0)) / whole,
        ),
        Residual("deficits are those of the closure", _size(deficits + wanted) / whole),
        Residual("world spending is world income", _size(wanted.sum()) / whole),
        Residual("prices are positive", _size(np.minimum(after.cost, 0.0)), 0.0),
    )


def _deficits(economy: Economy, after: Equilibrium) -> Floats:
    if economy.closure != "multiplicative":
        return economy.deficit
    income = economy.factor_income * after.wage
    share = economy.deficit / economy.factor_income
    return income * (after.scale * (1.0 + share) - 1.0)


def _size(values: Floats) -> Floats:
    return largest(values.ravel())


def _notes(world: World, base: Base, value: Floats) -> tuple[str, ...]:
    if not base.solved:
        return ()
    old, new = world.value.sum(axis=(0, 1)), value.sum(axis=(0, 1))
    moved = np.abs(new / old - 1.0)
    worst = int(np.argmax(moved))
    country = world.layout.countries[worst]
    return (
        "The baseline shown is solved: the data alone are no equilibrium under this "
        f"closure of deficits. Largest move: what {country} buys, "
        f"{100 * (new / old - 1.0)[worst]:+.1f} %.",
    )
