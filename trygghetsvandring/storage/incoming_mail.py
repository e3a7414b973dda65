"""Incoming mail, beside it the words and the sender of each, and by which token a letter of ours is answered."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, true

from trygghetsvandring.domain.incoming_mail import IncomingMail, MailKind, MailState
from trygghetsvandring.storage.feedback import overwrite
from trygghetsvandring.storage.mail_tables import (
    incoming_mail,
    incoming_senders,
    incoming_words,
    mailboxes,
    reply_addresses,
)
from trygghetsvandring.storage.records import found, insert_into, register
from trygghetsvandring.storage.tables import tasks
from trygghetsvandring.storage.unit import Db

register(
    IncomingMail,
    "incoming_mail",
    incoming_mail,
    lambda it: {"about": it.task, "state": it.state.value, "kind": it.kind.value, "received_at": it.received_at},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`text`: the sender's own; `original`: the whole plain text as it came, cut at `LONGEST_ORIGINAL`."""

    subject: str
    text: str
    original: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What a token leads to: a letter of ours about this task, to whoever holds the link or is the user."""

    letter: UUID
    task: UUID
    link: UUID | None
    user: UUID | None


# ---------------------------------------------------------------- the matters


async def page(
    db: Db, municipality: str, *, unit: str | None, unread: bool, skip: int, limit: int
) -> list[IncomingMail]:
    """Latest first. `unit`: those about its own tasks only; None = all."""
    c = incoming_mail.c
    asked = select(c.doc).where(c.municipality == municipality, _of_unit(municipality, unit), _is(unread))
    return await found(db, IncomingMail, asked.order_by(c.received_at.desc(), c.id).offset(skip).limit(limit))


async def counts(db: Db, municipality: str, *, unit: str | None) -> dict[str, int]:
    c = incoming_mail.c
    asked = select(c.state, func.count()).where(c.municipality == municipality, _of_unit(municipality, unit))
    known = {state: int(count) for state, count in await db.execute(asked.group_by(c.state))}
    unread = known.pop(MailState.UNREAD.value, 0)
    return {"unread": unread, "settled": sum(known.values())}


async def of_task(db: Db, municipality: str, task: UUID) -> list[IncomingMail]:
    """What people wrote about it, latest first."""
    c = incoming_mail.c
    asked = select(c.doc).where(c.municipality == municipality, c.about == task, c.kind == MailKind.ANSWER.value)
    return await found(db, IncomingMail, asked.order_by(c.received_at.desc(), c.id).limit(100))


def _is(unread: bool) -> ColumnElement[bool]:
    c = incoming_mail.c
    return c.state == MailState.UNREAD.value if unread else c.state != MailState.UNREAD.value


def _of_unit(municipality: str, unit: str | None) -> ColumnElement[bool]:
    if unit is None:
        return true()
    t = tasks.c
    return incoming_mail.c.about.in_(select(t.id).where(t.municipality == municipality, t.department == unit))


# ---------------------------------------------------------------- what was written, and by whom


async def keep(
    db: Db, municipality: str, mail: UUID, task: UUID | None, words: Words, sender: str, now: datetime
) -> None:
    """A second time changes nothing."""
    key = {"municipality": municipality, "mail": mail, "task": task, "kept_at": now}
    said = key | {"subject": words.subject, "text": words.text, "original": words.original}
    await db.execute(insert_into(db, incoming_words).values(said).on_conflict_do_nothing())
    if sender:
        await db.execute(insert_into(db, incoming_senders).values(key | {"address": sender}).on_conflict_do_nothing())


async def words_of(db: Db, municipality: str, mails: Iterable[UUID]) -> dict[UUID, Words]:
    c = incoming_words.c
    asked = select(c.mail, c.subject, c.text, c.original).where(c.municipality == municipality, c.mail.in_(list(mails)))
    return {
        row.mail: Words(subject=row.subject, text=row.text, original=row.original) for row in await db.execute(asked)
    }


async def senders_of(db: Db, municipality: str, mails: Iterable[UUID]) -> dict[UUID, str]:
    c = incoming_senders.c
    asked = select(c.mail, c.address).where(c.municipality == municipality, c.mail.in_(list(mails)))
    return {row.mail: row.address for row in await db.execute(asked)}


async def forget_sender(db: Db, municipality: str, mail: UUID) -> None:
    await overwrite(db)
    c = incoming_senders.c
    await db.execute(delete(incoming_senders).where(c.municipality == municipality, c.mail == mail))


async def forget_senders(db: Db, municipality: str, *, kept_before: datetime, lonely_before: datetime) -> None:
    """Those whose time is over, and older than `lonely_before` those whose mail is settled or never became a matter."""
    await overwrite(db)
    c, m = incoming_senders.c, incoming_mail.c
    is_open = select(m.id).where(m.municipality == municipality, m.id == c.mail, m.state == MailState.UNREAD.value)
    is_over = or_(c.kept_at < kept_before, and_(c.kept_at < lonely_before, ~is_open.exists()))
    await db.execute(delete(incoming_senders).where(c.municipality == municipality, is_over))


async def erase(db: Db, municipality: str, ids: Collection[UUID]) -> None:
    """What these mails said and who sent them, and the same of every mail and letter about these tasks."""
    for table in (incoming_words, incoming_senders):
        c = table.c
        await db.execute(delete(table).where(c.municipality == municipality, or_(c.mail.in_(ids), c.task.in_(ids))))
    c = reply_addresses.c
    await db.execute(delete(reply_addresses).where(c.municipality == municipality, c.task.in_(ids)))


# ---------------------------------------------------------------- how a letter is answered


async def answerable(
    db: Db, municipality: str, letter: UUID, token_hash: str, about: Iterable[Answered], now: datetime
) -> None:
    """A second time changes nothing."""
    for it in about:
        row = {"municipality": municipality, "letter": letter, "task": it.task, "token_hash": token_hash}
        row |= {"link": it.link, "user": it.user, "made_at": now}
        await db.execute(insert_into(db, reply_addresses).values(row).on_conflict_do_nothing())


async def by_token(db: Db, municipality: str, token_hash: str) -> list[Answered]:
    c = reply_addresses.c
    return await _answered(db, c.municipality == municipality, c.token_hash == token_hash)


async def of_letters(db: Db, municipality: str, letters: Collection[UUID]) -> list[Answered]:
    c = reply_addresses.c
    return await _answered(db, c.municipality == municipality, c.letter.in_(letters))


async def _answered(db: Db, *where: ColumnElement[bool]) -> list[Answered]:
    c = reply_addresses.c
    rows = await db.execute(select(c.letter, c.task, c.link, c.user).where(*where).order_by(c.task))
    return [Answered(**row._mapping) for row in rows]


# ---------------------------------------------------------------- the mailbox itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """How it has been since `looked_at`; `reason` "" = it can be read."""

    looked_at: datetime
    reason: str


async def mailbox(db: Db, municipality: str) -> Seen | None:
    c = mailboxes.c
    row = (await db.execute(select(c.looked_at, c.reason).where(c.municipality == municipality))).first()
    return None if row is None else Seen(**row._mapping)


async def note_mailbox(db: Db, municipality: str, reason: str, now: datetime) -> None:
    """Since when it is as it is: the same again changes nothing."""
    row = {"municipality": municipality, "looked_at": now, "reason": reason}
    statement = insert_into(db, mailboxes).values(row)
    changed = {"looked_at": now, "reason": reason}
    await db.execute(
        statement.on_conflict_do_update(
            index_elements=["municipality"], set_=changed, where=mailboxes.c.reason != reason
        )
    )
