"""Monthly series: publishers agree with each other, and the panel is made of them."""

import pandas as pd
import pytest

from toolkit import datasets
from toolkit.elasticities import fit_import_demand

CPI_IW_POINT = 0.3825310806503  # one point of the Indian index (2001 = 100)


@pytest.fixture(scope="module")
def series():
    table = datasets.load("monthly_series")
    assert not table.duplicated(["month", "series"]).any()
    return table.pivot_table(index="month", columns="series", values="value")


@pytest.fixture(scope="module")
def panel():
    return datasets.load("monthly_panel")


def test_no_series_has_a_gap(series):
    for name, column in series.items():
        known = column.dropna()
        months = pd.period_range(known.index[0], known.index[-1], freq="M")
        assert list(known.index) == list(months.astype(str)), name


def test_two_central_banks_agree_on_the_rupee(series):
    """European Central Bank's cross rate against the Federal Reserve's, 2009."""
    cross = series.inr_per_eur / series.usd_per_eur
    gap = (cross / series.inr_per_usd - 1).dropna()
    assert len(gap) == 12
    assert gap.abs().max() < 0.0025


def test_russian_prices_are_rosstats_own(series):
    """The index of the OECD against monthly changes Rosstat printed to 0.1."""
    change = 100 * series.cpi_russia / series.cpi_russia.shift(1)
    gap = (change - series.cpi_russia_change).dropna()
    assert len(gap) == 134
    assert gap.abs().max() <= 0.051


def test_indian_prices_are_whole_points_of_the_labour_bureau(series):
    points = series.cpi_india.dropna() / CPI_IW_POINT
    assert (points - points.round()).abs().max() < 2e-4
    assert points.round().iloc[[0, -1]].tolist() == [127, 328]


@pytest.mark.parametrize(
    ("year", "bn"), [(2008, 288.7), (2009, 183.9), (2013, 341.3), (2014, 307.9)]
)
def test_russian_imports_add_up_to_the_balance_of_payments(series, year, bn):
    """Bank of Russia, imports of goods by year, to the rounding of twelve months."""
    months = series.russia_imports[series.index.str[:4] == str(year)]
    assert months.sum() == pytest.approx(bn, abs=0.6)


@pytest.mark.parametrize(
    ("year", "usd"), [(2008, 96.94), (2013, 108.56), (2016, 43.67), (2020, 41.96)]
)
def test_brent_is_near_the_annual_price(series, year, usd):
    """EIA's annual mean is of days, ours of months."""
    months = series.brent[series.index.str[:4] == str(year)]
    assert months.mean() == pytest.approx(usd, abs=0.35)


def test_panel_is_the_trade_and_the_series(panel, series):
    trade = datasets.load("india_russia_monthly").set_index("month")
    months = pd.period_range("2007-07", "2019-11", freq="M").astype(str)
    assert panel.month.tolist() == list(months)
    wide = panel.set_index("month")
    assert wide.exports_usd_mn.equals(trade.exports_usd_mn.loc["2007-07":"2019-11"])
    assert wide.brent.equals(series.brent.loc["2007-07":"2019-11"].rename("brent"))
    assert wide.russia_imports_usd_bn.notna().sum() == 129


def test_relative_price_rises_when_the_rouble_falls(panel, series):
    wide = panel.set_index("month")
    assert wide.relative_price.loc["2015-01":"2015-12"].mean() == pytest.approx(100)
    assert wide.relative_price["2015-02"] > 1.4 * wide.relative_price["2014-06"]
    rows = ["2010-05", "2019-11"]
    s = series.loc[rows]
    price = s.cpi_india * s.rub_per_eur / s.inr_per_eur / s.cpi_russia
    expected = price[rows[1]] / price[rows[0]]
    found = wide.relative_price[rows[1]] / wide.relative_price[rows[0]]
    assert found == pytest.approx(expected, rel=1e-5)


def test_panel_goes_through_the_estimator(panel):
    """The rise of both series drives the sign: a trend takes it away."""
    options = {
        "dependent": "exports_usd_mn",
        "regressors": ["relative_price", "brent"],
        "method": "ardl",
        "log": True,
        "time": "month",
    }
    plain = fit_import_demand(panel, **options)
    trend = fit_import_demand(panel, trend="ct", **options)
    assert plain.nobs > 140
    assert plain.long_run().low["relative_price"] > 0
    row = trend.long_run().loc["relative_price"]
    assert row.low < 0 < row.high
