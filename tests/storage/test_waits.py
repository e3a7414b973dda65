"""A row that somebody else holds is not waited for without end: the asker hears that the server is busy."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from tests import makers
from tests.makers import LIDKOPING
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import glances, unit
from trygghetsvandring.storage.unit import Db, Store, Unavailable
from trygghetsvandring.sync.municipalities import settle


@pytest.mark.postgres
async def test_a_held_row_is_given_up_and_can_be_had_when_it_is_free(
    postgres_schema: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        unit, "_POSTGRES_OPTIONS", unit._POSTGRES_OPTIONS.replace("lock_timeout=30s", "lock_timeout=1s")
    )
    store = Store(makers.emptied(postgres_schema))
    await settle(store, makers.a_municipality())
    row = feed.Row(scope="walk:1", kind="walk", id="1", version=1, state="{}")
    holds, may_go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with store.write() as db:
            await feed.append(db, LIDKOPING, [row])
            holds.set()
            await may_go.wait()

    async with asyncio.TaskGroup() as both:
        both.create_task(hold())
        await holds.wait()
        with pytest.raises(Unavailable):
            async with store.write() as db:
                await feed.append(db, LIDKOPING, [row])
        may_go.set()

    async with store.write() as db:
        await feed.append(db, LIDKOPING, [row])
    await store.close()


async def _tasks(db: Db) -> int:
    return len((await db.execute(text("SELECT id FROM tasks"))).all())


async def test_looks_at_a_database_that_says_nothing_are_given_up_and_hold_no_shutdown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(unit, "LOOK_S", 0.5)
    calls: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _reader, writer: calls.append(writer), "127.0.0.1", 0)
    hasty = {**unit.POSTGRES_ANSWERS, "connect_timeout": 3}
    monkeypatch.setattr(unit, "POSTGRES_ANSWERS", hasty)
    store = Store(f"postgresql+psycopg://trygg@127.0.0.1:{silent.sockets[0].getsockname()[1]}/trygg")

    asked = await asyncio.gather(*(store.at_once(_tasks) for _ in range(20)), return_exceptions=True)

    assert [type(it) for it in asked] == [Unavailable] * 20
    assert 0 < len(calls) < 20  # those that had not begun never did
    await asyncio.wait_for(store.close(), 30)
    for call in calls:
        call.close()
    silent.close()


async def _is_asked(store: Store) -> None:
    for _ in range(2_000):  # nobody tells us
        if store._asking:
            break
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)  # and the statement has begun


@pytest.mark.postgres
async def test_a_look_that_is_never_answered_ends_with_the_server(postgres_schema: str) -> None:
    store = Store(makers.emptied(postgres_schema))

    async def sleeps(db: Db) -> None:
        await db.execute(text("SELECT pg_sleep(25)"))

    looking = asyncio.create_task(store.at_once(sleeps))
    await _is_asked(store)
    await asyncio.wait_for(store.close(), 20)

    with pytest.raises(Unavailable):
        await looking


async def test_a_long_look_into_a_file_ends_with_the_server(sqlite_template: Path, tmp_path: Path) -> None:
    store = Store(makers.copied(sqlite_template, tmp_path))
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"

    async def counts(db: Db) -> None:
        await db.execute(text(endless))

    looking = asyncio.create_task(store.at_once(counts))
    await _is_asked(store)
    await asyncio.wait_for(store.close(), 20)

    with pytest.raises(Unavailable):
        await looking


async def test_a_database_that_takes_the_call_and_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    hasty = {**unit.POSTGRES_ANSWERS, "connect_timeout": 2}
    for module in (unit, glances):
        monkeypatch.setattr(module, "POSTGRES_ANSWERS", hasty)
    calls: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda _reader, writer: calls.append(writer), "127.0.0.1", 0)
    address = f"postgresql+psycopg://trygg@127.0.0.1:{silent.sockets[0].getsockname()[1]}/trygg"
    store, looks = Store(address), glances.Postgres(address)

    with pytest.raises(Unavailable):
        await looks.holder("token")
    with pytest.raises(Unavailable):
        async with store.read():
            pass

    assert len(calls) >= 2
    for call in calls:
        call.close()
    silent.close()
    await store.close()
