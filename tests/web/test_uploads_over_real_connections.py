"""Uploads against two real server processes on one folder: cut at random bytes, in parallel, from dead senders."""

import asyncio
import hashlib
import os
import random
import signal
import socket
import struct
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import httpx
import pytest_asyncio

from tests.imaging.makers import picture, saved
from tests.web.phones import EVENING, MUNICIPALITY, Evening, Phone, b64, sha256
from trygghetsvandring.domain.photos import PhotoState
from trygghetsvandring.storage.photos import received_key

pytest_plugins = ["tests.web.evenings"]

PHOTOS, SENDERS, CUTS, SEED = 10, 3, 3, 20_261_120


@dataclass
class Answer:
    status: int
    headers: dict[str, str]

    @property
    def offset(self) -> int:
        return int(self.headers.get("upload-offset", 0))

    @property
    def is_received(self) -> bool:
        return self.headers.get("trygg-photo") == "received"


@dataclass
class Line:
    """One phone's way to one server, a connection per request so that each can be cut."""

    port: int
    phone: Phone

    async def ask(self, photo: UUID) -> Answer | None:
        return await self._exchange(f"HEAD /uploads/{photo}", {}, b"", None)

    async def create(self, photo: UUID, content: bytes) -> Answer | None:
        told = f"photo {b64(str(photo))},sha256 {b64(sha256(content))}"
        headers = {"Upload-Length": str(len(content)), "Upload-Metadata": told, "Content-Length": "0"}
        return await self._exchange("POST /uploads/", headers, b"", None)

    async def send(self, photo: UUID, offset: int, rest: bytes, cut_at: int | None) -> Answer | None:
        """None when the line was cut before an answer came."""
        headers = {
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
            "Content-Length": str(len(rest)),
        }
        return await self._exchange(f"PATCH /uploads/{photo}", headers, rest, cut_at)

    async def open(self, photo: UUID, offset: int, rest: bytes, sent: int) -> asyncio.StreamWriter:
        """A sender that falls silent in the middle of its bytes and never closes."""
        _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        headers = {"Upload-Offset": str(offset), "Content-Length": str(len(rest))}
        head = self._head(f"PATCH /uploads/{photo}", headers | {"Content-Type": "application/offset+octet-stream"})
        writer.write(head + rest[:sent])
        await writer.drain()
        return writer

    def _head(self, what: str, headers: dict[str, str]) -> bytes:
        every = {"Host": "127.0.0.1", "Connection": "close", **self.phone.headers, **headers}
        lines = [f"{what} HTTP/1.1", *(f"{name}: {value}" for name, value in every.items()), "", ""]
        return "\r\n".join(lines).encode()

    async def _exchange(self, what: str, headers: dict[str, str], body: bytes, cut_at: int | None) -> Answer | None:
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return None
        try:
            raw = self._head(what, headers) + body
            writer.write(raw if cut_at is None else raw[:cut_at])
            await writer.drain()
            if cut_at is not None:
                _reset(writer)
                return None
            return _answer(await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 20))
        except (OSError, asyncio.IncompleteReadError):
            return None
        finally:
            writer.close()


def _reset(writer: asyncio.StreamWriter) -> None:
    """As a tunnel cuts: no goodbye, and what the server has not read is gone."""
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _answer(raw: bytes) -> Answer:
    first, *lines = raw.decode("latin-1").strip().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in lines)
    return Answer(int(first.split()[1]), headers)


class Servers:
    """Two processes on one data folder; each can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ports = [_free_port(), _free_port()]
        self.running = [self._start(port) for port in self.ports]

    def _start(self, port: int) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "TRYGG_DATA_DIR": str(self.folder),
            "TRYGG_KEY": bytes(32).hex(),
            "PYTHONPATH": str(Path(__file__).parents[2]),
        }
        command = ["-m", "uvicorn", "--factory", "trygghetsvandring.asgi:app", "--port", str(port)]
        return subprocess.Popen([sys.executable, *command, "--log-level", "error"], env=environment)

    async def are_up(self) -> None:
        async with httpx.AsyncClient() as http:
            until = time.monotonic() + 90
            for port in self.ports:
                while True:
                    try:
                        await http.get(f"http://127.0.0.1:{port}/healthz")
                        break
                    except httpx.TransportError:
                        assert time.monotonic() < until, "the server did not start"
                        await asyncio.sleep(0.05)

    async def kill_and_start(self, number: int) -> None:
        self.running[number].send_signal(signal.SIGKILL)
        await asyncio.to_thread(self.running[number].wait)
        self.running[number] = self._start(self.ports[number])

    def stop(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@pytest_asyncio.fixture
async def servers(evening: Evening) -> AsyncIterator[Servers]:
    it = Servers(evening.folder)
    try:
        await it.are_up()
        yield it
    finally:
        it.stop()


def some_photo(chance: random.Random) -> bytes:
    noisy = picture(chance.randrange(300, 900), chance.randrange(300, 900)).effect_spread(chance.randrange(1, 40))
    return saved(noisy, quality=chance.randrange(40, 95))


@dataclass
class BadNetwork:
    """Every photo's line is cut `CUTS` times before any of it may get through whole; at some of the cuts a server dies.

    Counted in cuts and not in seconds: a fast server would have the photos before the trouble began.
    """

    servers: Servers
    chance: random.Random
    deaths: dict[int, int] = field(default_factory=lambda: {CUTS * 2: 0, CUTS * 5: 1, CUTS * 8: 0})
    cuts: Counter[UUID] = field(default_factory=Counter)

    async def cut_at(self, photo: UUID, length: int) -> int | None:
        """Where the line breaks, None when it holds; the request's own head is some hundred bytes more."""
        if self.cuts[photo] >= CUTS and self.chance.random() > 0.6:
            return None
        self.cuts[photo] += 1
        dies = self.deaths.pop(self.cuts.total(), None)
        if dies is not None:
            await self.servers.kill_and_start(dies)
        return self.chance.randrange(length if self.cuts[photo] <= CUTS else length + 400)


async def bring_home(line: Line, photo: UUID, content: bytes, network: BadNetwork | None = None) -> None:
    """Sends until the server says that it has it."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        answer = await line.ask(photo)
        if answer is not None and answer.status == 404:
            answer = await line.create(photo, content)
        if answer is None or answer.status >= 400:
            await asyncio.sleep(0.05)
            continue
        if answer.is_received:
            return
        rest = content[answer.offset :]
        await line.send(photo, answer.offset, rest, await network.cut_at(photo, len(rest)) if network else None)
        await asyncio.sleep(network.chance.random() * 0.05 if network else 0)
    raise AssertionError(f"{photo} never came home")


async def test_no_photo_is_damaged_doubled_or_lost_on_a_bad_network(evening: Evening, servers: Servers) -> None:
    chance = random.Random(SEED)
    phone = await evening.phone()
    contents = {await phone.declare(content): content for content in (some_photo(chance) for _ in range(PHOTOS))}
    network = BadNetwork(servers, chance)

    await asyncio.gather(
        *(
            bring_home(Line(servers.ports[n % 2], phone), photo, content, network)
            for photo, content in contents.items()
            for n in range(SENDERS)
        )
    )

    assert network.deaths == {}
    assert min(network.cuts[photo] for photo in contents) >= CUTS  # the network was really bad
    for photo, content in contents.items():
        row = await evening.photo(photo)
        assert row.state in {PhotoState.RECEIVED, PhotoState.ACCEPTED}
        stored = await evening.house.blobs.read(received_key(MUNICIPALITY, photo))
        assert hashlib.sha256(stored or b"").hexdigest() == sha256(content)
    assert list((evening.folder / "partial").rglob("*.part")) == []


async def test_a_sender_that_fell_silent_is_overtaken_within_a_moment(evening: Evening, servers: Servers) -> None:
    phone = await evening.phone()
    content = some_photo(random.Random(SEED))
    photo = await phone.declare(content)
    dead, alive = Line(servers.ports[0], phone), Line(servers.ports[1], phone)
    await dead.create(photo, content)
    silent = await dead.open(photo, 0, content, 3000)
    await asyncio.sleep(0.3)
    started = time.monotonic()

    answer = await alive.ask(photo)

    assert answer is not None
    assert answer.offset == 3000
    assert time.monotonic() - started < 8  # the lock is given up after 10 s, a silent sender after 60
    last = await alive.send(photo, 3000, content[3000:], None)
    assert last is not None
    assert last.is_received
    silent.close()


async def test_ten_creates_at_once_make_one_upload(evening: Evening, servers: Servers) -> None:
    phone = await evening.phone()
    content = some_photo(random.Random(SEED))
    photo = await phone.declare(content)

    answers = await asyncio.gather(*(Line(servers.ports[n % 2], phone).create(photo, content) for n in range(10)))

    assert {answer and (answer.status, answer.headers["location"]) for answer in answers} == {
        (201, f"/uploads/{photo}")
    }
    assert len(list((evening.folder / "partial").rglob("*.part"))) == 1


async def test_ten_whole_photos_at_once_are_one_receipt_and_no_damage(evening: Evening, servers: Servers) -> None:
    phone = await evening.phone()
    content = some_photo(random.Random(SEED))
    photo = await phone.declare(content)
    lines = [Line(servers.ports[n % 2], phone) for n in range(10)]
    await lines[0].create(photo, content)

    await asyncio.gather(*(line.send(photo, 0, content, None) for line in lines))
    await bring_home(lines[0], photo, content)

    row = await evening.photo(photo)
    assert row.version <= 3  # declared, received, and perhaps accepted by now
    assert row.received_at is not None
    assert row.received_at > EVENING
    assert await evening.house.blobs.digest(received_key(MUNICIPALITY, photo)) == sha256(content)
