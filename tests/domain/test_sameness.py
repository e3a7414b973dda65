"""What could be the same thing: near enough and soon enough for its category, and not asked about twice."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.finding_makers import FRIDAY_EVENING, LAMP, MUSIC, a_category, a_finding
from tests.domain.task_makers import TASK, a_task, an_id
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.sameness import MOST_APART, alike, keep_apart
from trygghetsvandring.domain.tasks import Task, TaskState

GLASS = a_category("glas", Kind.MAINTENANCE, tile="skrap", radius_m=20, same_days=14)
CATEGORIES = (LAMP, MUSIC, GLASS)
A_DEGREE_M = 111_195


def seen(n: int, north_m: float = 0, days: float = 0, **changes: Any) -> Observation:
    facts: dict[str, Any] = {"id": an_id(n), "number": f"LK-{n}", "state": ObservationState.RECEIVED}
    at = {"lat": 58.495 + north_m / A_DEGREE_M, "lon": 13.176, "seen_at": FRIDAY_EVENING + timedelta(days=days)}
    return a_finding(**(facts | at | changes))


def found(finding: Observation, *others: Observation, tasks: tuple[Task, ...] = ()) -> list[Any]:
    return [it.finding.id if it.task is None else it.task.id for it in alike(finding, others, tasks, CATEGORIES)]


def test_two_lamps_twelve_metres_apart_are_two_and_one_from_both_sides_is_one() -> None:
    assert found(seen(300), seen(301, 12)) == []
    assert found(seen(300, -3.5), seen(301, 3.5)) == [an_id(301)]


def test_glass_is_near_at_a_distance_at_which_lamps_are_not_and_for_two_weeks_only() -> None:
    glass: dict[str, Any] = {"category": "glas", "kind": Kind.MAINTENANCE}
    assert found(seen(300, **glass), seen(301, 15, **glass), seen(302, 15, days=-15, **glass)) == [an_id(301)]


def test_an_open_task_is_suggested_once_however_many_have_seen_it_and_however_long_ago() -> None:
    linked = {"state": ObservationState.LINKED, "tasks": (TASK,)}
    others = [seen(301, 4, days=-400, **linked), seen(302, 2, days=-300, **linked)]
    task = a_task(TaskState.WAITING, findings=(an_id(301), an_id(302)))

    (it,) = alike(seen(300), others, [task], CATEGORIES)

    assert (it.task, it.finding.id, it.distance_m) == (task, an_id(302), 2)


def test_what_is_seen_after_the_work_was_done_is_something_new() -> None:
    done = a_task(TaskState.DONE, findings=(an_id(301),))
    assert found(seen(300), seen(301, state=ObservationState.LINKED, tasks=(TASK,)), tasks=(done,)) == []


@pytest.mark.parametrize(
    "changes",
    [
        *({"state": state} for state in ObservationState if state not in {"received", "reviewed", "linked"}),
        {"lat": None, "lon": None, "position": None},
        {"category": "glas"},
        {"category": "bel.framtid"},
    ],
)
def test_what_is_settled_out_of_sight_nowhere_or_of_another_kind_is_not_suggested(changes: dict[str, Any]) -> None:
    assert found(seen(300), seen(301, **changes)) == []
    assert found(seen(300), seen(301)) == [an_id(301)]


def test_what_is_no_work_is_like_nothing() -> None:
    music: dict[str, Any] = {"category": "ljud.musik", "kind": Kind.SOCIAL}
    assert found(seen(300, **music), seen(301, **music)) == []


# ---------------------------------------------------------------- not the same, remembered


def test_not_the_same_is_not_asked_again_from_either_side_nor_by_way_of_its_task() -> None:
    one, two = seen(300), seen(301, state=ObservationState.LINKED, tasks=(TASK,))
    task = a_task(TaskState.ACCEPTED, findings=(two.id,))
    assert found(one, two, tasks=(task,)) == [TASK]

    for other in (two.id, TASK):
        told = keep_apart(one, other, apart=True)
        assert found(told, two, tasks=(task,)) == []
        assert found(keep_apart(told, other, apart=False), two, tasks=(task,)) == [TASK]
    assert found(seen(301), keep_apart(one, an_id(301), apart=True)) == []


def test_a_finding_is_not_kept_apart_from_itself_or_from_everything() -> None:
    with pytest.raises(Malformed):
        keep_apart(seen(300), an_id(300), apart=True)
    many = seen(300, apart=tuple(an_id(n) for n in range(1000, 1000 + MOST_APART)))
    with pytest.raises(Malformed):
        keep_apart(many, an_id(301), apart=True)


@given(metres=st.floats(0, 30), days=st.floats(-40, 40), ours=st.sampled_from(["bel.trasig", "glas"]))
def test_alike_is_the_same_from_both_sides_and_said_twice_it_stays(metres: float, days: float, ours: str) -> None:
    one, two = seen(300, category=ours), seen(301, metres, days, category=ours)
    assert bool(found(one, two)) == bool(found(two, one))
    told = keep_apart(one, two.id, apart=True)
    assert keep_apart(told, two.id, apart=True) == told
