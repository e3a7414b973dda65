"""The fixtures of an evening: one seeded database for the whole run, copied for each test."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.web.phones import Evening, a_seeded_database, an_evening


@pytest.fixture(scope="session")
def seeded_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return asyncio.run(a_seeded_database(tmp_path_factory.mktemp("schema") / "seeded.sqlite"))


@pytest_asyncio.fixture
async def evening(tmp_path: Path, seeded_database: Path) -> AsyncIterator[Evening]:
    async with an_evening(tmp_path, seeded_database) as it:
        yield it
