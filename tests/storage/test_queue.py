"""Work as rows: due, leased, finished, tried again, on both databases."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.makers import FRIDAY, LIDKOPING, a_municipality
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage import queue
from trygghetsvandring.storage import tables as t
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.municipalities import settle

# ---------------------------------------------------------------- jobs


def a_job(kind: str = "mail.told", run_at: datetime = FRIDAY) -> dict[str, object]:
    return {"municipality": LIDKOPING, "id": uuid7(), "kind": kind, "body": "{}", "run_at": run_at, "attempts": 0}


async def enqueued(store: Store, *jobs: dict[str, object]) -> None:
    async with store.write() as db:
        await queue.enqueue(db, jobs)


async def due(store: Store, now: datetime = FRIDAY, limit: int = 10) -> list[queue.Waiting]:
    async with store.write() as db:
        return await queue.due(db, now, limit, kinds=["mail.told"])


async def test_due_jobs_come_oldest_first_and_no_others(store: Store) -> None:
    second, first = a_job(), a_job(run_at=FRIDAY - timedelta(hours=1))
    await enqueued(store, second, first, a_job(run_at=FRIDAY + timedelta(seconds=1)), a_job(kind="photo.copies"))

    assert [job.id for job in await due(store)] == [first["id"], second["id"]]
    assert [job.id for job in await due(store, limit=1)] == [first["id"]]


async def test_a_leased_job_is_due_again_when_its_lease_ends_and_never_when_it_is_finished(store: Store) -> None:
    await enqueued(store, a_job())
    (job,) = await due(store)
    async with store.write() as db:
        await queue.lease(db, job, FRIDAY + timedelta(minutes=5))

    assert await due(store) == []
    (again,) = await due(store, FRIDAY + timedelta(minutes=5))
    assert again.attempts == 1
    async with store.write() as db:
        await queue.finish(db, again, FRIDAY)
    assert await due(store, FRIDAY + timedelta(days=9)) == []


async def test_a_failed_job_waits_longer_each_time_and_at_last_stays(store: Store) -> None:
    await enqueued(store, a_job())
    now, waits = FRIDAY, []
    for _ in range(queue.GIVE_UP_AFTER):
        (job,) = await due(store, now)
        async with store.write() as db:
            await queue.retry(db, job, now, "SMTP 451 " + "x" * 900)
            run_at = (await db.execute(select(t.jobs.c.run_at))).scalar_one()
        waits.append((run_at - now).total_seconds())
        now = run_at

    assert waits == sorted(waits)
    assert (waits[0], waits[-1]) == (10, 3_600)
    assert await due(store, now + timedelta(days=30)) == []


@pytest.mark.postgres
async def test_on_postgresql_two_runners_never_take_the_same_job(postgres_schema: str) -> None:
    from tests.makers import emptied

    store = Store(emptied(postgres_schema))
    await settle(store, a_municipality())
    await enqueued(store, *(a_job() for _ in range(6)))

    async with store.write() as one, store.write() as other:
        first = await queue.due(one, FRIDAY, 4, kinds=["mail.told"])
        rest = await queue.due(other, FRIDAY, 4, kinds=["mail.told"])

    assert (len(first), len(rest)) == (4, 2)
    assert not {job.id for job in first} & {job.id for job in rest}
    await store.close()
