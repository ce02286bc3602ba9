"""What several test files share: profiles, Chromium, pictures, the count of fuzzing."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import Phase, settings

import tally

settings.register_profile("quick", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("ci", max_examples=500, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=5000, deadline=None)
# One run of it is 100,000 fuzzed cases: pytest tests/fuzz --hypothesis-profile=long
settings.register_profile(
    "long",
    max_examples=5000,
    deadline=None,
    database=None,
    print_blob=True,
    phases=(Phase.explicit, Phase.generate, Phase.shrink),
)
settings.load_profile(
    os.environ.get("HYPOTHESIS_PROFILE", "ci" if os.environ.get("CI") else "quick")
)

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def chromium():
    """Return the path of an installed Chromium; without one, skip (in CI: fail)."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    found = next(filter(None, map(shutil.which, names)), None)
    if found:
        return found
    message = "Chromium is not installed: the browser tests need it"
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


@pytest.fixture(scope="session")
def pictures():
    """Return the folder for screenshots, which git ignores."""
    folder = ROOT / ".ci" / "output"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def pytest_sessionfinish(session):
    """Hand this worker's count of fuzzed cases to the run."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output[tally.KEY] = dict(tally.COUNTS)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node):
    """Add up what a worker counted."""
    tally.COUNTS.update(getattr(node, "workeroutput", {}).get(tally.KEY, {}))


def pytest_terminal_summary(terminalreporter):
    """Say in one line how many cases were fuzzed and how they ended."""
    if tally.COUNTS:
        terminalreporter.write_line(tally.told(tally.COUNTS))
