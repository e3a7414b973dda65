"""Somebody has been there and it is not as its owner said: a coordinator opens it again, or answers."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from tests.domain.finding_makers import a_finding
from tests.domain.task_makers import (
    COORDINATOR,
    FIELD_SECRETARY,
    HANDLER,
    MONDAY,
    THE_WALK,
    TODAY,
    WALKER,
    YESTERDAY,
    a_task,
    confirm,
    take,
)
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.digests import has_news, outcomes
from trygghetsvandring.domain.doubts import NothingDoubted, uphold
from trygghetsvandring.domain.observations import ObservationState
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.replies import reply
from trygghetsvandring.domain.tasks import (
    Extent,
    FieldMissing,
    NotYourTask,
    PublicTextNotSafe,
    SeenThere,
    Task,
    TaskState,
)


def a_doubted(state: TaskState = TaskState.DONE) -> Task:
    return confirm(a_task(state, done_on=YESTERDAY), SeenThere.NO)


@pytest.mark.parametrize("state", [TaskState.DONE, TaskState.VERIFIED])
@pytest.mark.parametrize(
    ("seen", "extent", "asks"),
    [
        (SeenThere.NO, Extent.FULL, True),
        (SeenThere.NO, Extent.PARTLY, True),
        (SeenThere.PARTLY, Extent.FULL, True),
        (SeenThere.PARTLY, Extent.PARTLY, False),  # that is what its owner says too
        (SeenThere.NOT_THERE, Extent.FULL, False),
    ],
)
def test_less_than_its_owner_says_is_a_doubt(state: TaskState, seen: SeenThere, extent: Extent, asks: bool) -> None:
    heard = confirm(a_task(state, extent=extent, done_on=YESTERDAY), seen)

    assert (heard.state, heard.reopen_proposed, heard.doubted_on) == (state, asks, TODAY if asks else None)


def test_who_was_there_before_the_work_doubts_nothing() -> None:
    heard = confirm(a_task(TaskState.DONE, done_on=TODAY), SeenThere.NO, seen_on=YESTERDAY)

    assert not heard.reopen_proposed


def test_it_is_not_late_with_its_owner() -> None:
    """Only a coordinator can do something about it, and has a clock for it."""
    assert a_doubted().late_after is None


def test_upheld_it_stands_where_it_stood_with_words_for_those_who_walked() -> None:
    settled = uphold(a_doubted(), public_text=" Vi var där. Den lyser. ", by=COORDINATOR, at=MONDAY)

    assert (settled.state, settled.reopen_proposed, settled.doubted_on) == (TaskState.DONE, False, None)
    assert settled.public_text == "Vi var där. Den lyser."
    last = settled.history[-1]
    assert (last.type, last.start, last.end, last.internal) == ("task.uphold", TaskState.DONE, TaskState.DONE, False)


def test_what_nobody_doubts_cannot_be_upheld_and_nobody_else_upholds() -> None:
    with pytest.raises(NothingDoubted):
        uphold(a_task(TaskState.DONE), public_text="Den lyser.", by=COORDINATOR, at=MONDAY)
    with pytest.raises(NotYourTask):
        uphold(a_doubted(), public_text="Den lyser.", by=HANDLER, at=MONDAY)


def test_the_answer_is_there_and_names_nobody() -> None:
    with pytest.raises(FieldMissing):
        uphold(a_doubted(), public_text="  ", by=COORDINATOR, at=MONDAY)
    with pytest.raises(PublicTextNotSafe):
        uphold(a_doubted(), public_text="Ring 19900101-2385.", by=COORDINATOR, at=MONDAY)


def seen(task: Task, what: SeenThere, by: Principal, day: date, *, at: datetime = MONDAY) -> Task:
    return work.confirm(task, seen=what, seen_on=day, walks={THE_WALK}, by=by, at=at)


def another(n: int) -> Principal:
    return replace(WALKER, device=UUID(int=n))


def test_a_visit_of_that_day_or_later_settles_it_and_one_from_before_does_not() -> None:
    later = take("task.verify", a_doubted(), by=COORDINATOR, seen_on=TODAY)
    before = take("task.verify", a_doubted(), by=COORDINATOR, seen_on=YESTERDAY)

    assert (later.state, later.reopen_proposed) == (TaskState.VERIFIED, False)
    assert (before.state, before.reopen_proposed) == (TaskState.VERIFIED, True)


def test_it_is_the_day_of_the_visit_that_counts_and_not_the_day_it_was_told() -> None:
    """Seen on Sunday and told on Tuesday; the coordinator was there on Monday."""
    task = a_task(TaskState.DONE, done_on=YESTERDAY - timedelta(1))
    doubted = seen(task, SeenThere.NO, WALKER, YESTERDAY, at=MONDAY + timedelta(1))

    assert not take("task.verify", doubted, by=COORDINATOR, seen_on=TODAY, at=MONDAY + timedelta(2)).reopen_proposed


def test_what_comes_late_from_before_somebody_was_there_is_kept_and_moves_nothing() -> None:
    verified = take("task.verify", a_task(TaskState.DONE, done_on=YESTERDAY), by=COORDINATOR, seen_on=TODAY)

    late = seen(verified, SeenThere.NO, WALKER, YESTERDAY, at=MONDAY + timedelta(days=9))

    assert (late.state, late.reopen_proposed, len(late.confirmations)) == (TaskState.VERIFIED, False, 1)


def test_the_same_day_it_is_who_spoke_last_that_counts() -> None:
    verified = take("task.verify", a_task(TaskState.DONE, done_on=YESTERDAY), by=COORDINATOR, seen_on=TODAY)

    evening = seen(verified, SeenThere.NO, WALKER, TODAY, at=MONDAY + timedelta(hours=9))

    assert evening.reopen_proposed


def test_two_walkers_who_disagree_are_the_coordinators_to_weigh() -> None:
    heard = seen(a_doubted(), SeenThere.GOOD, another(7), TODAY, at=MONDAY + timedelta(hours=1))

    assert (heard.state, heard.reopen_proposed) == (TaskState.VERIFIED, True)


def test_who_answers_anew_takes_the_doubt_back() -> None:
    again = seen(a_doubted(), SeenThere.GOOD, WALKER, TODAY, at=MONDAY + timedelta(hours=1))

    assert (again.state, again.reopen_proposed, again.doubted_on) == (TaskState.VERIFIED, False, None)


@pytest.mark.parametrize("by", [COORDINATOR, FIELD_SECRETARY])
def test_staff_who_were_there_settle_it_by_their_answer(by: Principal) -> None:
    at = MONDAY + timedelta(hours=1)

    assert not seen(a_doubted(), SeenThere.GOOD, by, TODAY, at=at).reopen_proposed
    assert not seen(a_doubted(TaskState.VERIFIED), SeenThere.GOOD, by, TODAY, at=at).reopen_proposed
    assert seen(a_doubted(), SeenThere.NOT_THERE, by, TODAY, at=at).reopen_proposed


def test_upheld_it_can_be_doubted_again() -> None:
    upheld = uphold(a_doubted(), public_text="Den lyser.", by=COORDINATOR, at=MONDAY)

    again = seen(upheld, SeenThere.NO, another(7), TODAY + timedelta(1), at=MONDAY + timedelta(1))

    assert (again.reopen_proposed, again.doubted_on) == (True, TODAY + timedelta(1))


def test_opened_again_nothing_is_doubted() -> None:
    again = take("task.reopen", a_doubted(), by=COORDINATOR)

    assert (again.reopen_proposed, again.doubted_on, again.settled) == (False, None, None)


def test_the_answer_is_news_to_whoever_gets_the_walks_letter() -> None:
    """It moves nothing, so neither the state nor a day tells it from what the last letter said."""
    finding, doubted = a_finding(ObservationState.LINKED), a_doubted()
    answered = uphold(doubted, public_text="Den lyser.", by=COORDINATOR, at=MONDAY)

    before, after = (outcomes([told]) for it in (doubted, answered) if (told := reply(finding, tasks=[it])))

    assert has_news(before, after)
    assert not has_news(after, after)


def test_two_of_staff_without_a_device_are_two_voices() -> None:
    """What one of them doubts does not go away because another has not been there."""
    doubted = seen(a_task(TaskState.DONE), SeenThere.NO, COORDINATOR, TODAY)

    both = seen(doubted, SeenThere.NOT_THERE, FIELD_SECRETARY, TODAY)

    assert (both.reopen_proposed, len(both.confirmations)) == (True, 2)


def test_one_person_signed_in_twice_is_one_voice() -> None:
    at_the_desk, in_the_van = (replace(FIELD_SECRETARY, device=UUID(int=n)) for n in (1, 2))
    doubted = seen(a_task(TaskState.DONE), SeenThere.NO, at_the_desk, TODAY)

    anew = seen(doubted, SeenThere.NOT_THERE, in_the_van, TODAY)

    assert (anew.reopen_proposed, len(anew.confirmations)) == (False, 1)
