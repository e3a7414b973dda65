"""Open311, reading: which requests are public, page by page, and what has changed in them."""

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.open311 import MOST_REQUESTS, written
from trygghetsvandring.domain.open311_told import Behind, Shown, Update, shown, updates
from trygghetsvandring.domain.publications import Publication, is_read
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import publications, records
from trygghetsvandring.storage.unit import Db

_A_PAGE = 200


async def behind(db: Db, municipality: str, found: Sequence[Publication]) -> list[Behind]:
    """Each with its finding, what that was merged into, and the tasks; one question for each kind."""
    here = await records.load(db, municipality, Observation, [it.id for it in found])
    into = {it.merged_into for it in here.values() if it.merged_into is not None}
    around = here | await records.load(db, municipality, Observation, into - here.keys())
    wanted = {id for it in around.values() for id in it.tasks}
    tasks = await records.load(db, municipality, Task, wanted)
    return [_behind(it, here[it.id], around, tasks) for it in found if it.id in here]


def _behind(
    it: Publication, found: Observation, around: Mapping[UUID, Observation], tasks: Mapping[UUID, Task]
) -> Behind:
    into = around.get(found.merged_into) if found.merged_into is not None else None
    source = found if into is None else into
    return Behind(
        publication=it,
        found=found,
        into=into,
        tasks=tuple(tasks[id] for id in source.tasks if id in tasks),
    )


async def one(db: Db, here: Municipality, id: UUID) -> Shown | None:
    return next(iter(await several(db, here, [id])), None)


async def several(db: Db, here: Municipality, ids: Iterable[UUID]) -> list[Shown]:
    """Those of the ids that everybody may know of, newest first."""
    found = await publications.changed(db, here.id, ids)
    told = [it for each in await behind(db, here.id, found) if (it := shown(each, here)) is not None]
    return sorted(told, key=lambda it: (it.requested_at, it.id), reverse=True)


async def between(
    db: Db, here: Municipality, first: datetime, last: datetime, categories: Sequence[str]
) -> AsyncIterator[Shown]:
    """Newest first, read as far as somebody asks."""
    after: tuple[datetime, UUID] | None = None
    while True:
        page = await publications.public(
            db, here.id, first=first, last=last, categories=categories, after=after, limit=_A_PAGE
        )
        for each in await behind(db, here.id, page):
            it = shown(each, here)
            if it is not None:
                yield it
        if len(page) < _A_PAGE:
            return
        after = page[-1].requested_at, page[-1].id


async def changes(db: Db, here: Municipality, first: datetime, last: datetime) -> list[Update]:
    """What has become of public requests between the two moments, oldest first."""
    told: dict[UUID, Update] = {}
    place: tuple[datetime, UUID] | None = None
    while len(told) < MOST_REQUESTS:
        page = await publications.tasks_changed(db, here.id, first, place, _A_PAGE)
        for it in await _of_tasks(db, here, [task for _, task in page]):
            told |= {each.id: each for each in updates(it, here) if first <= each.at <= last}
        if len(page) < _A_PAGE:
            break
        place = (page[-1][0], page[-1][1].id)
    # Stable: what happened to one request at the same moment stays in its order.
    return sorted(told.values(), key=lambda it: it.at)[:MOST_REQUESTS]


async def _of_tasks(db: Db, here: Municipality, tasks: Sequence[Task]) -> list[Behind]:
    ids = {id for task in tasks for id in task.findings}
    found = await records.load(db, here.id, Observation, ids)
    ids |= {id for it in found.values() for id in it.merged_from}
    public = await publications.changed(db, here.id, ids)
    return [it for it in await behind(db, here.id, public) if is_read(it.publication, it.found)]


# ---------------------------------------------------------------- as it travels


def request_state(it: Shown, url: str, *, extensions: bool) -> dict[str, object]:
    """In the specification's order. `url` is where the released photo lies."""
    said: dict[str, object] = {
        "service_request_id": str(it.id),
        "status": "closed" if it.is_closed else "open",
        "status_notes": it.notes,
        "service_name": it.category.name if it.category else None,
        "service_code": it.service_code,
        "description": it.text,
        "agency_responsible": it.agency,
        "service_notice": None,
        "requested_datetime": written(it.requested_at),
        "updated_datetime": written(it.updated_at),
        "expected_datetime": it.expected_on,
        "address": it.place_words or None,
        "address_id": None,
        "zipcode": None,
        "lat": it.lat,
        "long": it.lon,
        "media_url": f"{url}/photos/{it.id}/{it.photo}.jpg" if it.photo else None,
    }
    if extensions:
        said["extended_attributes"] = {"status": it.status.value}
    return said


def update_state(it: Update) -> dict[str, object]:
    return {
        "update_id": str(it.id),
        "service_request_id": str(it.request),
        "status": it.status.value,
        "updated_datetime": written(it.at),
        "description": it.text,
        "media_url": None,
    }
