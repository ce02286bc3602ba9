"""What a world model answers, and the result made of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import pandas as pd

from toolkit.baseline import status_line
from toolkit.market import Shocks
from toolkit.market.flows import Floats
from toolkit.market.world import World, layout_of
from toolkit.models.accounts import Pairs, Residual
from toolkit.models.ces import NotConverged
from toolkit.models.gather import keys_of
from toolkit.models.metrics import Metric, measure
from toolkit.result import Block, Identity, Keys, Result, Solver
from toolkit.scenario import Scenario


@dataclasses.dataclass(frozen=True, eq=False)
class Answer:
    """A solved world: variables by level, each a (baseline, counterfactual) pair.

    Attributes
    ----------
    flow : mapping
        Over the flows of the baseline (L).
    market : mapping
        Over goods and importers (J, N).
    exporter : mapping
        Over goods and exporters (J, N).
    country : mapping
        Over countries (N).
    residuals : tuple of Residual
        Identities with how far the world is from them.
    iterations : int
    residual, tolerance : float
        Of the markets, relative.
    notes : tuple of str
    """

    flow: Pairs
    market: Pairs
    exporter: Pairs
    country: Pairs
    residuals: tuple[Residual, ...]
    iterations: int
    residual: float
    tolerance: float
    notes: tuple[str, ...] = ()


def refuse_broken(answer: Answer) -> None:
    """Raise for an answer that breaks one of its identities.

    Raises
    ------
    NotConverged
    """
    for name, (_, after) in (answer.flow | answer.country).items():
        must = name in ("value", "tariff_revenue", "welfare")
        if np.isinf(after).any() or (must and np.isnan(after).any()):
            raise NotConverged(
                f"{name} is not a finite number: the change is too large for these "
                "elasticities."
            )
    failed = [
        f"{one.name} (off by {float(np.max(one.residual)):.1e})"
        for one in answer.residuals
        if one.fails
    ]
    if failed:
        raise NotConverged(f"The solution fails its identities: {'; '.join(failed)}.")


def flow_pairs(
    shock: Shocks, world: World, value: tuple[Floats, Floats], landed: Floats
) -> Pairs:
    """Return the flow variables of a world of goods, zero flows left empty.

    Parameters
    ----------
    shock : Shocks
    world : World
    value : pair of ndarray, shape (J, N, N)
        Before and after, at the border price.
    landed : ndarray, shape (J, N, N)
        Hat of the buyer's price.
    """
    layout, rate = world.layout, (shock.flows.rate, shock.rate)
    before, after = (layout.flat(part) for part in value)
    old = before > 0
    ones, price = np.where(old, 1.0, np.nan), layout.flat(landed)
    taxed = layout.flat(world.power_after / world.power)
    border = np.where(old, price / taxed, np.nan)
    bought = np.where(old, after / np.where(old, before, 1.0), np.nan) / border
    out: Pairs = {
        "value": (before, after),
        "tariff_revenue": (rate[0] * before, rate[1] * after),
        "applied_rate": rate,
        "quantity": (ones, bought),
        "consumer_price": (ones, np.where(old, price, np.nan)),
        "kilotonnes": (shock.flows.kilotonnes, shock.flows.kilotonnes * bought),
    }
    power = layout.flat(world.power), layout.flat(world.power_after)
    if (power[0] > 1.0 + rate[0]).any() or (power[1] > 1.0 + rate[1] + 1e-15).any():
        out["rent"] = (
            before * (power[0] - 1.0 - rate[0]),
            after * (power[1] - 1.0 - rate[1]),
        )
    return out


def measured(shock: Shocks, answer: Answer, names: Sequence[Metric]) -> Floats:
    """Return the change of each metric, US$ million; shape (K,).

    Welfare is the reporter's own, whole.
    """
    flows = shock.flows
    before, after = answer.country["welfare"]
    mine = layout_of(flows).countries == flows.baseline.reporter
    gained = (after - before)[mine].sum()
    rest = [name for name in names if name != "welfare"]
    known = iter(measure(flows, answer.flow, {}, rest) if rest else ())
    return np.array([gained if name == "welfare" else next(known) for name in names])


def result_of(
    model: str,
    scenario: Scenario,
    shock: Shocks,
    world: World,
    answer: Answer,
    *,
    elasticities: Callable[[], pd.DataFrame],
    ends: Callable[[], pd.DataFrame] | None,
    seconds: float,
) -> Result:
    """Return a solved world as an immutable result."""
    base = shock.flows.baseline
    return Result(
        scenario=scenario.name,
        question=scenario,
        levers=tuple(scenario.levers),
        model=model,
        reporter=base.reporter,
        partner=base.partner,
        year=base.year,
        source_line=base.source_line,
        says_status=partial(status_line, base),
        product_names=dict(base.names),
        blocks=_blocks(shock, world, answer),
        identities=tuple(
            Identity(one.name, float(np.max(one.residual)), one.tolerance)
            for one in answer.residuals
        ),
        notes=tuple(dict.fromkeys((*base.notes, *shock.notes, *answer.notes))),
        elasticities_used=elasticities,
        exports_to_world=base.exports_to_world,
        open_account=shock.open_account,
        static_values=partial(_first, answer.flow["value"]),
        answers_at_ends=ends,
        solver=Solver(answer.iterations, answer.residual, answer.tolerance, seconds),
    )


def _flat(pairs: Pairs) -> Pairs:
    return {name: (a.reshape(-1), b.reshape(-1)) for name, (a, b) in pairs.items()}


def _blocks(shock: Shocks, world: World, answer: Answer) -> tuple[Block, ...]:
    layout = world.layout
    products = np.repeat(layout.products, len(layout.countries))
    places = np.tile(layout.countries, len(layout.products))
    none = np.full(len(places), "")
    alone = np.full(len(layout.countries), "")
    flat = {
        "market": (Keys(places, none, products), answer.market),
        "exporter": (Keys(none, places, products), answer.exporter),
        "country": (Keys(layout.countries, alone, alone), answer.country),
    }
    return (
        Block.of("flow", keys_of(shock.flows)[0], answer.flow),
        *(Block.of(level, keys, _flat(pairs)) for level, (keys, pairs) in flat.items()),
    )


def _first(pair: tuple[Floats, Floats]) -> Floats:
    return pair[0]
