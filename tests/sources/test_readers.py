"""Every reader on samples written by hand in each source's own ugliness."""

import math
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import toolkit as tk
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
from toolkit.sources.duties import Duty, parsed
from toolkit.sources.tables import numbers

SAMPLES = Path(__file__).parent / "samples"


def edited(tmp_path, name, old, new):
    """Return a copy of a sample with one thing changed; it must be there."""
    text = (SAMPLES / name).read_bytes()
    assert old.encode() in text
    path = tmp_path / name
    path.write_bytes(text.replace(old.encode(), new.encode(), 1))
    return path


def reasons(reading):
    return reading.dropped.set_index("reason")["rows"].to_dict()


# UN Comtrade


def flow(reading, importer, exporter, product):
    keys = ["importer", "exporter", "product"]
    return reading.frame.set_index(keys).loc[(importer, exporter, product)]


def test_comtrade_csv():
    got = comtrade.read(SAMPLES / "comtrade.csv")
    assert got.rows == 15
    assert flow(got, "IND", "RUS", "27").value_usd_mn == 4000.0
    assert flow(got, "IND", "RUS", "07").kilotonnes == 90.0, "the lost zero is back"
    assert flow(got, "IND", "RUS", "99").value_usd_mn == pytest.approx(0.00025025)
    assert flow(got, "IND", "WLD", "31").value_usd_mn == 1000.0
    sold = flow(got, "RUS", "IND", "30")
    assert (sold.basis, sold.reported_by, sold.quantity_unit) == ("FOB", "IND", "u")
    assert set(got.frame["hs_revision"]) == {"HS2022"}
    assert set(got.frame["vintage"]) == {"data of 2023"}
    assert reasons(got) == {
        "a part of the total by mot": 1,
        "a part of the total by partner2": 1,
        "re-exports and other flows": 1,
        "partner is no country": 1,
        "no HS code (a total or another list)": 1,
        "the same row twice": 1,
    }


def test_comtrade_json_is_the_mirror():
    got = comtrade.read(SAMPLES / "comtrade.json")
    bought = flow(got, "RUS", "IND", "30")
    assert (bought.value_usd_mn, bought.basis, bought.reported_by) == (
        450,
        "CIF",
        "RUS",
    )
    assert math.isnan(bought.quantity)
    assert flow(got, "RUS", "WLD", "30").value_usd_mn == 9000


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("primaryValue", "value", r"comtrade.csv, line 1: the column 'primaryValue'"),
        (
            "50000000.25",
            "5O.25",
            r"line 4, column primaryValue: '5O.25' is not a number",
        ),
        ("50000000.25", "", r"line 4, column primaryValue: '' is not a number"),
        ("600000000,False,", "abc,False,", r"line 5, column \w+: 'abc'"),
    ],
)
def test_comtrade_says_where_it_is_wrong(tmp_path, old, new, message):
    with pytest.raises(SourceError, match=message):
        comtrade.read(edited(tmp_path, "comtrade.csv", old, new))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"data": [', "is not JSON"),
        ('{"data": []}', "has no rows"),
        ('{"rows": [1]}', "has no list 'data' but rows"),
    ],
)
def test_comtrade_json_that_is_none(tmp_path, text, message):
    path = tmp_path / "answer.json"
    path.write_text(text)
    with pytest.raises(SourceError, match=message):
        comtrade.read(path)


# WITS


def rate(reading, product, exporter=""):
    keys = ["exporter", "product"]
    return reading.frame.set_index(keys).loc[(exporter, product)]


def test_wits_bulk_csv():
    got = wits.read(SAMPLES / "wits_bulk.csv")
    assert rate(got, "310210").applied_rate == 0.05
    assert rate(got, "030420").applied_rate == 0.025
    assert set(got.frame["hs_revision"]) == {"HS2017"}
    assert "540710" not in set(got.frame["product"]), (
        "zero of specific lines is no zero"
    )
    assert reasons(got) == {
        "no rate": 1,
        "all lines specific: no ad valorem": 1,
        "a second rate of the same product": 1,
    }


def test_wits_query_has_preference_and_bound_rate():
    got = wits.read(SAMPLES / "wits_query.csv")
    assert rate(got, "310210").applied_rate == 0.05
    assert rate(got, "310210").bound_rate == pytest.approx(0.055)
    assert rate(got, "310210", "IDN").applied_rate == 0.0
    reactor = rate(got, "840110")
    assert math.isnan(reactor.applied_rate)
    assert reactor.bound_rate == 0.4
    assert reasons(got)["partner is a group, not a country"] == 1
    assert reasons(got)["a second rate of the same product"] == 1


def test_wits_sdmx_is_the_bulk_file():
    got = wits.read(SAMPLES / "wits.xml")
    assert rate(got, "310210").applied_rate == 0.05
    assert rate(got, "640399").applied_rate == pytest.approx(0.25)
    assert reasons(got) == {"all lines specific: no ad valorem": 1}
    assert set(got.frame["importer"]) == {"IND"}
    assert set(got.frame["year"]) == {"2023"}


def test_wits_error_page(tmp_path):
    path = tmp_path / "answer.xml"
    path.write_text("<string>Response too large</string>")
    with pytest.raises(SourceError, match=r"is not SDMX data: .*Response too large"):
        wits.read(path)


# TRADESTAT


def test_tradestat_html_in_xls():
    got = tradestat.read(SAMPLES / "tradestat.xls")
    value = got.frame.set_index("product")["value_usd_mn"]
    assert value.to_dict() == {"07": 81.02, "15": 2394.1, "27": 56873.49, "31": 1833.25}
    assert set(got.frame["importer"]) == {"IND"}
    assert set(got.frame["exporter"]) == {"RUS"}
    assert set(got.frame["vintage"]) == {"printed 14/11/2025"}
    assert set(got.frame["year"]) == {"2024-25"}
    assert reasons(got) == {"totals and footnotes": 3, "no trade reported": 2}


def test_tradestat_earlier_year_has_indian_grouping():
    got = tradestat.read(SAMPLES / "tradestat.xls", year="2023-24")
    value = got.frame.set_index("product")["value_usd_mn"]
    assert value["31"] == 112345.6
    assert value["15"] == 1234.5


def test_tradestat_refuses_rupees(tmp_path):
    path = edited(
        tmp_path, "tradestat.xls", "Values in US $ Million", "Values in Rs. Crore"
    )
    text = path.read_text().replace("Now in US $ Million", "")
    path.write_text(text)
    with pytest.raises(SourceError, match=r"Rs. Crore.*Choose US \$ Million"):
        tradestat.read(path)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("<th>HSCode", "<th>Code", "no column HSCode"),
        ("81.02", "81..02", r"column 2024-2025: '81..02' is not a number"),
        ("2,394.10", "2,39", r"'2,39' is not a number"),
        ("Country: RUSSIA", "", 'Give partner="RUS"'),
        ("Import ::", "", 'Give flow="export"'),
    ],
)
def test_tradestat_says_where_it_is_wrong(tmp_path, old, new, message):
    with pytest.raises(SourceError, match=message):
        tradestat.read(edited(tmp_path, "tradestat.xls", old, new))


def test_tradestat_true_workbook(tmp_path):
    path = tmp_path / "export.xlsx"
    rows = [
        ["Export :: Country-wise all commodities", None, None, None, None],
        ["Country: U ARAB EMTS  Values in US $ Million", None, None, None, None],
        ["S.No.", "HSCode", "Commodity", "2023 - 2024", "2024 - 2025"],
        [1, 3, "FISH", 10.5, 12.25],
        [2, 71, "PEARLS", 1000, 2000],
        [None, None, "Total", 1010.5, 2012.25],
    ]
    pd.DataFrame(rows).to_excel(path, header=False, index=False)
    got = tradestat.read(path)
    value = got.frame.set_index("product")["value_usd_mn"]
    assert value.to_dict() == {"03": 12.25, "71": 2000.0}
    assert set(got.frame["importer"]) == {"ARE"}


# EAEU


def test_commissions_table():
    got = eaeu.read(SAMPLES / "eaeu_commission.html", vintage="2026-06-18")
    lines = got.frame.set_index("hs10")
    assert lines.loc["0702000001", "form"] == "combined_min"
    assert lines.loc["0702000001", "amount"] == 0.08
    assert lines.loc["0902100001", "ad_valorem"] == 0.125
    assert lines.loc["2203000100", "unit"] == "l"
    assert lines.loc["6403910500", ["form", "unit"]].tolist() == ["specific", "pair"]
    assert lines.loc["2402209000", "form"] == "combined_plus"
    assert lines.loc["2402209000", "amount"] == 0.0015, "per thousand is per one"
    assert lines.loc["2709009009", "ad_valorem"] == 0.0
    assert reasons(got) == {"no code of ten digits (headings, notes)": 1}


def test_schedule_in_parts():
    got = eaeu.read(SAMPLES / "eaeu_parts.csv")
    lines = got.frame.set_index("hs10")
    assert "0101291000" in lines.index, "the lost zero is back"
    assert lines.loc["6109100000", "form"] == "specific"
    assert lines.loc["6109902000", "ad_valorem"] == 0.1


def test_equivalents_by_hand():
    """EUR 1.75 a kg at US$ 1.08 is 1.89; at 12.60 a kg 15 %; 10 % is less."""
    schedule = eaeu.read(SAMPLES / "eaeu_parts.csv")
    prices = {("61", "kg"): 12.6}
    got = eaeu.equivalents(schedule, level=6, prices=prices, money={"EUR": 1.08})
    assert rate(got, "610910").applied_rate == pytest.approx(0.15)
    assert rate(got, "610990").applied_rate == pytest.approx(0.15)
    weights = {"010129": 3.0, "010121": 1.0}
    two = eaeu.equivalents(
        schedule, prices=prices, money={"EUR": 1.08}, weights=weights
    )
    assert rate(two, "01").applied_rate == pytest.approx(0.75 * 0.05)


def test_a_specific_duty_without_a_price_is_not_zero():
    schedule = eaeu.read(SAMPLES / "eaeu_parts.csv")
    got = eaeu.equivalents(schedule, level=6, money={"EUR": 1.08})
    assert "610910" not in set(got.frame["product"])
    assert reasons(got)["specific duties without a price"] == 1
    with pytest.raises(ValueError, match="duties in 'EUR' need its dollar rate"):
        eaeu.equivalents(schedule)


def test_an_unreadable_rate_names_its_line(tmp_path):
    path = tmp_path / "tariff.csv"
    path.write_text("hs10;rate\n0101210000;5\n0101291000;5 или 7\n")
    with pytest.raises(
        SourceError, match=r"tariff.csv, line 3, column rate: '5 или 7'"
    ):
        eaeu.read(path)


@given(
    st.decimals(0, 100, places=2),
    st.decimals("0.01", 50, places=2),
    st.sampled_from([" но не менее ", " not less than ", " плюс ", " plus "]),
    st.sampled_from(
        [("евро за 1 кг", "kg"), ("EUR per pair", "pair"), ("евро за 1 л", "l")]
    ),
)
def test_words_of_a_duty_are_its_numbers(percent, amount, join, unit):
    words = f"{percent},{join}{amount} {unit[0]}".replace(".", ",", 1)
    duty = parsed(words)
    plus = join.strip() in ("плюс", "plus")
    assert duty.form == ("combined_plus" if plus else "combined_min")
    assert duty.ad_valorem == pytest.approx(float(percent) / 100)
    assert (duty.amount, duty.unit) == (float(amount), unit[1])


@given(st.floats(0, 1), st.floats(0.01, 10), st.floats(0.1, 100), st.floats(0.5, 2))
def test_combined_duties_bound_their_parts(share, amount, price, money):
    least = Duty("combined_min", share, amount, "EUR", "kg").equivalent(price, money)
    both = Duty("combined_plus", share, amount, "EUR", "kg").equivalent(price, money)
    alone = Duty("specific", 0.0, amount, "EUR", "kg").equivalent(price, money)
    assert max(share, alone) == pytest.approx(least)
    assert share + alone == pytest.approx(both)


# BACI

BACI = """t,i,j,k,v,q
2023,643,699,270900,49000000.5,80000000
2023,682,699,270900,27000000,40000000
2023,699,643,30490,300000,           NA
2023,276,643,300490,900000,9000
2023,899,643,300490,1000,1
2023,999998,643,300490,500,1
2023,156,842,850440,123,4
2023,276,643,300410,100,2
"""
NAME = "BACI_HS22_Y2023_V202501.csv"


@pytest.fixture
def baci_files(tmp_path):
    text = tmp_path / NAME
    text.write_text(BACI)
    packed = tmp_path / "BACI_HS22_V202501.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(text, NAME)
        archive.writestr("BACI_HS22_Y2022_V202501.csv", BACI.replace("2023", "2022"))
        archive.writestr("country_codes_V202501.csv", "country_code\n")
    parquet = tmp_path / "BACI_HS22_Y2023_V202501.parquet"
    frame = pd.read_csv(text, dtype={"k": str})
    frame["q"] = pd.to_numeric(frame["q"].astype(str).str.strip(), errors="coerce")
    frame.to_parquet(parquet)
    return {"zip": packed, "csv": text, "parquet": parquet}


@pytest.mark.parametrize("kind", ["zip", "csv", "parquet"])
@pytest.mark.parametrize("level", [2, 6])
def test_baci_however_it_is_packed(baci_files, kind, level):
    got = baci.read(baci_files[kind], importers=["IND", "RUS"], year=2023, level=level)
    assert got.rows == 8
    assert reasons(got) == {"markets not asked for": 1}
    oil = flow(got, "IND", "RUS", "270900"[:level])
    assert oil.value_usd_mn == pytest.approx(49000.0005)
    assert oil.kilotonnes == 80_000
    fish = flow(got, "RUS", "IND", "030490"[:level])
    assert math.isnan(fish.kilotonnes)
    assert fish.value_usd_mn == 300
    rest = flow(got, "RUS", "ROW", "300490"[:level])
    assert rest.value_usd_mn == 1.5, "territories without a code are together"
    assert set(got.frame["hs_revision"]) == {"HS2022"}
    assert set(got.frame["vintage"]) == {"V202501"}
    pills = got.frame.query("exporter == 'DEU'")["value_usd_mn"].sum()
    assert pills == pytest.approx(900.1)


def test_baci_year_and_columns(baci_files, tmp_path):
    with pytest.raises(SourceError, match=r"no year 2019; it holds 2022, 2023"):
        baci.read(baci_files["zip"], importers=["IND"], year=2019)
    for suffix in ("csv", "zip"):
        text = BACI.replace("t,i,j,k,v,q", "t,i,j,hs6,v,q")
        path = tmp_path / "changed" / NAME
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        if suffix == "zip":
            with zipfile.ZipFile(path.with_suffix(".zip"), "w") as archive:
                archive.write(path, NAME)
            path = path.with_suffix(".zip")
        with pytest.raises(SourceError, match=r"(?s)\.(csv|zip).*'k'"):
            baci.read(path, importers=["IND"], year=2023)


def test_baci_a_value_that_is_no_number(tmp_path):
    path = tmp_path / NAME
    path.write_text(BACI.replace("27000000,", "many,"))
    with pytest.raises(SourceError, match="many"):
        baci.read(path, importers=["IND"])


# World Bank


def pink_sheet(path, header="Crude oil, average"):
    rows = [
        ["World Bank Commodity Price Data (The Pink Sheet)", *[None] * 4],
        ["monthly prices in nominal US dollars, 1960 to present", *[None] * 4],
        ["Updated on October 02, 2026", *[None] * 4],
        [None] * 5,
        [None, header, "Urea ", "DAP", "Potassium chloride **"],
        [None, "($/bbl)", "($/mt)", "($/mt)", "($/mt)"],
        ["1960M01", 1.63, "…", "…", "…"],
        ["2024M05", 81.45, 284.5, 525.0, 307.5],
        ["2024M06", 81.21, 327.5, 540.0, ".."],
        [None] * 5,
        ["Note: ** new series", *[None] * 4],
    ]
    with pd.ExcelWriter(path) as book:
        pd.DataFrame([["Contents"]]).to_excel(book, sheet_name="AFOSHEET", index=False)
        pd.DataFrame(rows).to_excel(
            book, sheet_name="Monthly Prices", header=False, index=False
        )
    return path


SERIES = ("Crude oil, average", "Urea", "DAP", "Potassium chloride")


def test_pink_sheet(tmp_path):
    got = worldbank.read(pink_sheet(tmp_path / "CMO.xlsx"), series=SERIES)
    price = got.frame.set_index(["product", "month"])["price"]
    assert price["310210", "2024-05"] == 284.5
    assert price["2709", "1960-01"] == 1.63
    assert ("310420", "2024-06") not in price.index
    assert got.rows == 12
    assert reasons(got) == {"no price in that month": 4}
    assert set(got.frame["vintage"]) == {"Updated on October 02, 2026"}
    assert got.frame.query("product == '2709'")["unit"].unique().tolist() == ["$/bbl"]


def test_pink_sheet_names_the_nearest_series(tmp_path):
    path = pink_sheet(tmp_path / "CMO.xlsx", header="Crude oil, Brent")
    with pytest.raises(SourceError, match=r"'Crude oil, average'; did you mean 'Crude"):
        worldbank.read(path, series=SERIES)
    pd.DataFrame([[1]]).to_excel(tmp_path / "other.xlsx")
    with pytest.raises(SourceError, match="has no sheet 'Monthly Prices'"):
        worldbank.read(tmp_path / "other.xlsx")


def test_indicator_page():
    got = worldbank.read_indicator(SAMPLES / "worldbank.json")
    assert got.frame["value"].tolist() == [3567551674623]
    assert reasons(got) == {"an aggregate without a code": 1, "no value": 1}


# Exchange rates


def test_h10_quotes_both_ways():
    got = exchange.read(SAMPLES / "fed_h10.csv")
    means = exchange.yearly(got, fiscal=True)
    assert means["INR", "USD", "2024-25"] == pytest.approx(85.43)
    assert means["INR", "USD", "2025-26"] == pytest.approx(85.6)
    assert means["EUR", "USD", "2025-26"] == pytest.approx(0.8)
    assert reasons(got) == {"no rate that day": 2}


def test_fred_bank_of_russia_and_rbi():
    fred = exchange.read(SAMPLES / "fred.csv")
    assert fred.frame["rate"].tolist() == [85.37, 85.17]
    bank = exchange.read(SAMPLES / "cbr.xml")
    assert bank.frame["rate"].to_numpy() == pytest.approx([0.978544, 0.98])
    assert bank.frame["base"].unique().tolist() == ["INR"]
    rbi = exchange.read(SAMPLES / "rbi.csv").frame.set_index(["base", "date"])["rate"]
    assert rbi["JPY", "2025-03-28"] == 0.5675
    assert rbi["USD", "2025-03-27"] == 85.7033


def test_xml_that_was_cut(tmp_path):
    path = edited(tmp_path, "cbr.xml", "</ValCurs>", "")
    with pytest.raises(SourceError, match="cut off or no XML"):
        exchange.read(path)


# One's own table

MINE = pd.DataFrame(
    {
        "To": ["India", "IND", "356", "Russian Federation", "Utopia"],
        "From": ["RUS", "World", "643", "IND", "IND"],
        "HS": ["0304.20", "030420", "31", "30", "30"],
        "kUSD": ["1,234,567.5", "2000000", "10", "-", "1"],
    }
)
NAMES = {"importer": "To", "exporter": "From", "product": "HS", "value": "kUSD"}


@pytest.mark.parametrize("kind", ["csv", "xlsx", "parquet", "dta"])
def test_own_table_however_it_is_kept(tmp_path, kind):
    path = tmp_path / f"mine.{kind}"
    save = {
        "csv": lambda: MINE.to_csv(path, index=False, sep=";"),
        "xlsx": lambda: MINE.to_excel(path, index=False),
        "parquet": lambda: MINE.to_parquet(path),
        "dta": lambda: MINE.to_stata(path, write_index=False),
    }
    save[kind]()
    got = own.read(path, NAMES, source="Mine", million=1e-3)
    assert flow(got, "IND", "RUS", "030420").value_usd_mn == pytest.approx(1234.5675)
    assert flow(got, "IND", "WLD", "030420").value_usd_mn == 2000
    assert reasons(got) == {"importer is no country": 1, "no value": 1}


def test_quantities_of_mixed_units_are_not_added(tmp_path):
    path = tmp_path / "mixed.csv"
    path.write_text(
        "To,From,HS,kUSD,n,unit\nIND,RUS,8401,1,5,u\nIND,RUS,8401,2,7,kg\n"
        "IND,RUS,3102,1,5,kg\nIND,RUS,3102,2,7,kg\nIND,RUS,3104,2,7,kg\n"
        "IND,RUS,3104,2,NA,kg\n"
    )
    names = {**NAMES, "quantity": "n", "quantity_unit": "unit"}
    got = own.read(path, names, source="Mine")
    machines, urea, potash = (
        flow(got, "IND", "RUS", code) for code in ("8401", "3102", "3104")
    )
    assert machines.value_usd_mn == 3
    assert math.isnan(machines.quantity)
    assert machines.quantity_unit == ""
    assert (urea.quantity, urea.quantity_unit) == (12, "kg")
    assert math.isnan(potash.quantity), "unknown in part is unknown"
    assert got.kept == 6


def test_own_rates(tmp_path):
    path = tmp_path / "rates.csv"
    path.write_text("who;code;duty;from\n356;310210;5,5;\nIND;310210;0;RUS\n")
    got = own.read_rates(
        path,
        {"importer": "who", "product": "code", "rate": "duty", "exporter": "from"},
        source="Customs",
        decimal=",",
    )
    assert rate(got, "310210").applied_rate == pytest.approx(0.055)
    assert rate(got, "310210", "RUS").applied_rate == 0


def test_own_elasticities(tmp_path):
    path = tmp_path / "elasticities.csv"
    path.write_text(
        "iso3,hs6,e,se,p\nIND,310210,-1.5,0.2,0.001\nIND,310420,-0.5,0.1,0.01\n"
        "IND,310530,-9,9,0.4\nRUS,30490,0.3,0.1,0.01\nRUS,30499,-2,0.1,0.01\n"
    )
    names = {"importer": "iso3", "product": "hs6", "value": "e", "p_value": "p"}
    got = own.read_elasticities(path, names, source="wiiw")
    eta = got.frame.set_index(["importer", "product"])["value"]
    assert eta.to_dict() == {("IND", "31"): -1.0, ("RUS", "03"): -2.0}
    assert reasons(got) == {
        "demand that rises with its price": 1,
        "p-value above 0.1": 1,
    }
    model = tk.Armington(import_demand_elasticity=eta)
    base = tk.load_baseline("2024-25")
    cut = tk.TariffCut(importer="IND", exporter="ALL", products="31", to=0.0)
    used = model.solve(base, tk.Scenario("x", [cut])).elasticities
    mine = used.query("source == 'given by the user'")
    assert len(used) > len(mine)


def test_own_map_is_checked(tmp_path):
    path = tmp_path / "mine.csv"
    MINE.to_csv(path, index=False)
    with pytest.raises(
        ValueError, match="'valeu' is not a column of ours; did you mean"
    ):
        own.read(path, {**NAMES, "valeu": "kUSD"}, source="Mine")
    with pytest.raises(SourceError, match=r"mine.csv, line 1: the column 'KUSD'.*kUSD"):
        own.read(path, {**NAMES, "value": "KUSD"}, source="Mine")
    with pytest.raises(ValueError, match="must say which is the 'product'"):
        own.read(
            path, {"importer": "To", "exporter": "From", "value": "kUSD"}, source="M"
        )


def test_an_old_workbook_is_refused(tmp_path):
    path = tmp_path / "old.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(100))
    with pytest.raises(SourceError, match=r"Excel 97. Save it as .xlsx"):
        own.read(path, NAMES, source="Mine")


# Numbers


@given(st.floats(0, 1e12).map(lambda x: round(x, 2)), st.sampled_from("iwrp"))
def test_grouped_numbers_are_the_numbers(value, style):
    plain = f"{value:.2f}"
    whole, cents = plain.split(".")
    if style == "w":
        text = f"{value:,.2f}"
    elif style == "r":
        text = f"{int(whole):,}".replace(",", "\u00a0") + "," + cents
    elif style == "i":
        head, tail = whole[:-3], whole[-3:]
        pairs = []
        while head:
            pairs.insert(0, head[-2:])
            head = head[:-2]
        text = ",".join([*pairs, tail]) + "." + cents
    else:
        text = plain
    table = pd.DataFrame({"x": [text], "_line": [2]})
    got = numbers(table, "x", "t.csv", decimal="," if style == "r" else ".")
    assert got.iloc[0] == pytest.approx(value, rel=1e-12, abs=1e-9)


@pytest.mark.parametrize(
    "text", ["1,2", "12,34", "1.2.3", "5 %", "1,23,45", "abc", "--1"]
)
def test_what_is_not_a_number_is_not_made_one(text):
    table = pd.DataFrame({"x": [text], "_line": [7]})
    with pytest.raises(SourceError, match="line 7, column x"):
        numbers(table, "x", "t.csv")


def test_a_reading_accounts_for_every_row():
    for name, read in (
        ("comtrade.csv", comtrade.read),
        ("wits_query.csv", wits.read),
        ("tradestat.xls", tradestat.read),
    ):
        got = read(SAMPLES / name)
        assert got.kept + got.dropped["rows"].sum() == got.rows
        assert f"rows {got.rows:,}" in repr(got)
        assert len(got.sha256) == 64
