"""What a request reads in one hop, on SQLite and PostgreSQL alike: it reads only, and outlives its connections."""

import asyncio

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.makers import a_municipality, emptied
from tests.storage.test_work_lists_on_both import HERE, due, keep
from tests.storage.test_work_lists_on_both import store as store  # noqa: PLC0414  # the fixture, by its name
from trygghetsvandring.storage import tasks
from trygghetsvandring.storage.tasks import Wanted
from trygghetsvandring.storage.unit import Db, Store, Unavailable
from trygghetsvandring.sync.municipalities import settle


async def listed(db: Db) -> int:
    return len((await tasks.page(db, HERE, Wanted(), None, 10))[0])


async def test_a_look_sees_what_has_been_stored_just_before(store: Store) -> None:
    seen = []
    for n in range(3):
        await keep(store, due(n + 1, 1))
        seen.append(await store.at_once(listed))

    assert seen == [1, 2, 3]


async def test_many_looks_at_the_same_time_each_get_their_own_answer(store: Store) -> None:
    await keep(store, *(due(n, 1) for n in range(1, 8)))

    async def first(n: int) -> int:
        async def asked(db: Db) -> int:
            return len((await tasks.page(db, HERE, Wanted(), None, n))[0])

        return await store.at_once(asked)

    assert await asyncio.gather(*(first(n % 7 + 1) for n in range(40))) == [n % 7 + 1 for n in range(40)]


async def test_nothing_can_be_written_by_a_look(store: Store) -> None:
    await keep(store, due(1, 1))

    async def changes(db: Db) -> None:
        await db.execute(text("UPDATE tasks SET state = 'new'"))

    with pytest.raises((Unavailable, DBAPIError)):
        await store.at_once(changes)
    async with store.read() as db:
        assert (await db.execute(text("SELECT state FROM tasks"))).scalars().all() == ["planned"]


async def test_a_look_that_waits_for_something_else_is_a_fault(store: Store) -> None:
    async def sleeps(_db: Db) -> None:
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="something else than the database"):
        await store.at_once(sleeps)
    assert await store.at_once(listed) == 0


@pytest.mark.postgres
async def test_a_connection_that_was_cut_is_replaced_and_nobody_notices(postgres_schema: str) -> None:
    """A file has no connection that could be cut."""
    store = Store(emptied(postgres_schema))
    await settle(store, a_municipality())
    assert await store.at_once(listed) == 0
    async with store.write() as db:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() "
        await db.execute(text(others + "AND datname = current_database()"))

    assert await store.at_once(listed) == 0
    await store.close()
