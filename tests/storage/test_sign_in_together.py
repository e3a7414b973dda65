"""Phones that come home at once are looked for together, each gets its own answer, and no answer is an old one."""

import asyncio
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects.sqlite import dialect as sqlite

from tests.makers import FRIDAY, LIDKOPING
from tests.storage.test_contract import a_device
from trygghetsvandring.domain.people import Device
from trygghetsvandring.storage import records
from trygghetsvandring.storage.glances import Holder, Together, glances
from trygghetsvandring.storage.sets import _moment
from trygghetsvandring.storage.tables import Moment
from trygghetsvandring.storage.unit import Store, Unavailable


class Desk:
    """Answers when it is let to, with who holds what at that time."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []
        self.held: dict[str, Holder] = {}
        self.may_answer = asyncio.Event()
        self.fault: Exception | None = None

    async def ask(self, hashes: Iterable[str]) -> dict[str, Holder]:
        self.asked.append(set(hashes))
        now = dict(self.held)
        await self.may_answer.wait()
        if self.fault is not None:
            raise self.fault
        return now


async def asking(together: Together, *hashes: str) -> list[asyncio.Task[Holder | None]]:
    tasks = [asyncio.create_task(together.holder(each)) for each in hashes]
    await asyncio.sleep(0.01)
    return tasks


async def test_who_asks_while_a_question_is_on_its_way_is_in_the_next_one_and_not_in_that() -> None:
    desk, device = Desk(), a_device()
    together = Together(desk.ask)
    (first,) = await asking(together, "a")
    desk.held["b"] = (LIDKOPING, device)  # joined after the first question began
    others = await asking(together, "b", "c", "b")
    desk.may_answer.set()

    assert await asyncio.gather(first, *others) == [None, (LIDKOPING, device), None, (LIDKOPING, device)]
    assert desk.asked == [{"a"}, {"b", "c"}]


async def test_one_that_hangs_up_takes_nobody_with_it_and_a_fault_is_told_to_each() -> None:
    desk = Desk()
    together = Together(desk.ask)
    gone, stays = await asking(together, "a", "b")
    gone.cancel()
    desk.may_answer.set()
    assert await stays is None

    desk.fault = Unavailable()
    assert [type(it) for it in await asyncio.gather(*await asking(together, "a", "b"), return_exceptions=True)] == [
        Unavailable,
        Unavailable,
    ]
    desk.fault = None
    assert await together.holder("a") is None


async def test_each_token_finds_its_own_phone_and_what_was_revoked_is_seen_at_once(store: Store) -> None:
    one, other = (replace(a_device(), token_hash=letter * 64) for letter in "xy")
    async with store.write() as db:
        await records.save(db, LIDKOPING, [one, other], FRIDAY)
    looking = glances(store.url)
    try:
        found = await asyncio.gather(*(looking.holder(letter * 64) for letter in "yxz"))
        assert found == [(LIDKOPING, other), (LIDKOPING, one), None]

        async with store.write() as db:
            shut: Device = replace(one, version=2, revoked_at=FRIDAY)
            await records.save(db, LIDKOPING, [shut], FRIDAY)
        assert await looking.holder("x" * 64) == (LIDKOPING, shut)
    finally:
        await looking.close()


@pytest.mark.parametrize(
    "at",
    [
        FRIDAY,
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(2026, 3, 29, 2, 30, 0, 7, tzinfo=timezone(timedelta(hours=2))),
        None,
    ],
)
def test_a_moment_is_bound_as_its_column_binds_it(at: datetime | None) -> None:
    spoken = sqlite()
    bind = Moment().dialect_impl(spoken).bind_processor(spoken)
    assert bind is not None
    assert _moment(at) == bind(at)
