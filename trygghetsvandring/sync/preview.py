"""What everybody would read if this step were taken: the step's own rule, the reply's own words, and nothing kept."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import replies
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Principal, may
from trygghetsvandring.domain.replies import Reply
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import OPERATIONS, Op


class NotAStep(Malformed):
    """Not one of the steps of a task, or not with these fields."""


async def after(
    db: Db, here: Municipality, by: Principal, type: str, id: UUID, body: bytes, *, now: Any
) -> tuple[Task, Reply | None]:
    """The task as the step would leave it, and the reply to its first finding. Raises what the rule refuses with."""
    registered = OPERATIONS.get(type)
    if registered is None or not type.startswith("task.") or not may(by, registered.act):
        raise NotAStep(type=type[:60])
    try:
        read = msgspec.json.decode(body, type=registered.body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise NotAStep(type=type) from None
    op: Op[Any] = Op(
        id=uuid7(), type=type, entity=id, base=None, at=now, corrected_at=now, received_at=now, actor=by, body=read
    )
    known = Known(here, key=b"", names={kind: room.kind for kind, room in records.ROOMS.items()})
    await _learn(db, here.id, known, set(registered.needs(op)))
    await _learn(db, here.id, known, set(registered.needs_more(op, known)))
    task = next(each for each in registered.rule(op, known).entities if isinstance(each, Task))
    return task, await _reply(db, here.id, task)


async def _learn(db: Db, municipality: str, known: Known, keys: set[Key]) -> None:
    for kind in {kind for kind, _ in keys}:
        ids = {id for of, id in keys if of is kind}
        found = await records.load(db, municipality, kind, ids)
        known.learn({(kind, id) for id in ids}, {(kind, id): it for id, it in found.items()})


async def _reply(db: Db, municipality: str, task: Task) -> Reply | None:
    first = await records.load(db, municipality, Observation, task.findings[:1])
    if not first:
        return None
    finding = next(iter(first.values()))
    others = await records.load(db, municipality, Task, set(finding.tasks) - {task.id})
    told = replies.reply(finding, tasks=[task, *others.values()])
    return None if told is None else replace(told, before=None, after=None)
