"""The figure that a target speaks of: today's level, and its change in a solve."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from toolkit.goal import Target
from toolkit.market import Flows
from toolkit.market.flows import Flags, Floats
from toolkit.models.accounts import Pairs
from toolkit.models.metrics import Accounts, Metric
from toolkit.schema import nearest, shown

Signs = dict[str, tuple[float, float]]
SIGNS: Signs = {  # of exports and of imports
    "exports": (1.0, 0.0),
    "imports": (0.0, 1.0),
    "balance": (1.0, -1.0),
    "total": (1.0, 1.0),
}


def level(target: Target, flows: Flows) -> float:
    """Return what the figure is in the baseline.

    Raises
    ------
    ValueError
        Products or tonnes that the baseline does not hold.
    """
    if target.what == "invisibles":
        return 0.0
    if target.what == "kilotonnes":
        return float(np.nansum(flows.kilotonnes[_carrying(target, flows)]))
    _refuse_absent(target, flows)
    signs = _signs(target, flows)
    return float((signs * flows.value).sum())


def change(target: Target) -> Metric:
    """Return the function of a solve that gives the change of the figure.

    Examples
    --------
    >>> change(Target("balance", 0.0))
    'balance'
    """
    if target.what == "kilotonnes":
        return _tonnes(target)
    if target.prefixes == ("",) and target.what != "total":
        return target.what

    def moved(accounts: Accounts) -> Floats:
        flows, by_flow, _ = accounts
        before, after = by_flow["value"]
        return (_signs(target, flows) * (after - before)).sum(axis=-1)

    return moved


def _tonnes(target: Target) -> Callable[[Accounts], Floats]:
    def moved(accounts: tuple[Flows, Pairs, Pairs]) -> Floats:
        flows, by_flow, _ = accounts
        chosen = _flow(target, flows)
        before, after = (np.nan_to_num(tonnes) for tonnes in by_flow["kilotonnes"])
        return np.where(chosen, after - before, 0.0).sum(axis=-1)

    return moved


def _signs(target: Target, flows: Flows) -> Floats:
    sold, bought = SIGNS[target.what]
    me, other = flows.baseline.reporter, flows.baseline.partner
    exports = (flows.importer == other) & (flows.exporter == me)
    imports = (flows.importer == me) & (flows.exporter == other)
    return np.where(_goods(target, flows), sold * exports + bought * imports, 0.0)


def _goods(target: Target, flows: Flows) -> Flags:
    wanted = np.zeros(len(flows), dtype=bool)
    for prefix in target.prefixes:
        wanted |= np.strings.startswith(flows.product, prefix)
    return wanted


def _flow(target: Target, flows: Flows) -> Flags:
    importer = target.importer or flows.baseline.reporter
    exporter = target.exporter or flows.baseline.partner
    pair = (flows.importer == importer) & (flows.exporter == exporter)
    return pair & _goods(target, flows)


def _carrying(target: Target, flows: Flows) -> Flags:
    chosen = _flow(target, flows)
    if not (flows.kilotonnes[chosen] > 0).any():
        known = np.unique(flows.product[flows.kilotonnes > 0])
        raise ValueError(
            f"The baseline has no kilotonnes for '{target}'; "
            + nearest(target.prefixes[0], known)
        )
    return chosen


def _refuse_absent(target: Target, flows: Flows) -> None:
    for prefix in target.prefixes:
        if not np.strings.startswith(flows.product, prefix).any():
            held = np.unique(flows.product)
            raise ValueError(f"No product {shown(prefix)}; {nearest(prefix, held)}")
