"""Which function turns which lever into its effect: the one place for all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from toolkit import levers as kinds
from toolkit.baseline import Baseline
from toolkit.levers import Lever
from toolkit.levers.timing import check_year
from toolkit.market import (
    barriers,
    demand,
    disruption,
    mobility,
    prices,
    quantities,
    sanctions,
    tariffs,
)
from toolkit.market.effect import Effect
from toolkit.market.flows import Flows, flows_of
from toolkit.scenario import Scenario

EFFECTS: Mapping[type[Lever], Callable[[Any, Flows], Effect]] = {
    kinds.TariffCut: tariffs.tariff_cut,
    kinds.FreeTradeAgreement: tariffs.free_trade_agreement,
    kinds.NonTariffEasing: barriers.non_tariff_easing,
    kinds.MarketAccess: barriers.market_access,
    kinds.TradeCostChange: barriers.trade_cost_change,
    kinds.QuantityTarget: quantities.quantity_target,
    kinds.SupplyDisruption: disruption.supply_disruption,
    kinds.ScheduledImport: quantities.scheduled_import,
    kinds.PriceChange: prices.price_change,
    kinds.PriceCap: sanctions.price_cap,
    kinds.SanctionCost: sanctions.sanction_cost,
    kinds.ExchangeRate: prices.exchange_rate,
    kinds.PaymentFriction: prices.payment_friction,
    kinds.ThirdMarketTariff: demand.third_market_tariff,
    kinds.DemandGrowth: demand.demand_growth,
    kinds.Mobility: mobility.mobility_account,
}


def effect_of(lever: Lever, flows: Flows, year: int | None = None) -> Effect:
    """Return what a lever does to a baseline's flows in a year.

    Parameters
    ----------
    lever : Lever
    flows : Flows
    year : int, optional
        Calendar year; without it the lever is fully in force.

    Raises
    ------
    ValueError
        The lever names a country or product that the baseline does not hold, or
        is of a kind that no function here knows.
    """
    if type(lever) not in EFFECTS:
        raise ValueError(f"{type(lever).__name__} is not a lever of this market.")
    when = year if lever.start is not None or lever.schedule else None
    return flows.remembered(lever, when, _effect_of)


def _effect_of(lever: Lever, flows: Flows, year: int | None) -> Effect:
    full = EFFECTS[type(lever)](lever, flows)
    return full.staged(flows, lever.share_in_force(year, flows.product[full.where]))


def effects_of(
    baseline: Baseline, scenario: Scenario, year: int | None = None
) -> list[Effect]:
    """Return the effect of each lever of a scenario, in order."""
    flows = flows_of(baseline)
    when = None if year is None else check_year(year, "year")
    return [effect_of(lever, flows, when) for lever in scenario.levers]
