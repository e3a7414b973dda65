"""A finding's place in new words moves its tasks' place: said in the history, and never over what a person chose."""

from dataclasses import replace
from typing import Any

from tests.domain.finding_makers import a_finding
from tests.domain.task_makers import COORDINATOR, MONDAY, a_task
from trygghetsvandring.domain import moderation
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.task_changes import change
from trygghetsvandring.domain.tasks import Task, TaskState

WALKERS, STOP = "bakom Annas hus", "Gångtunneln"


def moved(task: Task, before: Observation, words: str | None) -> Task:
    now = moderation.moderate_place(before, words)
    return moderation.replaced(task, now, before, STOP, COORDINATOR, MONDAY)


def a_case(place: str, state: TaskState = TaskState.ASSIGNED, **of_finding: Any) -> tuple[Task, Observation]:
    found = replace(a_finding(), place_words=WALKERS, **of_finding)
    return a_task(state, findings=(found.id,), place=place), found


def test_it_is_said_in_the_history_without_the_words_that_stood_there() -> None:
    task, found = a_case(STOP)
    after = moved(task, found, "Östra sidan")
    assert after.place == "Östra sidan"
    (event,) = after.history
    assert (event.type, event.text, event.internal, event.by) == (
        "observation.moderate",
        "Ny plats i ord.",
        False,
        COORDINATOR.function,
    )
    assert moved(after, moderation.moderate_place(found, "Östra sidan"), "Östra sidan") == after


def test_what_is_over_stands_as_it_was_but_a_walkers_own_words_are_taken_back_there_too() -> None:
    for state in (TaskState.DONE, TaskState.WONT_DO, TaskState.VERIFIED):
        task, found = a_case(STOP, state)
        assert moved(task, found, "Östra sidan") == task
        shown, found = a_case(WALKERS, state, moderated_place=WALKERS)
        assert moved(shown, found, None).place == STOP


def test_a_place_that_a_person_chose_stands_though_it_is_the_registered_name() -> None:
    task, found = a_case("Vid lekplatsen", moderated_place="Vid lekplatsen")
    chosen = change(task, place=STOP, reason="Så heter det.", by=COORDINATOR, at=MONDAY)
    assert moved(chosen, found, "Östra sidan") == chosen
