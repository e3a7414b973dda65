"""A phone that is shut, or whose token is over, may still hand in: what it sends is kept as it came, for a person."""

from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests import makers
from tests.makers import FRIDAY, LIDKOPING, Evening, Phone, count, sha256
from tests.sync.doors import neighbour
from tests.sync.phone_desk import signed_in
from trygghetsvandring.domain import devices
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.people import Device, Role
from trygghetsvandring.domain.photos import Photo, PhotoState
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.photos import received_key

CONTENT = b"\xff\xd8 bytes, and no picture anybody can be shown"

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last


async def said(phone: Phone, *operations: Any, **changes: Any) -> list[dict[str, Any]]:
    answer = await phone.post(phone.batch(*operations, **changes))
    assert answer.status_code == 200, answer.text
    outcomes: list[dict[str, Any]] = answer.json()["outcomes"]
    return outcomes


async def shut(evening: Evening, phone: Phone, reason: str = "Telefonen är borttappad.") -> None:
    outcome = await evening.act("device.revoke", phone.device, {"reason": reason})
    assert outcome.outcome == "applied", outcome


async def decide(evening: Evening, type: str, *operations: Any, **body: Any) -> None:
    outcome = await evening.act(type, uuid7(), {"operations": [op["id"] for op in operations]} | body)
    assert outcome.outcome == "applied", outcome


async def findings(evening: Evening) -> dict[UUID, Observation]:
    async with evening.store.read() as db:
        docs = [doc for (doc,) in await db.exec_driver_sql("SELECT doc FROM observations")]
    return {it.id: it for it in (records.decode(Observation, doc) for doc in docs)}


# ---------------------------------------------------------------- a phone that was shut


@pytest.mark.law(21)
async def test_what_a_shut_phone_hands_in_is_kept_and_waits(evening: Evening) -> None:
    phone = await evening.phone()
    await shut(evening, phone)
    sent = phone.observation()

    first = await said(phone, sent)
    again = await said(phone, sent)

    assert (first[0]["outcome"], first[0]["code"], first[0]["facts"]) == ("deferred", "held", {"why": "device_revoked"})
    assert (again[0]["outcome"], again[0]["first"], again[0]["code"]) == ("repeated", "deferred", "held")
    assert await findings(evening) == {}
    async with evening.store.read() as db:
        assert await count(db, "held") == 1
        assert await count(db, "operations", "type = 'observation.record'") == 1


@pytest.mark.law(21)
async def test_let_through_it_is_decided_as_its_own_maker_did_it_and_once(evening: Evening) -> None:
    phone, finding = await evening.phone(), uuid7()
    await shut(evening, phone)
    sent = phone.observation(finding)
    seen = evening.now
    await said(phone, sent, phone.operation("observation.correct", finding, {"text": "Två lampor."}))
    evening.passes(days=3)

    held = (await evening.http.get("/api/held", headers=await signed_in(evening))).json()
    await decide(evening, "held.accept", *[{"id": row["operation"]} for row in held["held"]])
    await decide(evening, "held.accept", sent)

    found = (await findings(evening))[finding]
    assert (found.device, found.seen_at, found.text, found.received_at) == (phone.device, seen, "Två lampor.", seen)
    assert len(await findings(evening)) == 1
    answer = (await said(phone, sent))[0]
    assert (answer["outcome"], answer["first"]) == ("repeated", "applied")
    assert answer["receipt"]["number"]


@pytest.mark.law(21)
async def test_refused_it_stays_in_the_log_with_the_reason_and_who_said_so(evening: Evening) -> None:
    phone = await evening.phone()
    await shut(evening, phone)
    sent = phone.observation()
    await said(phone, sent)

    await decide(evening, "held.refuse", sent, reason="Samma fynd finns redan.")

    answer = (await said(phone, sent))[0]
    assert (answer["outcome"], answer["first"], answer["code"]) == ("repeated", "rejected", "refused_by_person")
    assert "Samma fynd" not in str(answer)
    async with evening.store.read() as db:
        row = (await db.exec_driver_sql("SELECT decision, decided_by, reason FROM held")).one()
        assert tuple(row) == ("refused", "Trygghetssamordnare", "Samma fynd finns redan.")
        assert await count(db, "operations", "type = 'observation.record'") == 1


async def test_a_decision_without_a_reason_is_no_decision(evening: Evening) -> None:
    phone = await evening.phone()

    revoked = await evening.act("device.revoke", phone.device, {"reason": "  "})
    refused = await evening.act("held.refuse", uuid7(), {"operations": [uuid7()], "reason": ""})
    nothing = await evening.act("held.accept", uuid7(), {"operations": []})

    assert [it.code for it in (revoked, refused, nothing)] == ["reason_missing", "reason_missing", "malformed"]


async def test_a_shut_phone_reads_nothing_and_is_told_why(evening: Evening) -> None:
    phone = await evening.phone()
    await said(phone, phone.observation())
    await shut(evening, phone)

    for path in ("/sync/pull", "/api/municipality", f"/photos/{uuid4()}"):
        answer = await evening.http.get(path, headers=phone.headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "device_revoked"), path


async def test_let_in_again_it_reads_and_what_waited_still_waits_for_a_person(evening: Evening) -> None:
    phone = await evening.phone()
    await shut(evening, phone)
    sent = phone.observation()
    await said(phone, sent)

    assert (await evening.act("device.readmit", phone.device, {})).outcome == "applied"

    assert (await said(phone, phone.observation()))[0]["outcome"] == "applied"
    assert (await said(phone, sent))[0]["code"] == "held"
    await phone.pull()


async def test_how_much_lies_on_it_is_told_by_a_shut_phone_too(evening: Evening) -> None:
    phone = await evening.phone()
    await shut(evening, phone)

    told = await said(phone, phone.operation("device.status", phone.device, {"drafts": 2}, seq=None))

    assert told[0]["outcome"] == "applied"


async def test_numbers_that_wait_for_a_person_are_not_missing(evening: Evening) -> None:
    phone = await evening.phone()
    await shut(evening, phone)
    await said(phone, phone.observation(), phone.observation(), last_seq=2)

    rows = (await evening.http.get("/api/phones", headers=await signed_in(evening))).json()

    (row,) = rows["phones"]
    assert (row["missing_operations"], row["held"], row["revoked_reason"]) == (0, 2, "Telefonen är borttappad.")
    assert rows["held"] == 2


async def test_another_municipality_decides_nothing_here(evening: Evening) -> None:
    theirs = await neighbour(evening)
    outcome = await evening.act(
        "device.revoke", theirs.device, {"reason": "Fel."}, replace(theirs.principal, role=Role.COORDINATOR)
    )
    assert outcome.outcome == "applied"
    sent = theirs.observation()
    await said(theirs, sent)

    await decide(evening, "held.accept", sent)  # ours: there is nothing here by that id

    assert (await said(theirs, sent))[0]["code"] == "held"


# ---------------------------------------------------------------- photos


def declared(phone: Phone, finding: UUID, photo: UUID) -> dict[str, Any]:
    facts = {"width": 640, "height": 480, "masks": 1, "bytes": len(CONTENT), "media_type": "image/jpeg"}
    of = {"of": {"kind": "observation", "id": finding}, "role": "before", "taken_at": FRIDAY}
    return phone.operation("photo.declare", photo, {**facts, **of, "sha256": sha256(CONTENT)})


async def send(phone: Phone, photo: UUID) -> str | None:
    told = {"photo": str(photo), "sha256": sha256(CONTENT)}
    words = ",".join(f"{name} {b64encode(value.encode()).decode()}" for name, value in told.items())
    tus = phone.headers | {"Tus-Resumable": "1.0.0"}
    create = tus | {"Upload-Length": str(len(CONTENT)), "Upload-Metadata": words}
    made = await phone.evening.http.post("/uploads/", headers=create)
    assert made.status_code == 201, made.text
    piece = tus | {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    sent = await phone.evening.http.patch(f"/uploads/{photo}", headers=piece, content=CONTENT)
    said: str | None = sent.headers.get("Trygg-Photo")
    return said


@pytest.mark.law(21)
async def test_the_bytes_of_a_waiting_photo_are_kept_sealed_until_it_is_let_through(evening: Evening) -> None:
    phone, finding, photo = await evening.phone(), uuid7(), uuid7()
    await shut(evening, phone)
    operations = [phone.observation(finding, photos=[photo]), declared(phone, finding, photo)]
    await said(phone, *operations)

    assert await send(phone, photo) == "received"

    house = evening.app.state.house
    assert await house.blobs.digest(received_key(LIDKOPING, photo)) == sha256(CONTENT)
    async with evening.store.read() as db:
        assert await records.one(db, LIDKOPING, Photo, photo) is None
        assert await count(db, "jobs") == 0
    await decide(evening, "held.accept", *operations)
    await evening.app.state.runner.round(Lane.PHOTOS)
    async with evening.store.read() as db:
        seen = await records.one(db, LIDKOPING, Photo, photo)
    assert seen is not None
    assert seen.state is PhotoState.REFUSED  # now that it may be here somebody looked, and it is no picture


async def test_a_phone_sends_no_bytes_for_what_another_phone_asked_to_declare(evening: Evening) -> None:
    phone, other, photo = await evening.phone(), await evening.phone(), uuid7()
    await shut(evening, phone)
    await said(phone, declared(phone, uuid7(), photo))

    answer = await evening.http.head(f"/uploads/{photo}", headers=other.headers | {"Tus-Resumable": "1.0.0"})

    assert answer.status_code == 404


# ---------------------------------------------------------------- tokens and people that are over


@pytest.mark.law(21)
async def test_a_walkers_token_is_over_in_time_and_the_grace_holds_nothing_up(evening: Evening) -> None:
    phone = await evening.phone()
    evening.times["now"] = FRIDAY + devices.WALK_TOKEN + timedelta(days=1)

    assert (await evening.http.get("/sync/pull", headers=phone.headers)).json()["code"] == "token_expired"
    assert (await said(phone, phone.observation()))[0]["outcome"] == "applied"

    evening.passes(days=60)
    assert (await said(phone, phone.observation()))[0]["facts"] == {"why": "token_expired"}


@pytest.mark.law(21)
async def test_somebody_who_is_no_longer_with_us_still_hands_in(evening: Evening) -> None:
    user, device = uuid7(), uuid7()
    async with evening.store.write() as db:
        it = User(
            municipality=LIDKOPING,
            id=user,
            login="falt@lidkoping",
            function="Fältsekreterare",
            role="field_secretary",
            organisation="socialtjansten",
            password_hash="none",
            demo=False,
            disabled_at=None,
        )
        await people.add_user(db, it)
        enrolled = Device(
            id=device,
            version=1,
            kind="field",
            token_hash=digest("field"),
            walk=None,
            user=user,
            organisation="socialtjansten",
            alias="",
            language="sv",
            joined_at=FRIDAY,
            last_seen_at=FRIDAY,
        )
        await records.save(db, LIDKOPING, [enrolled], FRIDAY)
        await people.disable(db, "falt@lidkoping", FRIDAY)
    phone = Phone(evening, replace((await evening.phone()).principal, device=device), device, uuid7(), "field")
    log = {"evening": "2026-11-20", "kind": "field_shift", "adults": 2}

    (outcome,) = await said(phone, phone.operation("presence.pass", uuid7(), log))

    assert (outcome["code"], outcome["facts"]) == ("held", {"why": "user_disabled"})
    assert (await evening.http.get("/sync/pull", headers=phone.headers)).json()["code"] == "user_disabled"


async def test_what_a_field_team_wrote_stays_behind_its_wall_in_the_list(evening: Evening) -> None:
    phone = await evening.phone()
    await shut(evening, phone)
    await said(phone, phone.operation("presence.log", uuid7(), _entry()), phone.observation(text="Mörkt."))

    held = (await evening.http.get("/api/held", headers=await signed_in(evening))).json()["held"]

    told = {row["type"]: row["said"] for row in held}
    assert told["presence.log"] == {}
    assert told["observation.record"]["text"] == "Mörkt."


def _entry() -> dict[str, Any]:
    seen = {"band": "1-5", "mood": "calm", "action": "talk", "place": None, "area": "Centrum"}
    return {"pass": uuid7(), "at": FRIDAY, **seen}
