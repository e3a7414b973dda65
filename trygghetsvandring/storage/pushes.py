"""Who wants a word on which browser, and what there is to tell. Beside everything else: removed here, it is nowhere."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, Column, Integer, String, Table, Text, Uuid, delete, exists, false, select, update

from trygghetsvandring.domain.pushes import STAFF, Concern, PushLine, Wish
from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.tables import Moment, changes, metadata, municipality_key, sessions, users
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
    Column("user_id", Uuid, index=True),  # null: a phone that walked
    Column("duty", Boolean, nullable=False, server_default=false()),
    Column("browser_key", String(120), nullable=False, server_default=""),
    Column("browser_secret", String(40), nullable=False, server_default=""),
    Column("tried_at", Moment),
    Column("failed", String(60), nullable=False, server_default=""),
)
push_lines = Table(
    "push_lines",
    metadata,
    municipality_key(),
    Column("source", Uuid, primary_key=True),
    Column("reader", Uuid, primary_key=True),
    Column("concern", String(20), nullable=False),
    Column("about", Uuid, nullable=False),
    Column("at", Moment, nullable=False),
    Column("urgent", Boolean, nullable=False),
    Column("told_at", Moment),
)
_STAY = frozenset({"municipality", "device"})
_WISH = [pushes.c[name] for name in Wish.__dataclass_fields__]


async def keep(db: Db, wish: Wish, endpoint_hash: str) -> None:
    """One wish a phone. A browser that another phone's wish came from (a restored profile) has one too."""
    await db.execute(delete(pushes).where(pushes.c.endpoint_hash == endpoint_hash, pushes.c.device != wish.device))
    values = {name: getattr(wish, name) for name in Wish.__dataclass_fields__} | {"endpoint_hash": endpoint_hash}
    statement = insert_into(db, pushes).values(values)
    changed = {name: value for name, value in values.items() if name not in _STAY}
    await db.execute(
        statement.on_conflict_do_update(index_elements=[pushes.c.municipality, pushes.c.device], set_=changed)
    )


async def forget(db: Db, municipality: str, devices: Iterable[UUID | None]) -> None:
    ids = [device for device in devices if device is not None]
    await db.execute(delete(pushes).where(pushes.c.municipality == municipality, pushes.c.device.in_(ids)))


async def forget_browser(db: Db, municipality: str, endpoint_hash: str) -> None:
    """Whoever's it is: only who sits at that browser knows the address."""
    c = pushes.c
    await db.execute(delete(pushes).where(c.municipality == municipality, c.endpoint_hash == endpoint_hash))


async def forget_session(db: Db, token_hash: str) -> None:
    """What was asked for at a desk, when somebody signs out there."""
    device = select(sessions.c.device).where(sessions.c.token_hash == token_hash)
    await db.execute(delete(pushes).where(pushes.c.user_id.is_not(None), pushes.c.device.in_(device)))


async def forget_person(db: Db, login: str) -> None:
    await db.execute(delete(pushes).where(pushes.c.user_id.in_(select(users.c.id).where(users.c.login == login))))


async def forget_older(db: Db, walkers: datetime, staff: datetime, lines: datetime) -> None:
    """Wishes from before each moment, those of people who may not have one any more, and lines of before theirs."""
    c = pushes.c
    await db.execute(delete(pushes).where(c.user_id.is_(None), c.asked_at < walkers))
    await db.execute(delete(pushes).where(c.user_id.is_not(None), c.asked_at < staff))
    is_there = exists().where(
        users.c.municipality == c.municipality,
        users.c.id == c.user_id,
        users.c.disabled_at.is_(None),
        users.c.role.in_([role.value for role in STAFF]),
    )
    await db.execute(delete(pushes).where(c.user_id.is_not(None), ~is_there))
    await db.execute(delete(push_lines).where(push_lines.c.at < lines))


async def one(db: Db, municipality: str, device: UUID) -> Wish | None:
    asked = select(*_WISH).where(pushes.c.municipality == municipality, pushes.c.device == device)
    row = (await db.execute(asked)).first()
    return None if row is None else Wish(**row._mapping)


async def of_browser(db: Db, municipality: str, endpoint_hash: str) -> Wish | None:
    c = pushes.c
    found = await _found(db, c.municipality == municipality, c.endpoint_hash == endpoint_hash)
    return found[0] if found else None


async def of_walkers(db: Db, municipality: str) -> list[Wish]:
    return await _found(db, pushes.c.municipality == municipality, pushes.c.user_id.is_(None))


async def of_staff(db: Db, municipality: str) -> list[Wish]:
    return await _found(db, pushes.c.municipality == municipality, pushes.c.user_id.is_not(None))


async def of_person(db: Db, municipality: str, user: UUID) -> list[Wish]:
    return await _found(db, pushes.c.municipality == municipality, pushes.c.user_id == user)


async def _found(db: Db, *where: Any) -> list[Wish]:
    rows = await db.execute(select(*_WISH).where(*where).order_by(pushes.c.device))
    return [Wish(**row._mapping) for row in rows]


async def tried(db: Db, wish: Wish, now: datetime, failed: str) -> None:
    """`failed`: why it was not reached; "" when it was."""
    mine = (pushes.c.municipality == wish.municipality, pushes.c.device == wish.device)
    await db.execute(update(pushes).where(*mine).values(tried_at=now, failed=failed))


# ---------------------------------------------------------------- what there is to tell those who work


async def add_line(db: Db, municipality: str, line: PushLine) -> None:
    """Added again it changes nothing."""
    row = {name: getattr(line, name) for name in PushLine.__slots__} | {"municipality": municipality}
    await db.execute(insert_into(db, push_lines).values(row).on_conflict_do_nothing())


async def waiting(db: Db, municipality: str) -> list[PushLine]:
    """In the order they came."""
    c = push_lines.c
    asked = select(*(c[name] for name in PushLine.__slots__)).where(c.municipality == municipality, c.told_at.is_(None))
    rows = [row._mapping for row in await db.execute(asked.order_by(c.at, c.source))]
    return [PushLine(**(dict(row) | {"concern": Concern(row["concern"])})) for row in rows]


async def take(db: Db, municipality: str, lines: Sequence[PushLine], now: datetime) -> list[PushLine]:
    """One reader's lines, those that no other runner took before: nobody is told twice."""
    c = push_lines.c
    which = (c.municipality == municipality, c.reader == lines[0].reader, c.told_at.is_(None))
    asked = update(push_lines).where(*which, c.source.in_([line.source for line in lines])).values(told_at=now)
    taken = {source for (source,) in await db.execute(asked.returning(c.source))}
    return [line for line in lines if line.source in taken]


async def told(db: Db, wishes: Iterable[Wish], now: datetime) -> None:
    for wish in wishes:
        mine = (pushes.c.municipality == wish.municipality, pushes.c.device == wish.device)
        await db.execute(update(pushes).where(*mine).values(told_at=now))


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
