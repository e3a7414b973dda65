"""Digests: addresses of those who walked, kept in a table of their own, and what the last digest of a walk said.

No operation, version or feed ever holds an address: removed here, it is nowhere.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, or_, select, update

from trygghetsvandring.domain.digests import GroupMessage, Subscription
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage.letter_tables import digests, group_messages, subscriptions
from trygghetsvandring.storage.records import insert_into, register
from trygghetsvandring.storage.tables import observations
from trygghetsvandring.storage.unit import Db

register(GroupMessage, "group_message", group_messages, lambda _: {})

_SUBSCRIPTION = [subscriptions.c[name] for name in Subscription.__dataclass_fields__]


async def by_secret(db: Db, secret_hash: str) -> tuple[str, Subscription] | None:
    """(municipality, subscription), confirmed or not."""
    c = subscriptions.c
    row = (await db.execute(select(c.municipality, *_SUBSCRIPTION).where(c.secret_hash == secret_hash))).first()
    if row is None:
        return None
    fields = dict(row._mapping)
    return fields.pop("municipality"), Subscription(**fields)


async def one(db: Db, municipality: str, id: UUID) -> Subscription | None:
    c = subscriptions.c
    row = (await db.execute(select(*_SUBSCRIPTION).where(c.municipality == municipality, c.id == id))).first()
    return None if row is None else Subscription(**row._mapping)


async def of_address(db: Db, municipality: str, walk: UUID, address: str) -> Subscription | None:
    c = subscriptions.c
    mine = (c.municipality == municipality, c.walk == walk, func.lower(c.address) == address.lower())
    row = (await db.execute(select(*_SUBSCRIPTION).where(*mine))).first()
    return None if row is None else Subscription(**row._mapping)


async def confirmed(db: Db, municipality: str, walk: Walk) -> list[Subscription]:
    """Without those that came by a card that is shut."""
    c = subscriptions.c
    holds = or_(c.card.is_(None), c.card == walk.card)
    mine = (c.municipality == municipality, c.walk == walk.id, c.confirmed_at.is_not(None), holds)
    rows = await db.execute(select(*_SUBSCRIPTION).where(*mine).order_by(c.id))
    return [Subscription(**row._mapping) for row in rows]


async def count(db: Db, municipality: str, walk: UUID) -> int:
    """Without those that came by a card and are not confirmed: whoever has the code could fill the walk with them."""
    c = subscriptions.c
    meant = or_(c.card.is_(None), c.confirmed_at.is_not(None))
    asked = select(func.count()).where(c.municipality == municipality, c.walk == walk, meant)
    return int((await db.execute(asked)).scalar_one())


async def walks(db: Db, municipality: str) -> list[UUID]:
    """Those that somebody has given an address for."""
    c = subscriptions.c
    return list((await db.execute(select(c.walk).where(c.municipality == municipality).distinct())).scalars())


async def findings(db: Db, municipality: str, walk: UUID) -> list[UUID]:
    o = observations.c
    rows = await db.execute(select(o.id).where(o.municipality == municipality, o.walk == walk))
    return list(rows.scalars())


# ---------------------------------------------------------------- keeping and forgetting


async def keep(db: Db, municipality: str, it: Subscription, secret_hash: str) -> None:
    row = {name: getattr(it, name) for name in Subscription.__dataclass_fields__}
    await db.execute(subscriptions.insert().values(municipality=municipality, secret_hash=secret_hash, **row))


async def asked_on_a_phone(db: Db, municipality: str, id: UUID) -> None:
    """It no longer goes with the card it came by."""
    c = subscriptions.c
    await db.execute(update(subscriptions).where(c.municipality == municipality, c.id == id).values(card=None))


async def confirm(db: Db, municipality: str, id: UUID, now: datetime) -> None:
    """A second time changes nothing."""
    c = subscriptions.c
    mine = (c.municipality == municipality, c.id == id, c.confirmed_at.is_(None))
    await db.execute(update(subscriptions).where(*mine).values(confirmed_at=now))


async def forget(db: Db, municipality: str, id: UUID) -> None:
    await _overwrite(db)
    c = subscriptions.c
    await db.execute(delete(subscriptions).where(c.municipality == municipality, c.id == id))


async def forget_walk(db: Db, municipality: str, walk: UUID) -> None:
    await _overwrite(db)
    c = subscriptions.c
    await db.execute(delete(subscriptions).where(c.municipality == municipality, c.walk == walk))


async def forget_shut(db: Db, municipality: str, walk: Walk) -> None:
    """Those that came by another card than the one in use."""
    await _overwrite(db)
    c = subscriptions.c
    shut = c.card.is_not(None) if walk.card is None else c.card != walk.card
    await db.execute(delete(subscriptions).where(c.municipality == municipality, c.walk == walk.id, shut))


async def forget_unconfirmed(db: Db, municipality: str, before: datetime) -> None:
    await _overwrite(db)
    c = subscriptions.c
    never = (c.municipality == municipality, c.confirmed_at.is_(None), c.asked_at < before)
    await db.execute(delete(subscriptions).where(*never))


async def _overwrite(db: Db) -> None:
    if db.dialect.name == "sqlite":
        await db.exec_driver_sql("PRAGMA secure_delete=ON")  # what is deleted is overwritten in the file


# ---------------------------------------------------------------- what was said


async def said(db: Db, municipality: str, walk: UUID) -> tuple[dict[str, str], datetime | None]:
    """The outcomes of the last digest and when it went; ({}, None) before the first."""
    d = digests.c
    row = (await db.execute(select(d.said, d.sent_at).where(d.municipality == municipality, d.walk == walk))).first()
    return ({}, None) if row is None else (msgspec.json.decode(row.said, type=dict[str, str]), row.sent_at)


async def keep_said(db: Db, municipality: str, walk: UUID, outcomes: Mapping[str, str], now: datetime) -> None:
    text = msgspec.json.encode(outcomes).decode()
    row = {"municipality": municipality, "walk": walk, "said": text, "sent_at": now}
    statement = insert_into(db, digests).values(row)
    changed = {"said": text, "sent_at": now}
    await db.execute(statement.on_conflict_do_update(index_elements=["municipality", "walk"], set_=changed))
