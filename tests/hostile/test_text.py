"""What text may hold: refused where it is typed, cleaned with a note where it is data.

The chart renderer ends the process at a control character, so what reaches it is tried
in a process of its own.
"""

import subprocess
import sys

import openpyxl
import pandas as pd
import pytest

import toolkit as tk
from markets import both_ways, frame
from toolkit import charts
from toolkit.schema import check_text, clean_text, on_one_line, shown
from toolkit.schema.text import BANNED

CONTROLS = [chr(n) for n in range(32) if chr(n) not in "\t\n"]
BAD = [*CONTROLS, "\x7f", "\x85", "\u2028", "\u2029", "\ud800", "\udfff"]
BAD += ["\ufdd0", "\ufffe", "\uffff", "\U0001ffff"]
GOOD = [
    "tab\tline\n",
    "é",
    "\u202e right to left",
    "भारत",
    "\U0001f6a2",
    "\ufeff",
    "a\xa0b",
]
CUT = {"importer": "RUS", "exporter": "IND", "products": "30", "to": 0.0}


@pytest.mark.parametrize("mark", BAD)
def test_what_a_user_types_is_refused_and_the_character_named(mark):
    code = f"U\\+{ord(mark):04X}"
    for field in ("title", "author", "reference", "description"):
        with pytest.raises(ValueError, match=f"{field} of a scenario.*{code}.*place 5"):
            tk.Scenario("deal", **{field: f"deal{mark}2"})
    with pytest.raises(ValueError, match=f"scenario's name.*{code}"):
        tk.Scenario(f"deal{mark}2")
    with pytest.raises(ValueError, match=f"price_source.*{code}"):
        tk.QuantityTarget(
            importer="IND", exporter="RUS", usd_mn=1.0, price_source=f"a{mark}"
        )
    rows = frame(("IND", "RUS", "31", 1.0, 0.0))
    for field in ("year", "source"):
        with pytest.raises(ValueError, match=f"{field} holds.*{code}"):
            tk.Baseline.from_frame(rows, **{field: mark})
    with pytest.raises(ValueError, match="importer"):
        tk.TariffCut(**{**CUT, "importer": f"RU{mark}"})


@pytest.mark.parametrize("text", GOOD)
def test_other_text_is_kept_and_survives_yaml(text):
    scenario = tk.Scenario(text, title=text, description=text)
    assert scenario.name == text
    assert tk.Scenario.from_yaml(scenario.to_yaml()) == scenario


@pytest.mark.parametrize("mark", BAD)
def test_what_comes_with_data_is_cleaned_with_a_note(mark):
    rows = frame(("IND", "RUS", "31", 100.0, 0.0), ("IND", "ROW", "31", 1.0, 0.0))
    for column, text in (("source", f"a{mark}survey"), ("vintage", f"May{mark}")):
        rows[column] = pd.Series([text, text], dtype=object)
    base = tk.Baseline.from_frame(rows, names={"31": f"Urea{mark}etc"})
    assert base.names == {"31": "Urea etc"}
    assert base.source_line == "a survey"
    assert set(base.frame["vintage"]) == {"May "}
    assert len(base.notes) == 3
    assert all(f"U+{ord(mark):04X}" in note for note in base.notes)
    result = tk.Armington().solve(base, tk.Scenario("x"))
    assert result.notes == base.notes
    assert base.notes[0] in repr(base)
    assert not BANNED.search(base._repr_html_() + repr(result))


def test_yaml_with_a_bad_character_is_refused_by_name():
    with pytest.raises(ValueError, match=r"title of a scenario.*U\+0085"):
        tk.Scenario.from_yaml('name: x\ntitle: "a\\x85b"\nlevers: []\n')
    with pytest.raises(ValueError, match="not valid YAML"):
        tk.Scenario.from_yaml("title: a\x00b\nlevers: []\n")


def test_text_has_a_length():
    with pytest.raises(ValueError, match=r"501 characters.*at most 500"):
        tk.Scenario("x" * 501)
    with pytest.raises(ValueError, match="at most 30,000"):
        check_text("x" * 30_001, "description")
    many = sum((tk.Scenario("n" * 90) for _ in range(20)), tk.Scenario("first"))
    assert len(many.name) <= 500
    base = both_ways()
    labelled = tk.Baseline.from_frame(base.frame, names={"31": "x" * 9_000})
    assert len(labelled.names["31"]) == 500
    assert "cleaned by cutting" in labelled.notes[0]


DRAWN = """
import altair as alt
import pandas as pd
import toolkit as tk
tk.charts.enable_renderer()
for mark in {marks!r}:
    spec = {{"$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "title": "deal" + mark, "mark": "bar",
            "data": {{"values": [{{"a": mark}}]}},
            "encoding": {{"y": {{"field": "a", "type": "nominal"}}}}}}
    assert tk.charts.bundle(spec)[0]["image/png"]
years = pd.DataFrame({{"year": ["2023", "2024"], "flow": "exports",
                      "value_usd_mn": [1.0, 2.0]}})
assert tk.charts.bundle(tk.charts.history(
    years, title="a" + {marks!r}[0], source="b" + {marks!r}[1]).to_dict())
"""


def test_no_chart_ends_the_process():
    marks = ["\x0b", "\x00", "\x1f", "\ufffe", "\uffff"]
    done = subprocess.run(
        [sys.executable, "-c", DRAWN.format(marks=marks)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]


def test_a_brief_of_cleaned_labels_and_sources_is_written(tmp_path):
    rows = both_ways().frame
    rows["source"] = pd.Series(["a\x0bsurvey\ud800"] * len(rows), dtype=object)
    mine = tk.Baseline.from_frame(rows, names={"30": "Pills\x0b\uffff"})
    deal = tk.Scenario("deal", [tk.TariffCut(**CUT)])
    for name, kind in (("b.html", "brief"), ("p.html", "page"), ("w.xlsx", "page")):
        path = tk.share(deal, tmp_path / name, kind=kind, baseline=mine)
        if name == "w.xlsx":
            book = openpyxl.load_workbook(path)
            cells = [str(c.value) for s in book for row in s.iter_rows() for c in row]
            assert "a survey" in " ".join(cells)
        else:
            assert not BANNED.search(path.read_text(encoding="utf-8"))


def test_a_hand_made_chart_keeps_what_text_may_hold():
    spec = {"title": {"text": "नमस्ते\t\u202e"}, "width": 3, "x": [None, 1.5, True]}
    assert charts.drawable(spec) == spec


def test_empty_cells_are_empty_texts():
    for column in ([None, "a"], [float("nan"), "a"], pd.array([pd.NA, "a"], "string")):
        rows = frame(("IND", "RUS", "31", 1.0, 0.0), ("IND", "ROW", "31", 1.0, 0.0))
        base = tk.Baseline.from_frame(rows.assign(source=column))
        assert base.source_line == "a"
        assert sorted(base.frame["source"]) == ["", "a"]


def test_values_are_shown_cut_and_on_one_line():
    assert len(shown("x" * 10_000)) <= 120
    assert len(shown(10**5000)) <= 120
    bomb = ["lol"] * 9
    for _ in range(20):
        bomb = [bomb] * 9
    assert len(shown(bomb)) <= 120
    assert on_one_line("a\nb\x1b[2J\u202e") == "a b\\x1b[2J\\u202e"
    assert clean_text("\u202e") == "\u202e"

    class Rude:
        def __repr__(self):
            raise RuntimeError

    assert shown(Rude()) in (
        "a Rude",
        f"<Rude instance at {id(shown):#x}>",
    ) or "Rude" in (shown(Rude()))
