"""Photos as rows, and the keys under which their bytes lie."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import func, select

from trygghetsvandring.domain.photos import Photo, PhotoState
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.tables import photos
from trygghetsvandring.storage.unit import Db

register(Photo, "photo", photos, lambda p: {"of_id": p.of.id, "device": p.device, "state": p.state})


def received_key(municipality: str, photo: UUID) -> str:
    """The bytes as they came. Their digest is the photo's `sha256`."""
    return f"{municipality}/photos/{photo.hex[-2:]}/{photo}/received"


def shown_key(municipality: str, photo: UUID) -> str:
    """The copy that stands for sealed bytes. Its digest is `shown_sha256`."""
    return f"{municipality}/photos/{photo.hex[-2:]}/{photo}/shown.jpg"


def small_key(municipality: str, photo: UUID, edge: int) -> str:
    return f"{municipality}/photos/{photo.hex[-2:]}/{photo}/{edge}.jpg"


async def of(db: Db, municipality: str, ids: Iterable[UUID]) -> dict[UUID, list[Photo]]:
    """The photos of these observations or tasks, in the order they were taken; an id without photos has none."""
    question = select(photos.c.doc).where(photos.c.municipality == municipality, photos.c.of_id.in_(list(ids)))
    grouped: dict[UUID, list[Photo]] = {}
    for photo in sorted(await found(db, Photo, question), key=lambda photo: (photo.taken_at, photo.id)):
        grouped.setdefault(photo.of.id, []).append(photo)
    return grouped


async def missing_per_device(db: Db, municipality: str, devices: Iterable[UUID]) -> dict[UUID, int]:
    """How many photos each device has declared and not yet sent."""
    rows = await db.execute(
        select(photos.c.device, func.count())
        .where(
            photos.c.municipality == municipality,
            photos.c.device.in_(list(devices)),
            photos.c.state == PhotoState.DECLARED,
        )
        .group_by(photos.c.device)
    )
    return {device: count for device, count in rows if device is not None}


async def accepted(db: Db, municipality: str, after: UUID | None, limit: int) -> list[Photo]:
    """By id, from the one behind `after`."""
    question = select(photos.c.doc).where(photos.c.municipality == municipality, photos.c.state == PhotoState.ACCEPTED)
    if after is not None:
        question = question.where(photos.c.id > after)
    return await found(db, Photo, question.order_by(photos.c.id).limit(limit))
