"""The world of 2023 in eight regions: what is known, what is assumed, and how much."""

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from markets import scenario

DEAL = scenario(tk.FreeTradeAgreement())
MODELS = {
    "GSIM": tk.Gsim(-1.26, 4.0, 3.8),
    "equilibrium": tk.GeneralEquilibrium(2.8),
}


@pytest.fixture(scope="module")
def regions():
    return tk.datasets.load("regions")


def test_every_region_trades_with_every_other_and_at_home(regions):
    base = tk.load_baseline("world-2023")
    assert len(regions) == 64
    assert set(regions["importer"]) == set(regions["exporter"])
    assert (regions["value_usd_mn"] > 0).all()
    assert base.year == "2023"
    assert "EAE" in repr(base)


def test_indias_and_russias_trade_is_bacis(regions):
    """CEPII BACI V202501, 2023: 4.05 and 66.15 bn, reconciled FOB."""
    balance = tk.load_baseline("world-2023").balance()
    assert balance["exports"] == pytest.approx(4054.0)
    assert balance["imports"] == pytest.approx(66149.3)
    pair = regions["importer"].isin(["IND", "RUS"]) | regions["exporter"].isin(
        ["IND", "RUS"]
    )
    abroad = regions["importer"] != regions["exporter"]
    assert not (regions[pair & abroad]["status"] == "assumed").any()


def test_assumed_cells_say_their_arithmetic(regions):
    gdp = tk.datasets.load("world_gdp").set_index("region")["gdp_usd_mn"]
    assumed = regions[regions["status"] == "assumed"]
    assert (assumed["derivation"] != "").all()
    sold = regions.groupby("exporter")["value_usd_mn"].sum()
    assert np.allclose(sold[gdp.index], gdp, atol=0.5)  # home sales: GDP less exports
    row = assumed[(assumed["importer"] == "EUN") & (assumed["exporter"] == "EAE")]
    factor = float(row["derivation"].iloc[0].split(" x ")[0])
    wanted = factor * gdp["EUN"] * gdp["EAE"] / gdp.sum()
    assert row["value_usd_mn"].iloc[0] == pytest.approx(wanted, abs=0.1)


def test_inside_the_union_there_is_no_duty(regions):
    rows = regions.set_index(["importer", "exporter"])["applied_rate"]
    assert rows["EAE", "RUS"] == rows["RUS", "EAE"] == 0.0
    assert rows["EAE", "IND"] == rows["RUS", "IND"] > 0


def change(frame, model):
    base = tk.Baseline.from_frame(frame, year="2023")
    return model.solve(base, DEAL).balance()["change"]


def scaled(regions, factor, home):
    """Return the world with its assumed cells times a factor, home or abroad."""
    at_home = regions["importer"] == regions["exporter"]
    moved = (regions["status"] == "assumed") & (at_home if home else ~at_home)
    out = regions.drop(columns="rate_derivation")
    return out.assign(
        value_usd_mn=out["value_usd_mn"].where(~moved, out["value_usd_mn"] * factor)
    )


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_assumed_trade_of_others_hardly_moves_the_answer(regions, model, factor):
    central = change(scaled(regions, 1.0, False), MODELS[model])
    moved = change(scaled(regions, factor, False), MODELS[model])
    assert np.abs(moved / central - 1).max() < 0.01


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("factor", [0.5, 2.0])
def test_assumed_home_sales_move_the_answer_by_a_few_per_cent(regions, model, factor):
    central = change(scaled(regions, 1.0, True), MODELS[model])
    moved = change(scaled(regions, factor, True), MODELS[model])
    gap = np.abs(moved / central - 1).max()
    assert 1e-4 < gap < 0.15


def test_an_unknown_baseline_names_the_world():
    with pytest.raises(ValueError, match="world-2023"):
        tk.load_baseline("world-2024")


def test_rates_that_are_assumed_hardly_matter(regions):
    assumed = regions["rate_derivation"] == "assumed"
    frame = regions.drop(columns="rate_derivation")
    answers = pd.DataFrame(
        [
            change(
                frame.assign(
                    applied_rate=frame["applied_rate"].where(
                        ~assumed, frame["applied_rate"] * factor
                    )
                ),
                MODELS["equilibrium"],
            )
            for factor in (0.5, 1.0, 2.0)
        ]
    )
    assert (answers.max() / answers.min() - 1).abs().max() < 0.01
