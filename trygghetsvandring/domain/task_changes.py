"""What is put right in a task that stands where it stands: its words, its urgency, its promise, and who does it."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.errors import Malformed, Refused, TextTooLong
from trygghetsvandring.domain.field_lists import PRIORITIES
from trygghetsvandring.domain.observations import LONGEST_PLACE
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.task_passages import along, enter, noted
from trygghetsvandring.domain.tasks import (
    LONGEST_TITLE,
    FieldMissing,
    NoSuchArrow,
    Task,
    TaskState,
    Who,
    day_of,
    internal_safe,
    may_take,
    must_be,
    must_be_here,
    not_before,
    public_safe,
    short,
)

CHANGE, HAND_ON, REPLAN = "task.change", "task.hand_on", "task.replan"
NEW_PLACE: Final = "Ny plats i ord."
_TAKEN = frozenset(
    {TaskState.ACCEPTED, TaskState.PLANNED, TaskState.IN_PROGRESS, TaskState.WAITING, TaskState.REFERRED}
)


class NothingChanged(Refused):
    """It says already what it was asked to say."""

    code = "nothing_changed"


def change(
    task: Task,
    *,
    title: str | None = None,
    place: str | None = None,
    priority: int | None = None,
    due_on: date | None = None,
    reason: str,
    by: Principal,
    at: datetime,
) -> Task:
    """By whoever sorts, with a reason: a promise that is moved in silence is none. None leaves a thing as it is.

    The old title and place stay in the versions only: they may have been changed because they named somebody.
    """
    must_be(Who.TRIAGE, task, by)
    must_be_here(task)
    if task.is_closed or (due_on is not None and task.due_on is None):
        raise NoSuchArrow(operation=CHANGE, state=task.state.value)
    if not reason.strip():
        raise FieldMissing(operation=CHANGE, fields=["reason"])
    changed, said = _worded(task, title, place)
    if priority is not None and priority != task.priority:
        if priority not in PRIORITIES:
            raise Malformed(field="priority")
        changed = replace(changed, priority=priority, priority_reason=public_safe(reason))
        said.append(f"{PRIORITIES[priority]}, förut {PRIORITIES[task.priority].lower()}.")
    if due_on is not None and due_on != task.due_on:
        changed = replace(changed, due_on=not_before(due_on, day_of(at), "due_on"))
        said.append(f"Klart senast {due_on}, förut {task.due_on}.")
    if not said:
        raise NothingChanged()
    return noted(changed, CHANGE, by, at, f"{' '.join(said)} {public_safe(reason)}", internal=False)


def _worded(task: Task, title: str | None, place: str | None) -> tuple[Task, list[str]]:
    said = list[str]()
    if title is not None and title.strip() != task.title:
        if not title.strip():
            raise FieldMissing(operation=CHANGE, fields=["title"])
        if len(title) > LONGEST_TITLE:
            raise TextTooLong(field="title", longest=LONGEST_TITLE)
        task = replace(task, title=public_safe(title))
        said.append("Ny rubrik.")
    if place is not None and place.strip() != task.place:
        task = replace(task, place=public_safe(short(place, "place", LONGEST_PLACE)))
        said.append(NEW_PLACE)
    return task, said


def place_is_chosen(task: Task) -> bool:
    """A person has said where this task is, whatever is written of its findings."""
    return any(event.type == CHANGE and NEW_PLACE in event.text for event in task.history)


def replan(task: Task, *, planned_on: date, public_text: str, by: Principal, at: datetime) -> Task:
    """Another day for what is planned, and why: everybody who was told the first one is told."""
    arrow = enter(REPLAN, task, by, {"planned_on": planned_on, "public_text": public_text})
    not_before(planned_on, day_of(at), "planned_on")
    if planned_on == task.planned_on:
        raise NothingChanged()
    why = public_safe(public_text)
    said = f"Ny dag {planned_on}, förut {task.planned_on}. {why}"
    return along(task, arrow, by, at, said, public_text=why, planned_on=planned_on)


def hand_on(task: Task, *, person: str, assignee: UUID | None = None, by: Principal, at: datetime) -> Task:
    """Within the unit, from one to another; the history, which the next unit reads, says not to whom."""
    must_be(Who.DEPARTMENT, task, by)
    must_be_here(task)
    if task.state not in _TAKEN:
        raise NoSuchArrow(operation=HAND_ON, state=task.state.value)
    if not person.strip():
        raise FieldMissing(operation=HAND_ON, fields=["person"])
    named = internal_safe(person)
    if (named, assignee) == (task.person, task.assignee):
        raise NothingChanged()
    return noted(replace(task, person=named, assignee=assignee), HAND_ON, by, at, "")


def may_change(task: Task, by: Principal) -> tuple[str, ...]:
    """Which of the two this person could do now."""
    if task.is_closed:
        return ()
    steps = ((CHANGE, Who.TRIAGE, True), (HAND_ON, Who.DEPARTMENT, task.state in _TAKEN))
    return tuple(name for name, who, now in steps if now and may_take(who, task, by))
