"""Those who walked and gave an address hear how it goes: one letter for the walk, when something has happened."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import digests as rules
from trygghetsvandring.domain.digests import Subscription
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.integrations.digest_letters import (
    Digest,
    confirm_subject,
    confirm_text,
    digest_subject,
    digest_text,
)
from trygghetsvandring.integrations.mail import Letter
from trygghetsvandring.jobs.sending import send_once
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import digests, municipalities, queue, records
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import telling
from trygghetsvandring.sync.subscribing import CONFIRM_KIND

DAILY: Final = "daily.digests"
MAIL: Final = "mail.digest"
KINDS: Final = frozenset({DAILY, MAIL, CONFIRM_KIND})


class Confirm(msgspec.Struct, kw_only=True):
    subscription: UUID


class Send(msgspec.Struct, kw_only=True):
    """`said`: what the digest before this one had said."""

    subscription: UUID
    said: dict[str, str]


def page(context: Context, subscription: UUID) -> str:
    return f"{context.public_url}/brev/{rules.secret(context.engine.key, subscription)}"


def stop(context: Context, subscription: UUID) -> str:
    return f"{context.public_url}/brev/sluta/{rules.secret(context.engine.key, subscription)}"


def one_click(link: str) -> dict[str, str]:
    """RFC 8058: the mail program's own button; a POST, so that no scanner presses it."""
    return {"List-Unsubscribe": f"<{link}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


@handles(CONFIRM_KIND, Lane.LETTERS)
async def ask(context: Context, job: Waiting) -> None:
    id = msgspec.json.decode(job.body, type=Confirm).subscription
    async with context.store.read() as db:
        here, mine, walk = await _about(db, job.municipality, id)
    if here is None or mine is None or walk is None or mine.confirmed_at is not None or not mine.holds(walk):
        return
    text = confirm_text(here.name, walk.name, page(context, id))
    await send_once(
        context, here.id, Letter(id=str(job.id), to=mine.address, subject=confirm_subject(walk.name), text=text)
    )


@handles(DAILY, Lane.DAILY)
async def look_through(context: Context, job: Waiting) -> None:
    now = context.clock()
    async with context.store.write() as db:
        here = await municipalities.municipality(db, job.municipality)
        if here is None:
            return
        await digests.forget_unconfirmed(db, here.id, now - rules.CONFIRM_WITHIN)
        walks = await records.load(db, here.id, Walk, await digests.walks(db, here.id))
        for walk in walks.values():
            await digests.forget_shut(db, here.id, walk)
            await _one_walk(db, here, walk, job, now)


async def _one_walk(db: Db, here: Municipality, walk: Walk, job: Waiting, now: datetime) -> None:
    replies = [reply for _, reply in await telling.replies_of(db, here, walk) if reply is not None]
    said, sent_at = await digests.said(db, here.id, walk.id)
    outcomes = rules.outcomes(replies)
    rests = sent_at is not None and now - sent_at < rules.AT_MOST_EVERY
    if now > rules.follow_up_ends(walk):
        await digests.forget_walk(db, here.id, walk.id)
    elif rests:
        return
    elif rules.has_news(said, outcomes):
        await _tell(db, here.id, walk, job, said, now)
        await digests.keep_said(db, here.id, walk.id, outcomes, now)
    elif rules.is_over(replies) and sent_at is not None:  # the last letter said so, a week ago
        await digests.forget_walk(db, here.id, walk.id)


async def _tell(db: Db, municipality: str, walk: Walk, job: Waiting, said: Mapping[str, str], now: datetime) -> None:
    for mine in await digests.confirmed(db, municipality, walk):
        body = msgspec.json.encode({"subscription": mine.id, "said": said}).decode()
        await queue.plan(db, municipality, uuid5(job.id, str(mine.id)), MAIL, body, now)


@handles(MAIL, Lane.LETTERS)
async def send(context: Context, job: Waiting) -> None:
    """To one address. Who has said stop since, or whose card is shut, is not written to."""
    body = msgspec.json.decode(job.body, type=Send)
    async with context.store.read() as db:
        here, mine, walk = await _about(db, job.municipality, body.subscription)
        if here is None or mine is None or walk is None or mine.confirmed_at is None or not mine.holds(walk):
            return
        told = await telling.replies_of(db, here, walk)
    shown = telling.shown(told, here, walk, body.said)
    it = Digest(
        municipality=here.name,
        walk=walk.name,
        items=[each.item for each in shown],
        others=sum(reply is not None and reply.task is None for _, reply in told),
        page=page(context, mine.id),
        stop=stop(context, mine.id),
        is_last=rules.is_over([reply for _, reply in told if reply is not None]),
    )
    await send_once(
        context,
        here.id,
        Letter(
            id=str(job.id),
            to=mine.address,
            subject=digest_subject(it),
            text=digest_text(it),
            headers=one_click(it.stop),
            thread=(f"vandring-{walk.id}",),
        ),
    )


async def _about(db: Db, municipality: str, id: UUID) -> tuple[Municipality | None, Subscription | None, Walk | None]:
    here = await municipalities.municipality(db, municipality)
    mine = await digests.one(db, municipality, id)
    walk = await records.one(db, municipality, Walk, mine.walk) if mine is not None else None
    return here, mine, walk
