"""The log of everything done: what came, what was answered, and what still waits. It is also the audit trail."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from uuid import UUID

from sqlalchemy import func, select, update

from trygghetsvandring.storage import sets
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


_NAMES = list(Logged.__dataclass_fields__)
_values = attrgetter(*_NAMES)


async def take_turn(db: Db, municipality: str) -> None:
    """One unit of work at a time decides in a municipality, until its transaction ends.

    SQLite has one writer anyway. Without this two phones that change the same walk on PostgreSQL read the same
    version, and the second is told that its change cannot be stored.
    """
    if db.dialect.name == "postgresql":
        await db.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"turn:{municipality}", 0))))


async def answered(db: Db, municipality: str, ids: Iterable[UUID]) -> dict[UUID, Logged]:
    """What was answered before, by operation id."""
    rows = await sets.among(db, operations, _NAMES, municipality, "id", ids)
    return {row.id: Logged(**row._mapping) for row in rows}


async def waiting_for(db: Db, municipality: str, entities: Iterable[UUID]) -> list[Logged]:
    """Deferred operations that one of these entities would free, in the order they came."""
    wanted = list(entities)
    if not wanted:
        return []
    rows = await sets.among(db, operations, _NAMES, municipality, "waits_for", wanted, order="received_at seq")
    return [Logged(**row._mapping) for row in rows]


async def log(db: Db, municipality: str, done: Sequence[Logged]) -> None:
    if not done:
        return
    columns = dict(zip(_NAMES, zip(*map(_values, done), strict=True), strict=True))
    await sets.add(db, operations, {"municipality": [municipality] * len(done), **columns})


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


async def known(db: Db, municipality: str, devices: Iterable[UUID | None], ids: Iterable[UUID]) -> dict[UUID, str]:
    """Which of these operations, by one of these devices, are in the log, and how they were answered."""
    rows = await db.execute(
        select(operations.c.id, operations.c.answer).where(
            operations.c.municipality == municipality,
            operations.c.device.in_([device for device in devices if device is not None]),
            operations.c.id.in_(list(ids)),
        )
    )
    return {row.id: row.answer for row in rows}


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


async def about(db: Db, municipality: str, ids: Collection[UUID]) -> set[UUID]:
    """Those of the ids that some operation is about, whatever became of it."""
    c = operations.c
    rows = await db.execute(select(c.entity).where(c.municipality == municipality, c.entity.in_(list(ids))).distinct())
    return set(rows.scalars())
