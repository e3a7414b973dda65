"""What is written in one hop to a thread, on SQLite and PostgreSQL alike: all of it or nothing, and one at a time."""

import asyncio

import pytest
from sqlalchemy import text

from tests.makers import LIDKOPING
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage.unit import Db, Store, Unavailable

_LONG = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n",
    "postgresql": "SELECT pg_sleep(600)",
}


def a_row(id: str) -> feed.Row:
    return feed.Row(scope="walk:1", kind="walk", id=id, version=1, state="{}")


async def kept(store: Store) -> list[str]:
    async with store.read() as db:
        return list((await db.execute(text("SELECT id FROM changes WHERE scope = 'walk:1' ORDER BY seq"))).scalars())


async def test_it_is_committed_when_it_is_answered(store: Store) -> None:
    async def adds(db: Db) -> str:
        await feed.append(db, LIDKOPING, [a_row("a")])
        return "done"

    assert await store.done_at_once(adds) == "done"
    assert await kept(store) == ["a"]


async def test_who_fails_has_written_nothing(store: Store) -> None:
    async def stumbles(db: Db) -> None:
        await feed.append(db, LIDKOPING, [a_row("a")])
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await store.done_at_once(stumbles)
    assert await kept(store) == []


async def test_who_waits_for_something_else_is_a_fault_and_has_written_nothing(store: Store) -> None:
    async def sleeps(db: Db) -> None:
        await feed.append(db, LIDKOPING, [a_row("a")])
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="something else than the database"):
        await store.done_at_once(sleeps)
    assert await kept(store) == []


async def test_many_at_once_each_have_a_number_of_their_own(store: Store) -> None:
    async def adds(id: str) -> None:
        await store.done_at_once(lambda db: feed.append(db, LIDKOPING, [a_row(id)]))

    await asyncio.gather(*(adds(str(n)) for n in range(40)))

    assert sorted(await kept(store), key=int) == [str(n) for n in range(40)]


async def lingers(db: Db) -> None:
    await feed.append(db, LIDKOPING, [a_row("a")])
    await db.execute(text(_LONG[db.dialect.name]))


async def lingering(store: Store) -> asyncio.Task[None]:
    """Has begun, and would go on for ever."""
    it = asyncio.create_task(store.done_at_once(lingers))
    for _ in range(2_000):  # nobody tells us
        if store._acting:
            break
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.2)  # and the statement has begun
    return it


async def test_who_is_told_to_stop_lets_go_at_once_and_has_written_nothing(store: Store) -> None:
    it = await lingering(store)
    it.cancel()

    with pytest.raises(asyncio.CancelledError):
        await it
    await store.done_at_once(lambda db: feed.append(db, LIDKOPING, [a_row("b")]))
    assert await kept(store) == ["b"]
    assert not store._acting


async def test_a_store_that_closes_interrupts_what_is_still_being_written(store: Store) -> None:
    it = await lingering(store)
    await store.close()

    with pytest.raises(Unavailable):
        await it
    again = Store(store.url)
    assert await kept(again) == []
    await again.close()
