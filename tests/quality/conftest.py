"""One server and one survey for all the gates."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.house import Server
from tests.quality.survey import Survey, survey
from tests.quality.world import World, settle


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    data = tmp_path_factory.mktemp("house")
    server = Server(data=data, database_url=f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", smtp_url="")
    server.start()
    try:
        yield settle(server.url)
    finally:
        server.stop()


@pytest.fixture(scope="session")
def seen(world: World) -> Survey:
    """`TRYGG_PICTURES=<folder>` keeps a picture of every screen in every theme."""
    folder = os.environ.get("TRYGG_PICTURES")
    return survey(world, Path(folder) if folder else None)
