"""What no path may return: shocks without a meaning, solutions that do not hold.

Every number that leaves a model, from ``solve`` or from ``evaluate``, passes here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from toolkit.market import Flows, Shocks
from toolkit.market.flows import Flags, Floats
from toolkit.market.shocks import refuse_crossed_bounds
from toolkit.models.accounts import Outcome, Pairs, negative
from toolkit.models.ces import NotConverged
from toolkit.models.metrics import Metric

MAY_BE_UNKNOWN = ("welfare",)  # of the metrics: a forced purchase of new trade


def market_name(flows: Flows, market: int) -> str:
    """Return a market in words: whose, and of what."""
    first = int(flows.starts[market])
    product = str(flows.product[first])
    goods = f"HS {product}" if product else "all goods"
    return f"the market of {flows.importer[first]} for {goods}"


def in_market(error: NotConverged, flows: Flows) -> NotConverged:
    """Return an error of the numeric solver with the market by name."""
    if error.market is None:
        return error
    return NotConverged(f"In {market_name(flows, error.market)}: {error}")


def refuse_impossible(shock: Shocks) -> None:
    """Raise for shocks that no market can have, whatever levers made them.

    Raises
    ------
    ValueError
        A price, cost or demand of zero, below zero or without an end; a target above
        what a cap on the same flow leaves. Names the flow.
    """
    flows = shock.flows
    with np.errstate(all="ignore"):
        parts = {
            "buyers' price over the border price": shock.wedge,
            "price of the supplier": shock.cost,
            "cost of trade": shock.iceberg,
            "demand": shock["growth"],
        }
    for what, values in parts.items():
        wrong = ~(np.isfinite(values) & (values > 0))
        if wrong.any():
            flow = _first(wrong)
            raise ValueError(
                f"The levers leave no {what}: it is multiplied by "
                f"{_worst(values, wrong):.3g} for {_flow_name(flows, flow)}. Make the "
                "change smaller."
            )
    refuse_crossed_bounds(shock)


def refuse_failed(flows: Flows, outcome: Outcome) -> None:
    """Raise for a solution that breaks its own identities: it is never returned.

    Raises
    ------
    NotConverged
        Names the identity, how far off it is, and the market.
    """
    known = {
        "value": outcome.value,
        "quantity": outcome.quantity,
        "price index": outcome.index,
    }
    may_lack = {
        "price": outcome.consumer_price,
        "supplier's price": outcome.producer_price,
        "surplus": outcome.consumer_surplus,
    }
    for what, values in (known | may_lack).items():
        wrong = np.isinf(values) if what in may_lack else ~np.isfinite(values)
        if wrong.any():
            place = _first(wrong)
            by_market = values.shape[-1] == len(flows.starts) != len(flows)
            market = place if by_market else int(flows.market[place])
            raise NotConverged(
                f"The {what} in {market_name(flows, market)} is not a finite number: "
                "the change is too large for these elasticities."
            )
    failed = [
        one for one in (*outcome.residuals, negative(flows, outcome)) if one.fails
    ]
    if failed:
        said = "; ".join(
            f"{one.name} (off by {float(np.max(one.residual)):.1e})" for one in failed
        )
        places = [one.market for one in failed if one.market is not None]
        where = f" in {market_name(flows, places[0])}" if places else ""
        raise NotConverged(f"The solution fails its identities{where}: {said}.")


def refuse_unfinished(flows: Flows, by_flow: Pairs, by_market: Pairs) -> None:
    """Raise where an account of a solution has no end.

    Raises
    ------
    NotConverged
        Names the account and the market.
    """
    for pairs, per_market in ((by_flow, False), (by_market, True)):
        for name, (_, after) in pairs.items():
            wrong = np.isinf(after)
            if wrong.any():
                place = _first(wrong)
                market = place if per_market else int(flows.market[place])
                raise NotConverged(
                    f"{name} in {market_name(flows, market)} is infinite: the change "
                    "is too large for these elasticities."
                )


def refuse_unknown(measured: Floats, names: Sequence[Metric]) -> Floats:
    """Return metrics, or raise where one that must be known is not a number.

    Raises
    ------
    NotConverged
        Names the metric.
    """
    for number, name in enumerate(names):
        column = measured[..., number]
        wrong = np.isinf(column) if name in MAY_BE_UNKNOWN else ~np.isfinite(column)
        if wrong.any():
            raise NotConverged(
                f"The change of {name} is not a finite number: the change is too large "
                "for these elasticities."
            )
    return measured


def _flow_name(flows: Flows, flow: int) -> str:
    product = str(flows.product[flow])
    goods = f"HS {product}" if product else "all goods"
    return f"{goods} from {flows.exporter[flow]} to {flows.importer[flow]}"


def _first(wrong: Flags) -> int:
    """Return the first place of the last axis at which some draw is wrong."""
    return int(np.argmax(wrong.any(axis=tuple(range(wrong.ndim - 1)))))


def _worst(values: Floats, wrong: Flags) -> float:
    """Return the first value that is wrong at the first place that is."""
    values = np.broadcast_to(values, wrong.shape)
    place = _first(wrong)
    return float(values[..., place][wrong[..., place]].flat[0])
