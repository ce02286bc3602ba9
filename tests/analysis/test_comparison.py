"""Results side by side, and what models assume and cannot carry."""

import numpy as np
import pytest

import toolkit as tk
from markets import INFINITE, scenario
from toolkit import charts
from toolkit.charts.models import spread_table
from worlds import base_of, world

CUT = tk.TariffCut(importer="IND", exporter="RUS", to=0.0)
MODELS = (
    tk.Smart(3.0, -1.0, INFINITE),
    tk.Armington(3.0, -1.0, INFINITE),
    tk.Gsim(-1.0, 2.0, 3.0),
    tk.GeneralEquilibrium(2.0),
)


@pytest.fixture(scope="module")
def results():
    base = base_of(*world(4))
    return [model.solve(base, scenario(CUT)) for model in MODELS]


def test_a_list_is_as_good_as_one_by_one(results):
    assert tk.compare(results[:2]).equals(tk.compare(*results[:2]))
    assert tk.compare(results).equals(tk.compare(results[0], results[1:]))


def test_of_many_results_the_spread_covers_all(results):
    table = tk.compare(results)
    after = table.iloc[:, 1:5]
    assert table.columns[-3:].tolist() == ["least", "greatest", "spread"]
    assert np.allclose(table["spread"], after.max(axis=1) - after.min(axis=1))
    assert "difference" not in table
    three = tk.compare(results[:3])
    assert three.loc["imports", "greatest"] == three.iloc[1, 1:4].max()


@pytest.mark.parametrize("few", [[], [0]])
def test_one_result_is_no_comparison(results, few):
    with pytest.raises(ValueError, match="two results or more"):
        tk.compare([results[n] for n in few])


def test_another_pair_is_no_comparison(results):
    other = base_of(*world(4), partner="CHN")
    with pytest.raises(ValueError, match="cannot be compared"):
        tk.compare(results[0], MODELS[0].solve(other, scenario(CUT)))


def test_models_say_what_they_cannot_carry():
    table = tk.model_table()
    assert table.loc["SMART", "cannot carry"].startswith("non-tariff measures")
    for name in ("GSIM", "General equilibrium"):
        said = table.loc[name, "cannot carry"]
        assert "caps, disruptions and purchase targets" in said
        assert "duties" not in said
        assert "freight" not in said
    assert (table[["assumes", "use"]] != "").all(axis=None)
    assert tk.model_table(tk.Gsim()).index.tolist() == ["GSIM"]


def test_what_a_table_says_is_refused_is_refused():
    base = base_of(*world(4))
    stop = tk.SupplyDisruption(importer="IND", exporter="RUS", by=0.5)
    for model in (tk.Smart(), tk.Gsim(), tk.GeneralEquilibrium()):
        with pytest.raises(ValueError, match="cannot carry SupplyDisruption"):
            model.solve(base, scenario(stop))


def test_the_spread_is_drawn_model_by_model(results):
    chart = charts.model_spread(results).to_dict()
    rows = [row for table in chart["datasets"].values() for row in table]
    assert len(rows) == 12
    balance = {r["model"]: r["change"] for r in rows if r["figure"] == "balance"}
    for result in results:
        change = result.balance()["change"]["balance"] / 1e3
        assert balance[result.model] == pytest.approx(change, abs=1e-6)
    low, high = min(balance.values()), max(balance.values())
    assert low < high
    assert "by model" in chart["title"]["text"]
    assert "GSIM" in chart["description"]


def test_the_range_is_drawn_where_there_is_one():
    base = base_of(*world(4))
    table = spread_table([tk.Gsim().solve(base, scenario(CUT))])
    row = table[table["figure"] == "imports"].iloc[0]
    assert row["least"] < row["change"] < row["greatest"]
    with pytest.raises(ValueError, match="one result or more"):
        charts.model_spread([])


def test_a_model_twice_is_told_apart(results):
    table = spread_table([results[2], results[2]])
    assert set(table["model"]) == {"GSIM", "GSIM (2)"}
