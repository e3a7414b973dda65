"""One phone's evening, again and again, while one call of the server's fails at a time."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx

from tests.crash.faults import Faults
from tests.crash.house import House, a_house, prepare
from tests.crash.judge import Judge
from tests.crash.writers import Ledger, Writer, declaration, some_photos
from tests.nurseries import Nursery
from trygghetsvandring.domain.ids import uuid7

_EVENING_S = 60.0
# What is promised stands in the log; a write to the database's own file only moves it there, and is made again.
_MOVED_THERE = "write /trygg.sqlite"


@dataclass
class Watched(Writer):
    """Notes what was acknowledged by an answer during which a call failed."""

    faults: Faults | None = None
    bold: list[str] = field(default_factory=list)

    def captured(self) -> tuple[list[UUID], list[UUID]]:
        """The same each evening, so that the k-th call is the same call: one finding and its photo."""
        # Photos lie in folders by their id's last byte: the same one, so that no evening makes a folder more.
        observation, photo, content = uuid7(), UUID(int=uuid7().int | 0xFF), self.photos[1]
        self.ledger.photos[photo] = content
        seen = self.operation("observation.record", observation, self.seen([photo]))
        return [seen, self.operation("photo.declare", photo, declaration(observation, content))], [photo]

    async def asked(self, method: str, path: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        assert self.faults is not None
        before = self.faults.failed
        answer = await super().asked(method, path, headers, body)
        is_promise = path == "/sync/push" or answer.headers.get("trygg-photo") == "received"
        is_moving = self.faults.what == _MOVED_THERE
        if self.faults.failed > before and answer.is_success and is_promise and not is_moving:
            self.bold.append(f"{method} {path} was acknowledged although this failed: {self.faults.what}")
        return answer


@dataclass
class Street:
    """A house on a disk whose calls can fail, one phone, and somebody who starts the server again when it stops."""

    house: House
    faults: Faults
    phone: Watched
    judge: Judge
    wrong: list[str] = field(default_factory=list)
    restarts: int = 0

    async def evening(self) -> None:
        """One finding with its photo: sent, repeated, brought home at last. A server that stops is started again."""
        watching = asyncio.create_task(self._watch())
        try:
            batch, photos = self.phone.captured()
            async with asyncio.timeout(_EVENING_S):
                await self.phone.deliver(batch)
                for photo in photos:
                    await self.phone.bring_home(photo)
        except TimeoutError:
            self.wrong.append(f"the phone never came home after this failed: {self.faults.what}")
        finally:
            watching.cancel()
            with suppress(asyncio.CancelledError):
                await watching

    async def evening_with(self, at: int, error: int, *, torn: bool = False) -> bool:
        """An evening in which the `at`-th call fails; False when there were fewer calls."""
        before = self.restarts
        with self.faults.armed(at, error, torn=torn):
            await self.evening()
        if not await self.is_well():
            await self.start_again()
        if self.faults.was_fsync and self.restarts == before:
            self.wrong.append(f"the server went on writing after this failed: {self.faults.what}")
        self.look()
        return self.faults.failed > 0

    async def start_with(self, at: int, error: int) -> bool:
        """A start in which the `at`-th call fails, then one in which none does; False when there were fewer calls."""
        self.house.kill()
        with self.faults.armed(at, error):
            self.house.begin("--no-jobs")
            for _ in range(40):
                if self.faults.failed or await self.is_well():
                    break
                await asyncio.sleep(0.05)
        await self.start_again()
        self.look()
        return self.faults.failed > 0

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(0.05)
            if not await self.is_well():
                await self.start_again()

    async def is_well(self) -> bool:
        with suppress(httpx.HTTPError):
            return (await self.phone.http.get(f"{self.house.url}/healthz", timeout=5)).is_success
        return False

    async def start_again(self) -> None:
        self.house.kill()
        self.restarts += 1
        await self.house.start("--no-jobs")

    def look(self) -> None:
        """Of a living server: nothing is under way, so what is written is what there is."""
        self.wrong += self.judge.look()
        self.wrong += self.phone.bold
        self.phone.bold.clear()


@asynccontextmanager
async def a_street(folder: Path, seed: str, *plants: str) -> AsyncIterator[Street]:
    """On SQLite, in a folder of its own, with the server running."""
    data = folder / "data"
    data.mkdir()
    url = f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}"
    joined = await prepare(url, phones=1)
    faults, chance, ledger = Faults(folder, data), random.Random(seed), Ledger()
    with (
        Nursery(*plants, environment=faults.environment) as nursery,
        a_house(nursery, data, url, joined, folder / "server.log") as house,
    ):
        async with httpx.AsyncClient(verify=False, trust_env=False, timeout=30) as http:  # noqa: S501  # plain http
            phone = Watched(house, joined[0], ledger, http, chance, some_photos(chance), asyncio.Event(), faults=faults)
            await house.start("--no-jobs")
            yield Street(house, faults, phone, Judge(house, ledger))
