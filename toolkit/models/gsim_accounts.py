"""From solved GSIM markets to variables, welfare by region and identities."""

from __future__ import annotations

import numpy as np

from toolkit.market import Shocks
from toolkit.market.flows import Floats
from toolkit.market.world import World
from toolkit.models.accounts import Residual, largest
from toolkit.models.answer import Answer, flow_pairs
from toolkit.models.ces import NotConverged
from toolkit.models.gsim_system import CLEARS, GsimMarkets, GsimSolution
from toolkit.models.welfare import consumer_surplus, producer_surplus
from toolkit.schema import shown


def answer_of(
    shock: Shocks,
    world: World,
    markets: GsimMarkets,
    found: GsimSolution,
    *,
    linear: bool,
) -> Answer:
    """Return the variables of solved markets, once they are known to clear.

    Raises
    ------
    NotConverged
        With the residual and the worst market.
    ValueError
        A linear solution with a negative flow or price.
    """
    _refuse_open(world, found)
    if linear:
        _refuse_negative(world, found)
    border = found.seller[:, :, None] * world.iceberg
    value = world.value * border * found.quantity
    buyers, sellers = _surplus(world, markets, found, linear=linear)
    collected = [
        ((power - 1.0) * trade).sum(axis=(0, 1))
        for power, trade in ((world.power, world.value), (world.power_after, value))
    ]
    revenue = collected[1] - collected[0]
    zero, welfare = np.zeros_like(buyers), buyers.sum(axis=0) + sellers.sum(axis=0)
    flow = flow_pairs(shock, world, (world.value, value), found.buyer)
    if linear:  # hats multiply only to first order there
        old = world.layout.flat(world.value) > 0
        bought = np.where(old, world.layout.flat(found.quantity), np.nan)
        flow["quantity"] = (flow["quantity"][0], bought)
    return Answer(
        flow=flow,
        market={
            "composite_price": _hat(found.index, world.spending > 0),
            "consumer_surplus": (zero, buyers),
        },
        exporter={
            "producer_price": _hat(found.seller, world.sales > 0),
            "producer_surplus": (zero, sellers),
        },
        country={"welfare": (zero[0], welfare + revenue)},
        residuals=_identities(world, markets, found, linear=linear),
        iterations=found.iterations,
        residual=float(np.abs(found.residual).max()),
        tolerance=CLEARS,
    )


def _surplus(
    world: World, markets: GsimMarkets, found: GsimSolution, *, linear: bool
) -> tuple[Floats, Floats]:
    """Return the change of consumers' and producers' surplus, shape (J, N) each."""
    fixed = markets.nu == 0
    mu = 1.0 / np.where(fixed, 1.0, markets.nu)
    if not linear:
        mu = np.where(fixed, np.inf, mu)
        return (
            consumer_surplus(world.spending, found.index, markets.eta),
            producer_surplus(world.sales, found.seller, mu),
        )
    dearer, seller = found.index - 1.0, found.seller - 1.0
    buyers = -world.spending * dearer * (1.0 + 0.5 * markets.eta * dearer)
    sellers = world.sales * seller * (1.0 + 0.5 * mu * seller)
    return buyers, np.where(fixed, 0.0, sellers)


def _identities(
    world: World, markets: GsimMarkets, found: GsimSolution, *, linear: bool
) -> tuple[Residual, ...]:
    clears = Residual(
        "supply meets demand in every market", largest(found.residual.ravel()), CLEARS
    )
    if linear:
        return (clears,)
    spent = (markets.share * found.buyer * found.quantity).sum(axis=1)
    due = np.where(world.spending > 0, found.index ** (1.0 + markets.eta), 0.0)
    gap = np.where(due > 0, spent / np.where(due > 0, due, 1.0) - 1.0, spent)
    return clears, Residual("spending adds up", largest(gap.ravel()))


def _refuse_open(world: World, found: GsimSolution) -> None:
    gap = np.where(np.isfinite(found.residual), np.abs(found.residual), np.inf)
    if gap.max() <= CLEARS:
        return
    good, country = np.unravel_index(int(np.argmax(gap)), gap.shape)
    raise NotConverged(
        f"The world's markets do not clear: after {found.iterations} steps the largest "
        f"residual is {gap.max():.1e}, for what {world.layout.countries[country]} "
        f"sells of product {shown(str(world.layout.products[good]))}."
    )


def _refuse_negative(world: World, found: GsimSolution) -> None:
    live = world.value > 0
    prices = np.minimum(found.buyer, found.seller[:, :, None])
    wrong = live & ((found.quantity <= 0) | (prices <= 0))
    if wrong.any():
        good, seller, buyer = np.argwhere(wrong)[0]
        names = world.layout.countries
        raise ValueError(
            "The linear system would make a flow or price negative: "
            f"{names[seller]} to {names[buyer]}, product "
            f"{shown(str(world.layout.products[good]))}. Use linear=False."
        )


def _hat(values: Floats, live: np.ndarray) -> tuple[Floats, Floats]:
    return np.where(live, 1.0, np.nan), np.where(live, values, np.nan)
