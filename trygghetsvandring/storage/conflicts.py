"""Conflicts: what waits for a person, held ones first, each kind of asker behind its own wall."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from trygghetsvandring.domain.conflicts import Conflict
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.tables import conflicts
from trygghetsvandring.storage.unit import Db

register(
    Conflict,
    "conflict",
    conflicts,
    lambda it: {
        "about": it.about,
        "organisation": it.organisation,
        "is_open": it.is_open,
        "held": it.held,
        "received_at": it.received_at,
    },
)


def _behind(municipality: str, organisation: str | None) -> ColumnElement[Any]:
    c = conflicts.c
    wall = c.organisation.is_(None) if organisation is None else c.organisation == organisation
    return and_(c.municipality == municipality, wall)


async def waiting(db: Db, municipality: str, organisation: str | None, limit: int) -> list[Conflict]:
    """The open ones: those that hold something up first, then the newest first."""
    c = conflicts.c
    return await found(
        db,
        Conflict,
        select(c.doc)
        .where(_behind(municipality, organisation), c.is_open)
        .order_by(c.held.desc(), c.received_at.desc(), c.id.desc())
        .limit(limit),
    )


async def count_waiting(db: Db, municipality: str, organisation: str | None) -> int:
    question = select(func.count()).where(_behind(municipality, organisation), conflicts.c.is_open)
    return int((await db.execute(question)).scalar_one())


async def about(db: Db, municipality: str, organisation: str | None, id: UUID) -> list[Conflict]:
    """All there ever was about one thing, newest first."""
    c = conflicts.c
    return await found(
        db,
        Conflict,
        select(c.doc)
        .where(_behind(municipality, organisation), c.about == id)
        .order_by(c.received_at.desc(), c.id.desc()),
    )
