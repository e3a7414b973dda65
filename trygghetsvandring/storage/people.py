"""Users, sessions and devices."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from trygghetsvandring.domain.departments import Colleague
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Device
from trygghetsvandring.storage import pushes, sets
from trygghetsvandring.storage.asked import Asked
from trygghetsvandring.storage.letter_tables import correspondence
from trygghetsvandring.storage.municipalities import SETTINGS, Words
from trygghetsvandring.storage.records import decode, found, read_by, register
from trygghetsvandring.storage.tables import devices, municipalities, sessions, users
from trygghetsvandring.storage.unit import Db

register(
    Device,
    "device",
    devices,
    lambda d: {"token_hash": d.token_hash, "walk": d.walk, "kind": d.kind},
    kept=False,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    municipality: str
    id: UUID
    login: str
    function: str
    role: str
    organisation: str
    password_hash: str
    demo: bool
    disabled_at: datetime | None


_OF_COLLEAGUE = ("id", "function", "role", "organisation", "disabled_at")
_USER = [users.c[name] for name in User.__dataclass_fields__]


@dataclass(frozen=True, slots=True)
class Session:
    """`here`: the settings of the user's municipality, as they stood when the session was read."""

    user: User
    device: UUID
    here: Municipality | None


# Written once: every request of a desk asks it.
_SESSION_USER = Asked(
    select(*_USER, sessions.c.device, municipalities.c.id, *SETTINGS, correspondence.c.doc)
    .join(users, (users.c.municipality == sessions.c.municipality) & (users.c.id == sessions.c.user_id))
    .join(municipalities, municipalities.c.id == sessions.c.municipality, isouter=True)
    .join(correspondence, correspondence.c.municipality == sessions.c.municipality, isouter=True)
    .where(
        sessions.c.token_hash == bindparam("token"),
        sessions.c.expires_at > bindparam("now"),
        users.c.disabled_at.is_(None),
    )
)


async def by_login(db: Db, login: str) -> User | None:
    row = (await db.execute(select(*_USER).where(users.c.login == login))).one_or_none()
    return None if row is None else User(**row._mapping)


async def user(db: Db, municipality: str, id: UUID) -> User | None:
    row = (await db.execute(select(*_USER).where(users.c.municipality == municipality, users.c.id == id))).one_or_none()
    return None if row is None else User(**row._mapping)


async def colleagues(db: Db, municipality: str, ids: Sequence[UUID] | None = None) -> dict[UUID, Colleague]:
    """Those of the ids that there are; all of the municipality's when none are named."""
    if ids is None:
        found = [it._mapping for it in await db.execute(select(*_USER).where(users.c.municipality == municipality))]
    else:
        found = [it._mapping for it in await sets.among(db, users, _OF_COLLEAGUE, municipality, "id", ids)]
    return {
        it["id"]: Colleague(
            id=it["id"],
            function=it["function"],
            role=it["role"],
            organisation=it["organisation"],
            is_here=it["disabled_at"] is None,
        )
        for it in found
    }


read_by(Colleague, colleagues)


async def add_user(db: Db, it: User) -> None:
    await db.execute(users.insert().values(**{name: getattr(it, name) for name in User.__dataclass_fields__}))


async def listed(db: Db, municipality: str | None = None) -> list[User]:
    question = select(*_USER).order_by(users.c.municipality, users.c.login)
    if municipality is not None:
        question = question.where(users.c.municipality == municipality)
    return [User(**row._mapping) for row in await db.execute(question)]


async def set_password(db: Db, login: str, password_hash: str) -> bool:
    """Ends the user's sessions: whoever has the old password is out."""
    done = await db.execute(update(users).where(users.c.login == login).values(password_hash=password_hash, demo=False))
    await _end_sessions(db, login)
    return bool(done.rowcount)


async def disable(db: Db, login: str, now: datetime) -> bool:
    """Ends the user's sessions at once."""
    done = await db.execute(update(users).where(users.c.login == login).values(disabled_at=now))
    await _end_sessions(db, login)
    return bool(done.rowcount)


async def _end_sessions(db: Db, login: str) -> None:
    await db.execute(delete(sessions).where(sessions.c.user_id.in_(select(users.c.id).where(users.c.login == login))))
    await pushes.forget_person(db, login)


async def begin_session(
    db: Db, *, token_hash: str, municipality: str, user: UUID, device: UUID, now: datetime, expires_at: datetime
) -> None:
    await db.execute(delete(sessions).where(sessions.c.expires_at < now))
    await db.execute(
        sessions.insert().values(
            token_hash=token_hash,
            municipality=municipality,
            user_id=user,
            device=device,
            created_at=now,
            expires_at=expires_at,
        )
    )


async def session(db: Db, token_hash: str, now: datetime) -> Session | None:
    """The session's user and the desk's device id; None when it has ended or the user is disabled."""
    words = Words()
    rows = await _SESSION_USER.rows(db, {"token": token_hash, "now": now, **words.known})
    if not rows:
        return None
    *fields, device, here, digest, doc, changed = rows[0]
    user = User(**dict(zip(User.__dataclass_fields__, fields, strict=True)))
    return Session(user, device, None if here is None else words.settings(digest, doc, changed))


async def end_session(db: Db, token_hash: str) -> None:
    await pushes.forget_session(db, token_hash)
    await db.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


async def by_token(db: Db, token_hash: str) -> tuple[str, Device] | None:
    """The device that holds this token, with its municipality; revoked devices included."""
    row = (
        await db.execute(select(devices.c.municipality, devices.c.doc).where(devices.c.token_hash == token_hash))
    ).first()
    return None if row is None else (row.municipality, decode(Device, row.doc))


async def on_walk(db: Db, municipality: str, walk: UUID) -> list[Device]:
    question = select(devices.c.doc).where(devices.c.municipality == municipality, devices.c.walk == walk)
    return sorted(await found(db, Device, question), key=lambda device: (device.joined_at, device.id))
