"""What waits for a person: operations that were taken in as they came, and are decided only when somebody says so."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from trygghetsvandring.storage.operations import Logged
from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.tables import held, operations
from trygghetsvandring.storage.unit import Db

_LOGGED = [operations.c[name] for name in Logged.__dataclass_fields__]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`code` says why: device_revoked, token_expired, …"""

    logged: Logged
    code: str
    since: datetime


async def waiting(db: Db, municipality: str, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Those of the operations that still wait for a person, and why."""
    wanted = list(ids)
    if not wanted:
        return {}
    rows = await db.execute(
        select(held.c.operation, held.c.code).where(
            held.c.municipality == municipality, held.c.operation.in_(wanted), held.c.decision.is_(None)
        )
    )
    return {row.operation: row.code for row in rows}


def _joined(municipality: str):  # type: ignore[no-untyped-def]  # the row's type is said by those who ask
    on = (operations.c.municipality == held.c.municipality) & (operations.c.id == held.c.operation)
    columns = (held.c.code.label("held_code"), held.c.since)
    question = select(*_LOGGED, *columns).join(operations, on)
    return question.where(held.c.municipality == municipality, held.c.decision.is_(None))


def _of(row) -> Held:  # type: ignore[no-untyped-def]
    fields = dict(row._mapping)
    code, since = fields.pop("held_code"), fields.pop("since")
    return Held(logged=Logged(**fields), code=code, since=since)


async def listed(db: Db, municipality: str, limit: int) -> list[Held]:
    """Longest waiting first, each phone's in the order it numbered them."""
    question = _joined(municipality).order_by(held.c.since, operations.c.device, operations.c.seq, operations.c.id)
    return [_of(row) for row in await db.execute(question.limit(limit))]


async def count(db: Db, municipality: str) -> int:
    question = select(func.count()).where(held.c.municipality == municipality, held.c.decision.is_(None))
    return int((await db.execute(question)).scalar_one())


async def of(db: Db, municipality: str, ids: Iterable[UUID]) -> list[Logged]:
    """Those that still wait, in the order their phone numbered them."""
    question = _joined(municipality).where(held.c.operation.in_(list(ids)))
    rows = await db.execute(question.order_by(operations.c.received_at, operations.c.seq, operations.c.id))
    return [_of(row).logged for row in rows]


async def declaration(db: Db, municipality: str, devices: Iterable[UUID | None], photo: UUID) -> Logged | None:
    """The operation that would declare this photo, if one of these devices sent it and it waits."""
    question = _joined(municipality).where(
        operations.c.type == "photo.declare",
        operations.c.entity == photo,
        operations.c.device.in_([device for device in devices if device is not None]),
    )
    row = (await db.execute(question)).first()
    return None if row is None else _of(row).logged


async def note(db: Db, municipality: str, rows: Sequence[tuple[UUID, UUID | None, str]], since: datetime) -> None:
    """(operation, device, why). One that is noted already stays as it is."""
    if not rows:
        return
    written = [
        {"municipality": municipality, "operation": id, "device": device, "code": code, "since": since}
        for id, device, code in rows
    ]
    await db.execute(insert_into(db, held).values(written).on_conflict_do_nothing())


async def decided(
    db: Db, municipality: str, ids: Iterable[UUID], decision: str, *, by: str, reason: str, at: datetime
) -> None:
    await db.execute(
        update(held)
        .where(held.c.municipality == municipality, held.c.operation.in_(list(ids)), held.c.decision.is_(None))
        .values(decision=decision, decided_by=by[:120], reason=reason, decided_at=at)
    )
