"""Operations at a stop: how it feels there, before any fault is looked for."""

from datetime import datetime
from uuid import UUID

from trygghetsvandring.domain.errors import NotAllowed
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.stops import Feeling, FeelingAnswer, people
from trygghetsvandring.domain.times import aware
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.sync import changes
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Felt(Body, kw_only=True):
    walk: UUID
    stop: UUID
    felt_at: datetime
    own: Feeling | None = None
    counts: dict[Feeling, int] | None = None


@operation(
    "feeling.answer",
    Felt,
    act=Act.CAPTURE,
    needs=lambda op: [(FeelingAnswer, op.entity), (Walk, op.body.walk)],
    receipt=True,
)
def answer(op: Op[Felt], known: Known) -> Decision:
    """The same id again is a version; of several ids for one stop, `web/walks.py` counts the phone's newest alone.

    Never refused for the stop being gone from the plan: how it felt there, it felt there.
    """
    body, device = op.body, op.actor.device
    walk = known.need(Walk, body.walk)
    if device is None or not op.actor.has_walked(walk.id):
        raise NotAllowed(reason="another walk")
    people(body.own, body.counts)
    before = known.get(FeelingAnswer, op.entity)
    if before is not None and not op.actor.is_me(before.device):
        raise NotAllowed(reason="another phone's answer")
    return Decision(
        entities=[
            FeelingAnswer(
                id=op.entity,
                version=before.version if before else 0,
                number=before.number if before else op.number,
                walk=walk.id,
                stop=body.stop,
                device=device,
                felt_at=aware(body.felt_at),
                own=body.own,
                counts=body.counts,
            )
        ]
    )


@changes.feeds(FeelingAnswer)
def lines(it: FeelingAnswer, _known: Known) -> list[changes.Line]:
    return [(changes.of_device(it.device), "feeling", {"id": it.id, "stop": it.stop})]
