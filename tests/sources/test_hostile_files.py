"""Files altered at any place: every row is accounted for, or a SourceError."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from test_readers import BACI, NAME, NAMES, SAMPLES
from toolkit.sources import (
    SourceError,
    baci,
    comtrade,
    eaeu,
    exchange,
    own,
    tradestat,
    wits,
    worldbank,
)
from toolkit.sources.tables import csv_table

OWN = "To;From;HS;kUSD\nIndia;RUS;0304.20;1,234,567.5\n356;643;31;10\n"
READERS = {
    "comtrade.csv": comtrade.read,
    "comtrade.json": comtrade.read,
    "wits_bulk.csv": wits.read,
    "wits_query.csv": wits.read,
    "wits.xml": wits.read,
    "tradestat.xls": tradestat.read,
    "eaeu_commission.html": eaeu.read,
    "eaeu_parts.csv": eaeu.read,
    "fed_h10.csv": exchange.read,
    "fred.csv": exchange.read,
    "cbr.xml": exchange.read,
    "rbi.csv": exchange.read,
    "worldbank.json": worldbank.read_indicator,
    "own.csv": lambda path: own.read(path, NAMES, source="Mine"),
    NAME: lambda path: baci.read(path, importers=["IND", "RUS"], year=2023),
}
MADE = {"own.csv": OWN.encode(), NAME: BACI.encode()}
NUMBERS = ("value_usd_mn", "applied_rate", "rate", "value")
PIECES = [b"\x00", b",", b'"', b";", b"<table>", b"-", b"NaN", b"1e999", b"\xff\xfe",
          b"inf", b"{}", b"null", b"[]", b"\r", b"\n"]  # fmt: skip
SWAPS = [(b"2023", b""), (b"IND", b""), (b"699", b"x"), (b"0", b"-"), (b"1", b"NA"),
         (b",", b";"), (b"null", b"{}"), (b"<td", b"<th"), (b"\n", b"\r")]  # fmt: skip
PLACE = st.floats(0, 1, exclude_max=True)
CHANGE = st.one_of(
    st.tuples(st.just("cut"), PLACE, st.just(b"")),
    st.tuples(st.just("put"), PLACE, st.sampled_from(PIECES)),
    st.tuples(st.just("lose"), PLACE, st.integers(1, 40)),
    st.tuples(st.just("line"), PLACE, PLACE),
    st.tuples(st.just("swap"), PLACE, st.sampled_from(SWAPS)),
)


def altered(data, change):
    what, place, more = change
    at = int(place * len(data))
    if what == "cut":
        return data[:at]
    if what == "put":
        return data[:at] + more + data[at:]
    if what == "lose":
        return data[:at] + data[at + more :]
    if what == "swap":
        return data.replace(*more)
    lines = data.split(b"\n")
    lines.insert(int(place * len(lines)), lines[int(more * len(lines))])
    return b"\n".join(lines)


@pytest.mark.parametrize("name", READERS)
@given(changes=st.lists(CHANGE, min_size=1, max_size=2))
def test_an_altered_file_is_read_or_refused_by_name(tmp_path_factory, name, changes):
    data = MADE[name] if name in MADE else (SAMPLES / name).read_bytes()
    for change in changes:
        data = altered(data, change)
    path = tmp_path_factory.mktemp("f") / name
    path.write_bytes(data)
    said = name
    try:
        got = READERS[name](path)
    except SourceError as error:
        got, said = None, str(error)
    assert name in said or "no country code" in said
    if got is None:
        return
    assert got.kept + got.dropped["rows"].sum() == got.rows
    for column in set(NUMBERS) & set(got.frame):
        assert all(not math.isinf(v) for v in got.frame[column])


def written(tmp_path, name, text):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_a_comma_inside_a_value_shifts_nothing_in_silence(tmp_path):
    """An unquoted comma makes a row longer than the header: refused with its line."""
    path = written(tmp_path, "wide.csv", "a,b,c\n1,2,3\n4,one, two,6\n7,8,9\n")
    with pytest.raises(SourceError, match=r"wide.csv, line 3: has 4 fields where .* 3"):
        csv_table(path)
    path = written(tmp_path, "blank.csv", "a,b\n1,2\n3,4,\n5,6,,\n")
    assert csv_table(path)["b"].tolist() == ["2", "4", "6"], "blanks at the end"


def test_line_ends_of_every_system(tmp_path):
    for end in ("\n", "\r\n", "\r"):
        path = written(tmp_path, "ends.csv", f"a,b{end}1,2{end}{end}3,4{end}")
        table = csv_table(path)
        assert table["_line"].tolist() == [2, 4]
        assert table["b"].tolist() == ["2", "4"]


def test_a_number_beyond_all_numbers_is_none(tmp_path):
    path = written(tmp_path, "own.csv", OWN.replace("10\n", "1e999\n"))
    with pytest.raises(SourceError, match=r"line 3, column value: '1e999' is not"):
        own.read(path, NAMES, source="Mine")


def test_a_negative_flow_and_one_without_end_are_refused(tmp_path):
    text = (SAMPLES / "comtrade.csv").read_text("utf-8").replace("50000000.25", "-5", 1)
    with pytest.raises(SourceError, match=r"comtrade.csv, line 4: a value is negative"):
        comtrade.read(written(tmp_path, "comtrade.csv", text))
    for value in ("1e999", "-1", "NA"):
        path = written(tmp_path, NAME, BACI.replace("27000000", value))
        with pytest.raises(SourceError, match="column v: holds a value that is no"):
            baci.read(path, importers=["IND"])
    text = (SAMPLES / "fed_h10.csv").read_text("utf-8").replace("1.0800", "0", 1)
    with pytest.raises(SourceError, match=r"fed_h10.csv, line 7: a rate is nothing"):
        exchange.read(written(tmp_path, "fed_h10.csv", text))
    path = written(tmp_path, "fred.csv", "observation_date\n2024-01-01\n")
    with pytest.raises(SourceError, match=r"fred.csv, line 1: series ''"):
        exchange.read(path)


def test_a_schedule_in_parts_makes_no_rate_up(tmp_path):
    head = ("hs10,duty_form,ad_valorem_pct,specific_amount,specific_currency,"
            "specific_per_unit\n")  # fmt: skip
    path = written(tmp_path, "t.csv", f"{head}0101210000,ad_valorem,,,,\n")
    with pytest.raises(
        SourceError, match=r"t.csv: has no line of ten digits with a rate"
    ):
        eaeu.read(path)
    path = written(tmp_path, "t.csv", f"{head}0101210000,by_weight,5,,,\n")
    with pytest.raises(SourceError, match=r"line 2, column duty_form: 'by_weight'"):
        eaeu.read(path)


def test_a_broken_answer_of_wits_prints_nothing(tmp_path, capfd):
    whole = (SAMPLES / "wits.xml").read_bytes()
    path = written(tmp_path, "answer.xml", whole[: len(whole) // 2])
    with pytest.raises(SourceError, match="is not SDMX data"):
        wits.read(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["a,b,a ", " a,b,a"])
def test_a_column_that_stands_twice_is_refused(tmp_path, name):
    """Blanks apart: what a cut header leaves; a longer row takes another way."""
    path = written(tmp_path, "twice.csv", f"{name}\n1,2,3\n")
    with pytest.raises(SourceError, match=r"twice.csv, column a: stands twice"):
        csv_table(path)
    path = written(tmp_path, "blank.csv", "a,,\n1,2,3,\n")
    assert csv_table(path)["a"].tolist() == ["1"]
