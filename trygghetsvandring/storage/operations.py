"""The log of everything done: what came, what was answered, and what still waits. It is also the audit trail."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from trygghetsvandring.storage.tables import devices, operations, quarantine
from trygghetsvandring.storage.unit import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    id: UUID
    device: UUID | None
    seq: int | None
    type: str
    entity: UUID
    outcome: str
    request_hash: str
    answer: str
    wire: str
    actor: str
    at: datetime
    corrected_at: datetime
    uncertain_s: int
    received_at: datetime
    waits_for: UUID | None


_COLUMNS = [operations.c[name] for name in Logged.__dataclass_fields__]


async def take_turn(db: Db, municipality: str) -> None:
    """One unit of work at a time decides in a municipality, until its transaction ends.

    SQLite has one writer anyway. Without this two phones that change the same walk on PostgreSQL read the same
    version, and the second is told that its change cannot be stored.
    """
    if db.dialect.name == "postgresql":
        await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"turn:{municipality}", 0))))


async def answered(db: Db, municipality: str, ids: Iterable[UUID]) -> dict[UUID, Logged]:
    """What was answered before, by operation id."""
    rows = await db.execute(
        select(*_COLUMNS).where(operations.c.municipality == municipality, operations.c.id.in_(list(ids)))
    )
    return {row.id: Logged(**row._mapping) for row in rows}


async def waiting_for(db: Db, municipality: str, entities: Iterable[UUID]) -> list[Logged]:
    """Deferred operations that one of these entities would free, in the order they came."""
    wanted = list(entities)
    if not wanted:
        return []
    rows = await db.execute(
        select(*_COLUMNS)
        .where(operations.c.municipality == municipality, operations.c.waits_for.in_(wanted))
        .order_by(operations.c.received_at, operations.c.seq)
    )
    return [Logged(**row._mapping) for row in rows]


async def log(db: Db, municipality: str, done: Sequence[Logged]) -> None:
    if done:
        await db.execute(
            operations.insert(),
            [{"municipality": municipality, **{n: getattr(o, n) for n in Logged.__dataclass_fields__}} for o in done],
        )


async def settle(db: Db, municipality: str, done: Sequence[Logged]) -> None:
    """A deferred operation was decided at last."""
    for operation in done:
        await db.execute(
            update(operations)
            .where(operations.c.municipality == municipality, operations.c.id == operation.id)
            .values(outcome=operation.outcome, answer=operation.answer, waits_for=operation.waits_for)
        )


async def set_aside(
    db: Db, municipality: str, id: UUID, device: UUID | None, code: str, wire: str, received_at: datetime
) -> None:
    """Kept for a person to look at: what could not be read as an operation."""
    await db.execute(
        quarantine.insert().values(
            municipality=municipality, id=id, device=device, code=code, wire=wire, received_at=received_at
        )
    )


async def known(db: Db, municipality: str, device: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """Which of these operations of this device are in the log."""
    rows = await db.execute(
        select(operations.c.id).where(
            operations.c.municipality == municipality,
            operations.c.device == device,
            operations.c.id.in_(list(ids)),
        )
    )
    return set(rows.scalars())


async def received_per_device(db: Db, municipality: str, devices: Iterable[UUID]) -> dict[UUID, int]:
    """How many different sequence numbers of each device are in the log."""
    rows = await db.execute(
        select(operations.c.device, func.count(operations.c.seq.distinct()))
        .where(operations.c.municipality == municipality, operations.c.device.in_(list(devices)))
        .group_by(operations.c.device)
    )
    return {device: count for device, count in rows if device is not None}


async def received_on_walk(db: Db, municipality: str, walk: UUID) -> int:
    """How many observations the walk's phones have handed in."""
    phones = select(devices.c.id).where(devices.c.municipality == municipality, devices.c.walk == walk)
    question = select(func.count()).where(
        operations.c.municipality == municipality,
        operations.c.type == "observation.record",
        operations.c.outcome == "applied",
        operations.c.device.in_(phones),
    )
    return int((await db.execute(question)).scalar_one())
