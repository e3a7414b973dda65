"""Who hears by mail what became of a task."""

from dataclasses import replace
from email import message_from_bytes, policy

import pytest

from tests.domain.task_makers import a_task
from tests.web.phones import Evening, a_task_of, at_the_desk
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.jobs.rounds import Pace
from trygghetsvandring.jobs.told import hears, is_given
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage.people import User

pytest_plugins = ["tests.web.evenings"]


def a_user(role: str, organisation: str, login: str = "kim@lidkoping.example") -> User:
    return User(
        municipality="lidkoping",
        id=uuid7(),
        login=login,
        function="Handläggare",
        role=role,
        organisation=organisation,
        password_hash="",
        demo=False,
        disabled_at=None,
    )


@pytest.mark.parametrize(
    ("role", "organisation", "state", "expected"),
    [
        ("coordinator", "samordning", TaskState.DONE, True),
        ("coordinator", "samordning", TaskState.WONT_DO, True),
        ("coordinator", "samordning", TaskState.PLANNED, True),  # told only of a day that is moved
        ("coordinator", "samordning", TaskState.IN_PROGRESS, False),
        ("handler", "gata-park", TaskState.ASSIGNED, True),
        ("handler", "gata-park", TaskState.VERIFIED, True),
        ("handler", "gata-park", TaskState.DONE, False),
        ("department_head", "gata-park", TaskState.ASSIGNED, True),
        ("handler", "fastighet", TaskState.ASSIGNED, False),
        ("field_secretary", "gata-park", TaskState.ASSIGNED, False),
        ("police", "polisen", TaskState.DONE, False),
    ],
)
def test_only_those_the_task_concerns_hear(role: str, organisation: str, state: TaskState, expected: bool) -> None:
    assert hears(a_user(role, organisation), state, "gata-park") is expected


async def the_round_is_over(evening: Evening) -> None:
    await evening.app.state.runner.round(Lane.LETTERS)
    evening.now += Pace.ROUND.value
    while await evening.app.state.runner.round(Lane.LETTERS):
        pass


def test_a_login_that_is_no_address_hears_nothing() -> None:
    assert not hears(a_user("coordinator", "samordning", login="kim"), TaskState.DONE, "gata-park")


async def test_the_coordinator_is_told_that_the_work_is_said_to_be_done(evening: Evening) -> None:
    phone, handler = await evening.phone(), await at_the_desk(evening, "handlaggare@lidkoping")
    task = await a_task_of(evening, await phone.observe())
    await handler.act("task.accept", task, {"person": "Bo"})
    await handler.act("task.plan", task, {"planned_on": "2026-11-25"})
    await handler.act("task.start", task, {"note": ""})
    await handler.act("task.finish", task, {"extent": "full", "public_text": "Lampan är bytt.", "photos": []})

    await the_round_is_over(evening)

    letters = [file.read_text() for file in (evening.folder / "mail").iterdir()]
    (letter,) = [each for each in letters if "Subject: Tilldelad" not in each]
    assert "samordnare@lidkoping" in letter
    assert str(task) in letter.replace("=\n", "")


async def test_half_done_is_told_as_half_done_also_when_the_letter_leaves_late(evening: Evening) -> None:
    phone, handler = await evening.phone(), await at_the_desk(evening, "handlaggare@lidkoping")
    triage = await at_the_desk(evening, "samordnare@lidkoping")
    task = await a_task_of(evening, await phone.observe())
    await handler.act("task.accept", task, {"person": "Bo"})
    await handler.act("task.finish", task, {"extent": "partly", "public_text": "En av två.", "photos": []})
    again = {"department": "gata-park", "seen": "Den andra är mörk.", "due_on": "2026-12-18"}
    await triage.act("task.reopen", task, again)

    await the_round_is_over(evening)

    subjects = [
        str(message_from_bytes(file.read_bytes(), policy=policy.default)["Subject"])
        for file in (evening.folder / "mail").iterdir()
    ]
    assert any(subject.startswith("Delvis åtgärdat enligt Gata och park") for subject in subjects), subjects
    assert not any(subject.startswith("Åtgärdat") for subject in subjects)


def test_that_it_was_given_is_told_to_whoever_still_has_it_and_to_nobody_else() -> None:
    kim, other = a_user("handler", "gata-park"), a_user("handler", "fastighet")
    theirs = a_task(TaskState.PLANNED, department="gata-park", assignee=kim.id)

    assert is_given(kim, TaskState.ACCEPTED, theirs)
    assert not is_given(kim, TaskState.DONE, theirs)
    assert not is_given(kim, TaskState.ACCEPTED, replace(theirs, assignee=other.id))
    assert not is_given(other, TaskState.ACCEPTED, replace(theirs, assignee=other.id))  # another unit's
    assert not is_given(replace(kim, login="kim"), TaskState.ACCEPTED, theirs)
