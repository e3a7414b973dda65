"""Photos in: tus 1.0 at /uploads/, with creation, creation-with-upload, checksum, expiration and termination.

An upload is its photo: the id is the photo's, the length and the digest are those that were declared, and how far it
has come is the length of its partial file. So there is nothing else to lose, and repeating any request is safe.
`Trygg-Photo: received` is said after the digest was equal, the bytes fsynced and the row committed; never before.

An upload can be created at its own address too, `POST /uploads/<photo>`, by a client that has nothing to say in
`Upload-Metadata`. What is said there beside the photo and its digest is not kept: a file's name may name somebody.
Unfinished bytes go by the nämnd's decision, and `Upload-Expires` says when. A photo that is here is no upload any more,
and nobody terminates it: it is a document.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from trygghetsvandring.domain import uploads as rules
from trygghetsvandring.domain.erasures import Erased, Register, Series, coordination, register_id
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.people import Act, Device, Principal
from trygghetsvandring.domain.photos import (
    MEDIA_TYPES,
    MOST_BYTES,
    Photo,
    PhotoDiffers,
    PhotoState,
    PhotoTooLarge,
    may_send,
)
from trygghetsvandring.domain.uploads import Begun
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.imaging.intake import NOT_A_PHOTO
from trygghetsvandring.storage import erasures, municipalities, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import arrivals
from trygghetsvandring.web import access, pieces, routing, tus, waiting
from trygghetsvandring.web.errors import NotFound
from trygghetsvandring.web.tus import OffsetDiffers


class PhotoNotDeclared(Refused):
    """No such photo, or not the asker's."""

    code = "photo_not_declared"


class PhotoArrived(Refused):
    """Not an upload any more: what has arrived goes by a decision and not by its sender."""

    code = "photo_arrived"


class PhotoRefused(Refused):
    """The photo's own code: not_a_photo, truncated, too_many_pixels, …"""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Standing:
    """How many bytes of the photo are here, and whether it is received with them."""

    photo: Photo
    offset: int
    is_received: bool = False


# ---------------------------------------------------------------- the requests


async def offer(_request: Request) -> Response:
    return tus.offer()


async def create(request: Request) -> Response:
    asker, uploads = routing.principal(request), routing.house(request).uploads
    told, length, checksum = tus.metadata(request), tus.length(request), tus.checksum(request)
    if tus.has_body(request):
        tus.must_be_bytes(request)
    if length > MOST_BYTES:
        raise PhotoTooLarge(bytes=length, most=MOST_BYTES)
    photo = await _own_photo(request, asker, _photo_id(request, told))
    _must_be_as_declared(photo, told, length)
    async with uploads.hold(asker.municipality, photo.id, since=request.state.came) as hold:
        here = await _begun(request, asker, photo)
        if tus.has_body(request) and not here.offset:
            await pieces.take(request, uploads, hold, asker.municipality, photo, 0, checksum)
            here = await _standing(request, asker, photo)
    headers = {"Location": f"/uploads/{photo.id}", **await _progress(request, asker, here)}
    return Response(status_code=201, headers=headers)


async def ask(request: Request) -> Response:
    """How far it has come. An upload whose last request died before it could finish is finished here."""
    asker = routing.principal(request)
    photo = await _own_photo(request, asker, routing.path_id(request))
    async with routing.house(request).uploads.hold(asker.municipality, photo.id, since=request.state.came):
        here = await _standing(request, asker, photo)
    told = tus.written({"photo": str(photo.id), "sha256": photo.sha256})
    headers = {"Upload-Length": str(photo.bytes), "Upload-Metadata": told}
    return Response(status_code=200, headers=headers | _told(here))


async def send(request: Request) -> Response:
    asker, uploads = routing.principal(request), routing.house(request).uploads
    tus.must_be_bytes(request)
    claimed, checksum = tus.number(request, "upload-offset"), tus.checksum(request)
    photo = await _own_photo(request, asker, routing.path_id(request))
    async with uploads.hold(asker.municipality, photo.id, since=request.state.came) as hold:
        here = await _standing(request, asker, photo)
        if claimed != here.offset:
            raise OffsetDiffers(offset=here.offset)
        if not here.is_received:
            await pieces.take(request, uploads, hold, asker.municipality, photo, here.offset, checksum)
            here = await _standing(request, asker, photo)
    return Response(status_code=204, headers=await _progress(request, asker, here))


async def end(request: Request) -> Response:
    """Given up by its sender. The photo stays declared, and its upload may be created anew."""
    asker, uploads = routing.principal(request), routing.house(request).uploads
    photo = await _own_photo(request, asker, routing.path_id(request))
    async with uploads.hold(asker.municipality, photo.id, since=request.state.came):
        if (await _standing(request, asker, photo)).is_received:
            raise PhotoArrived()
        await uploads.end(asker.municipality, photo.id)
        await uploads.forget_lock(asker.municipality, photo.id)
    return Response(status_code=204)


def _told(here: Standing) -> dict[str, str]:
    said = {"Trygg-Photo": "received"} if here.is_received else {}
    return {"Upload-Offset": str(here.offset), **said}


async def _progress(request: Request, asker: Principal, here: Standing) -> dict[str, str]:
    """Where it stands, and when that goes if it is not whole by then."""
    if here.is_received:
        return _told(here)
    touched = routing.house(request).uploads.touched(asker.municipality, here.photo.id)
    at = rules.expires(touched, here.offset, await _keep_days(request, asker) if here.offset else None)
    return _told(here) if at is None else _told(here) | {"Upload-Expires": tus.moment(at)}


async def _keep_days(request: Request, asker: Principal) -> int | None:
    """How long the nämnd has decided that half a photo is kept; None before it has."""

    async def decided(db: Db) -> int | None:
        place = await municipalities.municipality(db, asker.municipality)
        assert place is not None
        register = await records.one(db, place.id, Register, register_id(place.id, coordination(place)))
        rule = None if register is None else register.keeps(Series.PARTIAL)
        return None if rule is None else rule.keep_days

    return await routing.house(request).store.at_once(decided)


# ---------------------------------------------------------------- how it stands, under the lock


async def _begun(request: Request, asker: Principal, photo: Photo) -> Standing:
    """As it stands, and begun if it was not."""
    uploads = routing.house(request).uploads
    if await uploads.length(asker.municipality, photo.id) is None:
        photo = await _own_photo(request, asker, photo.id)
        if photo.state is PhotoState.DECLARED:
            others = await uploads.begin(asker.municipality, photo.id, room_for=rules.SURE)
            if others is not None:
                await _must_have_room(request, asker, photo, others)
                await uploads.begin(asker.municipality, photo.id)
            return Standing(photo, 0)
    return await _standing(request, asker, photo)


async def _standing(request: Request, asker: Principal, photo: Photo) -> Standing:
    """Whole uploads are finished on the way. While its file is here, nobody else has finished it."""
    length = await routing.house(request).uploads.length(asker.municipality, photo.id)
    if photo.state is PhotoState.DECLARED and length is not None and length < photo.bytes:
        return Standing(photo, length)
    if length is None or waiting.is_held(photo) or photo.state is not PhotoState.DECLARED:
        photo = await _own_photo(request, asker, photo.id)
    if photo.state is PhotoState.REFUSED:
        raise PhotoRefused(photo.code or "photo_refused")
    if not photo.has_arrived:
        if length is None:
            raise NotFound()
        await _finish(request, asker, photo)
    return Standing(photo, photo.bytes, is_received=True)


async def _finish(request: Request, asker: Principal, photo: Photo) -> None:
    house, municipality = routing.house(request), asker.municipality
    if waiting.is_held(photo):  # nobody says anything of it before somebody has said that it may be here
        await arrivals.put_away(house.blobs, house.uploads, municipality, photo)
        return
    now = routing.now(request)
    seen = await arrivals.receive(house.engine, house.blobs, house.uploads, municipality, photo, now)
    if seen.code is not None and seen.is_refused:
        raise PhotoRefused(seen.code)


async def _must_have_room(request: Request, asker: Principal, photo: Photo, others: Iterable[UUID]) -> None:
    house, here = routing.house(request), set(others)

    async def whose(db: Db) -> list[Begun]:
        rows = await records.load(db, asker.municipality, Photo, here)
        phones = {row.device for row in rows.values() if row.device is not None}
        devices = await records.load(db, asker.municipality, Device, phones)
        walks = {device.id: device.walk for device in devices.values()}
        unknown = [Begun(None, None, MOST_BYTES) for id in here if id not in rows]
        known = [
            Begun(row.device or row.user, row.device and walks.get(row.device), row.bytes) for row in rows.values()
        ]
        return known + unknown

    new = Begun(photo.device or photo.user, asker.walk, photo.bytes)
    rules.must_have_room(new, await house.store.at_once(whose))


# ---------------------------------------------------------------- who asks, and which photo


async def _who(request: Request, it: routing.House) -> tuple[Principal | None, bool]:
    """Who asks and the photo they ask about: of a phone on a walk in one question."""
    request.state.photo = None
    token, id = access.bearer(request), _named(request)
    if token is not None and id is not None:
        found = await it.glances.sender(digest(token), id)
        if found is None:
            return None, False
        (municipality, device), photo = found
        if device.kind == "walk":
            request.state.photo = photo
            return access.of_walker(municipality, device, it.clock()), False
    return await access.who(request, it.store, it.clock(), demo=it.settings.demo)


async def _own_photo(request: Request, asker: Principal, id: UUID) -> Photo:
    """As it was when the asker was let in, the first time; after that as it is now."""
    photo: Photo | None = request.state.photo
    request.state.photo = None
    if photo is None:
        photo = await _photo_now(request, asker, id) or await _waiting_photo(request, asker, id)
    if photo is None or not may_send(photo, asker):
        raise PhotoNotDeclared()
    return photo


async def _photo_now(request: Request, asker: Principal, id: UUID) -> Photo | None:
    it, token = routing.house(request), access.bearer(request)
    if token is not None:
        found = await it.glances.sender(digest(token), id)
        return None if found is None else found[1]
    return await it.store.at_once(lambda db: records.one(db, asker.municipality, Photo, id))


async def _waiting_photo(request: Request, asker: Principal, id: UUID) -> Photo | None:
    """One whose declaration waits for a person; None when nobody declared it."""
    async with routing.house(request).store.read() as db:
        photo = await waiting.declared(db, asker, id)
        gone = {} if photo is not None else await erasures.among(db, asker.municipality, [id])
    if photo is not None:
        photo = await waiting.as_it_stands(routing.house(request).blobs, asker.municipality, photo)
    if id in gone:
        raise Erased(reason=gone[id])
    return photo


def _named(request: Request) -> UUID | None:
    """The photo a request is about, as far as can be told before anybody is let in."""
    try:
        return _photo_id(request, tus.metadata(request))
    except Refused:
        return None


def _photo_id(request: Request, told: dict[str, str]) -> UUID:
    if "id" in request.path_params:
        return routing.path_id(request)
    try:
        return UUID(told.get("photo", ""))
    except ValueError:
        raise PhotoNotDeclared() from None


def _must_be_as_declared(photo: Photo, told: dict[str, str], length: int) -> None:
    """What need not be said may be left out; what is said must be what was declared."""
    declared = {"photo": str(photo.id), "sha256": photo.sha256, "filetype": photo.media_type}
    differs = any(told.get(key, value) != value for key, value in declared.items())
    if differs or length != photo.bytes:
        raise PhotoDiffers()
    if photo.state is PhotoState.REFUSED:
        raise PhotoRefused(photo.code or "photo_refused")
    if photo.media_type not in MEDIA_TYPES:
        raise PhotoRefused(NOT_A_PHOTO)


def _route(path: str, endpoint: routing.Endpoint, method: str) -> Route:
    return routing.route(path, tus.answering(endpoint), methods=[method], act=Act.UPLOAD, who=_who, delivers=True)


_ONE: Final = "/uploads/{id:uuid}"
routes = [
    routing.route("/uploads/", offer, methods=["OPTIONS"], act=Act.PUBLIC),
    routing.route(_ONE, offer, methods=["OPTIONS"], act=Act.PUBLIC),
    _route("/uploads/", create, "POST"),
    _route(_ONE, create, "POST"),
    _route(_ONE, ask, "HEAD"),
    _route(_ONE, send, "PATCH"),
    _route(_ONE, end, "DELETE"),
]
