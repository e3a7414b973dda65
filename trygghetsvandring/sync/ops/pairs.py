"""Operations on pairs of photos: shown to everybody by a named person, and taken away. The entity is the finding."""

from collections.abc import Iterable
from uuid import UUID

from trygghetsvandring.domain import pairs as rules
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.publications import Publication
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import publications as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.publications import Nothing
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class ShowPair(Body, kw_only=True):
    """`before` is a photo of the finding, `after` one of the task. `seen`: the publication's version that was read.

    `looked`: the person has looked at both, and nobody can be known in them. `name`: who stands for it.
    """

    task: UUID
    before: UUID
    after: UUID
    before_words: str
    after_words: str
    name: str
    looked: bool
    seen: int


def _needs(op: Op[ShowPair]) -> Iterable[Key]:
    photos: list[Key] = [(Photo, op.body.before), (Photo, op.body.after)]
    return [(Observation, op.entity), (Publication, op.entity), (Task, op.body.task), *photos]


@operation("publication.pair", ShowPair, act=Act.TRIAGE, needs=_needs)
def pair(op: Op[ShowPair], known: Known) -> Decision:
    body = op.body
    shown = rules.released(
        known.get(Publication, op.entity),
        known.need(Observation, op.entity),
        known.need(Task, body.task),
        known.need(Photo, body.before),
        known.need(Photo, body.after),
        words=(body.before_words, body.after_words),
        name=body.name,
        function=op.actor.function,
        looked=body.looked,
        seen=body.seen,
        at=op.received_at,
    )
    return Decision(entities=[shown])


@operation("publication.unpair", Nothing, act=Act.TRIAGE, needs=lambda op: [(Publication, op.entity)])
def unpair(op: Op[Nothing], known: Known) -> Decision:
    return Decision(entities=[rules.taken_away(known.get(Publication, op.entity), at=op.received_at)])
