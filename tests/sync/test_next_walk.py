"""A phone comes to the next walk: it reads that one too, and what it still has from the last one is let in."""

from typing import Any
from uuid import UUID

import pytest

from tests import makers
from tests.makers import Evening, Phone
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import records
from trygghetsvandring.sync.ops.walks import MOST_WALKS
from trygghetsvandring.web import access

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last


async def comes_to(evening: Evening, phone: Phone, walk: UUID) -> Phone:
    """The same phone, with the name and the token that joining gave it."""
    joined = await evening.phone(walk, device=phone.device)
    async with evening.store.read() as db:
        device = await records.one(db, phone.principal.municipality, Device, phone.device)
    assert device is not None
    joined.principal = access.of_walker(phone.principal.municipality, device, evening.now)
    joined.seq = phone.seq
    return joined


async def the_walk(evening: Evening, id: UUID) -> Walk:
    async with evening.store.read() as db:
        walk = await records.one(db, "lidkoping", Walk, id)
    assert walk is not None
    return walk


def walks_of(changes: list[dict[str, Any]]) -> set[str]:
    return {it["id"] for it in changes if it["kind"] == "walk" and not it.get("gone")}


@pytest.mark.law(9)
async def test_a_phone_that_joins_a_second_walk_reads_that_one_and_nothing_again(evening: Evening) -> None:
    second = await evening.plan(walk=uuid7())
    phone = await evening.phone()
    await phone.push(phone.observation())
    cursor = (await phone.pull()).cursor

    phone = await comes_to(evening, phone, second)
    pulled = await phone.pull(cursor)

    assert {(it["kind"], it["id"]) for it in pulled.changes} == {("walk", str(second))}
    assert (await the_walk(evening, second)).participants == 1
    assert walks_of((await phone.pull()).changes) == {str(evening.walk), str(second)}


@pytest.mark.law(1)
async def test_what_a_phone_still_has_from_the_last_walk_is_let_in_on_the_next(evening: Evening) -> None:
    second = await evening.plan(walk=uuid7())
    phone = await evening.phone()
    kept = [phone.observation(), phone.feeling()]
    promise = phone.operation(
        "walk.hand_in", phone.walk, {"walk": phone.walk, "items": 2, "first_seq": 1, "last_seq": 2}
    )

    phone = await comes_to(evening, phone, second)

    assert [outcome.outcome for outcome in await phone.push(*kept, promise)] == ["applied"] * 3
    (outcome,) = await phone.push(phone.observation(walk=uuid7()))
    assert outcome.outcome != "applied"


async def test_back_and_forth_counts_a_phone_once_on_each_walk(evening: Evening) -> None:
    second = await evening.plan(walk=uuid7())
    phone = await evening.phone()

    for walk in (second, evening.walk, second):
        phone = await comes_to(evening, phone, walk)

    assert [(await the_walk(evening, id)).participants for id in (evening.walk, second)] == [1, 1]


@pytest.mark.law(9)
async def test_the_oldest_walk_is_taken_back_when_there_have_been_many(evening: Evening) -> None:
    phone = await evening.phone()
    cursor = (await phone.pull()).cursor

    for _ in range(MOST_WALKS + 1):
        phone = await comes_to(evening, phone, await evening.plan(walk=uuid7()))

    gone = [it["id"] for it in (await phone.pull(cursor)).changes if it.get("gone")]
    assert set(gone) == {str(evening.walk)}
