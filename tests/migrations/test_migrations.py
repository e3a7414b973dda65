"""The schema comes from the migrations alone: up, down and up again, and then it is what the code says."""

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import BindParameter, Connection, Uuid, bindparam, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from tests.makers import address
from tests.storage.postgres import Cluster
from trygghetsvandring.domain.seen_hours import slots_asked
from trygghetsvandring.storage import migrate
from trygghetsvandring.storage.tables import Moment, metadata

_WALK = (
    "INSERT INTO walks (municipality, id, version, doc, updated_at, starts_at, state) "
    "VALUES ('lidkoping', :id, 1, :doc, :at, :at, 'planned')"
)
_FINDING = (
    "INSERT INTO observations (municipality, id, version, doc, updated_at, walk, state, kind, danger, received_at) "
    "VALUES ('lidkoping', :id, 1, :doc, :at, :id, 'linked', 'F', false, :at)"
)
_TASK = (
    "INSERT INTO tasks (municipality, id, version, doc, updated_at, state, is_open, look_on, tile, place, words) "
    "VALUES ('lidkoping', :id, 1, :doc, :at, 'assigned', true, '2026-12-01', '', :place, :words)"
)


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


async def test_what_is_there_already_is_found_by_number_and_words_and_keeps_its_doubt(blank: str) -> None:
    await migrate.upgrade(blank, "pushes")
    behind = f'["{UUID(int=1)}"]'
    when = f'"seen_at": "2026-11-20T23:30:00Z", "tasks": {behind}'  # past midnight in Sweden: Friday's
    finding = f'{{"number": "LK-7", "text": "Ölburkar", "place_words": "vid \\u00c5n", {when}}}'
    no = {"at": "2026-11-19T23:30:00Z", "type": "task.confirm", "end": "done", "text": "Sett på plats: nej."}
    seen = {"at": "2026-11-20T09:00:00Z", "type": "task.verify", "start": "done", "end": "verified", "text": "Lyser."}
    doubted = {"place": "ett \x00 tecken", "reopen_proposed": True, "confirmations": [{}], "history": [no]}
    settled = {**doubted, "history": [no, seen]}
    now = datetime(2026, 11, 20, tzinfo=UTC)
    engine = create_async_engine(blank)
    async with engine.begin() as db:
        await db.execute(text("INSERT INTO municipalities VALUES ('lidkoping', 'Lidköping', 1, '{}')"))
        for n in range(1_001):  # more than are read at a time
            await db.execute(
                text(
                    "INSERT INTO observations (municipality, id, version, doc, updated_at, walk, state, kind, danger, "
                    "received_at) VALUES ('lidkoping', :id, 1, :doc, :at, :id, 'received', 'T', false, :at)"
                ).bindparams(bindparam("id", type_=Uuid()), bindparam("at", type_=Moment())),
                {"id": UUID(int=n + 1), "doc": finding.replace("LK-7", f"LK-{n}"), "at": now},
            )
        for n, task in enumerate((doubted, settled)):
            await db.execute(
                text(
                    "INSERT INTO tasks (municipality, id, version, doc, updated_at, state, is_open, look_on, words, "
                    "tile) VALUES ('lidkoping', :id, 1, :doc, :at, 'done', false, '9999-12-31', '', '')"
                ).bindparams(bindparam("id", type_=Uuid()), bindparam("at", type_=Moment())),
                {"id": UUID(int=n + 1), "doc": json.dumps(task), "at": now},
            )

    await migrate.upgrade(blank)

    async with engine.connect() as db:
        rows = (await db.execute(text("SELECT number, words, slot, behind FROM observations ORDER BY id"))).all()
        tasks = (await db.execute(text("SELECT doubted, look_on, doc FROM tasks ORDER BY id"))).all()
    await engine.dispose()
    assert rows[7] == ("LK-7", "lk-7 ölburkar vid ån", slots_asked("4-0")[0], behind)
    assert len({row.number for row in rows}) == 1_001
    assert [(bool(row.doubted), str(row.look_on)) for row in tasks] == [(True, "1900-01-01"), (False, "9999-12-31")]
    assert [json.loads(row.doc)["doubted_on"] for row in tasks] == ["2026-11-20", None]  # past midnight in Sweden
    assert json.loads(tasks[1].doc)["settled"] == {"on": "2026-11-20", "at": seen["at"]}


async def test_a_task_from_before_places_were_moderated_no_longer_says_the_walkers_words(blank: str) -> None:
    await migrate.upgrade(blank, "seen_hours")
    walk, stop = UUID(int=1), UUID(int=2)
    walked = {"place": "Margretelund", "stops": [{"id": str(stop), "name": "Gångtunneln"}]}
    on_walk = {"walk": str(walk), "place_words": "bakom Annas hus"}
    behind = [
        {**on_walk, "stop": str(stop), "tasks": [str(UUID(int=1))]},
        {**on_walk, "stop": None, "was_in": [str(UUID(int=2))]},
        {**on_walk, "tasks": [str(UUID(int=3))], "moderated_place": "bakom Annas hus"},  # let out by a person
        {"walk": str(UUID(int=0)), "place_words": "bakom Annas hus", "tasks": [str(UUID(int=4))]},  # no walk
        {**on_walk, "stop": str(stop), "tasks": [str(UUID(int=5))]},
    ]
    named = ["bakom Annas hus"] * 4 + ["Norra parkeringen"]
    now = datetime(2026, 11, 20, tzinfo=UTC)
    engine = create_async_engine(blank)

    async def insert(db: AsyncConnection, sql: str, **values: object) -> None:
        typed: list[BindParameter[object]] = [bindparam("id", type_=Uuid()), bindparam("at", type_=Moment())]
        await db.execute(text(sql).bindparams(*typed), {"at": now, **values})

    async with engine.begin() as db:
        await db.execute(text("INSERT INTO municipalities (id, name, version, doc) VALUES ('lidkoping', 'L', 1, '{}')"))
        await insert(db, _WALK, id=walk, doc=json.dumps(walked))
        for n, (finding, place) in enumerate(zip(behind, named, strict=True)):
            await insert(db, _FINDING, id=UUID(int=n + 1), doc=json.dumps(finding))
            task = {"number": f"Å-{n}", "title": "Lampa", "place": place}
            await insert(db, _TASK, id=UUID(int=n + 1), doc=json.dumps(task), place=place, words=place.lower())

    await migrate.upgrade(blank)

    async with engine.connect() as db:
        rows = (await db.execute(text("SELECT doc, place, words FROM tasks ORDER BY id"))).all()
    await engine.dispose()
    places = ["Gångtunneln", "Margretelund", "bakom Annas hus", "", "Norra parkeringen"]
    assert [row.place for row in rows] == [json.loads(row.doc)["place"] for row in rows] == places
    assert rows[0].words == "å-0 lampa gångtunneln"
    assert "anna" not in rows[1].words + rows[3].words
