"""Nothing that was handed to another system is forgotten: what has no job of its own is given one anew.

Questions are given up after some two days of silence, and end while a connection is off. Each morning, and when a
connection is saved, every open handing over is looked through: what has no question or sending planned gets one.
"""

from collections.abc import Sequence
from typing import Final
from uuid import UUID, uuid5

import msgspec

from trygghetsvandring.domain import answer_links
from trygghetsvandring.domain.answer_links import Standing
from trygghetsvandring.domain.connections import Delivery, DeliveryState, delivery_id, turn_of
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.domain.unreached import is_news, is_told
from trygghetsvandring.jobs import unreached
from trygghetsvandring.jobs.open311 import KINDS as ASKING
from trygghetsvandring.jobs.open311 import PULL
from trygghetsvandring.jobs.open311_case import About
from trygghetsvandring.jobs.work import Context, Lane, handles
from trygghetsvandring.storage import answer_links as links
from trygghetsvandring.storage import connections, operations, queue
from trygghetsvandring.storage.queue import Waiting
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.ops.connections import PUSH, SWEEP, push_body
from trygghetsvandring.sync.unreached import unreached as what_is_unreached

DAILY: Final = "daily.open311"
KINDS: Final = (DAILY, SWEEP)
_NEXT: Final = {
    DeliveryState.PENDING: PUSH,
    DeliveryState.SENT: PUSH,
    DeliveryState.ACKNOWLEDGED: PULL,
}


@handles(DAILY, Lane.DAILY)
async def look_through(context: Context, job: Waiting) -> None:
    await _plan_again(context, job)
    place, now = job.municipality, context.clock()
    async with context.store.write() as db:
        seen = await what_is_unreached(db, place, now)
        if any(is_news(it, now) for it in seen.stuck) or any(is_told(it, now) for it in seen.silent):
            await unreached.tell_within_the_hour(db, place, now)


@handles(SWEEP, Lane.OUTSIDE)
async def at_once(context: Context, job: Waiting) -> None:
    await _plan_again(context, job)


async def _plan_again(context: Context, job: Waiting) -> None:
    place, now = job.municipality, context.clock()
    async with context.store.write() as db:
        await operations.take_turn(db, place)  # two that look through at once would each plan the same
        open_ = [it.organisation for it in await connections.all_partners(db, place) if it.is_open]
        if not open_:
            return
        handed = await connections.handed_over(db, place, open_)
        # After what is handed over: what is given in between has its own job already.
        busy = {msgspec.json.decode(body, type=About) for body in await queue.waiting(db, place, ASKING)}
        asked = await _asked_by_link(context, db, place, [task for task, _ in handed])
        for task, deliveries in handed:
            kind = _next(task, deliveries, is_asked=task.id in asked)
            about = About(task=task.id, organisation=task.department or "", turn=turn_of(task))
            if kind is None or about in busy:
                continue
            body = msgspec.json.encode(push_body(about.task, about.organisation, about.turn)).decode()
            id = uuid5(job.id, f"{kind} {delivery_id(place, task.id, about.turn)}")
            await queue.plan(db, place, id, kind, body, now)


def _next(task: Task, deliveries: Sequence[Delivery], *, is_asked: bool) -> str | None:
    """What this time's handing over waits for. Who was asked by a link meanwhile is not asked twice."""
    mine = next((it for it in deliveries if it.turn == turn_of(task)), None)
    if mine is not None:
        kind = _NEXT.get(mine.state)
        return None if kind == PUSH and task.is_closed else kind
    return PUSH if task.state is TaskState.ASSIGNED and not is_asked else None


async def _asked_by_link(context: Context, db: Db, place: str, tasks: Sequence[Task]) -> set[UUID]:
    given = {task.id: task for task in tasks if task.state is TaskState.ASSIGNED}
    found = await links.of_tasks(db, place, given)
    now = context.clock()
    return {it.task for it in found if answer_links.standing(it, given[it.task], now) is Standing.OPEN}
