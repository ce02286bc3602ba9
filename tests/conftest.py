"""What several test files share: where Chromium is, and where pictures go."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=60, deadline=None, derandomize=True)
settings.register_profile("ci", max_examples=500, deadline=None, derandomize=True)
settings.register_profile("search", max_examples=5000, deadline=None)
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
