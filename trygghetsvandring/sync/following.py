"""Addresses of those who follow the public page, beside the log as in `subscribing`, and what there is to tell."""

from datetime import datetime
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import announcements as outings
from trygghetsvandring.domain import followers as rules
from trygghetsvandring.domain.announcements import Announced
from trygghetsvandring.domain.followers import Follower, Kind, News
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import announcements, followers, promises, protocols, queue, surveys
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.engine import Engine

CONFIRM_KIND = "mail.follow"
_ALL_PROTOCOLS = 10_000  # one left out of a look would be news the day another is withdrawn


async def ask(engine: Engine, municipality: str, address: str, now: datetime, *, language: str) -> bool:
    """A letter with a link goes out, and one more if it is asked for again. Says nothing of who is here.

    False: no more are taken, whoever asks. Who fills the waiting places pushes out only what nobody has confirmed.
    """
    async with engine.store.write() as db:
        all_, waiting = await followers.counts(db, municipality)
        if all_ - waiting >= rules.MOST:
            return False
        here = await followers.of_address(db, municipality, address)
        if here is not None and (here.confirmed_at is not None or now - here.asked_at < rules.ASK_AGAIN_AFTER):
            return True
        if here is None and (all_ >= rules.MOST or waiting >= rules.MOST_WAITING):
            await followers.forget_oldest_unconfirmed(db, municipality)
        which = "first" if here is None else "again"
        if here is None:
            here = Follower(id=uuid7(), address=address, asked_at=now, confirmed_at=None, language=language)
            await followers.keep(db, municipality, here, digest(rules.secret(engine.key, here.id)))
        await followers.speak(db, municipality, here.id, language)
        body = msgspec.json.encode({"follower": here.id}).decode()
        await queue.plan(db, municipality, uuid5(here.id, which), CONFIRM_KIND, body, now)
    for tell in engine.after_commit:
        tell()
    return True


async def confirm(engine: Engine, municipality: str, id: UUID, now: datetime) -> None:
    async with engine.store.write() as db:
        await followers.confirm(db, municipality, id, now)


async def stop(engine: Engine, municipality: str, address: str) -> None:
    async with engine.store.write() as db:
        await followers.forget(db, municipality, address)


async def released(
    db: Db, municipality: str, now: datetime, *, protocols_at_most: int = _ALL_PROTOCOLS
) -> dict[str, News]:
    """Each thing that everybody reads now, by a key that stays.

    Promises, coming walks, protocols and dialogues.
    """
    found = await _walks(db, municipality, now)
    for it in await promises.all_of(db, municipality):
        if it.shown is not None:
            found[f"promise {it.id}"] = News(str(it.changed_at), Kind.PROMISE, it.shown.heading or it.shown.text)
    for edition in await protocols.all_published(db, municipality, protocols_at_most):
        found[f"protocol {edition.walk}"] = News(str(edition.id), Kind.PROTOCOL, edition.minutes.name)
    for asked in await surveys.all_of(db, municipality):
        if asked.shown is not None:
            found[f"dialogue {asked.id}"] = News(str(asked.changed_at), Kind.DIALOGUE, asked.shown.title)
    return found


async def _walks(db: Db, municipality: str, now: datetime) -> dict[str, News]:
    found: dict[str, News] = {}
    for one, walk in await announcements.coming(db, municipality, now):
        standing = outings.standing(one, walk, now)
        if standing is Announced.SHOWN:
            found[f"walk {one.id}"] = News(str(one.changed_at), Kind.WALK, one.shown.name)
        elif standing is Announced.CALLED_OFF and one.shown.starts_at > now:
            stamp, kind = (rules.OFF, Kind.OFF) if outings.is_off(one, walk) else (rules.CHANGED, Kind.CHANGED)
            found[f"walk {one.id}"] = News(stamp, kind, one.shown.name, day_of(one.shown.starts_at))
    return found
