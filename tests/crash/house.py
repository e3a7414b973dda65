"""A house that can be killed: a prepared database, and `trygg serve` processes from a nursery."""

import asyncio
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import httpx

from tests.nurseries import Child, Nursery
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.people import Principal, Role
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import migrate, walks
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync import ops as _ops  # noqa: F401  # registers every operation
from trygghetsvandring.sync.engine import Engine

ROOT: Final = Path(__file__).parents[2]
MUNICIPALITY: Final = seed.MUNICIPALITY
KEY: Final = bytes(32)
WRITERS: Final = 20
_STARTS_WITHIN_S: Final = 60.0


@dataclass(frozen=True, kw_only=True)
class Joined:
    """A phone that has joined the walk."""

    device: UUID
    token: str
    walk: UUID
    stop: UUID


async def prepare(url: str, phones: int = WRITERS) -> list[Joined]:
    """Lidköping with its walk in an empty database, and phones that have joined it."""
    await migrate.upgrade(url)
    store = Store(url)
    engine = Engine(store, key=KEY)
    now = datetime.now(UTC)
    try:
        await seed.load(engine, "no password", now)
        async with store.read() as db:
            (walk,) = await walks.latest_first(db, MUNICIPALITY)
            (invite,) = await walks.open_invites(db, MUNICIPALITY, walk.id)
        actor = Principal(municipality=MUNICIPALITY, role=Role.WALKER, walk=walk.id)
        joined = []
        for _ in range(phones):
            it = Joined(device=uuid7(), token=f"token-{uuid7()}", walk=walk.id, stop=walk.stops[0].id)
            body = {"device": it.device, "invite": invite.id, "token_hash": digest(it.token), "alias": "Kim"}
            done = await engine.act(MUNICIPALITY, "walk.join", walk.id, body | {"language": "sv"}, now, actor=actor)
            assert done.outcome == "applied", done
            joined.append(it)
        return joined
    finally:
        await store.close()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """One data folder, one database, and the server process that lives on them just now."""

    nursery: Nursery
    data: Path
    database_url: str
    log: Path
    joined: list[Joined]
    smtp_url: str = ""
    port: int = field(default_factory=free_port)
    child: Child | None = None
    starts: int = 0

    @property
    def pid(self) -> int:
        assert self.child is not None
        return self.child.pid

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def database_file(self) -> Path | None:
        """None on PostgreSQL."""
        _, _, file = self.database_url.partition("sqlite+aiosqlite:///")
        return Path(file) if file else None

    def begin(self, *words: str) -> None:
        """Forks the server, and does not wait for it to answer."""
        environment = {
            "TRYGG_DATA_DIR": str(self.data),
            "TRYGG_DATABASE_URL": self.database_url,
            "TRYGG_SMTP_URL": self.smtp_url,
            "TRYGG_KEY": KEY.hex(),
            "TRYGG_PUBLIC_URL": self.url,
        }
        self.child = self.nursery.start(["serve", "--port", str(self.port), *words], environment, self.log)
        self.starts += 1

    async def answers(self) -> None:
        """Returns when the server says that it is well."""
        until = time.monotonic() + _STARTS_WITHIN_S
        async with httpx.AsyncClient(verify=False, trust_env=False) as http:  # noqa: S501  # plain http
            while time.monotonic() < until:
                with suppress(httpx.HTTPError, ValueError):
                    if (await http.get(f"{self.url}/healthz", timeout=5)).json()["ok"]:
                        return
                await asyncio.sleep(0.02)
        raise AssertionError(f"the server did not start again:\n{self.log.read_text()[-4000:]}")

    async def start(self, *words: str) -> None:
        self.begin(*words)
        await self.answers()

    def freeze(self) -> None:
        """Returns when every thread of it has stopped."""
        os.kill(self.pid, signal.SIGSTOP)
        stat = Path(f"/proc/{self.pid}/stat")
        until = time.monotonic() + 5
        while stat.read_text().rpartition(") ")[2][0] not in "TtZ" and time.monotonic() < until:
            time.sleep(0.001)

    def kill(self) -> int:
        return self.end(signal.SIGKILL)

    def end(self, with_signal: signal.Signals) -> int:
        """The exit code of the one that lived."""
        assert self.child is not None
        child, self.child = self.child, None
        child.send_signal(with_signal)
        return child.wait()


@contextmanager
def a_house(
    nursery: Nursery, data: Path, database_url: str, joined: list[Joined], log: Path, **more: Any
) -> Iterator[House]:
    house = House(nursery, data, database_url, log, joined, **more)
    try:
        yield house
    finally:
        if house.child is not None:
            house.kill()
