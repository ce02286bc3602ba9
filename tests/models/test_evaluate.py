"""Many draws in one call: the bits of one solve after another, and its refusals."""

import numpy as np
import pytest

import toolkit as tk
from markets import both_ways, scenario
from toolkit.market import Shocks, effects_of, flows_of, shocks_of
from toolkit.models.metrics import METRICS
from toolkit.models.parameters import Parameters, resolve

DRAWS = 200
LEVERS = (
    tk.FreeTradeAgreement(coverage=0.9),
    tk.NonTariffEasing(importer="RUS", exporter="IND", by=0.3, rent=0.5, resource=0.5),
    tk.QuantityTarget(importer="IND", exporter="RUS", products="31", kilotonnes=7000),
    tk.SupplyDisruption(importer="IND", exporter="RUS", products="2709", by=0.3),
    tk.PriceChange(importer="IND", exporter="RUS", products="27", by=-0.1),
    tk.DemandGrowth(importer="RUS", by=0.05),
    tk.MarketAccess(importer="RUS", exporter="IND", products="0701", share=0.1),
)


def shocked(base, levers):
    deal = scenario(*levers)
    return shocks_of(base, deal, effects_of(base, deal))


def drawn(base, model, count=DRAWS):
    """Return channels and elasticities of many draws, all different."""
    rng = np.random.default_rng(7)
    shock, central = shocked(base, LEVERS), resolve(model, base)
    scale = rng.uniform(0.5, 1.0, (count, 1, 1))
    rest = np.asarray(shocked(base, ()).channels)
    finite = np.isfinite(rest) & np.isfinite(shock.channels)
    change = np.where(finite, shock.channels, 0) - np.where(finite, rest, 0)
    mixed = np.where(finite, rest, shock.channels) + scale * change
    flows = shock.flows
    market = rng.lognormal(0.0, 0.4, (3, count, len(flows.starts)))
    sigma, eta = (
        values * flows.by_flow(draw)
        for values, draw in zip((central.sigma, central.eta), market, strict=False)
    )
    mu = central.mu * rng.lognormal(0.0, 0.4, (count, len(flows)))
    return mixed, Parameters(flows, sigma, eta, mu)


@pytest.fixture(scope="module")
def official():
    return tk.load_baseline()


def test_many_draws_are_the_bits_of_one_after_another(official):
    model, flows = tk.Armington(), flows_of(official)
    channels, values = drawn(official, model)
    shock = Shocks(flows, channels)
    together = model.outcome(shock, values)
    for n in (0, 1, 57, DRAWS - 1):
        one = model.outcome(
            Shocks(flows, channels[n]),
            Parameters(flows, values.sigma[n], values.eta[n], values.mu[n]),
        )
        for name in ("value", "quantity", "index", "consumer_surplus"):
            assert np.array_equal(getattr(together, name)[n], getattr(one, name))


@pytest.mark.parametrize("cells", [1, 5_000, 10**7])
def test_the_numbers_of_many_draws_do_not_depend_on_the_chunks(official, cells):
    model, flows = tk.Armington(), flows_of(official)
    channels, values = drawn(official, model)
    found = model.evaluate(Shocks(flows, channels), values, cells=cells)
    assert found.shape == (DRAWS, len(METRICS))
    one = [
        model.evaluate(
            Shocks(flows, channels[n]),
            Parameters(flows, values.sigma[n], values.eta[n], values.mu[n]),
        )
        for n in range(DRAWS)
    ]
    assert np.array_equal(found, np.stack(one))


def world_balance(result):
    """Return the change of India's balance with all, also where it is not published."""
    rows = result.frame.query("variable == 'value' and importer != exporter")
    sides = rows.groupby(["exporter"])["change"].sum(), rows.groupby("importer")
    return sides[0]["IND"] - sides[1]["change"].sum()["IND"]


@pytest.mark.parametrize("model", [tk.Armington(), tk.Smart(2.0, -0.8, 4.0)])
def test_one_draw_is_the_solve(official, model):
    levers = LEVERS[:1] if isinstance(model, tk.Smart) else LEVERS
    result = model.solve(official, scenario(*levers))
    found = model.evaluate(shocked(official, levers))
    account = result.accounts().loc["IND"]
    due = [
        *result.balance()["change"],
        account["tariff_revenue"],
        account["welfare"],
        world_balance(result),
    ]
    scale = official.frame["value_usd_mn"].sum()
    assert np.abs(found - due).max() < 1e-12 * scale


def test_only_shocks_or_only_elasticities_may_be_drawn(official):
    model, flows = tk.Armington(), flows_of(official)
    channels, values = drawn(official, model, 5)
    fixed = shocked(official, LEVERS)
    assert model.evaluate(Shocks(flows, channels)).shape == (5, len(METRICS))
    assert model.evaluate(fixed, values).shape == (5, len(METRICS))
    nested = channels.reshape(5, 1, *channels.shape[1:])
    found = model.evaluate(Shocks(flows, nested), values)
    assert found.shape == (5, 5, len(METRICS))
    assert model.evaluate(fixed, metrics=["balance"]).shape == (1,)


def test_a_draw_that_solve_refuses_is_refused_among_many(official):
    model, flows = tk.Armington(), flows_of(official)
    cut = tk.SupplyDisruption(importer="IND", exporter="RUS", products="2709", by=0.5)
    good = shocked(official, (cut,))
    bad = tk.ScheduledImport(
        importer="IND", exporter="RUS", products="2709", usd_mn=-50_000
    )
    deal = scenario(cut, bad)
    with pytest.raises(tk.NotConverged, match="not negative"):
        model.solve(official, deal)
    both = np.stack([good.channels, shocked(official, deal.levers).channels])
    with pytest.raises(tk.NotConverged, match="not negative"):
        model.evaluate(Shocks(flows, both))


def test_an_unknown_metric_is_named():
    base = both_ways()
    with pytest.raises(ValueError, match="'export' is unknown; did you mean 'exports'"):
        tk.Armington().evaluate(shocked(base, ()), metrics=["export"])
