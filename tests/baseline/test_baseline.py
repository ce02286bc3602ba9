"""Baselines: official totals, a user's own frame, what must not be touched."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from markets import baseline, both_ways, frame, two_suppliers
from toolkit.baseline import status_table

TOTAL = 0.1  # US$ mn, the tolerance on the official totals
SUM = 1e-9  # rounding of sums


@pytest.mark.parametrize(
    ("year", "exports", "imports"),
    [("2024-25", 4881.3, 63811.4), ("2025-26", 4493.5, 55369.6)],
)
def test_official_totals(year, exports, imports):
    balance = tk.load_baseline(year).balance()
    assert balance["exports"] == pytest.approx(exports, abs=TOTAL)
    assert balance["imports"] == pytest.approx(imports, abs=TOTAL)
    assert balance["balance"] == pytest.approx(exports - imports, abs=2 * TOTAL)


@pytest.mark.parametrize("year", ["2024-25", "2025-26"])
def test_products_add_to_the_balance(year):
    base = tk.load_baseline(year)
    sums = base.products().groupby("direction")["value_usd_mn"].sum()
    for direction in ("exports", "imports"):
        assert sums[direction] == pytest.approx(base.balance()[direction], rel=SUM)


def test_refuses_a_year_that_is_not_there():
    with pytest.raises(ValueError, match="'2024/25'; did you mean '2024-25'"):
        tk.load_baseline("2024/25")


def test_goods_outside_the_tariff_mechanism_are_marked():
    flows = tk.load_baseline().frame.set_index("product")["tariff_driven"]
    for chapter in ("88", "89", "93", "98"):
        assert not flows[chapter].any()
    assert flows["30"].all()


def test_every_flow_names_its_source():
    flows = tk.load_baseline().frame
    assert (flows["source"] != "").all()
    assert set(flows["basis"]) == {"FOB", "CIF", "mirror"}


def test_market_shares_are_of_the_importers_market():
    table = two_suppliers().products()
    assert table.loc[("imports", "31"), "market_share"] == pytest.approx(0.25)


def test_products_of_a_one_sided_frame():
    assert two_suppliers().products().index.tolist() == [("imports", "31")]


def test_the_users_frame_is_not_touched():
    mine = frame(("IND", "RUS", "31", 100.0, 0.2), ("IND", "ROW", "31", 300.0, 0.2))
    before = mine.copy(deep=True)
    base = tk.Baseline.from_frame(mine)
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
    tk.Armington().solve(base, tk.Scenario("cut", [cut])).check()
    pd.testing.assert_frame_equal(mine, before)


def test_changing_the_users_frame_later_changes_nothing():
    mine = frame(("IND", "RUS", "31", 100.0, 0.2), ("IND", "ROW", "31", 300.0, 0.2))
    base = tk.Baseline.from_frame(mine)
    mine.loc[:, "value_usd_mn"] = 0.0
    assert base.balance()["imports"] == 100.0


@pytest.mark.parametrize("name", ["frame", "elasticities", "world"])
def test_tables_are_handed_out_as_copies(name):
    base = tk.load_baseline()
    before = getattr(base, name)
    mine = getattr(base, name)
    mine.loc[:, "value" if name == "elasticities" else "value_usd_mn"] = -1.0
    pd.testing.assert_frame_equal(getattr(base, name), before)


def test_a_baseline_is_frozen():
    with pytest.raises(AttributeError):
        both_ways().year = "2030"  # pyright: ignore[reportAttributeAccessIssue]


def test_home_sales_are_no_trade():
    base = baseline(("IND", "IND", "31", 500.0, 0.0), ("IND", "RUS", "31", 100.0, 0.1))
    assert base.balance().to_dict() == {
        "exports": 0.0,
        "imports": 100.0,
        "balance": -100.0,
    }


def test_refuses_a_pair_that_is_not_in_the_frame():
    rows = frame(("IND", "RUS", "31", 100.0, 0.2))
    with pytest.raises(ValueError, match=r"partner 'RSU'.*did you mean 'RUS'"):
        tk.Baseline.from_frame(rows, partner="RSU")
    with pytest.raises(ValueError, match=r"reporter.*'india'"):
        tk.Baseline.from_frame(rows, reporter="india")


def test_what_it_shows_names_year_figures_and_source():
    text = repr(tk.load_baseline("2025-26"))
    for piece in ("2025-26", "4,493.5", "55,369.6", "provisional", "DGCI&S"):
        assert piece in text
    assert "DGCI&amp;S" in tk.load_baseline()._repr_html_()


def test_label_puts_the_code_behind_the_name():
    base = tk.load_baseline()
    assert base.label("30").endswith("(30)")
    assert base.label("zz") == "zz"


@pytest.mark.parametrize("case", ["low", "central", "high"])
def test_every_default_elasticity_has_the_right_sign_and_a_source(case):
    base = tk.load_baseline()
    used = tk.Armington(case=case).solve(base, tk.Scenario("none")).elasticities
    assert used["source"].str.len().min() > 5
    value = used.groupby("concept")["value"]
    assert value.min()["substitution_elasticity"] > 0
    assert value.max()["import_demand_elasticity"] <= 0
    assert value.min()["export_supply_elasticity"] > 0
    assert np.isfinite(
        used.query("concept != 'export_supply_elasticity'")["value"]
    ).all()


def test_suppliers_of_a_product_add_to_the_market():
    base = tk.load_baseline("2024-25")
    crude = base.suppliers("IND", "2709")
    frame = base.frame.query("importer == 'IND' and product == '2709'")
    assert crude["value_usd_mn"].sum() == pytest.approx(frame["value_usd_mn"].sum())
    assert crude["share"].sum() == pytest.approx(1.0)
    assert list(crude["value_usd_mn"]) == sorted(crude["value_usd_mn"], reverse=True)
    with pytest.raises(ValueError, match="did you mean '2709'"):
        base.suppliers("IND", "2708")


@pytest.mark.parametrize(
    ("year", "crore", "rupee"),
    [("2024-25", 235_000, 84.5555), ("2025-26", 258_000, 88.3731)],
)
def test_the_duties_bring_what_is_collected(year, crore, rupee):
    """Union Budgets 2025-26 and 2026-27, revised estimates; mean rate of the year."""
    table = tk.load_baseline(year).revenue_check()
    money = table["usd_mn"]
    assert money["collected"] == pytest.approx(10 * crore / rupee, abs=0.01)
    assert money["duty paid"] == pytest.approx(money["collected"], rel=1e-4)
    assert money["rates of the schedule"] > 2 * money["collected"]
    share = table["percent_of_imports"]["duty paid"]
    assert share == pytest.approx(3.9, abs=0.2)  # 3.9 %, GTRI, January 2026
    by_product = tk.load_baseline(year).revenue_check(by_product=True)
    assert by_product["duty paid"].sum() == pytest.approx(money["duty paid"])


def test_the_rates_of_the_schedule_can_be_asked_for():
    base = tk.load_baseline(duties="statutory")
    ratio = base.revenue_check()["ratio_to_collected"]
    assert ratio["duty paid"] == ratio["rates of the schedule"]
    cut = tk.Scenario("cut", [tk.TariffCut(importer="IND", exporter="ALL", by=0.5)])
    lost = [
        tk.Armington().solve(b, cut).accounts().loc["IND", "tariff_revenue"]
        for b in (tk.load_baseline(), base)
    ]
    assert 1.5 < lost[1] / lost[0] < 3.0
    with pytest.raises(ValueError, match="did you mean 'collected'"):
        tk.load_baseline(duties="colected")


def test_duties_of_your_own_frame_stand_beside_what_you_say_is_collected():
    rows = frame(
        ("DEU", "FRA", "870323", 30.0, 0.0), ("DEU", "ROW", "870323", 70.0, 0.1)
    )
    options = {"reporter": "DEU", "partner": "FRA"}
    base = tk.Baseline.from_tables(rows, collected=3.5, **options)
    assert base.revenue_check()["ratio_to_collected"].tolist() == [2.0, 2.0, 2.0, 1.0]
    assert "collected 3.5" in repr(base)
    alone = tk.Baseline.from_frame(rows, **options)
    assert alone.revenue_check()["ratio_to_collected"].isna().all()
    assert "is not stated" in repr(alone)
    assert alone.other_years == {}


def test_the_official_years_know_of_each_other():
    other = tk.load_baseline("2024-25", duties="statutory").other_years
    assert list(other) == ["2025-26"]
    ratio = other["2025-26"].revenue_check()["ratio_to_collected"]
    assert ratio["duty paid"] > 2


def test_duties_without_a_status_are_said_to_have_none():
    rows = frame(
        ("IND", "RUS", "30", 30.0, 0.1),
        ("IND", "RUS", "31", 70.0, 0.1),
        ("RUS", "IND", "30", 5.0, 0.1),
    )
    base = tk.Baseline.from_frame(rows.assign(rate_status=["official", None, None]))
    shares = status_table(base).xs("duty", level="what")
    assert shares.loc["imports", "official"] == pytest.approx(0.3)
    assert shares.loc["imports", "not stated"] == pytest.approx(0.7)
    assert shares.loc["exports", "not stated"] == pytest.approx(1.0)
