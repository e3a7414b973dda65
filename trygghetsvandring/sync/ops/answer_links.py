"""Operations on answer links: sent and revoked by those who have the task, answered by who holds one.

Every one of them is about its task, so that whatever removes the task removes what was said by the link.
An answering party acts through its link only: the server's own route makes the operation, and no phone may push it.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from trygghetsvandring.domain import answer_links as links
from trygghetsvandring.domain import helping, times
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.answer_links import AnswerAct, AnswerLink, NoReason
from trygghetsvandring.domain.errors import Malformed, NotAllowed
from trygghetsvandring.domain.notices import Notice
from trygghetsvandring.domain.people import Act, Principal, Role
from trygghetsvandring.domain.photos import Photo, evidence
from trygghetsvandring.domain.task_changes import replan
from trygghetsvandring.domain.tasks import (
    Extent,
    NoSuchArrow,
    NotYourTask,
    Task,
    TaskIsClosed,
    TaskState,
    WaitReason,
    day_of,
    short,
)
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import answer_links as _stored  # noqa: F401  # registers how links are stored
from trygghetsvandring.sync.known import Key, Known
from trygghetsvandring.sync.ops.tasks import DepartmentUnknown, noticed
from trygghetsvandring.sync.outcomes import Decision, Job, Op, operation
from trygghetsvandring.sync.wire import Body

SERIES = "B"
MOST_PHOTOS = 3


class Send(Body, kw_only=True):
    """`to` "" = the organisation's own address."""

    link: UUID
    to: str = ""
    recipient: str = ""


class Revoke(Body, kw_only=True):
    link: UUID


class Answer(Body, kw_only=True):
    """`form` is the digest of the form it came by."""

    link: UUID
    form: str


class AnswerAccept(Answer, kw_only=True):
    pass


class AnswerPlan(Answer, kw_only=True):
    """`public_text`: why, when there is a day already."""

    planned_on: date
    public_text: str = ""


class AnswerWait(Answer, kw_only=True):
    reason: WaitReason
    public_text: str
    next_look_on: date


class AnswerFinish(Answer, kw_only=True):
    extent: Extent
    public_text: str = ""
    photos: list[UUID] = msgspec.field(default_factory=list)


class AnswerDecline(Answer, kw_only=True):
    reason: NoReason
    public_text: str


A = TypeVar("A", bound=Answer)


def _both(op: Op[Any]) -> list[Key]:
    return [(Task, op.entity), (AnswerLink, op.body.link)]


# ---------------------------------------------------------------- those who have the task


@operation("answer_link.send", Send, act=Act.SEND_LINK, needs=_both)
def send(op: Op[Send], known: Known) -> Decision:
    """The same link again changes nothing, so a job that runs twice sends one."""
    task, body = known.need(Task, op.entity), op.body
    _must_have_it(op.actor, task)
    if known.get(AnswerLink, body.link) is not None:
        return Decision()
    party = known.municipality.organisation(task.department)
    if task.is_closed:
        raise TaskIsClosed(state=task.state.value)
    if task.handed_over is not None:  # nothing more is expected of us, nor of anybody we ask
        raise NoSuchArrow(operation=op.type, state=task.state.value)
    if party is None:
        raise DepartmentUnknown()
    to = links.address(body.to or party.mail)
    referral = task.referral
    recipient = short(body.recipient, "recipient", links.LONGEST_RECIPIENT).strip()
    link = AnswerLink(
        id=body.link,
        version=0,
        task=task.id,
        number=known.number(SERIES),
        party=party.id,
        recipient=recipient or (referral.party if referral and to in referral.contact else ""),
        to=to,
        secret_hash=digest(links.secret(known.key, body.link)),
        made_at=op.received_at,
        made_by=op.actor.function,
        ends_at=op.received_at + links.LASTS,
        answer_by=times.working_days_after(day_of(op.received_at), links.ANSWER_WITHIN_WORKING_DAYS),
        stay=links.stay_of(task),
        helps=links.helps(task, party, to, op.actor.role),
        referred_to=referral.party if referral else "",
    )
    job = Job(kind="mail.handover", body={"link": str(link.id), "task": str(task.id)})
    return Decision(entities=[link], jobs=[job])


@operation("answer_link.revoke", Revoke, act=Act.SEND_LINK, needs=_both)
def revoke(op: Op[Revoke], known: Known) -> Decision:
    task, link = known.need(Task, op.entity), known.need(AnswerLink, op.body.link)
    _must_have_it(op.actor, task)
    _must_be_of(link, task)
    shut = links.revoked(link, op.actor.function, op.received_at)
    told = Job(kind="mail.taken_back", body={"task": str(task.id)})
    return Decision(version=link.version) if shut == link else Decision(entities=[shut], jobs=[told])


def _must_have_it(by: Principal, task: Task) -> None:
    if by.role in {Role.HANDLER, Role.DEPARTMENT_HEAD} and by.organisation != task.department:
        raise NotYourTask(role=by.role.value)


def _must_be_of(link: AnswerLink, task: Task) -> None:
    if link.task != task.id:
        raise Malformed(field="link")


# ---------------------------------------------------------------- who holds the link


def _answers(
    act: AnswerAct, op: Op[A], known: Known, do: Callable[[Task, AnswerLink, Principal], Task], *, tell: bool = False
) -> Decision:
    """The checks every answer goes through; then the party does what its department would have done.

    Where nobody signs in, who holds the link decides; who helps a unit never does, and the unit is told what they say.
    """
    task, link = known.need(Task, op.entity), known.need(AnswerLink, op.body.link)
    _must_be_of(link, task)
    link = links.as_held(link, known.municipality.organisation(link.party))
    if op.actor.organisation != link.party:
        raise NotAllowed(reason="another party's link")
    spent = links.answered(link, op.body.form, op.received_at)
    links.must_be_open(link, task, op.received_at)
    if act not in links.acts(link, task):
        raise NoSuchArrow(operation=op.type, state=task.state.value)
    by = replace(op.actor, role=Role.HANDLER if link.helps else Role.DEPARTMENT_HEAD)
    after = do(task, link, by)
    told = Job(kind="mail.told", body={"task": str(task.id), "state": after.state.value})
    told = noticed(after, Notice.REPLANNED, by) if act is AnswerAct.PLAN else told
    helped = Job(kind="mail.helped", body={"task": str(task.id), "link": str(link.id), "act": act.value})
    only_said = link.helps and after.state is not TaskState.DONE
    return Decision(entities=[after, spent], jobs=[helped] if only_said else [told] if tell else [])


def _taken(task: Task, by: Principal, op: Op[Any], known: Known) -> Task:
    """Whoever says when, or that it is done, has taken it."""
    if task.state is not TaskState.ASSIGNED:
        return task
    party = known.municipality.organisation(task.department)
    link = known.need(AnswerLink, op.body.link)
    person = link.recipient or (party.name if party else "") or by.function
    return work.accept(task, person=person, by=by, at=op.received_at)


@operation("answer.accept", AnswerAccept, act=Act.ANSWER_BY_LINK, needs=_both, at_the_door=True)
def accept(op: Op[AnswerAccept], known: Known) -> Decision:
    return _answers(AnswerAct.ACCEPT, op, known, lambda task, _link, by: _taken(task, by, op, known))


@operation("answer.plan", AnswerPlan, act=Act.ANSWER_BY_LINK, needs=_both, at_the_door=True)
def plan(op: Op[AnswerPlan], known: Known) -> Decision:
    def do(task: Task, link: AnswerLink, by: Principal) -> Task:
        if link.helps:
            latest = day_of(link.ends_at)
            return helping.promised(task, planned_on=op.body.planned_on, latest=latest, by=by, at=op.received_at)
        if task.state is TaskState.PLANNED:
            why = op.body.public_text
            return replan(task, planned_on=op.body.planned_on, public_text=why, by=by, at=op.received_at)
        taken = _taken(task, by, op, known)
        return work.plan(taken, planned_on=op.body.planned_on, by=by, at=op.received_at)

    task = known.get(Task, op.entity)
    return _answers(AnswerAct.PLAN, op, known, do, tell=task is not None and task.state is TaskState.PLANNED)


@operation("answer.wait", AnswerWait, act=Act.ANSWER_BY_LINK, needs=_both, at_the_door=True)
def wait(op: Op[AnswerWait], known: Known) -> Decision:
    body = op.body

    def do(task: Task, _link: AnswerLink, by: Principal) -> Task:
        taken = _taken(task, by, op, known)
        return work.wait(
            taken,
            reason=body.reason,
            public_text=body.public_text,
            next_look_on=body.next_look_on,
            by=by,
            at=op.received_at,
        )

    return _answers(AnswerAct.WAIT, op, known, do)


def _with_photos(op: Op[AnswerFinish]) -> Iterable[Key]:
    return [*_both(op), *((Photo, id) for id in op.body.photos[:MOST_PHOTOS])]


@operation("answer.finish", AnswerFinish, act=Act.ANSWER_BY_LINK, needs=_with_photos, at_the_door=True)
def finish(op: Op[AnswerFinish], known: Known) -> Decision:
    body = op.body

    def do(task: Task, _link: AnswerLink, by: Principal) -> Task:
        if len(body.photos) > MOST_PHOTOS:
            raise Malformed(field="photos")
        photos = evidence(task.id, [known.need(Photo, id) for id in body.photos])
        taken = _taken(task, by, op, known)
        return work.finish(
            taken, extent=body.extent, public_text=body.public_text, photos=photos, by=by, at=op.received_at
        )

    return _answers(AnswerAct.FINISH, op, known, do, tell=True)


@operation("answer.decline", AnswerDecline, act=Act.ANSWER_BY_LINK, needs=_both, at_the_door=True)
def decline(op: Op[AnswerDecline], known: Known) -> Decision:
    """Not theirs, or not clear: back to triage. They cannot: a no with its reason, which triage may open again.

    Who only helps a unit says no to the unit, and those who walked hear nothing of it.
    """
    body = op.body

    def do(task: Task, link: AnswerLink, by: Principal) -> Task:
        if body.reason not in links.reasons(link, task):
            raise Malformed(field="reason")
        if link.helps:
            return helping.declined(task, text=body.public_text, by=by, at=op.received_at)
        back = links.BACK.get(body.reason)
        if back is not None:
            text = body.public_text
            return work.decline(
                task, reason=back, public_text=text, next_owner=None, must_name=False, by=by, at=op.received_at
            )
        taken = _taken(task, by, op, known)
        return work.refuse(taken, public_text=body.public_text, said_by="", said_on=None, by=by, at=op.received_at)

    return _answers(AnswerAct.DECLINE, op, known, do, tell=True)
