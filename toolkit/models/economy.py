"""A baseline as a world economy: its closure, its links, and a base that clears."""

from __future__ import annotations

import dataclasses

import numpy as np

from toolkit.market.flows import Floats
from toolkit.market.world import World
from toolkit.models.ces import NotConverged
from toolkit.models.equilibrium_parts import Economy, Equilibrium
from toolkit.models.equilibrium_solver import CLEARS, counterfactual
from toolkit.models.equilibrium_system import System
from toolkit.models.fixed_point import FixedPoint
from toolkit.models.input_output import InputOutput
from toolkit.schema import shown


@dataclasses.dataclass(frozen=True, eq=False)
class Base:
    """The economy that a scenario is compared with.

    Attributes
    ----------
    economy : Economy
    at_rest : Equilibrium
        It without a shock.
    solved : bool
        Whether it had to be solved: the data alone are no equilibrium under the
        closure.
    """

    economy: Economy
    at_rest: Equilibrium
    solved: bool


def economy_of(
    world: World, theta: Floats, closure: str, links: InputOutput | None
) -> Base:
    """Return the base economy of a world.

    Where the data are no equilibrium under the closure (deficits to be zero, final
    shares that do not add up with inputs), the base is solved first, at the tariffs of
    the data.

    Raises
    ------
    ValueError
        A country that sells or buys nothing, or spends nothing.
    NotConverged
        The base does not clear.
    """
    economy = _observed(world, theta, closure, links)
    system = System(economy, world.power, np.ones_like(world.power))
    still = system.start()
    gap = float(np.abs(system.step(still)).max())
    if gap <= CLEARS:
        return Base(economy, system.at(FixedPoint(still, gap, 0)), solved=False)
    if closure != "zero" and (links is None or links.final is None):
        raise NotConverged(
            f"The baseline is no equilibrium of its own flows (off by {gap:.1e}), "
            "which it is by construction: this is a fault of the program."
        )
    base = counterfactual(economy, world.power, np.ones_like(world.power))
    refuse_open(base, world, "The base year without its deficits")
    again = dataclasses.replace(
        economy,
        share=base.share,
        sales=base.sales,
        factor_income=economy.factor_income * base.wage,
    )
    rest = System(again, world.power, np.ones_like(world.power))
    return Base(again, rest.at(_still(rest, base)), solved=True)


def _still(system: System, base: Equilibrium) -> FixedPoint:
    return FixedPoint(system.start(), base.residual, base.solved.iterations)


def refuse_open(found: Equilibrium, world: World, what: str) -> None:
    """Raise unless every market clears and every price is positive.

    Raises
    ------
    NotConverged
        With the residual and the worst market.
    """
    prices = np.concatenate([found.wage, found.cost.ravel(), found.price.ravel()])
    positive = np.isfinite(prices).all() and (prices > 0).all()
    if positive and max(found.residual, found.solved.residual) <= CLEARS:
        return
    gap = np.where(np.isfinite(found.excess), found.excess, np.inf)
    worst = int(np.argmax(np.abs(gap)))
    largest = max(found.residual, found.solved.residual)
    raise NotConverged(
        f"{what} does not clear: after {found.solved.iterations} steps the largest "
        f"residual is {largest:.1e}; the worst market is that of the factors of "
        f"{world.layout.countries[worst]} (demand over supply {1.0 + gap[worst]:.6g})."
    )


def _observed(
    world: World, theta: Floats, closure: str, links: InputOutput | None
) -> Economy:
    sales, spending = world.sales, world.spending
    _refuse_missing(world, sales.sum(axis=0), "sells")
    _refuse_missing(world, spending.sum(axis=0), "buys")
    if links is None:
        added, inputs, final = np.ones_like(sales), None, None
    else:
        added, inputs, final = links.on(world.layout)
    if final is None:
        final = _final_shares(world, inputs, sales, spending)
    income = (added * sales).sum(axis=0)
    deficit = np.zeros_like(income) if closure == "zero" else world.deficit
    short = income + deficit <= 0
    if short.any():
        at = int(np.argmax(short))
        raise ValueError(
            f"{world.layout.countries[at]} sells abroad more than all its income: with "
            f"factor income of {income[at]:,.6g} and a deficit of {deficit[at]:,.6g} "
            "it spends nothing. Are its home sales missing?"
        )
    return Economy(
        world.share,
        world.power,
        theta,
        added,
        inputs,
        final,
        sales,
        income,
        deficit,
        closure,
    )


def _refuse_missing(world: World, whole: Floats, verb: str) -> None:
    if (whole <= 0).any():
        country = world.layout.countries[int(np.argmax(whole <= 0))]
        raise ValueError(
            f"{country} {verb} nothing in this baseline. The equilibrium is of the "
            "whole world: every country sells and buys, its home sales (importer == "
            "exporter) included. Add them, or leave the country out."
        )


def _final_shares(
    world: World, inputs: Floats | None, sales: Floats, spending: Floats
) -> Floats:
    final = spending
    if inputs is not None:
        final = spending - np.matmul(inputs, sales.T[:, :, None])[:, :, 0].T
        wrong = final < -1e-12 * spending.sum(axis=0)
        if wrong.any():
            good, country = np.argwhere(wrong)[0]
            raise ValueError(
                f"{world.layout.countries[country]} uses more of "
                f"{shown(str(world.layout.products[good]))} as an input than it buys: "
                "give final shares, so that the base can be solved."
            )
        final = np.maximum(final, 0.0)
    return final / final.sum(axis=0)
