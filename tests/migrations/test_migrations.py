"""The schema comes from the migrations alone: up, down and up again, and then it is what the code says."""

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Connection, inspect
from sqlalchemy.ext.asyncio import create_async_engine

from tests.makers import address
from tests.storage.postgres import Cluster
from trygghetsvandring.storage import migrate
from trygghetsvandring.storage.tables import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def blank(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database with nothing in it."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'blank.sqlite'}"
    cluster: Cluster = request.getfixturevalue("postgres")
    return cluster.new_database()


def columns(connection: Connection) -> dict[str, set[tuple[str, bool]]]:
    it = inspect(connection)
    return {
        name: {(column["name"], bool(column["nullable"])) for column in it.get_columns(name)}
        for name in it.get_table_names()
    }


async def shape(url: str) -> dict[str, set[tuple[str, bool]]]:
    engine = create_async_engine(url)
    async with engine.connect() as db:
        found = await db.run_sync(columns)
    await engine.dispose()
    found.pop("alembic_version", None)
    return found


def epochs(url: str) -> list[str]:
    sql = "SELECT value FROM meta WHERE name = 'epoch'"
    if url.startswith("sqlite"):
        with sqlite3.connect(url.split("///")[1]) as db:
            rows = db.execute(sql).fetchall()
        db.close()
        return [row[0] for row in rows]
    with psycopg.connect(address(url)) as pg:
        return [row[0] for row in pg.execute(sql).fetchall()]


async def test_up_down_and_up_again_makes_the_tables_of_the_code(blank: str) -> None:
    await migrate.upgrade(blank)
    once = await shape(blank)
    await migrate.downgrade(blank)
    assert await shape(blank) == {}
    await migrate.upgrade(blank)

    assert await shape(blank) == once
    assert once == {
        table.name: {(column.name, bool(column.nullable)) for column in table.columns}
        for table in metadata.sorted_tables
    }


async def test_the_check_finds_nothing_to_change(blank: str) -> None:
    await migrate.upgrade(blank)

    await migrate.check(blank)


async def test_a_new_database_gets_one_epoch_and_a_second_start_keeps_it(blank: str) -> None:
    await migrate.upgrade(blank)
    first = epochs(blank)
    await migrate.upgrade(blank)

    assert len(first) == 1
    assert epochs(blank) == first
