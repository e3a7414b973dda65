"""Operations on protocols: begun when the walk is in, written in by the coordinator, approved by a named person."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import protocols
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.minutes import Added, Minutes, Sources, compose, felt_at
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.protocols import (
    Cost,
    Edition,
    Judged,
    NoSuchPart,
    Protocol,
    ProtocolMoved,
    Words,
    Work,
    edition_id,
    protocol_id,
)
from trygghetsvandring.domain.stops import FeelingAnswer
from trygghetsvandring.domain.tasks import Task, public_safe
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import protocols as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.storage import records
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body

MOST_SOURCES = 4_000


class Draft(Body, kw_only=True):
    """entity = protocol_id(walk)."""

    walk: UUID


class Edit(Body, kw_only=True):
    """Only the fields named are changed. A list is the whole list."""

    reference: str | None = None
    weather: str | None = None
    parties: list[str] | None = None
    purpose: str | None = None
    summary: str | None = None
    feedback: str | None = None
    next_walk_on: date | msgspec.UnsetType | None = msgspec.UNSET
    comments: list[Words] | None = None
    words: list[Words] | None = None
    judged: list[Judged] | None = None
    photos: list[UUID] | None = None


class From(msgspec.Struct, kw_only=True):
    """What the reader had before them: the ids of everything the protocol was made from."""

    observations: list[UUID] = msgspec.field(default_factory=list)
    tasks: list[UUID] = msgspec.field(default_factory=list)
    feelings: list[UUID] = msgspec.field(default_factory=list)
    photos: list[UUID] = msgspec.field(default_factory=list)
    earlier: UUID | None = None
    earlier_tasks: list[UUID] = msgspec.field(default_factory=list)

    @property
    def count(self) -> int:
        lists = (self.observations, self.tasks, self.feelings, self.photos, self.earlier_tasks)
        return sum(len(each) for each in lists)


class Approve(Body, kw_only=True):
    """`digest` is that of the minutes as they were read: nobody approves what they have not seen."""

    walk: UUID
    made_from: From
    digest: str
    name: str
    changed: str = ""
    publish: bool = False


@operation(
    "protocol.draft",
    Draft,
    act=Act.DRAFT_PROTOCOL,
    needs=lambda op: [(Protocol, op.entity), (Walk, op.body.walk)],
)
def draft(op: Op[Draft], known: Known) -> Decision:
    """Begun once: the second time, by clock or by person, changes nothing."""
    walk = known.need(Walk, op.body.walk)
    if op.entity != protocol_id(walk.id):
        raise Malformed(field="entity")
    if (here := known.get(Protocol, op.entity)) is not None:
        return Decision(version=here.version)
    begun = Protocol(id=op.entity, version=0, walk=walk.id, drafted_at=op.received_at)
    return Decision(entities=[begun])


@operation(
    "protocol.edit",
    Edit,
    act=Act.KEEP_PROTOCOL,
    needs=lambda op: [(Protocol, op.entity)],
)
def edit(op: Op[Edit], known: Known) -> Decision:
    protocol = _as_read(op, known)
    changes: dict[str, object] = {}
    for name in Edit.__struct_fields__:
        value = getattr(op.body, name)
        if value is msgspec.UNSET or (value is None and name != "next_walk_on"):
            continue
        changes[name] = tuple(value) if isinstance(value, list) else value
    return Decision(entities=[protocols.edited(protocol, changes)])


def _as_read(op: Op[Any], known: Known) -> Protocol:
    """Two who write at once: the second reads again, and keeps what they wrote on their screen."""
    protocol = known.need(Protocol, op.entity)
    if op.base is not None and op.base != protocol.version:
        raise ProtocolMoved(version=protocol.version)
    return protocol


def _sources(op: Op[Approve]) -> Iterable[Key]:
    seen = op.body.made_from
    if seen.count > MOST_SOURCES:
        raise Malformed(field="made_from")
    yield (Protocol, op.entity)
    yield (Walk, op.body.walk)
    if seen.earlier is not None:
        yield (Walk, seen.earlier)
    yield from ((Observation, id) for id in seen.observations)
    yield from ((Task, id) for id in (*seen.tasks, *seen.earlier_tasks))
    yield from ((FeelingAnswer, id) for id in seen.feelings)
    yield from ((Photo, id) for id in seen.photos)


def _next_edition(op: Op[Approve], known: Known) -> Iterable[Key]:
    protocol = known.get(Protocol, op.entity)
    return [] if protocol is None else [(Edition, edition_id(protocol.walk, protocol.edition + 1))]


@operation("protocol.approve", Approve, act=Act.KEEP_PROTOCOL, needs=_sources, needs_more=_next_edition)
def approve(op: Op[Approve], known: Known) -> Decision:
    """Worked out again from what the reader had seen; when that gives something else, they read again."""
    protocol, body = _as_read(op, known), op.body
    if protocol.walk != body.walk:
        raise NoSuchPart()
    seen = body.made_from
    of = Sources(
        here=known.municipality,
        walk=known.need(Walk, body.walk),
        added=added(protocol),
        observations=[known.need(Observation, id) for id in seen.observations],
        tasks=[known.need(Task, id) for id in seen.tasks],
        feelings=[known.need(FeelingAnswer, id) for id in seen.feelings],
        photos=shown_by_thing(known.need(Photo, id) for id in seen.photos),
        earlier=known.need(Walk, seen.earlier) if seen.earlier is not None else None,
        earlier_tasks=[known.need(Task, id) for id in seen.earlier_tasks],
    )
    walks = {each.walk for each in of.observations} | {each.walk for each in of.feelings}
    if walks - {protocol.walk}:
        raise NoSuchPart()
    minutes = compose(of)
    if digest_of(minutes) != body.digest:
        raise ProtocolMoved(version=protocol.version)
    kept, edition = protocols.approve(
        protocol,
        minutes,
        [it for stop in of.walk.stops if (it := felt_at(of, stop)) is not None],
        digest=body.digest,
        name=public_safe(body.name),
        function=op.actor.function,
        changed=body.changed,
        publish=body.publish,
        at=op.received_at,
    )
    return Decision(entities=[kept, edition])


# ---------------------------------------------------------------- shared with whoever reads


def added(protocol: Protocol) -> Added:
    return Added(
        reference=protocol.reference,
        weather=protocol.weather,
        parties=protocol.parties,
        purpose=protocol.purpose,
        summary=protocol.summary,
        feedback=protocol.feedback,
        next_walk_on=protocol.next_walk_on,
        comments={each.id: each.text for each in protocol.comments},
        words={each.id: each.text for each in protocol.words},
        work={each.id: (_word(each.work), _word(each.cost)) for each in protocol.judged},
        photos=frozenset(protocol.photos),
        told={each.stop: each for each in protocol.told},
    )


def _word(chosen: Work | Cost | None) -> str:
    return "" if chosen is None else chosen.value


def may_be_printed(photo: Photo) -> bool:
    """Masked and confirmed on the phone before hand-in; what came in any other way stays sealed."""
    return photo.may_be_shown and not photo.is_sealed


def shown_by_thing(photos: Iterable[Photo]) -> dict[UUID, list[Photo]]:
    """The photos that may be chosen, by what they are of, in the order they were taken."""
    grouped: dict[UUID, list[Photo]] = {}
    for photo in sorted(photos, key=lambda photo: (photo.taken_at, photo.id)):
        if may_be_printed(photo):
            grouped.setdefault(photo.of.id, []).append(photo)
    return grouped


def digest_of(minutes: Minutes) -> str:
    return hashlib.sha256(records.encode(minutes).encode()).hexdigest()


def tasks_of(found: Iterable[Observation]) -> set[UUID]:
    """Every task a walk's findings have led to; of a finding that is held back, nothing."""
    held = {ObservationState.WITHHELD, ObservationState.WITHDRAWN}
    return {task for each in found if each.state not in held for task in each.tasks}
