"""Going back to look: the order of the stops, who may answer, and what a removal leaves."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tests.domain.minutes_makers import BEFORE, the_walk
from tests.domain.task_makers import (
    COORDINATOR,
    FIELD_SECRETARY,
    MONDAY,
    TASK,
    THE_WALK,
    TODAY,
    WALKER,
    a_task,
    an_id,
)
from trygghetsvandring.domain import task_work as work
from trygghetsvandring.domain.people import Principal
from trygghetsvandring.domain.rewalks import NothingToVerify, NotOnThisWalk, checked, halts, planned, without
from trygghetsvandring.domain.tasks import CloserCannotVerify, SeenThere, Task, TaskState
from trygghetsvandring.domain.walks import Walk

AGAIN = an_id(700)


def a_rewalk(*tasks: Task) -> Walk:
    walk = replace(the_walk(), id=AGAIN, stops=())
    ids = [an_id(710 + at) for at in range(len(tasks))]
    return planned(walk, tasks, ids=ids, units={"gata-park": "Gata och park"}, before={TASK: BEFORE})


def mended(**changes: object) -> Task:
    return a_task(TaskState.DONE, **changes)


def test_only_what_is_said_to_be_mended_and_has_a_place_is_gone_back_to() -> None:
    nowhere, open_one, gone = mended(lat=None, lon=None), a_task(TaskState.PLANNED), mended(retracted=True)

    with pytest.raises(NothingToVerify):
        halts([nowhere, open_one, gone, a_task(TaskState.VERIFIED)])


def test_the_next_stop_is_always_the_nearest_left() -> None:
    lons = [13.20, 13.10, 13.14, 13.11]
    tasks = [mended(id=an_id(720 + at), lon=lon) for at, lon in enumerate(lons)]

    assert [halt.lon for halt in halts(tasks)] == sorted(lons)


@pytest.mark.parametrize(
    ("seen", "state", "reopened", "asks"),
    [
        (SeenThere.GOOD, TaskState.VERIFIED, 0, False),
        (SeenThere.PARTLY, TaskState.DONE, 0, True),
        (SeenThere.NO, TaskState.ASSIGNED, 1, False),
        (SeenThere.NOT_THERE, TaskState.DONE, 0, False),
    ],
)
def test_what_is_seen_decides(seen: SeenThere, state: TaskState, reopened: int, asks: bool) -> None:
    after = checked(mended(), a_rewalk(mended()), seen=seen, seen_on=TODAY, by=WALKER, at=MONDAY)

    assert (after.state, after.reopened, after.reopen_proposed) == (state, reopened, asks)


@pytest.mark.parametrize(("at", "in_the_dark"), [(MONDAY, False), (MONDAY.replace(hour=18), True)])
def test_a_re_walk_says_by_its_hour_whether_it_was_dark(at: datetime, in_the_dark: bool) -> None:
    after = checked(mended(), a_rewalk(mended()), seen=SeenThere.GOOD, seen_on=TODAY, by=WALKER, at=at)

    assert after.confirmations[0].in_the_dark is in_the_dark


@pytest.mark.parametrize("seen", [SeenThere.GOOD, SeenThere.PARTLY, SeenThere.NO])
def test_a_visit_from_before_the_work_moves_nothing(seen: SeenThere) -> None:
    task = mended(done_on=TODAY)
    after = checked(task, a_rewalk(task), seen=seen, seen_on=TODAY - timedelta(days=1), by=WALKER, at=MONDAY)

    assert (after.state, after.reopened) == (TaskState.DONE, 0)


def test_another_walks_task_is_not_theirs_to_check() -> None:
    with pytest.raises(NotOnThisWalk):
        checked(mended(id=an_id(799)), a_rewalk(mended()), seen=SeenThere.NO, seen_on=TODAY, by=WALKER, at=MONDAY)


def test_who_walked_then_may_still_say_when_the_phone_has_joined_another_walk() -> None:
    later = replace(WALKER, walk=AGAIN, walks=(THE_WALK,))

    after = work.confirm(mended(), seen=SeenThere.GOOD, seen_on=TODAY, walks={THE_WALK}, by=later, at=MONDAY)

    assert after.state is TaskState.VERIFIED


@pytest.mark.parametrize("by", [FIELD_SECRETARY, COORDINATOR], ids=["field secretary", "coordinator"])
def test_staff_outside_the_closing_unit_may_say_what_they_saw(by: Principal) -> None:
    def say(seen: SeenThere, task: Task) -> Task:
        return work.confirm(task, seen=seen, seen_on=TODAY, walks={THE_WALK}, by=by, at=MONDAY)

    assert say(SeenThere.GOOD, mended()).state is TaskState.VERIFIED
    assert say(SeenThere.NO, mended()).reopen_proposed
    with pytest.raises(CloserCannotVerify):
        say(SeenThere.GOOD, mended(finished_by_user=by.user))


def test_a_removed_task_leaves_no_words_in_the_walk_and_a_removed_photo_no_ghost() -> None:
    task = mended(title="Byt lampan vid dörren", public_text="Bytt vid dörren.")
    walk = a_rewalk(task)

    assert "dörren" not in str(without(walk, {TASK}, "Borttaget."))
    assert str(BEFORE) not in str(without(walk, {BEFORE}, "Borttaget."))
    assert without(walk, {an_id(1)}, "Borttaget.") == walk
