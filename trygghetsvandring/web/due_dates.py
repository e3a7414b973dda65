"""The days that tasks can be promised for, as forms and bulk acts begin with them."""

from datetime import date
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.due_dates import DueDate, due_dates
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.rules import InForce
from trygghetsvandring.domain.tasks import Task, day_of
from trygghetsvandring.storage import municipalities, records
from trygghetsvandring.web import routing, suggestions
from trygghetsvandring.web.errors import BadParameter
from trygghetsvandring.web.observations import query_words

_MOST = 200  # as many as a list shows


async def of_tasks(request: Request) -> Response:
    """{deadlines: {task: DueState[]}}. A task that is closed is counted from today: it would be opened again."""
    asker, today = routing.principal(request), day_of(routing.now(request))
    asked = query_words(request, "task", UUID)
    if len(asked) > _MOST:
        raise BadParameter(name="task")
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        assert here is not None
        live = await suggestions.now(db, here)
        tasks = await records.load(db, here.id, Task, asked)
        firsts = [task.findings[0] for task in tasks.values() if task.findings]
        behind = await records.load(db, here.id, Observation, firsts)
    found = {
        str(task.id): _of(task, behind.get(task.findings[0]) if task.findings else None, here, live, today)
        for task in tasks.values()
    }
    return routing.json({"deadlines": found})


def _of(task: Task, first: Observation | None, here: Municipality, live: InForce, today: date) -> list[DueDate]:
    received_on = today if first is None or task.is_closed else day_of(first.received_at)
    return list(
        due_dates(
            here.category(first.category) if first else None,
            task.routed.rule if task.routed else "",
            live.rules,
            severity=first.severity if first else None,
            received_on=received_on,
            today=today,
        )
    )


routes = [routing.route("/api/deadlines", of_tasks, methods=["GET"], act=Act.TRIAGE)]
