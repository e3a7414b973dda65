"""A house with one walk in it, and phones that send it photos: in process, or over a real connection."""

import hashlib
import shutil
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from starlette.applications import Starlette

from trygghetsvandring import asgi
from trygghetsvandring.config import Settings
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import migrate, people, records, walks
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.web.routing import House

EVENING = datetime(2026, 11, 20, 19, 41, tzinfo=UTC)
MUNICIPALITY = seed.MUNICIPALITY
TUS = {"Tus-Resumable": "1.0.0"}


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def settings(folder: Path) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=f"sqlite+aiosqlite:///{folder / 'trygg.sqlite'}",
        public_url="https://trygg.test",
        smtp_url=None,
        mail_from="trygghet@lidkoping.example",
        key=bytes(32),
        demo=True,
    )


@dataclass
class Evening:
    """`now` is what the server's clock shows; tests move it."""

    app: Starlette
    folder: Path
    http: httpx.AsyncClient
    now: datetime = EVENING
    walk: UUID = field(default_factory=uuid7)
    stop: UUID = field(default_factory=uuid7)

    @property
    def house(self) -> House:
        it = self.app.state.house
        assert isinstance(it, House)
        return it

    async def phone(self) -> "Phone":
        """A phone that has joined the walk."""
        device, token = uuid7(), f"token-{uuid7()}"
        async with self.house.store.read() as db:
            (invite,) = await walks.open_invites(db, MUNICIPALITY, self.walk)
        body = {
            "device": device,
            "invite": invite.id,
            "token_hash": digest(token),
            "alias": "Kim",
            "language": "sv",
        }
        actor = Principal(municipality=MUNICIPALITY, role=Role.WALKER, walk=self.walk)
        outcome = await self.house.engine.act(MUNICIPALITY, "walk.join", self.walk, body, self.now, actor=actor)
        assert outcome.outcome == "applied", outcome
        return Phone(self, device, token)

    async def photo(self, id: UUID) -> Photo:
        async with self.house.store.read() as db:
            found = await records.one(db, MUNICIPALITY, Photo, id)
        assert found is not None
        return found


@dataclass
class Phone:
    evening: Evening
    device: UUID
    token: str
    seq: int = 0

    @property
    def principal(self) -> Principal:
        return Principal(
            municipality=MUNICIPALITY,
            role=Role.WALKER,
            device=self.device,
            walk=self.evening.walk,
            function="En som gick",
        )

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **TUS}

    async def push(self, type: str, entity: UUID, body: dict[str, Any]) -> Any:
        """The outcome, as plain JSON."""
        self.seq += 1
        at = self.evening.now.isoformat()
        session = str(uuid7())
        operation = {
            "id": str(uuid7()),
            "seq": self.seq,
            "type": type,
            "entity": str(entity),
            "base": None,
            "at": at,
            "mono_ms": 1,
            "session": session,
            "body": body,
        }
        push = {"protocol": 1, "device": str(self.device), "sent_at": at, "session": session, "mono_ms": 2}
        answer = await self.evening.http.post(
            "/sync/push", json={**push, "operations": [operation]}, headers=self.headers
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["outcomes"][0]

    async def observe(self, **changes: Any) -> UUID:
        """An observation of this phone's; its id."""
        id = uuid7()
        body = {
            "walk": str(self.evening.walk),
            "stop": None,
            "category": "bel.trasig",
            "severity": 1,
            "text": "",
            "position": None,
            "place_words": "",
            "seen_at": self.evening.now.isoformat(),
            "photos": [],
            "called": None,
            "checklist_item": None,
            "sent_alone": False,
            **changes,
        }
        outcome = await self.push("observation.record", id, body)
        assert outcome["outcome"] == "applied", outcome
        return id

    async def declare(self, content: bytes, *, of: UUID | None = None, **changes: Any) -> UUID:
        """A photo that the server now expects; its id."""
        id = uuid7()
        outcome = await self.push("photo.declare", id, self.declaration(content, of=of, **changes))
        assert outcome["outcome"] == "applied", outcome
        return id

    def declaration(
        self, content: bytes, *, of: UUID | None = None, kind: str = "observation", **changes: Any
    ) -> dict[str, Any]:
        return {
            "of": {"kind": kind, "id": str(of or uuid7())},
            "role": "before",
            "sha256": sha256(content),
            "bytes": len(content),
            "media_type": "image/jpeg",
            "width": 640,
            "height": 480,
            "masks": 1,
            "taken_at": self.evening.now.isoformat(),
            **changes,
        }

    async def create(self, photo: UUID, content: bytes, **changes: str) -> httpx.Response:
        headers = {
            **self.headers,
            "Upload-Length": str(len(content)),
            "Upload-Metadata": f"photo {b64(str(photo))},sha256 {b64(sha256(content))}",
            **{name.replace("_", "-"): value for name, value in changes.items()},
        }
        return await self.evening.http.post("/uploads/", headers=headers)

    async def send(self, photo: UUID, offset: int, content: Any, **changes: str) -> httpx.Response:
        headers = {
            **self.headers,
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            **{name.replace("_", "-"): value for name, value in changes.items()},
        }
        return await self.evening.http.patch(f"/uploads/{photo}", headers=headers, content=content)

    async def where(self, photo: UUID) -> httpx.Response:
        return await self.evening.http.head(f"/uploads/{photo}", headers=self.headers)

    async def hand_over(self, content: bytes, *, of: UUID | None = None) -> UUID:
        """Declared, created and sent in one piece; the photo's id."""
        photo = await self.declare(content, of=of)
        await self.create(photo, content)
        answer = await self.send(photo, 0, content)
        assert answer.headers.get("Trygg-Photo") == "received", answer.text
        return photo

    async def get(self, photo: UUID, size: str = "320") -> httpx.Response:
        return await self.evening.http.get(f"/photos/{photo}?size={size}", headers=self.headers)


@dataclass
class Desk:
    """Somebody signed in at a desk, as one of the demo's people."""

    evening: Evening
    principal: Principal
    cookie: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Cookie": f"__Host-trygg={self.cookie}", "Sec-Fetch-Site": "same-origin", **TUS}

    async def act(self, type: str, entity: UUID, body: dict[str, Any]) -> None:
        engine = self.evening.house.engine
        outcome = await engine.act(MUNICIPALITY, type, entity, body, self.evening.now, actor=self.principal)
        assert outcome.outcome == "applied", outcome

    async def get(self, photo: UUID, size: str = "320") -> httpx.Response:
        return await self.evening.http.get(f"/photos/{photo}?size={size}", headers=self.headers)

    async def hand_over(self, content: bytes, *, task: UUID) -> UUID:
        """An after-photo of a task; its id."""
        photo, now = uuid7(), self.evening.now.isoformat()
        facts = {"sha256": sha256(content), "bytes": len(content), "media_type": "image/jpeg", "taken_at": now}
        size = {"width": 640, "height": 480, "masks": 0}
        of = {"of": {"kind": "task", "id": str(task)}, "role": "after"}
        await self.act("photo.declare", photo, {**facts, **size, **of})
        told = f"photo {b64(str(photo))},sha256 {b64(sha256(content))}"
        headers = {**self.headers, "Upload-Length": str(len(content)), "Upload-Metadata": told}
        created = await self.evening.http.post("/uploads/", headers=headers)
        assert created.status_code == 201, created.text
        piece = {**self.headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
        sent = await self.evening.http.patch(f"/uploads/{photo}", headers=piece, content=content)
        assert sent.headers.get("Trygg-Photo") == "received", sent.text
        return photo


async def at_the_desk(evening: Evening, login: str) -> Desk:
    token = f"cookie-{uuid7()}"
    async with evening.house.store.write() as db:
        user = await people.by_login(db, login)
        assert user is not None
        device = uuid7()
        expires = evening.now + timedelta(hours=12)
        await people.begin_session(
            db,
            token_hash=digest(token),
            municipality=user.municipality,
            user=user.id,
            device=device,
            now=evening.now,
            expires_at=expires,
        )
    principal = Principal(
        municipality=user.municipality,
        role=Role(user.role),
        device=device,
        user=user.id,
        organisation=user.organisation,
        function=user.function,
    )
    return Desk(evening, principal, token)


async def a_task_of(evening: Evening, observation: UUID, department: str = "gata-park") -> UUID:
    """A task that grew from the observation and that the department has."""
    coordinator, task = await at_the_desk(evening, "samordnare@lidkoping"), uuid7()
    review = {"category": "bel.trasig", "severity": 1, "note": ""}
    await coordinator.act("observation.review", observation, review)
    await coordinator.act("task.create", task, {"title": "Lampa", "observations": [str(observation)], "priority": 2})
    due = {"department": department, "explanation": "Belysning", "due_on": "2026-12-04"}
    await coordinator.act("task.assign", task, due)
    return task


def b64(text: str) -> str:
    return b64encode(text.encode()).decode()


@asynccontextmanager
async def an_evening(folder: Path, template: Path, **changes: Any) -> AsyncIterator[Evening]:
    """`template` is a seeded municipality's database, as it was three hours before. `changes` are to the settings."""
    shutil.copy(template, folder / "trygg.sqlite")
    holder: list[Evening] = []
    told = replace(settings(folder), **changes)
    app = asgi.create(told, clock=lambda: holder[0].now if holder else EVENING, work=False)
    transport = httpx.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="https://trygg.test") as http,
    ):
        evening = Evening(app, folder, http)
        holder.append(evening)
        async with evening.house.store.read() as db:
            (walk,) = await walks.latest_first(db, MUNICIPALITY)
        evening.walk, evening.stop = walk.id, walk.stops[0].id
        yield evening


async def a_seeded_database(file: Path) -> Path:
    url = f"sqlite+aiosqlite:///{file}"
    await migrate.upgrade(url)
    store = Store(url)
    try:
        await seed.load(Engine(store, key=bytes(32)), "no password", EVENING - timedelta(hours=3))
    finally:
        await store.close()
    return file
