"""Photos as rows, and the keys under which their bytes lie."""

from collections.abc import AsyncIterator, Iterable
from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.domain.photos import Photo, PhotoState
from trygghetsvandring.storage.records import found, register
from trygghetsvandring.storage.tables import photos
from trygghetsvandring.storage.unit import Db, Store

_PAGE = 200

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


async def _in(db: Db, municipality: str, states: Iterable[PhotoState], after: UUID | None, limit: int) -> list[Photo]:
    """By id, from the one behind `after`."""
    question = select(photos.c.doc).where(photos.c.municipality == municipality, photos.c.state.in_(list(states)))
    if after is not None:
        question = question.where(photos.c.id > after)
    return await found(db, Photo, question.order_by(photos.c.id).limit(limit))


async def all_arrived(store: Store, municipality: str) -> AsyncIterator[Photo]:
    """Every one that is received or accepted, by id."""
    async for photo in _all(store, municipality, (PhotoState.RECEIVED, PhotoState.ACCEPTED)):
        yield photo


async def all_with_bytes(store: Store, municipality: str) -> AsyncIterator[Photo]:
    """Those that nobody could be shown, too, by id: they came, and are kept."""
    async for photo in _all(store, municipality, (PhotoState.RECEIVED, PhotoState.ACCEPTED, PhotoState.REFUSED)):
        yield photo


async def _all(store: Store, municipality: str, states: Iterable[PhotoState]) -> AsyncIterator[Photo]:
    """Between two pages the database is let go: whoever asks may be slow."""
    after: UUID | None = None
    while True:
        async with store.read() as db:
            page = await _in(db, municipality, states, after, _PAGE)
        for photo in page:
            yield photo
        if len(page) < _PAGE:
            return
        after = page[-1].id


async def accepted(db: Db, municipality: str, after: UUID | None, limit: int) -> list[Photo]:
    """By id, from the one behind `after`."""
    return await _in(db, municipality, (PhotoState.ACCEPTED,), after, limit)
