"""Those who asked for it get a word when there is an answer about what they saw."""

from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain import pushes as rules
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device
from trygghetsvandring.domain.pushes import Wish
from trygghetsvandring.integrations import web_push
from trygghetsvandring.integrations.mail import NotDelivered
from trygghetsvandring.integrations.outside import NoAnswer, NotReached
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage import municipalities, pushes, queue, records
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.changes import of_device

KIND: Final = "push.wake"
_GONE: Final = frozenset({404, 410})
_AGAIN: Final = frozenset({408, 429})


class Wake(msgspec.Struct, kw_only=True):
    device: UUID


async def look(context: Context) -> int:
    """For whom there is news. Asked again and again; the row says how far it was looked, so nobody is told twice."""
    now = context.clock()
    async with context.store.read() as db:
        places = await municipalities.all_ids(db)
    told = 0
    for place in places:
        async with context.store.read() as db:
            head = await feed.head(db, place)
            wishes = [it for it in await pushes.every(db, place) if it.seen < head and rules.may_be_told(it, now)]
            news = {it.device: await _has_news(db, it, head) for it in wishes}
        for wish in wishes:
            told += await _note(context, wish, head, now, is_news=news[wish.device])
    async with context.store.write() as db:
        await pushes.forget_older(db, now - rules.KEPT_FOR)
    return told


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
    """A phone that was shut meanwhile, or whose browser wants no more, is not called again."""
    device, place, now = msgspec.json.decode(job.body, type=Wake).device, job.municipality, context.clock()
    async with context.store.read() as db:
        here = await municipalities.municipality(db, place)
        wish, phone = await pushes.one(db, place, device), await records.one(db, place, Device, device)
    if here is None or wish is None:
        return
    if phone is None or phone.revoked_at is not None:
        await _forget(context, place, device)
        return
    try:
        answered = await web_push.wake(
            context.hands.key, wish.endpoint, context.public_url, now, own_networks=here.own_networks
        )
    except (NotReached, NoAnswer) as failed:
        raise NotDelivered(str(failed)) from None
    if answered.status in _GONE:
        await _forget(context, place, device)
    elif answered.status in _AGAIN or answered.status >= 500:
        raise NotDelivered(f"http_{answered.status}")


async def _forget(context: Context, place: str, device: UUID) -> None:
    async with context.store.write() as db:
        await pushes.forget(db, place, [device])
