"""Phones that want a word when there is an answer. Beside everything else: removed here, it is nowhere."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import Column, Integer, String, Table, Text, Uuid, delete, select, update

from trygghetsvandring.domain.pushes import Wish
from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.tables import Moment, changes, metadata, municipality_key
from trygghetsvandring.storage.unit import Db

pushes = Table(
    "pushes",
    metadata,
    municipality_key(),
    Column("device", Uuid, primary_key=True),
    Column("endpoint", Text, nullable=False),
    Column("seen", Integer, nullable=False),
    Column("told_at", Moment),
    Column("asked_at", Moment, nullable=False),
    Column("endpoint_hash", String(64), nullable=False, index=True),
)
_WISH = [pushes.c[name] for name in Wish.__dataclass_fields__]


async def keep(db: Db, wish: Wish, endpoint_hash: str) -> None:
    """One wish a phone. A browser that another phone's wish came from (a restored profile) has one too."""
    await db.execute(delete(pushes).where(pushes.c.endpoint_hash == endpoint_hash, pushes.c.device != wish.device))
    values = {name: getattr(wish, name) for name in Wish.__dataclass_fields__} | {"endpoint_hash": endpoint_hash}
    statement = insert_into(db, pushes).values(values)
    changed = {name: values[name] for name in ("endpoint", "endpoint_hash", "seen")}
    await db.execute(
        statement.on_conflict_do_update(index_elements=[pushes.c.municipality, pushes.c.device], set_=changed)
    )


async def forget(db: Db, municipality: str, devices: Iterable[UUID | None]) -> None:
    ids = [device for device in devices if device is not None]
    await db.execute(delete(pushes).where(pushes.c.municipality == municipality, pushes.c.device.in_(ids)))


async def forget_older(db: Db, before: datetime) -> None:
    await db.execute(delete(pushes).where(pushes.c.asked_at < before))


async def one(db: Db, municipality: str, device: UUID) -> Wish | None:
    asked = select(*_WISH).where(pushes.c.municipality == municipality, pushes.c.device == device)
    row = (await db.execute(asked)).first()
    return None if row is None else Wish(**row._mapping)


async def every(db: Db, municipality: str) -> list[Wish]:
    rows = await db.execute(select(*_WISH).where(pushes.c.municipality == municipality).order_by(pushes.c.device))
    return [Wish(**row._mapping) for row in rows]


async def looked(db: Db, wish: Wish, seen: int, told_at: datetime | None) -> bool:
    """True for the one runner that came first: nobody is told twice."""
    c = pushes.c
    mine = (c.municipality == wish.municipality, c.device == wish.device, c.seen == wish.seen)
    found = await db.execute(update(pushes).where(*mine).values(seen=seen, told_at=told_at))
    return found.rowcount == 1


async def replies_after(db: Db, municipality: str, scope: str, seq: int, until: int) -> list[str]:
    """The states of this scope's replies that changed since."""
    c = changes.c
    rows = await db.execute(
        select(c.state).where(
            c.municipality == municipality,
            c.scope == scope,
            c.seq > seq,
            c.seq <= until,
            c.kind == "reply",
            c.state.is_not(None),
        )
    )
    return [msgspec.json.decode(state)["state"] for (state,) in rows]
