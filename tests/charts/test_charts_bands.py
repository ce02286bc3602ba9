"""Charts of ensembles show the ensemble's own numbers."""

import pytest

import toolkit as tk
from toolkit import charts


@pytest.fixture(scope="module")
def ensemble():
    deal = tk.Scenario(
        "Both", [tk.TariffCut(importer="IND", exporter="RUS", products="1512", to=0.0),
                 tk.TariffCut(importer="RUS", exporter="IND", to=0.0)]
    )  # fmt: skip
    data = {"exports": 0.1, "imports": 0.1}
    return tk.simulate(
        tk.Armington(), tk.load_baseline(), deal, 200, data=data, progress=False
    )


def rows(chart):
    return [row for table in chart.to_dict()["datasets"].values() for row in table]


def test_the_fan_shows_the_quantiles_and_the_point_answer(ensemble):
    chart = charts.fan(ensemble)
    found = {row["flow"]: row for row in rows(chart) if "flow" in row}
    table = ensemble.quantiles() / 1e3
    for flow in ("exports", "imports", "balance"):
        low, middle, high = table.loc[f"{flow}_change"]
        row = found[flow]
        drawn = (row["far"], row["mid"], row["end"])
        assert drawn == pytest.approx((low, middle, high), abs=1e-6)
        point = ensemble.centre.balance().loc[flow, "change"] / 1e3
        assert row["point"] == pytest.approx(point, abs=1e-6)
    assert "DGCI&S" in str(chart.to_dict())
    assert charts.picture(chart.to_dict()).startswith(b"\x89PNG")


@pytest.mark.parametrize("by", ["factor", "product"])
def test_the_tornado_shows_both_ends(ensemble, by):
    chart = charts.tornado(ensemble, by=by, most=4)
    table = ensemble.tornado(by, 4) / 1e3
    found = {(r["factor"], r["at"]): r["x"] for r in rows(chart) if "factor" in r}
    for name, row in table.iterrows():
        assert found[name, "low"] == pytest.approx(row["low"], abs=1e-6)
        assert found[name, "high"] == pytest.approx(row["high"], abs=1e-6)
    assert charts.picture(chart.to_dict()).startswith(b"\x89PNG")


def test_doubt_shows_the_shares(ensemble):
    table = ensemble.split(base=64)
    chart = charts.doubt(table, source="mirror reports")
    found = {row["source"]: row["percent"] for row in rows(chart)}
    assert sum(found.values()) == pytest.approx(100.0, abs=1e-4)
    assert found["data"] == pytest.approx(100 * table.loc["data", "share"], abs=1e-4)
    assert charts.picture(chart.to_dict()).startswith(b"\x89PNG")


def test_a_certain_answer_has_no_tornado(ensemble):
    fields = ("substitution", "import_demand", "export_supply")
    priors = {f"{field}_elasticity": 0.0 for field in fields}
    sure = tk.simulate(
        tk.Armington(), tk.load_baseline(), tk.Scenario("None"), 10,
        priors=priors, progress=False,
    )  # fmt: skip
    with pytest.raises(ValueError, match="Nothing in the ensemble is drawn"):
        charts.tornado(sure)
