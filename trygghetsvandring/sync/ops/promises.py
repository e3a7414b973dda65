"""Operations on promises: entered word for word, reported on by their owners, shown to everybody by a named person.

What everybody reads is made by the server from what there is (`web/promises.py`), so no desk can send a number of its
own: `promise.verify` and `promise.publish` are never pushed.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import promises as rules
from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.met_needs import MetNeed
from trygghetsvandring.domain.needs import must_be_needs
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.plans import Commitment
from trygghetsvandring.domain.promise_counts import Count
from trygghetsvandring.domain.promises import EvidenceKind, Promise, Report, Result, Shown
from trygghetsvandring.domain.surveys import Survey
from trygghetsvandring.domain.tasks import Task, day_of, not_after
from trygghetsvandring.storage import plans as _plans  # noqa: F401
from trygghetsvandring.storage import promises as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.storage import surveys as _surveys  # noqa: F401
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Enter(Body, kw_only=True):
    """`text`: the signed words. `by`: ids of the agreement's parties. `tiles`: of the street, what counts into it."""

    agreement: UUID
    number: int
    by: list[str]
    text: str
    heading: str = ""
    evidence: EvidenceKind
    tiles: list[str] = msgspec.field(default_factory=list)
    report_by: date | None = None


class CountBody(msgspec.Struct, kw_only=True):
    """People until somebody says that they are not."""

    n: int
    of: int | None = None
    unit: str
    are_people: bool = True


class Tell(Body, kw_only=True):
    """A party's report, as the coordinator has it: who told it, when, for which days, and whether it may be shown."""

    party: str
    told_by: str
    told_on: date
    first: date
    last: date
    result: Result
    text: str = ""
    reason: str = ""
    count: CountBody | None = None
    may_publish: bool = False


class Verify(Body, kw_only=True):
    lit: int
    others: int


class Publish(Body, kw_only=True):
    shown: Shown
    seen: int
    name: str


class BuildOn(Body, kw_only=True):
    """All of them, each time."""

    surveys: list[UUID]


class MeetNeeds(Body, kw_only=True):
    """All of them, each time."""

    needs: list[MetNeed]


class Nothing(Body, kw_only=True):
    pass


def _own(op: Op[Any]) -> list[Key]:
    return [(Promise, op.entity)]


def _agreement(op: Op[Any], known: Known) -> Iterable[Key]:
    promise = known.get(Promise, op.entity)
    return [(Agreement, promise.agreement)] if promise is not None else []


@operation(
    "promise.enter",
    Enter,
    act=Act.KEEP_PROMISES,
    needs=lambda op: [(Promise, op.entity), (Agreement, op.body.agreement)],
)
def enter(op: Op[Enter], known: Known) -> Decision:
    body, before = op.body, known.get(Promise, op.entity)
    agreement = known.need(Agreement, before.agreement if before else body.agreement)
    it = before or Promise(
        id=op.entity, version=0, agreement=agreement.id, number=0, by=(), text="", heading="", evidence=body.evidence
    )
    changed = replace(
        it,
        number=body.number,
        by=tuple(dict.fromkeys(body.by)),
        text=body.text,
        heading=body.heading.strip(),
        evidence=body.evidence,
        tiles=tuple(dict.fromkeys(body.tiles)),
        report_by=body.report_by,
    )
    return Decision(entities=[rules.entered(before, changed, agreement)])


@operation(
    "promise.build_on",
    BuildOn,
    act=Act.KEEP_PROMISES,
    needs=lambda op: [*_own(op), *((Survey, id) for id in op.body.surveys)],
)
def build_on(op: Op[BuildOn], known: Known) -> Decision:
    promise = known.need(Promise, op.entity)
    surveys = [known.need(Survey, id).id for id in op.body.surveys]
    return Decision(entities=[rules.built_on(promise, surveys)])


@operation(
    "promise.meet_needs",
    MeetNeeds,
    act=Act.KEEP_PROMISES,
    needs=lambda op: [*_own(op), *((Commitment, each.commitment) for each in op.body.needs)],
)
def meet_needs(op: Op[MeetNeeds], known: Known) -> Decision:
    """What everybody reads of it stands until somebody shows the promise again."""
    promise = known.need(Promise, op.entity)
    behind = {each.commitment: known.need(Commitment, each.commitment) for each in op.body.needs}
    return Decision(
        entities=[replace(promise, needs=must_be_needs(op.body.needs, promise.id, behind, known.municipality))]
    )


@operation("promise.report", Tell, act=Act.KEEP_PROMISES, needs=_own, needs_more=_agreement)
def report(op: Op[Tell], known: Known) -> Decision:
    """The id is the operation's: the same report is never there twice."""
    promise, body = known.need(Promise, op.entity), op.body
    told = Report(
        id=op.id,
        party=body.party,
        told_by=body.told_by.strip(),
        told_on=not_after(body.told_on, day_of(op.received_at), "told_on"),
        first=body.first,
        last=not_after(body.last, day_of(op.received_at), "last"),
        result=body.result,
        text=body.text.strip(),
        reason=body.reason.strip(),
        count=_count(body.count),
        may_publish=body.may_publish,
        entered_by=op.actor.function,
        entered_at=op.received_at,
    )
    return Decision(entities=[rules.reported(promise, told, known.need(Agreement, promise.agreement))])


def _count(it: CountBody | None) -> Count | None:
    return None if it is None else Count(n=it.n, of=it.of, unit=it.unit.strip(), are_people=it.are_people)


@operation("promise.verify", Verify, act=Act.KEEP_PROMISES, needs=_own, at_the_door=True)
def verify(op: Op[Verify], known: Known) -> Decision:
    promise = known.need(Promise, op.entity)
    seen = rules.verified(promise, lit=op.body.lit, others=op.body.others, on=day_of(op.received_at))
    return Decision(entities=[seen])


def _with_what_is_shown(op: Op[Publish]) -> list[Key]:
    """Asked for only so that nothing removed by decision is shown by somebody who read it a moment before."""
    shown = (*op.body.shown.lines, *op.body.shown.later)
    tasks = {ids[0] for line in shown for ids in line.about if ids}
    findings = {id for line in shown for ids in line.about for id in ids[1:]}
    return [*_own(op), *((Task, id) for id in tasks), *((Observation, id) for id in findings)]


@operation("promise.publish", Publish, act=Act.KEEP_PROMISES, needs=_with_what_is_shown, at_the_door=True)
def publish(op: Op[Publish], known: Known) -> Decision:
    body, promise = op.body, known.need(Promise, op.entity)
    if any(id in known.erased for _, id in _with_what_is_shown(op)):
        raise rules.PreviewIsOld()
    released = rules.published(
        promise, body.shown, seen=body.seen, name=body.name, function=op.actor.function, at=op.received_at
    )
    return Decision(entities=[released])


@operation("promise.withdraw", Nothing, act=Act.KEEP_PROMISES, needs=_own)
def withdraw(op: Op[Nothing], known: Known) -> Decision:
    promise = known.need(Promise, op.entity)
    return Decision(entities=[rules.withdrawn(promise, by=op.actor.function, at=op.received_at)])
