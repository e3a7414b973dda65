"""A house that can be killed: a prepared database, and `trygg serve` processes from a nursery."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self
from uuid import UUID

import httpx

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


class Nursery:
    """See tests/crash/nursery.py. `preload` is a library whose words stand before libc's."""

    def __init__(self, *plants: str, environment: dict[str, str] | None = None) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.nursery", *plants],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            text=True,
            env={**os.environ, **(environment or {})},
        )
        self._heard()

    def _heard(self) -> dict[str, int]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the nursery has died"
        heard: dict[str, int] = json.loads(line)
        return heard

    def _asked(self, **order: Any) -> dict[str, int]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._heard()

    def start(self, words: list[str], environment: dict[str, str], log: Path) -> int:
        return self._asked(start=words, environment=environment, log=str(log))["pid"]

    def wait(self, pid: int) -> int:
        """Until it is dead; its exit code, negative for a signal."""
        return self._asked(wait=pid)["status"]

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=20)
        self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


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
    pid: int | None = None
    starts: int = 0

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
        self.pid = self.nursery.start(["serve", "--port", str(self.port), *words], environment, self.log)
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
        assert self.pid is not None
        os.kill(self.pid, signal.SIGSTOP)
        stat = Path(f"/proc/{self.pid}/stat")
        until = time.monotonic() + 5
        while stat.read_text().rpartition(") ")[2][0] not in "TtZ" and time.monotonic() < until:
            time.sleep(0.001)

    def kill(self) -> int:
        return self.end(signal.SIGKILL)

    def end(self, with_signal: signal.Signals) -> int:
        """The exit code of the one that lived."""
        assert self.pid is not None
        pid, self.pid = self.pid, None
        with suppress(ProcessLookupError):
            os.kill(pid, with_signal)
        return self.nursery.wait(pid)


@contextmanager
def a_house(
    nursery: Nursery, data: Path, database_url: str, joined: list[Joined], log: Path, **more: Any
) -> Iterator[House]:
    house = House(nursery, data, database_url, log, joined, **more)
    try:
        yield house
    finally:
        if house.pid is not None:
            house.kill()
