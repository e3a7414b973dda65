"""Jobs as rows, on SQLite and PostgreSQL alike: taken once, whoever asks."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import select

from tests.storage.postgres import Cluster
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage import migrate, queue
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.municipalities import settle

NOW = datetime(2026, 11, 20, 19, 41, tzinfo=UTC)


@pytest_asyncio.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'trygg.sqlite'}"
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.new_database()
    await migrate.upgrade(url)
    it = Store(url)
    await settle(it, seed.lidkoping())
    yield it
    await it.close()


async def enqueue(store: Store, count: int, kind: str = "mail.duty") -> None:
    async with store.write() as db:
        row = {"municipality": "lidkoping", "kind": kind, "body": "{}", "attempts": 0}
        await queue.enqueue(db, [{**row, "id": uuid7(), "run_at": NOW + timedelta(seconds=n)} for n in range(count)])


async def take(store: Store, now: datetime, limit: int = 5) -> list[queue.Waiting]:
    async with store.write() as db:
        taken = await queue.due(db, now, limit, kinds=["mail.duty"])
        await asyncio.sleep(0.02)
        for job in taken:
            await queue.lease(db, job, now + timedelta(minutes=5))
    return taken


async def test_many_takers_at_once_never_take_the_same_job(store: Store) -> None:
    await enqueue(store, 40)

    later = NOW + timedelta(hours=1)
    armfuls = await asyncio.gather(*(take(store, later) for _ in range(10)))

    taken = [job.id for armful in armfuls for job in armful]
    assert len(taken) == len(set(taken))
    assert len(taken) + len(await take(store, later, 40)) == 40


async def test_jobs_come_oldest_first_and_only_when_they_are_due(store: Store) -> None:
    await enqueue(store, 3)

    assert len(await take(store, NOW - timedelta(seconds=1))) == 0
    assert len(await take(store, NOW + timedelta(seconds=1))) == 2


async def test_only_the_kinds_asked_for_are_taken(store: Store) -> None:
    await enqueue(store, 2, kind="from.a.newer.server")

    assert await take(store, NOW + timedelta(hours=1)) == []


async def test_a_failure_waits_longer_each_time_and_keeps_its_reason(store: Store) -> None:
    await enqueue(store, 1)
    waits = []
    now, row = NOW, None
    for _ in range(4):
        (job,) = await take(store, now)
        async with store.write() as db:
            await queue.retry(db, job, now, "the mail server answered 451")
            row = (await db.execute(select(jobs.c.run_at, jobs.c.last_error, jobs.c.attempts))).one()
        waits.append((row.run_at - now).total_seconds())
        now = row.run_at

    assert waits == [10, 20, 40, 80]
    assert row is not None
    assert (row.last_error, row.attempts) == ("the mail server answered 451", 4)
