"""Derived tables add up, repeat exactly, and say how they were made."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from toolkit import datasets

YEARS = ("2024-25", "2025-26")
TOTALS = {
    ("2024-25", "export"): 4881.34,
    ("2025-26", "export"): 4493.52,
    ("2024-25", "import"): 63811.40,
    ("2025-26", "import"): 55369.56,
}
SCRIPT = datasets.folder() / "derive"


@pytest.fixture(scope="module")
def flows():
    return datasets.load("flows")


@pytest.fixture(scope="module")
def rates():
    return datasets.load("rates")


def official(flow, partner, year):
    table = datasets.load("india_world")
    hit = table.query("flow == @flow and partner == @partner and year == @year")
    return hit.set_index("hs2").value_usd_mn


def by_chapter(frame):
    return frame.groupby(frame["product"].str[:2]).value_usd_mn.sum()


def market(flows, year, importer, exporter=None):
    hit = flows[(flows.year == year) & (flows.importer == importer)]
    return hit if exporter is None else hit[hit.exporter == exporter]


def test_rebuilding_gives_the_same_bytes(tmp_path):
    root = Path(datasets.__file__).resolve().parents[1]
    subprocess.run(
        [sys.executable, "-B", str(SCRIPT), str(tmp_path)],
        check=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    made = sorted(p.name for p in tmp_path.iterdir())
    assert made == sorted(p.name for p in (SCRIPT.parent / "derived").iterdir())
    for name in made:
        kept = (SCRIPT.parent / "derived" / name).read_bytes()
        assert (tmp_path / name).read_bytes() == kept, name


@pytest.mark.parametrize("year", YEARS)
def test_totals_are_the_published_ones(flows, year):
    sold = market(flows, year, "RUS", "IND").value_usd_mn.sum()
    bought = market(flows, year, "IND", "RUS").value_usd_mn.sum()
    assert sold == pytest.approx(TOTALS[year, "export"], abs=1e-6)
    assert bought == pytest.approx(TOTALS[year, "import"], abs=1e-6)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(
    ("importer", "exporter", "flow", "partner"),
    [("RUS", "IND", "export", "RUS"), ("IND", "RUS", "import", "RUS")],
)
def test_products_add_to_official_chapters(
    flows, year, importer, exporter, flow, partner
):
    made = by_chapter(market(flows, year, importer, exporter))
    published = official(flow, partner, year)
    gap = (made - published.reindex(made.index).fillna(0)).abs()
    assert set(published.index) <= set(made.index)
    assert gap.max() < 1e-6, gap.idxmax()


@pytest.mark.parametrize("year", YEARS)
def test_the_indian_market_adds_to_world_imports(flows, year):
    made = by_chapter(market(flows, year, "IND"))
    published = official("import", "WLD", year)
    pd.testing.assert_series_equal(
        made, published, check_names=False, check_exact=False, rtol=0, atol=1e-6
    )


@pytest.mark.parametrize("year", YEARS)
def test_named_suppliers_keep_their_chapters(flows, year):
    named = datasets.load("india_suppliers")
    for row in named[named.exporter != "RUS"].itertuples():
        if row.hs2 == "27":
            continue
        hit = market(flows, year, "IND", row.exporter)
        value = by_chapter(hit).get(row.hs2, 0.0)
        published = row.value_2025_26_usd_mn
        if year == "2024-25":
            published /= 1 + row.growth
        assert value == pytest.approx(published, abs=0.005 + 1e-6), row


@pytest.mark.parametrize("year", YEARS)
def test_crude_of_a_named_supplier_fits_in_its_chapter(flows, year):
    named = datasets.load("india_suppliers").query("hs2 == '27'")
    for row in named.itertuples():
        published = row.value_2025_26_usd_mn
        if year == "2024-25":
            published /= 1 + row.growth
        hit = market(flows, year, "IND", row.exporter)
        assert by_chapter(hit).get("27", 0.0) <= published + 0.01


def test_crude_of_2024_has_the_published_value_share(flows):
    crude = market(flows, "2024-25", "IND").query("product == '2709'")
    share = crude.set_index("exporter").value_usd_mn / crude.value_usd_mn.sum()
    assert share["RUS"] == pytest.approx(0.351, abs=1e-6)
    assert crude.kilotonnes.sum() == pytest.approx(244_000, abs=0.01)


def test_oil_and_gas_of_the_year_is_what_was_published(flows):
    for year, oil in (("2024-25", 53466.5), ("2025-26", 44391.5)):
        russia = market(flows, year, "IND", "RUS").set_index("product").value_usd_mn
        assert russia["2709"] + russia["2710x"] == pytest.approx(oil, abs=0.1)


def test_crude_from_russia_agrees_with_the_other_routes(flows):
    crude = market(flows, "2024-25", "IND", "RUS").set_index("product").loc["2709"]
    assert 48_000 < crude.value_usd_mn < 51_500


def test_fertiliser_tonnes_are_the_published_ones(flows):
    world = market(flows, "2024-25", "IND").groupby("product").kilotonnes.sum()
    assert world["310210"] == pytest.approx(5647, abs=0.01)
    assert world["310530"] == pytest.approx(4569, abs=0.01)
    russia = market(flows, "2024-25", "IND", "RUS").set_index("product").kilotonnes
    assert russia["310210"] == pytest.approx(923, abs=0.001)
    later = market(flows, "2025-26", "IND", "RUS").set_index("product").kilotonnes
    four = later[["310210", "310420", "310530", "310520"]].sum()
    assert four == pytest.approx(5551 * 12 / 11, abs=0.01)


def test_impossible_suppliers_sell_nothing(flows):
    sold = flows[flows.importer == "IND"].set_index(["exporter", "product"]).index
    for pair in [("MAR", "310210"), ("MAR", "310420"), ("SAU", "310420")]:
        assert pair not in sold
    for country in ("OMN", "QAT", "ARE", "IDN"):
        assert (country, "310530") not in sold
        assert (country, "310210") in sold


def test_sunflower_share_is_the_published_one(flows):
    for year in YEARS:
        oil = market(flows, year, "IND").query("product == '1512'")
        share = oil.set_index("exporter").value_usd_mn / oil.value_usd_mn.sum()
        assert share["RUS"] == pytest.approx(0.56, abs=1e-6)


def test_blocked_goods_are_present_at_zero(flows):
    for year in YEARS:
        india = market(flows, year, "RUS", "IND").set_index("product").value_usd_mn
        assert india["0701"] == 0.0
        assert india["0810"] == 0.0
        others = market(flows, year, "RUS", "ROW").set_index("product").value_usd_mn
        assert others["0701"] > 100
        assert others["0803"] > 300, "the gap of a late reporter is not a fall"


def test_rows_are_unique_and_explained(flows):
    keys = ["year", "importer", "exporter", "product"]
    assert not flows.duplicated(keys).any()
    assert (flows.value_usd_mn >= 0).all()
    assert (flows.derivation != "").all()
    assert not flows.kilotonnes.lt(0).any()


def test_every_product_has_a_name_a_rate_and_elasticities(flows, rates):
    products = datasets.load("products")
    assert set(flows["product"]) == set(products["product"])
    keys = ["year", "importer", "product"]
    wanted = set(flows[keys].itertuples(index=False, name=None))
    assert wanted == set(rates[keys].itertuples(index=False, name=None))
    elasticities = datasets.load("elasticities")
    sigma = elasticities[elasticities.concept == "substitution"]
    assert set(sigma["product"]) == {"", *products["product"]}


def test_project_and_defence_goods_are_not_tariff_driven():
    products = datasets.load("products").set_index("chapter")
    for chapter in ("98", "88", "89", "93"):
        assert not products.loc[[chapter]].tariff_driven.any()
        assert (products.loc[[chapter]].note != "").all()
    assert products.loc[["30", "15", "61"]].tariff_driven.all()


def test_specific_duties_count(rates):
    russia = rates.query("importer == 'RUS' and year == '2025-26'")
    russia = russia.set_index("product")
    for chapter in ("57", "61", "62", "63", "64"):
        assert russia.applied_rate[chapter] > russia.ad_valorem_part[chapter]
    assert (russia.applied_rate >= russia.ad_valorem_part - 1e-9).all()
    assert 0.12 < russia.applied_rate["61"] < 0.25
    assert 0.12 < russia.applied_rate["62"] < 0.25


def test_russian_rates_against_single_lines(rates):
    russia = rates.query("importer == 'RUS' and year == '2024-25'")
    rate = russia.set_index("product").applied_rate
    assert rate["0306"] == 0.03
    assert rate["0701"] == 0.10
    assert rate["0810"] == 0.05
    assert 0 < rate["0902"] < 0.125, "mostly bulk tea, which is free"
    assert 0.03 <= rate["30"] <= 0.05


def test_a_tshirt_by_hand():
    """EUR 1.75 a kg at US$ 11.34 a kg and 0.9143 EUR a US$ is 16.9 %."""
    market_price = 578.114e6 / (50985.7 * 1000)
    euro = 1 / (0.75 * 0.9242 + 0.25 * 0.8845)
    equivalent = sys_path_call("rates_russia").equivalents("2024-25")
    shirt = equivalent.loc["610910"]
    assert shirt.duty == pytest.approx(1.75 * euro / market_price, rel=1e-6)
    assert shirt.part == 0.0


def test_indian_rates_weigh_the_days(rates):
    rate = rates.query("importer == 'IND'").set_index(["year", "product"])
    applied = rate.applied_rate
    before, after = 166 * 0.055 + 199 * 0.275, 59 * 0.275 + 306 * 0.165
    assert applied["2024-25", "1512"] == pytest.approx(before / 365, abs=1e-6)
    assert applied["2025-26", "1512"] == pytest.approx(after / 365, abs=1e-6)
    assert rate.rate_in_force["2025-26", "1512"] == pytest.approx(0.165)
    assert applied["2024-25", "310210"] == pytest.approx(0.05)
    assert applied["2024-25", "310520"] == pytest.approx(0.055)
    assert 0 < applied["2024-25", "2709"] < 0.002


def indian(rates, year="2024-25"):
    mine = rates.query("importer == 'IND' and year == @year")
    return mine.set_index(["product", "exporter"])


def test_known_rates_are_left_and_averages_share_one_factor(rates):
    rate = indian(rates)
    general = rate.xs("ALL", level="exporter")
    share = general.applied_rate / general.statutory_rate
    for product in ("1512", "15x", "72", "76", "2701x", "310210", "88", "2709"):
        assert share[product] == pytest.approx(1.0), product
    free = datasets.load("india_duty_free").set_index("chapter").free_share
    factor = sys_path_call("customs").factors("2024-25").exempt
    assert 0.5 < factor < 0.9
    for product in ("29", "84", "85", "87", "39"):
        due = factor * (1 - free.get(product, 0.0))
        assert share[product] == pytest.approx(due, abs=1e-5), product
    assert share["71"] == pytest.approx(1 - free["71"], abs=1e-4)
    assert rate.applied_rate["71", "RUS"] == 0.0  # rough diamonds


def test_only_suppliers_with_an_agreement_pay_less(rates):
    rate = indian(rates).applied_rate
    members = set(datasets.load("india_agreements").member)
    for (product, exporter), value in rate.items():
        if exporter == "ALL" or not rate[product, "ALL"] or exporter == "RUS":
            continue
        assert exporter in members | {"ROW"}
        assert 0.3 < value / rate[product, "ALL"] < 0.7
    assert {"KOR", "SGP", "VNM", "ROW"} <= set(rate["85"].index)
    assert not {"CHN", "USA", "RUS"} & set(rate["85"].index)


def test_duties_by_commodity_beside_the_last_year_they_were_published_for(flows, rates):
    """Shares of all duties, 2009-10 (Directorate of Data Management), within a half."""
    table = datasets.load("customs_revenue").query("year == '2009-10'")
    then = table.set_index("item").rs_crore / table.rs_crore.iloc[0]
    base = tk.load_baseline("2024-25").revenue_check(by_product=True)["duty paid"]
    now = base / base.sum()
    for product, item in (
        ("85", "electrical machinery"),
        ("84", "machinery"),
        ("29", "organic chemicals"),
        ("2710x", "petroleum products other than crude"),
    ):
        ratio = now[product] / then[f"collected on {item}"]
        assert 0.45 < ratio < 1.5, (product, ratio)


def test_gsp_is_three_quarters_of_mfn_and_only_in_russia(rates):
    russia = rates[rates.importer == "RUS"]
    np.testing.assert_allclose(russia.gsp_rate, 0.75 * russia.applied_rate, atol=1e-6)
    assert rates[rates.importer == "IND"].gsp_rate.isna().all()


def test_elasticities_have_their_signs_and_ranges():
    table = datasets.load("elasticities")
    value = table.set_index("concept").value
    assert (value["substitution"] > 0).all()
    assert (value["substitution"] <= 10).all()
    assert (value["import_demand"] <= 0).all()
    assert (value["export_supply"] > 0).all()
    assert (value["tariff_elasticity"] < 0).all()


def test_every_elasticity_is_a_distribution_around_its_value():
    table = datasets.load("elasticities")
    endless = np.isinf(table.value)
    assert set(table[endless].concept) == {"export_supply"}
    assert table[endless].ln_spread.isna().all()
    assert (table[endless].low < table[endless].value).all()
    assert table[endless].note.str.contains("no spread").all()
    rest = table[~endless]
    assert (rest.low < rest.value).all()
    assert (rest.value < rest.high).all()
    np.testing.assert_allclose(rest.ln_centre, np.log(rest.value.abs()), atol=2e-4)
    assert (rest.ln_spread > 0.3).all()  # what studies and decades add is in each
    away = np.log(rest[["low", "high"]].abs().div(rest.value.abs(), axis=0)).abs()
    cut = rest.note.str.contains("low end cut")
    assert cut.sum() == 1
    for end in ("low", "high"):
        kept = ~cut if end == "low" else cut | True
        expected = 1.645 * rest.ln_spread[kept]
        np.testing.assert_allclose(away[end][kept], expected, atol=2e-3)
    grades = {"own estimate", "transferred", "pooled", "assumed"}
    assert set(table.quality) == grades


def test_no_sigma_is_the_extreme_of_one_study():
    table = datasets.load("elasticities").query("concept == 'substitution'")
    assert (table.low >= 1.05).all()
    assert (table.high <= 20).all()
    sigma = table.set_index(["product", "importer"])
    assert (sigma.loc[["71", "91"]].high < 12).all()  # were 25 and 89
    assert set(sigma.loc["91"].quality) == {"pooled"}
    assert sigma.loc[("2709", "IND"), "value"] == pytest.approx(3.2, abs=0.05)


def test_shrinking_lies_between_the_estimate_and_what_it_is_shrunk_to():
    pooling = sys_path_call("pooling")
    moments = pooling.variances()
    assert min(vars(moments).values()) > 0
    prior = pooling.Centre(1.0, 0.1, 1.0)
    half = pooling.shrink(2.0, 0.2, prior, 0.2)
    assert (half.ln, half.own_weight) == (1.5, 0.5)
    assert half.variance == pytest.approx(1 / (1 / 0.3 + 1 / 0.2))
    estimates = datasets.load("substitution_estimates").set_index("code")
    for chapter in ("30", "84", "31"):
        own = np.log(estimates.india[chapter])
        ends = sorted([own, pooling.world(chapter).ln])
        assert ends[0] <= pooling.india(chapter, chapter).ln <= ends[1]
    assert pooling.india("03", "03") is None  # 131.5
    assert pooling.world("91").own_weight < 0.1  # one cell
    sections = {"05": 1, "06": 2, "27": 5, "71": 14, "72": 15, "91": 18, "97": 21}
    assert {code: pooling.section_of(code) for code in sections} == sections


def test_no_tariff_elasticity_where_tariffs_identify_none():
    estimates = set(datasets.load("tariff_elasticity_estimates").chapter)
    assert not estimates & {"26", "27", "28", "29", "30", "31", "71"}
    table = datasets.load("elasticities").query("concept == 'tariff_elasticity'")
    assert not table["product"].str[:2].isin(["27", "31"]).any()


def sys_path_call(module):
    """Import one module of the derivation scripts."""
    import importlib

    sys.path.insert(0, str(SCRIPT))
    try:
        return importlib.import_module(module)
    finally:
        sys.path.remove(str(SCRIPT))


def test_proportional_fit_refuses_impossible_margins():
    fertiliser = sys_path_call("fertiliser")
    rows = pd.Series({"A": 5.0, "B": 5.0})
    columns = pd.Series({"x": 2.0, "y": 8.0})
    only_x = pd.DataFrame(
        [[1.0, 0.0], [1.0, 1.0]], index=["A", "B"], columns=["x", "y"]
    )
    with pytest.raises(ValueError, match="margins cannot be met"):
        fertiliser.fit(rows, columns, only_x)


def test_proportional_fit_of_ones_is_the_product_of_margins():
    fertiliser = sys_path_call("fertiliser")
    rows = pd.Series({"A": 4.0, "B": 6.0})
    columns = pd.Series({"x": 3.0, "y": 7.0})
    ones = pd.DataFrame(1.0, index=["A", "B"], columns=["x", "y"])
    made = fertiliser.fit(rows, columns, ones)
    np.testing.assert_allclose(made, np.outer(rows, columns) / 10, rtol=1e-12)


def test_chapters_of_every_year_add_to_the_annual_total():
    """The history agrees with the yearly totals within the rounding of chapters."""
    history = datasets.load("chapters_history")
    annual = datasets.load("annual_totals").set_index("year")
    sums = history.groupby(["flow", "year"]).value_usd_mn.sum()
    assert len(sums) == 22
    for (flow, year), value in sums.items():
        assert value == pytest.approx(annual.loc[year, f"{flow}s_usd_mn"], abs=0.2)


def test_months_add_to_the_annual_total():
    monthly = datasets.load("india_russia_monthly")
    period = pd.PeriodIndex(monthly.month, freq="M")
    start = period.year - (period.month < 4)
    annual = datasets.load("annual_totals").set_index("year")
    for first in range(2008, 2019):
        year = f"{first}-{(first + 1) % 100:02d}"
        months = monthly[start == first]
        assert len(months) == 12
        for column in ("exports_usd_mn", "imports_usd_mn"):
            assert months[column].sum() == pytest.approx(annual.loc[year, column])


def test_oil_months_add_to_the_import_total():
    """The monthly collation is quoted to US$ 10 mn and meets the total in that."""
    oil = datasets.load("india_russia_oil_monthly").set_index("month")
    for year in YEARS:
        months = pd.period_range(f"{year[:4]}-04", periods=12, freq="M").astype(str)
        total = oil.loc[months, ["oil_gas_usd_mn", "other_usd_mn"]].to_numpy().sum()
        assert total == pytest.approx(TOTALS[year, "import"], abs=5.0)


def test_missing_split_is_said_not_filled():
    row = datasets.load("annual_totals").set_index("year").loc["2019-20"]
    assert row.status == "not found"
    assert pd.isna(row.exports_usd_mn)
    assert pd.isna(row.imports_usd_mn)
    assert row.total_usd_mn == 10110.68


def test_new_trade_price_by_hand():
    prices = datasets.load("new_trade_prices").set_index(["year", "product"])
    potatoes = prices.loc[("2024-25", "0701")]
    assert potatoes.usd_per_tonne == pytest.approx(287.033e6 / 556747.1, abs=0.05)
    bananas = prices.loc[("2025-26", "0803")]
    assert bananas.note == "late reporters missing"
