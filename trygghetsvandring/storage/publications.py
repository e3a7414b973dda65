"""Publications: what is public, newest first, which of them a changed task stands behind, and their pairs of photos."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select, update

from trygghetsvandring.domain.pairs import without
from trygghetsvandring.domain.publications import Publication, Release
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage.erasures import mentions, parts
from trygghetsvandring.storage.outside import publications
from trygghetsvandring.storage.records import decode, encode, found, keep_versions, register, save
from trygghetsvandring.storage.scrub import redacted
from trygghetsvandring.storage.tables import operations, tasks, versions
from trygghetsvandring.storage.unit import Db

register(
    Publication,
    "publication",
    publications,
    lambda p: {"about": p.id, "state": p.state, "category": p.category, "requested_at": p.requested_at},
)


async def public(
    db: Db,
    municipality: str,
    *,
    first: datetime,
    last: datetime,
    categories: Sequence[str] = (),
    after: tuple[datetime, UUID] | None = None,
    limit: int,
) -> list[Publication]:
    """Asked for between the two moments, newest first, a page by key behind `after`."""
    c = publications.c
    question = select(c.doc).where(
        c.municipality == municipality, c.state == Release.PUBLIC, c.requested_at.between(first, last)
    )
    if categories:
        question = question.where(c.category.in_(categories))
    if after is not None:
        same = and_(c.requested_at == after[0], c.id < after[1])
        question = question.where(or_(c.requested_at < after[0], same))
    return await found(db, Publication, question.order_by(c.requested_at.desc(), c.id.desc()).limit(limit))


async def mark(db: Db, municipality: str) -> tuple[int, int]:
    """Another one whenever a publication is made, changed or taken away; they stand in no feed that would say so."""
    c = publications.c
    question = select(func.count(), func.coalesce(func.sum(c.version), 0)).where(c.municipality == municipality)
    many, versions = (await db.execute(question)).one()
    return int(many), int(versions)


async def with_pairs(db: Db, municipality: str) -> list[Publication]:
    """Those with a pair of photos, the pair that was released last first."""
    c = publications.c
    paired = c.doc.contains('"pair":{', autoescape=True)  # a quote that somebody has typed stands escaped in there
    question = select(c.doc).where(c.municipality == municipality, c.state == Release.PUBLIC, paired)
    some = [it for it in await found(db, Publication, question) if it.pair is not None]
    return sorted(some, key=lambda it: (it.pair.released_at if it.pair else it.changed_at, it.id), reverse=True)


async def tasks_changed(
    db: Db, municipality: str, since: datetime, after: tuple[datetime, UUID] | None, limit: int
) -> list[tuple[datetime, Task]]:
    """Tasks touched since a moment, oldest change first, a page by key."""
    c = tasks.c
    question = select(c.updated_at, c.doc).where(c.municipality == municipality, c.updated_at >= since)
    if after is not None:
        question = question.where(or_(c.updated_at > after[0], and_(c.updated_at == after[0], c.id > after[1])))
    rows = await db.execute(question.order_by(c.updated_at, c.id).limit(limit))
    return [(row.updated_at, decode(Task, row.doc)) for row in rows]


async def changed(db: Db, municipality: str, ids: Iterable[UUID]) -> list[Publication]:
    """Those of these findings that were ever public or proposed."""
    c = publications.c
    wanted = list(ids)
    if not wanted:
        return []
    return await found(db, Publication, select(c.doc).where(c.municipality == municipality, c.id.in_(wanted)))


# ---------------------------------------------------------------- what an erasure takes along


async def scrub(db: Db, municipality: str, ids: Sequence[UUID], decision: UUID, now: datetime) -> None:
    """A pair of which a photo or the task is erased is no pair, in any version; its release says so in the log."""
    if not ids:
        return
    gone, v = set(ids), versions.c
    for before in await with_pairs(db, municipality):
        after = without(before, gone)
        if after != before:
            after = replace(after, version=before.version + 1, changed_at=now)
            await save(db, municipality, [after], now)
            await keep_versions(db, municipality, [(after, decision)], now)
    kept = (v.municipality == municipality, v.kind == "publication", v.doc.contains('"pair":{', autoescape=True))
    for id, version, doc in (await db.execute(select(v.id, v.version, v.doc).where(*kept))).all():
        was = decode(Publication, doc)
        bare = without(was, gone)
        if bare != was:
            mine = (v.municipality == municipality, v.kind == "publication", v.id == id, v.version == version)
            await db.execute(update(versions).where(*mine).values(doc=encode(bare)))
    o = operations.c
    for part in parts(sorted(gone), 50):
        released = (o.municipality == municipality, o.type == "publication.pair", mentions(o.wire, part))
        for id, entity in (await db.execute(select(o.id, o.entity).where(*released))).all():
            wire = redacted(id, "publication.pair", entity, decision)
            await db.execute(update(operations).where(o.municipality == municipality, o.id == id).values(wire=wire))
