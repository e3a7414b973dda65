"""Operations that put something right in a task and move it nowhere."""

from datetime import date
from uuid import UUID

from trygghetsvandring.domain import task_changes as changes
from trygghetsvandring.domain.notices import Notice
from trygghetsvandring.domain.people import Act
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.ops.tasks import given_to, it_and_assignee, must_hear, noticed, stand_in
from trygghetsvandring.sync.outcomes import Decision, Op, operation
from trygghetsvandring.sync.wire import Body


class Change(Body, kw_only=True):
    """What is left out stays as it is."""

    reason: str
    title: str | None = None
    place: str | None = None
    priority: int | None = None
    due_on: date | None = None


class HandOn(Body, kw_only=True):
    person: str
    assignee: UUID | None = None


class Replan(Body, kw_only=True):
    planned_on: date
    public_text: str


@operation(changes.CHANGE, Change, act=Act.TRIAGE, needs=lambda op: [(Task, op.entity)])
def change(op: Op[Change], known: Known) -> Decision:
    body = op.body
    changed = changes.change(
        known.need(Task, op.entity),
        title=body.title,
        place=body.place,
        priority=body.priority,
        due_on=body.due_on,
        reason=body.reason,
        by=op.actor,
        at=op.corrected_at,
    )
    return Decision(entities=[changed], jobs=[noticed(changed, Notice.CHANGED, op.actor)])


@operation(changes.HAND_ON, HandOn, act=Act.WORK_TASK, needs=it_and_assignee)
def hand_on(op: Op[HandOn], known: Known) -> Decision:
    task = known.need(Task, op.entity)
    by = stand_in(op.actor, task, known.municipality)
    body = op.body
    given = changes.hand_on(task, person=body.person, assignee=body.assignee, by=by, at=op.corrected_at)
    must_hear(op, task, known)
    return Decision(entities=[given], jobs=given_to(given, op.actor) or [noticed(given, Notice.HANDED_ON, op.actor)])


@operation(changes.REPLAN, Replan, act=Act.WORK_TASK, needs=lambda op: [(Task, op.entity)])
def replan(op: Op[Replan], known: Known) -> Decision:
    task, body = known.need(Task, op.entity), op.body
    by = stand_in(op.actor, task, known.municipality)
    moved = changes.replan(task, planned_on=body.planned_on, public_text=body.public_text, by=by, at=op.corrected_at)
    return Decision(entities=[moved], jobs=[noticed(moved, Notice.REPLANNED, op.actor)])
