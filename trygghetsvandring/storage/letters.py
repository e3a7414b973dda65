"""Letters: what became of each one. A letter that has left is never sent again, whatever happens to its job."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from trygghetsvandring.storage.letter_tables import letters
from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.storage.unit import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    """`sent_at` None = not yet; `reason` = why the last try failed."""

    id: str
    sent_at: datetime | None
    tried_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A job whose letter did not leave: `gave_up_at` None = it is still tried."""

    id: UUID
    kind: str
    body: str
    attempts: int
    reason: str
    gave_up_at: datetime | None


async def fates(db: Db, municipality: str, ids: Iterable[str]) -> dict[str, Fate]:
    c = letters.c
    rows = await db.execute(
        select(c.id, c.sent_at, c.tried_at, c.reason).where(c.municipality == municipality, c.id.in_(list(ids)))
    )
    return {row.id: Fate(**row._mapping) for row in rows}


async def note(
    db: Db, municipality: str, id: str, *, about: UUID | None, now: datetime, sent: bool, reason: str = ""
) -> None:
    """What the last try led to. That it was sent stands for ever."""
    row = {"municipality": municipality, "id": id, "about": about, "tried_at": now, "reason": reason}
    values = row | {"sent_at": now if sent else None}
    statement = insert_into(db, letters).values(values)
    changed = {"tried_at": now, "reason": reason} | ({"sent_at": now} if sent else {})
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["municipality", "id"], set_=changed, where=letters.c.sent_at.is_(None)
        )
    )


async def bounced(db: Db, municipality: str, id: str, reason: str, now: datetime) -> bool:
    """False when it was known, or no such letter has left."""
    c = letters.c
    mine = (c.municipality == municipality, c.id == id, c.sent_at.is_not(None), c.bounced_at.is_(None))
    done = await db.execute(update(letters).where(*mine).values(bounced_at=now, reason=reason).returning(c.id))
    return done.scalar_one_or_none() is not None


def job_of(letter: str) -> UUID | None:
    """The job that sent it: its own id, or the first part of it where one job writes to many."""
    try:
        return UUID(letter[:36])
    except ValueError:
        return None


async def not_arrived(db: Db, municipality: str, since: datetime, limit: int = 100) -> list[Failed]:
    """Letters that were sent, and that a mail server has then given back; latest first."""
    c, j = letters.c, jobs.c
    back = (c.municipality == municipality, c.bounced_at.is_not(None), c.bounced_at >= since)
    asked = select(c.id, c.reason, c.bounced_at).where(*back).order_by(c.bounced_at.desc(), c.id).limit(limit)
    rows = {job: row for row in await db.execute(asked) if (job := job_of(row.id)) is not None}
    jobs_ = select(j.id, j.kind, j.body, j.attempts).where(j.municipality == municipality, j.id.in_(list(rows)))
    known = {row.id: row for row in await db.execute(jobs_)}
    return [
        Failed(
            id=id,
            kind=known[id].kind,
            body=known[id].body,
            attempts=known[id].attempts,
            reason=row.reason,
            gave_up_at=row.bounced_at,
        )
        for id, row in rows.items()
        if id in known
    ]


async def failed(db: Db, municipality: str, limit: int = 100) -> list[Failed]:
    """Letters that will not leave by themselves, and those that have failed at least thrice; worst first."""
    c = jobs.c
    rows = await db.execute(
        select(c.id, c.kind, c.body, c.attempts, c.last_error, c.failed_at)
        .where(
            c.municipality == municipality,
            c.kind.like("mail.%"),
            c.done_at.is_(None),
            c.attempts >= 3,
            c.last_error.is_not(None),
        )
        .order_by(c.failed_at.is_(None), c.attempts.desc(), c.id)
        .limit(limit)
    )
    return [
        Failed(
            id=row.id,
            kind=row.kind,
            body=row.body,
            attempts=row.attempts,
            reason=row.last_error or "",
            gave_up_at=row.failed_at,
        )
        for row in rows
    ]
