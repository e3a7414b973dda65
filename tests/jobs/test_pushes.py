"""A word to those who walked: only with news, in the daytime, once a day, signed, empty, and never twice."""

import base64
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

from tests import makers
from tests.jobs.push_stub import PushService
from tests.makers import LIDKOPING, Evening, Phone, count
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.jobs import pushes as jobs
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import municipalities

evening = makers.evening


@pytest.fixture
async def service(evening: Evening) -> Any:
    it = PushService()
    async with await it.open():
        async with evening.store.write() as db:
            here = await municipalities.municipality(db, LIDKOPING)
            assert here is not None
            await municipalities.keep(db, replace(here, own_networks=("127.0.0.0/8",)))
        yield it


async def asks(phone: Phone, url: str) -> None:
    answer = await phone.evening.http.put("/api/push", json={"endpoint": url}, headers=phone.headers)
    assert answer.status_code == 200, answer.text


async def hands_in(phone: Phone) -> UUID:
    id = uuid7()
    (outcome,) = await phone.push(phone.observation(id))
    assert outcome.outcome == "applied"
    return id


async def is_sorted(evening: Evening, finding: UUID) -> None:
    outcome = await evening.act("observation.review", finding, {"category": "bel.trasig", "severity": 1})
    assert outcome.outcome == "applied", outcome


async def looks(evening: Evening) -> int:
    """One look of the runner's, and what it set going."""
    told = await jobs.look(evening.app.state.runner._context)
    await evening.app.state.runner.round(Lane.OUTSIDE)
    return told


async def wishes(evening: Evening) -> int:
    async with evening.store.read() as db:
        return await count(db, "pushes")


def by_day(evening: Evening) -> None:
    evening.times["now"] = evening.now.replace(hour=11) + timedelta(days=1)


async def test_with_news_the_phone_is_woken_once_and_told_nothing(evening: Evening, service: PushService) -> None:
    phone = await evening.phone()
    await asks(phone, service.url)
    finding = await hands_in(phone)
    by_day(evening)
    assert await looks(evening) == 0  # that it was received the phone knew

    await is_sorted(evening, finding)
    told = [await looks(evening) for _ in range(3)]

    assert told == [1, 0, 0]
    ((path, headers, body),) = service.calls
    assert (path, body, headers["ttl"], headers["urgency"]) == ("/wake", b"", "86400", "low")


async def test_the_signature_is_the_one_the_browser_was_given_the_key_of(
    evening: Evening, service: PushService
) -> None:
    phone = await evening.phone()
    key = (await evening.http.get("/api/push", headers=phone.headers)).json()["key"]
    await asks(phone, service.url)
    finding = await hands_in(phone)
    by_day(evening)
    await is_sorted(evening, finding)

    await looks(evening)

    said = service.calls[0][1]["authorization"]
    token, _, sent_key = said.removeprefix("vapid t=").partition(", k=")
    head, claims, signature = token.split(".")
    point = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unpacked(key))
    raw = unpacked(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    point.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(hashes.SHA256()))
    assert sent_key == key
    told = json.loads(unpacked(claims))
    assert told["aud"] == service.url.removesuffix("/wake")
    assert told["exp"] == int((evening.now + timedelta(hours=12)).timestamp())


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def test_nobody_is_woken_at_night_and_it_is_told_in_the_morning(evening: Evening, service: PushService) -> None:
    phone = await evening.phone()
    await asks(phone, service.url)
    finding = await hands_in(phone)
    evening.times["now"] = evening.now.replace(hour=21)
    await is_sorted(evening, finding)

    at_night = await looks(evening)
    by_day(evening)

    assert (at_night, await looks(evening)) == (0, 1)


async def test_two_answers_on_one_day_are_one_word(evening: Evening, service: PushService) -> None:
    phone = await evening.phone()
    await asks(phone, service.url)
    findings = [await hands_in(phone) for _ in range(2)]
    by_day(evening)
    await is_sorted(evening, findings[0])
    assert await looks(evening) == 1

    await is_sorted(evening, findings[1])
    evening.passes(hours=2)
    same_day = await looks(evening)
    evening.passes(hours=22)

    assert (same_day, await looks(evening)) == (0, 1)


async def test_anothers_news_is_not_mine(evening: Evening, service: PushService) -> None:
    mine, other = await evening.phone(), await evening.phone()
    await asks(mine, service.url)
    finding = await hands_in(other)
    by_day(evening)
    await is_sorted(evening, finding)

    assert await looks(evening) == 0
    assert service.calls == []


@pytest.mark.parametrize("gone", [404, 410])
async def test_a_phone_that_wants_no_more_is_forgotten(evening: Evening, service: PushService, gone: int) -> None:
    phone = await evening.phone()
    await asks(phone, service.url)
    finding = await hands_in(phone)
    by_day(evening)
    await is_sorted(evening, finding)
    service.answers = [gone]

    await looks(evening)

    assert await wishes(evening) == 0


async def test_a_push_service_that_is_away_is_asked_again(evening: Evening, service: PushService) -> None:
    phone = await evening.phone()
    await asks(phone, service.url)
    finding = await hands_in(phone)
    by_day(evening)
    await is_sorted(evening, finding)
    service.answers = [503]
    await looks(evening)

    evening.passes(minutes=30)
    await evening.app.state.runner.round(Lane.OUTSIDE)
    await evening.app.state.runner.round(Lane.OUTSIDE)

    assert len(service.calls) == 2


async def test_a_phone_takes_its_wish_back_and_a_shut_one_is_left_alone(evening: Evening, service: PushService) -> None:
    phone, shut = await evening.phone(), await evening.phone()
    for one in (phone, shut):
        await asks(one, f"{service.url}?{one.device}")
    for one in (phone, shut):
        finding = await hands_in(one)
        await is_sorted(evening, finding)
    by_day(evening)
    await evening.http.delete("/api/push", headers=phone.headers)
    outcome = await evening.act("device.revoke", shut.device, {"reason": "Tappad."})
    assert outcome.outcome == "applied", outcome

    await looks(evening)

    assert service.calls == []
    assert await wishes(evening) == 0


@pytest.mark.parametrize(
    "endpoint", ["ftp://push.test/x", "javascript:alert(1)", "https://", "x" * 1_200, "https://a@b/"]
)
async def test_what_is_no_address_is_refused(evening: Evening, endpoint: str) -> None:
    phone = await evening.phone()

    answer = await evening.http.put("/api/push", json={"endpoint": endpoint}, headers=phone.headers)

    assert answer.json()["code"] == "not_a_push_address"
