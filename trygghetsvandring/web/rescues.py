"""Rescue files at the desk: read to the end first, then taken in through the one door, then kept as they came.

What was handed in on the phone is decided at once, with its own ids: importing twice, or importing and then sending
after all, changes nothing. A draft was never handed in: it is shown, and taken in only when somebody says so. A photo
that nobody has looked over stays sealed in the file.
"""

import asyncio
import contextlib
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import devices
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Act, Device, Principal
from trygghetsvandring.domain.photos import Photo, PhotoState
from trygghetsvandring.domain.rescues import (
    MOST_BYTES,
    Manifest,
    Rescue,
    RescueElsewhere,
    RescueTooLarge,
)
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import municipalities, records, rescues
from trygghetsvandring.storage.blobs import digest_of
from trygghetsvandring.storage.buckets import StoreAway
from trygghetsvandring.storage.disk import full_disk_is_a_refusal, to_the_end
from trygghetsvandring.storage.rescues import Imported
from trygghetsvandring.storage.seals import Keys
from trygghetsvandring.sync import arrivals
from trygghetsvandring.sync.rescues import Piece, pieces, read
from trygghetsvandring.sync.wire import Outcome
from trygghetsvandring.web import access, drafts, routing, waiting
from trygghetsvandring.web.errors import NotFound
from trygghetsvandring.web.routing import House

_MINTED = UUID("6f1c0c1e-6a0a-4f0e-9d53-7c1d3f6b2a10")  # names of the operations made of drafts


class RescueDeviceUnknown(Refused):
    """No phone of this municipality has that id."""

    code = "rescue_device_unknown"


class Take(msgspec.Struct, kw_only=True):
    drafts: list[UUID]


def keys(house: House) -> Keys:
    return Keys(house.settings.data_dir / "rescue-keys")


async def public_key(request: Request) -> Response:
    """Fetched once by every phone while it has a network, and kept."""
    asker, house = routing.principal(request), routing.house(request)
    name, key = await to_the_end(lambda: keys(house).public(asker.municipality))
    return routing.json({"municipality": asker.municipality, "key": name, "spki": key})


# ---------------------------------------------------------------- the file comes


async def take_in(request: Request) -> Response:
    asker, house = routing.principal(request), routing.house(request)
    file = await _arrive(request, house, asker.municipality)
    try:
        it = await to_the_end(lambda: _read(house, asker.municipality, file))
        who = await _maker(request, asker.municipality, it.manifest)
        sha256 = await to_the_end(lambda: digest_of(file)) or ""
        imported = await _noted(request, asker, it.manifest, sha256)
        outcomes = await house.engine.take_in(who, it.operations, routing.now(request))
        taken = await _photos(request, who, file)
        await house.blobs.take(file, rescues.sealed_key(asker.municipality, imported.id))
    finally:
        await asyncio.to_thread(file.unlink, missing_ok=True)
    report = {"operations": _counted(outcomes), "photos": taken, "held": who.held}
    return routing.json({**await _told(request, asker, imported, it), **report}, status=201)


async def _arrive(request: Request, house: House, municipality: str) -> Path:
    folder = house.settings.data_dir / "partial" / municipality
    file: Path = folder / f"rescue-{uuid7()}.part"
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    size = 0
    try:
        with contextlib.closing(await asyncio.to_thread(file.open, "wb")) as out:
            async for part in request.stream():
                size += len(part)
                if size > MOST_BYTES:
                    raise RescueTooLarge(most=MOST_BYTES)
                with full_disk_is_a_refusal():
                    await asyncio.to_thread(out.write, part)
            await asyncio.to_thread(_flush, out)
    except BaseException:
        await asyncio.to_thread(file.unlink, missing_ok=True)
        raise
    return file


def _flush(out: Any) -> None:
    with full_disk_is_a_refusal():
        out.flush()
        os.fsync(out.fileno())


def _read(house: House, municipality: str, file: Path) -> Rescue:
    with file.open("rb") as opened:
        rescue = read(keys(house).opened(municipality, opened))
    if rescue.manifest.municipality != municipality:
        raise RescueElsewhere()
    return rescue


async def _maker(request: Request, municipality: str, manifest: Manifest) -> Principal:
    """The phone that made the file, as it would stand at the door. Without a sign that it did: a person looks."""
    house = routing.house(request)
    async with house.store.read() as db:
        device = await records.one(db, municipality, Device, manifest.device)
        if device is None or device.kind == "desk":
            raise RescueDeviceUnknown()
        who = await access.of_device(db, municipality, device, routing.now(request), demo=house.settings.demo)
    if who is None:
        raise RescueDeviceUnknown()
    return who if is_proven(device, manifest) else replace(who, held=who.held or devices.UNPROVEN)


def is_proven(device: Device, manifest: Manifest) -> bool:
    by_key = bool(manifest.key) and digest(manifest.key) == device.key_hash
    return by_key or (bool(manifest.token) and digest(manifest.token) == device.token_hash)


async def _noted(request: Request, asker: Principal, manifest: Manifest, sha256: str) -> Imported:
    """One row for one file, however often it comes."""
    house, now = routing.house(request), routing.now(request)
    it = Imported(id=uuid7(), sha256=sha256, device=manifest.device, imported_at=now, imported_by=asker.function[:120])
    async with house.store.write() as db:
        await rescues.note(db, asker.municipality, it)
        known = await rescues.by_digest(db, asker.municipality, sha256)
    assert known is not None
    if known.id == it.id:
        await _log(request, asker, it, [])
    return known


async def _log(request: Request, asker: Principal, it: Imported, drafts: list[UUID]) -> None:
    body = {"sha256": it.sha256, "device": it.device, "drafts": drafts}
    by = replace(asker, device=None)
    engine, now = routing.house(request).engine, routing.now(request)
    await engine.act(asker.municipality, "rescue.import", it.id, body, now, actor=by)


def _counted(outcomes: list[Outcome]) -> dict[str, int]:
    counted = {"applied": 0, "repeated": 0, "held": 0, "deferred": 0, "rejected": 0}
    for outcome in outcomes:
        word = outcome.outcome
        counted["held" if word == "deferred" and outcome.code == "held" else word] += 1
    return counted


# ---------------------------------------------------------------- photos


async def _photos(request: Request, who: Principal, file: Path) -> dict[str, int]:
    """Those that were declared: taken, or here already. The rest stays sealed in the file."""
    house = routing.house(request)
    counted = {"taken": 0, "here": 0, "sealed": 0}
    with contextlib.closing(await asyncio.to_thread(file.open, "rb")) as opened:
        found: Iterator[Piece] = pieces(keys(house).opened(who.municipality, opened))
        while (piece := await to_the_end(partial(next, found, None))) is not None:
            record, content = piece
            if record.photo is not None and content is not None:
                counted[await _photo(request, who, record.photo.id, record.photo.sha256, content)] += 1
    return counted


async def _photo(request: Request, who: Principal, id: UUID, sha256: str, content: bytes) -> str:
    house, municipality = routing.house(request), who.municipality
    async with house.uploads.hold(municipality, id):
        async with house.store.read() as db:
            photo = await records.one(db, municipality, Photo, id)
            if photo is None:
                photo = await waiting.declared(db, who, id)
        if photo is not None and waiting.is_held(photo):
            photo = await waiting.as_it_stands(house.blobs, municipality, photo)
        if photo is None or photo.sha256 != sha256 or not who.is_me(photo.device):
            return "sealed"
        if photo.state is not PhotoState.DECLARED:
            return "here"
        await arrivals.bring(house.uploads, municipality, id, content)
        with contextlib.suppress(StoreAway):  # flushed where it is; the server stores it by itself
            if waiting.is_held(photo):
                await arrivals.put_away(house.blobs, house.uploads, municipality, photo)
            else:
                now = routing.now(request)
                await arrivals.receive(house.engine, house.blobs, house.uploads, municipality, photo, now)
        return "taken"


# ---------------------------------------------------------------- drafts


async def list_rescues(request: Request) -> Response:
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        found = await rescues.newest(db, asker.municipality, 50)
        phones = await records.load(db, asker.municipality, Device, {it.device for it in found})
    rows = [{**_file(it), "alias": phones[it.device].alias if it.device in phones else ""} for it in found]
    return routing.json({"rescues": rows})


async def one_rescue(request: Request) -> Response:
    asker = routing.principal(request)
    imported, it = await _kept(request, asker)
    return routing.json(await _told(request, asker, imported, it))


async def take_drafts(request: Request) -> Response:
    """Handed in by a person at the desk instead of by the one who wrote them; the log says who."""
    asker, asked = routing.principal(request), await routing.read(request, Take)
    imported, it = await _kept(request, asker)
    wanted = set(asked.drafts)
    who = replace(await _maker(request, asker.municipality, it.manifest), held="")
    async with routing.house(request).store.read() as db:
        place = await municipalities.municipality(db, asker.municipality)
    assert place is not None
    chosen = [draft for draft in it.drafts if drafts.id_of(draft) in wanted]
    made = [op for draft in chosen for op in drafts.operations(draft, it.photos, place, partial(uuid5, _MINTED))]
    await _log(request, asker, imported, sorted(wanted))
    outcomes = await routing.house(request).engine.take_in(who, made, routing.now(request))
    file = await _opened(request, asker.municipality, imported)
    try:
        taken = await _photos(request, who, file)
    finally:
        await asyncio.to_thread(file.unlink, missing_ok=True)
    report = {"operations": _counted(outcomes), "photos": taken}
    return routing.json({**await _told(request, asker, imported, it), **report})


async def _kept(request: Request, asker: Principal) -> tuple[Imported, Rescue]:
    house, id = routing.house(request), routing.path_id(request)
    async with house.store.read() as db:
        imported = await rescues.by_id(db, asker.municipality, id)
    if imported is None:
        raise NotFound()
    file = await _opened(request, asker.municipality, imported)
    try:
        return imported, await to_the_end(lambda: _read(house, asker.municipality, file))
    finally:
        await asyncio.to_thread(file.unlink, missing_ok=True)


async def _opened(request: Request, municipality: str, it: Imported) -> Path:
    """A copy of the sealed file to read from; sealed it stays, here too."""
    house = routing.house(request)
    content = await house.blobs.read(rescues.sealed_key(municipality, it.id))
    if content is None:
        raise NotFound()
    file: Path = house.settings.data_dir / "partial" / municipality / f"rescue-{uuid7()}.part"
    await asyncio.to_thread(file.parent.mkdir, parents=True, exist_ok=True)
    await to_the_end(lambda: file.write_bytes(content))
    return file


def _file(it: Imported) -> dict[str, Any]:
    return {"id": it.id, "device": it.device, "imported_at": it.imported_at, "imported_by": it.imported_by}


async def _told(request: Request, asker: Principal, imported: Imported, it: Rescue) -> dict[str, Any]:
    made_at: datetime = it.manifest.made_at
    async with routing.house(request).store.read() as db:
        device = await records.one(db, asker.municipality, Device, imported.device)
        rows = await drafts.listed(db, asker.municipality, it)
    return {**_file(imported), "alias": device.alias if device else "", "made_at": made_at, "drafts": rows}


routes = [
    routing.route("/api/rescue-key", public_key, methods=["GET"], act=Act.SYNC, delivers=True),
    routing.route("/api/rescues", list_rescues, methods=["GET"], act=Act.RESCUE),
    routing.route("/api/rescues", take_in, methods=["POST"], act=Act.RESCUE),
    routing.route("/api/rescues/{id:uuid}", one_rescue, methods=["GET"], act=Act.RESCUE),
    routing.route("/api/rescues/{id:uuid}/drafts", take_drafts, methods=["POST"], act=Act.RESCUE),
]
