"""One choice of tasks, on SQLite and PostgreSQL alike: by tile, priority, place, box and walk; counted and drawn."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from tests.domain.finding_makers import a_finding
from tests.domain.task_makers import THE_WALK, an_id
from tests.storage.test_work_lists_on_both import HERE, all_tasks, due, keep
from tests.storage.test_work_lists_on_both import store as store  # noqa: PLC0414  # the fixture, by its name
from trygghetsvandring.domain.cells import Box
from trygghetsvandring.domain.observations import ObservationState
from trygghetsvandring.domain.saved_filters import SavedFilter
from trygghetsvandring.domain.seen_hours import slot_of
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.storage import observations, saved_filters, tasks
from trygghetsvandring.storage.tasks import Wanted
from trygghetsvandring.storage.unit import Store

TOWN = Box(58.49, 13.1, 58.51, 13.2)
ONE, TWO, THREE, FOUR = (an_id(n) for n in (1, 2, 3, 4))


async def a_few(store: Store) -> None:
    await keep(
        store,
        due(1, 1, tile="ljus", priority=1, place="Skolgatan", lat=58.5, lon=13.15),
        due(2, 2, tile="ljus", priority=3, place="Torget", lat=58.6, lon=13.15),
        due(3, 3, tile="skrap", priority=1, place="Torget", lat=None, lon=None, state=TaskState.WAITING),
        due(4, 4, tile="skrap", priority=2, place="Torget", state=TaskState.DONE),
    )


CHOICES: tuple[tuple[Wanted, list[Any]], ...] = (
    (Wanted(tiles=("ljus",)), [ONE, TWO]),
    (Wanted(priorities=(1,)), [ONE, THREE]),
    (Wanted(place="Torget", states=(TaskState.PLANNED, TaskState.WAITING)), [TWO, THREE]),
    (Wanted(boxes=(TOWN,), tiles=("ljus",)), [ONE]),
    (Wanted(among=frozenset({TWO, FOUR})), [TWO, FOUR]),
    (Wanted(among=frozenset()), []),
    (Wanted(tiles=("ljus", "skrap"), priorities=(1, 3), place="Torget"), [TWO, THREE]),
)


async def test_tasks_are_chosen_by_everything_at_once(store: Store) -> None:
    await a_few(store)

    # Waiting ones come by their next look and done ones last: which are chosen is the question here.
    assert [sorted(await all_tasks(store, wanted)) for wanted, _ in CHOICES] == [found for _, found in CHOICES]


async def test_a_choice_says_what_each_other_tile_priority_and_place_would_give(store: Store) -> None:
    await a_few(store)

    async with store.read() as db:
        shares = await tasks.shares(db, HERE, Wanted(tiles=("ljus",)), 40)

    assert shares["tile"] == {"ljus": 2, "skrap": 2}
    assert shares["priority"] == {"1": 1, "3": 1}
    assert shares["place"] == {"Skolgatan": 1, "Torget": 1}


async def test_the_map_has_those_with_a_position_and_the_field_list_goes_place_by_place(store: Store) -> None:
    await a_few(store)

    async with store.read() as db:
        points = await tasks.points(db, HERE, Wanted(tiles=("ljus", "skrap")), None, 10)
        driven = await tasks.by_place(db, HERE, Wanted(), 10)

    assert {point.id for point in points or []} == {str(ONE), str(TWO), str(FOUR)}
    assert [task.id for task in driven] == [ONE, THREE, FOUR, TWO]


async def test_a_walks_tasks_are_those_of_its_findings(store: Store) -> None:
    await keep(
        store,
        a_finding(ObservationState.LINKED, id=an_id(50), tasks=(ONE, TWO)),
        a_finding(ObservationState.LINKED, id=an_id(51), tasks=(TWO, THREE)),
        a_finding(ObservationState.LINKED, id=an_id(52), walk=an_id(77), tasks=(FOUR,)),
    )

    async with store.read() as db:
        assert await tasks.of_walks(db, HERE, [THE_WALK]) == {ONE, TWO, THREE}


async def test_a_filter_is_seen_by_its_owner_and_when_shared_by_the_unit(store: Store) -> None:
    mine = SavedFilter(id=ONE, version=1, user=an_id(102), organisation=None, name="Mina", query="", first=True)
    shared = replace(mine, id=TWO, user=an_id(103), organisation="gata-park", name="Enhetens")
    await keep(store, mine, shared, replace(mine, id=THREE, gone=True), replace(mine, id=FOUR, user=an_id(104)))

    async with store.read() as db:
        seen = await saved_filters.of(db, HERE, an_id(102), "gata-park")
        alone = await saved_filters.of(db, HERE, an_id(105), None)

    assert ([it.name for it in seen], alone) == (["Enhetens", "Mina"], [])


async def test_tasks_are_counted_and_chosen_by_when_their_findings_were_seen(store: Store) -> None:
    await a_few(store)
    friday, midnight = (datetime(2026, 11, 20, hour, 30, tzinfo=UTC) for hour in (21, 23))
    linked = ObservationState.LINKED
    await keep(
        store,
        a_finding(linked, id=an_id(11), seen_at=friday, tasks=(ONE, TWO)),
        a_finding(linked, id=an_id(12), seen_at=friday, tasks=(ONE,), text="NUL \x00 i texten"),
        a_finding(linked, id=an_id(13), seen_at=midnight, tasks=(ONE, an_id(99))),
        a_finding(ObservationState.WITHHELD, id=an_id(14), seen_at=midnight, tasks=(THREE,)),
        a_finding(id=an_id(15), seen_at=midnight),
    )
    late, after = slot_of(friday), slot_of(midnight)

    async with store.read() as db:
        assert await tasks.by_slot(db, HERE, Wanted(slots=(late,), withheld=True)) == (
            {late: 2, after: 2},
            [0, 0, 0, 0, 3, 0, 0],  # the first was seen at two hours of that Friday
        )
        assert await tasks.by_slot(db, HERE, Wanted()) == ({late: 2, after: 1}, [0, 0, 0, 0, 2, 0, 0])
        assert await tasks.by_slot(db, HERE, Wanted(place="Torget", department="ab-bostader")) == ({}, [0] * 7)
        found = await observations.by_slot(db, HERE, observations.Wanted(states=(linked,), slots=(after,)))
        assert found == {late: 2, after: 1}
        rows, _ = await observations.page(db, HERE, observations.Wanted(slots=(after,)), None, 10)
        assert {row.id for row in rows} == {an_id(13), an_id(14), an_id(15)}
    choices = (
        (Wanted(slots=(late,)), [ONE, TWO]),
        (Wanted(slots=(after,)), [ONE]),
        (Wanted(slots=(after,), withheld=True), [ONE, THREE]),
        (Wanted(slots=(late, after), place="Torget"), [TWO]),
    )
    assert [sorted(await all_tasks(store, wanted)) for wanted, _ in choices] == [ids for _, ids in choices]
