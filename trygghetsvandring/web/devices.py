"""Phones that are not done: what each promised and has not sent, on one walk or on all."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import devices
from trygghetsvandring.domain.people import Act, Device
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import devices as stored
from trygghetsvandring.storage import held, people, records
from trygghetsvandring.storage.devices import Here
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import arrivals
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter

HEARD_OF = timedelta(days=400)
"""A phone nobody has heard of for so long reads no answers either; its walk's own page still names it."""


async def on_walk(db: Db, municipality: str, walk: UUID) -> list[dict[str, Any]]:
    """Every phone of the walk, in the order they joined. An id that went on as another is that other one."""
    found = await people.on_walk(db, municipality, walk)
    return await _rows(db, municipality, found)


async def _rows(db: Db, municipality: str, found: list[Device]) -> list[dict[str, Any]]:
    here = await stored.here(db, municipality, [device.id for device in found])
    rows = [_row(device, here[device.id]) for device in found]
    kept = [row for row in rows if row["replaced_by"] is None or not_done(row)]
    joined: dict[UUID | None, int] = {}
    for row in kept:
        joined[row["walk"]] = row["number"] = joined.get(row["walk"], 0) + 1
    return kept


def _row(device: Device, here: Here) -> dict[str, Any]:
    missing = devices.missing(device, here.gaps, here.received)
    return {
        "id": device.id,
        "version": device.version,
        "kind": device.kind,
        "walk": device.walk,
        "alias": device.alias,
        "joined_at": device.joined_at,
        "last_seen_at": device.last_seen_at,
        "drafts": device.drafts,
        "needs_you": device.needs_you,
        "kept": device.kept,
        "handed_in_at": device.handed_in_at,
        "missing": missing,
        "missing_operations": devices.count(missing),
        "photos": here.photos,
        "missing_photos": here.missing_photos,
        "held": here.held,
        "replaced_by": device.replaced_by,
        "revoked_at": device.revoked_at,
        "revoked_by": device.revoked_by,
        "revoked_reason": device.revoked_reason,
    }


def not_done(phone: dict[str, Any]) -> bool:
    """Something is known to be left on this phone: drafts, or promised operations or photos that have not come."""
    return any(phone[name] for name in ("drafts", "needs_you", "missing_operations", "missing_photos"))


async def list_phones(request: Request) -> Response:
    """Of all walks: those that are not done. Of one walk: all of it, so that a phone can be shut."""
    asker, walk = routing.principal(request), _walk(request)
    async with routing.house(request).store.read() as db:
        if walk is None:
            since = routing.now(request) - HEARD_OF
            rows = await _rows(db, asker.municipality, await stored.phones(db, asker.municipality, since))
            rows = [row for row in rows if not_done(row) or row["revoked_at"] is not None]
        else:
            rows = await on_walk(db, asker.municipality, walk)
        walks = await records.load(db, asker.municipality, Walk, {row["walk"] for row in rows if row["walk"]})
        waiting = await held.count(db, asker.municipality)
        whole = await arrivals.whole(db, routing.house(request).uploads, asker.municipality)
    for row in rows:
        row["walk_name"] = walks[row["walk"]].name if row["walk"] in walks else ""
    rows.sort(key=lambda row: row["last_seen_at"], reverse=True)
    not_ready = sum(1 for row in rows if not_done(row))
    said = {"phones": rows, "not_done": not_ready, "held": waiting}
    return routing.json({**said, "photos_wait": len(whole), "store_silent_since": _silent_since(request)})


def _silent_since(request: Request) -> datetime | None:
    silent_for = routing.house(request).blobs.silent_for
    return None if silent_for is None else routing.now(request) - timedelta(seconds=silent_for)


def _walk(request: Request) -> UUID | None:
    asked = request.query_params.get("walk")
    if not asked:
        return None
    try:
        return msgspec.convert(asked, type=UUID)
    except msgspec.ValidationError:
        raise BadParameter(name="walk") from None


routes = [routing.route("/api/phones", list_phones, methods=["GET"], act=Act.READ_PHONES)]
