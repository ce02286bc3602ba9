"""Faults put in on purpose: each must be noticed by a check or by another test.

Every entry plants one plausible mistake and names what should notice it. The
notice passes on the healthy package (tested too) and must fail on the faulty one.
"""

import dataclasses

import numpy as np
import pytest

import test_acceptance
import test_armington
import test_attribution
import test_baseline
import test_market
import test_published
import toolkit as tk
from markets import INFINITE, both_ways, scenario
from toolkit import datasets
from toolkit.analysis import attribution
from toolkit.market import flows, shocks, tariffs
from toolkit.models import armington, gather, smart
from toolkit.result import parts

BOUGHT = {"importer": "IND", "exporter": "RUS"}


def wrap(patch, room, name, change):
    """Replace a function by one whose answer is changed."""
    healthy = getattr(room, name)
    patch.setattr(room, name, lambda *args: change(healthy(*args), *args))


# --- what should notice -------------------------------------------------------


def checked(*levers, model=None, market=None):
    """Solve, and assert what ``result.check()`` reports."""
    model = model or tk.Armington(2.0, -0.6, 3.0)
    result = model.solve(market or both_ways(), scenario(*levers))
    failed = result.check().query("~holds").index.tolist()
    assert not failed, failed


def checked_cut():
    checked(tk.TariffCut(**BOUGHT, to=0.0))


def checked_cap():
    checked(tk.SupplyDisruption(**BOUGHT, by=0.5))


def checked_smart():
    checked(tk.TariffCut(**BOUGHT, to=0.0), model=tk.Smart(1.5, -1.0, INFINITE))


def official_totals():
    test_baseline.test_official_totals("2024-25", 4881.3, 63811.4)


def published_ces():
    market = test_published.slide.__wrapped__()
    test_published.test_ces_example_agrees_with_the_computed_digits(market, "quantity")


def published_smart():
    test_published.test_smart_preference_to_one_source()


def exports_only():
    base = tk.load_baseline()
    test_acceptance.test_free_access_to_russia_moves_exports_only(base, tk.Armington())


def specific_duty():
    test_acceptance.test_a_specific_duty_is_turned_into_a_rate_with_the_flows_unit_value()


def independent_solver():
    test_armington.test_random_markets_with_all_levers_agree_with_a_full_system(0)


def rows_sum():
    test_attribution.test_two_levers_by_hand()
    test_attribution.test_more_than_ten_levers_in_a_market_are_sampled_and_still_add_up(
        ["31"]
    )


# --- the faults ---------------------------------------------------------------


def percent_for_decimal(patch):
    wrap(patch, tariffs, "_new_rate", lambda rate, *_: 100 * rate)


def cif_for_fob(patch):
    """India's exports taken from Russia's import statistics, 8 % of freight up."""

    def dearer(frame, name):
        if name == "flows":
            sold = (frame["importer"] == "RUS") & (frame["exporter"] == "IND")
            frame.loc[sold, "value_usd_mn"] *= 1.08
        return frame

    wrap(patch, datasets, "load", dearer)


def sign_of_the_demand_elasticity(patch):
    def positive(m, *_):
        return dataclasses.replace(m, eta=-m.eta)

    wrap(patch, armington, "ces_markets", positive)


def sign_of_the_demand_elasticity_in_smart(patch):
    wrap(patch, smart, "creation", lambda created, *_: -created)


def supply_elasticity_for_its_inverse(patch):
    def inverted(m, *_):
        return dataclasses.replace(m, nu=1 / np.maximum(m.nu, 1e-9))

    wrap(patch, armington, "ces_markets", inverted)


def diversion_that_does_not_sum(patch):
    wrap(patch, smart, "diversion", lambda d, *_: np.where(d > 0, 1.1 * d, d))


def diversion_to_the_first_order(patch):
    """The unbounded form: 18.75 instead of 17.647 in the published case."""
    wrap(patch, smart, "diversion", lambda d, *_: d * 18.75 / (300 / 17))


def importer_and_exporter_swapped(patch):
    healthy = flows.Flows.match

    def swapped(self, importer, exporter, *rest):
        return healthy(self, exporter, importer, *rest)

    patch.setattr(flows.Flows, "match", swapped)


def flows_read_with_axes_swapped(patch):
    healthy = parts.Keys.flow

    def swapped(self, importer, exporter):
        return healthy(self, exporter, importer)

    patch.setattr(parts.Keys, "flow", swapped)


def shares_at_world_prices(patch):
    def ex_tariff(m, shock, *_):
        market = shock.flows
        total = market.by_flow(market.total(market.value))
        return dataclasses.replace(m, share=market.value / total)

    wrap(patch, armington, "ces_markets", ex_tariff)


def cap_ignored(patch):
    wrap(
        patch,
        armington,
        "ces_markets",
        lambda m, *_: dataclasses.replace(m, ln_cap=np.full_like(m.ln_cap, np.inf)),
    )


def index_off_by_a_little(patch):
    wrap(
        patch,
        armington,
        "cleared",
        lambda s, *_: dataclasses.replace(s, ln_index=s.ln_index + 1e-6),
    )


def revenue_at_old_values(patch):
    def stale(found, shock, *_):
        before, _ = found["tariff_revenue"]
        wrong = shock.rate * shock.flows.value
        return {**found, "tariff_revenue": (before, wrong)}

    wrap(patch, gather, "flow_accounts", stale)


def iceberg_left_out_of_the_price(patch):
    patch.setattr(
        shocks.Shocks,
        "iceberg",
        property(lambda self: np.ones(len(self.flows))),
    )


def duty_as_part_of_the_import_value(patch):
    def landed(out, shock, *_):
        return dataclasses.replace(out, value=out.value * (1 + shock.rate))

    wrap(patch, armington, "valued", landed)


def lever_counted_twice(patch):
    healthy = attribution.weights

    def double(players):
        out = healthy(players).copy()
        out[0] *= 2
        return out

    patch.setattr(attribution, "weights", double)


def duties_move_project_goods(patch):
    patch.setattr(tariffs, "_driven", lambda market, found: (found, ()))


def project_goods_stay():
    base = tk.load_baseline()
    test = test_acceptance.test_project_and_defence_goods_move_with_no_duty_lever
    test(base, "93")


FAULTS = [
    (percent_for_decimal, specific_duty),
    (cif_for_fob, official_totals),
    (sign_of_the_demand_elasticity, checked_cut),
    (sign_of_the_demand_elasticity, independent_solver),
    (sign_of_the_demand_elasticity_in_smart, published_smart),
    (supply_elasticity_for_its_inverse, published_ces),
    (diversion_that_does_not_sum, checked_smart),
    (diversion_to_the_first_order, published_smart),
    (importer_and_exporter_swapped, exports_only),
    (flows_read_with_axes_swapped, exports_only),
    (shares_at_world_prices, independent_solver),
    (cap_ignored, checked_cap),
    (index_off_by_a_little, checked_cut),
    (revenue_at_old_values, checked_cut),
    (iceberg_left_out_of_the_price, test_market.freight),
    (duty_as_part_of_the_import_value, test_market.agreement),
    (lever_counted_twice, rows_sum),
    (duties_move_project_goods, project_goods_stay),
]


def named(function):
    return function.__name__


@pytest.mark.parametrize("notice", dict.fromkeys(n for _, n in FAULTS), ids=named)
def test_nothing_is_noticed_in_the_healthy_package(notice):
    notice()


@pytest.mark.parametrize(("fault", "notice"), FAULTS, ids=named)
def test_the_fault_is_noticed(monkeypatch, fault, notice):
    fault(monkeypatch)
    with pytest.raises((AssertionError, tk.NotConverged)):
        notice()
