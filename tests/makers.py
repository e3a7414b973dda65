"""A believable municipality, walk, desks and phones, on either database. The same people every time.

`database` is the fixture that runs a test twice: on SQLite and on the run's own PostgreSQL.
"""

import asyncio
import gzip
import hashlib
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
import psycopg
import pytest
import pytest_asyncio
from starlette.applications import Starlette

from tests.storage.postgres import Cluster
from trygghetsvandring import asgi
from trygghetsvandring.config import Settings
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import migrate, walks
from trygghetsvandring.storage.tables import metadata
from trygghetsvandring.storage.unit import Db, Store
from trygghetsvandring.sync.engine import Engine
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.sync.outcomes import OPERATIONS, operation
from trygghetsvandring.sync.wire import Outcome, Push

FRIDAY = datetime(2026, 11, 20, 18, 0, tzinfo=UTC)  # 19.00 in Lidköping: the walk begins
LIDKOPING = seed.MUNICIPALITY
SECRET = "HEMLIGT-GRANNKOMMUN"  # planted in the neighbour's texts: no answer to anyone else may hold it

COORDINATOR = Principal(
    municipality=LIDKOPING, role=Role.COORDINATOR, organisation="samordning", function="Trygghetssamordnare"
)
HANDLER = Principal(
    municipality=LIDKOPING, role=Role.HANDLER, organisation="gata-park", function="Handläggare, Gata och park"
)


def a_municipality(id: str = LIDKOPING, **changes: Any) -> Municipality:
    place = seed.lidkoping() if id == LIDKOPING else seed.blank(id, id.capitalize(), "GK")
    return replace(place, **changes)


# ---------------------------------------------------------------- databases


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied."""
    file = tmp_path_factory.mktemp("schema") / "template.sqlite"
    asyncio.run(migrate.upgrade(f"sqlite+aiosqlite:///{file}"))
    return file


@pytest.fixture(scope="session")
def postgres_schema(postgres: Cluster) -> str:
    """A migrated database, emptied before each test that uses it. It answers as a durable one would."""
    url = postgres.new_database()
    name = url.rsplit("/", 1)[1]
    with psycopg.connect(address(url), autocommit=True) as db:
        db.execute(f"ALTER DATABASE {name} SET synchronous_commit = on".encode("ascii"))
    asyncio.run(migrate.upgrade(url))
    return url


def address(url: str) -> str:
    return url.replace("postgresql+psycopg://", "postgresql://")


def emptied(url: str) -> str:
    """Only what has something in it is emptied, and row by row: new files for every table and index cost a test more
    than the test."""
    names = [table.name for table in metadata.sorted_tables if table.name != "meta"]
    each = "\n".join(f"IF EXISTS (SELECT FROM {it}) THEN DELETE FROM {it}; END IF;" for it in names)  # noqa: S608
    empty_them = f"""DO $$ BEGIN
        LOCK TABLE {", ".join(names)};
        SET LOCAL session_replication_role = replica;  -- nothing is left that could point at what has gone
        {each}
    END $$"""
    with psycopg.connect(address(url), autocommit=True) as db:
        db.execute("SET lock_timeout = '20s'")  # a test before this one may have left a transaction open
        try:
            db.execute(empty_them.encode("ascii"))
        except psycopg.errors.LockNotAvailable:
            pytest.fail(f"the database is still in use:\n{_in_use(db)}", pytrace=False)
    return url


def _in_use(db: psycopg.Connection) -> str:
    rows = db.execute(
        "SELECT pid, state, now() - xact_start, left(query, 200) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    ).fetchall()
    return "\n".join(str(row) for row in rows)


def copied(template: Path, folder: Path) -> str:
    file = folder / "trygg.sqlite"
    shutil.copy(template, file)
    return f"sqlite+aiosqlite:///{file}"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty, migrated database; every test that asks for it runs on both."""
    if request.param == "sqlite":
        yield copied(request.getfixturevalue("sqlite_template"), tmp_path)
    else:
        yield emptied(request.getfixturevalue("postgres_schema"))


@pytest_asyncio.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """With one municipality in it, and nothing else."""
    it = Store(database)
    await settle(it, a_municipality())
    yield it
    await it.close()


@pytest_asyncio.fixture
async def evening(database: str, tmp_path: Path) -> "AsyncIterator[Evening]":
    async with an_evening(database, tmp_path) as it:
        yield it


@pytest.fixture
def a_rule() -> Iterator[Callable[..., Callable[[Any], Any]]]:
    """Registers rules that only these tests have."""
    before = set(OPERATIONS)
    yield operation
    for name in set(OPERATIONS) - before:
        del OPERATIONS[name]


# ---------------------------------------------------------------- an evening


def settings(database: str, folder: Path, *, demo: bool = True) -> Settings:
    return Settings(
        data_dir=folder,
        database_url=database,
        public_url="https://trygg.test",
        smtp_url=None,
        mail_from="trygghet@lidkoping.example",
        key=bytes(32),
        demo=demo,
    )


@asynccontextmanager
async def an_evening(database: str, folder: Path, *, demo: bool = True) -> "AsyncIterator[Evening]":
    """The whole application with Lidköping and a planned walk in it; jobs are left lying."""
    times = {"now": FRIDAY}
    app = asgi.create(settings(database, folder, demo=demo), clock=lambda: times["now"], work=False)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="https://trygg.test") as http:
            it = Evening(app=app, http=http, times=times)
            await settle(it.store, a_municipality())
            await it.plan()
            yield it


@dataclass
class Evening:
    app: Starlette
    http: httpx.AsyncClient
    times: dict[str, datetime]
    walk: UUID = field(default_factory=uuid7)
    stop: UUID = field(default_factory=uuid7)

    @property
    def store(self) -> Store:
        it: Store = self.app.state.house.store
        return it

    @property
    def engine(self) -> Engine:
        it: Engine = self.app.state.house.engine
        return it

    @property
    def now(self) -> datetime:
        return self.times["now"]

    def passes(self, **time: float) -> datetime:
        self.times["now"] += timedelta(**time)
        return self.now

    async def act(self, type: str, entity: UUID, body: dict[str, Any], actor: Principal = COORDINATOR) -> Outcome:
        return await self.engine.act(actor.municipality, type, entity, body, self.now, actor=actor)

    async def plan(self, actor: Principal = COORDINATOR, walk: UUID | None = None, **changes: Any) -> UUID:
        """A walk with an open invite; the evening's own one when no id is given."""
        id = walk or self.walk
        for type, body in (("walk.plan", a_walk(self.stop) | changes), ("walk.invite", {"cap": 25})):
            outcome = await self.act(type, id, body, actor)
            assert outcome.outcome == "applied", outcome
        return id

    async def phone(
        self, walk: UUID | None = None, *, municipality: str = LIDKOPING, device: UUID | None = None
    ) -> "Phone":
        """A phone that has joined."""
        walk, device, token = walk or self.walk, device or uuid7(), f"token-{uuid7()}"
        async with self.store.read() as db:
            (invite,) = await walks.open_invites(db, municipality, walk)
        joined = Principal(municipality=municipality, role=Role.WALKER, walk=walk, function="En som gick")
        body = {
            "device": device,
            "invite": invite.id,
            "token_hash": digest(token),
            "alias": "Kim",
            "language": "sv",
        }
        outcome = await self.act("walk.join", walk, body, joined)
        assert outcome.outcome == "applied", outcome
        return Phone(evening=self, principal=replace(joined, device=device), device=device, walk=walk, token=token)


def a_walk(stop: UUID) -> dict[str, Any]:
    return {
        "name": "Margretelund, fredag kväll",
        "place": "Margretelund",
        "starts_at": FRIDAY,
        "ends_at": FRIDAY + timedelta(hours=2),
        "leader": "Maria",
        "meeting_point": "MG Fritidsgård",
        "recording": "own_phones",
        "stops": [
            {
                "id": stop,
                "number": 1,
                "name": "Gångtunneln vid Ösbyskolan",
                "place_type": "gangtunnel",
                "lat": 58.495,
                "lon": 13.176,
                "template": "gangtunnel",
            }
        ],
    }


@dataclass
class Phone:
    """What a phone does at the door. `wall` is how far its clock is off."""

    evening: Evening
    principal: Principal
    device: UUID
    walk: UUID
    token: str
    session: UUID = field(default_factory=uuid7)
    wall: timedelta = timedelta()
    seq: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def operation(self, type: str, entity: UUID, body: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        """As it would travel, numbered."""
        self.seq += 1
        return {
            "id": uuid7(),
            "seq": self.seq,
            "type": type,
            "entity": entity,
            "base": None,
            "at": self.evening.now + self.wall,
            "mono_ms": 0,
            "session": self.session,
            "body": {} if body is None else body,
        } | changes

    def observation(self, id: UUID | None = None, *, walk: UUID | None = None, **changes: Any) -> dict[str, Any]:
        body: dict[str, Any] = {
            "walk": walk or self.walk,
            "stop": None,
            "category": "bel.trasig",
            "severity": 1,
            "text": "Mörkt nästan hela vägen.",
            "position": None,
            "place_words": "vid tunnelns norra mynning",
            "seen_at": self.evening.now + self.wall,
            "photos": [],
            "called": None,
            "checklist_item": None,
            "sent_alone": False,
        }
        return self.operation("observation.record", id or uuid7(), body | changes)

    def feeling(self, id: UUID | None = None, **changes: Any) -> dict[str, Any]:
        """Changed as often as wanted: each answer on the same id makes a version."""
        body = {
            "walk": self.walk,
            "stop": self.evening.stop,
            "felt_at": self.evening.now + self.wall,
            "own": "unsafe",
            "counts": None,
        }
        return self.operation("feeling.answer", id or uuid7(), body | changes)

    def batch(self, *operations: Any, **changes: Any) -> bytes:
        """The body of a push. Bytes stand for themselves: what no phone of ours would send."""
        push = {
            "protocol": 1,
            "device": self.device,
            "sent_at": self.evening.now + self.wall,
            "session": self.session,
            "mono_ms": 1_000,
            "operations": [msgspec.Raw(op if isinstance(op, bytes) else msgspec.json.encode(op)) for op in operations],
        }
        return msgspec.json.encode(push | changes)

    async def push(self, *operations: Any, engine: Engine | None = None) -> list[Outcome]:
        """Straight through the door."""
        push = msgspec.json.decode(self.batch(*operations), type=Push)
        return (await (engine or self.evening.engine).push(self.principal, push, self.evening.now)).outcomes

    async def post(self, body: bytes, **headers: str) -> httpx.Response:
        """Over HTTP."""
        return await self.evening.http.post("/sync/push", content=body, headers=self.headers | headers)

    async def pull(self, cursor: str | None = None) -> "Pulled":
        """To the head of the feed, from `cursor` or from nothing."""
        changes: list[dict[str, Any]] = []
        while True:
            params = {"cursor": cursor} if cursor else {}
            answer = await self.evening.http.get("/sync/pull", params=params, headers=self.headers)
            assert answer.status_code == 200, answer.text
            page = answer.json()
            changes += page["changes"]
            cursor = page["cursor"]
            if not page["more"]:
                return Pulled(changes, page["cursor"])


@dataclass(frozen=True)
class Pulled:
    changes: list[dict[str, Any]]
    cursor: str

    def of(self, kind: str) -> dict[str, Any]:
        """Newest state by id."""
        return {it["id"]: it.get("state") for it in self.changes if it["kind"] == kind}


def packed(raw: bytes) -> bytes:
    return gzip.compress(raw, mtime=0)


def sha256(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


async def count(db: Db, table: str, where: str = "1=1") -> int:
    return int((await db.exec_driver_sql(f"SELECT count(*) FROM {table} WHERE {where}")).scalar_one())  # noqa: S608
