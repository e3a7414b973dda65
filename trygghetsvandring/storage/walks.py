"""Walks, invites, feelings and checklist answers."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from trygghetsvandring.domain.checklists import Answer
from trygghetsvandring.domain.stops import FeelingAnswer
from trygghetsvandring.domain.walks import JOIN_AFTER_END, LONGEST, Invite, Walk, WalkState
from trygghetsvandring.storage.records import decode, found, register
from trygghetsvandring.storage.tables import answers, feelings, invites, walks
from trygghetsvandring.storage.unit import Db

register(Walk, "walk", walks, lambda w: {"starts_at": w.starts_at, "state": w.state})
register(
    Invite,
    "invite",
    invites,
    lambda i: {"walk": i.walk, "code_hash": i.code_hash, "secret_hash": i.secret_hash, "closed": i.closed},
)
register(FeelingAnswer, "feeling", feelings, lambda f: {"walk": f.walk, "device": f.device})
register(Answer, "answer", answers, lambda a: {"walk": a.walk, "device": a.device})


async def latest_first(db: Db, municipality: str) -> list[Walk]:
    question = select(walks.c.doc).where(walks.c.municipality == municipality).order_by(walks.c.starts_at.desc())
    return await found(db, Walk, question.limit(200))


async def revisiting(db: Db, municipality: str, ids: Iterable[UUID]) -> list[Walk]:
    """Re-walks that go to one of these tasks, or carry one of these photos."""
    found_: dict[UUID, Walk] = {}
    for id in ids:
        question = select(walks.c.doc).where(walks.c.municipality == municipality, walks.c.doc.contains(str(id)))
        found_ |= {walk.id: walk for walk in await found(db, Walk, question)}
    return list(found_.values())


async def not_ended(db: Db, municipality: str) -> list[Walk]:
    """Newest first."""
    question = select(walks.c.doc).where(walks.c.municipality == municipality, walks.c.state != WalkState.ENDED)
    return await found(db, Walk, question.order_by(walks.c.starts_at.desc()).limit(200))


async def joinable(db: Db, now: datetime) -> int:
    """How many walks somebody could join now, in the whole installation; last night's may be among them."""
    question = (
        select(func.count(walks.c.id.distinct()))
        .join(invites, (invites.c.municipality == walks.c.municipality) & (invites.c.walk == walks.c.id))
        .where(invites.c.closed.is_(False), walks.c.starts_at > now - LONGEST - JOIN_AFTER_END)
    )
    return int((await db.execute(question)).scalar_one())


async def invite_by_digest(db: Db, digest: str) -> tuple[str, Invite] | None:
    """The invite whose code or secret has this digest, newest first, with its municipality."""
    row = (
        await db.execute(
            select(invites.c.municipality, invites.c.doc)
            .where(or_(invites.c.code_hash == digest, invites.c.secret_hash == digest))
            .order_by(invites.c.updated_at.desc())
        )
    ).first()
    return None if row is None else (row.municipality, decode(Invite, row.doc))


async def open_invites(db: Db, municipality: str, walk: UUID) -> list[Invite]:
    question = select(invites.c.doc).where(
        invites.c.municipality == municipality, invites.c.walk == walk, invites.c.closed.is_(False)
    )
    return await found(db, Invite, question.order_by(invites.c.updated_at.desc()))


async def feelings_on(db: Db, municipality: str, walk: UUID) -> list[FeelingAnswer]:
    question = select(feelings.c.doc).where(feelings.c.municipality == municipality, feelings.c.walk == walk)
    return await found(db, FeelingAnswer, question)


async def answers_on(db: Db, municipality: str, walk: UUID) -> list[Answer]:
    question = select(answers.c.doc).where(answers.c.municipality == municipality, answers.c.walk == walk)
    return await found(db, Answer, question)
