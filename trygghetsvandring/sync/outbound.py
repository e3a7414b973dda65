"""What a change sets going outside the house: a task to hand over, and calls to those who asked to be told.

Asked after the batch is decided, in the same transaction: a change that is stored is a change that will be told of.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import taken_back
from trygghetsvandring.domain.connections import GIVEN, Partner, Webhook, WorkEvent, partner_id, turn_of
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.publications import Publication, Release
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.storage import connections, publications, records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.ops.connections import PUSH, push_body

CALL = "webhook.call"
TAKEN_BACK = "mail.taken_back"
WORK = "webhook.work"


async def jobs(db: Db, known: Known, changed: Sequence[Any], now: datetime) -> list[dict[str, object]]:
    place = known.municipality.id
    given = [task for task in changed if isinstance(task, Task) and _is_given(task)]
    made = [_job(place, PUSH, body, now) for body in await _handed_over(db, known, given)]
    ended = [it for it in changed if isinstance(it, Task) and taken_back.may_be(it)]
    made += [_job(place, TAKEN_BACK, {"task": str(task.id)}, now) for task in ended]
    if any(isinstance(it, Publication | Task | Observation) for it in changed):
        told = await connections.open_webhooks(db, place)
        public, units = [it for it in told if it.unit is None], [it for it in told if it.unit is not None]
        made += [_job(place, CALL, body, now) for body in await _calls(db, known, changed, public)]
        made += await _work(db, place, [it for it in changed if isinstance(it, Task)], units, now)
    return made


def _job(municipality: str, kind: str, body: dict[str, object], now: datetime) -> dict[str, object]:
    written = msgspec.json.encode(body).decode()
    return {"municipality": municipality, "id": uuid7(), "kind": kind, "body": written, "run_at": now, "attempts": 0}


def _is_given(task: Task) -> bool:
    """Just now: the last thing that happened to it."""
    last = task.history[-1] if task.history else None
    return task.state is TaskState.ASSIGNED and last is not None and last.type in GIVEN


async def _handed_over(db: Db, known: Known, given: Sequence[Task]) -> list[dict[str, object]]:
    place = known.municipality.id
    ids = {task.id: partner_id(place, task.department) for task in given if task.department}
    partners = await records.load(db, place, Partner, set(ids.values()))
    return [
        push_body(task.id, partner.organisation, turn_of(task))
        for task in given
        if (partner := partners.get(ids.get(task.id, task.id))) is not None and partner.is_open
    ]


async def _work(
    db: Db, place: str, changed: Sequence[Task], told: Sequence[Webhook], now: datetime
) -> list[dict[str, object]]:
    """One for each address and each task of its unit; also once when the task is that unit's no more."""
    if not changed or not told:
        return []
    known_there = await connections.told_of(db, place, [task.id for task in changed])
    made, planned = [], []
    for address, task in product(told, changed):
        is_theirs = task.department == address.unit and not task.is_gone
        if not is_theirs and (address.id, task.id) not in known_there:
            continue
        event = WorkEvent.LEFT if not is_theirs else WorkEvent.GIVEN if _is_given(task) else WorkEvent.UPDATED
        job = _job(place, WORK, {"webhook": str(address.id), "task": str(task.id), "event": event}, now)
        made.append(job)
        about = {"webhook": address.id, "task": task.id, "event": event, "changed_at": now}
        planned.append({"municipality": place, "id": job["id"], **about})
    if planned:
        await connections.plan_work_calls(db, planned)
    return made


async def _calls(db: Db, known: Known, changed: Sequence[Any], told: Sequence[Webhook]) -> list[dict[str, object]]:
    """One for each address and each public finding that is touched. Nobody who asked: one question and no more."""
    touched = _touched(changed)
    if not touched or not told:
        return []
    place = known.municipality.id
    followers = await _with_followers(db, place, touched)
    seen = {it.id: it for it in await publications.changed(db, place, followers)}
    news = {it.id for it in changed if isinstance(it, Publication)}
    return [
        {"webhook": str(address.id), "finding": str(it.id), "event": _event(it, is_new=it.id in news)}
        for it in seen.values()
        if it.state in {Release.PUBLIC, Release.WITHDRAWN} and (it.state is Release.PUBLIC or it.id in news)
        for address in told
    ]


def _touched(changed: Sequence[Any]) -> set[UUID]:
    """A finding that has just come in is nobody's news: it is not public."""
    touched: set[UUID] = set()
    for it in changed:
        if isinstance(it, Publication) or (isinstance(it, Observation) and it.version > 1):
            touched.add(it.id)
        elif isinstance(it, Task):
            touched |= set(it.findings)
    return touched


async def _with_followers(db: Db, municipality: str, ids: set[UUID]) -> set[UUID]:
    here = await records.load(db, municipality, Observation, ids)
    return ids | {follower for found in here.values() for follower in found.merged_from}


def _event(it: Publication, *, is_new: bool) -> str:
    if it.state is Release.WITHDRAWN:
        return "request.withdrawn"
    return "request.published" if is_new else "request.updated"
