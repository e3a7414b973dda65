"""Saved filters: one's own and the unit's."""

from uuid import UUID

from sqlalchemy import or_, select

from trygghetsvandring.domain.saved_filters import MOST, SavedFilter
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.tables import saved_filters
from trygghetsvandring.storage.unit import Db

register(
    SavedFilter,
    "saved_filter",
    saved_filters,
    lambda it: {"user_id": it.user, "organisation": it.organisation},
    kept=False,
)


async def of(db: Db, municipality: str, user: UUID, organisation: str | None) -> list[SavedFilter]:
    """Those this person sees, by name."""
    c = saved_filters.c
    theirs = c.user_id == user
    if organisation is not None:
        theirs = or_(theirs, c.organisation == organisation)
    question = select(c.doc).where(c.municipality == municipality, theirs).order_by(c.updated_at.desc(), c.id)
    shown = [it for it in await found(db, SavedFilter, question.limit(10 * MOST)) if not it.gone]
    return sorted(shown, key=lambda it: (it.name.lower(), it.id))[:MOST]
