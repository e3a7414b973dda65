"""The fixtures of an evening: one migrated database for the whole run, copied for each test."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.web.phones import Evening, an_empty_database, an_evening


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(an_empty_database(tmp_path_factory.mktemp("schema") / "empty.sqlite"))


@pytest_asyncio.fixture
async def evening(tmp_path: Path, empty_database: Path) -> AsyncIterator[Evening]:
    async with an_evening(tmp_path, empty_database) as it:
        yield it
