"""What a result shows: the balance from either side, tables, accounts, checks."""

import json

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from markets import INFINITE, baseline, both_ways, pick, scenario, two_suppliers
from toolkit.explorer import figures

EXACT = 1e-9
MODEL = tk.Armington(2.0, -1.0, INFINITE)
CUT = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
GROWTH = tk.DemandGrowth(importer="RUS", by=0.5)


@pytest.fixture(scope="module")
def official():
    deal = tk.FreeTradeAgreement()
    return tk.Armington().solve(tk.load_baseline(), scenario(deal))


def test_balance_is_exports_minus_imports_before_and_after():
    table = MODEL.solve(both_ways(), scenario(CUT, GROWTH)).balance()
    assert table.index.tolist() == ["exports", "imports", "balance"]
    assert table["baseline"].tolist() == [40.0, 100.0, -60.0]
    assert table.loc["exports", "counterfactual"] == pytest.approx(60.0, rel=EXACT)
    assert table.loc["imports", "change"] == pytest.approx(100 * (1.21 / 1.025 - 1))
    difference = table["counterfactual"] - table["baseline"]
    assert (table["change"] - difference).abs().max() < EXACT
    parts = table.loc["exports"] - table.loc["imports"]
    assert (parts - table.loc["balance"]).abs().max() < EXACT


def test_the_other_side_sees_the_mirror_image():
    result = MODEL.solve(both_ways(), scenario(CUT))
    mine, theirs = result.balance(view="India"), result.balance(view="Russia")
    assert theirs.loc["exports"].equals(mine.loc["imports"])
    assert theirs.loc["balance", "change"] == -mine.loc["balance", "change"]
    assert result.balance(view="RUS").equals(theirs)


def test_total_imports_count_what_other_suppliers_lose():
    result = MODEL.solve(both_ways(), scenario(CUT))
    total = result.balance(scope="total").loc["imports"]
    assert total["baseline"] == 400.0
    change = result.displacement("IND").loc["31", "total"]
    assert total["change"] == pytest.approx(change, rel=EXACT)


def test_the_official_totals_are_the_worlds(official):
    total = official.balance(scope="total")["baseline"]
    world = tk.load_baseline().world.query("flow == 'export' and partner == 'WLD'")
    assert total["exports"] == pytest.approx(world["value_usd_mn"].sum(), rel=EXACT)
    assert total["imports"] == pytest.approx(720_000, rel=0.01)  # US$ 720 bn in FY25
    with pytest.raises(ValueError, match="knows the world trade of IND only"):
        official.balance(view="Russia", scope="total")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"view": "Rusia"}, "'Rusia' is unknown; did you mean 'Russia'"),
        ({"view": "CHN"}, "'CHN' is unknown.*India"),
        ({"scope": "totl"}, "'totl' is unknown; did you mean 'total'"),
    ],
)
def test_refuses_an_unknown_view_or_scope(official, arguments, message):
    with pytest.raises(ValueError, match=message):
        official.balance(**arguments)


def test_by_product_adds_up_and_names_an_unknown_variable(official):
    table = official.by_product().groupby("direction")[["baseline", "change"]].sum()
    balance = official.balance()
    for direction in ("exports", "imports"):
        for column in ("baseline", "change"):
            due = balance.loc[direction, column]
            assert table.loc[direction, column] == pytest.approx(due, rel=EXACT)
    with pytest.raises(ValueError, match="'quantiy'; did you mean 'quantity'"):
        official.by_product("quantiy")


def test_the_long_frame_has_the_promised_columns_and_units(official):
    frame = official.frame
    assert frame.columns.tolist() == [
        *("scenario", "model", "importer", "exporter", "product", "variable"),
        *("unit", "baseline", "counterfactual", "change"),
    ]
    units = frame.groupby("variable")["unit"].agg(set)
    assert units["value"] == {"US$ mn"}
    assert units["quantity"] == {"baseline = 1"}
    assert units["shadow_tariff"] == {"decimal"}
    gap = frame["counterfactual"] - frame["baseline"] - frame["change"]
    assert gap.abs().max() < EXACT
    assert not frame.duplicated(["importer", "exporter", "product", "variable"]).any()


def test_static_effect_moves_rates_but_not_behaviour():
    result = MODEL.solve(both_ways(), scenario(CUT))
    assert result.static()["change"].tolist() == [0.0, 0.0, 0.0]
    account = result.accounts().loc["IND"]
    assert account["static_revenue"] == pytest.approx(-10.0, rel=EXACT)
    dear = tk.PriceChange(importer="IND", exporter="RUS", by=0.2)
    static = MODEL.solve(both_ways(), scenario(dear)).static()
    assert static.loc["imports", "change"] == pytest.approx(20.0, rel=EXACT)


def test_every_identity_is_reported_and_holds(official):
    checks = official.check()
    assert checks["holds"].all()
    assert {"spending adds up", "supply meets demand"} <= set(checks.index)
    assert (checks["residual"] <= checks["tolerance"]).all()


def test_summary_says_which_way_the_balance_goes():
    worse = MODEL.solve(both_ways(), scenario(CUT)).summary()
    assert "worsens the balance by US$ 18.0 mn" in worse.text
    assert worse.table.loc["imports", "percent"] == pytest.approx(18.04878, abs=1e-5)
    better = MODEL.solve(both_ways(), scenario(GROWTH)).summary()
    assert "improves the balance by US$ 20.0 mn" in better.text
    assert "where it is" in MODEL.solve(both_ways(), scenario()).summary().text


def test_what_it_shows_carries_figures_notes_and_source(official):
    text = repr(official)
    for piece in ("Armington", "2024-25", "63,811.4", "Note: Not driven by", "DGCI&S"):
        assert piece in text
    assert "DGCI&amp;S" in official._repr_html_()


def test_wedges_list_only_what_binds():
    free = MODEL.solve(both_ways(), scenario(CUT))
    assert free.wedges().empty
    cap = tk.SupplyDisruption(importer="IND", exporter="RUS", by=0.3)
    held = MODEL.solve(both_ways(kilotonnes=50.0), scenario(cap)).wedges()
    assert len(held) == 1
    assert held["kilotonnes_after"].iloc[0] == pytest.approx(35.0, rel=EXACT)


def test_nothing_done_to_a_result_changes_another():
    base, model = both_ways(), tk.Armington()
    first = model.solve(base, scenario(CUT))
    due = first.frame
    for mine in (first.frame, first.elasticities, first.balance()):
        mine.loc[:, "value" if "value" in mine else "change"] = -1.0
    with pytest.raises(ValueError, match="read-only"):
        first.variable("value").baseline[:] = 0.0
    second = model.solve(base, scenario(CUT))
    pd.testing.assert_frame_equal(second.frame, due)
    sigma = second.elasticities.query("concept == 'substitution_elasticity'")
    assert (sigma["value"] > 0).all()
    with pytest.raises(AttributeError):
        first.scenario = "other"  # pyright: ignore[reportAttributeAccessIssue]


def test_lines_without_trade_have_no_price_and_stay_at_zero(official):
    empty = official.frame.query("variable == 'value' and baseline == 0")
    assert len(empty) > 10
    assert (empty["counterfactual"] == 0).all()
    row = empty.iloc[0]
    keys = {key: row[key] for key in ("importer", "exporter", "product")}
    with pytest.raises(AssertionError, match="0 rows"):
        pick(official, "consumer_price", **keys)


def test_compare_sets_two_results_side_by_side():
    base = two_suppliers()
    exact = MODEL.solve(base, scenario(CUT))
    smart = tk.Smart(2.0, -1.0, INFINITE).solve(base, scenario(CUT))
    table = tk.compare(exact, smart)
    columns = ["baseline", "test (Armington)", "test (SMART)", "difference"]
    assert table.columns.tolist() == columns
    gap = table["test (SMART)"] - table["test (Armington)"]
    assert np.allclose(table["difference"], gap)
    assert table.loc["imports", "difference"] > 2  # SMART's bias to the partner
    other = MODEL.solve(baseline(("IND", "RUS", "31", 1.0, 0.0)), scenario())
    with pytest.raises(ValueError, match="cannot be compared"):
        tk.compare(exact, other)


def fertiliser(year="2024-25"):
    target = tk.QuantityTarget(
        importer="IND", exporter="RUS", products="31", kilotonnes=7000
    )
    return tk.Armington().solve(tk.load_baseline(year), scenario(target))


def test_the_base_year_is_an_assumption_and_said_where_it_matters():
    """7 Mt of fertiliser: -1,659 on 2024-25, -486 on 2025-26."""
    first, second = fertiliser(), fertiliser("2025-26")
    there = first.other_years()
    assert there.loc["2025-26", "balance"] == second.balance()["change"]["balance"]
    assert there.loc["2025-26", "balance"] == pytest.approx(-486.2, abs=0.1)
    row = first.assumptions().loc["base year 2025-26"]
    assert row["swing"] == pytest.approx(1658.5 - 486.2, abs=0.2)
    assert (row["low"], row["high"]) == (
        first.balance()["change"]["balance"],
        second.balance()["change"]["balance"],
    )
    assert "base year 2025-26" not in first.assumptions(base_year=False).index
    said = "−US$ 486.2 mn on the figures of 2025-26, −US$ 1.66 bn on those of 2024-25"
    for text in (first.explain(), first.summary().text, repr(first)):
        assert said in text


def test_a_base_year_that_matters_little_is_not_in_the_way():
    result = tk.Armington().solve(
        tk.load_baseline(), tk.Scenario("deal", [tk.FreeTradeAgreement()])
    )
    assert "The base year matters" not in result.explain()
    assert "base year 2025-26" in result.assumptions().index


def test_no_headline_is_without_its_range_and_what_moves_it():
    result = fertiliser()
    for text in (repr(result), result._repr_html_(), result.explain()):
        assert "Nine of ten draws of all elasticities change the balance by" in text
        assert "hangs most on how readily suppliers deliver more (export" in text
    assert "the balance changes by −US$ 3.50 bn to −US$ 1.66 bn" in repr(result)
    chart = json.dumps(tk.charts.waterfall(result).to_dict(), ensure_ascii=False)
    assert "between −3.50 and −1.66" in chart
    (balance,) = [f for f in figures(result) if f.name == "balance"]
    assert balance.between == "−3.50 to −1.66"


def test_your_own_figures_have_no_other_year_and_say_nothing_of_it():
    result = MODEL.solve(both_ways(), scenario(CUT))
    assert result.other_years().empty
    assert result.assumptions().empty
    assert "No range: the elasticities are the user's own." in repr(result)
    assert "hangs" not in repr(result)
