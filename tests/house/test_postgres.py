"""The test run's own PostgreSQL is a real one, and nobody outside this machine can reach it."""

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.storage.postgres import AT_LEAST, Cluster

pytestmark = pytest.mark.postgres


async def asked(url: str, question: str) -> str:
    engine = create_async_engine(url)
    try:
        async with engine.connect() as db:
            return str((await db.execute(text(question))).scalar_one())
    finally:
        await engine.dispose()


async def test_the_cluster_is_new_enough_and_listens_on_loopback_alone(postgres_url: str) -> None:
    assert int(await asked(postgres_url, "SHOW server_version_num")) >= AT_LEAST * 10_000
    assert await asked(postgres_url, "SHOW listen_addresses") == "127.0.0.1"
    assert await asked(postgres_url, "SHOW server_encoding") == "UTF8"


async def test_every_new_database_is_empty_and_its_own(postgres: Cluster) -> None:
    one, other = postgres.new_database(), postgres.new_database()

    assert one != other
    assert await asked(one, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == "0"
    assert await asked(one, "SELECT current_database()") != await asked(other, "SELECT current_database()")
