"""Addresses of those who want to hear by mail: beside the log, since what is logged is never removed.

The one exception from the one door, and therefore small: an address is kept, confirmed and forgotten here.
"""

from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import digests as rules
from trygghetsvandring.domain.digests import Subscription
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.walks import Walk, digest
from trygghetsvandring.storage import digests, queue
from trygghetsvandring.sync.engine import Engine

CONFIRM_KIND = "mail.subscribe"
AGAIN_AFTER = timedelta(hours=1)


async def ask(engine: Engine, municipality: str, walk: Walk, address: str, now: datetime, *, by_card: bool) -> None:
    """A letter with a link goes out, and one more if it is asked for again; an address hears no third in its week.

    Says nothing of who is here. Asked for on a phone it no longer goes with the card.
    """
    async with engine.store.write() as db:
        here = await digests.of_address(db, municipality, walk.id, address)
        if here is not None and not here.holds(walk):
            await digests.forget(db, municipality, here.id)
            here = None
        if here is not None and here.card is not None and not by_card:
            await digests.asked_on_a_phone(db, municipality, here.id)
        if here is None and await digests.count(db, municipality, walk.id) >= rules.MOST_ADDRESSES:
            return
        if here is not None and (here.confirmed_at is not None or now - here.asked_at < AGAIN_AFTER):
            return
        which = "first" if here is None else "again"
        if here is None:
            card = walk.card if by_card else None
            here = Subscription(id=uuid7(), walk=walk.id, address=address, asked_at=now, confirmed_at=None, card=card)
            await digests.keep(db, municipality, here, digest(rules.secret(engine.key, here.id)))
        body = msgspec.json.encode({"subscription": here.id}).decode()
        await queue.plan(db, municipality, uuid5(here.id, which), CONFIRM_KIND, body, now)
    for tell in engine.after_commit:
        tell()


async def confirm(engine: Engine, municipality: str, id: UUID, now: datetime) -> None:
    async with engine.store.write() as db:
        await digests.confirm(db, municipality, id, now)


async def stop(engine: Engine, municipality: str, id: UUID) -> None:
    async with engine.store.write() as db:
        await digests.forget(db, municipality, id)
