"""Which findings a task is about, and which tasks are one: several findings to one task, one finding to several tasks.

    Refused
    ├── TaskIsClosed    a new finding never hides behind finished work
    ├── NeedsAFinding   a task without a finding is nobody's
    ├── TaskIsMade      somebody was quicker: a finding has got a task since the writer looked; its `number`
    ├── TasksCannotMerge into itself, into one that is gone, or with others merged into it
    └── NotMerged       there is nothing to take apart

A merged task is no state of its own: it stands where it stood, closed, with a pointer to the one that goes on. Its
findings, and thereby those who follow them, and its counts move along; taken apart they go back. A task that is taken
back before anybody has accepted it is gone as well, and its findings are judged again.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.observations import Observation, must_become_task
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.task_passages import noted
from trygghetsvandring.domain.task_work import Place, create
from trygghetsvandring.domain.tasks import (
    Absorbed,
    FieldMissing,
    NeedsAFinding,
    NoSuchArrow,
    Task,
    TaskIsClosed,
    TaskState,
    Who,
    must_be,
    must_be_here,
    public_safe,
)

TAKEN_BACK_FROM = frozenset({TaskState.NEW, TaskState.ASSIGNED})  # later somebody may be on the way to the place


class TaskIsMade(Refused):
    code = "task_is_made"


class TasksCannotMerge(Refused):
    code = "tasks_cannot_merge"


class NotMerged(Refused):
    code = "not_merged"


# ---------------------------------------------------------------- one finding


def must_be_the_first(others: Collection[Task], besides: Collection[UUID]) -> None:
    """One finding may lead to several tasks, when whoever makes the second has seen the first."""
    for task in others:
        if task.id not in besides:
            raise TaskIsMade(task=str(task.id), number=task.number)


def link(task: Task, finding: UUID, by: Principal, at: datetime) -> Task:
    _must_be_open(task, by)
    if finding in task.findings:
        return task
    return noted(replace(task, findings=(*task.findings, finding)), "task.link", by, at, "En iakttagelse till.")


def unlink(task: Task, finding: UUID, by: Principal, at: datetime) -> Task:
    must_be(Who.TRIAGE, task, by)
    must_be_here(task)
    left = tuple(each for each in task.findings if each != finding)
    if left == task.findings:
        return task
    if not left:
        raise NeedsAFinding()
    return noted(replace(task, findings=left), "task.unlink", by, at, "En iakttagelse togs bort.")


def relink(finding: Observation, *, off: UUID | None, on: UUID) -> Observation:
    """The work on it has gone from one task to another. The finding stands where it stood, linked or held back."""
    must_become_task(finding.kind)
    tasks = dict.fromkeys((*(each for each in finding.tasks if each != off), on))
    been = dict.fromkeys((*finding.was_in, *((off,) if off is not None else ())))
    return replace(finding, tasks=tuple(tasks), was_in=tuple(each for each in been if each not in tasks))


# ---------------------------------------------------------------- a task of their own


def split(
    task: Task,
    *,
    id: UUID,
    number: str,
    title: str,
    findings: Collection[UUID],
    priority: int,
    place: Place,
    by: Principal,
    at: datetime,
) -> tuple[Task, Task]:
    """(what is left of it, the new one). At least one finding stays and at least one leaves."""
    _must_be_open(task, by)
    leaving = tuple(each for each in dict.fromkeys(findings) if each in task.findings)
    left = tuple(each for each in task.findings if each not in leaving)
    if not left or not leaving:
        raise NeedsAFinding()
    new = create(id=id, number=number, title=title, findings=leaving, priority=priority, place=place, by=by, at=at)
    return (
        noted(replace(task, findings=left), "task.split", by, at, f"Delad. {new.number} är en egen åtgärd."),
        noted(new, "task.split", by, at, f"Delad från {task.number}."),
    )


# ---------------------------------------------------------------- two that are one


def merge(task: Task, into: Task, by: Principal, at: datetime) -> tuple[Task, Task]:
    """(the one that is gone, the one that goes on)."""
    _must_be_open(task, by)
    _must_be_open(into, by)
    if into.id == task.id or task.absorbed:
        raise TasksCannotMerge(reason="itself" if into.id == task.id else "has followers")
    moved = tuple(each for each in task.findings if each not in into.findings)
    record = Absorbed(id=task.id, findings=moved, reopened=task.reopened, bounced=task.bounced)
    gone = noted(replace(task, merged_into=into.id), "task.merge", by, at, f"Samma sak som {into.number}.")
    grown = replace(
        into,
        findings=(*into.findings, *moved),
        absorbed=(*into.absorbed, record),
        reopened=into.reopened + task.reopened,
        bounced=into.bounced + task.bounced,
    )
    return gone, noted(grown, "task.merge", by, at, f"{task.number} är samma sak och ingår här.")


def unmerge(task: Task, into: Task, by: Principal, at: datetime) -> tuple[Task, Task]:
    """(the one that is back, the other). What has left the merged task since stays where it was put."""
    must_be(Who.TRIAGE, task, by)
    record = next((each for each in into.absorbed if each.id == task.id), None)
    if task.merged_into != into.id or record is None:
        raise NotMerged()
    back = tuple(each for each in task.findings if each in into.findings)
    left = tuple(each for each in into.findings if each not in record.findings)
    if not back or not left:
        raise NeedsAFinding()
    again = replace(task, merged_into=None, findings=back)
    shrunk = replace(
        into,
        findings=left,
        absorbed=tuple(each for each in into.absorbed if each.id != task.id),
        reopened=into.reopened - record.reopened,
        bounced=into.bounced - record.bounced,
    )
    return (
        noted(again, "task.unmerge", by, at, f"Inte samma sak som {into.number}."),
        noted(shrunk, "task.unmerge", by, at, f"{task.number} är en egen åtgärd igen."),
    )


def put_back(findings: Sequence[Observation], task: Task, into: Task) -> list[Observation]:
    """The findings of a task that was merged into another, each where it was: with the one, or with both."""
    return [relink(each, off=None if each.id in into.findings else into.id, on=task.id) for each in findings]


# ---------------------------------------------------------------- made by mistake


def retract(task: Task, *, reason: str, by: Principal, at: datetime) -> Task:
    """Taken back by whoever sorted, while nobody has accepted it. The number stays used."""
    must_be(Who.TRIAGE, task, by)
    must_be_here(task)
    if task.state not in TAKEN_BACK_FROM:
        raise NoSuchArrow(operation="task.retract", state=task.state.value)
    if task.absorbed:
        raise TasksCannotMerge(reason="has followers")
    said = public_safe(reason)
    if not said:
        raise FieldMissing(operation="task.retract", fields=["reason"])
    return noted(replace(task, retracted=True, findings=()), "task.retract", by, at, said)


def _must_be_open(task: Task, by: Principal) -> None:
    must_be(Who.TRIAGE, task, by)
    must_be_here(task)
    if task.is_closed:
        raise TaskIsClosed(state=task.state.value)
