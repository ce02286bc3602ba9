"""What it would take: values recovered, none invented."""

import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import toolkit as tk
from markets import INFINITE, both_ways, frame, scenario
from toolkit.analysis.candidates import in_part, numeric_fields
from toolkit.analysis.moments import Moment
from toolkit.analysis.roots import search
from toolkit.levers import KINDS

CLOSE = 1e-8
MODEL = tk.Armington(3.0, -0.8, 4.0)
TURNING = tk.Armington(3.0, -0.3, INFINITE)  # a cheap origin earns less for cheaper
BOUGHT = {"importer": "IND", "exporter": "RUS", "products": "31"}
SOLD = {"importer": "RUS", "exporter": "IND", "products": "30"}
NEW = {"importer": "RUS", "exporter": "IND", "products": "07"}


def market():
    """Return both directions, a third market, a blocked good, tonnes and measures."""
    rows = frame(
        ("IND", "RUS", "31", 100.0, 0.1),
        ("IND", "ROW", "31", 300.0, 0.1),
        ("IND", "RUS", "98", 50.0, 0.0),
        ("RUS", "IND", "30", 40.0, 0.08),
        ("RUS", "ROW", "30", 60.0, 0.08),
        ("RUS", "IND", "07", 0.0, 0.1),
        ("RUS", "ROW", "07", 30.0, 0.1),
        ("USA", "IND", "30", 80.0, 0.0),
        ("USA", "ROW", "30", 20.0, 0.0),
    )
    rows["kilotonnes"] = 2.0 * rows["value_usd_mn"]
    return tk.Baseline.from_frame(rows)


def oil_market():
    """Return crude as large as India's, homogeneous, from Russia and the rest."""
    rows = frame(
        ("IND", "RUS", "2709", 50_000.0, 0.0), ("IND", "ROW", "2709", 90_000.0, 0.0)
    )
    rows["kilotonnes"] = [90_000.0, 155_000.0]
    return tk.Baseline.from_frame(rows.assign(homogeneous=True))


BASE, OIL_BASE = market(), oil_market()
OIL = {"importer": "IND", "exporter": "RUS", "products": "2709"}
LOSS = {**OIL, "by": 0.5, "rerouted": 0.3}
DIVERTED = {"market": "USA", "products": "30", "add": 0.3}
HALF = {**BOUGHT, "by": 0.5}
ABROAD = {"workers": 1000.0, "students": 100.0, "spending_usd": 3000.0}

# Lever, field, where it responds, what it is asked to reach.
OPEN = [
    (tk.TariffCut(**SOLD, to=0.0), "to", (0.0, 0.3), "exports"),
    (tk.TariffCut(**SOLD, by=0.5), "by", (0.0, 1.0), "exports"),
    (tk.TariffCut(**SOLD, mfn_times=0.5), "mfn_times", (0.0, 1.0), "exports"),
    (tk.TariffCut(**SOLD, specific_to=9.0), "specific_to", (0.0, 40.0), "exports"),
    (tk.FreeTradeAgreement(), "coverage", (0.0, 1.0), "total"),
    (tk.FreeTradeAgreement(coverage=0.9), "utilisation", (0.0, 1.0), "balance"),
    (tk.NonTariffEasing(**SOLD, by=0.5), "by", (0.0, 1.0), "exports"),
    (tk.NonTariffEasing(**SOLD, by=0.5), "ave", (0.01, 1.0), "exports"),
    (tk.MarketAccess(**NEW, share=0.1), "share", (0.01, 0.5), "exports"),
    (tk.TradeCostChange(**BOUGHT), "factor", (0.7, 1.5), "imports"),
    (tk.QuantityTarget(**BOUGHT, kilotonnes=1.0), "kilotonnes", (210, 500), "imports"),
    (tk.QuantityTarget(**BOUGHT, usd_mn=1.0), "usd_mn", (110, 300), "kilotonnes"),
    (
        tk.QuantityTarget(**NEW, kilotonnes=9.0, unit_price=400.0),
        "unit_price",
        (100.0, 900.0),
        "exports",
    ),
    (tk.SupplyDisruption(**BOUGHT, by=0.5), "by", (0.05, 0.9), "imports"),
    (
        tk.SupplyDisruption(**BOUGHT, to_mbd=0.002),
        "to_mbd",
        (0.0004, 0.0035),
        "imports",
    ),
    (
        tk.SupplyDisruption(**BOUGHT, to_kilotonnes=90.0),
        "to_kilotonnes",
        (10.0, 180.0),
        "kilotonnes",
    ),
    (tk.SupplyDisruption(**HALF), "seller_share", (0.05, 1.0), "imports"),
    (tk.SupplyDisruption(**HALF), "months", (0.5, 12.0), "imports"),
    (
        tk.ScheduledImport(importer="IND", exporter="RUS", products="98"),
        "usd_mn",
        (-40.0, 400.0),
        "balance",
    ),
    (tk.PriceChange(**BOUGHT), "by", (-0.2, 0.6), "kilotonnes"),
    (tk.ExchangeRate(currency="RUB", by=0.1), "by", (-0.4, 0.5), "exports"),
    (
        tk.ExchangeRate(currency="RUB", by=-0.3),
        "import_pass_through",
        (0.0, 1.0),
        "exports",
    ),
    (
        tk.ExchangeRate(currency="RUB", by=-0.3, export_pass_through=0.5),
        "export_pass_through",
        (0.0, 1.0),
        "kilotonnes",
    ),
    (tk.PaymentFriction(cost=0.02), "cost", (-0.2, 0.5), "total"),
    (tk.PaymentFriction(cost=0.1), "share", (0.05, 1.0), "total"),
    (tk.ThirdMarketTariff(**DIVERTED), "add", (-0.4, 0.4), "exports"),
    (tk.ThirdMarketTariff(**DIVERTED), "demand_elasticity", (-9.0, -0.5), "exports"),
    (tk.ThirdMarketTariff(**DIVERTED), "home_share", (0.1, 0.9), "exports"),
    (tk.ThirdMarketTariff(**DIVERTED), "home_elasticity", (-5.0, -0.1), "exports"),
    (tk.ThirdMarketTariff(**DIVERTED), "supply_elasticity", (0.2, 6.0), "exports"),
    (tk.DemandGrowth(importer="IND", by=0.1), "by", (-0.5, 2.0), "imports"),
    (
        tk.DemandGrowth(importer="IND", by=0.2),
        "income_elasticity",
        (-2.0, 4.0),
        "imports",
    ),
    (tk.Mobility(**ABROAD), "workers", (0.0, 9e4), "invisibles"),
    (tk.Mobility(**ABROAD), "monthly_wage_usd", (100.0, 3e3), "invisibles"),
    (tk.Mobility(**ABROAD), "remitted_share", (0.0, 1.0), "invisibles"),
    (tk.Mobility(**ABROAD), "months", (1.0, 12.0), "invisibles"),
    (tk.Mobility(**ABROAD), "students", (10.0, 9e3), "invisibles"),
    (tk.Mobility(**ABROAD), "spending_usd", (10.0, 9e3), "invisibles"),
]
OPEN += [
    (tk.QuantityTarget(**OIL, mbd=2.0), "mbd", (1.9, 4.0), "imports"),
    (tk.SupplyDisruption(**LOSS), "rerouted", (0.0, 0.95), "imports"),
    (tk.SupplyDisruption(**LOSS), "world_response", (0.1, 3.0), "imports"),
    (
        tk.SupplyDisruption(**LOSS, switching_mbd=0.02, rent_to="exporter"),
        "switching_mbd",
        (0.005, 0.05),
        "imports",
    ),
    (
        tk.PriceChange(**OIL, usd_per_barrel=-5),
        "usd_per_barrel",
        (-20, 30),
        "kilotonnes",
    ),
    (
        tk.PriceCap(**OIL, usd_per_barrel=50.0),
        "usd_per_barrel",
        (35.0, 60.0),
        "imports",
    ),
    (tk.PriceCap(**OIL, usd_per_barrel=50.0), "freight", (1.0, 20.0), "imports"),
    (tk.PriceCap(**OIL, share_of_today=0.8), "share_of_today", (0.6, 0.98), "imports"),
    (tk.SanctionCost(**OIL, cost=0.1), "cost", (0.01, 0.4), "imports"),
    (tk.SanctionCost(**OIL, usd_per_barrel=5.0), "usd_per_barrel", (1, 20), "imports"),
]
# The three weights of a barrier sum to one: alone none of them can be turned.
BOUND_TO_EACH_OTHER = {
    ("NonTariffEasing", part) for part in ("resource", "rent", "fee")
}


def named(case):
    return f"{type(case[0]).__name__}.{case[1]}"


def figure(levers, target, model=MODEL, base=BASE):
    return Moment(model, base).figure(scenario(*levers), target)


def test_every_number_of_every_lever_is_in_the_table():
    held = {(type(lever).__name__, field) for lever, field, *_ in OPEN}
    example = {type(lever): lever for lever, *_ in OPEN}
    every = {
        (kind.__name__, field)
        for kind in KINDS
        for field in numeric_fields(example[kind])
    }
    assert every - BOUND_TO_EACH_OTHER == held


@pytest.mark.parametrize("case", OPEN, ids=named)
@settings(max_examples=5)
@given(place=st.floats(0.02, 0.98))
def test_a_value_used_to_make_a_goal_is_recovered(case, place):
    lever, field, (low, high), what = case
    value = low + place * (high - low)
    turned = dataclasses.replace(lever, **{field: value})
    base = OIL_BASE if getattr(lever, "products", ()) == ("2709",) else BASE
    goal = tk.Target(what, figure([turned], tk.Target(what, 0.0), base=base))
    answer = tk.solve_for(MODEL, base, lever, goal, field=field, bounds=(low, high))
    assert answer.met
    near = min((answer.value, *answer.others), key=lambda x: abs(x - value))
    assert near == pytest.approx(value, rel=CLOSE, abs=CLOSE * (high - low))
    assert answer.figure == pytest.approx(goal.value, rel=1e-9, abs=1e-9)


@settings(max_examples=40)
@given(by=st.floats(-0.93, 2.9))
def test_a_goal_met_twice_is_met_at_both_places(by):
    """Import value of one origin first rises, then falls, as its price falls."""
    price = tk.PriceChange(**BOUGHT, by=by)
    goal = tk.Target("imports", figure([price], tk.Target("imports", 0.0), TURNING))
    answer = tk.solve_for(TURNING, BASE, price, goal, bounds=(-0.94, 3.0))
    every = (answer.value, *answer.others)
    assert answer.met
    assert min(abs(x - by) for x in every) < 1e-6
    for value in every:
        there = figure([price.turned(value)], tk.Target("imports", 0.0), TURNING)
        assert there == pytest.approx(goal.value, rel=1e-8)


def test_the_curve_of_that_test_does_turn():
    values = [
        figure([tk.PriceChange(**BOUGHT, by=by)], tk.Target("imports", 0.0), TURNING)
        for by in (-0.94, -0.5, 3.0)
    ]
    assert values[1] > max(values[0], values[2])


@settings(max_examples=60)
@given(goal=st.floats(-20.0, 400.0))
def test_met_means_met_and_unmet_means_nowhere(goal):
    """Whatever the goal, a fine sweep agrees with what the answer says."""
    price = tk.PriceChange(**BOUGHT, by=0.0)
    answer = tk.solve_for(
        MODEL, BASE, price, tk.Target("imports", goal), bounds=(-0.9, 2.0)
    )
    swept = [
        figure([price.turned(by)], tk.Target("imports", 0.0))
        for by in np.linspace(-0.9, 2.0, 117)
    ]
    assume(not min(abs(np.array(swept) - goal)) < 1e-3)
    assert answer.met == (min(swept) < goal < max(swept))
    if not answer.met:
        gap = min(abs(np.array(swept) - goal))
        assert abs(answer.figure - goal) <= gap + 1e-6


def test_a_cap_that_binds_puts_a_goal_out_of_reach():
    """Cheaper goods cannot be bought beyond the cap: the curve has a kink."""
    cap = tk.SupplyDisruption(**BOUGHT, to_kilotonnes=150.0)
    price = tk.PriceChange(**BOUGHT, by=0.0)
    free = tk.PriceChange(**BOUGHT, by=0.5)
    goal = tk.Target("kilotonnes", 180.0, products="31")
    below = figure([cap, free], goal)
    assert below < 149
    reached = tk.solve_for(
        MODEL,
        BASE,
        price,
        dataclasses.replace(goal, value=below),
        scenario=scenario(cap),
    )
    assert reached.met
    assert reached.value == pytest.approx(0.5, rel=CLOSE)
    beyond = tk.solve_for(MODEL, BASE, price, goal, scenario=scenario(cap))
    assert not beyond.met
    assert beyond.figure == pytest.approx(150.0, rel=1e-9)
    assert "out of reach between -0.5 and 1" in str(beyond)
    assert "30 kt away" in str(beyond)
    assert beyond.swings().index[0] == cap.sentence()
    assert cap.sentence() in str(beyond)
    out, within = beyond.swings().loc[cap.sentence(), ["low", "high"]]
    assert out > 180
    assert within == pytest.approx(150.0)


def test_a_jump_over_the_goal_is_not_an_answer():
    found = search(lambda x: 1.0 if x < 0.3 else 5.0, 3.9, (0.0, 1.0))
    (jump,) = found.crossings
    assert jump.jumps
    assert jump.at == pytest.approx(0.3)
    assert found.nearest.figure == 5.0


def test_a_gap_in_the_curve_is_stepped_around():
    """Beyond 0.4 there is no answer; the goal lies just before."""
    found = search(lambda x: x if x < 0.4 else np.nan, 0.3999, (0.0, 1.0))
    assert [c.at for c in found.crossings] == [pytest.approx(0.3999)]
    lost = search(lambda x: x if x < 0.4 else np.nan, 0.7, (0.0, 1.0))
    assert not lost.crossings
    assert lost.nearest.figure == pytest.approx(0.4, rel=1e-9)


@settings(max_examples=200)
@given(
    roots=st.lists(st.floats(-0.99, 0.99), min_size=1, max_size=3),
    scale=st.floats(0.01, 100.0),
)
def test_some_root_of_a_polynomial_is_found(roots, scale):
    apart = np.diff(sorted(roots))
    assume((apart > 1e-3).all())

    def curve(x):
        return scale * float(np.prod([x - root for root in roots]))

    found = search(curve, 0.0, (-1.0, 1.0))
    assert found.crossings
    for crossing in found.crossings:
        assert min(abs(crossing.at - root) for root in roots) < 1e-6


def test_several_levers_are_turned_by_a_common_share():
    levers = [
        tk.TariffCut(**SOLD, to=0.0),
        tk.NonTariffEasing(**SOLD, by=0.5),
        tk.QuantityTarget(**BOUGHT, kilotonnes=300.0, start=2027, phase_in=2),
        tk.FreeTradeAgreement(coverage=0.5),
    ]
    goal = tk.Target("total", 0.0)
    parts = [in_part(lever, 0.37) for lever in levers]
    wanted = dataclasses.replace(goal, value=figure(parts, goal))
    answer = tk.solve_for(MODEL, BASE, levers, wanted)
    assert answer.met
    assert answer.value == pytest.approx(0.37, rel=CLOSE)
    assert tk.Scenario.from_yaml(answer.scenario.to_yaml()) == answer.scenario
    assert "37 % of the change in force" in answer.scenario.levers[0].sentence()
    assert list(answer.swings().index) == [
        *sorted(
            (lever.sentence() for lever in levers),
            key=lambda name: -answer.swings().loc[name, "swing"],
        )
    ]


@pytest.mark.parametrize("share", [0.0, 0.4, 1.0])
def test_a_part_of_a_lever_is_that_share_of_its_effect(share):
    """Half of a cut is half of the change of the duty, in every year of its phases."""
    cut = tk.TariffCut(**SOLD, to=0.0, start=2027, phase_in=3)
    for year in (None, 2026, 2027, 2028, 2031):
        due = share * cut.share_in_force(year)
        assert in_part(cut, share).share_in_force(year) == pytest.approx(due)


def test_a_lever_of_the_scenario_is_turned_in_its_place():
    cut, more = (
        tk.TariffCut(**SOLD, by=0.2),
        tk.QuantityTarget(**BOUGHT, kilotonnes=250),
    )
    deal = scenario(cut, more)
    answer = tk.solve_for(MODEL, BASE, cut, tk.Target("exports", 42.0), scenario=deal)
    assert answer.met
    assert answer.scenario.levers == (cut.turned(answer.value), more)
    assert answer.result.balance().loc["exports", "counterfactual"] == pytest.approx(42)


def test_the_band_holds_the_answer_and_meets_the_goal_at_every_end():
    base, cut = (
        tk.load_baseline("2024-25"),
        tk.TariffCut(**{**SOLD, "products": "30"}, to=0),
    )
    goal = tk.Target("exports", 4_890.0)
    answer = tk.solve_for(tk.Armington(), base, cut, goal, band=True, progress=False)
    band = answer.band()
    assert answer.met
    assert band.loc[("central", ""), "value"].item() == answer.value
    assert band["exports"][band["met"]].tolist() == pytest.approx(
        [4890.0] * int(band["met"].sum())
    )
    assert band["value"].min() < answer.value < band["value"].max()
    assert "With one assumption at a time at an end" in str(answer)


def test_products_and_flows_narrow_a_target():
    exports = figure([], tk.Target("exports", 0.0, products="30"))
    assert exports == 40.0
    assert figure([], tk.Target("total", 0.0, products=("30", "31"))) == 140.0
    rest = tk.Target("kilotonnes", 0.0, importer="IND", exporter="ROW", products="31")
    assert figure([], rest) == 600.0


WRONG = [
    (lambda: tk.Target("blance", 1.0), "did you mean 'balance'"),
    (lambda: tk.Target("balance", float("nan")), "finite"),
    (lambda: tk.Target("exports", 1.0, importer="IND"), "kilotonnes"),
    (lambda: tk.Target("exports", 1.0, year=2030.5), "whole year"),
    (lambda: ask(field="too"), "did you mean 'to'"),
    (lambda: ask(field="start"), "no number 'start'"),
    (lambda: ask(bounds=(1.0, 0.0)), "must be lower"),
    (lambda: ask(goal=tk.Target("exports", 1.0, products="99")), "No product '99'"),
    (lambda: ask(lever=()), "lever is a lever or several"),
    (lambda: ask(lever=tk.SupplyDisruption(**HALF), field="months"), "Give bounds="),
    (
        lambda: ask(horizon="short", goal=tk.Target("exports", 1.0, year=2030)),
        "horizon",
    ),
    (lambda: ask(goal=tk.Target("exports", 1.0, year=2030)), "give base_year"),
    (
        lambda: ask(lever=tk.NonTariffEasing(**SOLD), field="rent", bounds=(0.1, 0.9)),
        "resource [+] rent [+] fee must be 1",
    ),
    (lambda: ask(model=tk.Smart(), lever=tk.SupplyDisruption(**HALF)), "cannot carry"),
]


def ask(*, model=MODEL, lever=None, goal=None, field=None, bounds=None, horizon="long"):
    lever = tk.TariffCut(**SOLD, to=0.0) if lever is None else lever
    goal = goal or tk.Target("exports", 41.0)
    return tk.solve_for(
        model, BASE, lever, goal, field=field, bounds=bounds, horizon=horizon
    )


@pytest.mark.parametrize("case", range(len(WRONG)))
def test_a_wrong_question_is_refused_with_what_is_allowed(case):
    asked, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        asked()


def test_a_user_frame_of_one_direction_can_be_asked():
    base = both_ways()
    model = tk.Armington(2.0, -1.0, INFINITE)
    cut = tk.TariffCut(importer="RUS", exporter="IND", to=0.0)
    answer = tk.solve_for(model, base, cut, tk.Target("balance", -59.0))
    assert answer.met
    assert 0 < answer.value < 0.05
