"""Promises, what is public of them, and what may show how they go."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time
from itertools import groupby
from uuid import UUID

from sqlalchemy import and_, false, or_, select, update

from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.presence import Pass, PresenceEntry
from trygghetsvandring.domain.promise_words import without
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.publications import Release
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.domain.walks import Walk, WalkState
from trygghetsvandring.storage.erasures import mentions, parts
from trygghetsvandring.storage.promise_tables import promises
from trygghetsvandring.storage.records import decode, encode, found, keep_versions, load, register, save
from trygghetsvandring.storage.scrub import redacted
from trygghetsvandring.storage.tables import (
    municipalities,
    operations,
    passes,
    presence,
    tasks,
    versions,
    walks,
)
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
    """Every organisation's: for evenings and whole hundreds of hours (`domain.adult_hours`) and nothing else."""
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


# ---------------------------------------------------------------- what an erasure takes along


async def scrub(db: Db, municipality: str, ids: Sequence[UUID], decision: UUID, now: datetime) -> None:
    """Takes these things out of everything that was ever released, while their rows are still here to be known by."""
    lost = await load(db, municipality, Observation, ids)
    left = {task for it in lost.values() for task in it.was_in}  # what a finding has left keeps the words of its place
    gone, titles = {*ids, *left}, await _titles(db, municipality, ids, lost.values())
    for before in await all_of(db, municipality):
        after = without(before, gone, titles, now)
        if after != before:
            after = replace(after, version=before.version + 1)
            await save(db, municipality, [after], now)
            await keep_versions(db, municipality, [(after, decision)], now)
    v = versions.c
    kept = (v.municipality == municipality, v.kind == "promise", v.doc.contains('"lamps":'))
    for id, version, doc in (await db.execute(select(v.id, v.version, v.doc).where(*kept))).all():
        was = decode(Promise, doc)
        bare = without(was, gone, titles, was.changed_at or now)
        if bare != was:
            mine = (v.municipality == municipality, v.kind == "promise", v.id == id, v.version == version)
            await db.execute(update(versions).where(*mine).values(doc=encode(bare)))
    await _empty_log(db, municipality, sorted(gone), titles, decision)


async def _titles(db: Db, municipality: str, ids: Sequence[UUID], lost: Iterable[Observation]) -> set[str]:
    """Every title that a task among these, or one that grew from them, has ever had."""
    about = {*ids, *(task for found_ in lost for task in (*found_.tasks, *found_.was_in))}
    v, titles = versions.c, set[str]()
    for part in parts(sorted(about)):
        asked = select(v.doc).where(v.municipality == municipality, v.kind == "task", v.id.in_(part))
        titles |= {decode(Task, doc).title for doc in (await db.execute(asked)).scalars()}
    return titles


async def _empty_log(db: Db, municipality: str, ids: Sequence[UUID], titles: Collection[str], decision: UUID) -> None:
    """The log of a release holds all that was shown; that it was released stays."""
    o = operations.c
    released = (o.municipality == municipality, o.type == "promise.publish")
    for part in parts(sorted(ids), 50):
        named = (o.wire.contains(_as_written(title), autoescape=True) for title in sorted(titles) if title)
        says = or_(mentions(o.wire, part), and_(o.wire.not_like('%"about":%'), or_(false(), *named)))
        for id, entity in (await db.execute(select(o.id, o.entity).where(*released, says))).all():
            wire = redacted(id, "promise.publish", entity, decision)
            await db.execute(update(operations).where(o.municipality == municipality, o.id == id).values(wire=wire))


def _as_written(title: str) -> str:
    """As it stands inside a JSON text."""
    return encode(title)[1:-1]
