"""One scenario on the figures of several years."""

import pytest

import toolkit as tk
from markets import both_ways, scenario

TARGET = tk.QuantityTarget(
    importer="IND", exporter="RUS", products="31", kilotonnes=7000
)
MODEL = tk.Armington()


def test_both_official_years_stand_side_by_side():
    table = tk.across_years(MODEL, tk.load_baseline("2025-26"), scenario(TARGET))
    assert list(table.index) == ["2025-26", "2024-25"]
    for year, row in table.iterrows():
        due = MODEL.solve(tk.load_baseline(str(year)), scenario(TARGET)).balance()
        for name in ("exports", "imports", "balance"):
            assert row[name] == due.loc[name, "change"]
        assert row["balance_before"] == due.loc["balance", "baseline"]


def test_your_own_years_are_given():
    cut = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
    small = both_ways()
    large = tk.Baseline.from_frame(
        small.frame.assign(value_usd_mn=2 * small.frame["value_usd_mn"]), year="later"
    )
    table = tk.across_years(tk.Armington(2.0, -1.0), small, scenario(cut), large)
    assert list(table.index) == ["", "later"]
    assert table["balance"].iloc[1] == pytest.approx(2 * table["balance"].iloc[0])


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match="knows of no other year"):
        tk.across_years(MODEL, both_ways(), scenario())
    other = tk.Baseline.from_frame(both_ways().frame, reporter="RUS", partner="IND")
    with pytest.raises(ValueError, match="RUS with IND cannot stand"):
        tk.across_years(MODEL, both_ways(), scenario(), other)
