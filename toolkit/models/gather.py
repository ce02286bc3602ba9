"""From the solved markets to a result: the whole baseline, filled in where it moved."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from toolkit.baseline import Baseline
from toolkit.display import country, signed
from toolkit.market import Flows, Shocks, flows_of
from toolkit.market.flows import Flags, Floats, Integers
from toolkit.models.accounts import (
    TIGHT,
    Outcome,
    Pairs,
    flow_accounts,
    largest,
    market_accounts,
    negative,
    static_value,
)
from toolkit.models.parameters import Parameters
from toolkit.result import Block, Identity, Keys, Result
from toolkit.scenario import Scenario

Part = tuple[Integers, Shocks, Outcome]
FAR = 1.0  # a price twice, or half, of the supplier's


def gathered(
    model: str, scenario: Scenario, shock: Shocks, parameters: Parameters, part: Part
) -> Result:
    """Return a solved counterfactual as an immutable result.

    Parameters
    ----------
    model : str
        Name of the model.
    scenario : Scenario
    shock : Shocks
        Of all flows.
    parameters : Parameters
        Of all flows.
    part : tuple
        Which flows were solved, their shocks, and the outcome.
    """
    flows, base = shock.flows, shock.flows.baseline
    by_flow, by_market = _filled(flows, part)
    flow_keys, market_keys = keys_of(flows)
    return Result(
        scenario=scenario.name,
        levers=tuple(scenario.levers),
        model=model,
        reporter=base.reporter,
        partner=base.partner,
        year=base.year,
        source_line=base.source_line,
        product_names=dict(base.names),
        blocks=(
            Block.of("flow", flow_keys, by_flow),
            Block.of("market", market_keys, by_market),
        ),
        identities=_identities(flows, by_flow["value"], part),
        notes=(*shock.notes, *_far_wedges(base, by_flow)),
        invisibles_entries=shock.invisibles,
        elasticities_used=lambda: parameters.used,
        exports_to_world=base.exports_to_world,
        open_account=shock.open_account,
        horizon=parameters.horizon.words,
        static_value=static_value(shock),
    )


def _far_wedges(baseline: Baseline, by_flow: Pairs) -> list[str]:
    """Return a note on each price wedge beyond what elasticities were estimated on."""
    if "shadow_tariff" not in by_flow:
        return []
    flows, shadow = flows_of(baseline), by_flow["shadow_tariff"][1]
    far = np.flatnonzero((shadow < -0.5 * FAR) | (shadow > FAR))
    return [
        f"{baseline.label(str(flows.product[n]))} from {country(flows.exporter[n])}: a "
        f"wedge of {signed(100 * float(shadow[n]), 0)} % is far outside what the "
        "elasticities were estimated on."
        for n in far
    ]


def _filled(flows: Flows, part: Part) -> tuple[Pairs, Pairs]:
    """Return the variables of all flows and markets: at rest where nothing moved."""
    chosen, shock, outcome = part
    by_flow = flow_accounts(shock, outcome)
    by_market = market_accounts(shock, outcome, by_flow)
    if len(chosen) == len(flows):
        return by_flow, by_market
    markets = flows.market[chosen[shock.flows.starts]]
    whole_flow, whole_market = at_rest(flows)
    return (
        _put(whole_flow, by_flow, chosen),
        _put(whole_market, by_market, markets),
    )


def _put(rest: Pairs, moved: Pairs, where: Integers) -> Pairs:
    out: Pairs = {}
    for name, pair in moved.items():
        before, after = (column.copy() for column in rest[name])
        before[where], after[where] = pair
        out[name] = (before, after)
    return out


@lru_cache(maxsize=8)
def at_rest(flows: Flows) -> tuple[Pairs, Pairs]:
    """Return every variable of a baseline that nothing moves."""
    zero, old = np.zeros(len(flows)), flows.value > 0
    ones = _same(np.where(old, 1.0, np.nan))
    none = _same(zero)
    by_flow: Pairs = {
        "value": _same(flows.value),
        "tariff_revenue": _same(flows.rate * flows.value),
        "applied_rate": _same(flows.rate),
        "quantity": ones,
        "consumer_price": ones,
        "producer_price": ones,
        "kilotonnes": (flows.kilotonnes, np.where(old, flows.kilotonnes, np.nan)),
        "shadow_tariff": _same(np.where(old, 0.0, np.nan)),
        **dict.fromkeys(("rent", "producer_surplus"), none),
        **dict.fromkeys(("trade_creation", "trade_diversion", "price_effect"), none),
    }
    nothing = _same(np.zeros(len(flows.starts)))
    live = np.where(flows.spending > 0, 1.0, np.nan)
    by_market: Pairs = {
        "composite_price": _same(live),
        "consumer_surplus": nothing,
        "welfare": nothing,
    }
    return by_flow, by_market


def _same(values: Floats) -> tuple[Floats, Floats]:
    return values, values


@lru_cache(maxsize=8)
def keys_of(flows: Flows) -> tuple[Keys, Keys]:
    """Return the keys of flows and of markets (kept for the last few baselines)."""
    importer, product = flows.importer[flows.starts], flows.product[flows.starts]
    whole = Keys(importer, np.full(len(importer), ""), product)
    return Keys(flows.importer, flows.exporter, flows.product), whole


def _identities(
    flows: Flows, value: tuple[Floats, Floats], part: Part
) -> tuple[Identity, ...]:
    """Return the model's own identities and those every model must satisfy."""
    chosen, shock, outcome = part
    scale = max(float(flows.value.sum()), 1.0)
    still = ~_marked(flows, chosen, shock)[flows.market]
    moved = float(largest((value[1] - flows.value)[still])) / scale
    own = [
        Identity(one.name, float(np.max(one.residual)), one.tolerance)
        for one in outcome.residuals
    ]
    below = negative(outcome)
    return (
        *own,
        Identity("untouched markets stay as they are", moved, TIGHT),
        Identity(below.name, float(below.residual), below.tolerance),
    )


def _marked(flows: Flows, chosen: Integers, shock: Shocks) -> Flags:
    """Return which markets a scenario touches, over all of the baseline."""
    marked = np.zeros(len(flows.starts), dtype=bool)
    marked[flows.market[chosen[shock.flows.starts]]] = shock.touched
    return marked
