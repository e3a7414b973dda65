"""Twenty phones that never stop: batches and photos over real connections, repeated until they are answered.

What a phone has been told stands in the ledger. Nothing else does: a connection that broke has told nothing.
"""

import asyncio
import hashlib
import io
import random
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final, Self
from uuid import UUID

import httpx
import msgspec
from PIL import Image

from tests.crash.house import House, Joined
from trygghetsvandring.domain.ids import uuid7

TUS: Final = {"Tus-Resumable": "1.0.0"}
_AGAIN_S: Final = (0.02, 0.12)
_LATER: Final = frozenset({408, 423, 429, 503, 507})
"""What a phone answers by trying again: not an acknowledgement, and not a refusal."""


@dataclass(frozen=True, slots=True)
class Sent:
    type: str
    entity: UUID
    raw: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """An outcome that reached a phone."""

    version: int | None
    number: str | None


@dataclass
class Ledger:
    """Everything that was sent, and what of it was acknowledged."""

    sent: dict[UUID, Sent] = field(default_factory=dict)
    told: dict[UUID, Told] = field(default_factory=dict)
    photos: dict[UUID, bytes] = field(default_factory=dict)
    received: set[UUID] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    repeats: int = 0
    breaks: int = 0
    refused: int = 0


def some_photos(chance: random.Random, count: int = 40) -> list[bytes]:
    """JPEG files as a canvas writes them, from two kilobytes to a quarter of a megabyte."""
    made = []
    for n in range(count):
        edge = 400 if n % 10 == 0 else chance.choice((24, 48, 96))
        noise = Image.frombytes("RGB", (edge, edge), chance.randbytes(edge * edge * 3))
        out = io.BytesIO()
        noise.save(out, "JPEG", quality=90)
        made.append(out.getvalue())
    return made


@dataclass
class Writer:
    house: House
    phone: Joined
    ledger: Ledger
    http: httpx.AsyncClient
    chance: random.Random
    photos: list[bytes]
    over: asyncio.Event
    seq: int = 0
    session: UUID = field(default_factory=uuid7)
    feeling: UUID = field(default_factory=uuid7)
    batches: list[list[UUID]] = field(default_factory=list)

    async def run(self) -> None:
        """Until `over`; what has been begun is brought home first."""
        while not self.over.is_set():
            await self.one_evening()

    async def one_evening(self) -> None:
        batch, photos = self.captured()
        await self.deliver(batch)
        self.batches.append(batch)
        for photo in photos:
            await self.bring_home(photo)
        if self.chance.random() < 0.2:
            self.ledger.repeats += 1
            await self.deliver(self.chance.choice(self.batches))

    # ------------------------------------------------------------ what is captured

    def captured(self) -> tuple[list[UUID], list[UUID]]:
        batch, photos = [], []
        for _ in range(self.chance.randint(1, 4)):
            observation, photo = uuid7(), uuid7()
            has_photo = self.chance.random() < 0.4
            batch.append(self.operation("observation.record", observation, self.seen([photo] if has_photo else [])))
            if has_photo:
                content = self.chance.choice(self.photos)
                self.ledger.photos[photo] = content
                batch.append(self.operation("photo.declare", photo, declaration(observation, content)))
                photos.append(photo)
        if self.chance.random() < 0.3:
            own = self.chance.choice(("safe", "neither", "unsafe"))
            felt = {"walk": self.phone.walk, "stop": self.phone.stop, "felt_at": _now(), "own": own, "counts": None}
            batch.append(self.operation("feeling.answer", self.feeling, felt))
        return batch, photos

    def seen(self, photos: list[UUID]) -> dict[str, Any]:
        return {
            "walk": self.phone.walk,
            "stop": None,
            "category": "bel.trasig",
            "severity": 3 if self.chance.random() < 0.05 else 1,
            "text": "Mörkt nästan hela vägen.",
            "position": None,
            "place_words": "vid tunnelns norra mynning",
            "seen_at": _now(),
            "photos": photos,
            "called": None,
            "checklist_item": None,
            "sent_alone": False,
        }

    def operation(self, type: str, entity: UUID, body: dict[str, Any]) -> UUID:
        self.seq += 1
        id = uuid7()
        told = {"id": id, "seq": self.seq, "type": type, "entity": entity, "base": None, "at": _now()}
        raw = msgspec.json.encode(told | {"mono_ms": 0, "session": self.session, "body": body})
        self.ledger.sent[id] = Sent(type, entity, raw)
        return id

    # ------------------------------------------------------------ operations up

    async def deliver(self, batch: list[UUID]) -> None:
        push = {
            "protocol": 1,
            "device": self.phone.device,
            "sent_at": _now(),
            "session": self.session,
            "mono_ms": 1_000,
            "operations": [msgspec.Raw(self.ledger.sent[id].raw) for id in batch],
        }
        answer = await self._until_answered("POST", "/sync/push", {}, msgspec.json.encode(push))
        if answer.status_code != 200:
            self.ledger.faults.append(f"a batch was answered {answer.status_code}: {answer.text[:200]}")
            return
        for id, outcome in zip(batch, answer.json()["outcomes"], strict=True):
            self._hear(id, outcome)

    def _hear(self, id: UUID, outcome: dict[str, Any]) -> None:
        is_done = outcome["outcome"] == "applied" or outcome.get("first") == "applied"
        if not is_done or outcome["id"] != str(id):
            self.ledger.faults.append(f"{id} was answered {outcome}")
            return
        told = Told(outcome.get("version"), (outcome.get("receipt") or {}).get("number"))
        before = self.ledger.told.setdefault(id, told)
        if before != told:
            self.ledger.faults.append(f"{id} was told {before} and then {told}")

    # ------------------------------------------------------------ photos up

    async def bring_home(self, photo: UUID) -> None:
        """As a phone does: create, send in pieces, ask after each break how far it came."""
        content = self.ledger.photos[photo]
        answer = await self._begun(photo, content)
        while answer.headers.get("trygg-photo") != "received":
            if _is_gone(answer):  # begun on a server that died before that was written down
                answer = await self._begun(photo, content)
            elif answer.status_code in {200, 204, 409}:
                answer = await self._send_on(photo, content, int(answer.headers.get("upload-offset", 0)))
            else:
                self.ledger.faults.append(f"photo {photo} was answered {answer.status_code} {answer.text[:100]}")
                return
        self.ledger.received.add(photo)

    async def _begun(self, photo: UUID, content: bytes) -> httpx.Response:
        """Created, and asked how far it is; both may have to be repeated."""
        told = f"photo {_b64(str(photo))},sha256 {_b64(hashlib.sha256(content).hexdigest())}"
        headers = TUS | {"Upload-Length": str(len(content)), "Upload-Metadata": told}
        answer = await self._until_answered("POST", "/uploads/", headers)
        return answer if answer.status_code != 201 else await self._until_answered("HEAD", f"/uploads/{photo}", TUS)

    async def _send_on(self, photo: UUID, content: bytes, offset: int) -> httpx.Response:
        whole = self.chance.random() < 0.5
        end = len(content) if whole else min(len(content), offset + self.chance.randint(1, len(content)))
        headers = TUS | {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        try:
            answer = await self.asked("PATCH", f"/uploads/{photo}", headers, content[offset:end])
            if answer.status_code not in _LATER:
                return answer
            self.ledger.refused += 1
        except httpx.HTTPError:
            self.ledger.breaks += 1
        await self._rest()
        return await self._until_answered("HEAD", f"/uploads/{photo}", TUS)

    # ------------------------------------------------------------ the wire

    async def _until_answered(
        self, method: str, path: str, headers: dict[str, str], body: bytes = b""
    ) -> httpx.Response:
        while True:
            try:
                answer = await self.asked(method, path, headers, body)
                if answer.status_code not in _LATER:
                    return answer
                self.ledger.refused += 1
            except httpx.HTTPError:
                self.ledger.breaks += 1
            await self._rest()

    async def asked(self, method: str, path: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        mine = {"Authorization": f"Bearer {self.phone.token}"} | headers
        return await self.http.request(method, self.house.url + path, headers=mine, content=body)

    async def _rest(self) -> None:
        await asyncio.sleep(self.chance.uniform(*_AGAIN_S))


def _is_gone(answer: httpx.Response) -> bool:
    """A create is refused with a 404 of its own, for good; after one that was granted there was an upload."""
    return answer.status_code == 460 or (answer.status_code == 404 and answer.request.method != "POST")


def _now() -> datetime:
    return datetime.now(UTC)


def _b64(text: str) -> str:
    return b64encode(text.encode()).decode()


def declaration(observation: UUID, content: bytes) -> dict[str, Any]:
    return {
        "of": {"kind": "observation", "id": observation},
        "role": "before",
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "media_type": "image/jpeg",
        "width": 96,
        "height": 96,
        "masks": 1,
        "taken_at": _now(),
    }


@dataclass
class Crowd:
    """All writers of a house on one client, as tasks that can be asked to stop."""

    house: House
    seed: str
    ledger: Ledger = field(default_factory=Ledger)
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def __aenter__(self) -> Self:
        chance = random.Random(self.seed)
        photos = some_photos(chance)
        limits = httpx.Limits(max_connections=len(self.house.joined), max_keepalive_connections=len(self.house.joined))
        self.http = httpx.AsyncClient(verify=False, trust_env=False, limits=limits, timeout=30)  # noqa: S501  # plain http
        self.writers = [
            Writer(self.house, phone, self.ledger, self.http, random.Random(f"{self.seed}{n}"), photos, self.over)
            for n, phone in enumerate(self.house.joined)
        ]
        self.tasks = [asyncio.create_task(writer.run()) for writer in self.writers]
        return self

    async def come_home(self) -> None:
        """No new evening is begun; what is under way is brought to its acknowledgement."""
        self.over.set()
        await asyncio.gather(*self.tasks)

    async def __aexit__(self, *_: object) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        await self.http.aclose()
