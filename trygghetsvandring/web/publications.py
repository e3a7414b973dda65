"""What of a walk could be shown to everybody: each finding as everybody would read it, for a person to look at."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import publications as rules
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.open311_told import shown
from trygghetsvandring.domain.people import Act, Principal
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.publications import Publication, Release
from trygghetsvandring.domain.routing import BECOMES_TASK
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import municipalities, observations, photos, records
from trygghetsvandring.storage import publications as stored
from trygghetsvandring.sync import open311
from trygghetsvandring.sync.ops.publications import point_of
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound

_WAITS = frozenset({ObservationState.RECEIVED})
_NOT_READ = "…"  # stands where the words will be: nothing of it is stored or shown


async def release(request: Request) -> Response:
    """Nothing that is held back, social or not yet sorted is in the list; `left` says how many of each are not."""
    asker, id, now = routing.principal(request), routing.path_id(request), routing.now(request)
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        walk = await records.one(db, asker.municipality, Walk, id)
        if walk is None or here is None:
            raise NotFound()
        found = await observations.on_walk(db, asker.municipality, id)
        able = [each for each in found if rules.is_publishable(each)]
        before = {each.id: each for each in await stored.changed(db, asker.municipality, [it.id for it in able])}
        drafts = [_as_if_public(each, before.get(each.id), walk, asker, now) for each in able]
        behind = {it.found.id: it for it in await open311.behind(db, asker.municipality, drafts)}
        pictures = await photos.of(db, asker.municipality, [each.id for each in able])
    rows = []
    for each in able:
        told = shown(behind[each.id], here)
        if told is None:  # what is not read by everybody is not offered to be
            continue
        rows.append(
            {
                "id": each.id,
                "version": each.version,
                "number": each.number,
                "category": told.category.name if told.category else told.service_code,
                "stop_name": _stop_name(each, walk),
                "seen_at": each.seen_at,
                "notes": told.notes,
                "lat": told.lat,
                "lon": told.lon,
                **_pictures(each, pictures.get(each.id, [])),
                "publication": before.get(each.id),
            }
        )
    return routing.json({"walk_name": walk.name, "findings": rows, "left": _left(found)})


def _as_if_public(
    found: Observation, before: Publication | None, walk: Walk, asker: Principal, at: datetime
) -> Publication:
    if before is not None and before.state is Release.PUBLIC:
        return before
    return rules.release(
        "publication.publish",
        before,
        found,
        text=(before.text if before else "") or _NOT_READ,
        place_words="",
        point=point_of(found, walk),
        photos=(),
        by=asker.function,
        at=at,
    )


def _stop_name(found: Observation, walk: Walk) -> str:
    stop = walk.stop(found.stop) if found.stop is not None else None
    return stop.name if stop else ""


def _pictures(found: Observation, own: Sequence[Photo]) -> dict[str, object]:
    can: list[UUID] = [photo.id for photo in own if rules.is_showable(found, photo)]
    return {"photos": can, "photos_left": len(own) - len(can)}


def _left(found: Sequence[Observation]) -> dict[str, int]:
    """Why the others are not there: each is counted once, for the reason that weighs most."""
    left = {"held": 0, "social": 0, "unsorted": 0, "other": 0}
    for each in found:
        if rules.is_publishable(each):
            continue
        if each.state is ObservationState.WITHHELD:
            left["held"] += 1
        elif each.kind not in BECOMES_TASK:
            left["social"] += 1
        elif each.state in _WAITS:
            left["unsorted"] += 1
        else:
            left["other"] += 1
    return left


routes = [routing.route("/api/walks/{id:uuid}/release", release, methods=["GET"], act=Act.TRIAGE)]
