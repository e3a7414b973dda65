"""Publications: what is public, newest first, and which of them a changed task or finding stands behind."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from trygghetsvandring.domain.publications import Publication, Release
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage.outside import publications
from trygghetsvandring.storage.records import decode, found, register
from trygghetsvandring.storage.tables import tasks
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
