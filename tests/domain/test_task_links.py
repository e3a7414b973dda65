"""Which findings a task is about: split, merged, taken apart and taken back, in any order."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.finding_makers import a_finding
from tests.domain.task_makers import (
    ANOTHER_FINDING,
    COORDINATOR,
    FINDING,
    HANDLER,
    MONDAY,
    TASK,
    a_task,
    an_id,
    take,
)
from trygghetsvandring.domain import task_links as links
from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.observations import ObservationState, SocialIsNotATask
from trygghetsvandring.domain.replies import deciding
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.task_links import NotMerged, TasksCannotMerge
from trygghetsvandring.domain.task_work import Place
from trygghetsvandring.domain.tasks import (
    CLOSED,
    FieldMissing,
    NeedsAFinding,
    NoSuchArrow,
    NotYourTask,
    Task,
    TaskIsClosed,
    TaskIsGone,
    TaskState,
    allowed_arrows,
)

OTHER = an_id(70)
OPEN = sorted(set(TaskState) - CLOSED)


def other(state: TaskState = TaskState.PLANNED, **changes: object) -> Task:
    return a_task(state, id=OTHER, number="Å-32", findings=(ANOTHER_FINDING,), **changes)


def merged(task: Task, into: Task) -> tuple[Task, Task]:
    return links.merge(task, into, COORDINATOR, MONDAY)


def apart(task: Task, into: Task) -> tuple[Task, Task]:
    return links.unmerge(task, into, COORDINATOR, MONDAY)


# ---------------------------------------------------------------- merged


@pytest.mark.parametrize("state", OPEN)
def test_a_merged_task_stands_where_it_stood_closed_with_a_pointer(state: TaskState) -> None:
    gone, grown = merged(a_task(state, reopened=2, bounced=1), other(reopened=1))

    assert (gone.state, gone.merged_into, gone.is_closed) == (state, OTHER, True)
    assert (grown.findings, grown.reopened, grown.bounced) == ((ANOTHER_FINDING, FINDING), 3, 1)
    assert allowed_arrows(gone, HANDLER) == allowed_arrows(gone, COORDINATOR) == ()


@given(
    mine=st.lists(st.integers(1, 6), min_size=1, unique=True),
    its=st.lists(st.integers(1, 6), min_size=1, unique=True),
    counts=st.tuples(*[st.integers(0, 3)] * 4),
)
def test_taken_apart_everything_is_where_it_was(mine: list[int], its: list[int], counts: tuple[int, ...]) -> None:
    one = a_task(TaskState.ACCEPTED, findings=tuple(map(an_id, mine)), reopened=counts[0], bounced=counts[1])
    two = replace(other(reopened=counts[2], bounced=counts[3]), findings=tuple(map(an_id, its)))

    back, left = apart(*merged(one, two))

    for before, after in ((one, back), (two, left)):
        assert replace(after, history=before.history) == before
        assert [event.type for event in after.history[len(before.history) :]] == ["task.merge", "task.unmerge"]


def test_a_finding_that_has_left_since_stays_where_it_was_put() -> None:
    gone, grown = merged(a_task(TaskState.ACCEPTED, findings=(FINDING, an_id(8))), other())
    grown = links.unlink(grown, an_id(8), COORDINATOR, MONDAY)

    back, left = apart(gone, grown)

    assert (back.findings, left.findings) == ((FINDING,), (ANOTHER_FINDING,))


def test_neither_is_left_without_a_finding() -> None:
    gone, grown = merged(a_task(TaskState.ACCEPTED), other())
    for leaves in (FINDING, ANOTHER_FINDING):
        with pytest.raises(NeedsAFinding):
            apart(gone, links.unlink(grown, leaves, COORDINATOR, MONDAY))


def test_what_cannot_be_one_is_refused_by_a_name_of_its_own() -> None:
    gone, grown = merged(a_task(TaskState.ACCEPTED), other())
    third = a_task(TaskState.NEW, id=an_id(71), findings=(an_id(9),))
    for task, into, refusal in (
        (third, third, TasksCannotMerge),
        (grown, third, TasksCannotMerge),
        (third, gone, TaskIsGone),
        (gone, third, TaskIsGone),
        (third, other(TaskState.DONE), TaskIsClosed),
        (other(TaskState.VERIFIED), third, TaskIsClosed),
    ):
        with pytest.raises(refusal):
            merged(task, into)
    with pytest.raises(NotMerged):
        apart(third, grown)


def test_nothing_more_is_done_to_what_is_gone() -> None:
    gone, _ = merged(a_task(TaskState.ACCEPTED), other())
    back = links.retract(a_task(TaskState.ASSIGNED), reason="Av misstag.", by=COORDINATOR, at=MONDAY)
    for task in (gone, back):
        acts: tuple[Callable[[Task], Task], ...] = (
            lambda it: take("task.plan", it, by=HANDLER),
            lambda it: links.link(it, an_id(9), COORDINATOR, MONDAY),
            lambda it: links.retract(it, reason="Igen.", by=COORDINATOR, at=MONDAY),
        )
        for act in acts:
            with pytest.raises(TaskIsGone):
                act(task)


# ---------------------------------------------------------------- split, taken back


def halves(task: Task, *findings: UUID) -> tuple[Task, Task]:
    facts = {"number": "Å-40", "title": "En egen", "priority": 2, "place": Place(words="Torget")}
    return links.split(task, id=an_id(80), findings=findings, by=COORDINATOR, at=MONDAY, **facts)  # type: ignore[arg-type]


def test_some_findings_get_a_task_of_their_own_and_one_stays() -> None:
    task = a_task(TaskState.PLANNED, findings=(FINDING, ANOTHER_FINDING))

    left, new = halves(task, ANOTHER_FINDING, an_id(99))

    assert (left.findings, left.state) == ((FINDING,), TaskState.PLANNED)
    assert (new.findings, new.state, new.title) == ((ANOTHER_FINDING,), TaskState.NEW, "En egen")
    for findings in ((FINDING, ANOTHER_FINDING), (an_id(99),), ()):
        with pytest.raises(NeedsAFinding):
            halves(task, *findings)


@pytest.mark.parametrize("state", TaskState)
def test_a_task_is_taken_back_only_before_somebody_has_accepted_it(state: TaskState) -> None:
    if state not in links.TAKEN_BACK_FROM:
        with pytest.raises((NoSuchArrow, TaskIsClosed)):
            links.retract(a_task(state), reason="Av misstag.", by=COORDINATOR, at=MONDAY)
        return
    gone = links.retract(a_task(state), reason="Av misstag.", by=COORDINATOR, at=MONDAY)

    assert (gone.retracted, gone.is_closed, gone.findings, gone.late_after) == (True, True, (), None)
    with pytest.raises(FieldMissing):
        links.retract(a_task(state), reason=" ", by=COORDINATOR, at=MONDAY)


def test_only_triage_says_what_belongs_together() -> None:
    acts: tuple[Callable[[], object], ...] = (
        lambda: links.merge(a_task(TaskState.ACCEPTED), other(), HANDLER, MONDAY),
        lambda: links.unmerge(*merged(a_task(TaskState.ACCEPTED), other()), HANDLER, MONDAY),
        lambda: links.retract(a_task(TaskState.ASSIGNED), reason="Nej.", by=HANDLER, at=MONDAY),
    )
    for act in acts:
        with pytest.raises(NotYourTask):
            act()


# ---------------------------------------------------------------- the findings themselves


@pytest.mark.parametrize("state", [ObservationState.LINKED, ObservationState.WITHHELD])
def test_a_finding_stands_where_it_stood_when_its_work_moves(state: ObservationState) -> None:
    moved = links.relink(a_finding(state, tasks=(TASK,)), off=TASK, on=OTHER)

    assert (moved.state, moved.tasks, moved.was_in) == (state, (OTHER,), (TASK,))
    assert links.relink(moved, off=OTHER, on=TASK).was_in == (OTHER,)


def test_what_is_social_comes_to_no_task_with_another() -> None:
    with pytest.raises(SocialIsNotATask):
        links.relink(a_finding(ObservationState.REVIEWED, kind=Kind.SOCIAL), off=None, on=TASK)


@given(states=st.lists(st.sampled_from(TaskState), min_size=1, max_size=4), at=st.integers(0, 3))
def test_the_answer_is_about_a_task_that_goes_on(states: list[TaskState], at: int) -> None:
    tasks = [a_task(state, id=an_id(200 + n), number=f"Å-{n}") for n, state in enumerate(states)]
    gone = replace(tasks[at % len(tasks)], merged_into=OTHER)
    rest = [task for task in tasks if task.id != gone.id]

    assert deciding([gone, *rest]) == deciding(rest)


@pytest.mark.parametrize("state", OPEN)
def test_the_same_thing_is_not_done_twice(state: TaskState) -> None:
    gone, grown = merged(a_task(state), other())
    with pytest.raises(Refused):
        merged(gone, grown)
    with pytest.raises(NotMerged):
        apart(*apart(gone, grown))
