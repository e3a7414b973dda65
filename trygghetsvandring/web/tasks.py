"""Tasks, as departments and the coordinator see them. A department sees its own and knows of no others."""

from datetime import date
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.tasks import Task, TaskEvent, TaskState, day_of
from trygghetsvandring.storage import municipalities, photos, records, tasks
from trygghetsvandring.storage.tasks import Place, Wanted
from trygghetsvandring.sync.ops.photos import wire_state as photo_state
from trygghetsvandring.sync.ops.tasks import arrows_for
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, NotFound
from trygghetsvandring.web.observations import finding_rows, query_words

# What the task says itself; the rest of a row is worked out.
_OWN = (
    *("id", "version", "number", "title", "state", "priority", "department", "explanation", "person", "due_on"),
    *("planned_on", "next_look_on", "done_on", "extent", "public_text", "reopened", "bounced", "place", "lat", "lon"),
    *("finished_by", "reopen_proposed"),
)


async def list_tasks(request: Request) -> Response:
    asker, today = routing.principal(request), day_of(routing.now(request))
    limit = routing.query_int(request, "limit", 50, least=1, most=200)
    wanted = _wanted(request, asker, today)
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        found, more = await tasks.page(db, asker.municipality, wanted, _after(request), limit)
        counts = await tasks.counts(db, asker.municipality, wanted, today)
    assert here is not None
    ends = None if more is None else f"{more.look_on.isoformat()}~{more.id}"
    rows = [task_row(task, here, today) for task in found]
    return routing.json({"tasks": rows, "next": ends, "counts": counts})


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
        findings = await finding_rows(db, asker.municipality, shown, sorting=False)
        after = (await photos.of(db, asker.municipality, [task.id])).get(task.id, [])
    return routing.json(
        {
            **task_row(task, here, today),
            "findings": findings,
            "history": [_event(event) for event in task.history],
            "photos": [photo_state(photo) for photo in after],
            "arrows": arrows_for(asker, task, here),
        }
    )


def may_know_of(task: Task, asker: Principal) -> bool:
    return asker.role is Role.COORDINATOR or task.department == asker.organisation


def _is_shown(finding: Observation, asker: Principal) -> bool:
    """A finding held back for somebody's privacy is for triage only."""
    return finding.state is not ObservationState.WITHHELD or asker.role is Role.COORDINATOR


def _wanted(request: Request, asker: Principal, today: date) -> Wanted:
    """The wall first: whoever is not a coordinator gets their own unit's, whatever they ask for."""
    asked = request.query_params.get("department") or None
    return Wanted(
        department=asked if asker.role is Role.COORDINATOR else asker.organisation or "",
        states=query_words(request, "state", TaskState),
        words=tuple(request.query_params.get("q", "")[:80].split()),
        late_on=today if request.query_params.get("late") == "1" else None,
    )


def _after(request: Request) -> Place | None:
    raw = request.query_params.get("after", "")
    if not raw:
        return None
    day, _, id = raw.partition("~")
    try:
        return Place(date.fromisoformat(day), UUID(id))
    except ValueError:
        raise BadParameter(name="after") from None


def task_row(task: Task, here: Municipality, today: date) -> dict[str, object]:
    """`TaskRow`. `reopen_proposed`: a walker has been there and it was not mended."""
    owner = here.organisation(task.department)
    return {
        **{name: getattr(task, name) for name in _OWN},
        "department_name": owner.name if owner else None,
        "department_kind": owner.kind if owner else None,
        "late": task.is_late(today),
        "findings_count": len(task.findings),
    }


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
    routing.route("/api/tasks", list_tasks, methods=["GET"], act=Act.READ_TASKS),
    routing.route("/api/tasks/{id:uuid}", one_task, methods=["GET"], act=Act.READ_TASKS),
]
