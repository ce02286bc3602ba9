"""The explorer of the official figures, for the tests without a browser."""

import pytest

import toolkit as tk


@pytest.fixture(scope="session")
def base():
    return tk.load_baseline("2024-25")


@pytest.fixture
def explorer(base):
    return tk.explore(base)
