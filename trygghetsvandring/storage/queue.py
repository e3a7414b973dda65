"""Work with no one waiting, as rows written in the same transaction as the change that asks for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from trygghetsvandring.storage import sets
from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.storage.unit import Db

GIVE_UP_AFTER = 60  # attempts, over about two days: a letter about a danger is not given up on the same night
GIVE_UP_FOR_GOOD_AFTER = 5  # attempts, over about five minutes: when the answer is that it will never do


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    municipality: str
    id: UUID
    kind: str
    body: str
    attempts: int


async def enqueue(db: Db, rows: Sequence[dict[str, object]]) -> None:
    await sets.add(db, jobs, sets.columns(rows))


async def due(db: Db, now: datetime, limit: int, *, kinds: Iterable[str]) -> list[Waiting]:
    """Due jobs of these kinds, oldest first; on PostgreSQL locked so that another process skips them."""
    c = jobs.c
    rows = await db.execute(
        select(c.municipality, c.id, c.kind, c.body, c.attempts)
        .where(c.run_at <= now, c.done_at.is_(None), c.failed_at.is_(None), c.kind.in_(list(kinds)))
        .order_by(c.run_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [Waiting(**row._mapping) for row in rows]


async def lease(db: Db, job: Waiting, until: datetime) -> None:
    """Nobody else takes it before `until`; if this process dies it is due again then."""
    await db.execute(
        update(jobs)
        .where(jobs.c.municipality == job.municipality, jobs.c.id == job.id)
        .values(run_at=until, attempts=job.attempts + 1)
    )


async def finish(db: Db, job: Waiting, now: datetime) -> None:
    await db.execute(
        update(jobs)
        .where(jobs.c.municipality == job.municipality, jobs.c.id == job.id)
        .values(done_at=now, last_error=None)
    )


async def named(db: Db, municipality: str, id: UUID) -> Waiting | None:
    """Done ones too."""
    c = jobs.c
    asked = select(c.municipality, c.id, c.kind, c.body, c.attempts)
    row = (await db.execute(asked.where(c.municipality == municipality, c.id == id))).first()
    return None if row is None else Waiting(**row._mapping)


async def waiting(db: Db, municipality: str, kinds: Iterable[str]) -> list[str]:
    """The bodies of what is planned or being done."""
    c = jobs.c
    asked = select(c.body).where(c.municipality == municipality, c.kind.in_(list(kinds)))
    return [body for (body,) in await db.execute(asked.where(c.done_at.is_(None), c.failed_at.is_(None)))]


async def plan(db: Db, municipality: str, id: UUID, kind: str, body: str, run_at: datetime) -> None:
    """A job whose id says which it is: planned again it changes nothing."""
    row = {"municipality": municipality, "id": id, "kind": kind, "body": body, "run_at": run_at, "attempts": 0}
    await db.execute(insert_into(db, jobs).values(row).on_conflict_do_nothing())


async def plan_anew(db: Db, municipality: str, id: UUID, kind: str, body: str, run_at: datetime) -> None:
    """As `plan`; one that is done or given up is begun again."""
    row = {"municipality": municipality, "id": id, "kind": kind, "body": body, "run_at": run_at, "attempts": 0}
    again = {"run_at": run_at, "attempts": 0, "last_error": None, "done_at": None, "failed_at": None}
    statement = insert_into(db, jobs).values(row)
    await db.execute(statement.on_conflict_do_update(index_elements=["municipality", "id"], set_=again))


async def retry(db: Db, job: Waiting, now: datetime, error: str, *, give_up_after: int = GIVE_UP_AFTER) -> bool:
    """Doubling from 5 s to an hour; after `give_up_after` attempts it stays, failed and visible. True when it does."""
    attempts = job.attempts + 1
    wait = timedelta(seconds=min(5 * 2 ** min(attempts, 10), 3_600))
    values: dict[str, object] = {"attempts": attempts, "last_error": error[:500], "run_at": now + wait}
    gives_up = attempts >= give_up_after
    if gives_up:
        values["failed_at"] = now
    await db.execute(update(jobs).where(jobs.c.municipality == job.municipality, jobs.c.id == job.id).values(**values))
    return gives_up
