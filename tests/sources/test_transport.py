"""Keeping and asking: kept whole or not at all, patient, silent about credentials."""

import dataclasses
import json
import logging
import subprocess
import sys
import threading
import time
from email.utils import formatdate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services import Answer, playing, whole
from toolkit.sources import Cache, Request, SourceError, Transport
from toolkit.sources.cache import CHUNK

BODY = bytes(range(256)) * 1200  # several chunks
KEY = "s3cret/key+value"


def request(played, **more):
    return Request("Test", played.url + "/data", {"year": "2023"}, **more)


@pytest.fixture
def waits():
    return []


@pytest.fixture
def carrier(tmp_path, waits):
    return Transport(Cache(tmp_path), pause=0.0, sleep=waits.append, attempts=4)


def everything_in(folder):
    return b"".join(p.read_bytes() for p in Path(folder).rglob("*") if p.is_file())


def test_a_kept_copy_is_used_without_asking(carrier):
    with playing(Answer(body=BODY)) as played:
        first = carrier.get(request(played))
        assert first.read_bytes() == BODY
        assert carrier.get(request(played)) == first
        assert len(played.asked) == 1


def test_an_old_copy_is_asked_about_and_kept(carrier):
    with playing(whole(BODY)) as played:
        carrier.get(request(played))
        asking = dataclasses.replace(carrier, max_age=0.0)
        record = asking.record(request(played))
        assert played.asked[1].headers["If-None-Match"] == '"one"'
        assert asking.cache.content(record).read_bytes() == BODY
        assert record.checked >= record.fetched


def test_a_changed_content_replaces_the_copy(carrier):
    with playing(whole(BODY), whole(b"new", etag='"two"')) as played:
        carrier.get(request(played))
        asking = dataclasses.replace(carrier, max_age=0.0)
        assert asking.get(request(played)).read_bytes() == b"new"


def test_offline_uses_what_is_kept_and_says_what_is_not(carrier):
    off = dataclasses.replace(carrier, offline=True)
    with playing(Answer(body=BODY)) as played:
        with pytest.raises(SourceError, match="offline=True forbids"):
            off.get(request(played))
        carrier.get(request(played))
    assert off.get(request(played)).read_bytes() == BODY


def test_retry_after_is_waited_for_then_it_works(carrier, waits):
    late = formatdate(time.time() + 30, usegmt=True)
    script = (
        Answer(429, headers={"Retry-After": "7"}),
        Answer(503, headers={"Retry-After": late}),
        Answer(body=BODY),
    )
    with playing(*script) as played:
        assert carrier.get(request(played)).read_bytes() == BODY
    assert waits[0] == 7.0
    assert 25 < waits[1] <= 30


def test_a_wait_beyond_patience_is_not_begun(carrier, waits):
    with (
        playing(Answer(429, b"quota", {"Retry-After": "86400"})) as played,
        pytest.raises(SourceError, match=r"status 429.*quota"),
    ):
        carrier.get(request(played))
    assert waits == []
    assert len(played.asked) == 1


def test_every_failure_is_told(carrier, waits):
    with (
        playing(Answer(500, b"boom"), Answer(502), Answer(500), Answer(504)) as played,
        pytest.raises(SourceError) as error,
    ):
        carrier.get(request(played))
    text = str(error.value)
    for piece in (
        "Test, status 504",
        "500 Internal Server Error: boom",
        "502",
        "later",
    ):
        assert piece in text
    assert len(waits) == 3
    assert all(0 <= wait <= carrier.patience for wait in waits)


def test_the_error_points_at_the_kept_copy(carrier):
    with playing(Answer(body=BODY), Answer(500)) as played:
        carrier.get(request(played))
        asking = dataclasses.replace(carrier, max_age=0.0)
        with pytest.raises(SourceError, match=r"offline=True uses the copy of 20\d\d"):
            asking.get(request(played))


def test_no_server_at_all(carrier):
    gone = Request("Test", "http://127.0.0.1:9/data")
    with pytest.raises(SourceError, match="no connection"):
        carrier.get(gone)


def test_gzip_is_unpacked(carrier):
    with playing(Answer(body=BODY, zipped=True)) as played:
        assert carrier.get(request(played)).read_bytes() == BODY


def test_a_refused_key_is_said_with_what_to_do_and_never_shown(carrier):
    asked = dict(secret={"subscription-key": KEY}, advice="Ask for a key.")
    said = f"Access denied due to invalid key {KEY}".encode()
    with playing(Answer(401, said)) as played:
        with pytest.raises(SourceError) as error:
            carrier.get(request(played, **asked))
        assert played.asked[0].query["subscription-key"] == KEY
    text = str(error.value)
    assert "status 401" in text
    assert "Ask for a key." in text
    assert KEY not in text
    assert "***" in text


def test_a_credential_is_nowhere(carrier):
    asked = dict(secret={"key": KEY}, form={"a": "1"}, secret_form={"_token": KEY})
    with playing(Answer(500, KEY.encode()), Answer(body=BODY)) as played:
        made = request(played, **asked)
        carrier.get(made)
        assert KEY not in repr(made)
    held = everything_in(carrier.cache.folder)
    assert KEY.encode() not in held
    assert b"s3cret" not in held


def test_no_log_shows_a_credential(carrier, caplog):
    """The library that connects logs every address, with its query, at DEBUG."""
    caplog.set_level(logging.DEBUG)
    secret = {"key": KEY}
    with playing(Answer(429, headers={"Retry-After": "0"}), Answer(body=BODY)) as p:
        carrier.get(request(p, secret=secret))
        assert p.asked[1].query["key"] == KEY
        carrier.get(Request("Test", p.url + "/open", {"year": "2024"}))
    assert "year=2023&key=***" in caplog.text
    assert "s3cret" not in caplog.text
    assert "/open?year=2024" in caplog.text, "what is no credential stays"


def test_no_traceback_shows_a_credential(carrier):
    import traceback

    gone = Request("Test", "http://127.0.0.1:9/data", secret={"key": KEY})
    with pytest.raises(SourceError) as error:
        carrier.get(gone)
    text = "".join(traceback.format_exception(error.value))
    assert "s3cret" not in text


@settings(max_examples=25)
@given(st.integers(0, len(BODY) - 1), st.booleans())
def test_a_body_cut_at_any_byte_is_completed(tmp_path_factory, cut, marked):
    folder = tmp_path_factory.mktemp("cache")
    carrier = Transport(Cache(folder), pause=0.0, sleep=lambda _: None, attempts=1)
    etag = {"ETag": '"one"'} if marked else {}
    with playing(Answer(body=BODY, headers=etag, cut=cut), whole(BODY)) as played:
        with pytest.raises(SourceError, match="body cut off"):
            carrier.get(request(played))
        assert carrier.cache.find(request(played).key) is None, "no half file is seen"
        assert carrier.get(request(played)).read_bytes() == BODY
        kept = cut // CHUNK * CHUNK
        resumed = played.asked[1].headers.get("Range")
        assert resumed == (f"bytes={kept}-" if marked and kept else None)


def test_the_rest_of_another_version_is_not_joined(carrier):
    new = bytes(reversed(BODY))
    half = Answer(body=BODY, headers={"ETag": '"one"'}, cut=200_000)
    with playing(half, whole(new, etag='"two"')) as played:
        assert carrier.get(request(played)).read_bytes() == new


WORKER = """
import sys
from pathlib import Path
from toolkit.sources import Cache, Request, Transport
carrier = Transport(Cache(Path(sys.argv[1])), pause=0.0)
path = carrier.get(Request("Test", sys.argv[2] + "/data", {"year": "2023"}))
sys.stdout.write(str(len(path.read_bytes())))
"""


def start(folder, url):
    command = [sys.executable, "-c", WORKER, str(folder), url]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_two_processes_fetch_the_same_at_once(tmp_path):
    def slow(question):
        time.sleep(0.5)
        return whole(BODY)(question)

    with playing(slow) as played:
        both = [start(tmp_path, played.url) for _ in range(2)]
        sizes = [process.communicate(timeout=60)[0] for process in both]
    assert sizes == [str(len(BODY))] * 2
    assert Cache(tmp_path).verify() == []


def test_a_killed_process_leaves_a_cache_that_another_completes(tmp_path):
    half = Answer(body=BODY, headers={"ETag": '"one"'}, cut=200_000)
    half.hold = threading.Event()
    part = Cache(tmp_path).folder / "parts"
    with playing(half, whole(BODY)) as played:
        first = start(tmp_path, played.url)
        while not any(p.stat().st_size for p in part.glob("*") if not p.suffix):
            time.sleep(0.01)
        first.kill()
        first.communicate(timeout=60)
        half.hold.set()
        second = start(tmp_path, played.url)
        assert second.communicate(timeout=60)[0] == str(len(BODY))
        assert "Range" in played.asked[1].headers
    assert Cache(tmp_path).verify() == []


def test_an_altered_copy_is_noticed_and_fetched_anew(carrier):
    with playing(whole(BODY)) as played:
        path = carrier.get(request(played))
        path.write_bytes(b"spoilt")
        assert len(carrier.cache.verify()) == 1
        assert carrier.get(request(played)).read_bytes() == BODY
        assert carrier.cache.verify() == []


def test_a_record_says_what_when_and_how(carrier):
    with playing(whole(BODY)) as played:
        carrier.get(request(played))
    (record,) = carrier.cache.records()
    assert record.query == "year=2023"
    assert record.headers["ETag"] == '"one"'
    assert record.size == len(BODY)
    (path,) = (carrier.cache.folder / "requests").glob("*.json")
    assert json.loads(path.read_text())["service"] == "Test"


def test_requests_to_one_host_keep_their_distance(tmp_path, waits):
    carrier = Transport(Cache(tmp_path), pause=5.0, sleep=waits.append)
    with playing(Answer(body=BODY)) as played:
        carrier.get(Request("Test", played.url + "/one"))
        carrier.get(Request("Test", played.url + "/two"))
    assert len(waits) == 1
    assert 4 < waits[0] <= 5


def test_the_cache_folder_can_be_named(tmp_path, monkeypatch):
    monkeypatch.setenv("TOOLKIT_CACHE", str(tmp_path / "mine"))
    assert Cache().folder == tmp_path / "mine"


def test_the_key_comes_from_the_environment_then_the_keyring(monkeypatch):
    import keyring

    from toolkit.sources.request import find_key

    monkeypatch.setattr(keyring, "get_password", lambda *_: "from the ring")
    monkeypatch.delenv("COMTRADE_API_KEY", raising=False)
    assert find_key("COMTRADE_API_KEY", "comtrade") == "from the ring"
    monkeypatch.setenv("COMTRADE_API_KEY", " mine ")
    assert find_key("COMTRADE_API_KEY", "comtrade") == "mine"
