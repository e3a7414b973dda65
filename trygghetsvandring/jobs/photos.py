"""Photos out of the house: a folder of files that say in themselves when and where, for those who take over."""

from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from uuid import UUID

from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.photos import Photo, PhotoOf
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.times import STOCKHOLM
from trygghetsvandring.imaging.exif import with_declared
from trygghetsvandring.storage import photos, records
from trygghetsvandring.storage.blobs import Blobs
from trygghetsvandring.storage.disk import to_the_end
from trygghetsvandring.storage.unit import Db, Store

_PAGE = 100


async def export(store: Store, blobs: Blobs, municipality: str, folder: Path) -> AsyncIterator[Path | UUID]:
    """Writes every accepted photo and gives its file; gives the photo's id instead when its bytes are gone.

    The position is the one that was declared with the observation. A sealed photo goes out as the copy that is shown.
    """
    after: UUID | None = None
    while True:
        async with store.read() as db:
            page = await photos.accepted(db, municipality, after, _PAGE)
            about = [await _about(db, municipality, photo) for photo in page]
        for photo, it in zip(page, about, strict=True):
            key = photos.shown_key if photo.is_sealed else photos.received_key
            content = await blobs.read(key(municipality, photo.id))
            yield photo.id if content is None else await to_the_end(partial(_write, folder, photo, it, content))
        if len(page) < _PAGE:
            return
        after = page[-1].id


async def _about(db: Db, municipality: str, photo: Photo) -> Observation | Task | None:
    if photo.of.kind is PhotoOf.OBSERVATION:
        return await records.one(db, municipality, Observation, photo.of.id)
    return await records.one(db, municipality, Task, photo.of.id)


def _write(folder: Path, photo: Photo, about: Observation | Task | None, content: bytes) -> Path:
    taken_at = photo.taken_at.astimezone(STOCKHOLM)
    number = about.number if about else "utan-nummer"
    file = folder / f"{number}_{photo.role}_{taken_at:%Y%m%d-%H%M%S}_{photo.id.hex[-6:]}.jpg"
    folder.mkdir(parents=True, exist_ok=True)
    file.write_bytes(with_declared(content, taken_at=taken_at, position=_position(about)))
    return file


def _position(about: Observation | Task | None) -> tuple[float, float] | None:
    """Of an observation only: a task's place is where somebody put it, not where the photo was taken."""
    if isinstance(about, Observation) and about.position is not None:
        return about.position.lat, about.position.lon
    return None
