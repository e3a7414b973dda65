"""What a phone promised is missed, and a phone that counts lower than before gets another id and loses nothing."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import makers
from tests.makers import FRIDAY, LIDKOPING, Evening, Phone, sha256
from tests.sync.phone_desk import signed_in
from trygghetsvandring.domain import devices
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import devices as stored
from trygghetsvandring.storage import records
from trygghetsvandring.web.devices import not_done, on_walk

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last


def a_device(**changes: Any) -> Device:
    facts: dict[str, Any] = {"id": uuid7(), "version": 1, "kind": "walk", "token_hash": "", "walk": uuid7()}
    facts |= {"user": None, "organisation": None, "alias": "", "language": "sv"}
    return Device(**(facts | {"joined_at": FRIDAY, "last_seen_at": FRIDAY} | changes))


async def row_of(evening: Evening, phone: Phone) -> dict[str, Any]:
    async with evening.store.read() as db:
        rows = await on_walk(db, LIDKOPING, phone.walk)
    return next(row for row in rows if row["id"] == phone.device)


async def said(phone: Phone, *operations: Any, last_seq: int | None = None) -> dict[str, Any]:
    answer = await phone.post(phone.batch(*operations, **({} if last_seq is None else {"last_seq": last_seq})))
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["outcomes"]
    return outcomes[-1] if outcomes else {}


# ---------------------------------------------------------------- numbers


@pytest.mark.law(19)
async def test_the_numbers_that_never_came_are_named_as_ranges(evening: Evening) -> None:
    phone = await evening.phone()
    numbered = [phone.observation() for _ in range(7)]

    await said(phone, numbered[0], numbered[1], numbered[4], last_seq=7)

    row = await row_of(evening, phone)
    assert row["missing"] == [(3, 4), (6, 7)]
    assert row["missing_operations"] == 4
    assert not_done(row)

    await said(phone, *numbered, last_seq=7)

    row = await row_of(evening, phone)
    assert row["missing"] == []
    assert not not_done(row)


@pytest.mark.law(19)
@given(st.sets(st.integers(1, 40)), st.integers(0, 45), st.integers(1, 10))
def test_what_is_missing_is_exactly_what_was_promised_and_did_not_come(
    came: set[int], promised: int, first: int
) -> None:
    came = {seq for seq in came if seq >= first}
    device = a_device(max_seq=max(came, default=first - 1), promised_seq=promised, first_seq=first)
    steps = sorted(came)
    gaps = [(a + 1, b - 1) for a, b in zip([0, *steps], steps, strict=False) if b > a + 1]

    missing = devices.missing(device, gaps, max(came, default=0))

    named = [seq for a, b in missing for seq in range(a, b + 1)]
    assert named == [n for n in range(first, max(promised, device.max_seq) + 1) if n not in came]
    assert devices.count(missing) == len(named)


async def test_two_phones_of_one_walk_are_asked_about_at_once(evening: Evening) -> None:
    one, other = await evening.phone(), await evening.phone()
    await said(one, one.observation(), last_seq=1)
    await said(other, last_seq=2)

    async with evening.store.read() as db:
        here = await stored.here(db, LIDKOPING, [one.device, other.device])

    assert (here[one.device].received, here[other.device].received) == (1, 0)
    assert (await row_of(evening, other))["missing"] == [(1, 2)]


async def test_one_push_promises_no_more_than_an_evening_holds(evening: Evening) -> None:
    phone = await evening.phone()

    await said(phone, last_seq=2_000_000_000)

    assert (await row_of(evening, phone))["missing_operations"] == devices.MOST_PROMISED


async def test_a_photo_that_was_declared_and_never_came_is_missed(evening: Evening) -> None:
    phone, finding = await evening.phone(), uuid7()
    declared = [phone.operation("photo.declare", uuid7(), a_declaration(finding, content)) for content in (b"1", b"2")]
    await said(phone, phone.observation(finding), *declared, last_seq=3)
    await evening.engine.act(LIDKOPING, "photo.received", UUID(str(declared[0]["entity"])), {}, evening.now)

    row = await row_of(evening, phone)

    assert (row["photos"], row["missing_photos"]) == (2, 1)
    assert not_done(row)


def a_declaration(finding: UUID, content: bytes) -> dict[str, Any]:
    size = {"width": 640, "height": 480, "masks": 1, "bytes": len(content), "media_type": "image/jpeg"}
    of = {"of": {"kind": "observation", "id": finding}, "role": "before"}
    return {**of, **size, "sha256": sha256(content), "taken_at": FRIDAY}


async def test_what_a_phone_says_of_itself_is_numbers_only(evening: Evening) -> None:
    phone = await evening.phone()

    told = phone.operation("device.status", phone.device, {"drafts": 2, "needs_you": 1, "kept": False})
    await said(phone, told | {"seq": None})

    row = await row_of(evening, phone)
    assert [row[name] for name in ("drafts", "needs_you", "kept")] == [2, 1, False]


# ---------------------------------------------------------------- the list


async def test_the_desk_sees_the_phones_that_are_not_done_on_all_walks_and_all_of_one(evening: Evening) -> None:
    desk = await signed_in(evening)
    done, late = await evening.phone(), await evening.phone()
    await said(done, done.observation(), last_seq=1)
    evening.passes(minutes=5)
    await said(late, last_seq=3)

    of_all = (await evening.http.get("/api/phones", headers=desk)).json()
    of_one = (await evening.http.get(f"/api/phones?walk={evening.walk}", headers=desk)).json()

    assert [row["id"] for row in of_all["phones"]] == [str(late.device)]
    assert (of_all["phones"][0]["number"], of_all["phones"][0]["missing"]) == (2, [[1, 3]])
    assert of_all["phones"][0]["walk_name"] == "Margretelund, fredag kväll"
    assert {row["id"] for row in of_one["phones"]} == {str(done.device), str(late.device)}
    assert of_all["not_done"] == of_one["not_done"] == 1
    assert (await evening.http.get("/api/phones?walk=evening", headers=desk)).status_code == 400


# ---------------------------------------------------------------- storage that was put back


async def renewed(evening: Evening, phone: Phone, first_seq: int, *, device: UUID | None = None) -> Phone:
    body = {"device": str(device or uuid7()), "first_seq": first_seq, "key": "k"}
    answer = await evening.http.post("/api/session/renew", json=body, headers=phone.headers)
    assert answer.status_code == 200, answer.text
    new = UUID(answer.json()["device"])
    return Phone(evening, phone.principal, new, phone.walk, answer.json()["token"], seq=first_seq - 1)


@pytest.mark.law(20)
async def test_a_phone_that_counts_lower_than_before_is_told_so_and_nothing_is_looked_at(evening: Evening) -> None:
    phone = await evening.phone()
    await said(phone, *(phone.observation() for _ in range(4)), last_seq=4)
    phone.seq = 2

    answer = await phone.post(phone.batch(phone.observation(), last_seq=3))

    assert (answer.status_code, answer.json()["code"]) == (409, "device_restarted")
    assert (await row_of(evening, phone))["missing"] == []


@pytest.mark.law(20)
async def test_under_its_new_id_it_goes_on_as_itself_and_nothing_is_there_twice(evening: Evening) -> None:
    phone, finding = await evening.phone(), uuid7()
    sent = phone.observation(finding)
    await said(phone, sent, *(phone.observation() for _ in range(3)), last_seq=4)

    new = await renewed(evening, phone, 2)
    again = await said(new, sent, last_seq=1)
    own = await said(new, new.operation("observation.correct", finding, {"text": "Det är två lampor."}), last_seq=2)
    fresh = await said(new, new.observation(), last_seq=3)

    assert (again["outcome"], again["first"]) == ("repeated", "applied")
    assert (own["outcome"], fresh["outcome"]) == ("applied", "applied")
    assert str(finding) in (await new.pull()).of("observation")
    assert (await row_of(evening, new))["missing"] == []
    async with evening.store.read() as db:
        rows = await on_walk(db, LIDKOPING, phone.walk)
    assert [row["id"] for row in rows] == [new.device]  # one phone, not two


async def test_a_lost_answer_to_the_renewal_is_asked_for_again(evening: Evening) -> None:
    phone, id = await evening.phone(), uuid7()
    first = await renewed(evening, phone, 5, device=id)
    second = await renewed(evening, phone, 5, device=id)

    assert first.device == second.device
    assert (await first.post(first.batch())).status_code == 401
    assert (await second.post(second.batch())).status_code == 200


async def test_nobody_takes_another_phones_id_by_renewing(evening: Evening) -> None:
    phone, other = await evening.phone(), await evening.phone()
    body = {"device": str(other.device), "first_seq": 1, "key": "k"}

    answer = await evening.http.post("/api/session/renew", json=body, headers=phone.headers)

    assert (answer.status_code, answer.json()["code"]) == (403, "not_this_phone")


async def test_the_numbers_an_old_id_promised_stay_missed_after_the_renewal(evening: Evening) -> None:
    phone = await evening.phone()
    await said(phone, phone.observation(), last_seq=6)

    await renewed(evening, phone, 1)

    old = await row_of(evening, phone)
    assert old["missing"] == [(2, 6)]
    assert old["replaced_by"] is not None


# ---------------------------------------------------------------- only the server's own routes make a phone


async def test_joining_and_enrolling_are_never_pushed(evening: Evening) -> None:
    phone, victim = await evening.phone(), await evening.phone()
    join = {"device": victim.device, "invite": uuid7(), "token_hash": digest("mine"), "alias": "", "language": "sv"}
    renew = {"was": victim.device, "token_hash": digest("mine"), "key_hash": "", "first_seq": 1}

    for type, entity, body in (
        ("walk.join", phone.walk, join),
        ("device.renew", uuid7(), renew),
        ("device.enrol", victim.device, {"user": uuid7(), "token_hash": digest("mine")}),
        ("rescue.import", uuid7(), {"sha256": "", "device": victim.device, "drafts": []}),
    ):
        outcome = await said(phone, phone.operation(type, entity, body))
        assert (outcome["outcome"], outcome["code"]) == ("rejected", "not_allowed"), type
    async with evening.store.read() as db:
        still = await records.one(db, LIDKOPING, Device, victim.device)
    assert still is not None
    assert still.token_hash == digest(victim.token)


def test_a_fields_token_lasts_as_long_as_the_log_and_holds_nothing_up_in_the_grace() -> None:
    phone = a_device(kind="field")
    over = FRIDAY + devices.FIELD_TOKEN

    def at(**time: float) -> tuple[str, str]:
        now = over + timedelta(**time)
        shut = devices.shut(phone, now, user_is_gone=False)
        return shut, devices.held(phone, now, user_is_gone=False)

    assert at(seconds=-1) == ("", "")
    assert at() == ("token_expired", "")
    assert at(days=59) == ("token_expired", "")
    assert at(days=60) == ("token_expired", "token_expired")
