"""The interval chart draws what it is given, or says what is wrong."""

import numpy as np
import pandas as pd
import pytest

from toolkit import charts

FRAME = pd.DataFrame(
    {
        "label": ["One", "Two", "It's three", "Endless"],
        "group": ["substitution", "substitution", "import demand", "import demand"],
        "value": [2.6, 3.8, -1.26, np.inf],
        "low": [2.1, np.nan, -2.64, 1.5],
        "high": [3.6, np.nan, -0.72, np.inf],
        "usable": [True, True, False, True],
    }
)


def rows(chart):
    tables = chart.to_dict()["datasets"].values()
    return {row["label"]: row for table in tables for row in table}


def draw(frame=FRAME, **options):
    return charts.intervals(frame, title="How sure?", source="Three studies", **options)


def test_each_value_has_its_row_and_interval():
    found = rows(draw())
    assert set(found) == {"One", "Two", "It's three"}
    assert (found["One"]["start"], found["One"]["end"]) == (2.1, 3.6)
    assert (found["Two"]["start"], found["Two"]["end"]) == (3.8, 3.8)
    assert found["One"]["text"] == "2.60 (2.10 to 3.60)"
    assert found["Two"]["text"] == "3.80"
    assert found["It's three"]["text"].endswith("not usable")


def test_concepts_have_panels_and_scales_of_their_own():
    chart = draw().to_dict()
    panels = chart["vconcat"][0]["vconcat"][0]["vconcat"]
    assert [p["title"]["text"] for p in panels] == ["substitution", "import demand"]
    assert "How sure?" in chart["description"]
    assert "\N{MINUS SIGN}1.26" in chart["description"]


def test_one_end_may_be_open():
    frame = FRAME.iloc[:1].assign(high=np.inf)
    row = rows(draw(frame))["One"]
    assert row["text"] == "2.60 (2.10 to ?)"
    assert row["end"] == 2.6


def test_same_label_twice_keeps_both_rows():
    twice = pd.concat([FRAME.iloc[:1], FRAME.iloc[:1].assign(value=3.0)])
    tables = draw(twice).to_dict()["datasets"].values()
    assert sorted(row["value"] for table in tables for row in table) == [2.6, 3.0]


def test_the_frame_is_not_changed():
    before = FRAME.copy()
    draw()
    pd.testing.assert_frame_equal(FRAME, before)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda f: f.drop(columns="value"), r"lacks the columns \['value'\]"),
        (lambda f: f.assign(value=np.inf, low=np.nan), "No row has a finite value"),
        (lambda f: f.assign(low=3.0), "does not hold its value 2.6"),
    ],
)
def test_wrong_input_is_named(spoil, message):
    with pytest.raises(ValueError, match=message):
        draw(spoil(FRAME))


def test_it_draws():
    assert charts.picture(draw().to_dict()).startswith(b"\x89PNG")
