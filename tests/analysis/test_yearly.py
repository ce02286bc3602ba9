"""A path: static where nothing is staged, the same however it is solved."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import toolkit as tk
from markets import both_ways, scenario
from toolkit.analysis.aging import ages
from toolkit.analysis.reference import Drivers
from toolkit.elasticities import Horizon
from toolkit.market import shocks_of

MODEL = tk.Armington(3.0, -0.8, 4.0)
STILL = pd.DataFrame(columns=["what", "importer", "product", "central"])
SOLD = {"importer": "RUS", "exporter": "IND", "products": "30"}
BOUGHT = {"importer": "IND", "exporter": "RUS", "products": "31"}
CUT = tk.TariffCut(**SOLD, to=0.0)
STAGED = tk.TariffCut(**SOLD, to=0.0, start=2026, phase_in=4)
FIGURES = ["exports", "imports"]


def road(*levers, base=None, model=MODEL, until=2029, **more):
    more = {"drivers": STILL, "base_year": 2024, **more}
    return tk.path(model, base or both_ways(), scenario(*levers), until=until, **more)


def counterfactual(result):
    return result.balance()["counterfactual"][FIGURES].to_numpy()


def years_of(path):
    return path.table()["scenario"][FIGURES].to_numpy()[1:]


@pytest.mark.parametrize("speed", [0.25, 0.6, 1.0])
def test_nothing_staged_is_the_static_solve_of_each_year(speed):
    levers = (
        CUT,
        tk.SupplyDisruption(**BOUGHT, by=0.2),
        tk.PriceChange(**BOUGHT, by=0.1),
    )
    path = road(*levers, speed=speed)
    for years, row in enumerate(years_of(path), start=1):
        horizon = Horizon(float(years), speed)
        static = MODEL.solve(both_ways(), scenario(*levers), horizon=horizon)
        assert row == pytest.approx(counterfactual(static), rel=1e-12)


def test_speed_one_is_the_static_long_run_of_each_year():
    levers = (STAGED, tk.QuantityTarget(**BOUGHT, usd_mn=150, start=2027, phase_in=2))
    path = road(*levers, speed=1.0)
    for year, row in zip(path.years, years_of(path), strict=True):
        static = MODEL.solve(both_ways(), scenario(*levers), year=year)
        assert row == pytest.approx(counterfactual(static), rel=1e-12)


@settings(max_examples=25)
@given(
    speed=st.floats(0.05, 1.0),
    growth=st.floats(-0.05, 0.1),
    price=st.floats(-0.05, 0.1),
    start=st.integers(2025, 2029),
    steps=st.integers(1, 5),
)
def test_years_together_are_the_years_one_by_one(speed, growth, price, start, steps):
    drivers = pd.DataFrame(
        {
            "what": ["income", "price"],
            "importer": ["IND", "RUS"],
            "product": ["", "30"],
            "central": [growth, price],
        }
    )
    cut = dataclasses.replace(STAGED, start=start, phase_in=steps)
    cap = tk.SupplyDisruption(**BOUGHT, by=0.3, start=2027)
    path = road(cut, cap, speed=speed, drivers=drivers)
    together = years_of(path)
    for row, year in zip(together[::-1], path.years[::-1], strict=True):
        alone = road(cut, cap, speed=speed, drivers=drivers, until=year)
        assert np.array_equal(row, counterfactual(alone.result(year)))
        assert path.result(year).check()["holds"].all()


def test_one_year_alone_is_that_year_of_a_longer_path():
    short, long = road(STAGED, until=2026, speed=0.3), road(STAGED, speed=0.3)
    assert np.array_equal(years_of(short), years_of(long)[:2])


def test_drivers_are_growth_of_demand_and_prices():
    """Two years at 10 % with elasticity 2, and prices 5 % dearer a year, as levers."""
    drivers = pd.DataFrame(
        [
            ("income", "IND", "", 0.10),
            ("income_elasticity", "IND", "31", 2.0),
            ("price", "IND", "31", 0.05),
            ("price", "IND", "", 0.5),
        ],
        columns=["what", "importer", "product", "central"],
    )
    path = road(drivers=drivers, speed=1.0, until=2026)
    levers = (
        tk.DemandGrowth(importer="IND", by=0.21, income_elasticity=2.0),
        tk.PriceChange(importer="IND", exporter="ALL", by=0.1025),
    )
    supplied = tk.Armington(3.0, -0.8, float("inf"))
    static = supplied.solve(both_ways(), scenario(*levers))
    assert years_of(path)[1] == pytest.approx(counterfactual(static), rel=1e-12)


INCOME = pd.DataFrame(
    [("income", "IND", "", 0.1)], columns=["what", "importer", "product", "central"]
)


def test_growth_works_at_once_and_moves_no_price():
    """Supply grows with demand, however inelastic: speed is of no matter."""
    for model in (MODEL, tk.Armington(3.0, -0.8, 0.1)):
        slow, fast = (
            road(drivers=INCOME, model=model, speed=speed) for speed in (0.1, 1.0)
        )
        assert years_of(slow) == pytest.approx(years_of(fast), rel=1e-12)
        assert years_of(slow)[-1, 1] == pytest.approx(100 * 1.1**5)


def test_a_lever_is_solved_on_the_reference_of_its_year():
    path = road(CUT, drivers=INCOME, speed=0.3)
    for years, year in enumerate(path.years, start=1):
        static = MODEL.solve(
            path.reference(year), scenario(CUT), horizon=Horizon(float(years), 0.3)
        )
        solved = path.result(year).balance()
        assert solved["counterfactual"].tolist() == pytest.approx(
            static.balance()["counterfactual"].tolist(), rel=1e-12
        )
        assert solved["baseline"]["imports"] == pytest.approx(100 * 1.1**years)


@pytest.mark.parametrize("by", [1e-9, 1e-6])
def test_a_lever_next_to_nothing_does_next_to_nothing(by):
    """Its youth must not make the growth around it younger."""
    tiny = tk.TariffCut(**SOLD, by=by, start=2028)
    drivers = pd.concat([INCOME, INCOME.assign(what="price", importer="RUS")])
    table = road(tiny, drivers=drivers, speed=0.2).table()
    gap = (table["scenario"] - table["reference"]).abs().to_numpy().max()
    assert gap < 100 * by


def test_a_share_lost_is_of_that_years_flow_and_tonnes_grow_with_it():
    base = both_ways(kilotonnes=50.0)
    half = tk.SupplyDisruption(**BOUGHT, by=0.5)
    path = road(half, base=base, drivers=INCOME)
    last = path.result(2029).frame.query("variable == 'kilotonnes'")
    row = last[(last["importer"] == "IND") & (last["exporter"] == "RUS")].iloc[0]
    assert row["baseline"] == pytest.approx(50 * 1.1**5)
    assert row["counterfactual"] == pytest.approx(25 * 1.1**5)


def test_the_age_of_a_staged_cut_by_hand():
    """Equal steps of the duty's power in logs differ: weights follow the logs."""
    base = both_ways()
    shocks = [
        shocks_of(base, scenario(STAGED), MODEL.effects(base, scenario(STAGED), year))
        for year in (2025, 2026, 2027)
    ]
    weights = ages(np.stack([shock.channels for shock in shocks]), shocks[-1])
    duty = shocks[0].flows.product == "30"
    first, second = np.log(1.05 / 1.0375), np.log(1.0375 / 1.025)
    due = np.array([second, first, 0.0]) / (first + second)
    assert weights[:, duty] == pytest.approx(np.repeat(due[:, None], 2, axis=1))
    assert weights[:, ~duty].tolist() == [[0.0] * 2, [0.0] * 2, [1.0] * 2]


def test_the_mean_of_ages_is_exact_to_a_first_order():
    """A small cut in two steps against the sum of both steps, each at its own age."""
    small = dataclasses.replace(STAGED, to=0.0499, phase_in=2)
    path = road(small, speed=0.25, until=2027)
    base = both_ways()

    def change(horizon):
        half = tk.TariffCut(**SOLD, to=0.04995)
        deal = MODEL.solve(base, scenario(half), horizon=Horizon(horizon, 0.25))
        return deal.balance().loc["exports", "change"]

    due = change(1.0) + change(2.0)
    gained = path.result(2027).balance().loc["exports", "change"]
    assert gained == pytest.approx(due, rel=2e-3)


def test_a_later_lever_is_younger():
    early = road(dataclasses.replace(CUT, start=2025), speed=0.25, until=2029)
    late = road(dataclasses.replace(CUT, start=2028), speed=0.25, until=2029)
    gains = [p.result(2029).balance().loc["exports", "change"] for p in (early, late)]
    assert gains[0] > gains[1] > 0
    second = MODEL.solve(both_ways(), scenario(CUT), horizon=Horizon(2.0, 0.25))
    assert gains[1] == pytest.approx(second.balance().loc["exports", "change"])


def test_the_official_road_says_its_years_its_drivers_and_its_range():
    base = tk.load_baseline("2025-26")
    path = tk.path(tk.Armington(), base, until=2028)
    table = path.table()
    assert list(table.index) == ["2025-26", "2026-27", "2027-28", "2028-29"]
    first = table.loc["2025-26", "scenario"]
    assert first["balance"] == pytest.approx(base.balance()["balance"])
    assert (table["scenario"] == table["reference"]).all().all()
    for said in ("income of IND +6.4 %", "April to March", "closes 25%"):
        assert said in repr(path)
    result = path.result(2028)
    assert result.horizon == "in 2028-29"
    assert any("April to March" in note for note in result.notes)
    span = path.range("total", progress=False)
    assert (span["least"] < span["central"]).all()
    assert (span["central"] < span["greatest"]).all()
    assert span["central"].tolist() == pytest.approx(
        table["scenario"]["total"].tolist()[1:]
    )
    assert {"income_india", "price_fuels", "speed of adjustment"} <= set(
        path.assumptions().index.get_level_values("assumption")
    )


@pytest.fixture(scope="module")
def staged():
    base = tk.load_baseline("2024-25")
    levers = [
        tk.TariffCut(
            importer="RUS",
            exporter="IND",
            products="30",
            to=0.0,
            start=2026,
            phase_in=4,
        ),
        tk.TradeCostChange(importer="RUS", exporter="IND", products="84", factor=0.9),
    ]
    return tk.path(tk.Armington(), base, tk.Scenario("two", levers))


def test_a_year_says_between_what_it_lies_where_few_markets_move(staged):
    """Ends and band of a part of the markets are those of one at a time."""
    result, moment = staged.result(2028), staged.moment(2028)
    table = staged.assumptions(2028)
    before = moment.reference.balance()["exports"]
    for name in ("substitution elasticity", "speed of adjustment"):
        for end in ("low", "high"):
            due = float(table.loc[(name, end), "exports"]) - before
            assert result._ends.loc[(name, end), "exports"] == pytest.approx(due)
    band = result.band(64).loc["exports"]
    assert band["low"] < result.balance().loc["exports", "change"] < band["high"]


def test_a_year_says_what_it_would_be_without_each_lever(staged):
    levers, table = staged.scenario.levers, staged.result(2028).without()
    for number, left in enumerate(reversed(levers)):
        rest = tk.Scenario("one", [left])
        alone = tk.path(tk.Armington(), staged.baseline, rest).result(2028)
        due = alone.balance().loc["balance", "change"]
        assert table["balance"].iloc[number] == pytest.approx(due, rel=1e-9)


def test_levers_of_a_year_are_in_force_in_the_year_named_after_it():
    base = tk.load_baseline("2025-26")
    cut = tk.TariffCut(importer="RUS", exporter="IND", to=0.0, start=2028)
    path = tk.path(tk.Armington(), base, tk.Scenario("cut", [cut]), until=2029)
    gap = path.table()["scenario"]["exports"] - path.table()["reference"]["exports"]
    assert gap.loc[:"2027-28"].tolist() == [0.0] * 3
    assert gap.loc["2028-29"] > 1


def test_a_goal_on_a_path_is_met_in_its_year():
    path = road(STAGED, speed=0.3)
    more = tk.QuantityTarget(**BOUGHT, usd_mn=1.0)
    goal = tk.Target("total", 190.0, year=2028)
    answer = tk.solve_for(MODEL, path, more, goal)
    again = tk.path(
        MODEL, both_ways(), answer.scenario, until=2029, drivers=STILL, speed=0.3,
        base_year=2024,
    )  # fmt: skip
    assert answer.met
    assert again.table().loc["2028", ("scenario", "total")] == pytest.approx(190.0)
    asked = tk.solve_for(
        MODEL, both_ways(), more, goal, scenario=scenario(STAGED), drivers=STILL,
        speed=0.3, base_year=2024,
    )  # fmt: skip
    assert asked.value == pytest.approx(answer.value, rel=1e-12)


WORLD_MODELS = (
    tk.Gsim(export_supply_elasticity=4.0),
    tk.Gsim(export_supply_elasticity=4.0, linear=True),
    tk.GeneralEquilibrium(),
)


@pytest.mark.parametrize("model", WORLD_MODELS, ids=["gsim", "linear", "equilibrium"])
def test_a_world_model_goes_along_a_path(model):
    base = tk.load_baseline("world-2023")
    deal = tk.FreeTradeAgreement(start=2025, phase_in=3)
    path = road(deal, base=base, model=model, base_year=2023)
    for year, row in zip(path.years, years_of(path), strict=True):
        static = model.solve(base, scenario(deal), year=year)
        assert row == pytest.approx(counterfactual(static), rel=1e-9)
        assert path.result(year).check()["holds"].all()
    grown = road(deal, base=base, model=model, base_year=2023, drivers=None)
    table = grown.table()
    assert (table["reference"]["total"].diff().dropna() > 0).all()
    gained = table["scenario"]["total"] - table["reference"]["total"]
    assert gained.iloc[-1] > gained.iloc[2] > 0 == gained.iloc[0]


def test_a_model_without_elasticities_by_flow_goes_by_growth_alone():
    """SMART has them; a scenario's own path settings are used where none are given."""
    deal = tk.Scenario("cut", [CUT], path=tk.Course(until=2027, speed=1.0))
    path = tk.path(
        tk.Smart(3.0, -0.8), both_ways(), deal, drivers=STILL, base_year=2024
    )
    static = tk.Smart(3.0, -0.8).solve(both_ways(), deal)
    assert path.years == (2025, 2026, 2027)
    assert years_of(path)[-1] == pytest.approx(counterfactual(static))


def drivers_of(**row):
    return pd.DataFrame([{"what": "income", "importer": "IND", "product": "",
                          "central": 0.1, **row}])  # fmt: skip


WRONG = [
    (lambda: road(until=2024), "the path begins in 2025"),
    (lambda: road(speed=0.0), "above 0"),
    (lambda: road(speed=2.0), "speed is 2"),
    (lambda: road(base_year=None), "give base_year"),
    (lambda: road().result(2031), "is not on the path"),
    (lambda: road(drivers=[]), "drivers is a DataFrame"),
    (lambda: road(drivers=STILL[["what"]]), "lack the columns"),
    (lambda: road(drivers=drivers_of(what="incme")), "did you mean 'income'"),
    (lambda: road(drivers=drivers_of(importer="Ind")), "did you mean 'IND'|Did you"),
    (lambda: road(drivers=drivers_of(central=6.4)), "allowed are -0.5 to 1"),
    (lambda: road(drivers=drivers_of(low=0.2, high=0.3)), "low, central, high"),
    (lambda: road(drivers=pd.concat([drivers_of(), drivers_of()])), "twice"),
    (lambda: road().range("totl", progress=False), "did you mean 'total'"),
]


@pytest.mark.parametrize("case", range(len(WRONG)))
def test_a_wrong_path_is_refused_with_what_is_allowed(case):
    asked, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        asked()


def test_the_shelf_has_a_source_or_a_reason_for_every_driver():
    table = tk.datasets.load("drivers")
    assert (table[["source", "note", "publisher"]] != "").all().all()
    assert (table["low"] < table["high"]).all()
    assert Drivers.of(None).ends
