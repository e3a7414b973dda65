"""Time in each state: waiting and lying with somebody else are counted apart."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.domain.task_makers import MONDAY, a_task
from trygghetsvandring.domain.task_times import spent, stretches
from trygghetsvandring.domain.tasks import CLOSED, Task, TaskEvent, TaskState


def a_history(*stays: tuple[TaskState, int]) -> Task:
    """Each state with the hours it lasted, from Monday on."""
    events, at, before = [], MONDAY, None
    for state, hours in stays:
        events.append(TaskEvent(at=at, type="x", start=before, end=state, by="", text=""))
        at, before = at + timedelta(hours=hours), state
    return replace(a_task(stays[-1][0]), history=tuple(events))


def test_waiting_and_referred_are_counted_apart_and_closed_time_is_none() -> None:
    task = a_history(
        (TaskState.NEW, 2),
        (TaskState.ACCEPTED, 10),
        (TaskState.WAITING, 100),
        (TaskState.IN_PROGRESS, 5),
        (TaskState.REFERRED, 30),
        (TaskState.DONE, 500),
    )

    took = spent(task, MONDAY + timedelta(hours=700))

    assert (took.working, took.waiting, took.referred) == (17, 100, 30)


def test_a_note_is_no_passage_and_the_last_stretch_goes_on() -> None:
    task = a_history((TaskState.ASSIGNED, 3), (TaskState.ASSIGNED, 4))

    (only,) = stretches(task.history)

    assert (only.state, only.end) == (TaskState.ASSIGNED, None)
    assert spent(task, MONDAY + timedelta(hours=9)).working == 9


@given(st.lists(st.tuples(st.sampled_from(TaskState), st.integers(-50, 50)), min_size=1, max_size=12))
def test_whatever_the_clocks_said_no_time_is_negative_and_no_hour_is_counted_twice(
    stays: list[tuple[TaskState, int]],
) -> None:
    task, now = a_history(*stays), MONDAY + timedelta(hours=1000)

    took = spent(task, now)
    made = stretches(task.history)

    assert min(took.working, took.waiting, took.referred) >= 0
    assert all(a.end == b.start for a, b in pairwise(made))
    if made and not any(each.state in CLOSED for each in made):
        whole = int((now - made[0].start).total_seconds() // 3600)
        assert took.working + took.waiting + took.referred == whole
