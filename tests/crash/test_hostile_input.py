"""Fifty thousand operations no phone of ours would send, among them valid ones: each is answered, none is a fault.

Refused, deferred or set aside is an answer; a 5xx, a rule that stumbles or a silence is not. What was valid is stored
exactly once, also when its neighbours were refused or its whole batch was. Seeded; night sends all fifty thousand.
"""

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx
import msgspec
import pytest

from tests import makers, profile
from tests.crash.hostile import Hostile, told
from tests.crash.house import a_house, prepare
from tests.crash.judge import open_books
from tests.crash.test_kills import a_sqlite_database
from tests.crash.writers import Crowd, declaration
from tests.makers import Evening, Phone
from tests.nurseries import Nursery
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Role
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import operations, people
from trygghetsvandring.storage.people import User
from trygghetsvandring.sync import wire
from trygghetsvandring.sync.outcomes import OPERATIONS

evening = makers.evening  # and not the web's fixture of the same name, whichever was loaded last

SEED: Final = "20261123"
_A_BATCH: Final = 40
_MOST_IDS: Final = 80
_PATIENCE_S: Final = 60.0
_LONGEST: Final = 5_000  # signs of an address's word: the client of the test refuses to send a query above 64 kB
"""No bar: how long silence lasts before it is called a hang."""


@dataclass
class Storm:
    """One asker's hostile evening: what was sent, what was valid of it, and how it was answered."""

    evening: Evening
    phone: Phone
    hostile: Hostile
    headers: dict[str, str]
    before: list[bytes] = field(default_factory=list)
    valid: list[bytes] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    sent: int = 0

    async def asked(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None, **more: Any
    ) -> httpx.Response:
        try:
            async with asyncio.timeout(_PATIENCE_S):
                answer = await self.evening.http.request(
                    method, path, content=body, headers=self.headers | (headers or {}), **more
                )
        except TimeoutError:
            self.wrong.append(f"{method} {path[:80]} hangs on {body[:200]!r}")
            raise
        self.answers[f"{method} {path.partition('?')[0][:9]} {answer.status_code}"] += 1
        if answer.status_code >= 500:
            self.wrong.append(f"{method} {path[:80]} was answered {answer.status_code} to {body[:300]!r} {headers}")
        return answer

    async def batch(self, *, can_capture: bool) -> None:
        """Bent operations with valid ones among them."""
        chance, operations, valid = self.hostile.chance, [], []
        for _ in range(_A_BATCH):
            raw = self.hostile.operation(self._something(), self.before)
            operations.append(raw)
            if can_capture and chance.random() < 0.1:
                valid.append(msgspec.json.encode(self.phone.observation(text="Mörkt i tunneln.")))
                operations.append(valid[-1])
        operations = [raw for raw in operations if _ends_where_it_should(raw)]
        self.sent += len(operations)
        answer = await self.asked("POST", "/sync/push", self._packed(operations))
        if answer.status_code == 200:
            self._heard(operations, answer, set(valid))
        elif answer.status_code == 413:
            await self._sent_alone(valid)
        else:
            self.wrong.append(f"a readable batch was answered {answer.status_code} {answer.text[:200]}")
        self.valid += valid
        self.before = (self.before + operations)[-200:]

    def _something(self) -> dict[str, Any]:
        return self._desk_work() if "Cookie" in self.headers else self._capture()

    def _desk_work(self) -> dict[str, Any]:
        id = self.hostile.chance.choice(self.hostile.ids)
        task = {"title": "Lampa", "observations": [id], "priority": 2}
        due = {"department": "gata-park", "explanation": "Belysning", "due_on": "2026-12-04"}
        made = (
            self.phone.operation("observation.review", id, {"category": "bel.trasig", "severity": 1, "note": ""}),
            self.phone.operation("observation.withhold", id, {"reason": "personal_matter", "note": ""}),
            self.phone.operation("task.create", uuid7(), task),
            self.phone.operation("task.assign", id, due),
            self.phone.operation("walk.plan", uuid7(), makers.a_walk(self.evening.stop)),
            self.phone.operation("walk.invite", id, {"cap": 25}),
        )
        return self.hostile.chance.choice(made)

    def _capture(self) -> dict[str, Any]:
        photo, content = uuid7(), self.hostile.chance.randbytes(20)
        made = (
            self.phone.observation(),
            self.phone.feeling(),
            self.phone.operation("photo.declare", photo, _a_photo(uuid7(), content, self.evening)),
            self.phone.operation("walk.hand_in", self.phone.walk, {"walk": self.phone.walk, "items": 1}),
            self.phone.operation("device.status", self.phone.device, {"drafts": 2}),
        )
        return self.hostile.chance.choice(made)

    def _packed(self, operations: list[bytes]) -> bytes:
        """By hand: half a character in an operation must not stop the batch from being written."""
        push = msgspec.json.decode(self.phone.batch())
        head = msgspec.json.encode({name: it for name, it in push.items() if name != "operations"})[:-1]
        return head + b',"operations":[' + b",".join(operations) + b"]}"

    def _heard(self, operations: list[bytes], answer: httpx.Response, valid: set[bytes]) -> None:
        outcomes = answer.json()["outcomes"]
        if len(outcomes) != len(operations):
            self.wrong.append(f"{len(operations)} operations, {len(outcomes)} outcomes")
        for raw, outcome in zip(operations, outcomes, strict=False):
            self.answers[f"{outcome['outcome']} {outcome.get('code', '')}"] += 1
            if outcome.get("code") == "rule_failed":
                self.wrong.append(f"a rule of ours stumbled on {raw[:600]!r}")
            if outcome["outcome"] == "applied" and len(self.hostile.ids) < _MOST_IDS:
                self.hostile.ids.append(told(raw).entity)  # what was made can be meant
            if raw in valid and outcome["outcome"] != "applied":
                self.wrong.append(f"a valid operation was answered {outcome}")

    async def _sent_alone(self, valid: list[bytes]) -> None:
        """A whole batch was refused; a phone halves it until the good ones are through."""
        if valid:
            answer = await self.asked("POST", "/sync/push", self._packed(valid))
            self._heard(valid, answer, set(valid))

    async def bent_batch(self) -> None:
        """A batch or its packing bent: at most an answer, and nothing of it stored twice."""
        raws = [self.hostile.operation(self._something(), []) for _ in range(self.hostile.chance.randrange(4))]
        raws = [raw for raw in raws if _ends_where_it_should(raw)]
        headers: dict[str, str] = {}
        body = self.hostile.batch(msgspec.json.decode(self.phone.batch()), raws)
        if self.hostile.chance.random() < 0.5:
            body, headers = self.hostile.packing(body)
        self.sent += 1
        await self.asked("POST", "/sync/push", body, {"Content-Type": "application/json"} | headers)

    async def elsewhere(self, cursor: str, photo: UUID) -> None:
        """Cursors, lists and uploads."""
        chance = self.hostile.chance
        self.sent += 1
        match chance.randrange(4):
            case 0:
                await self.asked("GET", "/sync/pull", params={"cursor": self.hostile.cursor(cursor)})
            case 1:
                body = self.hostile.batch({"operations": [], "device": 1, "cursor": cursor}, [])
                await self.asked("POST", "/sync/have", body)
            case 2:
                await self.asked("POST", "/uploads/", chance.randbytes(5), self.hostile.upload_headers())
            case _:
                id = photo if chance.random() < 0.8 else uuid7()
                method = chance.choice(("PATCH", "HEAD", "PATCH", "OPTIONS", "DELETE", "PUT"))
                await self.asked(method, f"/uploads/{id}", chance.randbytes(30), self.hostile.upload_headers())


def _a_photo(observation: UUID, content: bytes, evening: Evening) -> dict[str, Any]:
    return declaration(observation, content) | {"taken_at": evening.now}


def _ends_where_it_should(raw: bytes) -> bool:
    """An operation may be wrong within; one that is no JSON value takes its batch with it, which is another test."""
    try:
        msgspec.json.decode(raw, type=msgspec.Raw)
        msgspec.json.decode(b"[" + raw + b"]", type=list[msgspec.Raw])
    except (msgspec.DecodeError, RecursionError, ValueError):
        return False
    return True


async def a_desk(evening: Evening) -> dict[str, str]:
    """Headers of a coordinator who is signed in."""
    user, device, token = uuid7(), uuid7(), f"cookie-{uuid7()}"
    async with evening.store.write() as db:
        await people.add_user(
            db,
            User(
                municipality=makers.LIDKOPING,
                id=user,
                login=f"{user}@lidkoping",
                function="Trygghetssamordnare",
                role=Role.COORDINATOR,
                organisation="samordning",
                password_hash="none",
                demo=True,
                disabled_at=None,
            ),
        )
        await people.begin_session(
            db,
            token_hash=digest(token),
            municipality=makers.LIDKOPING,
            user=user,
            device=device,
            now=evening.now,
            expires_at=evening.now.replace(year=2027),
        )
    return {"Cookie": f"__Host-trygg={token}", "Sec-Fetch-Site": "same-origin", "device": str(device)}


async def a_storm(evening: Evening, seed: str, *, desk: bool) -> Storm:
    phone = await evening.phone()
    first = [phone.observation(), phone.observation(), phone.feeling()]
    await phone.push(*first)
    known = [evening.walk, evening.stop, phone.device, *(op["entity"] for op in first)]
    storm = Storm(evening, phone, Hostile(seed, known, evening.now), phone.headers)
    if desk:
        headers = await a_desk(evening)
        storm.phone.device = UUID(headers.pop("device"))
        storm.headers = headers
    return storm


async def stored(evening: Evening, device: UUID) -> tuple[Counter[UUID], Counter[str], Counter[UUID]]:
    """Operation ids of a device, receipt numbers and versions of observations, as they lie in the tables."""
    async with evening.store.read() as db:
        log = await db.exec_driver_sql("SELECT id, device FROM operations WHERE outcome = 'applied'")
        rows: list[Any] = list(log)
        ids = Counter(UUID(str(id)) for id, by in rows if by is not None and UUID(str(by)) == device)
        docs = [msgspec.json.decode(doc) for (doc,) in await db.exec_driver_sql("SELECT doc FROM observations")]
    return ids, Counter(doc["number"] for doc in docs), Counter(UUID(doc["id"]) for doc in docs)


def amount() -> int:
    return profile.pick(quick=1_200, ci=6_000, night=50_000)


@pytest.mark.law(10)
@pytest.mark.parametrize("desk", [False, True], ids=["a phone", "a desk"])
async def test_nothing_that_is_sent_is_a_fault_and_what_was_valid_is_stored_once(evening: Evening, desk: bool) -> None:
    storm = await a_storm(evening, f"{SEED}-{desk}", desk=desk)
    cursor, photo = (await (await evening.phone()).pull()).cursor, uuid7()

    while storm.sent < amount() // 4:  # two askers on two databases
        await storm.batch(can_capture=not desk)
        for _ in range(4):
            await storm.bent_batch()
            await storm.elsewhere(cursor, photo)

    print(f"{storm.sent} sent: {dict(storm.answers.most_common(40))}")
    assert storm.wrong == []
    log, numbers, observations = await stored(evening, storm.phone.device)
    assert max(numbers.values()) == 1
    assert set(observations.values()) == {1}
    for raw in storm.valid:
        assert (log[told(raw).id], observations[told(raw).entity]) == (1, 1)
    assert desk or len(storm.valid) > 20
    assert sum(storm.answers[f"{word} "] for word in ("applied", "repeated")) > 0  # some of it made sense


async def test_the_harness_sees_a_rule_that_stumbles_a_route_that_breaks_and_a_finding_that_is_lost(
    evening: Evening, monkeypatch: pytest.MonkeyPatch
) -> None:
    storm = await a_storm(evening, SEED, desk=False)
    feeling = OPERATIONS["feeling.answer"]

    def stumbles(*_: Any) -> Any:
        raise KeyError("a fault of ours")

    async def loses(*_: Any) -> None:
        """Says nothing and stores nothing."""

    monkeypatch.setitem(OPERATIONS, "feeling.answer", replace(feeling, rule=stumbles))
    for _ in range(5):
        await storm.batch(can_capture=True)
    with monkeypatch.context() as patch:
        patch.setattr(operations, "log", loses)
        await storm.batch(can_capture=True)
    monkeypatch.setattr(wire, "read_push", stumbles)
    await storm.batch(can_capture=True)

    assert any("a rule of ours stumbled" in it for it in storm.wrong)
    assert any("was answered 500" in it for it in storm.wrong)
    log, _, _ = await stored(evening, storm.phone.device)
    assert [raw for raw in storm.valid if not log[told(raw).id]]


def rude(path: str, token: str, chance: Any) -> bytes:
    """What no HTTP client would write."""
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n".encode()
    return bytes(
        chance.choice(
            (
                head + b"Content-Length: 10\r\n\r\n{}",
                head + b"Content-Length: -1\r\n\r\n{}",
                head + b"Content-Length: 2\r\nContent-Length: 9\r\n\r\n{}",
                head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
                head + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
                head + b"Content-Length: 0\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
                head.replace(b"POST", b"P\x00ST") + b"\r\n",
                head.replace(b"HTTP/1.1", b"HTTP/9.9") + b"\r\n",
                head + b"Expect: 100-continue\r\nContent-Length: 5\r\n\r\n",
                head + b"Upgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
                chance.randbytes(200),
                b"\r\n" * 50,
            )
        )
    )


async def shouted_at(port: int, raw: bytes) -> bytes:
    """The first line of what came back; b"" when the server hung up without a word, which is an answer too."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(raw)
        await writer.drain()
        writer.write_eof()
        async with asyncio.timeout(_PATIENCE_S):
            return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        writer.close()


@pytest.mark.law(10)
async def test_over_real_connections_a_real_server_stands_while_writers_go_on(tmp_path: Path) -> None:
    """Rude bytes and bent requests at a `trygg serve` in which twenty phones are working: none of them notices."""
    data, wrong, sent = tmp_path / "data", [], 0
    data.mkdir()
    url, log = a_sqlite_database(data), tmp_path / "server.log"
    joined = await prepare(url)
    with Nursery() as nursery, a_house(nursery, data, url, joined, log) as house:
        await house.start("--no-jobs")
        async with Crowd(house, SEED) as crowd, httpx.AsyncClient(verify=False, trust_env=False, timeout=60) as http:  # noqa: S501
            writer = crowd.writers[0]
            hostile = Hostile(SEED, [writer.phone.walk, writer.phone.stop, writer.feeling], makers.FRIDAY)
            me = {"Authorization": f"Bearer {writer.phone.token}"}
            while sent < profile.pick(quick=60, ci=300, night=3_000):
                body, packing = hostile.packing(hostile.batch({"protocol": 1, "device": writer.phone.device}, []))
                lost, said = f"{house.url}/uploads/{uuid7()}", hostile.upload_headers()
                weird = {name: it for name, it in said.items() if it == it.strip() and it.isprintable()}
                cursor = hostile.cursor("QUJD")[:_LONGEST]
                answers = [
                    await http.post(f"{house.url}/sync/push", content=body, headers=me | packing),
                    await http.patch(lost, content=b"x", headers=me | weird),
                    await http.get(f"{house.url}/sync/pull", params={"cursor": cursor}, headers=me),
                ]
                wrong += [f"{it.request.url.path} {it.status_code}" for it in answers if it.status_code >= 500]
                first = await shouted_at(house.port, rude("/sync/push", writer.phone.token, hostile.chance))
                wrong += [f"rude bytes were answered {first!r}"] if b" 5" in first[:12] else []
                sent += 4
            await crowd.come_home()
            ledger = crowd.ledger
        house.kill()
        books = open_books(house)

    assert wrong == ledger.faults == []
    assert ledger.told.keys() == ledger.sent.keys()
    for id in ledger.told:
        assert books.operations[id][:2] == ("applied", hashlib.sha256(ledger.sent[id].raw).hexdigest())
    assert "server_fault" not in log.read_text()
    assert "Traceback" not in log.read_text()
