"""W2: forty photos of 2.4 MB over four connections by tus, each cut off at 60 % and resumed from what the server has.

The product and a bare tus handler (`bench/upload_limit.py`) take turns with the same bytes. The product signs in,
holds the photo to its declaration, hashes it, reads its markers, moves it into place and commits its row; the limit
appends and fsyncs. Making copies is a job of its own, measured in `derivatives`: the product runs without jobs here.
"""

import asyncio
import hashlib
import random
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
from PIL import Image

from bench.cost import cpu_s
from bench.history import Figures, median
from bench.push import joined
from tests.journeys.house import Server, free_port
from trygghetsvandring.domain.ids import uuid7

PHOTOS = 40
MB = 2.4
LINES = 4
CUT_AT = 0.6
ROUNDS = 5
RATIO, CPU_S_PER_GB = 0.7, 4.5
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Content:
    bytes: bytes
    digest: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Round:
    """`kept`: how much of what was sent before its cut the server still had, of all cuts."""

    seconds: float
    cpu: float
    kept: float

    @property
    def mb_s(self) -> float:
        return PHOTOS * MB / self.seconds


@dataclass
class Target:
    """A server to send to. `begins` are the heads of the creates, one for each photo of the round."""

    port: int
    pid: int
    headers: dict[str, str] = field(default_factory=dict)

    async def round(self, photos: Sequence[tuple[str, Content]]) -> Round:
        """`photos`: what the create says beside its length, and the bytes."""
        waiting = list(reversed(photos))
        kept: list[float] = []

        async def line() -> None:
            while waiting:
                said, content = waiting.pop()
                kept.append(await self._send(said, content))

        cpu, start = cpu_s(self.pid), time.perf_counter()
        await asyncio.gather(*(line() for _ in range(LINES)))
        seconds = time.perf_counter() - start
        return Round(seconds, cpu_s(self.pid) - cpu, sum(kept) / len(kept))

    async def _send(self, said: str, content: Content) -> float:
        size, cut = len(content.bytes), int(len(content.bytes) * CUT_AT)
        async with self._line() as (reader, writer):
            length = {"Upload-Length": str(size), "Upload-Metadata": said, "Content-Length": "0"}
            status, headers = await self._ask(reader, writer, "POST /uploads/", length)
            assert status == 201, (status, headers)
            place = headers["location"]
            writer.write(self._head(f"PATCH {place}", _bytes(0, size)) + content.bytes[:cut])
            await writer.drain()
            writer.transport.abort()
        async with self._line() as (reader, writer):
            status, headers = await self._ask(reader, writer, f"HEAD {place}", {})
            assert status == 200, (status, headers)
            offset = int(headers["upload-offset"])
            patch = self._head(f"PATCH {place}", _bytes(offset, size - offset))
            writer.write(patch + content.bytes[offset:])
            status, headers = await _answer(reader)
            assert status == 204 and headers["upload-offset"] == str(size), (status, headers)
        return offset / cut

    @asynccontextmanager
    async def _line(self) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            yield reader, writer
        finally:
            writer.close()

    async def _ask(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, what: str, headers: dict[str, str]
    ) -> tuple[int, dict[str, str]]:
        writer.write(self._head(what, headers))
        return await _answer(reader)

    def _head(self, what: str, headers: dict[str, str]) -> bytes:
        every = {"Host": "bench", "Tus-Resumable": "1.0.0", **self.headers, **headers}
        return "\r\n".join([f"{what} HTTP/1.1", *(f"{k}: {v}" for k, v in every.items()), "", ""]).encode()


def _bytes(offset: int, length: int) -> dict[str, str]:
    return {
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
        "Content-Length": str(length),
    }


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """Without a body: none that counts as a success here has one."""
    first, *lines = (await reader.readuntil(_HEAD_END)).decode("latin-1").strip().split("\r\n")
    return int(first.split()[1]), dict(line.lower().split(": ", 1) for line in lines)


# ---------------------------------------------------------------- the two servers


def measure() -> Figures:
    contents = [_photo(seed) for seed in range(PHOTOS)]
    with TemporaryDirectory(prefix="trygg-bench-") as folder, _limit(Path(folder)) as bare:
        data = Path(folder) / "product"
        data.mkdir()
        server = Server(data, f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}", "", options=("--no-jobs",), forked=False)
        server.start()
        try:
            return asyncio.run(_rounds(server, bare, contents))
        finally:
            server.stop()


@contextmanager
def _limit(folder: Path) -> Iterator[Target]:
    kept, port = folder / "limit", free_port()
    kept.mkdir()
    process = subprocess.Popen([sys.executable, "-m", "bench.upload_limit", str(kept), str(port)])
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz")
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield Target(port, process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


async def _rounds(server: Server, bare: Target, contents: list[Content]) -> Figures:
    assert server.process is not None
    phone = (await asyncio.to_thread(joined, server.url, 1))[0]
    product = Target(server.port, server.process.pid, {"Authorization": f"Bearer {phone.token}"})
    ours, limit, sent = [], [], {}
    for number in range(ROUNDS + 1):
        ids = [str(uuid7()) for _ in contents]
        declared = list(zip(ids, contents, strict=True))
        await asyncio.to_thread(_declare, server.url, phone.device, phone.token, declared, number)
        limit.append(await bare.round([("none", content) for content in contents]))
        ours.append(await product.round([(_said(id, content), content) for id, content in declared]))
        sent |= {id: content.digest for id, content in declared}
    stored = {file.parent.name: file for file in (server.data / "blobs").rglob("received")}
    wrong = [id for id, file in stored.items() if hashlib.sha256(file.read_bytes()).hexdigest() != sent[id]]
    return _figures(ours[1:], limit[1:], wrong=len(wrong), lost=len(sent.keys() - stored.keys()))


def _figures(ours: list[Round], limit: list[Round], *, wrong: int, lost: int) -> Figures:
    """The first round, which warms both up, is not among them."""
    gb = PHOTOS * MB / 1_000
    ratio = median([o.mb_s / b.mb_s for o, b in zip(ours, limit, strict=True)])
    cpu = median([it.cpu / gb for it in ours])
    met = ratio >= RATIO and cpu <= CPU_S_PER_GB and wrong == lost == 0
    return {
        "mb_s": round(median([it.mb_s for it in ours]), 1),
        "limit_mb_s": round(median([it.mb_s for it in limit]), 1),
        "ratio": round(ratio, 3),
        "cpu_s_per_gb": round(cpu, 2),
        "limit_cpu_s_per_gb": round(median([it.cpu / gb for it in limit]), 2),
        "kept_at_cut": round(median([it.kept for it in ours]), 3),
        "limit_kept_at_cut": round(median([it.kept for it in limit]), 3),
        "wrong": wrong,
        "lost": lost,
        "photos": PHOTOS * ROUNDS,
        "bar": f">= {RATIO} of bare, <= {CPU_S_PER_GB} CPU s/GB, 0 wrong, 0 lost: {'met' if met else 'MISSED'}",
    }


# ---------------------------------------------------------------- photos


def _photo(seed: int) -> Content:
    """Noise as a phone's canvas would write it, of about 2.4 MB."""
    side = 1_718
    out = BytesIO()
    noise = Image.frombytes("L", (side, side), random.Random(seed).randbytes(side * side)).convert("RGB")
    noise.save(out, "JPEG", quality=91)
    content = out.getvalue()
    return Content(content, hashlib.sha256(content).hexdigest(), side, side)


def _said(id: str, content: Content) -> str:
    return ",".join(f"{key} {b64encode(text.encode()).decode()}" for key, text in _told(id, content).items())


def _told(id: str, content: Content) -> dict[str, str]:
    return {"photo": id, "sha256": content.digest}


def _declare(url: str, device: str, token: str, photos: list[tuple[str, Content]], number: int) -> None:
    now, session = datetime.now(UTC).isoformat(), str(uuid7())
    operations = [
        {
            "id": str(uuid7()),
            "seq": 1 + number * PHOTOS + at,
            "type": "photo.declare",
            "entity": id,
            "base": None,
            "at": now,
            "mono_ms": 1,
            "session": session,
            "body": {
                "of": {"kind": "observation", "id": str(uuid7())},
                "role": "before",
                "sha256": content.digest,
                "bytes": len(content.bytes),
                "media_type": "image/jpeg",
                "width": content.width,
                "height": content.height,
                "masks": 0,
                "taken_at": now,
                "checked": True,
            },
        }
        for at, (id, content) in enumerate(photos)
    ]
    push = {"protocol": 1, "device": device, "sent_at": now, "session": session, "mono_ms": 2}
    headers = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{url}/sync/push", json={**push, "operations": operations}, headers=headers, timeout=60)
    said = {outcome["outcome"] for outcome in answer.raise_for_status().json()["outcomes"]}
    assert said == {"applied"}, answer.text[:400]
