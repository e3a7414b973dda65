"""Photos whose bytes came before anybody had said that they might: taken in once their declaration is let through."""

import io
from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.photos import Photo, PhotoState
from trygghetsvandring.imaging.intake import look_at
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import photos, records
from trygghetsvandring.storage.disk import to_the_end
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "photo.arrived"


class Arrived(msgspec.Struct, kw_only=True):
    photo: UUID


@handles(KIND, Lane.PHOTOS)
async def arrived(context: Context, job: Waiting) -> None:
    """Nothing to do when the bytes are not here: the phone, or the file they come by, brings them."""
    id = msgspec.json.decode(job.body, type=Arrived).photo
    async with context.store.read() as db:
        photo = await records.one(db, job.municipality, Photo, id)
    if photo is None or photo.state is not PhotoState.DECLARED:
        return
    key = photos.received_key(job.municipality, id)
    if await context.blobs.digest(key) != photo.sha256:
        return
    content = await context.blobs.read(key) or b""
    seen = await to_the_end(lambda: look_at(io.BytesIO(content)))
    type = "photo.refused" if seen.is_refused else "photo.received"
    await context.engine.act(job.municipality, type, id, {"code": seen.code}, context.clock())
