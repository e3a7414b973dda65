"""Before an answer is given: words to begin with, and what everybody would read."""

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import municipalities, records
from trygghetsvandring.sync import preview
from trygghetsvandring.sync.preview import Said
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import NotFound
from trygghetsvandring.web.tasks import may_know_of


class Asked(msgspec.Struct, kw_only=True):
    """The operations a form would send, in their order."""

    operations: list[Said]


async def preview_step(request: Request) -> Response:
    """Asked by POST because a text that is not yet checked never stands in an address. Nothing is kept."""
    asker, asked = routing.principal(request), await routing.read(request, Asked)
    about = {it.entity for it in asked.operations if it.type.startswith("task.")}
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, asker.municipality)
        assert here is not None
        tasks = await records.load(db, asker.municipality, Task, about)
        if any(id not in tasks or not may_know_of(tasks[id], asker) for id in about):
            raise NotFound()
        seen = await preview.after(db, here, asker, asked.operations, now=routing.now(request))
    told = seen.reply
    return routing.json(
        {
            "state": None if told is None else told.state,
            "department": seen.department,
            "public_text": "" if told is None else told.public_text,
            "planned_on": None if told is None else told.planned_on,
            "step": None if told is None or not told.steps else told.steps[-1],
            "before": seen.before,
            "after": seen.after,
            "message": seen.message,
        }
    )


async def reply_texts(request: Request) -> Response:
    async with routing.house(request).store.read() as db:
        here = await municipalities.municipality(db, routing.principal(request).municipality)
    assert here is not None
    return routing.json({"texts": here.reply_texts})


routes = [
    routing.route("/api/preview", preview_step, methods=["POST"], act=Act.READ_TASKS),
    routing.route("/api/reply-texts", reply_texts, methods=["GET"], act=Act.READ_TASKS),
]
