"""Those who asked for it get a word: who walked, when there is an answer; who works, when `push_lines` has one."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain import devices
from trygghetsvandring.domain import pushes as rules
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device
from trygghetsvandring.domain.pushes import Wish
from trygghetsvandring.integrations import web_push
from trygghetsvandring.integrations.mail import NotDelivered
from trygghetsvandring.integrations.outside import NoAnswer, NotReached
from trygghetsvandring.integrations.push_seal import seal
from trygghetsvandring.integrations.push_words import words
from trygghetsvandring.integrations.web_push import Message
from trygghetsvandring.jobs import push_lines
from trygghetsvandring.jobs.push_lines import KIND, Said, Wake
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import municipalities, people, pushes, queue, records
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.changes import of_device

_GONE: Final = frozenset({404, 410})
_AGAIN: Final = frozenset({408, 429})


async def look(context: Context) -> int:
    """For whom there is news. Asked again and again; the row says how far it was looked, so nobody is told twice."""
    now = context.clock()
    async with context.store.read() as db:
        places = await municipalities.all_ids(db)
    told = 0
    for place in places:
        async with context.store.read() as db:
            head = await feed.head(db, place)
            wishes = [it for it in await pushes.of_walkers(db, place) if it.seen < head and rules.may_be_told(it, now)]
            news = {it.device: await _has_news(db, it, head) for it in wishes}
        for wish in wishes:
            told += await _note(context, wish, head, now, is_news=news[wish.device])
    async with context.store.write() as db:
        await pushes.forget_older(db, now - rules.KEPT_FOR, now - rules.STAFF_KEPT_FOR, now - rules.LINES_KEPT_FOR)
    return told + await push_lines.look(context)


async def _has_news(db: Db, wish: Wish, head: int) -> bool:
    states = await pushes.replies_after(db, wish.municipality, of_device(wish.device), wish.seen, head)
    return any(rules.is_news(state) for state in states)


async def _note(context: Context, wish: Wish, head: int, now: datetime, *, is_news: bool) -> int:
    async with context.store.write() as db:
        mine = await pushes.looked(db, wish, head, now if is_news else wish.told_at)
        if not (mine and is_news):
            return 0
        body = msgspec.json.encode(Wake(device=wish.device)).decode()
        await queue.plan(db, wish.municipality, uuid7(), KIND, body, now)
    return 1


@handles(KIND, Lane.OUTSIDE)
async def wake(context: Context, job: Waiting) -> None:
    """One that was shut meanwhile, or whose browser wants no more, is not called again."""
    asked, place, now = msgspec.json.decode(job.body, type=Wake), job.municipality, context.clock()
    async with context.store.read() as db:
        here, wish = await municipalities.municipality(db, place), await pushes.one(db, place, asked.device)
        is_shut = wish is not None and await _is_shut(db, wish, now)
    if here is None or wish is None or (asked.said is None) != (wish.user_id is None):
        return
    if is_shut:
        await _forget(context, place, wish.device)
        return
    message = None if asked.said is None else _message(wish, asked.said)
    try:
        answered = await web_push.wake(
            context.hands.key,
            wish.endpoint,
            context.public_url,
            now,
            own_networks=here.own_networks,
            message=message,
        )
    except (NotReached, NoAnswer) as failed:
        await _tried(context, wish, str(failed))
        raise NotDelivered(str(failed)) from None
    if answered.status in _GONE:
        await _forget(context, place, wish.device)
        return
    why = "" if answered.status < 300 else f"http_{answered.status}"
    await _tried(context, wish, why)
    if answered.status in _AGAIN or answered.status >= 500:
        raise NotDelivered(why)


def _message(wish: Wish, said: Said) -> Message:
    text = msgspec.json.encode(words(said.concern, said.count, said.about))
    sealed = seal(text, wish.browser_key, wish.browser_secret)
    return Message(sealed, topic=said.concern.value, urgent=said.urgent)


async def _is_shut(db: Db, wish: Wish, now: datetime) -> bool:
    """A phone that walked is one we know; a desk's browser is its person's, a phone with the log both."""
    phone = await records.one(db, wish.municipality, Device, wish.device)
    if wish.user_id is None:
        return phone is None or phone.revoked_at is not None
    user = await people.user(db, wish.municipality, wish.user_id)
    if user is None or user.disabled_at is not None or user.role not in rules.STAFF:
        return True
    return phone is not None and devices.shut(phone, now, user_is_gone=False) != ""


async def _tried(context: Context, wish: Wish, failed: str) -> None:
    async with context.store.write() as db:
        await pushes.tried(db, wish, context.clock(), failed[:60])


async def _forget(context: Context, place: str, device: UUID) -> None:
    async with context.store.write() as db:
        await pushes.forget(db, place, [device])
