"""What the walkers are told: never better than the worst open task, and never why something is held back."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.finding_makers import BEFORE_PHOTO, a_finding, dismiss
from tests.domain.task_makers import (
    AFTER_PHOTO,
    ANOTHER_FINDING,
    COORDINATOR,
    HANDLER,
    OTHER_WALKER,
    TASK,
    TODAY,
    WALKER,
    a_task,
    an_id,
    confirm,
    take,
)
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.observations import DismissReason, Observation, ObservationState, withhold
from trygghetsvandring.domain.photos import Belongs, Photo, PhotoOf, PhotoRole
from trygghetsvandring.domain.replies import Reply, ReplyWord, deciding, reply, word_of
from trygghetsvandring.domain.tasks import CLOSED, Extent, SeenThere, Task, TaskState

LINKED = a_finding(ObservationState.LINKED)
ORDER = list(ReplyWord)


def the_photo(id: UUID = BEFORE_PHOTO, finding: Observation = LINKED) -> Photo:
    return Photo(
        id=id,
        version=1,
        of=Belongs(kind=PhotoOf.OBSERVATION, id=finding.id),
        role=PhotoRole.BEFORE,
        sha256="0" * 64,
        bytes=1,
        media_type="image/jpeg",
        width=1,
        height=1,
        masks=0,
        taken_at=datetime(2026, 11, 20, 18, tzinfo=UTC),
        device=finding.device,
        user=None,
        organisation=None,
    )


def test_half_done_is_never_told_as_done_before_or_after_it_is_seen_and_opened_again() -> None:
    half = take("task.finish", a_task(TaskState.PLANNED, planned_on=TODAY), by=HANDLER, extent=Extent.PARTLY)
    seen = take("task.verify", half, by=COORDINATOR)
    again = take("task.reopen", half, by=COORDINATOR)

    assert told(LINKED, half).state is ReplyWord.PARTLY
    assert told(LINKED, seen).state is ReplyWord.PARTLY_VERIFIED
    assert [step.word for step in told(LINKED, seen).steps][-2:] == [ReplyWord.PARTLY, ReplyWord.PARTLY_VERIFIED]
    assert [step.word for step in told(LINKED, again).steps][-2:] == [ReplyWord.PARTLY, ReplyWord.REOPENED]
    whole = take("task.finish", take("task.accept", again, by=HANDLER), by=HANDLER)
    assert told(LINKED, whole).state is ReplyWord.DONE


def told(finding: Observation = LINKED, *tasks: Task, **more: Any) -> Reply:
    answer = reply(finding, tasks=tasks, **more)
    assert answer is not None
    return answer


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (TaskState.NEW, "reviewed"),
        (TaskState.ASSIGNED, "with_department"),
        (TaskState.ACCEPTED, "with_department"),
        (TaskState.PLANNED, "planned"),
        (TaskState.IN_PROGRESS, "in_progress"),
        (TaskState.WAITING, "waiting"),
        (TaskState.REFERRED, "referred"),
        (TaskState.DONE, "done"),
        (TaskState.WONT_DO, "wont_do"),
        (TaskState.VERIFIED, "verified"),
    ],
)
def test_one_task_is_told_as_it_stands(state: TaskState, word: str) -> None:
    assert told(LINKED, a_task(state)).state == word


def test_what_was_opened_again_says_so_until_its_owner_takes_it() -> None:
    again = take("task.reopen", a_task(TaskState.DONE), by=COORDINATOR)

    assert told(LINKED, again).state is ReplyWord.REOPENED
    assert told(LINKED, take("task.accept", again, by=HANDLER)).state is ReplyWord.WITH_DEPARTMENT


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (ObservationState.RECEIVED, "received"),
        (ObservationState.REVIEWED, "reviewed"),
        (ObservationState.NO_ACTION, "no_action"),
        (ObservationState.WITHHELD, "received"),
    ],
)
def test_without_a_task_the_finding_itself_is_told(state: ObservationState, word: str) -> None:
    assert told(a_finding(state)).state == word


def test_what_goes_to_the_lagesbild_is_told_as_such() -> None:
    answer = told(dismiss(a_finding(ObservationState.REVIEWED), reason=DismissReason.LAGESBILD, public_text=""))

    assert (answer.state, answer.public_text) == (
        ReplyWord.LAGESBILD,
        "Det går till lägesbilden. Där står bara plats och tid.",
    )


def test_what_its_author_withdrew_has_no_answer() -> None:
    assert reply(a_finding(ObservationState.WITHDRAWN), tasks=()) is None


def test_a_finding_held_back_says_no_more_than_that_it_came() -> None:
    held = withhold(a_finding(ObservationState.LINKED), "Någon går att känna igen.")

    answer = told(held, a_task(TaskState.PLANNED))

    assert (answer.state, answer.public_text, answer.task, len(answer.steps)) == (ReplyWord.RECEIVED, "", None, 1)


def test_what_was_merged_follows_the_other_and_keeps_its_own_number() -> None:
    merged = a_finding(ObservationState.MERGED, number="LK-28", photos=(BEFORE_PHOTO,))
    other = a_finding(ObservationState.LINKED, id=ANOTHER_FINDING, number="LK-31", photos=(an_id(30),))

    answer = told(merged, a_task(TaskState.PLANNED), into=other, photos=[the_photo(finding=merged)])

    assert (answer.state, answer.number, answer.before) == (ReplyWord.PLANNED, "LK-28", BEFORE_PHOTO)


def test_before_and_after_and_who_and_when_come_along() -> None:
    done = take("task.finish", a_task(TaskState.PLANNED, planned_on=TODAY), by=HANDLER)

    answer = told(LINKED, done, stop_name="Gångtunneln", photos=[the_photo()])

    assert (answer.before, answer.after, answer.department) == (BEFORE_PHOTO, AFTER_PHOTO, "gata-park")
    assert (answer.planned_on, answer.done_on, answer.task) == (TODAY, TODAY, TASK)
    assert (answer.public_text, answer.stop_name) == ("Tre lampor är bytta.", "Gångtunneln")


def test_each_phone_is_asked_once_each_time_the_work_is_said_to_be_done() -> None:
    done = a_task(TaskState.DONE)
    assert told(LINKED, done).ask

    answered = confirm(done, SeenThere.NOT_THERE)

    assert not told(LINKED, answered).ask
    assert told(a_finding(ObservationState.LINKED, device=OTHER_WALKER.device), answered).ask
    again = take("task.reopen", answered, by=COORDINATOR)
    assert not told(LINKED, again).ask
    assert told(LINKED, take("task.finish", take("task.accept", again, by=HANDLER), by=HANDLER)).ask


@pytest.mark.parametrize("state", [each for each in TaskState if each is not TaskState.DONE])
def test_nobody_is_asked_about_what_is_not_said_to_be_done(state: TaskState) -> None:
    assert not told(LINKED, a_task(state)).ask


def test_the_steps_are_the_public_part_of_the_history_in_order() -> None:
    task = take("task.accept", take("task.assign", a_task(), by=COORDINATOR), by=HANDLER)
    task = work.note(task, text="Två lampor på lager.", by=HANDLER, at=datetime(2026, 11, 24, 8, tzinfo=UTC))
    task = take("task.refer", task, by=HANDLER)
    task = take("task.start", task, by=HANDLER, note="De svarade nej.")

    steps = told(LINKED, task).steps

    assert [step.word for step in steps] == [
        ReplyWord.RECEIVED,
        ReplyWord.REVIEWED,
        ReplyWord.WITH_DEPARTMENT,
        ReplyWord.WITH_DEPARTMENT,
        ReplyWord.REFERRED,
        ReplyWord.IN_PROGRESS,
    ]
    text = " ".join(step.text for step in steps)
    assert "Vägen är deras." in text
    assert not any(secret in text for secret in ("lager", "Kundtjänst", "svarade nej", WALKER.function or "walker"))
    assert steps[0].on == date(2026, 11, 20)


def test_a_declined_task_shows_that_it_came_back() -> None:
    back = take("task.decline", take("task.assign", a_task(), by=COORDINATOR), by=HANDLER)

    assert told(LINKED, back).steps[-1].text == "Fel ägare. Lampan är inte vår. Föreslår AB Bostäder."


@given(states=st.lists(st.sampled_from(TaskState), min_size=1, max_size=6), reopened=st.integers(0, 1))
def test_an_answer_is_never_better_than_the_worst_open_task(states: list[TaskState], reopened: int) -> None:
    tasks = [a_task(state, id=an_id(n), number=f"Å-{n}", reopened=reopened) for n, state in enumerate(states)]

    word = told(LINKED, *tasks).state

    still_open = [task for task in tasks if task.state not in CLOSED]
    assert all(ORDER.index(word) <= ORDER.index(word_of(task)) for task in tasks)
    if still_open:
        assert word not in {ReplyWord.DONE, ReplyWord.VERIFIED, ReplyWord.WONT_DO}
    if word is ReplyWord.VERIFIED:
        assert {task.state for task in tasks} == {TaskState.VERIFIED}
    if word is ReplyWord.DONE:
        assert {task.state for task in tasks} <= {TaskState.DONE, TaskState.VERIFIED}


def test_the_order_from_worst_to_best_is_what_we_mean() -> None:
    assert [word.value for word in ORDER] == [
        "received",
        "reviewed",
        "reopened",
        "with_department",
        "referred",
        "waiting",
        "planned",
        "in_progress",
        "wont_do",
        "partly",
        "partly_verified",
        "done",
        "verified",
        "no_action",
        "lagesbild",
    ]


def test_no_task_decides_when_there_is_none() -> None:
    assert deciding([]) is None
    assert told(LINKED).state is ReplyWord.REVIEWED
