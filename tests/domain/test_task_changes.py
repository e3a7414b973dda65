"""A task's words, urgency and promise are put right with a reason; within the unit it goes from one to another."""

from datetime import date

import pytest

from tests.domain.task_makers import COORDINATOR, HANDLER, LATER, MONDAY, OTHER_HANDLER, YESTERDAY, a_task
from trygghetsvandring.domain.errors import Malformed, PersonalData, TextTooLong
from trygghetsvandring.domain.task_changes import NothingChanged, change, hand_on, may_change, replan
from trygghetsvandring.domain.tasks import (
    DateNotPossible,
    FieldMissing,
    NoSuchArrow,
    NotYourTask,
    PublicTextNotSafe,
    TaskState,
)

WHY = "Lampan sitter vid skolans ingång."
OPEN = [state for state in TaskState if state not in {TaskState.DONE, TaskState.WONT_DO, TaskState.VERIFIED}]
TAKEN = [state for state in OPEN if state not in {TaskState.NEW, TaskState.ASSIGNED}]


@pytest.mark.parametrize("state", OPEN)
def test_what_is_changed_stands_in_the_history_with_what_stood_there_before_and_why(state: TaskState) -> None:
    task = a_task(state, priority=2, due_on=date(2026, 12, 1))

    after = change(task, title="Byt lampan", priority=1, due_on=LATER, reason=WHY, by=COORDINATOR, at=MONDAY)

    assert (after.title, after.priority, after.priority_reason, after.due_on) == ("Byt lampan", 1, WHY, LATER)
    assert (after.state, after.department, after.person) == (task.state, task.department, task.person)
    last = after.history[-1]
    assert last.text == (f"Ny rubrik. Genast, förut snart. Klart senast {LATER}, förut 2026-12-01. {WHY}")


def test_what_is_left_out_stays() -> None:
    task = a_task(TaskState.ACCEPTED, priority=2)

    after = change(task, priority=3, reason=WHY, by=COORDINATOR, at=MONDAY)

    assert (after.title, after.due_on, after.priority) == (task.title, task.due_on, 3)


def test_a_change_without_a_reason_or_of_nothing_is_none() -> None:
    task = a_task(TaskState.ACCEPTED, priority=2)

    with pytest.raises(FieldMissing):
        change(task, priority=1, reason=" ", by=COORDINATOR, at=MONDAY)
    with pytest.raises(NothingChanged):
        change(task, priority=2, title=task.title, due_on=task.due_on, reason=WHY, by=COORDINATOR, at=MONDAY)
    with pytest.raises(FieldMissing):
        change(task, title=" ", reason=WHY, by=COORDINATOR, at=MONDAY)


def test_what_cannot_be_is_refused() -> None:
    task = a_task(TaskState.ACCEPTED)

    with pytest.raises(Malformed):
        change(task, priority=4, reason=WHY, by=COORDINATOR, at=MONDAY)
    with pytest.raises(DateNotPossible):
        change(task, due_on=YESTERDAY, reason=WHY, by=COORDINATOR, at=MONDAY)
    with pytest.raises(TextTooLong):
        change(task, title="x" * 121, reason=WHY, by=COORDINATOR, at=MONDAY)
    with pytest.raises(PublicTextNotSafe):
        change(task, priority=1, reason="Ring 19900101-2385.", by=COORDINATOR, at=MONDAY)
    with pytest.raises(NoSuchArrow):  # nobody has promised anything yet
        change(a_task(TaskState.NEW, due_on=None), due_on=LATER, reason=WHY, by=COORDINATOR, at=MONDAY)


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.WONT_DO, TaskState.VERIFIED])
def test_what_is_over_is_not_changed(state: TaskState) -> None:
    with pytest.raises(NoSuchArrow):
        change(a_task(state), title="Ny", reason=WHY, by=COORDINATOR, at=MONDAY)
    with pytest.raises(NoSuchArrow):
        hand_on(a_task(state), person="Kvällslaget", by=HANDLER, at=MONDAY)
    assert may_change(a_task(state), COORDINATOR) == may_change(a_task(state), HANDLER) == ()


@pytest.mark.parametrize("state", TAKEN)
def test_the_unit_gives_it_to_another_and_nobody_outside_reads_who(state: TaskState) -> None:
    after = hand_on(a_task(state, person="Laget"), person=" Kvällslaget ", by=HANDLER, at=MONDAY)

    assert (after.state, after.person, after.history[-1].internal) == (state, "Kvällslaget", True)
    assert "Kvällslaget" not in after.history[-1].text
    assert may_change(after, HANDLER) == ("task.hand_on",)
    assert may_change(after, COORDINATOR) == ("task.change",)


def test_only_the_unit_and_only_what_it_has_taken() -> None:
    task = a_task(TaskState.ACCEPTED, person="Laget")
    with pytest.raises(NotYourTask):
        hand_on(task, person="Vi", by=OTHER_HANDLER, at=MONDAY)
    with pytest.raises(NotYourTask):
        change(task, title="Ny", reason=WHY, by=HANDLER, at=MONDAY)
    with pytest.raises(NoSuchArrow):
        hand_on(a_task(TaskState.ASSIGNED), person="Vi", by=HANDLER, at=MONDAY)
    with pytest.raises(NothingChanged):
        hand_on(task, person="Laget", by=HANDLER, at=MONDAY)
    with pytest.raises(FieldMissing):
        hand_on(task, person=" ", by=HANDLER, at=MONDAY)
    with pytest.raises(PersonalData):
        hand_on(task, person="Bo 850709-9805", by=HANDLER, at=MONDAY)


def test_a_planned_day_is_moved_with_a_reason_and_the_history_keeps_the_first_one() -> None:
    task = a_task(TaskState.PLANNED, planned_on=date(2026, 12, 1))

    moved = replan(task, planned_on=LATER, public_text="Bilen är på verkstad.", by=HANDLER, at=MONDAY)

    assert (moved.state, moved.planned_on, moved.public_text) == (TaskState.PLANNED, LATER, "Bilen är på verkstad.")
    assert moved.history[-1].text == f"Ny dag {LATER}, förut 2026-12-01. Bilen är på verkstad."
    with pytest.raises(NothingChanged):
        replan(moved, planned_on=LATER, public_text="Samma dag.", by=HANDLER, at=MONDAY)
    with pytest.raises(FieldMissing):
        replan(task, planned_on=LATER, public_text=" ", by=HANDLER, at=MONDAY)
    with pytest.raises(NoSuchArrow):
        replan(a_task(TaskState.WAITING), planned_on=LATER, public_text="Skäl.", by=HANDLER, at=MONDAY)
