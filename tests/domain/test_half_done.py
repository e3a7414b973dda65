"""What is done in part is never called done: not on the field list, not in the protocol, not when it is seen."""

import pytest

from tests.domain.task_makers import a_task
from trygghetsvandring.domain import field_lists, rates
from trygghetsvandring.domain.tasks import Extent, TaskState


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.VERIFIED])
def test_every_word_for_it_says_in_part(state: TaskState) -> None:
    half, whole = a_task(state, extent=Extent.PARTLY), a_task(state, extent=Extent.FULL)

    for words in (field_lists.status, lambda task: rates.state_words(task, "Gata och park")):
        assert words(half).startswith("Delvis åtgärdat")
        assert words(whole).startswith("Åtgärdat")


@pytest.mark.parametrize("state", [each for each in TaskState if each not in {TaskState.DONE, TaskState.VERIFIED}])
def test_elsewhere_nothing_is_said_of_how_much(state: TaskState) -> None:
    """A task that was opened again is open, whatever was done before."""
    assert field_lists.status(a_task(state, extent=Extent.PARTLY)) == field_lists.STATES[state]


def test_what_is_half_done_and_seen_is_counted_as_said_and_never_as_seen() -> None:
    half = [a_task(state, extent=Extent.PARTLY) for state in (TaskState.DONE, TaskState.VERIFIED)]
    whole = [a_task(state, extent=Extent.FULL) for state in (TaskState.DONE, TaskState.VERIFIED)]

    counted = rates.rates([*half, *whole])

    assert (counted.claimed, counted.partly, counted.verified) == (4, 2, 1)
