"""Promises, what is public of them, and what may show how they go."""

from collections.abc import Collection
from datetime import date, datetime, time
from itertools import groupby

from sqlalchemy import select

from trygghetsvandring.domain.presence import Pass, PresenceEntry
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.publications import Release
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Walk, WalkState
from trygghetsvandring.storage.promise_tables import promises
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.tables import municipalities, passes, presence, tasks, walks
from trygghetsvandring.storage.unit import Db

register(
    Promise,
    "promise",
    promises,
    lambda p: {"agreement": p.agreement, "number": p.number, "is_public": p.release is Release.PUBLIC},
)


async def all_of(db: Db, municipality: str) -> list[Promise]:
    """By agreement and number."""
    c = promises.c
    question = select(c.doc).where(c.municipality == municipality).order_by(c.agreement, c.number, c.id)
    return await found(db, Promise, question)


async def with_public(db: Db) -> list[tuple[str, str]]:
    """(id, name) of the municipalities that show anything, by name."""
    m, c = municipalities.c, promises.c
    shown = select(c.id).where(c.municipality == m.id, c.is_public.is_(True)).exists()
    return [(row.id, row.name) for row in await db.execute(select(m.id, m.name).where(shown).order_by(m.name))]


async def tasks_about(db: Db, municipality: str, tiles: Collection[str]) -> list[Task]:
    """Every task of these tiles, also those that are merged or taken back."""
    if not tiles:
        return []
    c = tasks.c
    question = select(c.doc).where(c.municipality == municipality, c.tile.in_(sorted(tiles)))
    return await found(db, Task, question.order_by(c.id))


async def ended(db: Db, municipality: str, first: date, last: date) -> list[Walk]:
    """Walks that have ended, by when they began, both days included."""
    c = walks.c
    begun, ended = (datetime.combine(day, at, STOCKHOLM) for day, at in ((first, time.min), (last, time.max)))
    question = select(c.doc).where(
        c.municipality == municipality, c.state == WalkState.ENDED, c.starts_at.between(begun, ended)
    )
    return await found(db, Walk, question.order_by(c.starts_at))


async def passes_between(db: Db, municipality: str, first: date, last: date) -> list[tuple[Pass, list[PresenceEntry]]]:
    """Every organisation's: for `domain.evidence.adults_out` and for nothing else."""
    q, p = passes.c, presence.c
    own = await found(
        db, Pass, select(q.doc).where(q.municipality == municipality, q.evening.between(first, last)).order_by(q.id)
    )
    entries = await found(
        db,
        PresenceEntry,
        select(p.doc).where(p.municipality == municipality, p.evening.between(first, last)).order_by(p.pass_id, p.id),
    )
    by_pass = {id: list(group) for id, group in groupby(entries, key=lambda entry: entry.pass_id)}
    return [(one, by_pass.get(one.id, [])) for one in own]
