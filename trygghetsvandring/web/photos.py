"""Photos out: only accepted ones, only to those who may see them, never through a cache."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo, PhotoOf, may_see
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.imaging.derivatives import LARGE, SMALL
from trygghetsvandring.storage import photos, records
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
    if photo is None or not may_see(photo, asker, tasks=tasks, findings=findings):
        raise NotFound()
    content = await house.blobs.read(_key(asker.municipality, photo, is_full=size == "full"))
    if content is None:
        raise NotFound()
    return Response(content, headers=_HEADERS, media_type="image/jpeg")


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
