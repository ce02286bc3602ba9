"""Exact nested CES (Armington) partial equilibrium with finite export supply."""

from __future__ import annotations

import dataclasses
from typing import ClassVar

import numpy as np

from toolkit.market import Shocks
from toolkit.market.flows import Floats
from toolkit.models.accounts import Outcome, Rents, Residual
from toolkit.models.ces import CesMarkets, CesSolution, NotConverged
from toolkit.models.clearing import cleared
from toolkit.models.parameters import Parameters
from toolkit.models.partial import PartialEquilibrium
from toolkit.models.refusals import in_market
from toolkit.models.surplus import buyers_spending, consumer_surplus, producer_surplus

ROUNDING = 1e-12

EDGE = 1e-9  # relative; prices nearer to each other than that are one


@dataclasses.dataclass(frozen=True, eq=False)
class Armington(PartialEquilibrium):
    """Imports of a product by origin as CES varieties, solved exactly.

    For each importer and product, demand for the variety of supplier i is
    ``q_i = A a_i p_i^-sigma P^(sigma + eta)`` with
    ``P^(1-sigma) = sum_i s_i a_i p_i^(1-sigma)`` (hats; ``s`` base expenditure
    shares), supply is ``d_i q_i = (c_i / z_i)^mu_i`` with ``p_i = wedge_i d_i
    c_i``. One scalar equation in ``ln P`` remains per market. A cap or a target on
    a quantity adds a shadow wedge.

    Goods that the baseline marks ``homogeneous`` (crude oil) are bought from whoever
    delivers them cheapest, at ``p_i = (P_w - discount + freight)(1 + t)(1 + kappa)``:
    the same equations with a sigma of near-perfect substitutes, or with sigma infinite
    one delivered price ``P`` with sellers filling in merit order,
    ``sum_i s_i q_i(P) = A P^eta`` (:mod:`toolkit.models.merit`).

    Parameters
    ----------
    substitution_elasticity : float or Series, optional
        sigma > 0, between origins; infinity for homogeneous goods. A Series is
        indexed by any of importer, exporter, product; what it lacks comes from the
        library.
    import_demand_elasticity : float or Series, optional
        eta <= 0, of the composite of all suppliers in the baseline.
    export_supply_elasticity : float or Series, optional
        mu > 0, of each supplier to this market; infinity is the small importer.
    case : {"central", "low", "high"}
        Which end of the library's intervals to use for what is not given.

    Raises
    ------
    ValueError
        An elasticity of the wrong sign, an unknown case.
    toolkit.models.ces.NotConverged
        A market that does not clear.

    Notes
    -----
    Sources: Hallren and Riker (USITC Working Paper 2017-07-B); Riker and
    Schreiber (2019). Assumptions: separable CES per product, constant
    elasticities, perfect competition, no income effect, no link between products
    or between importers. Not for: wages and economy-wide effects, entry of new
    varieties (other than by :class:`~toolkit.levers.MarketAccess`), markets where
    the constraint is payment or logistics and the cap is a guess. Of homogeneous goods
    base prices are taken as equal for equal quality: a discount today is quality.
    :func:`toolkit.crude_episodes` says by how much the model misses what happened.

    Examples
    --------
    A 10 % duty on the second of three suppliers, base shares 60/30/10
    (Hallren and Riker 2017, as published: +2.12 %, +7.85 %, +0.75 %):

    >>> import pandas as pd
    >>> from toolkit.baseline import Baseline
    >>> from toolkit.levers import TariffCut
    >>> from toolkit.scenario import Scenario
    >>> frame = pd.DataFrame({"importer": "CHN", "exporter": ["BRA", "USA", "ROW"],
    ...     "product": "", "value_usd_mn": [60.0, 30.0, 10.0], "applied_rate": 0.0})
    >>> base = Baseline.from_frame(frame, reporter="CHN", partner="USA")
    >>> supply = pd.Series({"BRA": 1.0, "USA": 10.0, "ROW": 10.0})
    >>> model = Armington(4.0, -1.0, supply.rename_axis("exporter"))
    >>> duty = TariffCut(importer="CHN", exporter="USA", to=0.1)
    >>> result = model.solve(base, Scenario("duty", [duty]))
    >>> price = result.frame.query("variable == 'consumer_price'")
    >>> price.set_index("exporter")["counterfactual"].round(8).to_dict()
    {'BRA': 1.02124038, 'ROW': 1.00753465, 'USA': 1.07851502}
    """

    name: ClassVar[str] = "Armington"
    assumes: ClassVar[str] = (
        "each market apart; nested CES of suppliers, solved exactly; no incomes"
    )
    use: ClassVar[str] = "bilateral imports, targets, disruptions, by product"
    merges: ClassVar[bool] = True

    def outcome(self, shock: Shocks, parameters: Parameters) -> Outcome:
        """Return the counterfactual of given shocks as arrays; axes may lead."""
        markets = ces_markets(shock, parameters)
        _refuse_entry_at_one(markets)
        try:
            solution = cleared(markets)
        except NotConverged as error:
            raise in_market(error, shock.flows) from error
        return valued(shock, parameters, markets, solution)


def ces_markets(shock: Shocks, parameters: Parameters) -> CesMarkets:
    """Return the numeric problem: shares, elasticities and logs of the shocks."""
    flows = shock.flows
    paid = buyers_spending(shock, flows.value)
    entry = buyers_spending(shock, shock["newcomer"])
    spending = flows.by_flow(flows.total(paid))
    known = np.where(spending > 0, spending, 1.0)
    nu = np.where(shock["held"] > 0, 0.0, 1.0 / parameters.mu)
    offered = _most_at_price_cap(shock, nu)
    _refuse_target_above(shock, offered)
    with np.errstate(divide="ignore"):
        return CesMarkets(
            flows.starts,
            flows.market,
            share=paid / known,
            new=np.where(spending > 0, entry / known, 0.0),
            sigma=parameters.sigma,
            eta=parameters.eta,
            nu=nu,
            ln_wedge=np.log(shock.wedge),
            ln_cost=np.log(shock.cost),
            ln_iceberg=np.log(shock.iceberg),
            ln_size=np.log(shock["growth"]),
            ln_cap=np.minimum(np.log(shock.cap), offered),
            ln_floor=np.log(shock["floor"]),
        )


def _refuse_entry_at_one(markets: CesMarkets) -> None:
    """Raise where a newcomer meets fixed expenditure shares, which leave it none."""
    fixed = (np.abs(markets.sigma - 1.0) < 1e-9) & (markets.new > 0)
    if fixed.any():
        raise NotConverged(
            "What opening a market brings is not defined at a substitution elasticity "
            "of exactly one: expenditure shares are fixed. Give another."
        )


def _most_at_price_cap(shock: Shocks, nu: Floats) -> Floats:
    """Return the log of the quantity that is offered at the highest price allowed."""
    if np.isposinf(shock["price_cap"]).all():
        parts = (shock["price_cap"], shock.cost, shock.iceberg, nu)
        return np.full(np.broadcast_shapes(*(part.shape for part in parts)), np.inf)
    with np.errstate(divide="ignore", invalid="ignore"):
        gap = np.log(shock["price_cap"] / shock.cost / shock.iceberg)
        rising = gap / np.where(nu > 0, nu, 1.0) - np.log(shock.iceberg)
    flat = np.where(gap < -EDGE, -np.inf, np.inf)
    return np.where(nu > 0, rising, flat)


def _refuse_target_above(shock: Shocks, offered: Floats) -> None:
    over = shock["floor"] > np.exp(offered) * (1.0 + EDGE)
    if over.any():
        flow = int(np.flatnonzero(over.reshape(-1, over.shape[-1]).any(axis=0))[0])
        raise NotConverged(
            f"A target asks for more of HS {shock.flows.product[flow]} from "
            f"{shock.flows.exporter[flow]} than its price cap brings forth: lower the "
            "target or raise the cap."
        )


def valued(
    shock: Shocks,
    parameters: Parameters,
    markets: CesMarkets,
    solution: CesSolution,
) -> Outcome:
    """Return flows, prices, rents and surplus of solved markets."""
    alive = np.isfinite(solution.ln_quantity)
    price = np.exp(np.where(alive, solution.ln_price, 0.0))
    quantity = np.exp(solution.ln_quantity)
    base = np.where(shock["newcomer"] > 0, shock["newcomer"], shock.flows.value)
    at_border = price / shock.wedge
    supply_price = _supply_price(markets, solution)
    paid = _price_paid(shock, at_border, supply_price)
    sold = np.where(alive, base * quantity, 0.0)
    valued_at = paid / np.where(shock.flows.fob, shock.iceberg, 1.0)
    rents = Rents(
        shadow=np.where(alive, at_border / supply_price, np.nan),
        to_importer=sold * (at_border - paid),
        to_exporter=sold * (paid - supply_price),
        producer_surplus=producer_surplus(shock, parameters, supply_price, quantity),
    )
    return Outcome(
        value=_with_contracts(sold * valued_at, shock["scheduled"]),
        quantity=quantity,
        consumer_price=np.where(alive, price, np.nan),
        producer_price=np.where(alive, paid / shock.iceberg, np.nan),
        index=np.exp(solution.ln_index),
        consumer_surplus=consumer_surplus(shock, parameters, markets, solution),
        residuals=_residuals(
            shock, parameters, markets, solution, (price, quantity, supply_price)
        ),
        rents=rents,
        iterations=solution.iterations,
    )


def _with_contracts(bought: Floats, scheduled: Floats) -> Floats:
    """Return purchases plus contracts; a contract that ends them all leaves zero."""
    value = bought + scheduled
    return np.where(np.abs(value) <= ROUNDING * np.abs(scheduled), 0.0, value)


def _price_paid(shock: Shocks, at_border: Floats, supply_price: Floats) -> Floats:
    """Return the border price of each flow, between supply and buyers' price.

    Without a bound they are one. A bound whose wedge is the exporter's is paid at
    the buyers' price. Else a target is paid at the price that brings forth the
    supply, and a capped flow at today's price: what is missing was taken away, it
    was not made cheaper. Nobody pays more than a price cap; a seller at its capacity
    is paid what buyers pay.
    """
    today = shock.cost * shock.iceberg
    capped = np.clip(today, supply_price, np.maximum(at_border, supply_price))
    importer = np.where(at_border > supply_price, capped, supply_price)
    held = np.abs(at_border / supply_price - 1.0) > EDGE
    paid = np.where(held & ~shock.exporter_keeps, importer, at_border)
    return np.minimum(paid, np.maximum(shock["price_cap"], supply_price))


def _residuals(
    shock: Shocks,
    parameters: Parameters,
    markets: CesMarkets,
    solution: CesSolution,
    solved: tuple[Floats, Floats, Floats],
) -> tuple[Residual, ...]:
    """Adding-up of spending, supply equal to demand, bounds honoured."""
    price, quantity, supply = solved
    flows = shock.flows
    alive = np.isfinite(solution.ln_quantity)
    weight = np.where(markets.share > 0, markets.share, markets.new)
    spent = flows.total(weight * price * quantity)
    eta = parameters.eta[..., flows.starts]
    size = shock["growth"][..., flows.starts]
    due = size * np.exp((1.0 + eta) * solution.ln_index)
    live = flows.total(np.where(alive, weight, 0.0)) > 0
    offered = np.exp(_most_at_price_cap(shock, markets.nu))
    cap = np.minimum(shock.cap, offered)
    held = (cap < np.inf) | (shock["floor"] > 0) | (weight <= 0) | ~alive
    unsold = np.where(held, 0.0, price / shock.wedge / supply - 1.0)
    over = np.maximum(quantity - cap, shock["floor"] - quantity)
    over = over / np.maximum(quantity, 1.0)
    broken = np.where(weight > 0, np.maximum(over, 0.0), 0.0)
    return (
        Residual("price index clears", solution.residual),
        Residual.of("spending adds up", flows, np.where(live, spent / due - 1.0, 0.0)),
        Residual.of("supply meets demand", flows, unsold),
        Residual.of("caps and targets are kept", flows, broken),
    )


def _supply_price(markets: CesMarkets, solution: CesSolution) -> Floats:
    """Return the border price at which suppliers offer the quantity."""
    shipped = markets.ln_iceberg + solution.ln_quantity
    rise = markets.nu * np.where(np.isfinite(shipped), shipped, 0.0)
    return np.exp(markets.ln_cost + markets.ln_iceberg + rise)
