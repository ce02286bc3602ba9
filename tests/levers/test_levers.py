"""Every lever as a value: sentence, YAML both ways, wrong inputs named.

``LEVERS`` must hold every kind in ``toolkit.levers.KINDS``: a new lever without an
entry here (and a case by hand in test_market) fails.
"""

import dataclasses
import subprocess
import sys

import numpy as np
import pytest

import toolkit as tk
from toolkit.levers import KINDS, from_dict, table
from toolkit.levers.shelf import barrier_cost

FLOW = {"importer": "RUS", "exporter": "IND"}
BOUGHT = {"importer": "IND", "exporter": "RUS"}

# kind -> (fields with every option set, the sentence, [(wrong fields, message)])
LEVERS = {
    tk.TariffCut: (
        {
            **FLOW,
            "products": ("30", "03"),
            "by": 0.5,
            "exclude": ("0306",),
            "start": 2026,
            "phase_in": 5,
            "schedule": ((2026, 0.25), (2028, 1.0)),
            "respect_bound": False,
        },
        "Russia's duty on Indian HS 30, 03: 50 % off, without HS 0306, from 2026, "
        "over 5 years",
        [
            ({**FLOW, "to": 20}, "20.*decimals: write 0.2 for 20 %"),
            ({**FLOW, "to": -0.1}, "cannot be negative"),
            ({**FLOW, "to": float("nan")}, "finite"),
            ({**FLOW, "by": 50}, "write 0.5 for 50 %"),
            ({**FLOW}, "exactly one of to, by, mfn_times, specific_to; given: none"),
            ({**FLOW, "to": 0.0, "by": 0.5}, "given: to, by"),
            ({**FLOW, "to": 0.0, "phase_in": 5}, "phase_in needs start"),
            ({**FLOW, "to": 0.0, "start": 26}, "start.*26"),
            ({**FLOW, "to": 0.0, "products": 30}, "not 30.*quote it"),
            ({**FLOW, "to": 0.0, "products": ()}, "products is empty"),
            ({"importer": "Russia", "exporter": "IND", "to": 0.0}, "not 'Russia'"),
            ({"importer": "ALL", "exporter": "IND", "to": 0.0}, "'ALL' is not allowed"),
        ],
    ),
    tk.FreeTradeAgreement: (
        {
            "members": ("IND", "RUS"),
            "coverage": 0.9,
            "utilisation": 0.6,
            "exclude": {"IND": ("04", "71")},
            "staging": {"87": 10},
            "start": 2028,
        },
        "Free trade agreement of India and Russia: 90 % of trade covered, 60 % of it "
        "used; India keeps out HS 04, 71",
        [
            ({"members": ("IND", "IND")}, "two different countries"),
            ({"coverage": 90}, "write 0.9 for 90 %"),
            ({"exclude": {"CHN": ("04",)}}, "exclude names 'CHN'"),
            ({"staging": {"87": 0}}, "staging years of '87' is 0"),
            ({"members": ("IND", "ALL")}, "'ALL' is not allowed"),
        ],
    ),
    tk.NonTariffEasing: (
        {
            **FLOW,
            "products": "03",
            "by": 0.25,
            "ave": 0.2,
            "resource": 0.5,
            "rent": 0.3,
            "fee": 0.2,
            "rent_to": "exporter",
        },
        "Russia's non-tariff barriers on Indian HS 03: 25 % of their cost removed",
        [
            ({**FLOW, "by": 1.5}, "share between 0 and 1"),
            ({**FLOW, "ave": 20.0}, "write 0.2 for 20 %"),
            ({**FLOW, "rent": 0.5}, "must be 1; they are 1.5"),
            ({**FLOW, "rent_to": "exporters"}, "did you mean 'exporter'"),
        ],
    ),
    tk.MarketAccess: (
        {**FLOW, "products": "0701", "share": 0.1},
        "Russia opens to Indian HS 0701: 10 % of the market at today's prices",
        [
            ({**FLOW, "share": 1.0}, "share is 1; allowed are 0 to 0.99"),
            ({**FLOW, "share": -0.1}, "share is -0.1"),
        ],
    ),
    tk.TradeCostChange: (
        {**BOUGHT, "products": "27", "factor": 0.95},
        "Cost of shipping Russian HS 27 to India: times 0.95",
        [
            ({**BOUGHT, "factor": 0.0}, "factor is 0"),
            ({**BOUGHT, "factor": "cheaper"}, "must be a number, not 'cheaper'"),
        ],
    ),
    tk.QuantityTarget: (
        {
            **BOUGHT,
            "products": "31",
            "kilotonnes": 7000.0,
            "unit_price": 350.0,
            "price_source": "World Bank",
            "paid_by": "exporter",
        },
        "India buys at least 7,000 kt a year of Russian HS 31",
        [
            ({**BOUGHT}, "either kilotonnes or usd_mn"),
            ({**BOUGHT, "kilotonnes": 1, "usd_mn": 1}, "not both"),
            ({**BOUGHT, "kilotonnes": -1}, "kilotonnes is -1"),
            ({**BOUGHT, "exporter": "ALL", "kilotonnes": 1}, "one exporter"),
            ({**BOUGHT, "kilotonnes": 1, "paid_by": "seller"}, "'seller' is unknown"),
        ],
    ),
    tk.PriceCap: (
        {**BOUGHT, "products": "2709", "usd_per_barrel": 47.6, "freight": 8.0},
        "Price of Russian HS 2709 to India capped at 47.6 US$ a barrel where loaded",
        [
            ({**BOUGHT}, "either usd_per_barrel or share_of_today"),
            ({**BOUGHT, "usd_per_barrel": 60, "share_of_today": 0.8}, "not both"),
            ({**BOUGHT, "usd_per_barrel": 0.0}, "usd_per_barrel is 0"),
            ({**BOUGHT, "exporter": "ALL", "share_of_today": 0.8}, "one exporter"),
            ({**BOUGHT, "usd_per_barrel": 60, "freight": -1}, "freight is -1"),
        ],
    ),
    tk.SanctionCost: (
        {**BOUGHT, "products": "2709", "usd_per_barrel": 4.0},
        "Cost of buying Russian HS 2709 under sanctions: +4 US$ a barrel",
        [
            ({**BOUGHT}, "either cost or usd_per_barrel"),
            ({**BOUGHT, "cost": 0.1, "usd_per_barrel": 4}, "not both"),
            ({**BOUGHT, "cost": 10}, "cost is 10"),
            ({**BOUGHT, "exporter": "ALL", "cost": 0.1}, "one exporter"),
        ],
    ),
    tk.SupplyDisruption: (
        {
            **BOUGHT,
            "products": "2709",
            "to_mbd": 1.2,
            "seller_share": 0.6,
            "months": 4.0,
            "rent_to": "exporter",
            "rerouted": 0.5,
            "world_response": 0.4,
            "switching_mbd": 0.8,
        },
        "Russian HS 2709 to India disrupted: down to 1.2 mb/d on 60 % of the flow, "
        "for 4 months, 50 % of it sold elsewhere, others add up to 0.8 mb/d a month",
        [
            ({**BOUGHT, "by": 0.3, "rerouted": 50}, "write 0.5 for 50 %"),
            ({**BOUGHT, "by": 0.3, "world_response": 0}, "world_response is 0"),
            ({**BOUGHT, "by": 0.3, "switching_mbd": -1}, "switching_mbd is -1"),
            ({**BOUGHT}, "exactly one of by, to_mbd, to_kilotonnes; given: none"),
            ({**BOUGHT, "by": 30}, "write 0.3 for 30 %"),
            ({**BOUGHT, "by": 0.3, "months": 13}, "months is 13"),
        ],
    ),
    tk.ScheduledImport: (
        {**BOUGHT, "products": "98", "usd_mn": -250.0},
        "India's scheduled imports of Russian HS 98: -250 US$ mn a year",
        [
            ({**BOUGHT, "products": ("98", "93"), "usd_mn": 1}, "one product"),
            ({**BOUGHT, "products": "98", "usd_mn": float("inf")}, "finite"),
        ],
    ),
    tk.PriceChange: (
        {**BOUGHT, "products": "2709", "by": -0.05},
        "Price of Russian HS 2709 in India: -5 %",
        [
            ({**BOUGHT, "by": -1.0}, "by is -1"),
            ({**BOUGHT, "by": 50}, "by is 50"),
            ({**BOUGHT, "by": 0.1, "usd_per_barrel": 5}, "by or usd_per_barrel"),
            ({**BOUGHT, "usd_per_barrel": 1e4}, "usd_per_barrel is 10000"),
            ({**BOUGHT, "by": 0.1, "held": 1}, "held is true or false, not 1"),
        ],
    ),
    tk.ExchangeRate: (
        {
            "currency": "RUB",
            "by": -0.2,
            "import_pass_through": 0.6,
            "export_pass_through": 0.3,
            "products": ("30",),
        },
        "Rouble -20 % against the dollar (HS 30)",
        [
            ({"currency": "RUR", "by": -0.2}, "did you mean 'RUB'"),
            ({"currency": "RUB", "by": -20}, "by is -20"),
            ({"currency": "INR", "by": 0.1, "import_pass_through": 60}, "write 0.6"),
        ],
    ),
    tk.PaymentFriction: (
        {"cost": 0.02, "share": 0.9, "members": ("RUS", "IND"), "products": ("30",)},
        "Settlement cost between Russia and India: +2 % on 90 % of trade",
        [
            ({"cost": 2}, "cost is 2"),
            ({"cost": 0.02, "share": 96}, "write 0.96 for 96 %"),
            ({"cost": 0.02, "members": ("IND",)}, "two different countries"),
        ],
    ),
    tk.ThirdMarketTariff: (
        {
            "market": "USA",
            "add": 0.25,
            "exporter": "IND",
            "importer": "RUS",
            "products": ("61", "84"),
            "exclude": ("8471",),
            "demand_elasticity": -3.0,
            "home_share": 0.4,
            "home_elasticity": -0.5,
            "supply_elasticity": 2.0,
        },
        "Duty of the United States on Indian HS 61, 84 without HS 8471: +25 % points, "
        "diverted to Russia",
        [
            ({"market": "USA", "add": 25}, "write 0.25 for 25 %"),
            ({"market": "US", "add": 0.25}, "not 'US'"),
            ({"market": "USA", "add": 0.1, "demand_elasticity": 3.8}, "is 3.8"),
        ],
    ),
    tk.DemandGrowth: (
        {"importer": "IND", "products": "31", "by": 0.1, "income_elasticity": 1.5},
        "India's income +10 % (demand for HS 31, income elasticity 1.5)",
        [
            ({"importer": "IND", "by": -1.0}, "by is -1"),
            ({"importer": "India", "by": 0.1}, "not 'India'"),
        ],
    ),
    tk.Mobility: (
        {
            "workers": 50_000.0,
            "monthly_wage_usd": 900.0,
            "remitted_share": 0.4,
            "months": 10.0,
            "students": 1000.0,
            "spending_usd": 5000.0,
            "home": "IND",
            "host": "RUS",
        },
        "50,000 more workers from India in Russia, 40 % of a US$ 900 wage sent home; "
        "1,000 more students",
        [
            ({"workers": "many"}, "must be a number, not 'many'"),
            ({"remitted_share": 50}, "write 0.5 for 50 %"),
            ({"months": 13}, "months is 13"),
        ],
    ),
}
WRONG = [(kind, *case) for kind, (_, _, wrong) in LEVERS.items() for case in wrong]


def named(value):
    return value.__name__ if isinstance(value, type) else None


def test_every_kind_of_lever_is_tested():
    assert set(LEVERS) == set(KINDS)
    for kind, (_, _, wrong) in LEVERS.items():
        assert len(wrong) >= 2, kind.__name__


@pytest.mark.parametrize("kind", LEVERS, ids=named)
def test_sentence(kind):
    fields, sentence, _ = LEVERS[kind]
    assert kind(**fields).sentence() == sentence == str(kind(**fields))


@pytest.mark.parametrize("kind", LEVERS, ids=named)
def test_yaml_both_ways(kind):
    lever = kind(**LEVERS[kind][0])
    text = tk.Scenario("test", [lever]).to_yaml()
    assert tk.Scenario.from_yaml(text).levers == (lever,)
    for field in dataclasses.fields(kind):
        plain = lever.to_dict()
        if field.name in LEVERS[kind][0] and field.name not in plain:
            assert getattr(lever, field.name) == field.default, field.name


@pytest.mark.parametrize("kind", LEVERS, ids=named)
def test_numpy_numbers_are_written_as_numbers(kind):
    fields = {
        name: np.float64(value) if isinstance(value, float) else value
        for name, value in LEVERS[kind][0].items()
    }
    text = tk.Scenario("test", [kind(**fields)]).to_yaml()
    assert tk.Scenario.from_yaml(text).levers == (kind(**LEVERS[kind][0]),)


@pytest.mark.parametrize(("kind", "fields", "message"), WRONG, ids=named)
def test_wrong_input_is_named(kind, fields, message):
    with pytest.raises(ValueError, match=message):
        kind(**fields)
    plain = {key: list(v) if isinstance(v, tuple) else v for key, v in fields.items()}
    with pytest.raises(ValueError, match=message):
        from_dict({"lever": kind.__name__, **plain})


@pytest.mark.parametrize("kind", LEVERS, ids=named)
def test_a_lever_is_a_frozen_value(kind):
    fields = LEVERS[kind][0]
    lever = kind(**fields)
    assert lever == kind(**fields)
    assert hash(lever) == hash(kind(**fields))
    with pytest.raises(dataclasses.FrozenInstanceError):
        lever.products = "99"


def test_the_table_of_levers_is_complete():
    shown = table()
    assert list(shown.index) == [kind.__name__ for kind in KINDS]
    assert (shown.map(len) > 3).all(axis=None)


def as_given(kind):
    return kind(**LEVERS[kind][0])


SEVERAL = {
    tk.TariffCut: ("by", "to", "mfn_times", "specific_to"),
    tk.PriceCap: ("usd_per_barrel", "share_of_today"),
    tk.PriceChange: ("by", "usd_per_barrel"),
    tk.QuantityTarget: ("kilotonnes", "mbd", "usd_mn"),
    tk.SanctionCost: ("cost", "usd_per_barrel"),
    tk.SupplyDisruption: ("by", "to_mbd", "to_kilotonnes"),
}
WAYS = [as_given(kind) for kind in KINDS if kind not in SEVERAL] + [
    dataclasses.replace(as_given(kind), **{**dict.fromkeys(ways), way: 0.5}, **goods)
    for kind, ways in SEVERAL.items()
    for way in ways
    for goods in [{"products": "2709"} if way == "mbd" else {}]
]


def shown(lever):
    return f"{type(lever).__name__}-{lever.dial.field}"


def test_every_kind_of_lever_has_a_dial_that_is_tried():
    tried = {(type(lever), lever.dial.field) for lever in WAYS}
    assert {kind for kind, _ in tried} == set(KINDS)
    assert tried >= {(kind, way) for kind, ways in SEVERAL.items() for way in ways}


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_dials_name_fields_a_range_and_a_unit(kind):
    fields = {field.name for field in dataclasses.fields(kind)}
    assert kind.dials
    for dial in kind.dials:
        assert dial.field in fields
        assert dial.low < dial.high
        assert dial.neutral is None or dial.low <= dial.neutral <= dial.high
        assert dial.unit


@pytest.mark.parametrize("lever", WAYS, ids=shown)
def test_a_dial_turns_its_field_and_leaves_the_rest(lever):
    before = dataclasses.asdict(lever)
    for value in (lever.dial.low, lever.dial.high):
        turned = lever.turned(value)
        assert type(turned) is type(lever)
        assert turned.dial == lever.dial
        changed = {**before, lever.dial.field: value}
        assert dataclasses.asdict(turned) == changed
    assert dataclasses.asdict(lever) == before


@pytest.mark.parametrize("lever", WAYS, ids=shown)
def test_a_lever_at_its_neutral_place_moves_nothing(lever, base):
    if lever.dial.neutral is None:
        return  # what changes nothing depends on the flow
    still = lever.turned(lever.dial.neutral)
    change = tk.Armington().solve(base, tk.Scenario("still", [still])).balance().change
    assert (change.abs() < 1e-9).all()


@pytest.fixture(scope="module")
def base():
    return tk.load_baseline("2024-25")


def test_a_dial_refuses_what_its_lever_refuses():
    with pytest.raises(ValueError, match=r"write 0\.5 for 50 %"):
        tk.TariffCut(**FLOW, by=0.5).turned(50)


STAGED = {"start": 2028, "phase_in": 4}


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_every_lever_is_phased_in(kind):
    lever = dataclasses.replace(as_given(kind), **STAGED, schedule={})
    shares = [lever.share_in_force(year) for year in (2027, 2028, 2030, 2031, 2040)]
    assert shares == [0.0, 0.25, 0.75, 1.0, 1.0]
    assert lever.share_in_force() == 1.0
    dated = dataclasses.replace(lever, schedule={2030: 1.0, 2027: 0.5})
    assert [dated.share_in_force(y) for y in (2026, 2029, 2031)] == [0.0, 0.5, 1.0]
    plain = lever.to_dict()
    assert (plain["start"], plain["phase_in"]) == (2028, 4)
    assert list(plain)[-2:] == ["start", "phase_in"]
    assert from_dict(plain) == lever


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_a_lever_says_when(kind):
    undated = {"start": 2027 if kind is tk.FreeTradeAgreement else None}
    undated |= {"phase_in": 1, "schedule": ()}
    lever = dataclasses.replace(as_given(kind), **undated)
    assert not {"start", "phase_in", "schedule"} & set(lever.to_dict())
    said = dataclasses.replace(lever, **STAGED).sentence()
    when = "" if kind is tk.FreeTradeAgreement else ", from 2028, over 4 years"
    assert said == lever.sentence() + when


@pytest.mark.parametrize("kind", KINDS, ids=named)
@pytest.mark.parametrize(
    ("timing", "message"),
    [
        ({"start": 27}, "start is 27"),
        ({"start": 2027.5}, "whole year"),
        ({"start": 2027, "phase_in": 0}, "phase_in.*is 0"),
        ({"start": 2027, "phase_in": 1.5}, "whole years, not 1.5"),
        ({"schedule": {2027: 50}}, "write 0.5 for 50 %"),
        ({"schedule": 2027}, "schedule must be a mapping"),
    ],
)
def test_wrong_timing_is_named(kind, timing, message):
    with pytest.raises(ValueError, match=message):
        dataclasses.replace(as_given(kind), **timing)


def test_an_agreement_is_staged_by_product_and_the_later_class_wins():
    deal = tk.FreeTradeAgreement(staging={"87": 10, "8703": 5, "30": 2}, phase_in=4)
    codes = np.array(["870310", "8704", "30", "01"])
    np.testing.assert_allclose(deal.share_in_force(2027, codes), [0.2, 0.1, 0.5, 0.25])
    np.testing.assert_allclose(deal.share_in_force(None, codes), 1.0)
    assert deal.share_in_force(2027) == 0.25
    narrow_first = tk.FreeTradeAgreement(staging={"8703": 5, "87": 10})
    np.testing.assert_allclose(
        narrow_first.share_in_force(2027, codes), [0.1, 0.1, 1.0, 1.0]
    )


@pytest.mark.parametrize("kind", KINDS, ids=named)
def test_a_lever_moves_nothing_before_it_starts(kind, base):
    lever = dataclasses.replace(as_given(kind), **STAGED, schedule=())
    scenario = tk.Scenario("later", [lever])
    result = tk.Armington().solve(base, scenario, year=2026)
    assert (result.balance().change.abs() < 1e-9).all()


def test_defaults_from_the_shelf_are_the_cited_ones():
    worker, paid = tk.Mobility(), tk.PaymentFriction(cost=0.0)
    assert (worker.monthly_wage_usd, worker.remitted_share) == (806.0, 0.5)
    assert tk.Mobility(workers=1e6 / 12).remittances_range() == (107.4, 859.2)
    assert paid.share == 0.96
    hit = tk.ThirdMarketTariff(market="USA", add=0.5)
    assert (hit.demand_elasticity, hit.supply_elasticity) == (-3.8, 1.522)
    assert (hit.home_share, hit.home_elasticity) == (0.5, -1.0)
    assert barrier_cost() == 0.15
    for lever in (worker, paid, hit):
        assert set(lever.to_dict()) <= {"lever", "cost", "market", "add"}


def test_importing_the_toolkit_reads_no_data():
    code = (
        "import sys\nread = []\n"
        "sys.addaudithook(lambda event, args: event == 'open' and "
        "str(args[0]).endswith(('.csv', 'datapackage.json')) and read.append(args[0]))"
        "\nimport toolkit\nassert not read, read\n"
        "toolkit.Mobility()\nassert read, 'the hook sees reading'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
