"""The task's machine: 29 arrows and one beginning, who may take them, and what must be said."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.task_makers import (
    AFTER_PHOTO,
    BLANK,
    COORDINATOR,
    EVERYONE,
    FIELD_SECRETARY,
    FINDING,
    HANDLER,
    HEAD,
    HOW,
    MONDAY,
    OTHER_HANDLER,
    PASSAGES,
    RIGHT,
    TASK,
    TODAY,
    YESTERDAY,
    a_task,
    named,
    take,
    take_arrow,
)
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.errors import Malformed, PersonalData, Refused, TextTooLong
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.task_work import Place
from trygghetsvandring.domain.tasks import (
    ARROWS,
    CLOSED,
    Arrow,
    CloserCannotVerify,
    DateNotPossible,
    FieldMissing,
    NoSuchArrow,
    NotYourTask,
    PublicTextNotSafe,
    SeenBeforeDone,
    Task,
    TaskState,
    allowed_arrows,
    arrow_from,
    who_does,
)

PERSONNUMMER = "Ring 850709-9805 om det."


def said(facts: dict[str, Any]) -> dict[str, Any]:
    """Only for the type checker: a fact chosen by name may have any type."""
    return facts


def the_new_task(**changes: Any) -> Task:
    facts: dict[str, Any] = {
        "id": TASK,
        "number": "Å-1",
        "title": "Byt lampa",
        "findings": [FINDING],
        "priority": 2,
        "place": Place(words="Gångtunneln", lat=58.5, lon=13.2, tile="ljus", radius_m=8),
        "by": COORDINATOR,
        "at": MONDAY,
    }
    return work.create(**(facts | changes))


# ---------------------------------------------------------------- every arrow


def test_the_machine_has_ten_states_and_thirty_four_arrows_besides_the_beginning() -> None:
    assert len(TaskState) == 10
    assert len(PASSAGES) == 34
    assert len({(arrow.operation, arrow.start) for arrow in ARROWS}) == 35


def test_only_a_planned_day_is_moved_without_the_task_moving() -> None:
    assert [arrow.operation for arrow in ARROWS if arrow.start is arrow.end] == ["task.replan"]


def test_a_task_begins_as_new_with_the_findings_it_came_from() -> None:
    task = the_new_task()

    assert (task.state, task.findings, task.department) == (TaskState.NEW, (FINDING,), None)
    assert [(event.type, event.start, event.end) for event in task.history] == [("task.create", None, TaskState.NEW)]


@pytest.mark.parametrize("arrow", PASSAGES, ids=named)
def test_an_arrow_leads_where_the_table_says(arrow: Arrow) -> None:
    assert arrow.start is not None
    before = a_task(arrow.start)

    after = take_arrow(arrow, before)

    assert after.state is arrow.end
    moved, *noted = after.history[len(before.history) :]
    assert (moved.type, moved.start, moved.end) == (arrow.operation, arrow.start, arrow.end)
    # Whom to ask there, and who said no for them: for the desk, and nothing else is written.
    assert [event.internal for event in noted] == [True] * (arrow.operation == "task.refer")
    assert moved.by == RIGHT[arrow.who][0].function


@pytest.mark.parametrize("state", TaskState)
@pytest.mark.parametrize("operation", HOW)
def test_where_there_is_no_arrow_nothing_is_done(operation: str, state: TaskState) -> None:
    drawn = {arrow.start for arrow in ARROWS if arrow.operation == operation}
    if state in drawn:
        return
    for by in RIGHT[who_does(operation)]:
        task = a_task(state, department="gata-park", finished_by_user=None, finished_by_organisation=None)
        with pytest.raises(NoSuchArrow) as refused:
            take(operation, task, by=by)
        assert refused.value.facts == {"operation": operation, "state": state.value}


def test_a_task_cannot_begin_twice() -> None:
    for state in TaskState:
        with pytest.raises(NoSuchArrow):
            arrow_from("task.create", state)


# ---------------------------------------------------------------- who


@pytest.mark.parametrize("arrow", PASSAGES, ids=named)
def test_only_those_the_table_names_take_an_arrow(arrow: Arrow) -> None:
    assert arrow.start is not None
    task = a_task(arrow.start, department="gata-park")
    for by in EVERYONE:
        if by in RIGHT[arrow.who]:
            assert take(arrow.operation, task, by=by).state is arrow.end
        else:
            with pytest.raises((NotYourTask, CloserCannotVerify)):
                take(arrow.operation, task, by=by)


def test_a_stranger_learns_nothing_about_where_a_task_stands() -> None:
    for state in TaskState:
        with pytest.raises(NotYourTask):
            take("task.accept", a_task(state, department="gata-park"), by=OTHER_HANDLER)


def test_the_arrows_one_may_take_are_those_that_would_be_let_through() -> None:
    for state in TaskState:
        task = a_task(state)
        for by in EVERYONE:
            offered = set(allowed_arrows(task, by))
            assert offered == {operation for operation in HOW if _goes_through(operation, task, by)}


def _goes_through(operation: str, task: Task, by: Principal) -> bool:
    try:
        take(operation, task, by=by)
    except Refused:
        return False
    return True


def test_the_one_who_says_it_is_mended_is_never_the_one_who_has_seen_it() -> None:
    done = take("task.finish", a_task(TaskState.IN_PROGRESS), by=HANDLER)

    with pytest.raises(CloserCannotVerify):
        take("task.verify", done, by=HANDLER)


def test_nor_is_anybody_else_in_the_unit_that_closed_it() -> None:
    done = take("task.finish", a_task(TaskState.IN_PROGRESS), by=HANDLER)

    with pytest.raises(CloserCannotVerify):
        take("task.verify", done, by=HEAD)


def test_a_coordinator_who_entered_the_closing_for_somebody_does_not_verify_it_either() -> None:
    standing_in = Principal(
        municipality="lidkoping", role=COORDINATOR.role, organisation="gata-park", user=COORDINATOR.user
    )
    done = take("task.finish", a_task(TaskState.IN_PROGRESS), by=standing_in)

    with pytest.raises(CloserCannotVerify):
        take("task.verify", done, by=COORDINATOR)


def test_a_field_secretary_who_has_been_there_verifies() -> None:
    assert take("task.verify", a_task(TaskState.DONE), by=FIELD_SECRETARY).state is TaskState.VERIFIED


# ---------------------------------------------------------------- what must be said

REQUIRED = [(arrow, field) for arrow in PASSAGES for field in arrow.requires]


@pytest.mark.parametrize(("arrow", "field"), REQUIRED, ids=lambda it: named(it) if isinstance(it, Arrow) else it)
def test_an_arrow_is_not_taken_without_what_it_demands(arrow: Arrow, field: str) -> None:
    assert arrow.start is not None
    task = a_task(arrow.start)

    with pytest.raises(FieldMissing) as refused:
        take_arrow(arrow, task, **BLANK.get(field, {field: "  "}))

    assert field in refused.value.facts["fields"]  # type: ignore[operator]


# The table's last column, by hand: a field that falls out of the data is found here.
DEMANDED = {
    "task.create": {"findings", "title", "priority"},
    "task.assign": {"department", "explanation", "due_on"},
    "task.accept": {"person"},
    "task.decline": {"reason", "public_text"},
    "task.plan": {"planned_on"},
    "task.replan": {"planned_on", "public_text"},
    "task.wait": {"reason", "public_text", "next_look_on"},
    "task.refer": {"party", "contact", "reference", "public_text", "next_look_on"},
    "task.refuse": {"public_text"},
    "task.verify": {"seen", "seen_on"},
    "task.reopen": {"department", "seen", "due_on"},
}


def test_every_operation_demands_what_practice_says() -> None:
    found: dict[str, set[str]] = {}
    for arrow in ARROWS:
        found.setdefault(arrow.operation, set()).update(arrow.requires)

    assert {name: fields for name, fields in found.items() if name in DEMANDED} == DEMANDED
    assert arrow_from("task.finish", TaskState.IN_PROGRESS).requires == ("extent", "evidence")
    assert arrow_from("task.finish", TaskState.REFERRED).requires == ("extent", "public_text")
    assert arrow_from("task.start", TaskState.REFERRED).requires == ("note",)
    assert arrow_from("task.start", TaskState.PLANNED).requires == ()


def test_a_photo_is_evidence_enough_and_so_is_a_text() -> None:
    task = a_task(TaskState.IN_PROGRESS)

    assert take("task.finish", task, by=HANDLER, public_text="").photos == (AFTER_PHOTO,)
    assert take("task.finish", task, by=HANDLER, photos=()).public_text == "Tre lampor är bytta."


@pytest.mark.parametrize(
    ("operation", "state", "field"),
    [
        ("task.assign", TaskState.NEW, "explanation"),
        ("task.decline", TaskState.ASSIGNED, "public_text"),
        ("task.wait", TaskState.PLANNED, "public_text"),
        ("task.refer", TaskState.PLANNED, "public_text"),
        ("task.refer", TaskState.PLANNED, "party"),
        ("task.finish", TaskState.PLANNED, "public_text"),
        ("task.refuse", TaskState.PLANNED, "public_text"),
        ("task.verify", TaskState.DONE, "seen"),
        ("task.reopen", TaskState.DONE, "seen"),
    ],
)
def test_words_that_everybody_may_read_name_nobody(operation: str, state: TaskState, field: str) -> None:
    by = RIGHT[who_does(operation)][0]

    with pytest.raises(PublicTextNotSafe) as refused:
        take(operation, a_task(state), by=by, **said({field: PERSONNUMMER}))

    assert refused.value.code == "public_text_not_safe"
    assert "850709" not in str(refused.value.facts)


def test_an_internal_note_can_be_asked_for_and_names_nobody_either() -> None:
    with pytest.raises(PersonalData):
        work.note(a_task(TaskState.PLANNED), text=PERSONNUMMER, by=HANDLER, at=MONDAY)
    with pytest.raises(PersonalData):
        take("task.start", a_task(TaskState.PLANNED), by=HANDLER, note=PERSONNUMMER)
    with pytest.raises(PersonalData):
        take("task.accept", a_task(TaskState.ASSIGNED), by=HANDLER, person=PERSONNUMMER)
    with pytest.raises(PersonalData):
        take("task.refer", a_task(TaskState.PLANNED), by=HANDLER, contact=PERSONNUMMER)
    with pytest.raises(PersonalData):
        take("task.refer", a_task(TaskState.PLANNED), by=HANDLER, reference=PERSONNUMMER)


def test_a_text_has_an_end() -> None:
    with pytest.raises(TextTooLong):
        take("task.refuse", a_task(TaskState.PLANNED), by=HEAD, public_text="a" * 1001)
    with pytest.raises(TextTooLong):
        take("task.refer", a_task(TaskState.PLANNED), by=HANDLER, contact="a" * 201)
    with pytest.raises(TextTooLong):
        the_new_task(title="a" * 121)


@pytest.mark.parametrize("changes", [{"findings": []}, {"title": " "}, {"priority": None}])
def test_a_task_needs_a_finding_a_title_and_a_priority(changes: dict[str, Any]) -> None:
    with pytest.raises(FieldMissing):
        the_new_task(**changes)


def test_a_priority_is_one_two_or_three() -> None:
    with pytest.raises(Malformed):
        the_new_task(priority=4)


# ---------------------------------------------------------------- dates


@pytest.mark.parametrize(
    ("operation", "state", "field"),
    [
        ("task.assign", TaskState.NEW, "due_on"),
        ("task.plan", TaskState.ACCEPTED, "planned_on"),
        ("task.replan", TaskState.PLANNED, "planned_on"),
        ("task.wait", TaskState.PLANNED, "next_look_on"),
        ("task.refer", TaskState.PLANNED, "next_look_on"),
        ("task.reopen", TaskState.DONE, "due_on"),
    ],
)
def test_a_day_to_come_is_not_a_day_gone(operation: str, state: TaskState, field: str) -> None:
    by = RIGHT[who_does(operation)][0]

    with pytest.raises(DateNotPossible):
        take(operation, a_task(state), by=by, **said({field: YESTERDAY}))
    assert take(operation, a_task(state), by=by, **said({field: TODAY})).history


def test_nobody_has_been_there_tomorrow() -> None:
    with pytest.raises(DateNotPossible):
        take("task.verify", a_task(TaskState.DONE), by=COORDINATOR, seen_on=date(2026, 11, 24))


def test_a_visit_from_before_the_work_proves_nothing() -> None:
    done = a_task(TaskState.DONE, done_on=TODAY)

    with pytest.raises(SeenBeforeDone):
        take("task.verify", done, by=COORDINATOR, seen_on=YESTERDAY)
    assert take("task.verify", done, by=COORDINATOR, seen_on=TODAY).state is TaskState.VERIFIED


def test_it_is_late_the_day_after_it_was_promised_and_not_the_same_day() -> None:
    task = a_task(TaskState.PLANNED, due_on=TODAY)

    assert not task.is_late(TODAY)
    assert task.is_late(date(2026, 11, 24))


@pytest.mark.parametrize("state", [TaskState.WAITING, TaskState.REFERRED])
def test_what_stands_still_is_late_only_when_its_next_look_has_passed(state: TaskState) -> None:
    task = a_task(state, due_on=YESTERDAY, next_look_on=TODAY)

    assert not task.is_late(TODAY)
    assert task.is_late(date(2026, 11, 24))


@pytest.mark.parametrize("state", sorted(CLOSED))
def test_what_is_closed_is_never_late(state: TaskState) -> None:
    assert not a_task(state, due_on=YESTERDAY).is_late(TODAY)


# ---------------------------------------------------------------- properties


def test_every_state_is_reached_and_every_state_is_left() -> None:
    reached: set[TaskState] = set()
    ways: list[TaskState | None] = [None]
    while ways:
        here = ways.pop()
        new = {arrow.end for arrow in ARROWS if arrow.start is here} - reached
        reached |= new
        ways.extend(new)

    assert reached == set(TaskState)
    assert {arrow.start for arrow in PASSAGES} == set(TaskState)


@given(steps=st.lists(st.tuples(st.sampled_from(sorted(HOW)), st.sampled_from(EVERYONE)), max_size=25))
def test_whatever_people_try_a_task_only_goes_along_arrows_and_says_why(
    steps: list[tuple[str, Principal]],
) -> None:
    task = the_new_task()
    for operation, by in steps:
        try:
            after = take(operation, task, by=by, at=MONDAY)
        except Refused:
            continue
        arrow = arrow_from(operation, task.state)
        assert after.state is arrow.end
        assert after.history[: len(task.history)] == task.history
        assert not after.is_closed or after.public_text or after.photos
        _repeating_changes_nothing(operation, after, by)
        task = after
    assert task.reopened == sum(event.type == "task.reopen" for event in task.history)
    assert task.bounced == sum(event.type == "task.decline" for event in task.history)
    assert (task.next_look_on is not None) == (task.state in {TaskState.WAITING, TaskState.REFERRED})


def _repeating_changes_nothing(operation: str, task: Task, by: Principal, at: datetime = MONDAY) -> None:
    with pytest.raises(Refused):
        take(operation, task, by=by, at=at)
