"""Operations on publications: proposed, made public, taken out of sight. The entity is the finding."""

from collections.abc import Iterable
from uuid import UUID

import msgspec

from trygghetsvandring.domain import publications as rules
from trygghetsvandring.domain.observations import MOST_PHOTOS, Observation, TooManyPhotos
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.publications import Publication
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import publications as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Publish(Body, kw_only=True):
    """`text` and `place_words` are written for everybody; `photos` are the finding's own, one by one.

    `seen`: the version of the finding that was read when it is released from a list; another one by now is refused.
    `read_at`: the coarse point that was read with it, [lat, lon], or [] for none; a stop may have been moved since.
    """

    text: str
    place_words: str = ""
    photos: list[UUID] = msgspec.field(default_factory=list)
    seen: int | None = None
    read_at: list[float] | None = None


class Nothing(Body, kw_only=True):
    pass


def _needs(op: Op[Publish]) -> list[Key]:
    photos: list[Key] = [(Photo, id) for id in op.body.photos[:MOST_PHOTOS]]
    return [(Observation, op.entity), (Publication, op.entity), *photos]


def _walk(op: Op[Publish], known: Known) -> Iterable[Key]:
    found = known.get(Observation, op.entity)
    return [(Walk, found.walk)] if found is not None else []


@operation("publication.propose", Publish, act=Act.TRIAGE, needs=_needs, needs_more=_walk)
def propose(op: Op[Publish], known: Known) -> Decision:
    return Decision(entities=[_released(op, known)])


@operation("publication.publish", Publish, act=Act.TRIAGE, needs=_needs, needs_more=_walk)
def publish(op: Op[Publish], known: Known) -> Decision:
    return Decision(entities=[_released(op, known)])


@operation("publication.withdraw", Nothing, act=Act.TRIAGE, needs=lambda op: [(Publication, op.entity)])
def withdraw(op: Op[Nothing], known: Known) -> Decision:
    before = known.get(Publication, op.entity)
    return Decision(entities=[rules.withdraw(before, by=op.actor.function, at=op.received_at)])


def _released(op: Op[Publish], known: Known) -> Publication:
    if len(op.body.photos) > MOST_PHOTOS:
        raise TooManyPhotos(limit=MOST_PHOTOS)
    found = known.need(Observation, op.entity)
    return rules.release(
        op.type,
        known.get(Publication, op.entity),
        found,
        text=op.body.text,
        place_words=op.body.place_words,
        point=point_of(found, known.get(Walk, found.walk)),
        photos=rules.releasable(found, [known.need(Photo, id) for id in op.body.photos]),
        by=op.actor.function,
        at=op.received_at,
        seen=op.body.seen,
        read_at=op.body.read_at,
    )


def point_of(found: Observation, walk: Walk | None) -> tuple[float, float] | None:
    """Exactly where, which nobody outside is told: its own position, else the stop's."""
    stop = walk.stop(found.stop) if walk is not None and found.stop is not None else None
    spot = found.position or stop
    return None if spot is None else (spot.lat, spot.lon)
