"""Charts of the record, the accounts, the road and the trade-off show their numbers."""

import numpy as np
import pandas as pd
import pytest
import vl_convert

from toolkit import charts

RECORD = pd.DataFrame(
    {
        "kind": ["placebo", "policy", "policy", "confounded"],
        "what": ["Nothing", "A duty", "It's unknown", "Oil"],
        "predicted": [1.0, 0.968, np.nan, 0.6],
        "low90": [1.0, 0.92, np.nan, 0.6],
        "high90": [1.0, 0.99, np.nan, 0.6],
        "low90_all": [0.3, 0.31, np.nan, 0.2],
        "high90_all": [3.0, 3.05, np.nan, 1.9],
        "happened": [1.7, 0.245, np.nan, 0.5],
    }
)
STEPS = pd.DataFrame(
    {"balance": [-1741.1, 6789.7, 3005.4, 8054.0]},
    index=["unexplained", "price", "rest", "official change"],
)
ROAD = pd.DataFrame(
    {
        "scenario": [59_863.0, 82_000.0],
        "reference": [59_863.0, 80_000.0],
        "least": [59_863.0, 70_000.0],
        "greatest": [59_863.0, 95_000.0],
    },
    index=["2025-26", "2030-31"],
)
GRID = pd.DataFrame(
    {
        "total": [80_000.0, 100_000.0, 90_000.0, np.nan],
        "balance": [-70_000.0, -90_000.0, -85_000.0, np.nan],
        "efficient": [True, True, False, False],
    }
)
MARKS = pd.DataFrame(
    {"total": [59_863.0, 100_000.0], "balance": [-50_876.0, np.nan]},
    index=["2025-26", "goal of 2030"],
)
DRAWN = {
    "record": lambda: charts.record(RECORD, source="Made by hand"),
    "accounts": lambda: charts.accounts(STEPS, source="Made by hand"),
    "road": lambda: charts.road(ROAD, goal=100_000.0, source="Made by hand"),
    "tradeoff": lambda: charts.tradeoff(GRID, MARKS, source="Made by hand"),
}


def rows(chart):
    return [row for table in chart.to_dict()["datasets"].values() for row in table]


@pytest.mark.parametrize("name", DRAWN)
def test_it_draws_and_says_title_source_and_description(name):
    chart = DRAWN[name]()
    found = chart.to_dict()
    assert found["title"]["text"]
    assert found["title"]["subtitle"]
    assert len(found["description"]) > 40
    assert "Source: Made by hand" in chart.to_json()
    assert vl_convert.vegalite_to_svg(found, vl_version="5.8").startswith("<svg")


def test_every_event_has_its_row_and_kinds_their_order():
    chart = charts.record(RECORD)
    told = {row["what"]: row for row in rows(chart) if "what" in row}
    assert set(told) == set(RECORD["what"])
    assert told["A duty"]["text"] == "predicted −3 % (−69 to +205), happened −76 %"
    assert told["It's unknown"]["text"] == "no prediction, outcome not found"
    panels = chart.to_dict()["vconcat"][0]["vconcat"]
    headings = [p["title"]["text"] for p in panels[0].get("vconcat", panels)]
    assert [h.split(":")[0] for h in headings] == [
        "A policy changed", "Nothing changed", "Several things changed",
    ]  # fmt: skip


def test_the_unexplained_part_is_the_first_bar_and_values_are_in_bn():
    told = [row for row in rows(charts.accounts(STEPS)) if "step" in row]
    assert [row["step"] for row in told] == list(STEPS.index)
    assert told[0]["value"] == -1.7411
    assert told[0]["text"] == "−1.74"


def test_the_road_ends_where_the_table_does():
    chart = charts.road(ROAD, goal=100_000.0)
    assert (
        "In 2030-31 total trade is 82.00 US$ bn with the levers, 80.00"
        in (chart.to_dict()["description"])
    )
    bare = charts.road(ROAD[["scenario", "reference"]])
    assert "goal" not in bare.to_dict()["description"]


def test_points_without_an_answer_are_not_drawn_and_a_goal_is_a_line():
    chart = charts.tradeoff(GRID, MARKS)
    drawn = [row for row in rows(chart) if "efficient" in row]
    assert all(np.isfinite(row["total"]) for row in drawn)
    assert "goal of 2030 100.00" in chart.to_dict()["description"]


WRONG = [
    (lambda: charts.record(RECORD.drop(columns="low90")), "lacks the columns"),
    (lambda: charts.record(RECORD.assign(kind="odd")), "kind must be one of"),
    (lambda: charts.record(RECORD.iloc[:0]), "No event"),
    (lambda: charts.accounts(STEPS.rename(columns={"balance": "b"})), "'balance'"),
    (lambda: charts.accounts(STEPS.iloc[1:]), "do not add up"),
    (lambda: charts.road(ROAD.drop(columns="reference")), "lacks the columns"),
    (lambda: charts.tradeoff(GRID.drop(columns="efficient"), MARKS), "lacks"),
    (lambda: charts.tradeoff(GRID.iloc[3:], MARKS), "No point"),
]


@pytest.mark.parametrize("case", range(len(WRONG)))
def test_wrong_input_is_named(case):
    draw, message = WRONG[case]
    with pytest.raises(ValueError, match=message):
        draw()
