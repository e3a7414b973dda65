"""What is stored is proved again: every photo's bytes against its row, and every stored byte against the rows.

Rot is named, never mended here: whoever still has the photo must send it. Of what no row names only copies are
removed, and what was erased by decision. Bytes that came and have no row, as after a restore, are evidence until
somebody decides; they are named.
"""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog

from trygghetsvandring.domain.photos import Photo, PhotoState
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import erasures, municipalities, operations, photos, records
from trygghetsvandring.storage.blobs import Blobs, Stored
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.storage.uploads import UploadBusy
from trygghetsvandring.sync.erasing import Hands

log = structlog.get_logger()
KIND: Final = "photos.prove"
EVERY_DAYS: Final = 28
"""Each photo is read again once in so many days, a part of them every day."""
YOUNG: Final = timedelta(days=1)
"""What is stored later than this may be somebody's work that is going on."""
_AT_ONCE: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """`what`: missing, or differs."""

    photo: UUID
    key: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """Stored, and named by no row. `is_removed` is false of bytes that came: nobody has decided about them."""

    key: str
    is_removed: bool


@handles(KIND, Lane.PROOFS)
async def prove(context: Context, job: Waiting) -> None:
    now, place, hands = context.clock(), job.municipality, context.hands
    today = now.toordinal() % EVERY_DAYS
    async for fault in faults(hands, place, lambda photo: photo.bytes[-1] % EVERY_DAYS == today):
        log.error("photo_bytes_lost", municipality=place, photo=str(fault.photo), what=fault.what, key=fault.key)
    async for stray in sweep(hands, place, now):
        log.warning("stray_bytes", municipality=place, key=stray.key, removed=stray.is_removed)


async def faults(hands: Hands, municipality: str, is_asked: Callable[[UUID], bool]) -> AsyncIterator[Fault]:
    """Photos whose bytes are not what their rows say, by id."""
    async for photo in photos.all_with_bytes(hands.store, municipality):
        if not is_asked(photo.id):
            continue
        found = [fault async for fault in _faults_of(hands.blobs, municipality, photo)]
        if found and await _is_still(hands, municipality, photo):
            for fault in found:
                yield fault


async def _faults_of(blobs: Blobs, municipality: str, photo: Photo) -> AsyncIterator[Fault]:
    for key, sha256 in _digests(municipality, photo).items():
        here = await blobs.digest(key)
        if here != sha256:
            yield Fault(photo=photo.id, key=key, what="missing" if here is None else "differs")
    for edge in photo.sizes:
        key = photos.small_key(municipality, photo.id, edge)
        if not await blobs.size(key):
            yield Fault(photo=photo.id, key=key, what="missing")


def _digests(municipality: str, photo: Photo) -> dict[str, str]:
    named = {photos.received_key(municipality, photo.id): photo.sha256}
    if photo.is_sealed and photo.state is PhotoState.ACCEPTED and photo.shown_sha256:
        named[photos.shown_key(municipality, photo.id)] = photo.shown_sha256
    return named


async def _is_still(hands: Hands, municipality: str, photo: Photo) -> bool:
    """Erased while we read it is no fault."""
    async with hands.store.read() as db:
        return await records.one(db, municipality, Photo, photo.id) == photo


# ---------------------------------------------------------------- what no row names


async def sweep(hands: Hands, municipality: str, now: datetime) -> AsyncIterator[Stray]:
    """Everything under the municipality's photos that no row names, with what could be removed removed."""
    page: list[Stored] = []
    async for it in hands.blobs.under(f"{municipality}/photos"):
        if now - it.at < YOUNG:
            continue
        page.append(it)
        if len(page) == _AT_ONCE:
            for stray in await _swept(hands, municipality, page):
                yield stray
            page = []
    for stray in await _swept(hands, municipality, page):
        yield stray


async def _swept(hands: Hands, municipality: str, page: list[Stored]) -> list[Stray]:
    by_photo: dict[UUID, list[str]] = {}
    for it in page:
        with contextlib.suppress(ValueError):
            by_photo.setdefault(UUID(it.key.split("/")[-2]), []).append(it.key)
    async with hands.store.read() as db:
        unnamed = await _unnamed(db, municipality, by_photo)
    found: list[Stray] = []
    for photo in {photo for photo, _ in unnamed}:
        found += await _removed(hands, municipality, photo, [key for id, key in unnamed if id == photo])
    return found


async def _removed(hands: Hands, municipality: str, photo: UUID, keys: list[str]) -> list[Stray]:
    """Looked up once more under the upload's lock: what got its row meanwhile stays."""
    try:
        async with hands.uploads.hold(municipality, photo, wait=1.0):
            async with hands.store.read() as db:
                unnamed = await _unnamed(db, municipality, {photo: keys})
            for key in [key for (_, key), may_go in unnamed.items() if may_go]:
                await hands.blobs.remove(key)
            await hands.uploads.forget_lock(municipality, photo)  # while it is ours: another's is not ours to take
    except UploadBusy:
        return []
    return [Stray(key=key, is_removed=may_go) for (_, key), may_go in sorted(unnamed.items())]


async def _unnamed(db: Db, municipality: str, by_photo: dict[UUID, list[str]]) -> dict[tuple[UUID, str], bool]:
    """(photo, key) that no row names, and whether it may be removed."""
    rows = await records.load(db, municipality, Photo, by_photo)
    rest = [id for id in by_photo if id not in rows]
    erased = await erasures.among(db, municipality, rest)
    spoken_of = await operations.about(db, municipality, [id for id in rest if id not in erased])
    found: dict[tuple[UUID, str], bool] = {}
    for id, keys in by_photo.items():
        if id in spoken_of:
            continue
        named = _named(municipality, rows[id]) if id in rows else frozenset()
        for key in keys:
            if named is not None and key not in named:
                came = key == photos.received_key(municipality, id)
                found[id, key] = id in erased or not came
    return found


def _named(municipality: str, photo: Photo) -> frozenset[str] | None:
    """None while it is on its way or its copies are being made: nobody knows yet which they will be."""
    if photo.state in {PhotoState.DECLARED, PhotoState.RECEIVED}:
        return None
    small = [photos.small_key(municipality, photo.id, edge) for edge in photo.sizes]
    return frozenset((*small, photos.received_key(municipality, photo.id), photos.shown_key(municipality, photo.id)))


# ---------------------------------------------------------------- by hand


async def check(hands: Hands, only: str | None, now: datetime) -> AsyncIterator[Fault | Stray]:
    """All photos of one municipality, or of all."""
    async with hands.store.read() as db:
        places = await municipalities.all_ids(db)
    for place in places if only is None else [only]:
        async for fault in faults(hands, place, lambda _: True):
            yield fault
        async for stray in sweep(hands, place, now):
            yield stray
