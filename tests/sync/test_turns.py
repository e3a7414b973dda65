"""Turns: what waits together is stored together, each gets an answer of its own, and nobody gets one before."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.sync.clocks import Exchange
from trygghetsvandring.sync.turns import MOST_TOGETHER, Request, Turns
from trygghetsvandring.sync.wire import Outcome

NOW = datetime(2026, 11, 20, 19, tzinfo=UTC)


def a_request(operations: int = 1, municipality: str = "lidkoping", device: UUID | None = None) -> Request:
    principal = Principal(municipality=municipality, role=Role.WALKER, device=device or uuid7())
    return Request(principal, Exchange(uuid7(), NOW, 0, NOW), [b"{}"] * operations)


class House:
    """Stores a group when it is let to, and remembers which groups there were."""

    def __init__(self) -> None:
        self.groups: list[list[Request]] = []
        self.may_store = asyncio.Semaphore(0)
        self.fault: Exception | None = None

    def let(self, groups: int = 9) -> None:
        for _ in range(groups):
            self.may_store.release()

    async def together(self, group: Sequence[Request]) -> None:
        self.groups.append(list(group))
        await self.may_store.acquire()
        if self.fault is not None:
            raise self.fault
        for request in group:
            request.outcomes = [Outcome(id=str(request.principal.device), outcome="applied")]


async def waiting(turns: Turns, requests: Sequence[Request]) -> list[asyncio.Task[list[Outcome]]]:
    tasks = [asyncio.create_task(turns.outcomes(request)) for request in requests]
    await asyncio.sleep(0.01)
    return tasks


async def test_those_who_wait_behind_one_go_together_and_get_their_own_answers() -> None:
    house, requests = House(), [a_request() for _ in range(5)]
    tasks = await waiting(Turns(house.together), requests)
    house.let()

    said = await asyncio.gather(*tasks)

    assert [len(group) for group in house.groups] == [1, 4]
    assert [outcomes[0].id for outcomes in said] == [str(request.principal.device) for request in requests]


async def test_nobody_is_answered_before_the_set_is_stored() -> None:
    house = House()
    tasks = await waiting(Turns(house.together), [a_request(), a_request()])

    assert not any(task.done() for task in tasks)

    house.let()
    await asyncio.gather(*tasks)


async def test_a_set_has_a_size_and_one_request_alone_may_be_larger() -> None:
    house, half = House(), MOST_TOGETHER // 2
    tasks = await waiting(Turns(house.together), [a_request(n) for n in (1, half, half, 1, MOST_TOGETHER + 1)])
    house.let()
    await asyncio.gather(*tasks)

    assert [[len(request.raws) for request in group] for group in house.groups] == [
        [1],
        [half, half],
        [1],
        [MOST_TOGETHER + 1],
    ]


async def test_municipalities_do_not_wait_for_each_other() -> None:
    house = House()
    tasks = await waiting(Turns(house.together), [a_request(), a_request(municipality="grannby")])

    assert len(house.groups) == 2

    house.let()
    await asyncio.gather(*tasks)


async def test_a_fault_is_told_to_each_and_the_line_goes_on() -> None:
    house = House()
    turns = Turns(house.together)
    house.fault = Refused()
    tasks = await waiting(turns, [a_request(), a_request(), a_request()])
    house.let()

    assert [type(fault) for fault in await asyncio.gather(*tasks, return_exceptions=True)] == [Refused] * 3

    house.fault = None
    assert (await turns.outcomes(a_request()))[0].outcome == "applied"


async def test_one_that_is_told_to_stop_in_the_middle_takes_nobody_with_it() -> None:
    house = House()
    requests = [a_request() for _ in range(4)]
    first, leader, other, last = await waiting(Turns(house.together), requests)
    other.cancel()
    house.let(1)
    await first
    await asyncio.sleep(0.01)
    leader.cancel()
    await asyncio.sleep(0.01)
    house.let()

    assert (await last)[0].outcome == "applied"
    for task in (leader, other):
        with pytest.raises(asyncio.CancelledError):
            await task
    assert [house.groups[1], house.groups[2]] == [[requests[1], requests[3]], [requests[3]]]
