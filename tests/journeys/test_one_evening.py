"""One evening, end to end: the coordinator plans, a volunteer walks without a network, a department answers back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.journeys.evening import Evening
from tests.journeys.house import Letters, Server, letters


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as it:
        yield it


@pytest.fixture(scope="session")
def post() -> Iterator[Letters]:
    with letters() as it:
        yield it
