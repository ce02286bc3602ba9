"""Turns between the two workers: a test marked ``alone`` runs with nothing beside it.

A test that compares two times would otherwise measure its neighbour too. Every test
holds a shared lock while it runs, one marked ``alone`` an exclusive one; whoever
wants the exclusive lock first closes the gate that all pass, so that it is not
overtaken for ever. Where the system has no such locks (Windows) nothing happens.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import tempfile
from pathlib import Path

import pytest

import network

# Two workers on two cores: a matrix library that starts threads of its own would
# make each wait for the other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# Set by xdist's controller for its workers: each writes into a file of its own.
os.environ.pop(network.ACCOUNT, None)
network.install()


def pytest_collection_modifyitems(items):
    """Start with the files that take longest, so that both workers end together."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(autouse=True)
def nothing_leaves_the_machine(request):
    """Fail a test that asked another machine, even if it swallowed the refusal."""
    before = len(network.attempts())
    yield
    went = network.attempts()[before:]
    if went and not request.node.get_closest_marker("browser"):
        pytest.fail(f"asked outside this machine: {'; '.join(went)}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    """Hold the lock of the run while a test runs."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if not run:
        return (yield)
    alone = item.get_closest_marker("alone") is not None
    with _turn(Path(tempfile.gettempdir()) / f"toolkit-tests-{run}", alone=alone):
        return (yield)


@contextlib.contextmanager
def _turn(place, *, alone):
    try:
        fcntl = importlib.import_module("fcntl")
    except ImportError:
        yield
        return
    with (
        place.with_suffix(".gate").open("w") as gate,
        place.with_suffix(".room").open("w") as room,
    ):
        fcntl.flock(gate, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        fcntl.flock(gate, fcntl.LOCK_UN)
        yield


def pytest_sessionfinish():
    """Remove the locks of this run; a worker still at work makes its own anew."""
    Path(os.environ[network.ACCOUNT]).unlink(missing_ok=True)
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if run:
        for path in Path(tempfile.gettempdir()).glob(f"toolkit-tests-{run}.*"):
            path.unlink(missing_ok=True)
