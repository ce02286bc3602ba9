"""The band of a result is that of a small ensemble, and says when there is none."""

import numpy as np
import pytest

import toolkit as tk
from markets import both_ways, scenario

CUTS = (
    tk.TariffCut(importer="IND", exporter="RUS", products="31", to=0.0),
    tk.TariffCut(importer="RUS", exporter="IND", products="30", to=0.0),
)


def test_the_band_is_that_of_a_small_ensemble():
    base, model = tk.load_baseline(), tk.Armington()
    band = model.solve(base, scenario(*CUTS)).band(300)
    ens = tk.simulate(
        model, base, scenario(*CUTS), 300, points="random", progress=False
    )
    table = ens.quantiles()
    for flow in ("exports", "imports", "balance"):
        drawn = table.loc[f"{flow}_change"].to_numpy()
        assert band.loc[flow].to_numpy() == pytest.approx(drawn, rel=1e-9)


def test_summary_and_explanation_say_it():
    result = tk.Armington().solve(tk.load_baseline(), scenario(*CUTS))
    for text in (result.summary().text, result.explain()):
        assert "Nine of ten draws of all elasticities change the balance by" in text


def test_there_is_none_where_all_elasticities_are_the_users():
    result = tk.Armington(3.0, -0.8, 2.0).solve(both_ways(), scenario(*CUTS))
    assert result.band().empty
    assert "draws" not in result.explain()


def test_a_band_handed_out_is_a_copy():
    result = tk.Armington().solve(tk.load_baseline(), scenario(*CUTS))
    mine = result.band()
    mine["low"] = np.nan
    assert result.band()["low"].notna().all()
