"""What of a task could be shown as before and after, and the pairs of a promise's stretches, for a person to choose."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import pairs as rules
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.publications import Publication, is_publishable, is_showable
from trygghetsvandring.domain.publications import is_read as is_publication_read
from trygghetsvandring.domain.tasks import Task, day_of
from trygghetsvandring.storage import municipalities, photos, promises, publications, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import pairs
from trygghetsvandring.sync.pairs import ShownPair
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound


async def of_task(request: Request) -> Response:
    """`left`: photos that nobody outside may see, such as those that came in unmasked."""
    place, id = routing.principal(request).municipality, routing.path_id(request)
    async with routing.house(request).store.read() as db:
        task = await records.one(db, place, Task, id)
        if task is None:
            raise NotFound()
        found = [it for it in await _behind(db, place, task) if is_publishable(it) or it.merged_into is not None]
        public = {it.id: it for it in await publications.changed(db, place, [it.id for it in found])}
        own = await photos.of(db, place, [task.id, *(it.id for it in found)])
    after = [it for it in own.get(task.id, []) if rules.is_proof(task, it)]
    rows = [_row(it, task, public.get(it.id), own) for it in found]
    can = sum(is_showable(it, photo) for it in found for photo in own.get(it.id, [])) + len(after)
    return routing.json(
        {
            "is_done": task.state in rules.DONE and not task.is_gone,
            "findings": rows,
            "after": [{"id": it.id, "on": day_of(it.taken_at)} for it in after],
            "left": sum(map(len, own.values())) - can,
        }
    )


async def _behind(db: Db, municipality: str, task: Task) -> Sequence[Observation]:
    """Those it grew from, and those that were merged into them."""
    found = await records.load(db, municipality, Observation, task.findings)
    merged = {id for it in found.values() for id in it.merged_from} - found.keys()
    return [*found.values(), *(await records.load(db, municipality, Observation, merged)).values()]


def _row(
    it: Observation, task: Task, public: Publication | None, own: Mapping[UUID, Sequence[Photo]]
) -> dict[str, object]:
    can = [photo.id for photo in own.get(it.id, []) if is_showable(it, photo)]
    seen = {photo.id: photo for some in own.values() for photo in some}
    return {
        "id": it.id,
        "number": it.number,
        "walk": it.walk,
        "on": day_of(it.seen_at),
        "is_public": is_publication_read(public, it),
        "version": public.version if public else 0,
        "text": public.text if public else "",
        "photos": can,
        "pair": public.pair if public and rules.is_read(public, it, task, seen) else None,
    }


async def of_promise(request: Request) -> Response:
    """Each stretch with the pair that everybody sees, and the finished tasks on it that have photos of both."""
    place, id = routing.principal(request).municipality, routing.path_id(request)
    async with routing.house(request).store.read() as db:
        promise, here = await records.one(db, place, Promise, id), await municipalities.municipality(db, place)
        if promise is None or here is None:
            raise NotFound()
        done = [it for it in await promises.tasks_about(db, place, promise.tiles) if it.state in rules.DONE]
        on = {it.id: stretch for it in done if not it.is_gone and (stretch := pairs.stretch_of(here, it)) is not None}
        able = await _with_both(db, place, [it for it in done if it.id in on])
        shown: dict[str, ShownPair] = {}
        for it in await pairs.released(db, here):
            if it.stretch is not None:
                shown.setdefault(it.stretch, it)
    return routing.json(
        {
            "stretches": [
                {
                    "id": stretch.id,
                    "name": stretch.name,
                    "finding": shown[stretch.id].finding if stretch.id in shown else None,
                    "pair": shown[stretch.id].pair if stretch.id in shown else None,
                    "tasks": [
                        {"id": it.id, "number": it.number, "title": it.title, "place": it.place}
                        for it in able
                        if on[it.id] == stretch.id
                    ],
                }
                for stretch in here.stretches
            ]
        }
    )


async def _with_both(db: Db, municipality: str, done: Iterable[Task]) -> list[Task]:
    tasks = list(done)
    findings = await records.load(db, municipality, Observation, {id for it in tasks for id in it.findings})
    own = await photos.of(db, municipality, [*(it.id for it in tasks), *findings])

    def has_both(task: Task) -> bool:
        behind = [findings[id] for id in task.findings if id in findings]
        before = any(is_showable(it, photo) for it in behind for photo in own.get(it.id, []))
        return before and any(rules.is_proof(task, photo) for photo in own.get(task.id, []))

    return [it for it in tasks if has_both(it)]


routes = [
    routing.route("/api/tasks/{id:uuid}/pairs", of_task, methods=["GET"], act=Act.TRIAGE),
    routing.route("/api/promises/{id:uuid}/pairs", of_promise, methods=["GET"], act=Act.KEEP_PROMISES),
]
