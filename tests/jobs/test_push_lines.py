"""Those who work get a word when something is theirs: sealed for their browser, by day, once."""

import base64
import hashlib
import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from tests import makers
from tests.jobs.push_stub import PushService
from tests.makers import LIDKOPING, Evening, count
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.integrations.push_seal import sealed
from trygghetsvandring.jobs import pushes as jobs
from trygghetsvandring.jobs.work import Lane
from trygghetsvandring.storage import exports, municipalities, people
from trygghetsvandring.storage.people import User
from trygghetsvandring.web.access import COOKIE

evening = makers.evening
MONDAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)  # 11.00 in Lidköping


def packed(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unpacked(text)), ec.SECP256R1())


@dataclass
class Browser:
    """Somebody who works, at a browser that can read what is sealed for it."""

    evening: Evening
    principal: Principal
    login: str
    token: str
    url: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    secret: bytes = b"0123456789abcdef"

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"{COOKIE}={self.token}", "Origin": "https://trygg.test"}

    @property
    def of(self) -> str:
        return hashlib.sha256(self.url.encode()).hexdigest()

    async def asks(self, **changes: Any) -> int:
        keys = {"p256dh": packed(point(self.key)), "auth": packed(self.secret)}
        body = {"endpoint": self.url, **keys, **changes}
        return (await self.evening.http.put("/api/push", json=body, headers=self.headers)).status_code

    async def state(self) -> Any:
        return (await self.evening.http.get(f"/api/push?of={self.of}", headers=self.headers)).json()

    def reads(self, body: bytes) -> Any:
        """As RFC 8291 says that a browser does."""
        salt, theirs, said = body[:16], body[21:86], body[86:]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
        keyed = _derived(self.secret, b"WebPush: info\0" + point(self.key) + theirs, 32, shared)
        key = _derived(salt, b"Content-Encoding: aes128gcm\0", 16, keyed)
        nonce = _derived(salt, b"Content-Encoding: nonce\0", 12, keyed)
        return json.loads(AESGCM(key).decrypt(nonce, said, None).rstrip(b"\0").removesuffix(b"\x02"))


def _derived(salt: bytes, info: bytes, length: int, of: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(of)


@pytest.fixture
async def service(evening: Evening) -> Any:
    it = PushService()
    async with await it.open():
        async with evening.store.write() as db:
            here = await municipalities.municipality(db, LIDKOPING)
            assert here is not None
            await municipalities.keep(db, replace(here, own_networks=("127.0.0.0/8",)))
        it.phone = await evening.phone()  # while it can be joined
        evening.times["now"] = MONDAY
        yield it


async def a_browser(evening: Evening, service: PushService, role: Role, organisation: str = "gata-park") -> Browser:
    user = User(
        municipality=LIDKOPING,
        id=uuid7(),
        login=f"{uuid7()}@test",
        function=str(role),
        role=role,
        organisation=organisation,
        password_hash="",
        demo=False,
        disabled_at=None,
    )
    async with evening.store.write() as db:
        await people.add_user(db, user)
    return await signed_in(evening, user, f"{service.url}?{user.id}")


async def signed_in(evening: Evening, user: User, url: str) -> Browser:
    device, token = uuid7(), f"token-{uuid7()}"
    async with evening.store.write() as db:
        await people.begin_session(
            db,
            token_hash=digest(token),
            municipality=LIDKOPING,
            user=user.id,
            device=device,
            now=evening.now,
            expires_at=evening.now + timedelta(days=90),
        )
    who = Principal(
        municipality=LIDKOPING,
        role=Role(user.role),
        device=device,
        user=user.id,
        organisation=user.organisation,
        function=user.function,
    )
    return Browser(evening, who, user.login, token, url)


async def a_task(evening: Evening, service: PushService, by: Principal) -> UUID:
    task, found = uuid7(), uuid7()
    (outcome,) = await service.phone.push(service.phone.observation(found))
    assert outcome.outcome == "applied"
    for type, entity, body in (
        ("observation.review", found, {"category": "bel.trasig", "severity": 1, "note": ""}),
        ("task.create", task, {"title": "HEMLIG TITEL", "observations": [str(found)], "priority": 2}),
        ("task.assign", task, {"department": "gata-park", "explanation": "Lampor.", "due_on": "2026-12-04"}),
    ):
        await does(evening, by, type, entity, body)
    return task


async def does(evening: Evening, by: Principal, type: str, entity: UUID, body: dict[str, Any]) -> None:
    outcome = await evening.act(type, entity, body, by)
    assert outcome.outcome == "applied", outcome


async def runs(evening: Evening) -> int:
    """The letters are gathered, then one look, and what it set going."""
    runner = evening.app.state.runner
    while await runner.round(Lane.LETTERS):
        pass
    told = await jobs.look(runner._context)
    while await runner.round(Lane.OUTSIDE):
        pass
    return int(told)


async def test_a_unit_is_told_once_that_it_has_something_and_nothing_of_what_it_is(
    evening: Evening, service: PushService
) -> None:
    boss = await a_browser(evening, service, Role.COORDINATOR, "samordning")
    amina = await a_browser(evening, service, Role.HANDLER)
    other = await a_browser(evening, service, Role.HANDLER, "fastighet")
    for one in (boss, amina, other):
        assert await one.asks() == 200
    task = await a_task(evening, service, boss.principal)

    assert [await runs(evening), await runs(evening)] == [1, 0]

    ((path, headers, body),) = service.calls
    assert path == f"/wake?{amina.principal.user}"
    assert (headers["content-encoding"], headers["urgency"], headers["ttl"]) == ("aes128gcm", "normal", "259200")
    assert "given" not in headers["topic"]
    said = amina.reads(body)
    assert said == {"title": "Er enhet har fått en åtgärd", "open": f"/desk/atgarder/{task}", "tag": "given"}
    state = await amina.state()
    assert (state["is_on"], state["failed"], state["tried_at"] is not None) == (True, "", True)

    async with evening.store.read() as db:
        left = {name: rows async for name, rows in exports.tables(db, LIDKOPING)}["pushes"]
    assert len(left) == 3 and not {"endpoint", "browser_key", "browser_secret"} & left[0].keys()

    # Two more are one word, the length tells nothing, and what one gives to oneself is no news.
    evening.passes(minutes=11)
    two = [await a_task(evening, service, boss.principal) for _ in range(2)]
    assert await runs(evening) == 1
    assert amina.reads(service.calls[1][2])["title"] == "Er enhet har fått 2 åtgärder"
    assert len(service.calls[1][2]) == len(body)
    evening.passes(minutes=11)
    accept = {"person": "Jag", "assignee": str(amina.principal.user)}
    await does(evening, amina.principal, "task.accept", two[0], accept)
    assert await runs(evening) == 0

    # Back to whoever gives out; who declined hears nothing.
    decline = {"reason": "wrong_owner", "public_text": "Det är inte vårt.", "next_owner": "fastighet"}
    await does(evening, amina.principal, "task.decline", two[1], decline)
    assert await runs(evening) == 1
    assert boss.reads(service.calls[2][2])["tag"] == "back"


async def test_at_night_it_waits_and_what_has_moved_on_is_not_told(evening: Evening, service: PushService) -> None:
    boss = await a_browser(evening, service, Role.COORDINATOR, "samordning")
    amina, bo = [await a_browser(evening, service, Role.HANDLER) for _ in range(2)]
    await amina.asks()
    evening.times["now"] = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)  # Friday, 21.00
    task = await a_task(evening, service, boss.principal)
    saturday = [await runs(evening)]
    evening.times["now"] = datetime(2026, 11, 28, 10, 0, tzinfo=UTC)
    saturday.append(await runs(evening))
    decline = {"reason": "unclear", "public_text": "Vi förstår inte.", "next_owner": None}
    await does(evening, bo.principal, "task.decline", task, decline)
    evening.times["now"] = datetime(2026, 11, 30, 10, 0, tzinfo=UTC)

    assert (saturday, await runs(evening), service.calls) == ([0, 0], 0, [])


async def test_a_danger_wakes_those_on_duty_at_any_hour_and_nobody_else(evening: Evening, service: PushService) -> None:
    jour, boss = [await a_browser(evening, service, Role.COORDINATOR, "samordning") for _ in range(2)]
    await jour.asks(duty=True)
    await boss.asks()
    evening.times["now"] = datetime(2026, 11, 28, 22, 0, tzinfo=UTC)
    found = uuid7()
    (outcome,) = await service.phone.push(service.phone.observation(found, severity=3, sent_alone=True))
    assert outcome.outcome == "applied"

    await runs(evening)

    ((path, headers, body),) = service.calls
    assert (path, headers["urgency"]) == (f"/wake?{jour.principal.user}", "high")
    assert jour.reads(body)["open"] == f"/desk/inkommet?fynd={found}"


async def test_gone_signed_out_or_disabled_nobody_is_called_and_nothing_is_kept(
    evening: Evening, service: PushService
) -> None:
    boss = await a_browser(evening, service, Role.COORDINATOR, "samordning")
    gone, out, shut, away = [await a_browser(evening, service, Role.HANDLER) for _ in range(4)]
    for one in (gone, out, shut, away):
        await one.asks()
    await evening.http.delete("/api/session", headers=out.headers)
    async with evening.store.write() as db:
        await people.disable(db, shut.login, evening.now)
    task = await a_task(evening, service, boss.principal)
    service.answers = [410, 410]
    assert await runs(evening) == 2
    async with evening.store.read() as db:
        assert await count(db, "pushes") == 0

    # Who has not been there for a month is not called either, and what was told is forgotten.
    await away.asks()
    await does(evening, boss.principal, "task.note", task, {"text": "Har ni tittat?"})
    for days in (31, 8):
        evening.passes(days=days)
        await runs(evening)
    assert len(service.calls) == 2
    async with evening.store.read() as db:
        assert (await count(db, "pushes"), await count(db, "push_lines")) == (0, 0)


async def test_a_push_service_that_refuses_is_told_of_and_the_next_person_at_the_browser_starts_anew(
    evening: Evening, service: PushService
) -> None:
    boss = await a_browser(evening, service, Role.COORDINATOR, "samordning")
    amina, bo = [await a_browser(evening, service, Role.HANDLER) for _ in range(2)]
    await amina.asks()
    service.answers = [403]
    await a_task(evening, service, boss.principal)
    await runs(evening)
    state = await amina.state()
    bo.url = amina.url

    assert (state["failed"], (await bo.state())["is_on"]) == ("http_403", False)
    await evening.http.delete(f"/api/push?of={bo.of}", headers=bo.headers)
    assert (await amina.state())["is_on"] is False
    assert await amina.asks(p256dh="AAAA") == 400


def test_what_is_sealed_is_the_standards_own_example() -> None:
    """RFC 8291, appendix A."""
    body = sealed(
        b"When I grow up, I want to be a watermelon\x02",
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "BTBZMqHH6r4Tts7J_aSIgg",
        unpacked("DGv6ra1nlYgDCS1FRnbzlw"),
        private("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert packed(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl"
        "7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
