"""The fixture of a field team's evening."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.web.field_teams import House, a_house


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as it:
        yield it
