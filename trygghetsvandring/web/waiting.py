"""What waits for a person, as the desk lists it, and the photos of what waits.

A photo whose declaration waits may send its bytes: they are stored whole and sealed. Nothing looks into them, and no
copy is made, until somebody has let the declaration through.
"""

from dataclasses import replace
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Act, Device, Principal
from trygghetsvandring.domain.photos import Belongs, Photo, PhotoState, must_be_declarable
from trygghetsvandring.storage import held, photos, records
from trygghetsvandring.storage.blobs import Blobs
from trygghetsvandring.storage.buckets import StoreAway
from trygghetsvandring.storage.held import Held
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.ops.photos import Declare
from trygghetsvandring.sync.wire import Envelope
from trygghetsvandring.web import routing

_MOST = 500


def is_held(photo: Photo) -> bool:
    """Its declaration waits: there is no row of it, and a row's version is at least one."""
    return photo.version == 0


async def declared(db: Db, asker: Principal, id: UUID) -> Photo | None:
    """The photo that this phone has asked to declare, while somebody makes up their mind about it."""
    logged = await held.declaration(db, asker.municipality, asker.devices, id)
    if logged is None:
        return None
    body = msgspec.json.decode(msgspec.json.decode(logged.wire.encode(), type=Envelope).body, type=Declare)
    photo = Photo(
        id=id,
        version=0,
        of=Belongs(kind=body.of.kind, id=body.of.id),
        role=body.role,
        sha256=body.sha256,
        bytes=body.bytes,
        media_type=body.media_type[:40],
        width=body.width,
        height=body.height,
        masks=body.masks,
        checked=body.checked,
        taken_at=body.taken_at,
        device=logged.device,
        user=None,
        organisation=None,
        state=PhotoState.DECLARED,
    )
    return must_be_declarable(photo)


async def as_it_stands(blobs: Blobs, municipality: str, photo: Photo) -> Photo:
    """A held photo whose bytes are stored has come. Asked without the database: the store may be slow."""
    has_come = await blobs.size(photos.received_key(municipality, photo.id)) == photo.bytes
    return replace(photo, state=PhotoState.RECEIVED) if has_come else photo


# ---------------------------------------------------------------- at the desk

# What a person must see to decide; a presence entry stays behind its organisation's wall, and so does a photo.
_SHOWN = {
    "observation.record": ("category", "severity", "text", "place_words", "seen_at", "stop", "walk"),
    "observation.correct": ("category", "severity", "text", "place_words"),
    "observation.withdraw": ("reason",),
    "checklist.answer": ("item", "answer", "stop"),
    "feeling.answer": ("own", "counts", "stop"),
    "walk.hand_in": ("items",),
    "photo.declare": ("bytes", "taken_at"),
}


async def list_held(request: Request) -> Response:
    asker, house = routing.principal(request), routing.house(request)
    async with house.store.read() as db:
        found = await held.listed(db, asker.municipality, _MOST)
        count = await held.count(db, asker.municipality)
        ids = {it.logged.device for it in found if it.logged.device is not None}
        phones = await records.load(db, asker.municipality, Device, ids)
    rows = [await _row(it, phones, house.blobs, asker.municipality) for it in found]
    return routing.json({"held": rows, "count": count})


async def _row(it: Held, phones: dict[UUID, Device], blobs: Blobs, municipality: str) -> dict[str, object]:
    logged = it.logged
    phone = phones.get(logged.device) if logged.device is not None else None
    row: dict[str, object] = {
        "operation": logged.id,
        "device": logged.device,
        "alias": phone.alias if phone else "",
        "walk": phone.walk if phone else None,
        "type": logged.type,
        "entity": logged.entity,
        "at": logged.corrected_at,
        "received_at": it.since,
        "why": it.code,
        "said": _said(logged.type, logged.wire),
    }
    if logged.type == "photo.declare":
        row["here"] = await _is_here(blobs, photos.received_key(municipality, logged.entity))
    return row


async def _is_here(blobs: Blobs, key: str) -> bool:
    """Not as far as anybody can tell, while the store is away: the list goes on."""
    try:
        return await blobs.size(key) is not None
    except StoreAway:
        return False


def _said(type: str, wire: str) -> dict[str, object]:
    body: dict[str, object] = msgspec.json.decode(wire.encode())["body"]
    return {name: body[name] for name in _SHOWN.get(type, ()) if name in body}


routes = [routing.route("/api/held", list_held, methods=["GET"], act=Act.DECIDE_HELD)]
