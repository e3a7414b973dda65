"""Received photos become shown ones: decoded in the capped child, with their small copies, or refused with a code."""

import hashlib
from io import BytesIO
from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.erasures import Erased
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.photos import Photo, PhotoState
from trygghetsvandring.imaging import conceal, derivatives
from trygghetsvandring.imaging.derivatives import Copy, Unmade
from trygghetsvandring.imaging.intake import look_at
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import photos, records
from trygghetsvandring.storage.disk import to_the_end
from trygghetsvandring.storage.queue import Waiting

KIND: Final = "photo.derive"


class Derive(msgspec.Struct, kw_only=True):
    photo: UUID


class BytesLost(Refused):
    """What is stored is not what was received. Somebody must look: the disk or the store has lost it."""

    code = "bytes_lost"


class NotTaken(Refused):
    """The engine did not take what the server said about its own photo."""

    code = "not_taken"


@handles(KIND, Lane.PHOTOS)
async def derive(context: Context, job: Waiting) -> None:
    id = msgspec.json.decode(job.body, type=Derive).photo
    async with context.store.read() as db:
        photo = await records.one(db, job.municipality, Photo, id)
    if photo is None or photo.state is not PhotoState.RECEIVED:
        return
    content = await _received(context, job.municipality, photo)
    unmade = await (_sealed if photo.is_sealed else _plain)(context, job.municipality, photo, content)
    if unmade is not None:
        await _say(context, job.municipality, photo, "photo.refused", {"code": unmade.code})


async def _received(context: Context, municipality: str, photo: Photo) -> bytes:
    content = await context.blobs.read(photos.received_key(municipality, photo.id))
    if content is None or await to_the_end(lambda: hashlib.sha256(content).hexdigest()) != photo.sha256:
        raise BytesLost("the stored bytes are not the received ones", photo=str(photo.id))
    return content


async def _plain(context: Context, municipality: str, photo: Photo, content: bytes) -> Unmade | None:
    """Inside the allow-list: the bytes themselves are shown, and small copies beside them."""
    header = (await to_the_end(lambda: look_at(BytesIO(content)))).header
    width, height = (header.width, header.height) if header else (photo.width, photo.height)
    made = await derivatives.make(content, width, height)
    if isinstance(made, Unmade):
        return made
    await _accept(context, municipality, photo, photo.sha256, made.copies)
    return None


async def _sealed(context: Context, municipality: str, photo: Photo, content: bytes) -> Unmade | None:
    """Outside it: only copies are ever shown."""
    concealed = await conceal.conceal(content)
    if isinstance(concealed, Unmade):
        return concealed
    await context.blobs.keep(photos.shown_key(municipality, photo.id), concealed.copy.content)
    await _accept(context, municipality, photo, concealed.stored_sha256, (concealed.small,))
    return None


async def _accept(
    context: Context, municipality: str, photo: Photo, shown_sha256: str, copies: tuple[Copy, ...]
) -> None:
    for copy in copies:
        await context.blobs.keep(photos.small_key(municipality, photo.id, copy.edge), copy.content)
    body: dict[str, object] = {"shown_sha256": shown_sha256, "sizes": [copy.edge for copy in copies]}
    await _say(context, municipality, photo, "photo.accepted", body)


async def _say(context: Context, municipality: str, photo: Photo, type: str, body: dict[str, object]) -> None:
    outcome = await context.engine.act(municipality, type, photo.id, body, context.clock())
    if outcome.code == Erased.code:  # removed while it was decoded: what was made of it goes too
        await context.blobs.remove_all(photos.received_key(municipality, photo.id).rpartition("/")[0])
        return
    if outcome.outcome != "applied":
        raise NotTaken(f"{type} was {outcome.outcome}", code=outcome.code)
