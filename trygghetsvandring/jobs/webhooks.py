"""Those who asked are told of what is public. It is written when it is sent: what was withdrawn is never told."""

from typing import Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.connections import Webhook
from trygghetsvandring.domain.open311 import BASE, written
from trygghetsvandring.integrations import webhooks
from trygghetsvandring.integrations.mail import NotDelivered
from trygghetsvandring.integrations.outside import NoAnswer, NotReached
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import connections, municipalities, records
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.sync import open311
from trygghetsvandring.sync.outbound import CALL

KIND: Final = CALL
_GONE: Final = 410
MOST_TRIES: Final = 20  # about twelve hours


class Call(msgspec.Struct, kw_only=True):
    webhook: UUID
    finding: UUID
    event: str


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
    secret, status, reason = webhooks.secret(context.hands.key, place, to.id), None, ""
    try:
        answered = await webhooks.tell(to.url, secret, f"msg_{job.id}", now, said, own_networks=here.own_networks)
        status = answered.status
        reason = "" if 200 <= status < 300 else f"http_{status}"
    except (NotReached, NoAnswer) as failed:
        reason = str(failed)
    attempts = job.attempts + 1
    is_over = status == _GONE or attempts >= MOST_TRIES
    state = "sent" if not reason else "failed" if is_over else "waiting"
    async with context.store.write() as db:
        await connections.note_call(
            db,
            place,
            job.id,
            webhook=to.id,
            finding=body.finding,
            event=event,
            state=state,
            status=status,
            reason=reason,
            attempts=attempts,
            at=now,
        )
    if state == "waiting":
        raise NotDelivered(reason)
