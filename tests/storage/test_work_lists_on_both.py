"""Findings and tasks as rows, on SQLite and PostgreSQL alike: pages by key, counts, searching, what is open near."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from tests.domain.finding_makers import FRIDAY_EVENING, a_finding
from tests.domain.task_makers import THE_WALK, TODAY, a_task, an_id
from tests.storage.postgres import Cluster
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.storage import migrate, observations, records, tasks
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.municipalities import settle

HERE, ELSEWHERE = "lidkoping", "skara"


@pytest_asyncio.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'trygg.sqlite'}"
    if request.param == "postgres":
        cluster: Cluster = request.getfixturevalue("postgres")
        url = cluster.new_database()
    await migrate.upgrade(url)
    it = Store(url)
    await settle(it, seed.lidkoping())
    await settle(it, seed.blank(ELSEWHERE, "Skara", "SK"))
    yield it
    await it.close()


async def keep(store: Store, *entities: Any, municipality: str = HERE) -> None:
    async with store.write() as db:
        await records.save(db, municipality, entities, FRIDAY_EVENING)


async def all_findings(store: Store, wanted: observations.Wanted, limit: int) -> list[UUID]:
    got: list[UUID] = []
    after = None
    while True:
        async with store.read() as db:
            page, after = await observations.page(db, HERE, wanted, after, limit)
        assert len(page) <= limit
        got += [each.id for each in page]
        if after is None:
            return got


async def all_tasks(store: Store, wanted: tasks.Wanted, limit: int = 2) -> list[UUID]:
    got: list[UUID] = []
    after = None
    while True:
        async with store.read() as db:
            page, after = await tasks.page(db, HERE, wanted, after, limit)
        assert len(page) <= limit
        got += [records.decode(Task, doc).id for doc in page]
        if after is None:
            return got


def findings(count: int) -> list[Observation]:
    """Three at each moment, so that the key's second half is needed."""
    return [
        a_finding(id=an_id(100 + n), received_at=FRIDAY_EVENING + timedelta(microseconds=n // 3)) for n in range(count)
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
async def test_findings_come_newest_first_and_each_once_whatever_the_page(store: Store, limit: int) -> None:
    await keep(store, *findings(10))

    got = await all_findings(store, observations.Wanted(), limit)

    assert got == [an_id(100 + n) for n in reversed(range(10))]
    named = observations.Wanted(ids=(an_id(101), an_id(108), an_id(999)))
    assert await all_findings(store, named, limit) == [an_id(108), an_id(101)]


@pytest.mark.parametrize("limit", [1, 2, 3, 4, 50])
async def test_danger_comes_before_the_rest_whatever_the_page(store: Store, limit: int) -> None:
    found = [replace(each, danger=n in {0, 1, 5}) for n, each in enumerate(findings(7))]
    await keep(store, *found)

    got = await all_findings(store, observations.Wanted(), limit)

    assert got == [an_id(100 + n) for n in (5, 1, 0, 6, 4, 3, 2)]


async def test_findings_are_wanted_by_state_kind_and_walk_and_never_from_elsewhere(store: Store) -> None:
    music = a_finding(id=an_id(1), kind=Kind.SOCIAL, photos=())
    sorted_ = a_finding(ObservationState.REVIEWED, id=an_id(2))
    other_walk = a_finding(id=an_id(3), walk=an_id(77))
    await keep(store, music, sorted_, other_walk)
    await keep(store, a_finding(id=an_id(4)), municipality=ELSEWHERE)
    wanted = observations.Wanted

    assert await all_findings(store, wanted(kinds=(Kind.SOCIAL,)), 5) == [an_id(1)]
    assert await all_findings(store, wanted(states=(ObservationState.REVIEWED,)), 5) == [an_id(2)]
    assert await all_findings(store, wanted(walk=an_id(77)), 5) == [an_id(3)]
    async with store.read() as db:
        counts = await observations.counts(db, HERE, wanted(states=(ObservationState.REVIEWED,), walk=THE_WALK))
        assert [each.id for each in await observations.on_walk(db, HERE, THE_WALK)] == [an_id(1), an_id(2)]
    assert counts == {state.value: 0 for state in ObservationState} | {"received": 1, "reviewed": 1}


async def test_a_finding_comes_back_as_it_was_kept(store: Store) -> None:
    kept = a_finding(ObservationState.MERGED, merged_from=(an_id(9),))
    await keep(store, kept)

    async with store.read() as db:
        assert await records.one(db, HERE, Observation, kept.id) == kept
        assert await records.one(db, ELSEWHERE, Observation, kept.id) is None


def due(n: int, day: int | None, **changes: Any) -> Task:
    facts: dict[str, Any] = {"due_on": None if day is None else date(2026, 12, day)} | changes
    return a_task(facts.pop("state", TaskState.PLANNED), id=an_id(n), number=f"Å-{n}", **facts)


async def test_tasks_come_by_their_next_date_and_those_without_one_last(store: Store) -> None:
    waiting = due(4, 1, state=TaskState.WAITING, next_look_on=date(2026, 12, 9))
    await keep(store, due(1, 5), due(2, 3), due(3, 3), waiting, due(5, None), due(6, 1, state=TaskState.DONE))

    got = await all_tasks(store, tasks.Wanted())

    assert got == [an_id(n) for n in (2, 3, 1, 4, 5, 6)]


async def test_what_is_late_is_what_the_domain_calls_late(store: Store) -> None:
    every = [
        due(10 * d + n, d, state=state, next_look_on=date(2026, 12, d + 1))
        for d in (1, 2, 3)
        for n, state in enumerate(TaskState)
    ]
    await keep(store, *every)
    today = date(2026, 12, 3)

    late = await all_tasks(store, tasks.Wanted(late_on=today))

    assert set(late) == {task.id for task in every if task.is_late(today)}
    async with store.read() as db:
        counts = await tasks.counts(db, HERE, tasks.Wanted(), today)
    assert counts["late"] == len(late)
    assert {counts[state.value] for state in TaskState} == {3}


async def test_the_wall_holds_in_pages_and_counts(store: Store) -> None:
    await keep(store, due(1, 1), due(2, 2, department="ab-bostader"), due(3, 3, state=TaskState.NEW))
    await keep(store, due(4, 1), municipality=ELSEWHERE)

    assert await all_tasks(store, tasks.Wanted(department="ab-bostader")) == [an_id(2)]
    assert await all_tasks(store, tasks.Wanted(department="")) == []
    async with store.read() as db:
        counts = await tasks.counts(db, HERE, tasks.Wanted(department="gata-park"), TODAY)
    assert sum(counts[state.value] for state in TaskState) == 1


@pytest.mark.parametrize("words", [("örslösa",), ("HÄCKEN",), ("klipp", "skola"), ("100 %",), ("å-1",), ("a_b",)])
async def test_searching_knows_swedish_letters_and_takes_signs_as_they_are(
    store: Store, words: tuple[str, ...]
) -> None:
    wanted = due(1, 1, title="Klipp 100 % av Häcken a_b", place="Stigen bakom Örslösa skola")
    await keep(store, wanted, due(2, 2, title="Byt lampa axb", place="Torget"))

    assert await all_tasks(store, tasks.Wanted(words=words)) == [an_id(1)]


async def test_a_nul_in_a_title_breaks_no_list(store: Store) -> None:
    await keep(store, due(1, 1, title="Byt\x00lampa"))

    assert await all_tasks(store, tasks.Wanted(words=("byt\x00lampa",))) == [an_id(1)]


async def test_only_open_tasks_of_the_group_within_reach_are_near(store: Store) -> None:
    def lamp(n: int, north_m: float = 0, **changes: Any) -> Task:
        facts: dict[str, Any] = {"lat": 58.495 + north_m / 111_320, "lon": 13.176, "tile": "ljus", "radius_m": 8}
        return due(n, 1, **(facts | changes))

    await keep(
        store, lamp(1), lamp(2, 7), lamp(3, 9), lamp(4, tile="skrap"), lamp(5, state=TaskState.DONE), lamp(6, lat=None)
    )

    async with store.read() as db:
        near = await tasks.open_near(db, HERE, "ljus", 58.495, 13.176, 8)
        assert await tasks.open_near(db, ELSEWHERE, "ljus", 58.495, 13.176, 8) == []

    assert [task.id for task in near] == [an_id(1), an_id(2)]
