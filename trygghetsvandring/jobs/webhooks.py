"""Those who asked are told of what is public, and a unit's own system of its tasks.

It is written when it is sent: what was withdrawn is never told, and what is another's is told to nobody.
"""

from dataclasses import dataclass
from typing import Final, TypedDict
from uuid import UUID

import msgspec

from trygghetsvandring.domain.connections import Webhook, WorkEvent
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.open311 import BASE, written
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.integrations import webhooks
from trygghetsvandring.integrations.mail import NotDelivered
from trygghetsvandring.integrations.outside import NoAnswer, NotReached
from trygghetsvandring.jobs import unreached
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import connections, municipalities, records
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.sync import open311
from trygghetsvandring.sync.ops.connections import AGAIN
from trygghetsvandring.sync.outbound import CALL, WORK

KIND: Final = CALL
KIND_OF_WORK: Final = WORK
KINDS: Final = (KIND, KIND_OF_WORK, AGAIN)
# As its people read it at their desk. Not who does it, nor what is written for their own eyes.
_TOLD: Final = (
    *("number", "title", "state", "priority", "place", "tile", "due_on", "planned_on", "next_look_on", "done_on"),
    *("extent", "wait_reason", "reopened", "public_text", "explanation", "version"),
)
_GONE: Final = 410
MOST_TRIES: Final = 20  # about twelve hours


class Call(msgspec.Struct, kw_only=True):
    webhook: UUID
    finding: UUID
    event: str


class WorkCall(msgspec.Struct, kw_only=True):
    webhook: UUID
    task: UUID
    event: str


class Again(msgspec.Struct, kw_only=True):
    webhook: UUID


class Noted(TypedDict):
    state: str
    status: int | None
    reason: str
    attempts: int


@handles(KIND, Lane.OUTSIDE)
async def call(context: Context, job: Waiting) -> None:
    body, place, now = msgspec.json.decode(job.body, type=Call), job.municipality, context.clock()
    async with context.store.read() as db:
        here = await municipalities.municipality(db, place)
        to = await records.one(db, place, Webhook, body.webhook)
        shown = None if here is None else await open311.one(db, here, body.finding)
    if here is None or to is None or not to.is_open:
        return
    data: dict[str, object] = {"service_request_id": str(body.finding), "jurisdiction_id": place}
    event = "request.withdrawn"
    if shown is not None:
        event = "request.updated" if body.event == "request.withdrawn" else body.event
        data |= open311.request_state(shown, f"{context.public_url}{BASE}", extensions=True)
    said = msgspec.json.encode({"type": event, "timestamp": written(now), "data": data})
    told = await _told(context, job, here, to, said)
    async with context.store.write() as db:
        await connections.note_call(
            db, place, job.id, webhook=to.id, finding=body.finding, event=event, at=now, **told.as_noted
        )
        if told.state == "failed":
            await unreached.tell_today(db, place, to.id, now)
    if told.state == "waiting":
        raise NotDelivered(told.reason)


@handles(KIND_OF_WORK, Lane.OUTSIDE)
async def work(context: Context, job: Waiting) -> None:
    """A unit's own system, of a task: as it stands now, and no more than that it left when it is another's by now."""
    body, place, now = msgspec.json.decode(job.body, type=WorkCall), job.municipality, context.clock()
    async with context.store.read() as db:
        here = await municipalities.municipality(db, place)
        to = await records.one(db, place, Webhook, body.webhook)
        task = await records.one(db, place, Task, body.task)
    if here is None or to is None or not to.is_open:
        return
    is_theirs = task is not None and task.department == to.unit and not task.is_gone
    event = WorkEvent(body.event) if is_theirs else WorkEvent.LEFT
    if is_theirs and event is WorkEvent.LEFT:
        event = WorkEvent.GIVEN  # it has come back meanwhile
    data: dict[str, object] = {"id": str(body.task), "municipality": place, "unit": to.unit}
    if is_theirs and task is not None:
        data |= {name: getattr(task, name) for name in _TOLD}
        data |= {"position": None if task.lat is None else [task.lat, task.lon]}
        data |= {"url": f"{context.public_url}/desk/atgarder/{task.id}"}
    said = msgspec.json.encode({"type": event, "timestamp": written(now), "data": data})
    told = await _told(context, job, here, to, said)
    async with context.store.write() as db:
        await connections.note_work_call(db, place, job.id, event=event, at=now, **told.as_noted)
        if told.state == "failed":
            await unreached.tell_today(db, place, to.id, now)
    if told.state == "waiting":
        raise NotDelivered(told.reason)


@handles(AGAIN, Lane.OUTSIDE)
async def again(context: Context, job: Waiting) -> None:
    """A person has mended the address, or says that it is mended."""
    id = msgspec.json.decode(job.body, type=Again).webhook
    async with context.store.write() as db:
        await connections.tell_again(db, job.municipality, id, context.clock(), {"finding": KIND, "task": KIND_OF_WORK})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    state: str
    status: int | None
    reason: str
    attempts: int

    @property
    def as_noted(self) -> Noted:
        return {"state": self.state, "status": self.status, "reason": self.reason, "attempts": self.attempts}


async def _told(context: Context, job: Waiting, here: Municipality, to: Webhook, said: bytes) -> Told:
    """Signed by the address's own secret, under the same id each time."""
    secret, status, reason = webhooks.secret(context.hands.key, here.id, to.id), None, ""
    try:
        answered = await webhooks.tell(
            to.url, secret, f"msg_{job.id}", context.clock(), said, own_networks=here.own_networks
        )
        status = answered.status
        reason = "" if 200 <= status < 300 else f"http_{status}"
    except (NotReached, NoAnswer) as failed:
        reason = str(failed)
    attempts = job.attempts + 1
    is_over = status == _GONE or attempts >= MOST_TRIES
    state = "sent" if not reason else "failed" if is_over else "waiting"
    return Told(state=state, status=status, reason=reason, attempts=attempts)
