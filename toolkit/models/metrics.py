"""The few numbers of a solve that many questions ask for, draw by draw."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from toolkit.market import Flows
from toolkit.market.flows import Flags, Floats
from toolkit.models.accounts import Pairs
from toolkit.schema import nearest, shown

Accounts = tuple[Flows, Pairs, Pairs]


def _moved(pair: tuple[Floats, Floats], chosen: Flags) -> Floats:
    before, after = pair
    return np.where(chosen, after - before, 0.0).sum(axis=-1)


def _flow(accounts: Accounts, importer: str, exporter: str) -> Floats:
    flows, by_flow, _ = accounts
    chosen = (flows.importer == importer) & (flows.exporter == exporter)
    return _moved(by_flow["value"], chosen)


def _exports(accounts: Accounts) -> Floats:
    base = accounts[0].baseline
    return _flow(accounts, base.partner, base.reporter)


def _imports(accounts: Accounts) -> Floats:
    base = accounts[0].baseline
    return _flow(accounts, base.reporter, base.partner)


def _balance(accounts: Accounts) -> Floats:
    return _exports(accounts) - _imports(accounts)


def _world(accounts: Accounts) -> Floats:
    flows, by_flow, _ = accounts
    me, abroad = flows.baseline.reporter, flows.importer != flows.exporter
    sold = _moved(by_flow["value"], abroad & (flows.exporter == me))
    return sold - _moved(by_flow["value"], abroad & (flows.importer == me))


def _revenue(accounts: Accounts) -> Floats:
    flows, by_flow, _ = accounts
    mine = flows.importer == flows.baseline.reporter
    return _moved(by_flow["tariff_revenue"], mine)


def _welfare(accounts: Accounts) -> Floats:
    flows, by_flow, by_market = accounts
    me = flows.baseline.reporter
    bought = _moved(by_market["welfare"], flows.importer[flows.starts] == me)
    if "producer_surplus" not in by_flow:
        return bought
    return bought + _moved(by_flow["producer_surplus"], flows.exporter == me)


Metric = str | Callable[[Accounts], Floats]
METRICS: Mapping[str, Callable[[Accounts], Floats]] = {
    "exports": _exports,
    "imports": _imports,
    "balance": _balance,
    "revenue": _revenue,
    "welfare": _welfare,
    "world": _world,
}


def measure(
    flows: Flows, by_flow: Pairs, by_market: Pairs, names: Sequence[Metric]
) -> Floats:
    """Return the change of each metric, US$ million.

    Parameters
    ----------
    flows : Flows
    by_flow, by_market : mapping of variable to (baseline, counterfactual)
    names : sequence of str or callable
        Of ``METRICS``: the reporter's exports to, imports from and balance with
        the partner, its tariff revenue, its welfare, its balance with all countries
        of the baseline. Or a function of (flows, variables by flow, variables by
        market) to a change.

    Returns
    -------
    ndarray, shape (..., K)

    Raises
    ------
    ValueError
        An unknown metric.
    """
    for name in names:
        if isinstance(name, str) and name not in METRICS:
            raise ValueError(
                f"metric {shown(name)} is unknown; {nearest(name, METRICS)}"
            )
    accounts = (flows, by_flow, by_market)
    found = [
        (METRICS[name] if isinstance(name, str) else name)(accounts) for name in names
    ]
    return np.stack(np.broadcast_arrays(*found), axis=-1)
