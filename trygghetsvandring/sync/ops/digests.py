"""Operations on digests: the one message back to everybody who walked."""

from trygghetsvandring.domain.digests import LONGEST_MESSAGE, GroupMessage, MessageSentAlready
from trygghetsvandring.domain.errors import Malformed, TextTooLong
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import public_safe
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import digests as _stored  # noqa: F401  # registers how messages are stored
from trygghetsvandring.sync import changes
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body


class Message(Body, kw_only=True):
    text: str


def _walk(op: Op[Message]) -> list[Key]:
    return [(Walk, op.entity), (GroupMessage, op.entity)]


@operation("walk.message", Message, act=Act.PLAN_WALK, needs=_walk)
def message(op: Op[Message], known: Known) -> Decision:
    """Read by all who walked, on their phones and by mail; it cannot be taken back, so there is one."""
    walk, before = known.need(Walk, op.entity), known.get(GroupMessage, op.entity)
    if len(op.body.text) > LONGEST_MESSAGE:
        raise TextTooLong(field="text", longest=LONGEST_MESSAGE)
    text = public_safe(op.body.text)
    if not text:
        raise Malformed(field="text")
    if before is not None:
        raise MessageSentAlready()
    sent = GroupMessage(id=walk.id, version=0, text=text, by=op.actor.function, at=op.received_at)
    return Decision(entities=[sent], jobs=[Job(kind="mail.group", body={"walk": str(walk.id)})])


@changes.feeds(GroupMessage)
def _feed(message: GroupMessage, _known: Known) -> list[changes.Line]:
    state = {"id": message.id, "version": message.version, "text": message.text, "by": message.by, "at": message.at}
    return [(changes.of_walk(message.id), "message", state)]
