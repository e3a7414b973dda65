"""Announcements, those that are not over each with its walk as it is now."""

from datetime import datetime

from sqlalchemy import select

from trygghetsvandring.domain.announcements import Announcement
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import records
from trygghetsvandring.storage.public_tables import announcements
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.unit import Db

_MOST = 200

register(Announcement, "announcement", announcements, lambda it: {"ends_at": it.shown.ends_at})


async def coming(db: Db, municipality: str, now: datetime) -> list[tuple[Announcement, Walk]]:
    """The first to begin first."""
    c = announcements.c
    question = select(c.doc).where(c.municipality == municipality, c.ends_at > now)
    all_ = await found(db, Announcement, question.order_by(c.ends_at, c.id).limit(_MOST))
    walks = await records.load(db, municipality, Walk, [it.id for it in all_])
    pairs = [(it, walks[it.id]) for it in all_ if it.id in walks]
    return sorted(pairs, key=lambda pair: (pair[0].shown.starts_at, str(pair[0].id)))
