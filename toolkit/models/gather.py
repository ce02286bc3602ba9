"""From the solved markets to a result: the whole baseline, filled in where it moved."""

from __future__ import annotations

from functools import lru_cache, partial

import numpy as np

from toolkit.baseline import status_line
from toolkit.display import country, signed
from toolkit.market import Flows, Part, Shocks
from toolkit.market.flows import Flags, Floats
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
from toolkit.models.refusals import refuse_unfinished
from toolkit.result import Block, Identity, Keys, LazyPairs, Result
from toolkit.scenario import Scenario

Solved = tuple[Part, Shocks, Outcome]
FAR = 1.0  # a price twice, or half, of the supplier's
SUMS = frozenset(
    {
        *("value", "tariff_revenue", "rent", "producer_surplus"),
        *("trade_creation", "trade_diversion", "price_effect"),
    }
)  # of flows: what a merged supplier has is shared out over those it stands for


def gathered(
    model: str, scenario: Scenario, parameters: Parameters, solved: Solved
) -> Result:
    """Return a solved counterfactual as an immutable result.

    Parameters
    ----------
    model : str
        Name of the model.
    scenario : Scenario
    parameters : Parameters
        Of all flows.
    solved : tuple
        The part that was solved, its shocks, and the outcome.
    """
    part, shock, _ = solved
    flows, base = part.whole, part.whole.baseline
    by_flow, by_market, far = _filled(solved)
    flow_keys, market_keys = keys_of(flows)
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
        blocks=(
            Block.of("flow", flow_keys, by_flow),
            Block.of("market", market_keys, by_market),
        ),
        identities=_identities(by_flow["value"], solved),
        notes=(*base.notes, *shock.notes, *far),
        invisibles_entries=shock.invisibles,
        elasticities_used=lambda: parameters.used,
        exports_to_world=base.exports_to_world,
        open_account=shock.open_account,
        horizon=parameters.horizon.words,
        static_values=partial(_static, part, shock),
    )


def _static(part: Part, shock: Shocks) -> Floats:
    """Return all flows with prices and schedules changed but no behaviour."""
    return part.filled(part.whole.value, part.shared(static_value(shock)))


def _far_wedges(flows: Flows, by_flow: Pairs) -> list[str]:
    """Return a note on each price wedge beyond what elasticities were estimated on."""
    if "shadow_tariff" not in by_flow:
        return []
    baseline, shadow = flows.baseline, by_flow["shadow_tariff"][1]
    far = np.flatnonzero((shadow < -0.5 * FAR) | (shadow > FAR))
    return [
        f"{baseline.label(str(flows.product[n]))} from {country(flows.exporter[n])}: a "
        f"wedge of {signed(100 * float(shadow[n]), 0)} % is far outside what the "
        "elasticities were estimated on."
        for n in far
    ]


def _filled(solved: Solved) -> tuple[LazyPairs, LazyPairs, list[str]]:
    """Return the variables of all flows and markets: at rest where nothing moved."""
    part, shock, outcome = solved
    with np.errstate(over="ignore", invalid="ignore"):
        by_flow = flow_accounts(shock, outcome)
        by_market = market_accounts(shock, outcome, by_flow)
    refuse_unfinished(part.flows, by_flow, by_market)
    markets = part.whole.market[part.kept[part.flows.starts]]
    rest_flow, rest_market = at_rest(part.whole)

    def flow(name: str) -> tuple[Floats, Floats]:
        rest, (before, after) = rest_flow[name], by_flow[name]
        if name == "kilotonnes":
            return rest[0], part.filled(rest[1], _tonnes(part, outcome))
        spread = part.shared if name in SUMS else part.spread
        kept = name == "value"  # what was there before is as it was
        return (
            rest[0] if kept else part.filled(rest[0], spread(before)),
            part.filled(rest[1], spread(after)),
        )

    def market(name: str) -> tuple[Floats, Floats]:
        before, after = (column.copy() for column in rest_market[name])
        before[markets], after[markets] = by_market[name]
        return before, after

    return (
        LazyPairs(tuple(by_flow), flow),
        LazyPairs(tuple(by_market), market),
        _far_wedges(part.flows, by_flow),
    )


def _tonnes(part: Part, outcome: Outcome) -> Floats:
    """Return tonnes: in proportion to each flow's own, which values do not tell."""
    whole = part.whole
    own = np.where(whole.value > 0, whole.kilotonnes, np.nan)[part.chosen]
    return own * part.spread(outcome.quantity)


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


def _identities(value: tuple[Floats, Floats], solved: Solved) -> tuple[Identity, ...]:
    """Return the model's own identities and those every model must satisfy."""
    part, shock, outcome = solved
    flows = part.whole
    scale = float(flows.value.sum()) or 1.0
    still = ~_marked(part, shock)
    moved = np.zeros(1)
    if still.any():
        moved = np.where(still[flows.market], value[1] - flows.value, 0.0)
    own = [
        Identity(one.name, float(np.max(one.residual)), one.tolerance)
        for one in outcome.residuals
    ]
    below = negative(shock.flows, outcome)
    return (
        *own,
        Identity(
            "untouched markets stay as they are", float(largest(moved)) / scale, TIGHT
        ),
        Identity(below.name, float(below.residual), below.tolerance),
    )


def _marked(part: Part, shock: Shocks) -> Flags:
    """Return which markets a scenario touches, over all of the baseline."""
    marked = np.zeros(len(part.whole.starts), dtype=bool)
    marked[part.whole.market[part.kept[part.flows.starts]]] = shock.touched
    return marked
