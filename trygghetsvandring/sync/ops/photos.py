"""Operations on photos: declared by a phone or a desk; received, accepted and refused by the server itself."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import photos
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Belongs, Photo, PhotoOf, PhotoRole
from trygghetsvandring.domain.publications import Publication, without
from trygghetsvandring.domain.tasks import Task, internal_safe
from trygghetsvandring.domain.times import aware
from trygghetsvandring.storage import photos as _stored  # noqa: F401  # registers how photos are stored
from trygghetsvandring.storage import publications as _read  # noqa: F401  # and what everybody reads
from trygghetsvandring.sync import changes
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.tasks import stand_in
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body


class OfBody(msgspec.Struct, kw_only=True):
    kind: PhotoOf
    id: UUID


class Declare(Body, kw_only=True):
    of: OfBody
    role: PhotoRole
    sha256: str
    bytes: int
    media_type: str
    width: int
    height: int
    masks: int
    taken_at: datetime
    checked: bool = False


class Received(Body, kw_only=True):
    """`code`: why the file lies outside the allow-list, None inside."""

    code: str | None = None


class Accepted(Body, kw_only=True):
    shown_sha256: str
    sizes: list[int]


class Refuse(Body, kw_only=True):
    code: str


class Hold(Body, kw_only=True):
    reason: str


class Nothing(Body, kw_only=True):
    pass


def _about(op: Op[Declare]) -> Iterable[Key]:
    kind: type[Observation | Task] = Observation if op.body.of.kind is PhotoOf.OBSERVATION else Task
    return [(Photo, op.entity), (kind, op.body.of.id)]


@operation("photo.declare", Declare, act=Act.UPLOAD, needs=_about)
def declare(op: Op[Declare], known: Known) -> Decision:
    body, of = op.body, Belongs(kind=op.body.of.kind, id=op.body.of.id)
    photo = Photo(
        id=op.entity,
        version=0,
        of=of,
        role=body.role,
        sha256=body.sha256,
        bytes=body.bytes,
        media_type=body.media_type[:40],
        width=body.width,
        height=body.height,
        masks=body.masks,
        checked=body.checked,
        taken_at=aware(body.taken_at),
        device=op.actor.device,
        user=op.actor.user,
        organisation=op.actor.organisation,
    )
    before = known.get(Photo, op.entity)
    if before is not None:
        photos.declared_again(before, photo)
        return Decision()
    photos.must_be_declarable(photo)
    observation = known.get(Observation, of.id) if of.kind is PhotoOf.OBSERVATION else None
    task = known.get(Task, of.id) if of.kind is PhotoOf.TASK else None
    asker = op.actor if task is None else stand_in(op.actor, task, known.municipality)
    return Decision(entities=[photos.must_belong(photo, asker, observation=observation, task=task)])


def _photo(op: Op[Any]) -> Iterable[Key]:
    return [(Photo, op.entity)]


@operation("photo.received", Received, act=Act.SYSTEM, needs=_photo)
def received(op: Op[Received], known: Known) -> Decision:
    photo = known.need(Photo, op.entity)
    here = photos.received(photo, sealed=op.body.code is not None, at=op.received_at)
    if here == photo:
        return Decision()
    return Decision(entities=[here], jobs=[Job(kind="photo.derive", body={"photo": str(photo.id)})])


@operation("photo.accepted", Accepted, act=Act.SYSTEM, needs=_photo)
def accepted(op: Op[Accepted], known: Known) -> Decision:
    photo = known.need(Photo, op.entity)
    return _changed(photo, photos.accepted(photo, shown_sha256=op.body.shown_sha256, sizes=op.body.sizes))


@operation("photo.refused", Refuse, act=Act.SYSTEM, needs=_photo)
def refused(op: Op[Refuse], known: Known) -> Decision:
    photo = known.need(Photo, op.entity)
    return _changed(photo, photos.refused(photo, op.body.code))


def _read_by_all(op: Op[Hold], known: Known) -> Iterable[Key]:
    photo = known.get(Photo, op.entity)
    return [] if photo is None else [(Publication, photo.of.id)]


@operation("photo.hold", Hold, act=Act.TRIAGE, needs=_photo, needs_more=_read_by_all)
def hold(op: Op[Hold], known: Known) -> Decision:
    """What everybody may read goes on without it; nobody is told why."""
    photo = known.need(Photo, op.entity)
    held, read = photos.hold(photo, internal_safe(op.body.reason)), known.get(Publication, photo.of.id)
    if read is None or photo.id not in read.photos:
        return _changed(photo, held)
    return Decision(entities=[held, without(read, photo.id, by=op.actor.function, at=op.received_at)])


@operation("photo.let_go", Nothing, act=Act.TRIAGE, needs=_photo)
def let_go(op: Op[Nothing], known: Known) -> Decision:
    photo = known.need(Photo, op.entity)
    return _changed(photo, photos.let_go(photo))


def _changed(before: Photo, after: Photo) -> Decision:
    """What the server does by itself may be done twice: the second time changes nothing."""
    return Decision() if after == before else Decision(entities=[after])


def wire_state(photo: Photo) -> dict[str, object]:
    """`PhotoState` of the wire: who took it and where its bytes lie is nobody's business."""
    state: dict[str, object] = {
        "id": photo.id,
        "version": photo.version,
        "of": {"kind": photo.of.kind, "id": photo.of.id},
        "sha256": photo.sha256,
        "bytes": photo.bytes,
        "state": photo.state,
    }
    return state if photo.code is None else {**state, "code": photo.code}


@changes.feeds(Photo)
def _feed(photo: Photo, _known: Known) -> list[changes.Line]:
    if photo.device is None:
        return []
    return [(changes.of_device(photo.device), "photo", wire_state(photo))]
