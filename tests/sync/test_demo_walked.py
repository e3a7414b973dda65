"""The demo's walk that has been: it goes through the one door on any day of the year, and leaves something to do."""

from collections import Counter
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from trygghetsvandring.demo import seed
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.tasks import Task, TaskState
from trygghetsvandring.storage import records, walks
from trygghetsvandring.storage.tables import observations, tasks
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.engine import Engine

pytest_plugins = ["tests.makers"]


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 11, 24, 2, 50, tzinfo=UTC),
        datetime(2026, 11, 22, 23, 30, tzinfo=UTC),  # half past midnight on Monday in Sweden
        datetime(2027, 1, 3, 22, 30, tzinfo=UTC),  # the last evening of ISO week 53
        datetime(2026, 10, 26, 0, 15, tzinfo=UTC),  # the night after the clock went back
    ],
)
async def test_a_walk_of_last_week_is_there_with_something_in_every_hand(database: str, now: datetime) -> None:
    store = Store(database)
    try:
        engine = Engine(store, key=bytes(32))
        assert await seed.load(engine, "no password", now, walked=True)
        async with store.read() as db:
            all_walks = await walks.latest_first(db, seed.MUNICIPALITY)
            found = await records.found(db, Observation, select(observations.c.doc))
            made = await records.found(db, Task, select(tasks.c.doc))
    finally:
        await store.close()

    assert [walk.participants for walk in all_walks] == [0, 3]
    assert all_walks[1].ends_at < now
    assert Counter(task.state for task in made) == Counter(
        [TaskState.ASSIGNED, TaskState.PLANNED, TaskState.WAITING, TaskState.DONE, TaskState.VERIFIED]
    )
    assert sum(each.state is ObservationState.RECEIVED for each in found) == 2  # left for whoever tries it
    assert all(event.at <= now for task in made for event in task.history)
