"""Mail that has come in: to be read, used or put aside. A unit sees what is about its tasks; the coordinator all."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from trygghetsvandring.domain import guard
from trygghetsvandring.domain import incoming_mail as rules
from trygghetsvandring.domain.guard import Verdict
from trygghetsvandring.domain.incoming_mail import IncomingMail
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import incoming_mail as stored
from trygghetsvandring.storage import records
from trygghetsvandring.storage.incoming_mail import Seen, Words
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.web import routing
from trygghetsvandring.web.errors import BadParameter, NotFound
from trygghetsvandring.web.tasks import may_know_of

_MOST_SHOWN: Final = 50
_GONE: Final = Words(subject="", text="", original="")


async def listed(request: Request) -> Response:
    """`state` is unread or settled. The state of the mailbox is for who can mend it."""
    asker = routing.principal(request)
    skip = routing.query_int(request, "skip", 0, least=0, most=1_000_000)
    state = request.query_params.get("state", "unread")
    if state not in {"unread", "settled"}:
        raise BadParameter(name="state")
    unit = None if asker.role is Role.COORDINATOR else asker.organisation or ""
    async with routing.house(request).store.read() as db:
        found = await stored.page(
            db, asker.municipality, unit=unit, unread=state == "unread", skip=skip, limit=_MOST_SHOWN + 1
        )
        counts = await stored.counts(db, asker.municipality, unit=unit)
        rows = await _rows(db, asker, found[:_MOST_SHOWN])
        mailbox = await stored.mailbox(db, asker.municipality) if unit is None else None
    return routing.json(
        {"rows": rows, "counts": counts, "more": len(found) > _MOST_SHOWN, "mailbox": _mailbox(mailbox)}
    )


async def of_task(request: Request) -> Response:
    asker, id = routing.principal(request), routing.path_id(request)
    async with routing.house(request).store.read() as db:
        task = await records.one(db, asker.municipality, Task, id)
        if task is None or not may_know_of(task, asker):
            raise NotFound()
        rows = await _rows(db, asker, await stored.of_task(db, asker.municipality, id))
    return routing.json({"rows": rows})


async def original(request: Request) -> Response:
    """The whole plain text, also what was cut off. Who sent it is for the coordinator, who may have to ask."""
    asker, id = routing.principal(request), routing.path_id(request)
    async with routing.house(request).store.read() as db:
        it = await records.one(db, asker.municipality, IncomingMail, id)
        task = await records.one(db, asker.municipality, Task, it.task) if it and it.task else None
        if it is None or not rules.may_read(asker, task.department if task else None):
            raise NotFound()
        words = (await stored.words_of(db, asker.municipality, [id])).get(id, _GONE)
        senders = await stored.senders_of(db, asker.municipality, [id]) if asker.role is Role.COORDINATOR else {}
    return routing.json({"subject": words.subject, "text": words.original, "sender": senders.get(id)})


async def _rows(db: Db, asker: Principal, found: list[IncomingMail]) -> list[dict[str, Any]]:
    ids = [it.id for it in found]
    words = await stored.words_of(db, asker.municipality, ids)
    tasks = await records.load(db, asker.municipality, Task, {it.task for it in found if it.task})
    return [_row(it, words.get(it.id, _GONE), tasks) for it in found]


def _row(it: IncomingMail, words: Words, tasks: Mapping[UUID, Task]) -> dict[str, Any]:
    task = tasks.get(it.task) if it.task else None
    return {
        "id": it.id,
        "version": it.version,
        "number": it.number,
        "kind": it.kind,
        "task": None if task is None else {"id": task.id, "number": task.number, "title": task.title},
        "why": it.why,
        "who": it.who,
        "same_sender": it.same_sender,
        "subject": words.subject,
        "text": words.text,
        "is_cut": words.text != words.original,
        "warns": warns(f"{words.subject}\n{words.text}"),
        "attachments": it.attachments,
        "is_long": it.is_long,
        "received_at": it.received_at,
        "state": it.state,
        "settled_at": it.settled_at,
        "settled_by": it.settled_by,
        "aside": it.aside,
    }


def warns(text: str) -> list[str]:
    """What in it looks like a person, by kind and once each: whoever reads it takes that out before it goes further."""
    found = guard.inspect(text)
    return [] if found.verdict is Verdict.OK else list(dict.fromkeys(span.kind.value for span in found.spans))


def _mailbox(it: Seen | None) -> dict[str, object] | None:
    """None = none is fetched, or not yet."""
    return None if it is None else {"since": it.looked_at, "reason": it.reason}


routes = [
    routing.route("/api/mail", listed, methods=["GET"], act=Act.READ_MAIL),
    routing.route("/api/mail/{id:uuid}/original", original, methods=["GET"], act=Act.READ_MAIL),
    routing.route("/api/tasks/{id:uuid}/mail", of_task, methods=["GET"], act=Act.READ_MAIL),
]
