"""The shelf refuses what does not match its registry."""

import hashlib
import json
import shutil

import pandas as pd
import pytest

from toolkit import datasets


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """A private copy of the shelf that a test may spoil."""
    place = tmp_path / "data"
    shutil.copytree(datasets.folder(), place)
    monkeypatch.setattr(datasets, "folder", lambda: place)
    return place


def rewrite(shelf, name, change):
    """Change one registry entry."""
    path = shelf / "datapackage.json"
    package = json.loads(path.read_text(encoding="utf-8"))
    entry = next(r for r in package["resources"] if r["name"] == name)
    change(entry)
    path.write_text(json.dumps(package), encoding="utf-8")


@pytest.mark.parametrize("name", datasets.names())
def test_every_table_loads_and_cites(name):
    frame = datasets.load(name)
    assert len(frame) > 0
    assert frame.attrs["source"]
    assert "\n" not in frame.attrs["source"]
    for column in ("source", "vintage"):
        if column in frame:
            assert (frame[column] != "").all(), f"{name}: blank {column}"


def test_every_table_has_provenance_columns():
    for name in datasets.names():
        columns = set(datasets.load(name).columns)
        assert {"source", "vintage", "status"} <= columns, name


def test_status_words_are_the_documented_ones():
    allowed = {"official", "provisional", "mirror", "derived", "assumed", "not found"}
    for name in datasets.names():
        assert set(datasets.load(name)["status"]) <= allowed, name


def test_every_file_of_the_shelf_is_registered():
    place = datasets.folder()
    files = {p.relative_to(place).as_posix() for p in place.rglob("*.csv")}
    assert files == {datasets.describe(n).path for n in datasets.names()}


def test_hs_codes_stay_text():
    world = datasets.load("india_world")
    assert "03" in set(world["hs2"])
    lines = datasets.load("eaeu_tariff_lines")
    assert lines["hs6"].str.fullmatch(r"\d{6}").all()


def test_blank_specific_duty_is_not_zero():
    lines = datasets.load("eaeu_tariff_lines").set_index("first_line")
    shoes = lines.loc["6403910500"]
    assert pd.isna(shoes.ad_valorem)
    assert shoes.specific_amount == 1.5


def test_changed_digit_is_refused(shelf):
    path = shelf / "derived" / "flows.csv"
    text = path.read_bytes()
    path.write_bytes(text.replace(b"50884.220309", b"50884.220308", 1))
    assert path.read_bytes() != text
    found = hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(ValueError, match="does not match its checksum") as error:
        datasets.load("flows")
    assert found in str(error.value)
    assert datasets.describe("flows").sha256 in str(error.value)


def test_renamed_column_is_refused(shelf):
    def rename(entry):
        entry["fields"][0]["name"] = "jahr"

    rewrite(shelf, "flows", rename)
    with pytest.raises(ValueError, match="jahr"):
        datasets.load("flows")


def test_text_in_a_number_column_is_refused(shelf):
    path = shelf / "derived" / "flows.csv"
    path.write_bytes(path.read_bytes().replace(b"50884.220309", b"plenty", 1))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    rewrite(shelf, "flows", lambda entry: entry.update(sha256=digest))
    with pytest.raises(ValueError, match=r"value_usd_mn.*plenty"):
        datasets.load("flows")


def test_boolean_column_wants_true_or_false(shelf):
    path = shelf / "products.csv"
    path.write_bytes(path.read_bytes().replace(b",true,", b",yes,", 1))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    rewrite(shelf, "products", lambda entry: entry.update(sha256=digest))
    with pytest.raises(ValueError, match=r"tariff_driven.*'yes'"):
        datasets.load("products")


@pytest.mark.parametrize("call", [datasets.load, datasets.describe])
def test_unknown_name_suggests_the_nearest(call):
    with pytest.raises(ValueError, match="did you mean 'flows'"):
        call("flow")
    with pytest.raises(ValueError, match="no table named 'zzz'"):
        call("zzz")


def test_description_is_readable_and_immutable():
    meta = datasets.describe("rates")
    assert "applied_rate (number, share)" in repr(meta)
    with pytest.raises(AttributeError):
        meta.title = "mine"


def test_a_loaded_table_is_the_callers_own():
    first = datasets.load("products")
    first.loc[:, "name"] = "spoilt"
    assert "spoilt" not in set(datasets.load("products")["name"])


def test_registry_says_where_when_and_on_what_terms():
    for name in datasets.names():
        meta = datasets.describe(name)
        for field in (
            "title",
            "publisher",
            "address",
            "vintage",
            "accessed",
            "licence",
        ):
            assert getattr(meta, field), f"{name}: {field}"
        assert all(f.description for f in meta.fields), name


def test_one_number_of_a_table():
    where = {"currency": "EUR", "period": "2025"}
    assert datasets.number("exchange_rates", "per_usd", **where) == 0.8845


@pytest.mark.parametrize(
    ("table", "column", "where", "message"),
    [
        ("payment", "low", {}, "did you mean 'payments'"),
        ("payments", "lo", {"period": "2025"}, "no column 'lo'; did you mean 'low'"),
        ("payments", "low", {"perod": "2025"}, "'perod'; did you mean 'period'"),
        ("payments", "low", {"period": "1999"}, "0 rows.*period='1999'; one is needed"),
        ("mobility", "low", {"unit": "US$ million"}, "low of mobility is blank"),
        ("mobility", "low", {"unit": "persons"}, "4 rows of mobility"),
    ],
)
def test_a_number_that_is_not_one_is_named(table, column, where, message):
    with pytest.raises(ValueError, match=message):
        datasets.number(table, column, **where)
