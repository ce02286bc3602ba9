"""Every refusal names the value, its place and what is allowed, in a few words."""

import shutil
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

import toolkit as tk
from markets import both_ways, frame, scenario
from toolkit import datasets

GOOD = [("IND", "RUS", "31", 1.0, 0.0), ("IND", "ROW", "31", 2.0, 0.0)]


def rows(**columns):
    return frame(*GOOD).assign(**columns)


def doubled():
    both = pd.concat([rows(), rows()[["value_usd_mn"]]], axis=1)
    assert both.columns.duplicated().any()
    return both


def cell(column, value):
    out = rows().astype(object)
    out[column] = pd.Series([out[column].iloc[0], value], dtype=object)
    return out


RATES = pd.DataFrame({"importer": ["IND"], "product": ["31"], "applied_rate": [0.05]})
PRODUCTS = pd.DataFrame({"product": ["31"], "name": ["Urea"], "tariff_driven": [True]})


def tables(**given):
    flows = rows().drop(columns="applied_rate")
    return lambda: tk.Baseline.from_tables(flows, **{"rates": RATES, **given})


FRAMES = {
    "doubled columns": (doubled(), "the column 'value_usd_mn' more than once"),
    "NA as a flag": (rows(tariff_driven=pd.array([True, pd.NA], "boolean")),
                     r"tariff_driven is true or false, not <NA>.*\(row 2\)"),
    "None as a flag": (rows(tariff_driven=[True, None]), r"not None.*\(row 2\)"),
    "text as a flag": (rows(tariff_driven=["yes", "no"]), "not 'yes'.*row 1"),
    "an array as a flag": (cell("applied_rate", 0.0).assign(
        tariff_driven=[True, np.array([1, 2])]), "tariff_driven is true or false"),
    "a list as a country": (cell("importer", ["IND"]),
                            r"importer \(row 2\).*\['IND'\]"),
    "a list as a product": (cell("product", ["31"]), r"product \(row 2\).*HS code"),
    "a dict as a value": (cell("value_usd_mn", {"a": 1}), "value_usd_mn.*row 2"),
    "text in kilotonnes": (rows(kilotonnes=["1", "two"]),
                           "kilotonnes must be numbers; it is 'two'.*row 2"),
    "a number as a source": (rows(source=[1, 2]), None),
    "no rows": (rows().iloc[:0], "no rows"),
    "no columns": (pd.DataFrame(), "lacks"),
    "NA as a country": (cell("importer", pd.NA), r"importer \(row 2\).*<NA>"),
    "columns of numbers": (pd.DataFrame(np.ones((2, 5))), "lacks.*did you|lacks"),
    "two headers": (pd.concat({"a": rows()}, axis=1), "lacks"),
}  # fmt: skip


@pytest.mark.parametrize("case", FRAMES)
def test_a_frame_is_refused_with_the_place(case):
    wrong, said = FRAMES[case]
    if said is None:
        assert tk.Baseline.from_frame(wrong).source_line == "2; 1"
        return
    with pytest.raises(ValueError, match=f"(?s){said}") as caught:
        tk.Baseline.from_frame(wrong)
    assert type(caught.value) is ValueError
    assert len(str(caught.value)) <= 2_000


OTHER_TABLES = {
    "rates that are no frame": (tables(rates={"a": 1}),
                                "rates is a DataFrame, not dict"),
    "a rate in text": (tables(rates=RATES.assign(applied_rate="free")),
                       "applied_rate of rates must be numbers; it is 'free'.*row 1"),
    "products as numbers": (tables(rates=RATES.assign(product=31)),
                            r"product of rates \(row 1\).*quote it"),
    "an unknown supplier": (tables(rates=RATES.assign(exporter="Russia")),
                            r"exporter of rates \(row 1\).*'Russia'"),
    "labels without a code": (tables(products=pd.DataFrame({"name": ["x"]})),
                              "products lacks the column 'product'"),
    "a flag in text": (tables(products=PRODUCTS.assign(tariff_driven="no")),
                       "tariff_driven of products is true or false, not 'no'"),
    "the world in text": (tables(world=pd.DataFrame({
        "flow": ["export"], "partner": ["WLD"], "hs2": ["30"], "value_usd_mn": ["x"]})),
        "value_usd_mn of world must be numbers"),
    "names that map nothing": (
        lambda: tk.Baseline.from_frame(rows(), names=["Urea"]), "names maps products"),
    "a year that is none": (lambda: tk.Baseline.from_frame(rows(), year=["x"]),
                            r"year is text, not \['x'\]"),
}  # fmt: skip


@pytest.mark.parametrize("case", OTHER_TABLES)
def test_other_tables_are_refused_with_the_place(case):
    make, said = OTHER_TABLES[case]
    with pytest.raises(ValueError, match=said):
        make()


ASKED = {
    "solve a number": (lambda: tk.Armington().solve(both_ways(), 7),
                       "solves a Scenario"),
    "solve a list of words": (lambda: tk.Armington().solve(both_ways(), ["x"]),
                              "is not a lever"),
    "solve a frame": (lambda: tk.Armington().solve(rows(), scenario()),
                      "solves a Baseline"),
    "a scenario of text": (lambda: tk.Scenario("x", "TariffCut"),
                           "list of levers, not"),
    "a scenario of dicts": (lambda: tk.Scenario("x", [{"lever": "Mobility"}]),
                            "is not a lever; levers are"),
    "levers that are none": (lambda: tk.Scenario("x", 5), "list of levers, not 5"),
    "a year that is a list": (lambda: tk.load_baseline(["2024-25"]), "No baseline for"),
    "a table that is a list": (lambda: datasets.describe(["flows"]), "no table named"),
    "a case that is a list": (lambda: tk.Armington(case=["low"]), "case.*is unknown"),
    "a view that is a list": (
        lambda: tk.Armington().solve(both_ways(), scenario()).balance(view=["IND"]),
        "view.*is unknown"),
}  # fmt: skip


@pytest.mark.parametrize("case", ASKED)
def test_wrong_questions_are_clear(case):
    ask, said = ASKED[case]
    with pytest.raises(ValueError, match=said) as caught:
        ask()
    assert len(str(caught.value)) <= 2_000


def test_long_values_make_no_long_messages():
    long = "x" * 1_000_000
    for ask in (
        lambda: tk.load_baseline(long),
        lambda: tk.Armington(case=long),
        lambda: tk.TariffCut(importer=long, exporter="IND", to=0),
        lambda: tk.TariffCut(importer="RUS", exporter="IND", products=long, to=0),
        lambda: tk.Baseline.from_frame(rows(), reporter=long),
        lambda: tk.Baseline.from_frame(rows().rename(columns={"product": long})),
        lambda: tk.Scenario("x", [long]),
        lambda: tk.elasticities.choose(source=long),
        lambda: tk.elasticities.describe(long),
        lambda: tk.elasticities.convert(1.0, long, "substitution"),
    ):
        with pytest.raises(ValueError, match=r"x|importer") as caught:
            ask()
        assert len(str(caught.value)) <= 2_000


HIDDEN = """
import importlib.abc, sys
class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == {library!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)
sys.meta_path.insert(0, Hidden())
import toolkit as tk
try:
    tk.{what}
except ImportError as error:
    print(error)
"""


@pytest.mark.parametrize(
    ("what", "library", "extra"),
    [("charts", "altair", "lab"), ("explore", "ipywidgets", "lab"),
     ("share", "vl_convert", "share"), ("share", "jinja2", "share"),
     ("share", "altair", "share")],
)  # fmt: skip
def test_a_missing_extra_is_named(what, library, extra):
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN.format(what=what, library=library)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"tk.{what} needs {library}" in done.stdout
    assert f"tariff-scenario-toolkit[{extra}]" in done.stdout


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"resources": [{}]}', "{", "null"])
def test_an_empty_registry_is_named(tmp_path, monkeypatch, text):
    (tmp_path / "datapackage.json").write_text(text)
    monkeypatch.setattr(datasets, "folder", lambda: tmp_path)
    with pytest.raises(ValueError, match=r"datapackage.json is no registry"):
        datasets.names()


def test_a_registry_that_names_a_lost_table(tmp_path, monkeypatch):
    source = datasets.folder()
    shutil.copy(source / "datapackage.json", tmp_path)
    monkeypatch.setattr(datasets, "folder", lambda: tmp_path)
    with pytest.raises(
        FileNotFoundError, match=r"flows.csv.*registry names for 'flows'"
    ):
        datasets.load("flows")
