"""tus 1.0.0, sentence by sentence: what its text asks of a server, as named tests that quote it.

Sentences that bind only clients, and those of extensions we do not announce, are not in the table. What is ours beyond
the text is in `test_uploads.py`. One evening and one phone serve all: each check begins with a photo of its own.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.web import tus_core, tus_extensions
from tests.web.phones import an_evening
from tests.web.tus_client import CLAUSES, Clause, Client

pytest_plugins = ["tests.web.evenings"]
pytestmark = pytest.mark.asyncio(loop_scope="module")
TABLE = [clause for module in (tus_core, tus_extensions) for clause in CLAUSES[module.__name__]]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def tus(tmp_path_factory: pytest.TempPathFactory, seeded_database: Path) -> AsyncIterator[Client]:
    async with an_evening(tmp_path_factory.mktemp("tus"), seeded_database) as evening:
        yield Client(evening, await evening.phone())


@pytest.mark.parametrize("holds", TABLE)
async def test_the_text_of_tus_is_kept(tus: Client, holds: Clause) -> None:
    await holds(tus)
