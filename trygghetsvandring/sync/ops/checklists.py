"""Operations on checklists: one item answered at one stop."""

from datetime import datetime
from uuid import UUID

from trygghetsvandring.domain.checklists import Answer, Reply
from trygghetsvandring.domain.errors import NotAllowed, TextTooLong
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.times import aware
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.sync import changes
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Answered(Body, kw_only=True):
    walk: UUID
    stop: UUID
    template: str
    template_version: int
    item: str
    answer: Reply
    answered_at: datetime


@operation(
    "checklist.answer",
    Answered,
    act=Act.CAPTURE,
    needs=lambda op: [(Answer, op.entity), (Walk, op.body.walk)],
    receipt=True,
)
def answer(op: Op[Answered], known: Known) -> Decision:
    """An item, a template version or a stop this server does not know is kept as written.

    An old phone is never turned away, nor one that was out of reach when the plan changed.
    The same id again is a version; of several ids for one stop and item, `web/walks.py` counts the newest alone.
    """
    body, device = op.body, op.actor.device
    walk = known.need(Walk, body.walk)
    if device is None or not op.actor.has_walked(walk.id):
        raise NotAllowed(reason="another walk")
    if len(body.item) > 60 or len(body.template) > 60:
        raise TextTooLong(field="item", limit=60)
    before = known.get(Answer, op.entity)
    if before is not None and not op.actor.is_me(before.device):
        raise NotAllowed(reason="another phone's answer")
    return Decision(
        entities=[
            Answer(
                id=op.entity,
                version=before.version if before else 0,
                walk=walk.id,
                stop=body.stop,
                device=device,
                template=body.template,
                template_version=body.template_version,
                item=body.item,
                answer=body.answer,
                answered_at=aware(body.answered_at),
            )
        ]
    )


@changes.feeds(Answer)
def lines(it: Answer, _known: Known) -> list[changes.Line]:
    return [(changes.of_device(it.device), "answer", {"id": it.id, "stop": it.stop, "item": it.item})]
