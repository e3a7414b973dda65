"""Before an answer is given: words to begin with, and what everybody would read."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import municipalities, records
from trygghetsvandring.sync import preview
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound
from trygghetsvandring.web.tasks import may_know_of


class Step(msgspec.Struct, kw_only=True):
    """The operation a form would send: its type and body."""

    type: str
    body: msgspec.Raw


async def preview_step(request: Request) -> Response:
    """Asked by POST because a text that is not yet checked never stands in an address. Nothing is kept."""
    asker, step = routing.principal(request), await routing.read(request, Step)
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        task = await records.one(db, asker.municipality, Task, routing.path_id(request))
        assert here is not None
        if task is None or not may_know_of(task, asker):
            raise NotFound()
        made, told = await preview.after(
            db, here, asker, step.type, task.id, bytes(step.body), now=routing.now(request)
        )
    owner = here.organisation(made.department)
    last = None if told is None or not told.steps else told.steps[-1]
    return routing.json(
        {
            "state": None if told is None else told.state,
            "department": owner.name if owner else None,
            "public_text": "" if told is None else told.public_text,
            "planned_on": made.planned_on,
            "step": last,
        }
    )


async def reply_texts(request: Request) -> Response:
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, routing.principal(request).municipality)
    assert here is not None
    return routing.json({"texts": here.reply_texts})


routes = [
    routing.route("/api/tasks/{id:uuid}/preview", preview_step, methods=["POST"], act=Act.READ_TASKS),
    routing.route("/api/reply-texts", reply_texts, methods=["GET"], act=Act.READ_TASKS),
]
