"""The word that there is something new: to whom it comes, when it ends, and that nobody looks while nobody waits."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from tests import makers
from tests.journeys.house import Server
from tests.makers import LIDKOPING, Evening, Phone
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage.unit import Db, Unavailable
from trygghetsvandring.web import listeners
from trygghetsvandring.web.listeners import Live
from trygghetsvandring.web.live import scopes_of

evening = makers.evening
CHANGED = b"event: changed\ndata:\n\n"


class Ear:
    """One stream, read in the background."""

    def __init__(self, words: AsyncGenerator[bytes]) -> None:
        self.heard: list[bytes] = []
        self.came = asyncio.Event()
        self.words = words
        self.reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        async for word in self.words:
            self.heard.append(word)
            self.came.set()

    async def hears(self, word: bytes) -> None:
        while word not in self.heard:
            self.came.clear()
            await self.came.wait()

    async def closes(self) -> None:
        self.reading.cancel()
        await asyncio.gather(self.reading, return_exceptions=True)
        await self.words.aclose()


async def ear(live: Live, scopes: tuple[str, ...] = (), municipality: str = LIDKOPING) -> Ear:
    it = Ear(live.words(municipality, scopes))
    await it.hears(b"retry: 3000\n\n")
    return it


async def a_finding_comes_in(phone: Phone) -> None:
    (outcome,) = await phone.push(phone.observation())
    assert outcome.outcome == "applied"


async def test_a_desk_hears_of_what_comes_in_and_a_phone_only_of_what_it_may_see(evening: Evening) -> None:
    other = await evening.plan(walk=uuid7())
    mine, others = await evening.phone(), await evening.phone(other)
    live = Live(evening.store, every_s=0.01)
    desk, near, far = [
        await ear(live, scopes) for scopes in ((), scopes_of(mine.principal), scopes_of(others.principal))
    ]

    await a_finding_comes_in(mine)
    await asyncio.gather(desk.hears(CHANGED), near.hears(CHANGED))
    await asyncio.sleep(0.05)
    assert far.heard.count(CHANGED) == 0

    await a_finding_comes_in(others)
    await far.hears(CHANGED)
    for one in (desk, near, far):
        await one.closes()


async def test_another_municipality_hears_nothing(evening: Evening) -> None:
    phone = await evening.phone()
    live = Live(evening.store, every_s=0.01)
    here, elsewhere = await ear(live), await ear(live, municipality="grannby")

    await a_finding_comes_in(phone)
    await here.hears(CHANGED)
    await asyncio.sleep(0.05)

    assert CHANGED not in elsewhere.heard
    for one in (here, elsewhere):
        await one.closes()


async def test_nobody_looks_while_nobody_listens(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []
    several, head = asyncio.Event(), feed.head

    async def counted(db: Db, municipality: str) -> int:
        looked.append(municipality)
        if len(looked) == 3:
            several.set()
        return await head(db, municipality)

    monkeypatch.setattr(feed, "head", counted)
    live = Live(evening.store, every_s=0.001)
    one = await ear(live)
    await several.wait()

    await one.closes()
    before = len(looked)
    await asyncio.sleep(0.05)

    assert live.listening == 0
    assert len(looked) <= before + 1  # a look that was under way


async def test_a_database_that_is_away_ends_no_stream(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = await evening.phone()
    live = Live(evening.store, every_s=0.001)
    one = await ear(live)
    head, times = feed.head, [0]

    async def away_at_first(db: Db, municipality: str) -> int:
        times[0] += 1
        if times[0] < 5:
            raise Unavailable("away")
        return await head(db, municipality)

    monkeypatch.setattr(feed, "head", away_at_first)
    await a_finding_comes_in(phone)

    await one.hears(CHANGED)
    await one.closes()


async def test_the_end_of_the_server_is_the_end_of_every_stream(evening: Evening) -> None:
    live = Live(evening.store, every_s=timedelta(hours=1).total_seconds())
    streams = [await ear(live) for _ in range(3)]

    live.end()

    await asyncio.gather(*(stream.reading for stream in streams))
    assert live.listening == 0


async def test_one_more_than_it_serves_is_asked_to_come_back(evening: Evening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "MOST", 1)
    live = Live(evening.store)
    one = await ear(live)

    with pytest.raises(Unavailable):
        await anext(live.words(LIDKOPING, ()))

    assert live.listening == 1
    await one.closes()


def test_over_a_real_connection_and_the_server_still_ends_at_once(tmp_path: Path) -> None:
    server = Server(data=tmp_path, database_url=f"sqlite+aiosqlite:///{tmp_path / 'trygg.sqlite'}", smtp_url="")
    server.start()
    link: str = httpx.get(f"{server.url}/api/start").json()["walk"]["link"]
    asked = {"secret": link.partition("#g=")[2], "device": str(uuid7()), "alias": "Kim"}
    token = httpx.post(f"{server.url}/api/join", json=asked).json()["token"]

    with httpx.stream("GET", f"{server.url}/sync/live", headers={"Authorization": f"Bearer {token}"}) as stream:
        lines = stream.iter_lines()
        assert next(lines) == "retry: 3000"
        assert stream.headers["content-type"].startswith("text/event-stream")
        server.stop()
        assert [line for line in lines if line.startswith("event")] == []  # read to its proper end


def test_who_is_not_signed_in_hears_nothing(tmp_path: Path) -> None:
    server = Server(data=tmp_path, database_url=f"sqlite+aiosqlite:///{tmp_path / 'trygg.sqlite'}", smtp_url="")
    server.start()
    try:
        assert httpx.get(f"{server.url}/sync/live").status_code == 401
    finally:
        server.stop()
