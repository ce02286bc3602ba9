"""The guard of all tests catches what it is there for."""

import contextlib
import socket
import subprocess
import sys

import pytest
import requests

import network
from services import Answer, playing
from toolkit.sources import Cache, Request, SourceError, Transport, wits

ELSEWHERE = ("192.0.2.1", 80)  # kept for documentation: nobody's address
V6 = ("2001:db8::1", 80)


@pytest.fixture
def planted(monkeypatch, tmp_path):
    """Return the account of this test's attempts, apart from what fails a test."""
    place = tmp_path / "account"
    place.touch()
    monkeypatch.setenv(network.ACCOUNT, str(place))
    return network.attempts


def raw(address, family=socket.AF_INET):
    with socket.socket(family) as sock:
        sock.settimeout(2)
        sock.connect(address)


@pytest.mark.parametrize(
    "attempt",
    [
        lambda: raw(ELSEWHERE),
        lambda: raw(V6, socket.AF_INET6),
        lambda: socket.socket().connect_ex(ELSEWHERE),
        lambda: socket.create_connection(ELSEWHERE, timeout=2),
        lambda: socket.getaddrinfo("comtradeapi.un.org", 443),
        lambda: socket.gethostbyname("wits.worldbank.org"),
        lambda: socket.socket(type=socket.SOCK_DGRAM).sendto(b"x", ELSEWHERE),
    ],
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_an_attempt_is_refused_and_written_down(planted, attempt):
    with pytest.raises(network.Outside, match="must not leave the machine"):
        attempt()
    assert len(planted()) == 1


def test_an_attempt_that_is_swallowed_is_written_down(planted, tmp_path):
    carrier = Transport(Cache(tmp_path / "c"), sleep=lambda _: None, attempts=2)
    with pytest.raises(SourceError, match="no connection"):
        wits.fetch("IND", 2023, transport=carrier)
    assert len(planted()) == 2
    with contextlib.suppress(requests.RequestException):
        requests.get("https://api.worldbank.org/v2", timeout=2)
    assert "api.worldbank.org" in planted()[-1]


def test_a_process_started_here_is_guarded(planted):
    code = "import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)"
    child = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert "tests must not leave the machine" in child.stderr
    assert len(planted()) == 1


@pytest.fixture
def guard(request):
    """Return the generator behind the fixture of all tests, not yet begun."""
    plugins = request.config.pluginmanager.get_plugins()
    found = (getattr(p, "nothing_leaves_the_machine", None) for p in plugins)
    return next(filter(None, found)).__wrapped__(request)


def test_a_swallowed_attempt_fails_its_test(guard, planted):
    next(guard)
    with contextlib.suppress(OSError):
        raw(ELSEWHERE)
    with pytest.raises(pytest.fail.Exception, match="asked outside this machine"):
        next(guard, None)


def test_this_machine_is_not_outside(planted, tmp_path):
    with playing(Answer(body=b"x")) as played:
        carrier = Transport(Cache(tmp_path / "c"), pause=0.0)
        asked = Request("Test", played.url.replace("127.0.0.1", "localhost"))
        assert carrier.get(asked).read_bytes() == b"x"
    assert planted() == []
    assert network.is_here("::1")
    assert network.is_here(b"127.8.9.1")
    assert not network.is_here("10.0.0.1")
