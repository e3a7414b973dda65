"""Photos that have wholly come: proved, stored, and only then said to be received.

Any step may be the last one before a crash, and all can be repeated. While the store is away the bytes wait, flushed,
in their partial file; whoever asks next, the phone or the server itself, goes on from there.
"""

from datetime import datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.photos import Photo, PhotoState
from trygghetsvandring.imaging.intake import Seen, look_at
from trygghetsvandring.storage import records
from trygghetsvandring.storage.blobs import Blobs
from trygghetsvandring.storage.buckets import StoreAway
from trygghetsvandring.storage.disk import to_the_end
from trygghetsvandring.storage.photos import received_key
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.storage.uploads import DigestDiffers, Uploads
from trygghetsvandring.sync.engine import Engine

_AT_ONCE: Final = 400


async def bring(uploads: Uploads, municipality: str, photo: UUID, content: bytes) -> None:
    """A photo that came some other way than piece by piece. For the holder of the upload's lock."""
    await uploads.begin(municipality, photo)
    await uploads.start_over(municipality, photo)
    with uploads.pen(municipality, photo, 0) as pen:
        await pen.write([content])


async def put_away(blobs: Blobs, uploads: Uploads, municipality: str, photo: Photo) -> None:
    """Proved and stored, and not looked into. For the holder of the upload's lock, when its last byte is here."""
    await _prove(uploads, municipality, photo)
    await _store(blobs, uploads, municipality, photo)


async def receive(
    engine: Engine, blobs: Blobs, uploads: Uploads, municipality: str, photo: Photo, now: datetime
) -> Seen:
    """Proved, looked at, stored, and said to be received, or refused with its code. For the holder of the lock."""
    await _prove(uploads, municipality, photo)
    file = uploads.file(municipality, photo.id)
    seen = await to_the_end(lambda: _looked_at(file))
    await _store(blobs, uploads, municipality, photo)
    type = "photo.refused" if seen.is_refused else "photo.received"
    outcome = await engine.act(municipality, type, photo.id, {"code": seen.code}, now)
    if outcome.outcome != "applied":
        raise Refused(f"{type} was {outcome.outcome}")
    await uploads.forget_lock(municipality, photo.id)
    return seen


async def whole(db: Db, uploads: Uploads, municipality: str) -> list[Photo]:
    """Declared photos whose every byte is here, and which are not stored yet; longest waiting first."""
    begun = await uploads.begun(municipality)
    found: list[Photo] = []
    for start in range(0, len(begun), _AT_ONCE):
        part = dict(begun[start : start + _AT_ONCE])
        rows = await records.load(db, municipality, Photo, part)
        found += [rows[id] for id, size in part.items() if id in rows and _is_whole(rows[id], size)]
    return found


async def _prove(uploads: Uploads, municipality: str, photo: Photo) -> None:
    if await uploads.digest(municipality, photo.id) != photo.sha256:
        await uploads.start_over(municipality, photo.id)
        raise DigestDiffers(offset=0)


async def _store(blobs: Blobs, uploads: Uploads, municipality: str, photo: Photo) -> None:
    try:
        await blobs.take(uploads.file(municipality, photo.id), received_key(municipality, photo.id))
    except StoreAway:
        await uploads.secure(municipality, photo.id)
        raise


def _is_whole(photo: Photo, size: int) -> bool:
    return photo.state is PhotoState.DECLARED and size == photo.bytes


def _looked_at(file: Path) -> Seen:
    with file.open("rb") as opened:
        return look_at(opened)
