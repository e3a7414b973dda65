"""The EST week at the desk: the picture, the meeting and its decisions on one screen, the sign-off and the export."""

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import est_export
from trygghetsvandring.domain.errors import SeenHasMoved
from trygghetsvandring.domain.est_events import Sources, Spots, Taken, is_shown, spot_of, vehicle_codes
from trygghetsvandring.domain.est_export import Line
from trygghetsvandring.domain.est_picture import Picture, picture
from trygghetsvandring.domain.est_week import EstDecision, EstWeek
from trygghetsvandring.domain.ids import est_week_id
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.municipalities import Release as PresenceRelease
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.presence import released
from trygghetsvandring.domain.routing import BECOMES_TASK
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.domain.vehicles import WEEKS, vehicle_weeks
from trygghetsvandring.domain.weeks import Week, week_at, week_from
from trygghetsvandring.storage import est_week, municipalities, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import est_sources
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound, problem

_HEADERS = {"Cache-Control": "no-store"}


class Compile(msgspec.Struct, kw_only=True):
    """`digest` of the picture the person has before them."""

    week: str
    digest: str


@dataclass(frozen=True, slots=True)
class Read:
    """A week as somebody has it before them. `is_whole` False: more was handed in than can be counted."""

    here: Municipality
    week: Week
    kept: EstWeek
    before: EstWeek | None
    found: Sources
    picture: Picture
    lines: list[Line]
    rule: PresenceRelease | None
    is_whole: bool

    @property
    def digest(self) -> str:
        """Of what was noticed and who was out. What is done about it, and the week before, go on changing unsigned."""
        noticed = [replace(each, taken=Taken.NOTHING, again=False) for each in self.picture.events]
        people = [(each.area, each.evening, each.people) for each in self.found.presence]
        return hashlib.sha256(msgspec.json.encode((noticed, self.picture.out, people))).hexdigest()


def _week(request: Request) -> Week:
    """Without one: the last that is over, which a meeting is about."""
    raw = request.query_params.get("week")
    return week_from(raw) if raw else week_at(routing.now(request)).after(-1)


async def _read(request: Request, db: Db, week: Week) -> Read:
    municipality, tonight = routing.principal(request).municipality, evening_of(routing.now(request))
    here = await municipalities.municipality(db, municipality)
    assert here is not None
    rule = released(here.presence_release, tonight)
    kept = await est_week.of_week(db, municipality, week)
    before = await est_week.of_week(db, municipality, week.after(-1))
    found, is_whole = await est_sources.of_week(db, here, week, kept, tonight)
    last, _ = await est_sources.of_week(db, here, week.after(-1), before, tonight)
    drawn = picture(week, found, last, here)
    return Read(
        here=here,
        week=week,
        kept=kept or EstWeek(id=est_week_id(municipality, str(week)), version=0, week=str(week)),
        before=before,
        found=found,
        picture=drawn,
        lines=est_export.lines(drawn, found.presence, here),
        rule=rule,
        is_whole=is_whole,
    )


# ---------------------------------------------------------------- the screen


async def one_week(request: Request) -> Response:
    """`EstView`."""
    async with routing.house(request).store.read() as db:
        it = await _read(request, db, _week(request))
        tasks = await _tasks(db, it)
    kept, drawn = it.kept, it.picture
    names = ("id", "version", "week", "step", "met_on", "present", "next_places", "counts", "history", "compiled")
    seen = ("evenings", "walks", "stops", "felt", "blocks", "by_place", "by_hour", "by_category", "changes")
    return routing.json(
        {
            **{name: getattr(kept, name) for name in names},
            "number": it.week.number,
            "before": str(it.week.after(-1)),
            "before_version": it.before.version if it.before else 0,
            "before_id": est_week_id(it.here.id, str(it.week.after(-1))),
            "after": str(it.week.after(1)),
            "next_evenings": it.week.after(1).evenings,
            "is_over": it.week < week_at(routing.now(request)),
            "is_whole": it.is_whole,
            "digest": it.digest,
            "is_as_compiled": kept.compiled is not None and kept.compiled.digest == it.digest,
            "picture": {name: getattr(drawn, name) for name in (*seen, "total", "unsorted")},
            "released": it.rule,
            "decisions": [_decision(each, tasks, it.here) for each in kept.decisions],
            "last_decisions": [_decision(each, tasks, it.here) for each in (it.before.decisions if it.before else ())],
            "ready": _ready(it),
            **_choices(it.here),
        }
    )


async def _tasks(db: Db, it: Read) -> dict[UUID, Task]:
    decided = (*it.kept.decisions, *(it.before.decisions if it.before else ()))
    return await records.load(db, it.here.id, Task, {each.task for each in decided if each.task})


def _decision(it: EstDecision, tasks: dict[UUID, Task], here: Municipality) -> dict[str, object]:
    task = tasks.get(it.task) if it.task else None
    names = ("id", "text", "owner", "due_on", "place", "settled_on", "is_done", "said")
    return {**{name: getattr(it, name) for name in names}, "task": _task(task, here) if task else None}


def _task(it: Task, here: Municipality) -> dict[str, object]:
    owner = here.organisation(it.department)
    names = ("id", "number", "state", "department", "planned_on", "extent", "reopened", "public_text")
    told = {name: getattr(it, name) for name in (*names, "reopen_proposed")}
    return {**told, "department_name": owner.name if owner else None, "department_kind": owner.kind if owner else None}


def _ready(it: Read) -> list[dict[str, object]]:
    """What has been sorted and could become work by a decision; never anything social."""
    walks, spots = {walk.id: walk for walk in it.found.walks}, Spots(it.here)
    seen = {event.id for event in it.picture.events}
    return [
        {"id": each.id, "number": each.number, "category": each.category, "place": spot_of(each, walks, spots).place}
        for each in it.found.findings
        if each.id in seen and _can_be_work(each)
    ]


def _can_be_work(it: Observation) -> bool:
    return it.state is ObservationState.REVIEWED and it.kind in BECOMES_TASK and is_shown(it)


def _choices(here: Municipality) -> dict[str, object]:
    return {
        "parties": [{"id": each.id, "name": each.name, "owns_tasks": each.owns_tasks} for each in here.departments],
        "places": [{"id": each.id, "name": each.name, "area": each.area} for each in here.places],
        "areas": here.areas,
        "categories": [{"code": each.code, "name": each.name} for each in here.categories],
        "vehicle_categories": sorted(vehicle_codes(here)),
        "stretches": [{"id": each.id, "name": each.name} for each in here.stretches],
    }


async def vehicles(request: Request) -> Response:
    """`VehiclesView`: the last weeks up to `week`, for the map and the table of what was told of vehicles."""
    last = _week(request)
    municipality, tonight = routing.principal(request).municipality, evening_of(routing.now(request))
    weeks = [last.after(-n) for n in range(WEEKS, -1, -1)]
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, municipality)
        assert here is not None
        found, is_whole = await est_sources.of_weeks(db, here, weeks, tonight)
    return routing.json({"weeks": vehicle_weeks(found, here), "is_whole": is_whole})


# ---------------------------------------------------------------- the sign-off


async def compile_(request: Request) -> Response:
    """What is signed is made anew here, and must be what the person has read."""
    body, asker = await routing.read(request, Compile), routing.principal(request)
    async with routing.house(request).store.read() as db:
        it = await _read(request, db, week_from(body.week))
    if body.digest != it.digest:
        raise SeenHasMoved()
    told = {
        "week": it.kept.week,
        "unsorted": it.picture.unsorted,
        "events": it.picture.total,
        "digest": it.digest,
    }
    by = replace(asker, device=None)  # by this route only: no desk pushes it
    outcome = await routing.house(request).engine.act(
        by.municipality, "est.compile", it.kept.id, told, routing.now(request), actor=by
    )
    if outcome.outcome != "applied":
        return problem(outcome.code or "refused", {})
    return routing.json({"version": outcome.version})


# ---------------------------------------------------------------- the export


async def export(request: Request) -> Response:
    """`kind`: csv or json, as `docs/est.md` says."""
    made = {"csv": _csv, "json": _json}.get(request.path_params["kind"])
    if made is None:
        raise NotFound()
    async with routing.house(request).store.read() as db:
        return made(await _read(request, db, _week(request)))


def _csv(it: Read) -> Response:
    """Semicolons and a byte order mark: what a Swedish Excel opens as it is."""
    text = io.StringIO(newline="")
    written = csv.writer(text, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    written.writerow(est_export.COLUMNS)
    written.writerows(est_export.cells(line) for line in it.lines)
    return _named(text.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"est-{it.week}.csv")


def _json(it: Read) -> Response:
    names = {each.id: each.name for each in it.here.departments} | {each.id: each.name for each in it.here.places}
    told = {
        "format": est_export.FORMAT,
        "version": est_export.FORMAT_VERSION,
        "municipality": it.here.id,
        "week": str(it.week),
        "from": it.week.monday,
        "to": it.week.sunday,
        "step": it.kept.step,
        "lines": it.lines,
        "out": [{"evening": each.evening, "area": each.area, "place": each.place} for each in it.picture.out],
        "decisions": _decided(it.kept.decisions, names),
        "next_places": [
            {
                "place": names.get(each.place, each.place),
                "evening": each.evening,
                "from_hour": each.from_hour,
                "to_hour": each.to_hour,
                "owner": names.get(each.owner, each.owner),
                "why": each.why,
            }
            for each in it.kept.next_places
        ],
    }
    return _named(msgspec.json.encode(told), "application/json", f"est-{it.week}.json")


def _decided(decisions: Sequence[EstDecision], names: dict[str, str]) -> list[dict[str, object]]:
    return [
        {
            "text": each.text,
            "owner": names.get(each.owner, each.owner),
            "due_on": each.due_on,
            "place": names.get(each.place or "", ""),
            "is_task": each.task is not None,
            "is_done": each.is_done,
        }
        for each in decisions
    ]


def _named(content: bytes, media: str, name: str) -> Response:
    headers = {**_HEADERS, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media, headers=headers)


routes = [
    routing.route("/api/est", one_week, methods=["GET"], act=Act.KEEP_EST),
    routing.route("/api/est/vehicles", vehicles, methods=["GET"], act=Act.KEEP_EST),
    routing.route("/api/est/compile", compile_, methods=["POST"], act=Act.KEEP_EST),
    routing.route("/api/est/export/{kind}", export, methods=["GET"], act=Act.KEEP_EST),
]
