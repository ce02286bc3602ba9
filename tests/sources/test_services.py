"""Every service played on the loopback address: what is asked, what is made of it."""

import importlib.util
import io
import json
import zipfile
from pathlib import Path

import pycountry
import pytest

from services import Answer, playing
from test_readers import BACI, NAME, SERIES, pink_sheet
from toolkit.sources import (
    Cache,
    SourceError,
    Transport,
    baci,
    client,
    comtrade,
    eaeu,
    exchange,
    tradestat,
    wits,
    worldbank,
)

SAMPLES = Path(__file__).parent / "samples"
KEY = "abc123secret"


def sample(name):
    return (SAMPLES / name).read_bytes()


def carrier(folder, played, **more):
    hosts = (
        "https://comtradeapi.un.org",
        "https://wits.worldbank.org",
        "https://tradestat.commerce.gov.in",
        "https://www.worldbank.org",
        "https://thedocs.worldbank.org",
        "https://api.worldbank.org",
        "https://fred.stlouisfed.org",
        "https://www.cbr.ru",
        "https://www.cepii.fr",
        "https://eec.eaeunion.org",
    )
    addresses = dict.fromkeys(hosts, played.url)
    settings = {"pause": 0.0, "sleep": lambda _: None, "attempts": 3, **more}
    return Transport(Cache(folder), addresses=addresses, **settings)


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    import keyring

    monkeypatch.setattr(keyring, "get_password", lambda *_: None)
    monkeypatch.delenv("COMTRADE_API_KEY", raising=False)


def test_comtrade_without_a_key_asks_the_preview(tmp_path):
    with playing(Answer(body=sample("comtrade.json"), zipped=True)) as played:
        got = comtrade.fetch(
            "RUS", ["IND", "DEU", "WLD"], 2023, transport=carrier(tmp_path, played)
        )
    (asked,) = played.asked
    assert asked.path == "/public/v1/preview/C/A/HS"
    assert asked.query["reportercode"] == "643"
    assert asked.query["partnerCode"] == "699,276,0"
    assert asked.query["cmdCode"] == "AG2"
    assert asked.query["customsCode"] == "C00"
    assert "subscription-key" not in asked.query
    assert len(got[0].frame) == 3


def test_comtrade_with_a_key(tmp_path, monkeypatch):
    monkeypatch.setenv("COMTRADE_API_KEY", KEY)
    script = (
        Answer(429, headers={"Retry-After": "1"}),
        Answer(500),
        Answer(body=sample("comtrade.json")),
    )
    with playing(*script) as played:
        got = comtrade.fetch(
            "RUS", "ALL", 2023, level=6, transport=carrier(tmp_path, played)
        )
        again = comtrade.fetch(
            "RUS",
            "ALL",
            2023,
            level=6,
            transport=carrier(tmp_path, played, offline=True),
        )
    assert played.asked[-1].path == "/data/v1/get/C/A/HS"
    assert played.asked[-1].query["subscription-key"] == KEY
    assert "partnerCode" not in played.asked[-1].query
    assert again[0].sha256 == got[0].sha256
    held = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert KEY.encode() not in held
    plan = comtrade.requests("RUS", "ALL", 2023)
    assert KEY not in repr(plan)


def test_comtrade_expired_key(tmp_path, monkeypatch):
    monkeypatch.setenv("COMTRADE_API_KEY", KEY)
    said = f'{{"message": "Access denied, subscription {KEY} expired"}}'.encode()
    with (
        playing(Answer(401, said)) as played,
        pytest.raises(
            SourceError, match=r"UN Comtrade, status 401.*COMTRADE_API_KEY"
        ) as e,
    ):
        comtrade.fetch("RUS", "IND", 2023, transport=carrier(tmp_path, played))
    assert KEY not in str(e.value)


def test_comtrade_answer_cut_at_the_limit(tmp_path):
    answer = json.loads(sample("comtrade.json"))
    row = answer["data"][0]
    answer["data"] = [{**row, "cmdCode": f"{n:06d}"} for n in range(500)]
    with (
        playing(Answer(body=json.dumps(answer).encode())) as played,
        pytest.raises(
            SourceError, match=r"500 rows, the limit.*or set COMTRADE_API_KEY"
        ),
    ):
        comtrade.fetch("RUS", "ALL", 2023, level=6, transport=carrier(tmp_path, played))


def test_comtrade_changed_schema(tmp_path):
    body = sample("comtrade.json").replace(b'"primaryValue"', b'"tradeValue"')
    with (
        playing(Answer(body=body)) as played,
        pytest.raises(
            SourceError, match=r"'primaryValue' is missing.*changed the format"
        ),
    ):
        comtrade.fetch("RUS", "IND", 2023, transport=carrier(tmp_path, played))


def test_wits_is_asked_as_its_client_writes(tmp_path):
    with playing(
        Answer(body=sample("wits.xml"), cut=700), Answer(body=sample("wits.xml"))
    ) as p:
        got = wits.fetch("IND", 2023, transport=carrier(tmp_path, p))
    assert p.asked[1].path.endswith(
        "/rest/data/DF_WITS_Tariff_TRAINS/A.356.000..reported"
    )
    assert p.asked[1].query == {"startPeriod": "2023", "endPeriod": "2023"}
    assert got.frame.set_index("product")["applied_rate"]["310210"] == 0.05


def test_wits_has_no_such_year(tmp_path):
    with (
        playing(Answer(404, b"No data for data query")) as played,
        pytest.raises(SourceError, match=r"status 404.*No data.*try an earlier"),
    ):
        wits.fetch("IND", 2031, transport=carrier(tmp_path, played))


FORM = b"""<form><input type="hidden" name="_token" value="tok3n">
<select name="EidbCntcwaci" id="c"><option value="">Select</option>
<option value="344">RUSSIA</option><option value="421">U S A</option></select></form>"""


def test_tradestat_form_with_its_token(tmp_path):
    with playing(Answer(body=FORM), Answer(body=sample("tradestat.xls"))) as played:
        carry = carrier(tmp_path, played)
        (got,) = tradestat.fetch("RUS", "2024-25", flows=("import",), transport=carry)
        form = played.asked[1].form
        assert form == {
            "EidbYearcwaci": "2024",
            "EidbCntcwaci": "344",
            "EidbReportcwaci": "2",
            "EidbComLevelcwaci": "2",
            "_token": "tok3n",
        }
        carry.offline = True
        tradestat.fetch("RUS", "2024-25", flows=("import",), transport=carry)
        assert len(played.asked) == 2
    assert got.frame["value_usd_mn"].sum() == pytest.approx(61181.86)
    held = b"".join(p.read_bytes() for p in tmp_path.rglob("*.json"))
    assert b"tok3n" not in held


@pytest.mark.parametrize(
    ("page", "message"),
    [(b"<html>down</html>", "no form as before"), (FORM, "lists no 'DEU'")],
)
def test_tradestat_page_that_changed(tmp_path, page, message):
    with (
        playing(Answer(body=page)) as played,
        pytest.raises(SourceError, match=message),
    ):
        tradestat.fetch(
            "DEU", "2024-25", flows=("import",), transport=carrier(tmp_path, played)
        )


def test_pink_sheet_is_found_from_its_page(tmp_path):
    link = "https://thedocs.worldbank.org/en/doc/7/related/CMO-Historical-Data-Monthly.xlsx"
    book = pink_sheet(tmp_path / "book.xlsx").read_bytes()
    page = f'<a href="{link}">Monthly prices</a>'.encode()
    with playing(Answer(body=page), Answer(body=book)) as played:
        got = worldbank.fetch(series=SERIES, transport=carrier(tmp_path / "c", played))
        assert played.asked[1].path.endswith("CMO-Historical-Data-Monthly.xlsx")
    assert len(got.frame) == 8
    with (
        playing(Answer(body=b"<html>moved</html>")) as played,
        pytest.raises(SourceError, match="names no CMO-Historical"),
    ):
        worldbank.fetch(transport=carrier(tmp_path / "d", played))


def indicator_page(**head):
    answer = json.loads(sample("worldbank.json"))
    answer[0] |= head
    return Answer(body=json.dumps(answer).encode())


GDP = ("NY.GDP.MKTP.CD", ["IND", "RUS"], (2023, 2024))


def test_indicators_come_in_pages_as_their_client_asks(tmp_path):
    with playing(indicator_page(pages=2, total=1001)) as played:
        carry = carrier(tmp_path, played)
        got = worldbank.fetch_indicator(*GDP, transport=carry)
        carry.offline = True
        again = worldbank.fetch_indicator(*GDP, transport=carry)
    assert [q.query["page"] for q in played.asked] == ["1", "2"]
    assert played.asked[0].query["date"] == "2023:2024"
    assert played.asked[0].path.endswith("/country/IND;RUS/indicator/NY.GDP.MKTP.CD")
    assert len(got) == 2
    assert [one.sha256 for one in again] == [one.sha256 for one in got]
    (planned,) = worldbank.indicator_requests(*GDP)
    assert planned.query == carry.cache.require(planned.key, "").query


def test_indicators_of_more_countries_than_an_address_holds(tmp_path):
    many = [country.alpha_3 for country in pycountry.countries] * 2
    plan = worldbank.indicator_requests("SP.POP.TOTL", many, (2023, 2023))
    asked = [code for one in plan for code in one.url.split("/")[6].split(";")]
    assert asked == many
    assert len(plan) > 1
    assert max(len(one.url) for one in plan) < 1500
    with playing(indicator_page()) as played:
        carry = carrier(tmp_path, played)
        worldbank.fetch_indicator("SP.POP.TOTL", many, (2023, 2023), transport=carry)
    assert len(played.asked) == len({one.key for one in plan})


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        (b'[{"message":[{"id":"120","value":"not valid"}]}]', "says: not valid"),
        (b'[{"page":1,"pages":1,"total":3},[]]', r"is not \[head, rows\].*changed"),
        (b'[{"pages":1,"per_page":0,"total":3},[]]', r"is not \[head, rows\]"),
        (b"<wb:error/>", "line 1: is not JSON"),
    ],
)
def test_indicators_that_are_none(tmp_path, answer, message):
    with (
        playing(Answer(body=answer)) as played,
        pytest.raises(SourceError, match=message),
    ):
        worldbank.fetch_indicator(*GDP, transport=carrier(tmp_path, played))


def test_indicators_are_waited_for_and_a_cut_page_is_asked_again(tmp_path):
    whole = indicator_page()
    script = (
        Answer(429, headers={"Retry-After": "1"}),
        Answer(500),
        Answer(body=whole.body, zipped=True),
    )
    with playing(*script) as played:
        carry = carrier(tmp_path / "a", played)
        (got,) = worldbank.fetch_indicator(*GDP, transport=carry)
    assert got.rows == 3
    with playing(Answer(body=whole.body, cut=100), whole) as played:
        carry = carrier(tmp_path / "b", played)
        assert worldbank.fetch_indicator(*GDP, transport=carry)[0].rows == 3


def test_a_client_that_is_missing_is_named_with_its_extra(monkeypatch):
    import requests
    import wbgapi

    assert client.own_copy("wbgapi") is not wbgapi
    worldbank.indicator_requests(*GDP)
    assert wbgapi.requests is requests, "the client of others is left alone"
    real = importlib.util.find_spec

    def gone(name, *more):
        return None if name.startswith(("wbgapi", "comtrade")) else real(name, *more)

    monkeypatch.setattr(importlib.util, "find_spec", gone)
    for ask in (
        lambda: worldbank.indicator_requests(*GDP),
        lambda: comtrade.requests("IND", "RUS", 2023),
    ):
        with pytest.raises(ImportError, match=r"toolkit\[sources\]"):
            ask()
    with pytest.raises(ImportError, match="no_such asks this service"):
        client.own_copy("no_such.part")


def test_exchange_rates_of_two_banks(tmp_path):
    with playing(
        Answer(body=sample("fred.csv")), Answer(body=sample("cbr.xml"))
    ) as played:
        carry = carrier(tmp_path, played)
        fed = exchange.fetch("INR", "2025-04-17", "2025-04-22", transport=carry)
        bank = exchange.fetch(
            "INR", "2025-04-01", "2025-04-02", source="cbr", transport=carry
        )
    assert played.asked[0].query["id"] == "DEXINUS"
    assert played.asked[1].query["VAL_NM_RQ"] == "R01270"
    assert played.asked[1].query["date_req1"] == "01/04/2025"
    assert len(fed.frame) == 2
    assert bank.frame["currency"].tolist() == ["RUB", "RUB"]
    with pytest.raises(ValueError, match="fed is asked for INR, EUR, CNY, not 'RUB'"):
        exchange.request("RUB", "2025-04-01", "2025-04-02")


def test_baci_edition_is_fetched_once(tmp_path):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(NAME, BACI)
    with playing(Answer(body=packed.getvalue())) as played:
        for _ in range(2):
            got = baci.fetch(
                importers=["IND", "RUS"], year=2023, transport=carrier(tmp_path, played)
            )
    assert len(played.asked) == 1
    assert played.asked[0].path == "/DATA_DOWNLOAD/baci/data/BACI_HS22_V202501.zip"
    assert got.frame["value_usd_mn"].max() == pytest.approx(49000.0005)


def test_tariff_from_the_commissions_address(tmp_path):
    url = "https://eec.eaeunion.org/upload/ett.html"
    with playing(Answer(body=sample("eaeu_commission.html"))) as played:
        got = eaeu.fetch(url, vintage="2026", transport=carrier(tmp_path, played))
    assert len(got.frame) == 8


DOWN = Answer(body=b"<html><body>Scheduled maintenance</body></html>")
BOOK = b'<a href="https://thedocs.worldbank.org/CMO-Historical-Data-Monthly.xlsx">'


@pytest.mark.parametrize(
    ("ask", "good"),
    [
        (lambda c: comtrade.fetch("RUS", "IND", 2023, transport=c), "comtrade.json"),
        (lambda c: wits.fetch("IND", 2023, transport=c), "wits.xml"),
        (lambda c: worldbank.fetch_indicator(*GDP, transport=c), "worldbank.json"),
        (
            lambda c: exchange.fetch("INR", "2025-04-17", "2025-04-22", transport=c),
            "fred.csv",
        ),
        (
            lambda c: eaeu.fetch("https://eec.eaeunion.org/t.html", transport=c),
            "eaeu_commission.html",
        ),
    ],
)
def test_a_page_of_maintenance_is_not_kept(tmp_path, ask, good):
    """Sent with status 200: the next time the service is asked again, not the copy."""
    with playing(DOWN, Answer(body=sample(good))) as played:
        carry = carrier(tmp_path, played)
        with pytest.raises(SourceError):
            ask(carry)
        assert ask(carry)
        assert len(played.asked) == 2


def test_a_refused_copy_stays_while_offline(tmp_path):
    with playing(Answer(body=BOOK), DOWN) as played:
        carry = carrier(tmp_path, played)
        with pytest.raises(SourceError, match=r"cannot be read|no sheet|Excel"):
            worldbank.fetch(series=SERIES, transport=carry)
        assert [record.size for record in carry.cache.records()] == [len(BOOK)]
        carry.offline = True
        with pytest.raises(SourceError, match="offline=True forbids"):
            worldbank.fetch(series=SERIES, transport=carry)
        assert len(list(carry.cache.records())) == 1
