"""Findings, as the coordinator sorts them: with a proposed owner and what could be the same thing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import routing as owners
from trygghetsvandring.domain import times
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.routing import Kind, Seen
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import municipalities, observations, photos, records, tasks
from trygghetsvandring.storage.observations import Place, Wanted
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.ops.photos import wire_state as photo_state
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, NotFound

T = TypeVar("T")
# What the finding says itself; the rest of a row is found beside it.
_OWN = (
    *("id", "version", "number", "walk", "stop", "category", "severity", "text", "position", "place_words", "seen_at"),
    *(
        "called",
        "checklist_item",
        "sent_alone",
        "danger",
        "state",
        "kind",
        "received_at",
        "tasks",
        "review_note",
        "merged_into",
        "withdraw_reason",
    ),
)
_CAN_BE_LINKED = {ObservationState.RECEIVED, ObservationState.REVIEWED, ObservationState.LINKED}


async def list_findings(request: Request) -> Response:
    asker = routing.principal(request)
    limit = routing.query_int(request, "limit", 50, least=1, most=200)
    wanted = Wanted(
        states=query_words(request, "state", ObservationState),
        kinds=query_words(request, "kind", Kind),
        walk=next(iter(query_words(request, "walk", UUID)), None),
    )
    async with routing.house(request).store.read() as db:
        found, more = await observations.page(db, asker.municipality, wanted, _after(request), limit)
        rows = await finding_rows(db, asker.municipality, found)
        counts = await observations.counts(db, asker.municipality, wanted)
    ends = None if more is None else f"{int(more.danger)}~{more.received_at.isoformat()}~{more.id}"
    return routing.json({"observations": rows, "next": ends, "counts": counts})


async def one_finding(request: Request) -> Response:
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        found = await records.one(db, asker.municipality, Observation, routing.path_id(request))
        if found is None:
            raise NotFound()
        return routing.json((await finding_rows(db, asker.municipality, [found]))[0])


def query_words(request: Request, name: str, type: type[T]) -> tuple[T, ...]:
    """A comma list; empty when it is not there."""
    raw = request.query_params.get(name, "")
    try:
        return tuple(msgspec.convert(word, type) for word in raw.split(",") if word)
    except msgspec.ValidationError:
        raise BadParameter(name=name) from None


def _after(request: Request) -> Place | None:
    raw = request.query_params.get("after", "")
    if not raw:
        return None
    danger, _, key = raw.partition("~")
    at, _, id = key.partition("~")
    try:
        return Place(bool(int(danger)), times.aware(datetime.fromisoformat(at)), UUID(id))
    except ValueError:
        raise BadParameter(name="after") from None


# ---------------------------------------------------------------- FindingRow


@dataclass(frozen=True, slots=True)
class Beside:
    """What a page of findings needs to know beyond itself."""

    here: Municipality
    walks: dict[UUID, Walk]
    photos: dict[UUID, list[Photo]]


async def finding_rows(
    db: Db, municipality: str, found: Sequence[Observation], *, sorting: bool = True
) -> list[dict[str, object]]:
    """`FindingRow`s in the same order. `sorting` adds the proposed owner and what is near."""
    here = await municipalities.municipality(db, municipality)
    assert here is not None
    beside = Beside(
        here,
        await records.load(db, municipality, Walk, {each.walk for each in found}),
        await photos.of(db, municipality, [each.id for each in found]),
    )
    rows = []
    for each in found:
        near = await _near(db, each, beside) if sorting and each.state in _CAN_BE_LINKED else []
        rows.append(_row(each, beside, near, sorting=sorting))
    return rows


def _row(found: Observation, beside: Beside, near: list[dict[str, object]], *, sorting: bool) -> dict[str, object]:
    walk, stop = beside.walks.get(found.walk), _stop(found, beside)
    point = _point(found, stop)
    return {
        **{name: getattr(found, name) for name in _OWN},
        "walk_name": walk.name if walk else "",
        "stop_name": stop.name if stop else "",
        "stop_number": stop.number if stop else None,
        "photos": [photo_state(photo) for photo in _own_photos(found, beside)],
        "dark": None if point is None else times.is_dark(found.seen_at, *point),
        "suggestion": _suggestion(found, beside) if sorting else None,
        "near": near,
    }


def _own_photos(found: Observation, beside: Beside) -> Iterable[Photo]:
    return beside.photos.get(found.id, [])


def _stop(found: Observation, beside: Beside) -> Stop | None:
    walk = beside.walks.get(found.walk)
    return walk.stop(found.stop) if walk is not None and found.stop is not None else None


def _point(found: Observation, stop: Stop | None) -> tuple[float, float] | None:
    spot = found.position or stop
    return None if spot is None else (spot.lat, spot.lon)


def _suggestion(found: Observation, beside: Beside) -> dict[str, object] | None:
    category = beside.here.category(found.category)
    if category is None:
        return None
    stop = _stop(found, beside)
    route = owners.route(
        category,
        owners.spot_at(beside.here.places, stop, _point(found, stop)),
        severity=found.severity,
        rules=beside.here.rules,
        organisations=beside.here.departments,
        received_at=found.received_at,
    )
    if route is None:
        return None
    owner = beside.here.organisation(route.department)
    named = {field.name: getattr(route, field.name) for field in fields(route)}
    return {**named, "department_name": owner.name if owner else route.department}


async def _near(db: Db, found: Observation, beside: Beside) -> list[dict[str, object]]:
    category, point = beside.here.category(found.category), _point(found, _stop(found, beside))
    if category is None or point is None or category.kind not in owners.BECOMES_TASK:
        return []
    open_tasks = await tasks.open_near(db, beside.here.id, category.tile, *point, category.radius_m)
    here = Seen(id=found.id, tile=category.tile, radius_m=category.radius_m, lat=point[0], lon=point[1])
    by_id = {task.id: task for task in open_tasks if task.id not in found.tasks}
    close = owners.near(here, [seen for task in by_id.values() if (seen := _seen(task)) is not None])
    return [
        {"task": it.id, "title": by_id[it.id].title, "distance_m": it.distance_m, "state": by_id[it.id].state}
        for it in close
    ]


def _seen(task: Task) -> Seen | None:
    if task.lat is None or task.lon is None:
        return None
    return Seen(id=task.id, tile=task.tile, radius_m=task.radius_m, lat=task.lat, lon=task.lon)


routes = [
    routing.route("/api/observations", list_findings, methods=["GET"], act=Act.READ_FINDINGS),
    routing.route("/api/observations/{id:uuid}", one_finding, methods=["GET"], act=Act.READ_FINDINGS),
]
