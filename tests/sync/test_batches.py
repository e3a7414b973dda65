"""Whole batches: sizes, packing, numbers, clocks, and what the server remembers of a phone."""

import asyncio
from datetime import timedelta

import pytest

from tests import makers
from tests.makers import LIDKOPING, Evening, a_municipality, packed
from tests.sync.doors import Anything, ARule, counts, numbers
from trygghetsvandring.domain.errors import Malformed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Act, Device
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import records
from trygghetsvandring.sync.known import Known
from trygghetsvandring.sync.outcomes import Decision
from trygghetsvandring.sync.wire import MAX_BYTES, MAX_OPERATIONS

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

# ---------------------------------------------------------------- numbers


@pytest.mark.law(17)
async def test_numbers_have_no_gaps_when_operations_are_refused_or_wait(evening: Evening) -> None:
    phone = await evening.phone()
    other_walk = await evening.plan(walk=uuid7())

    outcomes = await phone.push(
        phone.observation(),
        phone.observation(walk=other_walk),  # not allowed: another walk
        phone.observation(text="x" * 501),  # too long
        phone.observation(walk=uuid7()),  # waits for a walk nobody has planned
        phone.observation(),
    )

    assert [o.outcome for o in outcomes] == ["applied", "rejected", "rejected", "deferred", "applied"]
    assert await numbers(evening) == ["LK-1", "LK-2"]
    assert (await phone.push(phone.observation()))[0].receipt.number == "LK-3"  # type: ignore[union-attr]


# ---------------------------------------------------------------- the whole batch


async def test_a_batch_that_is_no_batch_is_malformed(evening: Evening) -> None:
    phone = await evening.phone()

    for body in (b"", b"{", b"[]", b'{"protocol":1}', phone.batch(sent_at="2026-11-20T20:00:00"), b"\xff\xfe"):
        answer = await phone.post(body)
        assert (answer.status_code, answer.json()["code"]) == (400, "batch_malformed")


async def test_too_many_operations_are_too_large(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.feeling()

    assert (await phone.post(phone.batch(*[op] * MAX_OPERATIONS))).status_code == 200
    answer = await phone.post(phone.batch(*[op] * (MAX_OPERATIONS + 1)))

    assert (answer.status_code, answer.json()["code"]) == (413, "batch_too_large")
    assert answer.json()["facts"]["limit"] == MAX_OPERATIONS


async def test_too_many_bytes_are_too_large_packed_or_not(evening: Evening) -> None:
    phone = await evening.phone()
    large = phone.batch(phone.observation(text="ö" * MAX_BYTES))

    for body, headers in ((large, {}), (packed(large), {"Content-Encoding": "gzip"})):
        answer = await phone.post(body, **headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "batch_too_large")


async def test_a_packed_batch_is_read_and_a_broken_one_is_malformed(evening: Evening) -> None:
    phone = await evening.phone()
    body = packed(phone.batch(phone.observation()))

    assert (await phone.post(body, **{"Content-Encoding": "gzip"})).status_code == 200
    for broken in (body[:-20], b"no gzip at all"):
        answer = await phone.post(broken, **{"Content-Encoding": "gzip"})
        assert (answer.status_code, answer.json()["code"]) == (400, "batch_malformed")
    assert (await phone.post(body, **{"Content-Encoding": "br"})).json()["code"] == "bad_parameter"


async def test_a_bomb_of_zeros_stays_small(evening: Evening) -> None:
    phone = await evening.phone()
    bomb = packed(b"0" * 60_000_000)
    assert len(bomb) < MAX_BYTES

    answer = await asyncio.wait_for(phone.post(bomb, **{"Content-Encoding": "gzip"}), 2)

    assert answer.json()["code"] == "batch_too_large"


@pytest.mark.law(9)
async def test_a_batch_in_another_phones_name_is_not_processed(evening: Evening) -> None:
    phone, other = await evening.phone(), await evening.phone()

    answer = await phone.post(phone.batch(phone.observation(), device=other.device))

    assert (answer.status_code, answer.json()["code"]) == (401, "device_unknown")
    assert await counts(evening, "observations") == [0]


async def test_outcomes_come_in_the_order_of_the_operations_and_carry_the_protocol(evening: Evening) -> None:
    phone = await evening.phone()
    ops = [phone.observation(), phone.operation("future.thing", uuid7()), phone.feeling(own=None), phone.feeling()]

    answer = await phone.post(phone.batch(*ops))

    assert [o["id"] for o in answer.json()["outcomes"]] == [str(op["id"]) for op in ops]
    assert answer.headers["trygg-protocol"] == "1"


# ---------------------------------------------------------------- clocks and devices


@pytest.mark.law(11)
@pytest.mark.parametrize("off", [timedelta(days=3), timedelta(days=-365), timedelta(days=-20_000)])
async def test_no_clock_is_refused_and_the_shown_time_is_corrected(evening: Evening, off: timedelta) -> None:
    phone = await evening.phone()
    phone.wall = off
    op = phone.observation() | {"session": uuid7()}  # made before the app was last started

    (outcome,) = await phone.push(op | {"at": max(evening.now + off, evening.now.replace(year=3))})

    assert outcome.outcome == "applied"
    async with evening.store.read() as db:
        row = (await db.exec_driver_sql("SELECT corrected_at, at FROM operations WHERE seq=1")).mappings().one()
    shown, claimed = str(row["corrected_at"]), str(row["at"])
    assert shown[:16] <= evening.now.strftime("%Y-%m-%d %H:%M")
    assert claimed[:4] == str((evening.now + off).year).zfill(4)


@pytest.mark.law(11)
async def test_a_clock_at_the_end_of_the_calendar_is_not_refused(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.operation("device.status", phone.device, {"drafts": 3}) | {"at": "9999-12-30T00:00:00Z"}

    answer = await phone.post(phone.batch(op | {"session": uuid7()}, sent_at="0001-01-02T00:00:00Z"))

    assert answer.json()["outcomes"][0]["outcome"] == "applied"


async def test_the_server_remembers_the_highest_number_and_when_it_last_heard_from_a_phone(evening: Evening) -> None:
    phone = await evening.phone()
    await phone.push(phone.observation(), phone.feeling(own=None))
    evening.passes(minutes=20)

    await phone.push(phone.observation() | {"seq": 17})

    async with evening.store.read() as db:
        device = await records.one(db, LIDKOPING, Device, phone.device)
    assert device is not None
    assert (device.max_seq, device.last_seen_at, device.version) == (17, evening.now, 1)


async def test_jobs_are_told_of_only_after_the_commit(evening: Evening) -> None:
    phone, told = await evening.phone(), []
    evening.engine.after_commit.append(lambda: told.append(len(told)))

    await phone.push(phone.observation())

    assert told == [0]


def test_a_rule_cannot_be_registered_twice(a_rule: ARule) -> None:
    with pytest.raises(RuntimeError, match=r"two rules for walk\.end"):
        a_rule("walk.end", Anything, act=Act.CAPTURE, needs=lambda _op: [])(lambda _op, _known: Decision())


def test_a_rule_that_asks_for_what_it_did_not_name_is_told_so() -> None:
    known = Known(a_municipality(), key=bytes(32), names={Walk: "walk"})

    with pytest.raises(RuntimeError, match="needs do not name"):
        known.get(Walk, uuid7())


def test_a_malformed_refusal_carries_facts_and_no_text() -> None:
    assert Malformed(reason="seq").facts == {"reason": "seq"}


async def test_a_large_answer_is_packed_for_who_unpacks_it(evening: Evening) -> None:
    phone = await evening.phone()
    few, many = phone.batch(phone.observation()), phone.batch(*(phone.observation() for _ in range(20)))

    assert "content-encoding" not in (await phone.post(few)).headers
    assert "content-encoding" not in (await phone.post(many, **{"Accept-Encoding": "identity"})).headers
    packed = await phone.post(many)
    assert packed.headers["content-encoding"] == "gzip"
    assert len(packed.json()["outcomes"]) == 20
