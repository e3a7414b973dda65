"""Photos out: only accepted ones, only to those who may see them, never through a cache."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.photos import Photo, PhotoOf, PhotoState, may_see
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.imaging.derivatives import LARGE, SMALL
from trygghetsvandring.storage import photos, records
from trygghetsvandring.storage.blobs import Blobs
from trygghetsvandring.storage.records import E
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, NotFound

_HEADERS: Final = {
    "Cache-Control": "private, no-store",
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": "inline",
    # Opened by itself, even a file that is two things at once runs nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


async def show(request: Request) -> Response:
    """`size=320` is for lists, `full` for looking."""
    asker, house = routing.principal(request), routing.house(request)
    size = request.query_params.get("size", str(SMALL))
    if size not in {str(SMALL), "full"}:
        raise BadParameter(name="size")
    async with house.store.read() as db:
        photo = await records.one(db, asker.municipality, Photo, routing.path_id(request))
        tasks, findings = await _about(db, asker.municipality, photo) if photo else ((), ())
        is_held_back = photo is not None and await _is_held_back(db, asker.municipality, photo)
        is_revisited = photo is not None and not is_held_back and await _is_revisited(db, asker, photo)
    if photo is None or not (is_revisited or may_see(photo, asker, tasks=tasks, findings=findings)):
        raise NotFound()
    key = _key(asker.municipality, photo, is_full=size == "full")
    # For a picture on a page only: a script's question carries who asks, and that is told to nobody else. What is
    # sealed or held back is handed out by us, every time, after we have looked who asks.
    if not (is_held_back or photo.is_sealed) and request.headers.get("sec-fetch-dest") == "image":
        link = await house.blobs.link(key) if photo.state is PhotoState.ACCEPTED else None
        if link is not None:
            return RedirectResponse(link, 302, headers={"Cache-Control": "private, no-store"})
    content = await house.blobs.read(key)
    if content is None:
        raise NotFound()
    return Response(content, headers=_HEADERS, media_type="image/jpeg")


async def public(blobs: Blobs, municipality: str, photo: Photo, *, is_full: bool = True) -> Response:
    """One that everybody may see. Not kept by anyone between: it may be withdrawn tomorrow."""
    content = await blobs.read(_key(municipality, photo, is_full=is_full))
    if content is None:
        raise NotFound()
    headers = {**_HEADERS, "Cache-Control": "no-store", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(content, headers=headers, media_type="image/jpeg")


async def _is_held_back(db: Db, municipality: str, photo: Photo) -> bool:
    if photo.held or photo.of.kind is not PhotoOf.OBSERVATION:
        return bool(photo.held)
    finding = await records.one(db, municipality, Observation, photo.of.id)
    return finding is not None and finding.state is ObservationState.WITHHELD


async def _is_revisited(db: Db, asker: Principal, photo: Photo) -> bool:
    """Those who go back to look have the old photo with them, as long as nobody holds it back."""
    if asker.role is not Role.WALKER or not photo.may_be_shown or photo.is_sealed:
        return False
    walks = await _all(db, asker.municipality, Walk, [it for it in (asker.walk, *asker.walks) if it is not None])
    return any(each.before == photo.id for walk in walks for each in walk.revisits)


def _key(municipality: str, photo: Photo, *, is_full: bool) -> str:
    if not is_full:
        return photos.small_key(municipality, photo.id, SMALL)
    if LARGE in photo.sizes:
        return photos.small_key(municipality, photo.id, LARGE)
    return (photos.shown_key if photo.is_sealed else photos.received_key)(municipality, photo.id)


async def _about(db: Db, municipality: str, photo: Photo) -> tuple[list[Task], list[Observation]]:
    """The tasks the photo belongs to, and the findings they grew from with all that was merged into those."""
    if photo.of.kind is PhotoOf.TASK:
        tasks = await _all(db, municipality, Task, [photo.of.id])
    else:
        finding = await _all(db, municipality, Observation, [photo.of.id])
        around = await _all(db, municipality, Observation, [o.merged_into for o in finding if o.merged_into])
        tasks = await _all(db, municipality, Task, [id for o in [*finding, *around] for id in o.tasks])
    findings = await _all(db, municipality, Observation, [id for task in tasks for id in task.findings])
    merged = await _all(db, municipality, Observation, [id for o in findings for id in o.merged_from])
    return tasks, [*findings, *merged]


async def _all(db: Db, municipality: str, type: type[E], ids: Iterable[UUID]) -> list[E]:
    return list((await records.load(db, municipality, type, ids)).values())


routes = [routing.route("/photos/{id:uuid}", show, methods=["GET"], act=Act.READ_PHOTO)]
