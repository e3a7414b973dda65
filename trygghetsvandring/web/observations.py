"""Findings, as the coordinator sorts them: with a proposed owner and what could be the same thing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import moderation, times
from trygghetsvandring.domain.feedback import came_by
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.seen_hours import HOURS, by_day, slots_asked, sums
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.stretches import name_at
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import municipalities, observations, photos, records
from trygghetsvandring.storage.observations import Place, Wanted
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.ops.photos import wire_state as photo_state
from trygghetsvandring.web import routing, sameness, suggestions
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
        "merged_from",
        "withdraw_reason",
    ),
)
_MOST_IDS = 200  # as many as a page holds
_CAN_BE_LINKED = {ObservationState.RECEIVED, ObservationState.REVIEWED, ObservationState.LINKED}


async def list_findings(request: Request, db: Db) -> Response:
    asker = routing.principal(request)
    limit = routing.query_int(request, "limit", 50, least=1, most=200)
    wanted = await _wanted(request, db)
    brief = request.query_params.get("brief") == "1"  # a list shows neither the proposal nor what is near
    found, more = await observations.page(db, asker.municipality, wanted, _after(request), limit)
    rows = await finding_rows(db, asker.municipality, found, sorting_on=None if brief else day_of(routing.now(request)))
    counts = await observations.counts(db, asker.municipality, wanted)
    ends = None if more is None else f"{int(more.danger)}~{more.received_at.isoformat()}~{more.id}"
    return routing.json({"observations": rows, "next": ends, "counts": counts})


async def finding_hours(request: Request, db: Db) -> Response:
    """`SeenHours`: the same choice by when it was seen."""
    wanted = await _wanted(request, db)
    counted = await observations.by_slot(db, routing.principal(request).municipality, wanted)
    days = by_day(counted)
    return routing.json({"hours": HOURS, "days": days, "sums": sums(days)})


async def _wanted(request: Request, db: Db) -> Wanted:
    here = await municipalities.municipality(db, routing.principal(request).municipality)
    assert here is not None
    asked = [
        (word, observations.number_in(word, here.prefix)) for word in request.query_params.get("q", "")[:80].split()
    ]
    return Wanted(
        states=tuple(dict.fromkeys(query_words(request, "state", ObservationState))),
        kinds=query_words(request, "kind", Kind),
        walk=next(iter(query_words(request, "walk", UUID)), None),
        words=tuple(word for word, number in asked if number is None),
        numbers=tuple(number for _, number in asked if number is not None),
        ids=_some(query_words(request, "id", UUID)),
        slots=slots_asked(request.query_params.get("when", "")),
    )


async def one_finding(request: Request, db: Db) -> Response:
    asker = routing.principal(request)
    found = await records.one(db, asker.municipality, Observation, routing.path_id(request))
    if found is None:
        raise NotFound()
    rows = await finding_rows(db, asker.municipality, [found], sorting_on=day_of(routing.now(request)))
    return routing.json(rows[0])


async def as_if(request: Request) -> Response:
    """{suggestion, dark_hint}: what the rules would say if it were of this `category` and `severity`."""
    asker = routing.principal(request)
    async with routing.house(request).store.read() as db:
        found = await records.one(db, asker.municipality, Observation, routing.path_id(request))
        here = await municipalities.municipality(db, asker.municipality)
        if found is None or here is None:
            raise NotFound()
        category = here.category(request.query_params.get("category", ""))
        if category is None:
            raise BadParameter(name="category")
        severity = routing.query_int(request, "severity", -1, least=0, most=3)
        it = replace(found, category=category.code, kind=category.kind, severity=None if severity < 0 else severity)
        if (it.category, it.severity) != (found.category, found.severity):
            it = replace(it, routed=None)
        walk = await records.one(db, asker.municipality, Walk, found.walk)
        live = await suggestions.now(db, here)
        return routing.json(await suggestions.of(db, it, walk, here, live, day_of(routing.now(request))))


def query_words(request: Request, name: str, type: type[T]) -> tuple[T, ...]:
    """A comma list; empty when it is not there."""
    raw = request.query_params.get(name, "")
    try:
        return tuple(msgspec.convert(word, type) for word in raw.split(",") if word)
    except msgspec.ValidationError:
        raise BadParameter(name=name) from None


def _some(ids: tuple[UUID, ...]) -> tuple[UUID, ...]:
    if len(ids) > _MOST_IDS:
        raise BadParameter(name="id")
    return ids


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
    db: Db, municipality: str, found: Sequence[Observation], *, sorting_on: date | None = None, original: bool = True
) -> list[dict[str, object]]:
    """`FindingRow`s in the same order. `sorting_on`: today, to have the proposed owner and what is near as well.

    `original`: with the walker's own words where they are moderated; only triage reads those.
    """
    here = await municipalities.municipality(db, municipality)
    assert here is not None
    beside = Beside(
        here,
        await records.load(db, municipality, Walk, {each.walk for each in found}),
        await photos.of(db, municipality, [each.id for each in found]),
    )
    live = await suggestions.now(db, here)
    rows = []
    for each in found:
        walk = beside.walks.get(each.walk)
        ruled = suggestions.hint(each, walk, here, live)
        if sorting_on is not None:
            ruled = await suggestions.of(db, each, walk, here, live, sorting_on)
        near = await sameness.near(db, each, here) if sorting_on is not None and each.state in _CAN_BE_LINKED else []
        seen = {"photos": _photos(each, beside, original=original)}
        rows.append(_row(each, beside, near) | ruled | seen | _words(each, original=original))
    return rows


def _words(found: Observation, *, original: bool) -> dict[str, object]:
    if original:
        return {"text": found.text, "moderated": found.moderated, "moderated_place": found.moderated_place}
    read = {"text": moderation.read_text(found), "place_words": found.moderated_place or ""}
    return {**read, "moderated": None, "moderated_place": None}


def _row(found: Observation, beside: Beside, near: list[dict[str, object]]) -> dict[str, object]:
    walk, stop = beside.walks.get(found.walk), _stop(found, beside)
    point = _point(found, stop)
    return {
        **{name: getattr(found, name) for name in _OWN},
        "walk_name": walk.name if walk else came_by(found.source),
        "stop_name": stop.name if stop else "",
        "stop_number": stop.number if stop else None,
        "registered_place": moderation.registered_place(found, walk),
        "stretch": name_at(beside.here.stretches, *(point or (None, None))),
        "point": None if point is None else {"lat": point[0], "lon": point[1]},
        "dark": None if point is None else times.is_dark(found.seen_at, *point),
        "near": near,
    }


def _photos(found: Observation, beside: Beside, *, original: bool) -> list[dict[str, object]]:
    """`PhotoState`s; why one is held back is told to triage, which alone sees it."""
    own = [photo for photo in beside.photos.get(found.id, []) if original or not photo.held]
    return [photo_state(photo) | ({"held": photo.held} if photo.held else {}) for photo in own]


def _stop(found: Observation, beside: Beside) -> Stop | None:
    walk = beside.walks.get(found.walk)
    return walk.stop(found.stop) if walk is not None and found.stop is not None else None


def _point(found: Observation, stop: Stop | None) -> tuple[float, float] | None:
    spot = found.position or stop
    return None if spot is None else (spot.lat, spot.lon)


routes = [
    routing.look("/api/observations", list_findings, act=Act.READ_FINDINGS),
    routing.look("/api/observations/hours", finding_hours, act=Act.READ_FINDINGS),
    routing.look("/api/observations/{id:uuid}", one_finding, act=Act.READ_FINDINGS),
    routing.route("/api/observations/{id:uuid}/suggestion", as_if, methods=["GET"], act=Act.TRIAGE),
]
