"""Operations on feedback: given by whoever reads a public page, made a finding or closed by the coordinator."""

from dataclasses import replace

from trygghetsvandring.domain import feedback as rules
from trygghetsvandring.domain.feedback import Feedback, Helped
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.storage import feedback as _stored  # noqa: F401  # registers how it is stored
from trygghetsvandring.storage import observations as _stored_too  # noqa: F401
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body

FORGET_KIND = "feedback.forget"


class Give(Body, kw_only=True):
    helped: Helped
    text: str = ""


class Close(Body, kw_only=True):
    """`receipt`: the id that another e-service gave the matter; "" = it was read, and ends here."""

    receipt: str = ""


class MakeFinding(Body, kw_only=True):
    pass


@operation("feedback.give", Give, act=Act.GIVE_FEEDBACK, needs=lambda op: [(Feedback, op.entity)], at_the_door=True)
def give(op: Op[Give], known: Known) -> Decision:
    """The same form again changes nothing: the first one stands."""
    before = known.get(Feedback, op.entity)
    if before is not None:
        return Decision(version=before.version)
    number = known.number(rules.SERIES)
    return Decision(entities=[rules.given(op.entity, number, op.body.helped, op.body.text, op.received_at)])


@operation("feedback.close", Close, act=Act.KEEP_FEEDBACK, needs=lambda op: [(Feedback, op.entity)])
def close(op: Op[Close], known: Known) -> Decision:
    """Whoever left an address is not asked any more: it goes."""
    before = known.need(Feedback, op.entity)
    after = rules.closed(before, receipt=op.body.receipt, by=op.actor.function, at=op.received_at)
    if after == before:
        return Decision(version=before.version)
    return Decision(entities=[after], jobs=[Job(kind=FORGET_KIND, body={"feedback": str(before.id)})])


@operation(
    "feedback.make_finding",
    MakeFinding,
    act=Act.KEEP_FEEDBACK,
    needs=lambda op: [(Feedback, op.entity), (Observation, rules.finding_id(op.entity))],
)
def make_finding(op: Op[MakeFinding], known: Known) -> Decision:
    """Once: again changes nothing. The feedback stays open, so that whoever left an address can still be asked."""
    before = known.need(Feedback, op.entity)
    if before.finding is not None:
        return Decision(version=before.version)
    here = known.municipality
    number = known.number(here.prefix)
    made = rules.as_finding(before, number, here.category(rules.FAULT), op.received_at)
    return Decision(entities=[replace(before, finding=made.id), made])
