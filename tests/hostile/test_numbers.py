"""No wrong number: every path refuses what ``solve`` refuses; scales are relative."""

import warnings

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from markets import both_ways, frame, scenario
from toolkit.levers import DemandGrowth
from toolkit.market import Shocks, effects_of, flows_of, shocks_of
from toolkit.models import NotConverged

CRUDE = {"importer": "IND", "exporter": "RUS", "products": "2709"}


@pytest.fixture(scope="module")
def base():
    return tk.load_baseline("2024-25")


def ways(model, base, deal):
    """Return every path from a scenario to a number."""

    def evaluated():
        shock = shocks_of(base, deal, effects_of(base, deal))
        return model.evaluate(shock)

    return {
        "solve": lambda: model.solve(base, deal),
        "evaluate": evaluated,
        "attribute": lambda: tk.attribute(model, base, deal),
        "share": lambda: tk.share(deal, "never.html", baseline=base, model=model),
    }


REFUSED = {
    "a price that falls by all of it": (
        tk.Armington(),
        [tk.ThirdMarketTariff(market="USA", add=2.5)],
        r"changes the price of HS \d+ by -\d+ %",
    ),
    "a contract ends more than is left": (
        tk.Armington(),
        [
            tk.ScheduledImport(**CRUDE, usd_mn=-50_000),
            tk.SupplyDisruption(**CRUDE, by=0.5),
        ],
        "market of IND for HS 2709.*not negative",
    ),
    "supply that cannot follow": (
        tk.Armington(export_supply_elasticity=0.001),
        [tk.QuantityTarget(importer="IND", exporter="RUS", products="31",
                           kilotonnes=43 * 4_700)],
        "market of IND for HS 31.* is not a finite number|is infinite",
    ),
    "a target above a cap": (
        tk.Armington(),
        [
            tk.QuantityTarget(**CRUDE, usd_mn=60_000),
            tk.SupplyDisruption(**CRUDE, by=0.5),
        ],
        "A target asks for",
    ),
    "a full stop": (
        tk.Armington(substitution_elasticity=0.8),
        [tk.SupplyDisruption(**CRUDE, by=1.0)],
        "market of IND for HS 2709.*full stop",
    ),
    "costs without end": (
        tk.Armington(),
        [tk.TradeCostChange(**CRUDE, factor=100.0)] * 160,
        "leave no cost of trade.*HS 2709 from RUS to IND",
    ),
    "demand without end": (
        tk.Armington(),
        [
            DemandGrowth(importer="IND", products="31", by=10.0, income_elasticity=10)
        ] * 31,
        "leave no demand|not a finite number|is infinite",
    ),
}  # fmt: skip


@pytest.mark.parametrize("way", ["solve", "evaluate", "attribute", "share"])
@pytest.mark.parametrize("case", REFUSED)
def test_every_path_refuses_alike_and_names_the_market(
    base, case, way, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    model, levers, said = REFUSED[case]
    paths = ways(model, base, tk.Scenario("x", levers))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        if way == "attribute" and len(levers) > 60:
            said = "levers meet in one market; at most 60"
        with pytest.raises((ValueError, NotConverged), match=said):
            paths[way]()
    assert not (tmp_path / "never.html").exists()


def test_a_part_of_a_scenario_is_held_to_the_identities_too():
    """The whole solves, two of its levers alone do not: no part may be told."""
    flow = {"importer": "IND", "exporter": "RUS", "products": "31"}
    deal = scenario(
        tk.SupplyDisruption(**flow, by=0.5),
        tk.ScheduledImport(**flow, usd_mn=-55),
        tk.PriceChange(**flow, by=0.5),
    )
    base, model = both_ways(), tk.Armington(1.1, -0.5)
    assert model.solve(base, deal).check()["holds"].all()
    with pytest.raises(NotConverged, match=r"market of IND for HS 31.*not negative"):
        tk.attribute(model, base, deal)


def test_a_contract_that_ends_a_flow_leaves_zero(base):
    flows = flows_of(base)
    row = (
        (flows.importer == "IND") & (flows.exporter == "RUS") & (flows.product == "98")
    )
    (today,) = flows.value[row]
    end = tk.ScheduledImport(
        importer="IND", exporter="RUS", products="98", usd_mn=-float(today)
    )
    rate = tk.ExchangeRate(currency="INR", by=0.1, import_pass_through=0.0)
    for deal in (scenario(end), scenario(end, rate)):
        try:
            result = tk.Armington().solve(base, deal)
        except NotConverged:
            continue
        assert result.variable("value").counterfactual.min() >= 0.0
        assert result.check()["holds"].all()


def test_many_draws_are_refused_when_one_of_them_is(base):
    deal = scenario(tk.PriceChange(**CRUDE, by=0.1))
    shock = shocks_of(base, deal, effects_of(base, deal))
    channels = np.stack([shock.channels] * 3)
    channels[1, :, :][channels[1] == 1.1] = -0.1
    with pytest.raises(ValueError, match=r"multiplied by -0.1 for HS 2709"):
        tk.Armington().evaluate(Shocks(shock.flows, channels))


SCALES = [1e-12, 1e-9, 1e-6, 1e-3, 1.0, 1e3, 1e6, 1e9]
MODELS = {"Armington": tk.Armington(3.0, -1.0, 5.0), "SMART": tk.Smart(1.5, -1.0, 5.0)}


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", MODELS)
def test_the_unit_of_money_changes_nothing(name, scale):
    deal = scenario(
        tk.TariffCut(importer="IND", exporter="RUS", to=0.0),
        tk.TariffCut(importer="RUS", exporter="IND", to=0.0),
    )
    rows = both_ways().frame
    one = MODELS[name].solve(tk.Baseline.from_frame(rows), deal)
    scaled = rows.assign(value_usd_mn=rows["value_usd_mn"] * scale)
    other = MODELS[name].solve(tk.Baseline.from_frame(scaled), deal)
    np.testing.assert_allclose(
        other.balance().to_numpy(), one.balance().to_numpy() * scale, rtol=1e-9
    )
    assert other.check()["holds"].all()
    assert other.variable("quantity").counterfactual.min() >= 0.0
    parts = tk.attribute(MODELS[name], tk.Baseline.from_frame(scaled), deal)
    np.testing.assert_allclose(
        parts[["exports", "imports", "balance"]].sum(), other.balance()["change"],
        rtol=1e-9,
    )  # fmt: skip


@pytest.mark.parametrize("importer", ["IND", "RUS"])
@pytest.mark.parametrize("scale", [1e-9, 1e9])
def test_one_direction_in_any_unit_checks(importer, scale):
    other = {"IND": "RUS", "RUS": "IND"}[importer]
    rows = frame(
        *[(importer, other, f"{n:02}", scale * (n + 0.1), 0.07) for n in range(10, 60)],
        *[(importer, "ROW", f"{n:02}", scale * 7 * n, 0.07) for n in range(10, 60)],
    )
    base = tk.Baseline.from_frame(rows)
    cut = scenario(tk.TariffCut(importer=importer, exporter=other, by=0.5))
    for model in MODELS.values():
        assert model.solve(base, cut).check()["holds"].all()


def test_smart_refuses_tiny_flows_like_large_ones():
    for scale in (1e-12, 1.0, 1e6):
        rows = frame(("IND", "RUS", "31", scale, 0.0), ("IND", "ROW", "31", scale, 0.0))
        rise = scenario(tk.TariffCut(importer="IND", exporter="RUS", to=2.0))
        with pytest.raises(ValueError, match="would make a flow negative"):
            tk.Smart(4.0, -3.0, 2.0).solve(tk.Baseline.from_frame(rows), rise)


def test_a_huge_target_is_kept_or_refused_for_a_reason():
    rows = frame(("IND", "RUS", "31", 1e-6, 0.1), ("IND", "ROW", "31", 300.0, 0.1))
    base = tk.Baseline.from_frame(rows)
    for usd in (1.0, 1e3, 1e4):
        buy = tk.QuantityTarget(importer="IND", exporter="RUS", usd_mn=usd)
        result = tk.Armington(3.0, -1.0).solve(base, scenario(buy))
        got = result.balance().loc["imports", "counterfactual"]
        assert got == pytest.approx(usd, rel=1e-9)
        assert result.check()["holds"].all()


def test_more_crude_than_the_world_makes_is_refused():
    rows = frame(("IND", "RUS", "2709", 900.0, 0.0), ("IND", "SAU", "2709", 90.0, 0.0))
    base = tk.Baseline.from_frame(rows.assign(kilotonnes=1e10, homogeneous=True))
    with pytest.raises(ValueError, match=r"mb/d, and the world makes .* kilotonnes"):
        tk.Armington().solve(base, scenario(tk.SupplyDisruption(**CRUDE, by=0.5)))


def test_more_levers_than_bits_are_refused():
    many = scenario(*[tk.PriceChange(**{**CRUDE, "products": ""}, by=0.001)] * 61)
    with pytest.raises(ValueError, match="61 levers meet in one market; at most 60"):
        tk.attribute(tk.Armington(), both_ways(), many)


# What is no number, and was taken for one


STRANGE = {
    "dates": pd.to_datetime(["2024-01-01", "2024-01-02"]),
    "spans": pd.to_timedelta([1, 2], unit="D"),
    "truth": [True, False],
    "complex": [1 + 1j, 2.0],
    "one date": [1.0, pd.Timestamp("2024-01-01")],
    "one span": [1.0, np.timedelta64(3, "D")],
    "one truth": [1.0, True],
    "periods": pd.period_range("2024", periods=2, freq="Y"),
    "lists": [[1.0], [2.0]],
    "text": ["1.0", "a lot"],
    "arabic digits": ["1.0", "\u0661\u0662"],
    "thousands": ["1.0", "1,000"],
    "hex": ["1.0", "0x10"],
    "huge": [1.0, 2**1100],
    "infinite": [1.0, float("inf")],
    "categories": pd.Categorical(["a", "b"]),
}


@pytest.mark.parametrize("column", ["value_usd_mn", "applied_rate", "kilotonnes",
                                    "ntm_ave", "bound_rate"])  # fmt: skip
@pytest.mark.parametrize("case", STRANGE)
def test_what_is_no_number_is_refused_with_its_row(case, column):
    rows = frame(("IND", "RUS", "31", 1.0, 0.0), ("IND", "ROW", "31", 1.0, 0.0))
    rows = rows.assign(kilotonnes=1.0, ntm_ave=0.0, bound_rate=0.1)
    with pytest.raises(ValueError, match=rf"(?s){column}.*row [12]") as caught:
        tk.Baseline.from_frame(rows.assign(**{column: STRANGE[case]}))
    assert len(str(caught.value)) < 500


@pytest.mark.parametrize("numbers", [
    ["1.5", " 2 "], [1, 2], pd.array([1, None], "Int64"), pd.array([1.5, 2], "Float64"),
    pd.Categorical([1.5, 2.0]), [np.float32(1.5), np.int8(2)],
])  # fmt: skip
def test_what_is_a_number_in_any_dress_is_read(numbers):
    rows = frame(("IND", "RUS", "31", 1.0, 0.0), ("IND", "ROW", "31", 1.0, 0.0))
    base = tk.Baseline.from_frame(rows.assign(kilotonnes=numbers))
    assert base.frame["kilotonnes"].dtype == float


CUT = {"importer": "RUS", "exporter": "IND", "to": 0.0}
WRONG_LEVERS = {
    "a year and a half": (lambda: tk.TariffCut(**CUT, schedule={2026.7: 0.5}),
                          "a year of schedule must be a whole year, not 2026.7"),
    "a year of text": (lambda: tk.TariffCut(**CUT, schedule={"x": 1}),
                       "a year of schedule must be a number, not 'x'"),
    "a year twice": (lambda: tk.TariffCut(**CUT, schedule=((2026, 0.5), (2026, 1.0))),
                     "schedule names something twice"),
    "a share of text": (lambda: tk.TariffCut(**CUT, schedule={2026: "all"}),
                        "schedule of 2026 must be a number, not 'all'"),
    "staging": (lambda: tk.FreeTradeAgreement(staging={"30": 2.9}),
                "staging years of '30' must be a whole number, not 2.9"),
    "staging by truth": (lambda: tk.FreeTradeAgreement(staging={"30": True}),
                         "staging years of '30' must be a number, not True"),
    "members": (lambda: tk.FreeTradeAgreement(members=None),
                r"members are two countries such as \('IND', 'RUS'\), not None"),
    "members of text": (lambda: tk.PaymentFriction(cost=0.1, members="IND"),
                        "members are two countries"),
    "a span": (lambda: tk.PriceChange(**CRUDE, by=np.timedelta64(1, "D")),
               "by must be a number, not"),
    "complex": (lambda: tk.PriceChange(**CRUDE, by=np.complex128(0.1 + 1j)),
                "by must be a number, not"),
    "an array": (lambda: tk.PriceChange(**CRUDE, by=np.array([1, 2])),
                 "by must be a number, not"),
    "truth": (lambda: tk.PriceChange(**CRUDE, by=np.True_), "by must be a number, not"),
    "too large": (lambda: tk.ScheduledImport(**CRUDE, usd_mn=2**1100),
                  "usd_mn must be a finite number"),
    "beyond the world": (lambda: tk.ScheduledImport(**CRUDE, usd_mn=1e16),
                         r"usd_mn is 1e\+16; allowed are"),
    "other digits": (lambda: tk.TariffCut(**CUT, products="\u0663\u0661"),
                     "is not an HS code"),
    "fullwidth digits": (lambda: tk.TariffCut(**CUT, products="\uff13\uff11"),
                         "is not an HS code"),
    "year of solve": (lambda: tk.Armington().solve(
        both_ways(), scenario(tk.TariffCut(**CUT)), year=2027.5),
        "year must be a whole year, not 2027.5"),
    "year as text": (lambda: tk.Armington().solve(
        both_ways(), scenario(tk.TariffCut(**CUT)), year="2027"),
        "year must be a number, not '2027'"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG_LEVERS)
def test_what_was_silently_read_as_something_else_is_refused(case):
    make, said = WRONG_LEVERS[case]
    with pytest.raises(ValueError, match=said):
        make()


def series(values, index, **names):
    return pd.Series(values, index=pd.Index(index, **names))


WRONG_ELASTICITIES = {
    "truth": (True, "is a number or a Series.*, not True"),
    "text": ("2.5", "is a number or a Series.*, not '2.5'"),
    "complex": (2 + 0j, "is a number or a Series"),
    "a list": ([2.0], r"is a number or a Series.*, not \[2.0\]"),
    "a span": (np.timedelta64(3, "D"), "is a number or a Series"),
    "huge": (2**1100, "is a number or a Series"),
    "a twin": (series([2.0, 3.0], ["31", "31"]), "two values for '31'; keep one"),
    "nothing": (series([], []), "is an empty Series"),
    "numbers as codes": (series([2.0], [31]), "31 is none: quote it"),
    "text inside": (series(["many"], ["31"]), "must be numbers; it is 'many'.*'31'"),
    "truth inside": (series([True], ["31"]), "must be numbers; it is True.*for '31'"),
    "another index": (series([2.0], ["31"], name="chapter"), "indexed by.*'chapter'"),
    "an index twice": (
        pd.Series([2.0], pd.MultiIndex.from_tuples([("31", "31")])),
        "each once",
    ),
}


@pytest.mark.parametrize("field", tk.Armington().given())
@pytest.mark.parametrize("case", WRONG_ELASTICITIES)
def test_wrong_elasticities_are_refused_when_the_model_is_made(case, field):
    given, said = WRONG_ELASTICITIES[case]
    with pytest.raises(ValueError, match=f"(?s){field}.*{said}"):
        tk.Armington(**{field: given})
