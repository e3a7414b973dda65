"""Devices: the numbers and photos that each promised and has not sent."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select

from trygghetsvandring.domain.devices import Range
from trygghetsvandring.domain.people import Device
from trygghetsvandring.domain.photos import PhotoState
from trygghetsvandring.storage.records import found
from trygghetsvandring.storage.tables import devices, held, operations, photos
from trygghetsvandring.storage.unit import Db


@dataclass(slots=True)
class Here:
    """What has come from one device. `gaps` lie below the highest number that came."""

    received: int = 0
    gaps: list[Range] = field(default_factory=list)
    photos: int = 0
    missing_photos: int = 0
    held: int = 0


async def here(db: Db, municipality: str, ids: Iterable[UUID]) -> dict[UUID, Here]:
    """Four questions, however many devices."""
    wanted = list(ids)
    found = {id: Here() for id in wanted}
    o = operations.c
    mine = (o.municipality == municipality, o.device.in_(wanted), o.seq.is_not(None))
    for id, highest in await db.execute(select(o.device, func.max(o.seq)).where(*mine).group_by(o.device)):
        found[id].received = highest
    before = func.lag(o.seq, 1, 0).over(partition_by=o.device, order_by=o.seq).label("before")
    steps = select(o.device, o.seq, before).where(*mine).subquery()
    holes = select(steps).where(steps.c.seq > steps.c.before + 1).order_by(steps.c.device, steps.c.seq)
    for id, seq, last in await db.execute(holes):
        found[id].gaps.append((last + 1, seq - 1))
    await _photos(db, municipality, found)
    question = select(held.c.device, func.count()).where(held.c.municipality == municipality, held.c.decision.is_(None))
    for id, waiting in await db.execute(question.where(held.c.device.in_(wanted)).group_by(held.c.device)):
        found[id].held = waiting
    return found


async def _photos(db: Db, municipality: str, found: dict[UUID, Here]) -> None:
    p = photos.c
    missing = func.sum(case((p.state == PhotoState.DECLARED, 1), else_=0))
    question = select(p.device, func.count(), missing).where(p.municipality == municipality, p.device.in_(list(found)))
    for id, declared, without in await db.execute(question.group_by(p.device)):
        found[id].photos, found[id].missing_photos = declared, without


async def phones(db: Db, municipality: str, since: datetime) -> list[Device]:
    """Every phone that somebody has heard of since then, in the order they joined."""
    question = select(devices.c.doc).where(
        devices.c.municipality == municipality, devices.c.kind != "desk", devices.c.updated_at >= since
    )
    return sorted(await found(db, Device, question), key=lambda device: (device.joined_at, device.id))
