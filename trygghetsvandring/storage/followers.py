"""Followers of the public page, in a table of their own, and what the last letter to them had told."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, select, update

from trygghetsvandring.domain.followers import Follower
from trygghetsvandring.storage.feedback import overwrite
from trygghetsvandring.storage.public_tables import followers, followers_told
from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.unit import Db

_ROW = [followers.c[name] for name in Follower.__dataclass_fields__]


async def by_secret(db: Db, secret_hash: str) -> tuple[str, Follower] | None:
    """(municipality, follower), confirmed or not."""
    c = followers.c
    row = (await db.execute(select(c.municipality, *_ROW).where(c.secret_hash == secret_hash))).first()
    if row is None:
        return None
    fields = dict(row._mapping)
    return fields.pop("municipality"), Follower(**fields)


async def one(db: Db, municipality: str, id: UUID) -> Follower | None:
    c = followers.c
    row = (await db.execute(select(*_ROW).where(c.municipality == municipality, c.id == id))).first()
    return None if row is None else Follower(**row._mapping)


async def of_address(db: Db, municipality: str, address: str) -> Follower | None:
    c = followers.c
    mine = (c.municipality == municipality, c.same == address.lower())
    row = (await db.execute(select(*_ROW).where(*mine))).first()
    return None if row is None else Follower(**row._mapping)


async def confirmed(db: Db, municipality: str) -> list[UUID]:
    c = followers.c
    asked = select(c.id).where(c.municipality == municipality, c.confirmed_at.is_not(None))
    return list((await db.execute(asked.order_by(c.id))).scalars())


async def counts(db: Db, municipality: str) -> tuple[int, int]:
    """All, and those that are not confirmed."""
    c = followers.c
    asked = select(func.count(), func.count(c.confirmed_at)).where(c.municipality == municipality)
    all_, sure = (await db.execute(asked)).one()
    return int(all_), int(all_) - int(sure)


async def keep(db: Db, municipality: str, it: Follower, secret_hash: str) -> None:
    """An address that somebody gave in the same moment changes nothing."""
    row = {name: getattr(it, name) for name in Follower.__dataclass_fields__}
    added = insert_into(db, followers).values(
        municipality=municipality, secret_hash=secret_hash, same=it.address.lower(), **row
    )
    await db.execute(added.on_conflict_do_nothing())


async def confirm(db: Db, municipality: str, id: UUID, now: datetime) -> None:
    """A second time changes nothing."""
    c = followers.c
    mine = (c.municipality == municipality, c.id == id, c.confirmed_at.is_(None))
    await db.execute(update(followers).where(*mine).values(confirmed_at=now))


async def speak(db: Db, municipality: str, id: UUID, language: str) -> None:
    """Asked for again in another language: that one from now on."""
    c = followers.c
    mine = (c.municipality == municipality, c.id == id)
    await db.execute(update(followers).where(*mine).values(language=language))


async def forget(db: Db, municipality: str, address: str) -> None:
    await overwrite(db)
    c = followers.c
    mine = (c.municipality == municipality, c.same == address.lower())
    await db.execute(delete(followers).where(*mine))


async def forget_oldest_unconfirmed(db: Db, municipality: str) -> None:
    await overwrite(db)
    c = followers.c
    oldest = (
        select(c.id)
        .where(c.municipality == municipality, c.confirmed_at.is_(None))
        .order_by(c.asked_at, c.id)
        .limit(1)
        .scalar_subquery()
    )
    await db.execute(delete(followers).where(c.municipality == municipality, c.id == oldest))


async def forget_unconfirmed(db: Db, municipality: str, before: datetime) -> None:
    await overwrite(db)
    c = followers.c
    never = (c.municipality == municipality, c.confirmed_at.is_(None), c.asked_at < before)
    await db.execute(delete(followers).where(*never))


async def told(db: Db, municipality: str) -> tuple[dict[str, str], datetime] | None:
    """None before anything was remembered."""
    c = followers_told.c
    row = (await db.execute(select(c.said, c.sent_at).where(c.municipality == municipality))).first()
    return None if row is None else (msgspec.json.decode(row.said, type=dict[str, str]), row.sent_at)


async def keep_told(db: Db, municipality: str, said: Mapping[str, str], now: datetime) -> None:
    text = msgspec.json.encode(said).decode()
    statement = insert_into(db, followers_told).values(municipality=municipality, said=text, sent_at=now)
    changed = {"said": text, "sent_at": now}
    await db.execute(statement.on_conflict_do_update(index_elements=["municipality"], set_=changed))
