"""Two field teams of two organisations, a desk for every role, and one whole application on a file of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
from starlette.applications import Starlette

from trygghetsvandring import asgi
from trygghetsvandring.config import Settings
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import pass_id, uuid7
from trygghetsvandring.domain.people import Device, Role
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import migrate, people, records
from trygghetsvandring.storage.people import User
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.sync.municipalities import settle

FRIDAY = datetime(2026, 11, 20, 20, 40, tzinfo=UTC)  # 21.40 in Lidköping
EVENING = "2026-11-20"
TEAM = "socialtjansten"
OTHER_TEAM = "nattvandrarna"


def own_pass(evening: str = EVENING, organisation: str = TEAM) -> UUID:
    return pass_id(organisation, evening, "field_shift")


def a_place(**changes: Any) -> dict[str, Any]:
    """What a phone says of one place. A key with underscore, `pass_`, is written as the wire has it."""
    body = {
        "pass": own_pass(),
        "place": "nya-stadens-torg",
        "area": "Lidköping",
        "at": FRIDAY,
        "band": "6-15",
        "mood": "calm",
        "substances": "none",
        "action": "talk",
        "minutes": None,
        "ages": None,
        "activity": None,
        "noise": None,
    }
    return body | {name.rstrip("_"): value for name, value in changes.items()}


@dataclass
class Desk:
    """Somebody signed in. `token` is the session's; with `is_phone` it is a phone's own instead."""

    house: "House"
    role: Role
    organisation: str
    device: UUID = field(default_factory=uuid7)
    token: str = field(default_factory=lambda: f"token-{uuid7()}")
    is_phone: bool = False

    @property
    def headers(self) -> dict[str, str]:
        if self.is_phone:
            return {"Authorization": f"Bearer {self.token}"}
        return {"Cookie": f"__Host-trygg={self.token}", "Sec-Fetch-Site": "same-origin"}

    async def get(self, path: str) -> httpx.Response:
        return await self.house.http.get(path, headers=self.headers)

    async def push(self, *operations: tuple[str, UUID, dict[str, Any]]) -> list[dict[str, Any]]:
        """(type, entity, body) each; the outcomes in the same order."""
        sent = [
            {"id": uuid7(), "seq": None, "type": type, "entity": entity, "base": None, "at": FRIDAY, "body": body}
            for type, entity, body in operations
        ]
        push = {
            "protocol": 1,
            "device": self.device,
            "sent_at": self.house.now,
            "session": uuid7(),
            "mono_ms": 0,
            "operations": sent,
        }
        answer = await self.house.http.post("/sync/push", content=msgspec.json.encode(push), headers=self.headers)
        assert answer.status_code == 200, answer.text
        outcomes: list[dict[str, Any]] = answer.json()["outcomes"]
        return outcomes

    async def opens_pass(self, evening: str = EVENING, adults: int | None = 2) -> UUID:
        id = own_pass(evening, self.organisation)
        (outcome,) = await self.push(
            ("presence.pass", id, {"evening": evening, "kind": "field_shift", "adults": adults})
        )
        assert outcome["outcome"] == "applied", outcome
        return id

    async def logs(self, **changes: Any) -> UUID:
        """An entry that is taken; its id."""
        id = uuid7()
        body = a_place(**({"pass_": own_pass(organisation=self.organisation)} | changes))
        (outcome,) = await self.push(("presence.log", id, body))
        assert outcome["outcome"] == "applied", outcome
        return id

    async def pulled(self, kind: str) -> dict[str, Any]:
        """The newest state of everything of this kind that this asker's feed holds, by id."""
        answer = await self.get("/sync/pull")
        assert answer.status_code == 200, answer.text
        return {change["id"]: change["state"] for change in answer.json()["changes"] if change["kind"] == kind}


@dataclass
class House:
    app: Starlette
    http: httpx.AsyncClient
    times: dict[str, datetime]

    @property
    def now(self) -> datetime:
        return self.times["now"]

    @property
    def store(self) -> Store:
        it: Store = self.app.state.house.store
        return it

    @property
    def engine(self) -> Engine:
        it: Engine = self.app.state.house.engine
        return it

    async def somebody(self, role: Role, organisation: str) -> Desk:
        """A new user of the organisation, with a device of their own."""
        desk = Desk(self, role, organisation)
        user = uuid7()
        async with self.store.write() as db:
            await people.add_user(
                db,
                User(
                    municipality=seed.MUNICIPALITY,
                    id=user,
                    login=f"{user}@lidkoping",
                    function=str(role),
                    role=role,
                    organisation=organisation,
                    password_hash="none",
                    demo=False,
                    disabled_at=None,
                ),
            )
            await people.begin_session(
                db,
                token_hash=digest(desk.token),
                municipality=seed.MUNICIPALITY,
                user=user,
                device=desk.device,
                now=self.now,
                expires_at=datetime(2027, 1, 1, tzinfo=UTC),
            )
        return desk

    async def walker(self) -> Desk:
        """A volunteer's phone that has joined some walk."""
        phone = Desk(self, Role.WALKER, "", is_phone=True)
        device = Device(
            id=phone.device,
            version=1,
            kind="walk",
            token_hash=digest(phone.token),
            walk=uuid7(),
            user=None,
            organisation=None,
            alias="Kim",
            language="sv",
            joined_at=self.now,
            last_seen_at=self.now,
        )
        async with self.store.write() as db:
            await records.save(db, seed.MUNICIPALITY, [device], self.now)
        return phone

    async def team(self, organisation: str = TEAM) -> Desk:
        return await self.somebody(Role.FIELD_SECRETARY, organisation)

    async def coordinator(self) -> Desk:
        return await self.somebody(Role.COORDINATOR, "samordning")

    async def settles(self, **changes: Any) -> None:
        """Lidköping with other settings."""
        place = seed.lidkoping()
        await settle(self.store, replace(place, version=place.version + 1, **changes))


@asynccontextmanager
async def a_house(folder: Path) -> AsyncIterator[House]:
    """The whole application with Lidköping in it; jobs are left lying."""
    database = f"sqlite+aiosqlite:///{folder / 'trygg.sqlite'}"
    await migrate.upgrade(database)
    times = {"now": FRIDAY}
    settings = Settings(
        data_dir=folder,
        database_url=database,
        public_url="https://trygg.test",
        smtp_url=None,
        mail_from="trygghet@lidkoping.example",
        key=bytes(32),
        demo=True,
    )
    app = asgi.create(settings, clock=lambda: times["now"], work=False)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="https://trygg.test") as http:
            it = House(app=app, http=http, times=times)
            await settle(it.store, seed.lidkoping())
            yield it
