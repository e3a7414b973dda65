"""Tasks on a map, on SQLite and PostgreSQL alike: points in a box, and clusters of all that is there and no more."""

import random
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from tests.domain.task_makers import an_id
from tests.storage.test_work_lists_on_both import ELSEWHERE, HERE, due, keep
from tests.storage.test_work_lists_on_both import store as store  # noqa: PLC0414  # the fixture, by its name
from trygghetsvandring.domain.cells import FINEST, Box, level_for
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.storage import tables, tasks
from trygghetsvandring.storage.tasks import Wanted
from trygghetsvandring.storage.unit import Store

TODAY = date(2026, 12, 10)
UNITS = ("gata-park", "ab-bostader")


def scattered(count: int, dice: random.Random) -> list[Task]:
    """Thick in town and thin outside it, some at the very same spot, some nowhere."""

    def one(n: int) -> Task:
        near = dice.random() < 0.8
        lat, lon = (dice.gauss(58.5, 0.01), dice.gauss(13.15, 0.02)) if near else (58.5, 13.15)
        facts: dict[str, Any] = {"lat": lat, "lon": lon} if dice.random() < 0.9 else {"lat": None, "lon": None}
        return due(
            n,
            dice.randint(1, 28),
            state=dice.choice((TaskState.PLANNED, TaskState.DONE, TaskState.IN_PROGRESS)),
            department=dice.choice(UNITS),
            tile=dice.choice(("ljus", "skrap")),
            priority=dice.randint(1, 3),
            merged_into=an_id(9999) if dice.random() < 0.1 else None,
            **facts,
        )

    return [one(n) for n in range(1, count + 1)]


def a_box(dice: random.Random) -> Box:
    south, west = dice.uniform(58.47, 58.51), dice.uniform(13.08, 13.17)
    return Box(south, west, south + dice.uniform(0.0001, 0.05), west + dice.uniform(0.0001, 0.1))


def there(every: Sequence[Task], box: Box | None, **same: Any) -> list[Task]:
    return [
        it
        for it in every
        if it.lat is not None
        and it.lon is not None
        and not it.is_gone
        and (box is None or (box.south <= it.lat <= box.north and box.west <= it.lon <= box.east))
        and all(getattr(it, name) == value for name, value in same.items())
    ]


@pytest.mark.parametrize("seed", range(4))
async def test_points_and_clusters_of_any_box_are_the_choice_and_nothing_else(store: Store, seed: int) -> None:
    dice = random.Random(seed)
    every = scattered(120, dice)
    await keep(store, *every)
    await keep(store, *(due(1000 + n, 1, lat=58.5, lon=13.15) for n in range(9)), municipality=ELSEWHERE)

    for box in (None, *(a_box(dice) for _ in range(6))):
        unit, tile = dice.choice(UNITS), dice.choice(("ljus", "skrap"))
        wanted = Wanted(department=unit, tiles=(tile,))
        level = dice.randint(8, FINEST)
        expected = there(every, box, department=unit, tile=tile)
        async with store.read() as db:
            points = await tasks.points(db, HERE, wanted, box, 120)
            clusters = await tasks.clusters(db, HERE, wanted, box, level, TODAY)

        assert points is not None
        assert sorted(point.id for point in points) == sorted(str(it.id) for it in expected)
        assert sum(it.n for it in clusters) == len(expected)
        assert sum(it.late for it in clusters) == sum(it.is_late(TODAY) for it in expected)
        assert [it.n for it in clusters] == sorted((it.n for it in clusters), reverse=True)
        for cluster in clusters:
            inside = there(expected, Box(cluster.south, cluster.west, cluster.north, cluster.east))
            assert len(inside) >= cluster.n
            assert cluster.priority >= min(it.priority for it in inside)
            assert cluster.south <= cluster.lat + 1e-9 <= cluster.north + 2e-9
            assert cluster.west <= cluster.lon + 1e-9 <= cluster.east + 2e-9


async def test_more_than_may_be_drawn_is_never_cut_off(store: Store) -> None:
    await keep(store, *(due(n, 1, lat=58.5 + n / 10_000, lon=13.15) for n in range(1, 7)))

    async with store.read() as db:
        assert await tasks.points(db, HERE, Wanted(), None, 5) is None
        assert len(await tasks.points(db, HERE, Wanted(), None, 6) or []) == 6
        [whole] = await tasks.clusters(db, HERE, Wanted(), None, 6, TODAY)

    assert whole.lat == pytest.approx(58.50035)
    assert whole.lon == pytest.approx(13.15)
    assert (whole.n, whole.late, whole.priority, whole.doubted) == (6, 6, 2, 0)
    assert (whole.south, whole.west, whole.north, whole.east) == (58.5001, 13.15, 58.5006, 13.15)


async def test_a_cluster_says_the_most_urgent_and_what_was_found_undone(store: Store) -> None:
    here = {"lat": 58.5, "lon": 13.15}
    await keep(
        store,
        due(1, 28, priority=3, **here),
        due(2, 28, priority=1, **here),
        due(3, 28, state=TaskState.DONE, reopen_proposed=True, **here),
    )

    async with store.read() as db:
        [it] = await tasks.clusters(db, HERE, Wanted(), None, 12, TODAY)

    assert (it.n, it.priority, it.doubted, it.late) == (3, 1, 1, 0)


async def test_a_task_made_by_the_code_before_is_on_the_map_too(store: Store) -> None:
    await keep(store, due(1, 1, lat=58.5, lon=13.15), due(2, 1, lat=58.5, lon=13.15))
    async with store.write() as db:
        await db.execute(update(tables.tasks).where(tables.tasks.c.id == an_id(2)).values(cell=None))
    box = Box(58.49, 13.14, 58.51, 13.16)

    async with store.read() as db:
        points = await tasks.points(db, HERE, Wanted(), box, 10)
        clusters = await tasks.clusters(db, HERE, Wanted(), box, level_for(box, 12), TODAY)

    assert len(points or []) == 2
    assert sum(it.n for it in clusters) == 2
