"""Nothing leaves the machine: an audit hook that refuses every other address.

The interpreter itself reports each connection and each look-up of a name, whatever
library makes it, so nothing has to be patched. An attempt is refused and written
down: code that swallows the refusal fails its test all the same. Python processes
that a test starts are guarded too (``sitecustomize``) and write into the same file,
unless the test gives them a ``PYTHONPATH`` of its own; pip runs without it, since it
may have to fetch the build backend of a wheel. Not guarded: browsers, Node, and
connecting a datagram socket, which sends nothing.
"""

import ipaddress
import os
import socket
import sys
import tempfile
from pathlib import Path

ACCOUNT = "TOOLKIT_TESTS_WENT_OUT"  # environment variable: where attempts are written
GUARDED = "_toolkit_tests_guarded"
NAMES = {"socket.getaddrinfo", "socket.gethostbyname"}
ADDRESSES = {"socket.connect": 1, "socket.sendto": 1}


class Outside(PermissionError):
    """A test would have asked another machine."""


def is_here(host):
    """Return whether an address or name is this machine's."""
    name = host.decode() if isinstance(host, bytes) else str(host or "localhost")
    if name in ("localhost", socket.gethostname()) or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def attempts():
    """Return what was tried so far, by this process and those it started."""
    return Path(os.environ[ACCOUNT]).read_text().splitlines()


def install():
    """Refuse other machines from now on, here and in Python processes started here."""
    if ACCOUNT not in os.environ:
        file, place = tempfile.mkstemp(prefix="toolkit-went-out-")
        os.close(file)
        os.environ[ACCOUNT] = place
        paths = [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    if not hasattr(sys, GUARDED):  # a hook cannot be taken out again
        setattr(sys, GUARDED, True)
        sys.addaudithook(_hook)


def _hook(event, values):
    if event in ADDRESSES:
        _check_socket(event, *values)
    elif event in NAMES and not _numeric(values[0]) and not is_here(values[0]):
        _refuse(event, values[0])


def _check_socket(event, sock, address):
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    if event == "socket.connect" and sock.type == socket.SOCK_DGRAM:
        return
    if not is_here(address[0]):
        _refuse(event, address)


def _numeric(host):
    """Return whether a host is an address: then looking it up asks nobody."""
    try:
        ipaddress.ip_address(str(host or "::1").partition("%")[0])
    except ValueError:
        return False
    return True


def _refuse(event, where):
    with Path(os.environ[ACCOUNT]).open("a") as file:
        file.write(f"{event} {where!r} by process {os.getpid()}\n")
    raise Outside(f"tests must not leave the machine: {event} {where!r}")
