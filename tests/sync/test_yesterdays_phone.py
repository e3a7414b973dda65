"""A phone of an earlier protocol hands in, fetches and asks as it always has, and can read every answer."""

import base64
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest

from tests import makers
from tests.makers import LIDKOPING, Evening
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Device
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.sync import wire

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

RECORDED = Path(__file__).parent / "recorded"
WALK, STOP = UUID("01930000-0000-7000-8000-00000000aaaa"), UUID("01930000-0000-7000-8000-00000000bbbb")
FIELD, FALT = UUID("01930000-0000-7000-8000-00000000dddd"), UUID("01930000-0000-7000-8000-00000000eeee")
Exchange = dict[str, Any]


def recorded(protocol: int) -> list[Exchange]:
    said: list[Exchange] = json.loads((RECORDED / f"protocol_{protocol}.json").read_text(encoding="utf-8"))
    return said


def test_the_protocol_of_today_or_yesterday_is_recorded() -> None:
    assert {wire.PROTOCOL - 1, wire.PROTOCOL} & {int(file.stem.split("_")[1]) for file in RECORDED.glob("*.json")}


async def two_phones(evening: Evening) -> dict[str, str]:
    """The walker's and the field secretary's phone as they were when it was recorded; their tokens."""
    evening.times["now"] = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    evening.stop, user = STOP, uuid7()
    await evening.plan(walk=WALK)
    walker = await evening.phone(WALK, device=FIELD)
    now = evening.now
    secretary = User(
        municipality=LIDKOPING,
        id=user,
        login="falt@lidkoping",
        function="Fältsekreterare",
        role="field_secretary",
        organisation="socialtjansten",
        password_hash="",
        demo=False,
        disabled_at=None,
    )
    device = Device(
        id=FALT,
        version=1,
        kind="field",
        token_hash=digest("falt"),
        walk=None,
        user=user,
        organisation="socialtjansten",
        alias="",
        language="sv",
        joined_at=now,
        last_seen_at=now,
    )
    async with evening.store.write() as db:
        await people.add_user(db, secretary)
        await records.save(db, LIDKOPING, [device], now)
    return {"field": walker.token, "falt": "falt"}


async def sent(evening: Evening, said: Exchange, token: str, cursor: str | None) -> httpx.Response:
    body, headers = said["body"], dict(said["headers"])
    content = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    if body is not None and "bytes" in body:
        content = base64.b64decode(body["bytes"])
    if content is not None and headers.get("content-encoding") == "gzip":
        content = gzip.compress(content)
    params = {"cursor": cursor} if cursor else {}
    headers |= {"authorization": f"Bearer {token}"}
    return await evening.http.request(said["method"], said["path"], content=content, headers=headers, params=params)


def unreadable(now: Any, then: Any, where: str = "") -> Iterator[str]:
    """Where what is answered now lacks something that was there then, or says it in another kind of value."""
    if isinstance(then, dict):
        for key, value in then.items():
            if not isinstance(now, dict) or key not in now:
                yield f"{where}.{key} is not there"
            else:
                yield from unreadable(now[key], value, f"{where}.{key}")
    elif isinstance(then, list):
        if not isinstance(now, list) or len(now) < len(then):
            yield f"{where} is no list, or a shorter one"
        else:
            for at, (one, other) in enumerate(zip(now, then, strict=False)):
                yield from unreadable(one, other, f"{where}[{at}]")
    elif then is not None and now is not None and kind(now) is not kind(then):
        yield f"{where} is {now!r} and was {then!r}"


def kind(value: object) -> type:
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


STABLE = ("outcome", "code", "kind", "gone", "state", "number", "read_on", "category", "text", "word")


def different(now: Any, then: Any) -> Iterator[str]:
    """Words a phone acts on, which must be the very same."""
    if isinstance(then, dict):
        for key, value in then.items():
            if key in STABLE and isinstance(value, str | bool) and now[key] != value:
                yield f"{key}: {now[key]!r}, and was {value!r}"
            yield from different(now[key], value)
    elif isinstance(then, list):
        for one, other in zip(now, then, strict=False):
            yield from different(one, other)


def by_entity(changes: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(it["kind"], it["id"]): it for it in changes}


@pytest.mark.law(12)
@pytest.mark.parametrize("protocol", [wire.PROTOCOL])
async def test_a_recorded_evening_goes_as_it_went_then(evening: Evening, protocol: int) -> None:
    tokens, cursors = await two_phones(evening), dict[str, str]()
    for said in recorded(protocol):
        answer = await sent(evening, said, tokens[said["by"]], cursors.get(said["by"]))
        then, where = said["answer"], f"{said['method']} {said['path']}"

        assert answer.status_code == then["status"], f"{where}: {answer.text}"
        assert then["headers"].items() <= dict(answer.headers).items(), where
        if "body" not in then:
            continue
        now, before = answer.json(), then["body"]
        if said["path"] == "/sync/pull":
            cursors[said["by"]] = now["cursor"]
            now, before = (
                now | {"changes": by_entity(now["changes"])},
                before | {"changes": by_entity(before["changes"])},
            )
        assert list(unreadable(now, before)) == [], where
        assert list(different(now, before)) == [], where


@pytest.mark.law(12)
@pytest.mark.parametrize("protocol", [-1, 0, 1, 99])
async def test_no_phone_is_too_old_or_too_new_to_hand_in(evening: Evening, protocol: int) -> None:
    phone = await evening.phone()
    op = phone.observation()

    answer = await phone.post(phone.batch(op, protocol=protocol), **{"Trygg-Protocol": str(protocol)})

    assert (answer.status_code, answer.json()["outcomes"][0]["outcome"]) == (200, "applied")


@pytest.mark.law(12)
async def test_fields_of_a_newer_phone_anywhere_are_let_in_and_kept_as_they_came(evening: Evening) -> None:
    phone = await evening.phone()
    op = phone.observation(smell="fukt")
    batch = msgspec.json.decode(phone.batch({**op, "mood": {"is": "new"}}, weather="rain"))

    answer = await phone.post(msgspec.json.encode(batch))

    assert answer.json()["outcomes"][0]["outcome"] == "applied"
    async with evening.store.read() as db:
        logged = (
            await db.exec_driver_sql("SELECT wire FROM operations WHERE type = 'observation.record'")
        ).scalar_one()
    kept = json.loads(logged)
    assert (kept["mood"], kept["body"]["smell"]) == ({"is": "new"}, "fukt")


@pytest.mark.law(12)
async def test_what_an_older_phone_does_not_know_it_does_not_wipe_when_it_corrects(evening: Evening) -> None:
    """An older phone's correction names what its owner changed, and nothing else."""
    phone, id = await evening.phone(), uuid7()
    await phone.push(phone.observation(id, text="Mörkt.", place_words="norra mynningen", severity=2))

    (outcome,) = await phone.push(phone.operation("observation.correct", id, {"text": "Mörkt hela vägen."}))

    assert outcome.outcome == "applied"
    async with evening.store.read() as db:
        doc = json.loads((await db.exec_driver_sql("SELECT doc FROM observations")).scalar_one())
    assert (doc["text"], doc["place_words"], doc["severity"]) == ("Mörkt hela vägen.", "norra mynningen", 2)


def test_a_missing_field_another_word_or_another_kind_of_value_would_be_seen() -> None:
    then = {"outcomes": [{"outcome": "applied", "version": 1}], "more": False}

    assert list(unreadable({"outcomes": [{"outcome": "applied"}], "more": False}, then))
    assert list(unreadable({"outcomes": [{"outcome": "applied", "version": "1"}], "more": False}, then))
    assert list(unreadable({"outcomes": [], "more": False}, then))
    assert list(different({"outcomes": [{"outcome": "done", "version": 1}], "more": False}, then))
    assert not list(unreadable(then | {"new": 1}, then))
