"""The frontier: each point a solve, none beaten, the marks where they belong."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import toolkit as tk
from markets import both_ways, scenario
from toolkit.analysis.frontiers import efficient

MODEL = tk.Armington(3.0, -0.8, 4.0)
CUT = tk.TariffCut(importer="RUS", exporter="IND", by=0.0)
MORE = tk.QuantityTarget(importer="IND", exporter="RUS", products="31", usd_mn=100.0)


def drawn(**more):
    more = {"bounds": (None, (100.0, 160.0)), "points": 4, "progress": False, **more}
    return tk.frontier(MODEL, both_ways(), CUT, MORE, **more)


def test_each_point_is_the_solve_of_both_levers():
    table = drawn().table()
    assert len(table) == 16
    for row in table.itertuples():
        deal = scenario(CUT.turned(row.first), MORE.turned(row.second))
        solved = MODEL.solve(both_ways(), deal).balance()["counterfactual"]
        assert row.balance == pytest.approx(solved["balance"])
        assert row.total == pytest.approx(solved["exports"] + solved["imports"])


def test_buying_more_trades_balance_for_total_and_cutting_duties_improves_both():
    best = drawn().table().query("efficient").sort_values("total")
    assert (best["first"] == 1.0).all()
    assert best["second"].is_monotonic_increasing
    assert best["balance"].is_monotonic_decreasing
    assert "each further billion costs US$ 1.00 bn of balance" in drawn().sentence


@given(arrays(float, st.tuples(st.integers(1, 12), st.just(2)),
              elements=st.floats(-5, 5).map(lambda x: round(x, 1))))  # fmt: skip
def test_efficient_points_are_those_no_other_beats(figures):
    found = efficient(figures)
    for n, row in enumerate(figures):
        beaten = any((o >= row).all() and (o > row).any() for o in figures)
        assert found[n] != beaten
    assert found.any()


def test_what_a_market_refuses_is_blank_and_never_efficient():
    cap = tk.SupplyDisruption(importer="IND", exporter="RUS", products="31", by=0.0)
    table = tk.frontier(
        MODEL, both_ways(), cap, MORE, bounds=(None, (100.0, 160.0)), points=3,
        progress=False,
    ).table()  # fmt: skip
    refused = table["balance"].isna()
    assert refused.any()
    assert not table.loc[refused, "efficient"].any()


def test_the_official_marks_are_the_official_figures():
    base = tk.load_baseline("2024-25")
    crude = tk.SupplyDisruption(importer="IND", exporter="RUS", products="2709", by=0.0)
    marks = tk.frontier(
        tk.Armington(), base, crude, CUT, points=2, progress=False
    ).marks()
    assert list(marks.index) == ["2024-25", "2025-26", "goal of 2030"]
    assert marks["total"].round().tolist() == [68693.0, 59863.0, 100000.0]
    assert marks["balance"].round(-1).tolist()[:2] == [-58930.0, -50880.0]
    assert np.isnan(marks.loc["goal of 2030", "balance"])


def test_own_marks_and_a_year_of_a_path():
    marks = {"hope": (200.0, -20.0)}
    assert drawn(marks=marks).marks().loc["hope"].tolist() == [200.0, -20.0]
    path = tk.path(MODEL, both_ways(), until=2026, base_year=2024, drivers=None)
    table = tk.frontier(
        MODEL, path, CUT, MORE, bounds=(None, (100.0, 160.0)), points=2, progress=False
    ).table()
    first = path.moment(2026).trade(scenario(CUT, MORE.turned(100.0)))
    assert table.loc[0, "balance"] == pytest.approx(first["balance"])
    with pytest.raises(ValueError, match="at least two"):
        drawn(points=1)
