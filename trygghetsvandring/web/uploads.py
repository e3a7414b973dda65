"""Photos in: tus 1.0 with creation, at /uploads/.

An upload is its photo: the id is the photo's, the length and the digest are those that were declared, and how far it
has come is the length of its partial file. So there is nothing else to lose, and repeating any request is safe.
`Trygg-Photo: received` is said after the digest was equal, the bytes fsynced and the row committed; never before.

Extensions: `creation`. Not `expiration` (partial uploads wait for the retention decision), not `checksum` (the whole
photo's digest is declared before its first byte), not `termination` (a declared photo is not deleted by a phone).
"""

import asyncio
import binascii
import time
from base64 import b64decode
from pathlib import Path
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.people import Act, Principal
from trygghetsvandring.domain.photos import MOST_BYTES, Photo, PhotoDiffers, PhotoState, PhotoTooLarge, may_send
from trygghetsvandring.imaging.intake import Seen, look_at
from trygghetsvandring.storage import records
from trygghetsvandring.storage.disk import to_the_end
from trygghetsvandring.storage.photos import received_key
from trygghetsvandring.storage.uploads import Hold, UploadBusy
from trygghetsvandring.sync import wire
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, NotFound, problem

VERSION: Final = "1.0.0"
_HEADERS: Final = {"Tus-Resumable": VERSION, "Trygg-Protocol": str(wire.PROTOCOL), "Cache-Control": "no-store"}
_FLUSH_AT: Final = 128 * 1024
_LOOK_EVERY: Final = 0.25  # seconds between asking whether somebody newer wants this upload
_SILENT_FOR: Final = 60.0  # seconds without a byte


class PhotoNotDeclared(Refused):
    """No such photo, or not the asker's."""

    code = "photo_not_declared"


class TusVersion(Refused):
    code = "tus_version"


class WrongMediaType(Refused):
    code = "wrong_media_type"


class OffsetDiffers(Refused):
    code = "offset_differs"


class DigestDiffers(Refused):
    """Every byte came, and they are others than those declared. The upload starts again from nothing."""

    code = "digest_differs"


class ConnectionSilent(Refused):
    code = "connection_silent"


class PhotoRefused(Refused):
    """The photo's own code: not_a_photo, truncated, too_many_pixels, …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _tus(endpoint: routing.Endpoint) -> routing.Endpoint:
    """Every answer, a refusal too, says which protocol it speaks: a captive portal's does not."""

    async def answer(request: Request) -> Response:
        try:
            if request.headers.get("tus-resumable") != VERSION:
                raise TusVersion(version=VERSION)
            response = await endpoint(request)
        except Refused as refused:
            response = _refusal(refused)
        response.headers.update(_HEADERS)
        return response

    return answer


def _refusal(refused: Refused) -> Response:
    facts = refused.facts
    headers = {"Upload-Offset": facts.get("offset"), "Retry-After": facts.get("retry_after")}
    return problem(refused.code, facts, {name: str(value) for name, value in headers.items() if value is not None})


# ---------------------------------------------------------------- the three requests


async def offer(_request: Request) -> Response:
    headers = {"Tus-Version": VERSION, "Tus-Extension": "creation", "Tus-Max-Size": str(MOST_BYTES)}
    return Response(status_code=204, headers=_HEADERS | headers)


async def create(request: Request) -> Response:
    asker = routing.principal(request)
    told, length = _metadata(request), _number(request, "upload-length")
    if length > MOST_BYTES:
        raise PhotoTooLarge(bytes=length, most=MOST_BYTES)
    photo = await _own_photo(request, asker, _photo_id(told.get("photo")))
    if (length, told.get("sha256")) != (photo.bytes, photo.sha256):
        raise PhotoDiffers()
    if photo.state is PhotoState.REFUSED:
        raise PhotoRefused(photo.code or "photo_refused")
    uploads = routing.house(request).uploads
    async with uploads.hold(asker.municipality, photo.id):
        photo = await _own_photo(request, asker, photo.id)
        if not photo.has_arrived:
            await uploads.begin(asker.municipality, photo.id)
    return Response(status_code=201, headers={"Location": f"/uploads/{photo.id}"})


async def ask(request: Request) -> Response:
    """How far it has come. An upload whose last request died before it could finish is finished here."""
    asker, id = routing.principal(request), routing.path_id(request)
    await _own_photo(request, asker, id)
    async with routing.house(request).uploads.hold(asker.municipality, id):
        offset, photo = await _standing(request, asker, id)
    return Response(status_code=200, headers=_progress(offset, photo) | {"Upload-Length": str(photo.bytes)})


async def send(request: Request) -> Response:
    asker, id = routing.principal(request), routing.path_id(request)
    if request.headers.get("content-type") != "application/offset+octet-stream":
        raise WrongMediaType()
    claimed = _number(request, "upload-offset")
    await _own_photo(request, asker, id)
    async with routing.house(request).uploads.hold(asker.municipality, id) as hold:
        offset, photo = await _standing(request, asker, id)
        if claimed != offset:
            raise OffsetDiffers(offset=offset)
        if not photo.has_arrived:
            arrival = Arrival(request, asker, photo, offset, hold)
            offset = await arrival.take_all()
            offset, photo = await _standing(request, asker, id)
    return Response(status_code=204, headers=_progress(offset, photo))


def _progress(offset: int, photo: Photo) -> dict[str, str]:
    said = {"Trygg-Photo": "received"} if photo.has_arrived else {}
    return {"Upload-Offset": str(offset), **said}


# ---------------------------------------------------------------- bytes


class Arrival:
    """The bytes of one PATCH, written down as they come. Whoever makes one holds the upload's lock."""

    def __init__(self, request: Request, asker: Principal, photo: Photo, offset: int, hold: Hold) -> None:
        self._request = request
        self._uploads = routing.house(request).uploads
        self._municipality = asker.municipality
        self._photo = photo
        self._offset = offset
        self._hold = hold
        self._waiting = bytearray()

    async def take_all(self) -> int:
        """Until the request ends, dies, or is overtaken. What has come is kept in every case."""
        self._must_fit(int(self._request.headers.get("content-length") or 0))
        receiving = asyncio.ensure_future(self._request.receive())
        heard = time.monotonic()
        try:
            while True:
                await asyncio.wait({receiving}, timeout=_LOOK_EVERY)
                if receiving.done():
                    message, heard = receiving.result(), time.monotonic()
                    await self._take(message.get("body", b""))
                    if message["type"] == "http.disconnect" or not message.get("more_body", False):
                        break
                    receiving = asyncio.ensure_future(self._request.receive())
                if self._hold.is_wanted:
                    raise UploadBusy("a newer request has taken over")
                if time.monotonic() - heard > _SILENT_FOR:
                    raise ConnectionSilent()
        finally:
            receiving.cancel()
            await self._flush()
        return self._offset

    async def _take(self, piece: bytes) -> None:
        self._must_fit(len(self._waiting) + len(piece))
        self._waiting += piece
        if len(self._waiting) >= _FLUSH_AT:
            await self._flush()

    async def _flush(self) -> None:
        if self._waiting:
            content, self._waiting = bytes(self._waiting), bytearray()
            self._offset = await self._uploads.append(self._municipality, self._photo.id, self._offset, content)

    def _must_fit(self, more: int) -> None:
        if self._offset + more > self._photo.bytes:
            raise PhotoTooLarge(bytes=self._offset + more, most=self._photo.bytes)


async def _standing(request: Request, asker: Principal, id: UUID) -> tuple[int, Photo]:
    """How many bytes are here and what became of them; under the lock. Whole uploads are finished on the way."""
    photo = await _own_photo(request, asker, id)
    if photo.state is PhotoState.REFUSED:
        raise PhotoRefused(photo.code or "photo_refused")
    if photo.has_arrived:
        return photo.bytes, photo
    length = await routing.house(request).uploads.length(asker.municipality, id)
    if length is None:
        raise NotFound()
    if length < photo.bytes:
        return length, photo
    await _finish(request, asker, photo)
    return photo.bytes, await _own_photo(request, asker, id)


async def _finish(request: Request, asker: Principal, photo: Photo) -> None:
    """Digest → markers → fsync and rename → row. Any step may be the last one before a crash; all can be repeated."""
    house, municipality = routing.house(request), asker.municipality
    if await house.uploads.digest(municipality, photo.id) != photo.sha256:
        await house.uploads.start_over(municipality, photo.id)
        raise DigestDiffers(offset=0)
    file = house.uploads.file(municipality, photo.id)
    seen = await to_the_end(lambda: _looked_at(file))
    await house.blobs.take(file, received_key(municipality, photo.id))
    type = "photo.refused" if seen.is_refused else "photo.received"
    outcome = await house.engine.act(municipality, type, photo.id, {"code": seen.code}, routing.now(request))
    if outcome.outcome != "applied":
        raise Refused(f"{type} was {outcome.outcome}")
    await house.uploads.forget_lock(municipality, photo.id)
    if seen.code is not None and seen.is_refused:
        raise PhotoRefused(seen.code)


def _looked_at(file: Path) -> Seen:
    with file.open("rb") as opened:
        return look_at(opened)


# ---------------------------------------------------------------- what the request says


async def _own_photo(request: Request, asker: Principal, id: UUID) -> Photo:
    async with routing.house(request).store.read() as db:
        photo = await records.one(db, asker.municipality, Photo, id)
    if photo is None or not may_send(photo, asker):
        raise PhotoNotDeclared()
    return photo


def _number(request: Request, name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise BadParameter(name=name)
    return int(text)


def _metadata(request: Request) -> dict[str, str]:
    """`Upload-Metadata: photo <base64>,sha256 <base64>`."""
    pairs = (pair.strip().partition(" ") for pair in request.headers.get("upload-metadata", "").split(","))
    try:
        return {key: b64decode(value, validate=True).decode("ascii") for key, _, value in pairs if key}
    except (binascii.Error, UnicodeDecodeError):
        raise BadParameter(name="upload-metadata") from None


def _photo_id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise PhotoNotDeclared() from None


routes = [
    routing.route("/uploads/", offer, methods=["OPTIONS"], act=Act.PUBLIC),
    routing.route("/uploads/", _tus(create), methods=["POST"], act=Act.UPLOAD),
    routing.route("/uploads/{id:uuid}", _tus(ask), methods=["HEAD"], act=Act.UPLOAD),
    routing.route("/uploads/{id:uuid}", _tus(send), methods=["PATCH"], act=Act.UPLOAD),
]
