"""Three-way merge, field by field: properties of the pure function, and of the door that uses it."""

from dataclasses import fields, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import run_state_machine_as_test

from tests.makers import FRIDAY, copied, emptied
from tests.sync.two_desks import TwoDesks
from trygghetsvandring.domain.conflicts import NEVER_MERGED, STAKES, TOGETHER, Stake
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.walks import Recording, Walk
from trygghetsvandring.storage import records
from trygghetsvandring.sync.merge import three_way
from trygghetsvandring.sync.outcomes import OPERATIONS

IDS = [UUID(int=n) for n in range(1, 6)]
PLAIN = ("name", "place", "leader", "meeting_point", "night", "camera", "recording")
WORDS = st.sampled_from(["Torget", "Tunneln", "Parken"])


@st.composite
def a_stop(draw: st.DrawFn, id: UUID) -> Stop:
    lat, lon = draw(st.sampled_from([(58.5, 13.1), (58.6, 13.2), (58.7, 13.3)]))
    return Stop(
        id=id, number=1, name=draw(WORDS), place=None, place_type="torg", lat=lat, lon=lon, radius_m=40, template="torg"
    )


def numbered(stops: list[Stop]) -> tuple[Stop, ...]:
    return tuple(replace(stop, number=n) for n, stop in enumerate(stops, start=1))


@st.composite
def a_walk(draw: st.DrawFn) -> Walk:
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, max_size=4))
    return Walk(
        id=UUID(int=99),
        version=1,
        name=draw(WORDS),
        place=draw(WORDS),
        starts_at=FRIDAY,
        ends_at=FRIDAY + timedelta(hours=draw(st.integers(1, 3))),
        leader=draw(WORDS),
        meeting_point=draw(WORDS),
        recording=draw(st.sampled_from(Recording)),
        night=draw(st.booleans()),
        camera=draw(st.booleans()),
        stops=numbered([draw(a_stop(id)) for id in ids]),
    )


def by_id(walk: Walk) -> dict[UUID, Stop]:
    return {stop.id: replace(stop, number=0) for stop in walk.stops}


# ---------------------------------------------------------------- every field has a stake


def kept_kinds() -> list[type[Any]]:
    assert OPERATIONS  # importing the rules registers every room
    kept = [room.type for room in records.ROOMS.values() if room.kept and room.kind != "conflict"]
    return [kind for kind in kept if kind not in NEVER_MERGED]


@pytest.mark.parametrize("kind", [*kept_kinds(), Stop], ids=lambda kind: kind.__name__)
def test_a_new_field_must_be_given_a_stake(kind: type[Any]) -> None:
    assert set(STAKES[kind]) == {field.name for field in fields(kind)}


def test_no_kind_of_entity_is_without_stakes_and_none_is_made_up() -> None:
    assert set(STAKES) == {*kept_kinds(), Stop}


def test_what_belongs_together_is_at_the_same_stake() -> None:
    for kind, groups in TOGETHER.items():
        for names in groups:
            assert len({STAKES[kind][name] for name in names}) == 1


@pytest.mark.parametrize("kind", ["walk", "observation", "task"])
def test_a_status_is_never_changed_by_machine_where_two_disagree(kind: str) -> None:
    stakes = next(STAKES[type] for type in STAKES if type in records.ROOMS and records.kind_of(type) == kind)

    assert stakes["state"] is Stake.HIGH


# ---------------------------------------------------------------- the pure function


@given(a_walk(), a_walk())
def test_what_changes_nothing_keeps_what_is_here(seen: Walk, current: Walk) -> None:
    assert three_way(seen, current, seen) == (current, [])


@given(a_walk(), a_walk())
def test_what_nobody_else_touched_is_taken_as_it_was_decided(seen: Walk, decided: Walk) -> None:
    assert three_way(seen, seen, decided) == (decided, [])


@given(a_walk(), a_walk())
def test_two_who_want_the_same_are_no_conflict(seen: Walk, both: Walk) -> None:
    assert three_way(seen, both, both) == (both, [])


@given(a_walk(), a_walk(), a_walk(), st.sets(st.sampled_from(PLAIN)))
def test_changes_of_different_fields_come_out_the_same_in_either_order(
    seen: Walk, one: Walk, other: Walk, names: set[str]
) -> None:
    first = replace(seen, **{name: getattr(one, name) for name in names})
    second = replace(seen, **{name: getattr(other, name) for name in set(PLAIN) - names})

    assert three_way(seen, first, second) == three_way(seen, second, first)
    assert three_way(seen, first, second)[1] == []


@pytest.mark.law(22)
@given(a_walk(), a_walk(), a_walk())
def test_every_value_either_wrote_stands_in_the_merged_or_in_a_clash(seen: Walk, current: Walk, decided: Walk) -> None:
    merged, clashes = three_way(seen, current, decided)

    for name in PLAIN:
        was, first, second, now = (getattr(it, name) for it in (seen, current, decided, merged))
        told = [(clash.first, clash.second) for clash in clashes if clash.field == name]
        assert second in (was, now)  # the last to arrive stands
        assert first in (was, now) or told == [(first, second)]


@pytest.mark.law(22)
@given(a_walk(), a_walk(), a_walk())
def test_stops_are_added_and_removed_one_by_one_and_removing_loses_to_a_change(
    seen: Walk, current: Walk, decided: Walk
) -> None:
    merged, clashes = three_way(seen, current, decided)

    was, first, second, now = (by_id(it) for it in (seen, current, decided, merged))
    for id in IDS:
        added = id not in was and (id in first or id in second)
        changed = any(id in side and id in was and side[id] != was[id] for side in (first, second))
        kept = id in was and id in first and id in second
        assert (id in now) == (added or changed or kept)
        if id in was and changed and not kept:
            assert any(clash.element == id for clash in clashes)  # and a person can see that one took it away
    assert [stop.number for stop in merged.stops] == list(range(1, len(merged.stops) + 1))


@given(a_walk(), a_walk(), a_walk())
def test_a_point_is_never_half_of_one_and_half_of_another(seen: Walk, current: Walk, decided: Walk) -> None:
    merged, _ = three_way(seen, current, decided)

    points = {(stop.lat, stop.lon) for walk in (seen, current, decided) for stop in walk.stops}
    assert {(stop.lat, stop.lon) for stop in merged.stops} <= points


def test_the_order_of_stops_is_the_last_writers_with_the_others_new_one_after_its_neighbour() -> None:
    one, two, three, new = (
        Stop(id=id, number=1, name="", place=None, place_type="", lat=0, lon=0, radius_m=40, template="")
        for id in IDS[:4]
    )
    walk = Walk(
        id=IDS[4],
        version=1,
        name="",
        place="",
        starts_at=FRIDAY,
        ends_at=FRIDAY,
        leader="",
        meeting_point="",
        recording=Recording.OWN_PHONES,
        night=False,
        camera=True,
        stops=numbered([one, two, three]),
    )

    added = replace(walk, stops=numbered([one, new, two, three]))
    turned = replace(walk, stops=numbered([three, two, one]))

    assert [stop.id for stop in three_way(walk, added, turned)[0].stops] == [three.id, two.id, one.id, new.id]
    assert [stop.id for stop in three_way(walk, turned, added)[0].stops] == [three.id, two.id, one.id, new.id]


# ---------------------------------------------------------------- the door


@pytest.mark.law(22)
def test_two_desks_two_of_a_unit_and_a_phone_lose_nothing(sqlite_template: Path) -> None:
    depth = settings(stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))

    class OnSqlite(TwoDesks):
        database = staticmethod(lambda folder: copied(sqlite_template, folder))

    run_state_machine_as_test(OnSqlite, settings=depth)


@pytest.mark.postgres
@pytest.mark.law(22)
def test_two_desks_two_of_a_unit_and_a_phone_lose_nothing_on_postgresql(postgres_schema: str) -> None:
    examples = max(3, settings.default.max_examples // 5) if settings.default else 3
    depth = settings(
        max_examples=examples, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck)
    )

    class OnPostgres(TwoDesks):
        database = staticmethod(lambda _folder: emptied(postgres_schema))

    run_state_machine_as_test(OnPostgres, settings=depth)
