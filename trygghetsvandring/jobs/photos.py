"""Photos out of the house: a folder of files that say in themselves when, where, whose and about what."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from uuid import UUID

from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.photos import Photo, PhotoOf
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.imaging.exif import with_declared
from trygghetsvandring.storage import municipalities, photos, records
from trygghetsvandring.storage.blobs import Blobs
from trygghetsvandring.storage.disk import to_the_end
from trygghetsvandring.storage.unit import Db, Store

_PAGE = 100


async def export(store: Store, blobs: Blobs, municipality: str, folder: Path) -> AsyncIterator[Path | UUID]:
    """Writes every accepted photo and gives its file; gives the photo's id instead when its bytes are gone.

    The position is the one that was declared with the observation. A sealed photo goes out as the copy that is shown.
    """
    after: UUID | None = None
    async with store.read() as db:
        place = await municipalities.municipality(db, municipality)
    name = place.name if place else municipality
    while True:
        async with store.read() as db:
            page = await photos.accepted(db, municipality, after, _PAGE)
            about = [await _about(db, municipality, photo) for photo in page]
        for photo, it in zip(page, about, strict=True):
            key = photos.shown_key if photo.is_sealed else photos.received_key
            content = await blobs.read(key(municipality, photo.id))
            yield photo.id if content is None else await to_the_end(partial(_write, folder, name, photo, it, content))
        if len(page) < _PAGE:
            return
        after = page[-1].id


async def _about(db: Db, municipality: str, photo: Photo) -> Observation | Task | None:
    if photo.of.kind is PhotoOf.OBSERVATION:
        return await records.one(db, municipality, Observation, photo.of.id)
    return await records.one(db, municipality, Task, photo.of.id)


def _write(folder: Path, municipality: str, photo: Photo, about: Observation | Task | None, content: bytes) -> Path:
    taken_at = photo.taken_at.astimezone(STOCKHOLM)
    number = about.number if about else None
    file = folder / f"{number or 'utan-nummer'}_{photo.role}_{taken_at:%Y%m%d-%H%M%S}_{photo.id.hex[-6:]}.jpg"
    folder.mkdir(parents=True, exist_ok=True)
    declared = with_declared(
        content, taken_at=taken_at, position=_position(about), municipality=municipality, number=number
    )
    file.write_bytes(declared)
    return file


def _position(about: Observation | Task | None) -> tuple[float, float] | None:
    """Of an observation only: a task's place is where somebody put it, not where the photo was taken."""
    if isinstance(about, Observation) and about.position is not None:
        return about.position.lat, about.position.lon
    return None
