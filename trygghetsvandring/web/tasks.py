"""Tasks, as departments and the coordinator see them. A department sees its own and knows of no others."""

from collections.abc import Collection, Sequence
from datetime import date
from enum import StrEnum
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.cells import Box, level_for
from trygghetsvandring.domain.departments import takes_over
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.seen_hours import HOURS, by_day, slots_asked
from trygghetsvandring.domain.stretches import box_of, stretch_at
from trygghetsvandring.domain.task_changes import may_change
from trygghetsvandring.domain.task_times import spent
from trygghetsvandring.domain.tasks import Task, TaskEvent, TaskState, day_of
from trygghetsvandring.storage import municipalities, observations, people, photos, records, tasks
from trygghetsvandring.storage.tasks import Cluster, Place, Wanted
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.ops.photos import wire_state as photo_state
from trygghetsvandring.sync.ops.tasks import arrows_for, stand_in
from trygghetsvandring.web import raises, routing, suggestions, task_links
from trygghetsvandring.web.errors import BadParameter, NotFound
from trygghetsvandring.web.observations import finding_rows, query_words
from trygghetsvandring.web.task_rows import task_row

MOST_PLACES = 40
MOST_POINTS = 500
_SQUARES, _MOST_SQUARES = 12, 24  # along a map's longer side
# A kilometre from a known place, in degrees at the latitude of Lidköping.
_UP, _ASIDE = 0.009, 0.0172
_NOWHERE = Box(0.0, 0.0, -1.0, -1.0)


class Urgency(StrEnum):
    SOON = "1"
    LATER = "2"
    WHEN_THERE = "3"


async def list_tasks(request: Request, db: Db) -> Response:
    """`counts=0`: the page alone; who asks for the next page has the counts already. `photos=1`: one of each too."""
    here, today = await _here(request, db), day_of(routing.now(request))
    limit = routing.query_int(request, "limit", 50, least=1, most=200)
    counted = request.query_params.get("counts") != "0"
    wanted = await wanted_of(request, db, here)
    found, more = await tasks.page(db, here.id, wanted, _after(request), limit)
    counts = await tasks.counts(db, here.id, wanted, today) if counted else {}
    ends = None if more is None else f"{more.look_on.isoformat()}~{more.id}"
    rows = routing.house(request).shown.rows(found, here, today)
    seen = {"photos": await _firsts(request, db, found)} if request.query_params.get("photos") == "1" else {}
    return routing.json({"tasks": rows, "next": ends, "counts": counts, **seen})


async def _firsts(request: Request, db: Db, docs: Sequence[str]) -> dict[str, UUID]:
    """By task: the first photo from before that the asker may see, for who has to tell them apart."""
    asker, listed = routing.principal(request), [records.decode(Task, doc) for doc in docs]
    ids = {id for task in listed for id in task.findings}
    behind = await records.load(db, asker.municipality, Observation, ids)
    by_finding = await photos.of(db, asker.municipality, [it.id for it in behind.values() if _is_shown(it, asker)])
    first = {}
    for task in listed:
        own = (photo for id in task.findings for photo in by_finding.get(id, ()))
        shown = next((photo.id for photo in own if photo.may_be_shown), None)
        if shown is not None:
            first[str(task.id)] = shown
    return first


async def count_tasks(request: Request, db: Db) -> Response:
    """What there is to choose among: each state, tile, priority and place, within everything else that is chosen."""
    here, today = await _here(request, db), day_of(routing.now(request))
    wanted = await wanted_of(request, db, here)
    counts = await tasks.counts(db, here.id, wanted, today)
    shares = await tasks.shares(db, here.id, wanted, MOST_PLACES)
    return routing.json({"counts": counts, **shares})


async def task_hours(request: Request, db: Db) -> Response:
    """`SeenHours`: the same choice by when its findings were seen."""
    here = await _here(request, db)
    slots, sums = await tasks.by_slot(db, here.id, await wanted_of(request, db, here))
    return routing.json({"hours": HOURS, "days": by_day(slots), "sums": sums})


async def map_tasks(request: Request, db: Db) -> Response:
    """Points; or, where there are more than `limit`, all of them as clusters. Nothing is left out."""
    here, box = await _here(request, db), _box(request)
    limit = routing.query_int(request, "limit", MOST_POINTS, least=1, most=MOST_POINTS)
    wanted = await wanted_of(request, db, here)
    found, clusters = await tasks.points(db, here.id, wanted, box, limit), list[Cluster]()
    if found is None:
        across = routing.query_int(request, "across", _SQUARES, least=1, most=_MOST_SQUARES)
        level = level_for(box or await tasks.reach(db, here.id, wanted), across)
        clusters = await tasks.clusters(db, here.id, wanted, box, level, day_of(routing.now(request)))
    return routing.json({"points": found or [], "clusters": clusters, "limit": limit})


def _box(request: Request) -> Box | None:
    """`bbox` as in GeoJSON: west, south, east, north."""
    raw = request.query_params.get("bbox")
    if not raw:
        return None
    try:
        west, south, east, north = map(float, raw.split(","))
    except ValueError:
        raise BadParameter(name="bbox") from None
    if not (-90 <= south <= north <= 90 and -180 <= west <= east <= 180):  # nor anything that is no number
        raise BadParameter(name="bbox")
    return Box(south, west, north, east)


async def _here(request: Request, db: Db) -> Municipality:
    """The settings, read a moment ago with the session when there is one."""
    here: Municipality | None = getattr(request.state, "here", None)
    here = here or await municipalities.municipality(db, routing.principal(request).municipality)
    assert here is not None
    return here


async def one_task(request: Request) -> Response:
    asker, today = routing.principal(request), day_of(routing.now(request))
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        task = await records.one(db, asker.municipality, Task, routing.path_id(request))
        assert here is not None
        if task is None or not may_know_of(task, asker):
            raise NotFound()
        behind = await records.load(db, asker.municipality, Observation, task.findings)
        shown = [behind[id] for id in task.findings if id in behind and _is_shown(behind[id], asker)]
        findings = await finding_rows(db, asker.municipality, shown, original=asker.role is Role.COORDINATOR)
        after = (await photos.of(db, asker.municipality, [task.id])).get(task.id, [])
        raised = await _raised(db, task, asker, here, today)
        beside = await task_links.together(
            db,
            asker.municipality,
            task,
            triage=asker.role is Role.COORDINATOR,
            may_know=lambda other: may_know_of(other, asker),
        )
        left = await _left(db, task, asker)
    return routing.json(
        {
            **task_row(task, here, today),
            "left_to": left,
            "findings": findings,
            "history": [_event(event) for event in task.history],
            "spent": spent(task, routing.now(request)),
            "photos": [photo_state(photo) for photo in after],
            "arrows": arrows_for(asker, task, here),
            "changes": sorted({*may_change(task, asker), *may_change(task, stand_in(asker, task, here))}),
            "together": beside,
            "raise": raised,
        }
    )


async def _raised(db: Db, task: Task, asker: Principal, here: Municipality, today: date) -> dict[str, object] | None:
    """Who decides what goes first is told that the lamps beside have gone dark too."""
    if asker.role is not Role.COORDINATOR:
        return None
    return await raises.of_task(db, task, here, await suggestions.now(db, here), today)


async def _left(db: Db, task: Task, asker: Principal) -> list[str] | None:
    """Whoever was chosen to have it has gone: the functions that give it to somebody else. None: they are there."""
    if task.assignee is None or task.is_closed:
        return None
    had = (await people.colleagues(db, asker.municipality, [task.assignee])).get(task.assignee)
    if had is not None and had.works_in(task.department):
        return None
    return takes_over(task.department, (await people.colleagues(db, asker.municipality)).values())


def may_know_of(task: Task, asker: Principal) -> bool:
    return asker.role is Role.COORDINATOR or task.department == asker.organisation


def _is_shown(finding: Observation, asker: Principal) -> bool:
    """A finding held back for somebody's privacy is for triage only."""
    return finding.state is not ObservationState.WITHHELD or asker.role is Role.COORDINATOR


async def wanted_of(request: Request, db: Db, here: Municipality) -> Wanted:
    """The wall first: whoever is not a coordinator gets their own unit's, whatever they ask for."""
    asker, asks = routing.principal(request), request.query_params
    walks = query_words(request, "walk", UUID)
    words = tuple(asks.get("q", "")[:80].split())
    return Wanted(
        department=(asks.get("department") or None) if asker.role is Role.COORDINATOR else asker.organisation or "",
        states=tuple(dict.fromkeys(query_words(request, "state", TaskState))),
        words=words,
        numbered={
            word: await observations.tasks_of(db, here.id, number, withheld=asker.role is Role.COORDINATOR)
            for word in words
            if (number := observations.number_in(word, here.prefix))
        },
        late_on=day_of(routing.now(request)) if asks.get("late") == "1" else None,
        doubted=asks.get("doubted") == "1",
        tiles=_tiles(request, here),
        priorities=tuple(int(word) for word in query_words(request, "priority", Urgency)),
        assignee=asker.user if asks.get("mine") == "1" else None,
        place=asks.get("place", "")[:200].replace("\x00", " ") or None,
        among=await _among(db, here, walks, asks.get("stretch") or None),
        boxes=_boxes(here, asks.get("area") or None),
        slots=slots_asked(asks.get("when", "")),
        withheld=asker.role is Role.COORDINATOR,
    )


def _tiles(request: Request, here: Municipality) -> tuple[str, ...]:
    asked = query_words(request, "tile", str)
    if set(asked) - {tile.id for tile in here.tiles}:
        raise BadParameter(name="tile")
    return asked


async def _among(db: Db, here: Municipality, walks: Collection[UUID], stretch: str | None) -> frozenset[UUID] | None:
    """What has a finding from one of these walks, and lies on this stretch; None when neither is asked for."""
    of_walks = await tasks.of_walks(db, here.id, walks) if walks else None
    if stretch is None:
        return of_walks
    asked = next((it for it in here.stretches if it.id == stretch), None)
    if asked is None:
        raise BadParameter(name="stretch")
    near = await tasks.places_in(db, here.id, box_of(asked))
    on_it = frozenset(id for id, point in near if stretch_at(here.stretches, point) is asked)
    return on_it if of_walks is None else on_it & of_walks


def _boxes(here: Municipality, area: str | None) -> tuple[Box, ...]:
    """About each known place of the area: towns lie far from each other, so no line has to be drawn between them."""
    if area is None:
        return ()
    if area not in here.areas:
        raise BadParameter(name="area")
    near = [(place.lat, place.lon) for place in here.places if place.area == area]
    return tuple(Box(lat - _UP, lon - _ASIDE, lat + _UP, lon + _ASIDE) for lat, lon in near) or (_NOWHERE,)


def _after(request: Request) -> Place | None:
    raw = request.query_params.get("after", "")
    if not raw:
        return None
    day, _, id = raw.partition("~")
    try:
        return Place(date.fromisoformat(day), UUID(id))
    except ValueError:
        raise BadParameter(name="after") from None


def _event(event: TaskEvent) -> dict[str, object]:
    return {
        "at": event.at,
        "type": event.type,
        "from": event.start,
        "to": event.end,
        "by": event.by,
        "text": event.text,
        "internal": event.internal,
    }


routes = [
    routing.look("/api/tasks", list_tasks, act=Act.READ_TASKS),
    routing.look("/api/tasks/counts", count_tasks, act=Act.READ_TASKS),
    routing.look("/api/tasks/hours", task_hours, act=Act.READ_TASKS),
    routing.look("/api/tasks/points", map_tasks, act=Act.READ_TASKS),
    routing.route("/api/tasks/{id:uuid}", one_task, methods=["GET"], act=Act.READ_TASKS),
]
