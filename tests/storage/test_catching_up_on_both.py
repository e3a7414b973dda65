"""What the code of the version before wrote beside this one's gets its columns, once, and nothing else is touched."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update

from tests.domain.finding_makers import a_finding
from tests.domain.task_makers import an_id
from tests.storage.test_work_lists_on_both import ELSEWHERE, HERE, due, keep
from tests.storage.test_work_lists_on_both import store as store  # noqa: PLC0414  # the fixture, by its name
from trygghetsvandring.domain.observations import Observation, ObservationState
from trygghetsvandring.domain.seen_hours import slot_of
from trygghetsvandring.domain.tasks import Task
from trygghetsvandring.storage import catching_up
from trygghetsvandring.storage import tables as t
from trygghetsvandring.storage.unit import Store

SEEN = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
LONG_AGO, LATER_THAN_ALL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 1, 1, tzinfo=UTC)
AMINA, BO = an_id(71), an_id(72)


async def put_right(store: Store, since: datetime) -> list[int]:
    """How many findings, and how many tasks."""
    done = []
    kinds: tuple[type[Any], ...] = (Observation, Task)
    for kind in kinds:
        async with store.write() as db:
            found, after = await catching_up.strays(db, HERE, kind, since, None)
            done.append(await catching_up.put_right(db, HERE, kind, found))
        assert after is None
    return done


async def test_rows_of_the_version_before_get_their_columns_once(store: Store) -> None:
    linked: dict[str, Any] = {"seen_at": SEEN, "tasks": (an_id(1),)}
    await keep(store, *(a_finding(ObservationState.LINKED, id=an_id(n), **linked) for n in (11, 12, 13)))
    await keep(store, due(1, 1, assignee=AMINA), due(2, 2, assignee=BO))
    await keep(store, a_finding(ObservationState.LINKED, id=an_id(14), **linked), municipality=ELSEWHERE)
    assert await put_right(store, LONG_AGO) == [0, 0]  # what this code writes is right

    async with store.write() as db:
        o, c = t.observations.c, t.tasks.c
        await db.execute(update(t.observations).where(o.id.in_([an_id(11), an_id(14)])).values(slot=None, behind="[]"))
        await db.execute(update(t.observations).where(o.id == an_id(12)).values(behind="[]"))
        await db.execute(update(t.tasks).where(c.id == an_id(2)).values(assignee=None))
    async with store.read() as db:
        found, _ = await catching_up.strays(db, HERE, Task, LONG_AGO, None)
    async with store.write() as db:
        await db.execute(update(t.tasks).where(c.id == an_id(2)).values(version=t.tasks.c.version + 1))
        assert await catching_up.put_right(db, HERE, Task, found) == 0  # somebody has written it since
        await db.execute(update(t.tasks).where(c.id == an_id(2)).values(version=t.tasks.c.version - 1))

    assert await put_right(store, LATER_THAN_ALL) == [1, 0]  # the one without an hour, however old
    assert await put_right(store, LONG_AGO) == [1, 1]
    assert await put_right(store, LONG_AGO) == [0, 0]
    async with store.read() as db:
        rows = (await db.execute(select(o.slot, o.behind).where(o.municipality == HERE))).all()
        given = (await db.execute(select(c.assignee).order_by(c.id))).scalars().all()
        elsewhere = (await db.execute(select(o.slot).where(o.municipality == ELSEWHERE))).scalar_one()
    assert {tuple(row) for row in rows} == {(slot_of(SEEN), f'["{an_id(1)}"]')}
    assert (list(given), elsewhere) == ([AMINA, BO], None)
