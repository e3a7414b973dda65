"""Operations on action plans: entered by the coordinator, reported on by who does what was planned.

A report by a link (`commitment.answer`) is made by the server's own route only.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import plans as rules
from trygghetsvandring.domain import report_links as links
from trygghetsvandring.domain.agreements import Agreement
from trygghetsvandring.domain.errors import Malformed, NotAllowed
from trygghetsvandring.domain.people import Act, Role
from trygghetsvandring.domain.plans import ActionPlan, Commitment, ReportBack, Rhythm, Terms, Told
from trygghetsvandring.domain.promises import Promise
from trygghetsvandring.domain.report_links import ReportLink
from trygghetsvandring.domain.tasks import Task, day_of, not_after
from trygghetsvandring.storage import plans as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.tasks import DepartmentUnknown
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Plan(Body, kw_only=True):
    """One plan of an agreement, in one focus area."""

    agreement: UUID
    focus: str
    title: str


class Commit(Body, kw_only=True):
    """The whole commitment, each time. `executor` is one of the municipality's organisations."""

    plan: UUID
    executor: str
    text: str
    due_on: date
    rhythm: Rhythm
    promises: list[UUID] = msgspec.field(default_factory=list)
    tasks: list[UUID] = msgspec.field(default_factory=list)


class Tell(Body, kw_only=True):
    """For one report day. `told_by` and `told_on` are the coordinator's to say; others tell for themselves, today."""

    due_on: date
    told: Told
    text: str = ""
    reason: str = ""
    told_by: str = ""
    told_on: date | None = None


class TellByLink(Body, kw_only=True):
    """`form` is the digest of the form it came by."""

    link: UUID
    form: str
    due_on: date
    told: Told
    text: str = ""


@operation(
    "plan.enter",
    Plan,
    act=Act.KEEP_PROMISES,
    needs=lambda op: [(ActionPlan, op.entity), (Agreement, op.body.agreement)],
)
def plan(op: Op[Plan], known: Known) -> Decision:
    before, body = known.get(ActionPlan, op.entity), op.body
    agreement = known.need(Agreement, body.agreement)
    if before is not None:
        op.must_have_read(before.version)
        if before.agreement != agreement.id:
            raise Malformed(field="agreement")
    it = ActionPlan(
        id=op.entity,
        version=before.version if before else 0,
        agreement=agreement.id,
        focus=body.focus.strip(),
        title=body.title.strip(),
        entered_by=op.actor.function,
        entered_at=op.received_at,
    )
    return Decision(entities=[rules.planned(it)])


def _own(op: Op[Commit]) -> list[Key]:
    body = op.body
    leads: list[Key] = [*((Promise, id) for id in body.promises), *((Task, id) for id in body.tasks)]
    return [(Commitment, op.entity), (ActionPlan, body.plan), *leads]


def _agreement(op: Op[Commit], known: Known) -> Iterable[Key]:
    plan = known.get(ActionPlan, op.body.plan)
    return [(Agreement, plan.agreement)] if plan is not None else []


@operation("commitment.enter", Commit, act=Act.KEEP_PROMISES, needs=_own, needs_more=_agreement)
def commit(op: Op[Commit], known: Known) -> Decision:
    before, body, today = known.get(Commitment, op.entity), op.body, day_of(op.received_at)
    agreement = known.need(Agreement, known.need(ActionPlan, body.plan).agreement)
    if before is not None:
        op.must_have_read(before.version)
        if before.plan != body.plan:
            raise Malformed(field="plan")
    if known.municipality.organisation(body.executor) is None:
        raise DepartmentUnknown()
    for promise in set(body.promises).difference(before.promises if before else ()):
        known.need(Promise, promise)
    for task in set(body.tasks).difference(before.tasks if before else ()):  # one of before may have been erased
        known.need(Task, task)
    it = before or Commitment(
        id=op.entity, version=0, plan=body.plan, executor=body.executor, text="", promises=(), tasks=(), terms=()
    )
    wanted = Terms(since=today, due_on=body.due_on, rhythm=body.rhythm, set_by=op.actor.function, set_at=op.received_at)
    changed = replace(
        it,
        executor=body.executor,
        text=body.text.strip(),
        promises=tuple(dict.fromkeys(body.promises)),
        tasks=tuple(dict.fromkeys(body.tasks)),
        terms=(*it.terms, wanted),
    )
    return Decision(entities=[rules.committed(before, changed, agreement, today)])


@operation("commitment.report", Tell, act=Act.REPORT_BACK, needs=lambda op: [(Commitment, op.entity)])
def report(op: Op[Tell], known: Known) -> Decision:
    it, body, today = known.need(Commitment, op.entity), op.body, day_of(op.received_at)
    writes_for = op.actor.role is Role.COORDINATOR and op.actor.organisation != it.executor
    if not writes_for and op.actor.organisation != it.executor:
        raise NotAllowed(reason="another executor's commitment")
    told = _report(
        op,
        due_on=body.due_on,
        told=body.told,
        text=body.text.strip(),
        reason=body.reason.strip(),
        told_by=body.told_by.strip() if writes_for else op.actor.function,
        told_on=not_after(body.told_on or today, today, "told_on") if writes_for else today,
    )
    return Decision(entities=[rules.reported(it, told)])


@operation(
    "commitment.answer",
    TellByLink,
    act=Act.ANSWER_BY_LINK,
    needs=lambda op: [(Commitment, op.entity), (ReportLink, op.body.link)],
    at_the_door=True,
)
def answer(op: Op[TellByLink], known: Known) -> Decision:
    it, link, body = known.need(Commitment, op.entity), known.need(ReportLink, op.body.link), op.body
    if link.commitment != it.id or op.actor.organisation != link.executor:
        raise NotAllowed(reason="another executor's link")
    spent = links.answered(link, body.form, op.received_at)
    links.must_be_open(link, it, op.received_at)
    is_no = body.told is Told.NOT_DONE
    told = _report(
        op,
        due_on=body.due_on,
        told=body.told,
        text="" if is_no else body.text.strip(),
        reason=body.text.strip() if is_no else "",
        told_by=op.actor.function,
        told_on=day_of(op.received_at),
        by_link=True,
    )
    return Decision(entities=[rules.reported(it, told), spent])


def _report(op: Op[Any], *, by_link: bool = False, **said: Any) -> ReportBack:
    """The id is the operation's: the same report is never there twice."""
    return ReportBack(id=op.id, by_link=by_link, entered_by=op.actor.function, entered_at=op.received_at, **said)
