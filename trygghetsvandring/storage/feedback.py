"""Feedback, and beside it the addresses of those who may be asked about it. No log ever holds an address."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, delete, func, or_, select

from trygghetsvandring.domain.feedback import Feedback, FeedbackState
from trygghetsvandring.storage.public_tables import feedback, feedback_contacts
from trygghetsvandring.storage.records import found, insert_into, register
from trygghetsvandring.storage.unit import Db

register(Feedback, "feedback", feedback, lambda it: {"state": it.state.value, "received_at": it.received_at})


async def listed(db: Db, municipality: str, state: FeedbackState, *, skip: int, limit: int) -> list[Feedback]:
    """Latest first."""
    c = feedback.c
    question = select(c.doc).where(c.municipality == municipality, c.state == state.value)
    return await found(db, Feedback, question.order_by(c.received_at.desc(), c.id).offset(skip).limit(limit))


async def counts(db: Db, municipality: str) -> dict[str, int]:
    """By state; none is nought."""
    c = feedback.c
    rows = await db.execute(select(c.state, func.count()).where(c.municipality == municipality).group_by(c.state))
    known = {state: int(count) for state, count in rows}
    return {state.value: known.get(state.value, 0) for state in FeedbackState}


async def contacts(db: Db, municipality: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    c = feedback_contacts.c
    asked = select(c.feedback, c.address).where(c.municipality == municipality, c.feedback.in_(list(ids)))
    return {row.feedback: row.address for row in await db.execute(asked)}


async def keep_contact(db: Db, municipality: str, id: UUID, address: str, now: datetime) -> None:
    """A second time changes nothing."""
    row = {"municipality": municipality, "feedback": id, "address": address, "given_at": now}
    await db.execute(insert_into(db, feedback_contacts).values(row).on_conflict_do_nothing())


async def forget_contact(db: Db, municipality: str, id: UUID) -> None:
    await overwrite(db)
    c = feedback_contacts.c
    await db.execute(delete(feedback_contacts).where(c.municipality == municipality, c.feedback == id))


async def forget_contacts(db: Db, municipality: str, *, given_before: datetime, lonely_before: datetime) -> None:
    """Those whose time is over, and older than `lonely_before` those whose feedback is closed or never came."""
    await overwrite(db)
    c, f = feedback_contacts.c, feedback.c
    is_open = select(f.id).where(
        f.municipality == municipality, f.id == c.feedback, f.state == FeedbackState.OPEN.value
    )
    is_over = or_(c.given_at < given_before, and_(c.given_at < lonely_before, ~is_open.exists()))
    await db.execute(delete(feedback_contacts).where(c.municipality == municipality, is_over))


async def overwrite(db: Db) -> None:
    if db.dialect.name == "sqlite":
        await db.exec_driver_sql("PRAGMA secure_delete=ON")  # what is deleted is overwritten in the file
