"""Operations on incoming mail: taken in by the server, used or put aside by a person at the desk."""

from typing import Any
from uuid import UUID

from trygghetsvandring.domain import incoming_mail as rules
from trygghetsvandring.domain.errors import NotAllowed
from trygghetsvandring.domain.incoming_mail import Aside, IncomingMail, MailKind, MailState, Why
from trygghetsvandring.domain.notices import Notice
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import incoming_mail as _stored  # noqa: F401  # registers how it is stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body

FORGET_KIND = "incoming_mail.forget"


class Take(Body, kw_only=True):
    """`task` None = nobody knows what it is about, and `why`."""

    kind: MailKind
    task: UUID | None = None
    why: Why | None = None
    who: str = ""
    same_sender: bool = False
    attachments: int = 0
    is_long: bool = False


class Use(Body, kw_only=True):
    pass


class PutAside(Body, kw_only=True):
    why: Aside


def _its_task(op: Op[Any], known: Known) -> list[Key]:
    it = known.get(IncomingMail, op.entity)
    return [(Task, it.task)] if it is not None and it.task else []


@operation(
    "incoming_mail.take",
    Take,
    act=Act.SYSTEM,
    needs=lambda op: [(IncomingMail, op.entity), *([(Task, op.body.task)] if op.body.task else [])],
)
def take(op: Op[Take], known: Known) -> Decision:
    """The same mail again changes nothing. A machine's is settled as it comes, and nobody is told of it."""
    before, body = known.get(IncomingMail, op.entity), op.body
    if before is not None:
        return Decision(version=before.version)
    task = known.need(Task, body.task) if body.task else None
    is_automatic = body.kind is MailKind.AUTOMATIC
    it = IncomingMail(
        id=op.entity,
        version=0,
        number=known.number(rules.SERIES),
        kind=body.kind,
        task=task.id if task else None,
        who=body.who,
        same_sender=body.same_sender,
        attachments=body.attachments,
        is_long=body.is_long,
        received_at=op.received_at,
        why=body.why,
        state=MailState.PUT_ASIDE if is_automatic else MailState.UNREAD,
    )
    told = Job(kind="mail.noticed", body={"task": str(it.task), "notice": Notice.MAILED.value})
    return Decision(entities=[it], jobs=[told] if it.task and not is_automatic else [])


@operation(
    "incoming_mail.use",
    Use,
    act=Act.READ_MAIL,
    needs=lambda op: [(IncomingMail, op.entity)],
    needs_more=_its_task,
)
def use(op: Op[Use], known: Known) -> Decision:
    it = _mine(op, known)
    return _settled(it, rules.used(it, by=op.actor.function, at=op.received_at))


@operation(
    "incoming_mail.put_aside",
    PutAside,
    act=Act.READ_MAIL,
    needs=lambda op: [(IncomingMail, op.entity)],
    needs_more=_its_task,
)
def put_aside(op: Op[PutAside], known: Known) -> Decision:
    it = _mine(op, known)
    return _settled(it, rules.put_aside(it, op.body.why, by=op.actor.function, at=op.received_at))


def _mine(op: Op[Any], known: Known) -> IncomingMail:
    """A unit's are those about its tasks."""
    it = known.need(IncomingMail, op.entity)
    task = known.get(Task, it.task) if it.task else None
    if not rules.may_read(op.actor, task.department if task else None):
        raise NotAllowed(reason="not this one's mail")
    return it


def _settled(before: IncomingMail, after: IncomingMail) -> Decision:
    """The sender is not asked any more: the address goes."""
    if after == before:
        return Decision(version=before.version)
    return Decision(entities=[after], jobs=[Job(kind=FORGET_KIND, body={"mail": str(before.id)})])
