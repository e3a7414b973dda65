"""Mail that comes in: fetched now and then, kept, made a matter for a person at the desk, and answered with a receipt.

A message is kept first, becomes a matter through the one door then, and is marked read last. Cut off anywhere between,
it is fetched again, and what it is follows from its own id and words: it never becomes two. What a machine wrote is
never an answer and never answered; what a mail server gives back is noted with its letter.
"""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid5

import msgspec
import structlog

from trygghetsvandring.domain import answer_links
from trygghetsvandring.domain import incoming_mail as rules
from trygghetsvandring.domain.answer_links import AnswerLink, Standing
from trygghetsvandring.domain.incoming_mail import IncomingMail, MailKind, Why
from trygghetsvandring.domain.mail_text import own_words
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.tasks import Task, day_of
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.integrations.incoming import Bounce, Came, read, unreadable
from trygghetsvandring.integrations.incoming_letters import Received, received_subject, received_text, why_bounced
from trygghetsvandring.integrations.mail import Letter, NotDelivered
from trygghetsvandring.integrations.mailbox import Mailbox, MailboxAway, MailIn, Message
from trygghetsvandring.jobs import alarms
from trygghetsvandring.jobs.handover import address, thread_of
from trygghetsvandring.jobs.sending import answered_at, send_once
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import incoming_mail as stored
from trygghetsvandring.storage import letters, municipalities, people, queue, records
from trygghetsvandring.storage.incoming_mail import Answered, Words
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.ops.incoming_mail import FORGET_KIND

log = structlog.get_logger()
MAIL: Final = "mail.received"
DAILY: Final = "daily.incoming_mail"
KINDS: Final = frozenset({MAIL, DAILY, FORGET_KIND})
_MOST_AT_A_TIME: Final = 200
_LONELY: Final = timedelta(hours=1)  # an address is kept a moment before the matter it belongs to


class NotTaken(Exception):
    """The one door said no: the message stays unread."""


class Answering(msgspec.Struct, kw_only=True):
    """Ids only. `letter`: that it answered, and to whose reader the receipt goes."""

    mail: UUID
    letter: UUID


class Forget(msgspec.Struct, kw_only=True):
    mail: UUID


# ---------------------------------------------------------------- fetching


async def look(context: Context) -> int:
    """Looks through every mailbox once. Returns how many messages were taken in."""
    taken = 0
    for place, mail_in in context.mail_in.items():
        reason = ""
        try:
            taken += await _look_through(context, place, mail_in)
        except MailboxAway as away:
            reason = str(away)
            log.warning("mailbox_away", municipality=place, reason=reason)
        async with context.store.write() as db:
            await stored.note_mailbox(db, place, reason, context.clock())
    return taken


async def _look_through(context: Context, place: str, mail_in: MailIn) -> int:
    mailbox = await asyncio.to_thread(mail_in.opened)
    try:
        unread = await asyncio.to_thread(mailbox.unread)
        return sum([await _one(context, place, mail_in, mailbox, id) for id in unread[:_MOST_AT_A_TIME]])
    finally:
        await asyncio.to_thread(mailbox.close)


async def _one(context: Context, place: str, mail_in: MailIn, mailbox: Mailbox, id: str) -> bool:
    """One that cannot be kept now stops none of those behind it, and is unread the next time."""
    message = await asyncio.to_thread(mailbox.fetch, id)
    if message is None:
        return False
    try:
        await take(context, place, mail_in, message)
    except Exception as failed:  # noqa: BLE001
        log.warning("mail_not_taken", municipality=place, error=type(failed).__name__)
        return False
    await asyncio.to_thread(mailbox.mark_read, id)
    return True


# ---------------------------------------------------------------- taking in


async def take(context: Context, place: str, mail_in: MailIn, message: Message) -> None:
    """Done when everything about it is committed. Done again it changes nothing."""
    try:
        came = read(message.raw)
    except Exception as failed:  # noqa: BLE001  # whatever somebody has made: a person sees that it came
        log.warning("mail_unreadable", error=type(failed).__name__)
        came = unreadable(message.raw)
    async with context.store.read() as db:
        about = [it for token in mail_in.tokens(came.to) for it in await stored.by_token(db, place, digest(token))]
        tasks = await records.load(db, place, Task, {it.task for it in about})
        links = await records.load(db, place, AnswerLink, {it.link for it in about if it.link})
        users = {user.id: user for user in await people.listed(db, place)}
        here = await municipalities.municipality(db, place)
    if here is None:
        raise NotTaken("no such municipality")
    if came.bounce is not None and await _given_back(context, place, came.bounce, about):
        return
    if came.is_automatic or not about:
        await _keep(context, place, came, message, MailKind.AUTOMATIC if came.is_automatic else MailKind.STRAY)
        return
    for it in about:
        reader = _reader(here, it, links, users)
        why = _why_not(context, it, tasks.get(it.task), links, users)
        await _keep(
            context,
            place,
            came,
            message,
            MailKind.STRAY if why else MailKind.ANSWER,
            task=None if why else it.task,
            beside=it.task,
            why=why,
            who=reader.who,
            same_sender=came.sender.lower() == reader.address.lower(),
        )
    if came.may_be_answered and all(
        came.sender.lower() == _reader(here, it, links, users).address.lower() for it in about
    ):
        await _plan_receipt(context, place, came, about)


class _Reader(msgspec.Struct, frozen=True):
    """Whom our letter went to."""

    who: str
    address: str


def _reader(here: Municipality, it: Answered, links: Mapping[UUID, AnswerLink], users: Mapping[UUID, User]) -> _Reader:
    link, user = links.get(it.link) if it.link else None, users.get(it.user) if it.user else None
    if link is not None:
        party = here.organisation(link.party)
        return _Reader(link.recipient or (party.name if party else ""), link.to)
    return _Reader(user.function, user.login) if user is not None else _Reader("", "")


def _why_not(
    context: Context,
    it: Answered,
    task: Task | None,
    links: Mapping[UUID, AnswerLink],
    users: Mapping[UUID, User],
) -> Why | None:
    """Why it does not come to the task. A link that is old, or whose task is closed, was still sent to somebody."""
    if task is None:
        return Why.GONE
    if it.link is not None:
        link = links.get(it.link)
        standing = answer_links.standing(link, task, context.clock()) if link else Standing.REVOKED
        return {Standing.REVOKED: Why.REVOKED, Standing.MOVED: Why.MOVED}.get(standing)
    user = users.get(it.user) if it.user else None
    if user is None or user.disabled_at is not None:
        return Why.REVOKED
    return None if user.role == Role.COORDINATOR or user.organisation == task.department else Why.MOVED


async def _keep(
    context: Context,
    place: str,
    came: Came,
    message: Message,
    kind: MailKind,
    *,
    task: UUID | None = None,
    beside: UUID | None = None,
    why: Why | None = Why.NO_LETTER,
    who: str = "",
    same_sender: bool = False,
) -> None:
    """`beside`: what it was written to, also when it does not come there: of one mail about three tasks each is one."""
    id = rules.mail_id(place, came.message_id, came.digest, beside)
    original = came.text[: rules.LONGEST_ORIGINAL]
    text, _ = own_words(original)
    words = Words(
        subject=came.subject[: rules.LONGEST_SUBJECT],
        text=text[: rules.LONGEST_TEXT],
        original=original,
    )
    now = context.clock()
    async with context.store.write() as db:
        await stored.keep(db, place, id, task, words, came.sender, now)
    body = {
        "kind": kind,
        "task": task,
        "why": why if kind is MailKind.STRAY else None,
        "who": who,
        "same_sender": same_sender,
        "attachments": came.attachments,
        "is_long": not message.is_whole or len(text) > rules.LONGEST_TEXT,
    }
    outcome = await context.engine.act(place, "incoming_mail.take", id, body, now)
    if outcome.outcome != "applied":
        raise NotTaken(outcome.code or outcome.outcome)


# ---------------------------------------------------------------- given back


async def _given_back(context: Context, place: str, bounce: Bounce, about: Sequence[Answered]) -> bool:
    """True when it was about a letter of ours: that did not arrive, and its sender's people are told once."""
    ids = [str(it.letter) for it in about] + [id.strip("<>").partition("@")[0] for id in bounce.letters]
    if not bounce.failed:
        return False
    known = False
    for id in dict.fromkeys(ids):
        async with context.store.write() as db:
            fate = (await letters.fates(db, place, [id])).get(id)
            if fate is None or fate.sent_at is None:
                continue
            known = True
            reason = why_bounced(bounce.status)
            if await letters.bounced(db, place, id, reason, context.clock()):
                await _alarm(db, place, id, reason, context)
    return known


async def _alarm(db: Db, place: str, letter: str, reason: str, context: Context) -> None:
    id = letters.job_of(letter)
    job = await queue.named(db, place, id) if id else None
    if job is None or job.kind in alarms.TO_STRANGERS or job.kind == alarms.KIND:
        return
    alarm = alarms.Alarm(
        kind=job.kind, job=job.id, about=job.body, reason=f"{NotDelivered.__name__}: {reason}", gave_up=True
    )
    body = msgspec.json.encode(alarm).decode()
    await queue.plan(db, place, uuid5(job.id, f"bounced {letter}"), alarms.KIND, body, context.clock())


# ---------------------------------------------------------------- the receipt


async def _plan_receipt(context: Context, place: str, came: Came, about: Sequence[Answered]) -> None:
    """At most one a day for each letter of ours, however often it is answered."""
    now, first = context.clock(), about[0]
    mail = rules.mail_id(place, came.message_id, came.digest, first.task)
    body = msgspec.json.encode(Answering(mail=mail, letter=first.letter)).decode()
    async with context.store.write() as db:
        await queue.plan(db, place, uuid5(first.letter, f"received {day_of(now)}"), MAIL, body, now)


@handles(MAIL, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    """To the address that our own letter went to: whatever a mail says of its sender, nobody else gets one."""
    body, place = msgspec.json.decode(job.body, type=Answering), job.municipality
    async with context.store.read() as db:
        here = await municipalities.municipality(db, place)
        it = await records.one(db, place, IncomingMail, body.mail)
        task = await records.one(db, place, Task, it.task) if it and it.task else None
        about = await stored.of_letters(db, place, [body.letter])
        links = await records.load(db, place, AnswerLink, {each.link for each in about if each.link})
        users = {user.id: user for user in await people.listed(db, place)}
    if here is None or it is None or task is None or not about:
        return
    link = links.get(about[0].link) if about[0].link else None
    is_open = link is not None and answer_links.standing(link, task, context.clock()) is Standing.OPEN
    received = Received(
        municipality=here.name,
        number=it.number,
        title=task.title,
        task=task.number,
        attachments=it.attachments,
        link=address(context, link.id) if link and is_open else "",
    )
    answered = await answered_at(context, place, body.letter, about)
    letter = Letter(
        id=str(job.id),
        to=_reader(here, about[0], links, users).address,
        subject=received_subject(received),
        text=received_text(received),
        thread=(thread_of(task.id), str(body.letter)),
        reply_to=answered,
    )
    await send_once(context, place, letter, about=task.id)


# ---------------------------------------------------------------- addresses that go


@handles(FORGET_KIND, Lane.ERASURES)
async def forget(context: Context, job: Waiting) -> None:
    id = msgspec.json.decode(job.body, type=Forget).mail
    async with context.store.write() as db:
        await stored.forget_sender(db, job.municipality, id)


@handles(DAILY, Lane.DAILY)
async def look_through(context: Context, job: Waiting) -> None:
    now = context.clock()
    async with context.store.write() as db:
        await stored.forget_senders(
            db, job.municipality, kept_before=now - rules.KEEP_SENDER, lonely_before=now - _LONELY
        )
