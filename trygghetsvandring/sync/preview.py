"""What everybody would read if this were done: the operations' own rules, the reply's own words, and nothing kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec

from trygghetsvandring.domain.digests import GroupMessage
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Principal, may
from trygghetsvandring.domain.photos import Photo, PhotoState
from trygghetsvandring.domain.replies import Reply
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import records
from trygghetsvandring.storage.unit import Db
from trygghetsvandring.sync import replies
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import OPERATIONS, Op, Registered

MOST: Final = 12
"""Of operations in one question: a step with all its photos."""
_BESIDE_TASKS: Final = frozenset({"photo.declare", "observation.review", "observation.dismiss", "walk.message"})


class NotAStep(Malformed):
    """Not one of those that somebody reads an answer of, or not with these fields."""


class Said(msgspec.Struct, kw_only=True):
    """An operation as a form would send it: its type, what it is about, and its body."""

    type: str
    entity: UUID
    body: msgspec.Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """`shown`: whether it can be shown now; one that is on its way is not, and nobody promises that it will be."""

    id: UUID
    shown: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """`reply`: to the finding that it is about. `message`: to a whole group, as it will stand."""

    reply: Reply | None = None
    department: str | None = None
    before: Picture | None = None
    after: Picture | None = None
    message: str | None = None


async def after(db: Db, here: Municipality, by: Principal, said: Sequence[Said], *, now: Any) -> Seen:
    """What is read when all of them are done, in their order. Raises what a rule refuses with."""
    if not 1 <= len(said) <= MOST:
        raise NotAStep(most=MOST)
    known = Known(here, key=b"", names={kind: room.kind for kind, room in records.ROOMS.items()})
    made: list[Any] = []
    for each in said:
        registered = _registered(each.type, by)
        op = _operation(registered, each, by, now)
        await _learn(db, here.id, known, set(registered.needs(op)))
        await _learn(db, here.id, known, set(registered.needs_more(op, known)))
        made = list(registered.rule(op, known).entities)
        for entity in made:
            known.put(entity)
    return await _seen(db, known, made, said[-1].entity)


def _registered(type: str, by: Principal) -> Registered:
    registered = OPERATIONS.get(type)
    is_told = type.startswith("task.") or type in _BESIDE_TASKS
    if registered is None or not is_told or not may(by, registered.act):
        raise NotAStep(type=type[:60])
    return registered


def _operation(registered: Registered, said: Said, by: Principal, now: Any) -> Op[Any]:
    try:
        body = msgspec.json.decode(said.body, type=registered.body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        raise NotAStep(type=said.type) from None
    return Op(
        id=uuid7(),
        type=said.type,
        entity=said.entity,
        base=None,
        at=now,
        corrected_at=now,
        received_at=now,
        actor=by,
        body=body,
    )


async def _learn(db: Db, municipality: str, known: Known, keys: set[Key]) -> None:
    for kind in {kind for kind, _ in keys}:
        ids = {id for of, id in known.unasked(keys) if of is kind}
        found = await records.load(db, municipality, kind, ids)
        known.learn({(kind, id) for id in ids}, {(kind, id): it for id, it in found.items()})


async def _seen(db: Db, known: Known, made: Sequence[Any], about: UUID) -> Seen:
    message = next((it.text for it in made if isinstance(it, GroupMessage)), None)
    if message is not None:
        return Seen(message=message)
    task = next((it for it in made if isinstance(it, Task) and it.id == about), None)
    findings = [about] if task is None else task.findings
    told = await replies.answers(replies.Reader(db, known), findings)
    reply = next((it for found, it in told if it is not None and found.id in findings), None)
    if reply is None:
        return Seen()
    owner = known.municipality.organisation(reply.department)
    photos = await replies.Reader(db, known).all(Photo, [id for id in (reply.before, reply.after) if id is not None])
    return Seen(
        reply=reply,
        department=owner.name if owner else None,
        before=_picture(reply.before, photos),
        after=_picture(reply.after, photos),
    )


def _picture(id: UUID | None, photos: dict[UUID, Photo]) -> Picture | None:
    if id is None:
        return None
    return Picture(id=id, shown=id in photos and photos[id].state is PhotoState.ACCEPTED)
