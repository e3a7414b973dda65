"""Operations on tasks: one per arrow of the machine, and the few that change no state."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import msgspec

from trygghetsvandring.domain import doubts, notices
from trygghetsvandring.domain import observations as findings
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.departments import Colleague, Organisation, must_work_in
from trygghetsvandring.domain.doubts import UPHOLD
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.hand_overs import HandOver
from trygghetsvandring.domain.moderation import must_be_found
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.notices import Notice
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.photos import Photo, evidence
from trygghetsvandring.domain.tasks import (
    ARROWS,
    DeclineReason,
    Extent,
    NotYourTask,
    Referral,
    SeenThere,
    Task,
    WaitReason,
    allowed_arrows,
    must_be,
    who_does,
)
from trygghetsvandring.storage import tasks as _stored  # noqa: F401  # registers how they are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body


class DepartmentUnknown(Refused):
    """Not one of the municipality's, or one that owns no tasks."""

    code = "department_unknown"


class Assign(Body, kw_only=True):
    department: str
    explanation: str
    due_on: date


class Reopen(Body, kw_only=True):
    department: str
    seen: str
    due_on: date


class Accept(Body, kw_only=True):
    """`assignee`: the user, when one of the unit's own was chosen; the list of "mina" and the notice ask whose unit."""

    person: str
    assignee: UUID | None = None


class Decline(Body, kw_only=True):
    reason: DeclineReason
    public_text: str
    next_owner: str | None = None


class Plan(Body, kw_only=True):
    planned_on: date


class Start(Body, kw_only=True):
    note: str = ""


class Wait(Body, kw_only=True):
    reason: WaitReason
    public_text: str
    next_look_on: date


class Refer(Body, kw_only=True):
    party: str
    contact: str
    reference: str
    public_text: str
    next_look_on: date


class GiveOver(Body, kw_only=True):
    party: str
    reference: str
    public_text: str
    handed_on: date


class Finish(Body, kw_only=True):
    extent: Extent
    public_text: str = ""
    photos: list[UUID] = msgspec.field(default_factory=list)


class Refuse(Body, kw_only=True):
    """`said_by` and `said_on`: the function and day, when a coordinator enters another party's no."""

    public_text: str
    said_by: str = ""
    said_on: date | None = None


class Uphold(Body, kw_only=True):
    public_text: str


class Verify(Body, kw_only=True):
    seen: str
    seen_on: date


class Note(Body, kw_only=True):
    text: str


class Confirm(Body, kw_only=True):
    seen: SeenThere
    seen_on: date | None = None


def _task(op: Op[Any]) -> list[Key]:
    return [(Task, op.entity)]


# ---------------------------------------------------------------- triage


@operation("task.assign", Assign, act=Act.TRIAGE, needs=_task)
def assign(op: Op[Assign], known: Known) -> Decision:
    task, body = known.need(Task, op.entity), op.body
    must_own_tasks(body.department, known)
    must_be_found(task)
    return _one(
        op,
        work.assign(
            task,
            department=body.department,
            explanation=body.explanation,
            due_on=body.due_on,
            by=op.actor,
            at=op.corrected_at,
        ),
        tell=True,
    )


@operation("task.reopen", Reopen, act=Act.TRIAGE, needs=_task)
def reopen(op: Op[Reopen], known: Known) -> Decision:
    task, body = known.need(Task, op.entity), op.body
    must_own_tasks(body.department, known)
    return _one(
        op,
        work.reopen(
            task,
            department=body.department,
            seen=body.seen,
            due_on=body.due_on,
            by=op.actor,
            at=op.corrected_at,
        ),
        tell=True,
    )


@operation(UPHOLD, Uphold, act=Act.TRIAGE, needs=_task)
def uphold(op: Op[Uphold], known: Known) -> Decision:
    """Somebody says that it is not mended, and the coordinator has an answer: the task stays where it stands."""
    task = known.need(Task, op.entity)
    op.must_have_read(task.version)  # an answer settles every doubt there is: it was written to the last of them
    return _one(op, doubts.uphold(task, public_text=op.body.public_text, by=op.actor, at=op.corrected_at))


def must_own_tasks(department: str, known: Known) -> Organisation:
    organisation = known.municipality.organisation(department)
    if organisation is None or not organisation.owns_tasks:
        raise DepartmentUnknown()
    return organisation


# ---------------------------------------------------------------- department


def stand_in(by: Principal, task: Task, here: Municipality) -> Principal:
    """Västtrafik does not sign in: the coordinator enters for such a party, and the history says so."""
    owner = here.organisation(task.department)
    if by.role is not Role.COORDINATOR or owner is None or owner.signs_in:
        return by
    return replace(by, organisation=owner.id, function=f"{by.function}, för {owner.name}")


def arrows_for(by: Principal, task: Task, here: Municipality) -> list[str]:
    """The operations that would be let through now, in the machine's order."""
    may = {*allowed_arrows(task, by), *allowed_arrows(task, stand_in(by, task, here))}
    settles = [UPHOLD] if task.reopen_proposed and "task.reopen" in may else []
    return [name for name in dict.fromkeys(arrow.operation for arrow in ARROWS) if name in may] + settles


def it_and_assignee(op: Op[Any]) -> list[Key]:
    return [(Task, op.entity), *([] if op.body.assignee is None else [(Colleague, op.body.assignee)])]


def must_hear(op: Op[Any], task: Task, known: Known) -> None:
    """Who is chosen to have it signs in for its unit; asked last, so that a stranger learns nothing of people."""
    if op.body.assignee is not None:
        must_work_in(task.department, known.get(Colleague, op.body.assignee))


@operation("task.accept", Accept, act=Act.WORK_TASK, needs=it_and_assignee)
def accept(op: Op[Accept], known: Known) -> Decision:
    task = known.need(Task, op.entity)
    by = stand_in(op.actor, task, known.municipality)
    taken = work.accept(task, person=op.body.person, assignee=op.body.assignee, by=by, at=op.corrected_at)
    must_hear(op, task, known)
    return Decision(entities=[taken], jobs=given_to(taken, op.actor))


@operation("task.decline", Decline, act=Act.WORK_TASK, needs=_task)
def decline(op: Op[Decline], known: Known) -> Decision:
    task, body = known.need(Task, op.entity), op.body
    owner = known.municipality.organisation(task.department)
    return _one(
        op,
        work.decline(
            task,
            reason=body.reason,
            public_text=body.public_text,
            next_owner=must_own_tasks(body.next_owner, known) if body.next_owner else None,
            must_name=owner is None or owner.signs_in,
            by=stand_in(op.actor, task, known.municipality),
            at=op.corrected_at,
        ),
        tell=True,
    )


@operation("task.plan", Plan, act=Act.WORK_TASK, needs=_task)
def plan(op: Op[Plan], known: Known) -> Decision:
    task = known.need(Task, op.entity)
    by = stand_in(op.actor, task, known.municipality)
    return _one(op, work.plan(task, planned_on=op.body.planned_on, by=by, at=op.corrected_at))


@operation("task.start", Start, act=Act.WORK_TASK, needs=_task)
def start(op: Op[Start], known: Known) -> Decision:
    task = known.need(Task, op.entity)
    by = stand_in(op.actor, task, known.municipality)
    return _one(op, work.start(task, note=op.body.note, by=by, at=op.corrected_at))


@operation("task.wait", Wait, act=Act.WORK_TASK, needs=_task)
def wait(op: Op[Wait], known: Known) -> Decision:
    task, body = known.need(Task, op.entity), op.body
    return _one(
        op,
        work.wait(
            task,
            reason=body.reason,
            public_text=body.public_text,
            next_look_on=body.next_look_on,
            by=stand_in(op.actor, task, known.municipality),
            at=op.corrected_at,
        ),
    )


@operation("task.refer", Refer, act=Act.WORK_TASK, needs=_task)
def refer(op: Op[Refer], known: Known) -> Decision:
    task, body = known.need(Task, op.entity), op.body
    return _one(
        op,
        work.refer(
            task,
            referral=Referral(party=body.party, contact=body.contact, reference=body.reference),
            public_text=body.public_text,
            next_look_on=body.next_look_on,
            by=stand_in(op.actor, task, known.municipality),
            at=op.corrected_at,
        ),
    )


@operation("task.hand_over", GiveOver, act=Act.WORK_TASK, needs=_task)
def hand_over(op: Op[GiveOver], known: Known) -> Decision:
    task, body = known.need(Task, op.entity), op.body
    to = HandOver(party=body.party, reference=body.reference, handed_on=body.handed_on)
    by = stand_in(op.actor, task, known.municipality)
    return _one(op, work.hand_over(task, to=to, public_text=body.public_text, by=by, at=op.corrected_at), tell=True)


def _proof(op: Op[Finish]) -> list[Key]:
    return [(Task, op.entity), *((Photo, id) for id in op.body.photos[: findings.MOST_PHOTOS])]


@operation("task.finish", Finish, act=Act.WORK_TASK, needs=_proof)
def finish(op: Op[Finish], known: Known) -> Decision:
    """Who it is comes before what the photos are: a stranger learns nothing of a task by naming photos."""
    task, body = known.need(Task, op.entity), op.body
    by = stand_in(op.actor, task, known.municipality)
    must_be(who_does(op.type), task, by)
    if len(body.photos) > findings.MOST_PHOTOS:
        raise findings.TooManyPhotos(limit=findings.MOST_PHOTOS)
    photos = evidence(task.id, [known.need(Photo, id) for id in body.photos])
    done = work.finish(task, extent=body.extent, public_text=body.public_text, photos=photos, by=by, at=op.corrected_at)
    return _one(op, done, tell=True)


@operation("task.refuse", Refuse, act=Act.REFUSE_TASK, needs=_task)
def refuse(op: Op[Refuse], known: Known) -> Decision:
    task, body = known.need(Task, op.entity), op.body
    no = work.refuse(
        task,
        public_text=body.public_text,
        said_by=body.said_by,
        said_on=body.said_on,
        by=stand_in(op.actor, task, known.municipality),
        at=op.corrected_at,
    )
    return _one(op, no, tell=True)


# ---------------------------------------------------------------- others


@operation("task.verify", Verify, act=Act.VERIFY_TASK, needs=_task)
def verify(op: Op[Verify], known: Known) -> Decision:
    task, body = known.need(Task, op.entity), op.body
    return _one(op, work.verify(task, seen=body.seen, seen_on=body.seen_on, by=op.actor, at=op.corrected_at), tell=True)


@operation("task.note", Note, act=Act.READ_TASKS, needs=_task)
def note(op: Op[Note], known: Known) -> Decision:
    task = known.need(Task, op.entity)
    if op.actor.role is not Role.COORDINATOR and op.actor.organisation != task.department:
        raise NotYourTask(role=op.actor.role.value)
    after = work.note(task, text=op.body.text, by=op.actor, at=op.corrected_at)
    return Decision(entities=[after], jobs=[noticed(after, notices.of_note(op.actor), op.actor)])


def _goes_on(op: Op[Confirm], known: Known) -> Task | None:
    """The task itself, or the one it was merged into: a walker's phone may not have heard of that."""
    task = known.get(Task, op.entity)
    return known.get(Task, task.merged_into) if task is not None and task.merged_into is not None else task


def _into(op: Op[Confirm], known: Known) -> Iterable[Key]:
    task = known.get(Task, op.entity)
    into: list[Key] = [(Task, task.merged_into)] if task is not None and task.merged_into is not None else []
    return [*into, *((Observation, id) for id in (task.findings if task is not None else ()))]


@operation("task.confirm", Confirm, act=Act.CONFIRM_TASK, needs=_task, needs_more=_into)
def confirm(op: Op[Confirm], known: Known) -> Decision:
    """ "Nej" proposes to open the task again: the coordinator sees it at once, and decides."""
    asked = known.need(Task, op.entity)
    task = _goes_on(op, known) or asked
    seen = work.confirm(
        task,
        seen=op.body.seen,
        seen_on=op.body.seen_on,
        walks={found.walk for id in asked.findings if (found := known.get(Observation, id)) is not None},
        by=op.actor,
        at=op.corrected_at,
    )
    return _one(op, seen, tell=seen.state is not task.state)


def noticed(task: Task, notice: Notice, by: Principal) -> Job:
    return Job(kind="mail.noticed", body={"task": str(task.id), "notice": notice.value, "by": by.user})


def given_to(task: Task, by: Principal) -> list[Job]:
    """Whoever got it from somebody else hears of it."""
    if task.assignee is None or task.assignee == by.user:
        return []
    to = {"task": str(task.id), "state": "accepted", "to": str(task.assignee), "by": by.user}
    return [Job(kind="mail.told", body=to)]


def told(task: Task, by: Principal) -> Job:
    return Job(kind="mail.told", body={"task": str(task.id), "state": task.state.value, "by": by.user})


def _one(op: Op[Any], task: Task, *, tell: bool = False) -> Decision:
    return Decision(entities=[task], jobs=[told(task, op.actor)] if tell else [])
