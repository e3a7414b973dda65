"""W1: fifty phones hand in forty observations each, at once, and then pull until each is up to date.

The product and a bare handler on the same database take turns, with the phones' bytes made and packed before the
clock starts. The product authorises, validates, guards, logs, routes, keeps versions and feeds; the limit only stores.
Only the ratio means anything. A phone of the product is up to date when it has what it may see, which is its own
findings' states and answers; a phone of the limit fetches everything.
"""

import asyncio
import gzip
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx

from bench.cost import cpu_s
from bench.history import Figures, median, percentile
from bench.phones import Answer, Line, Phone, get, post
from bench.postgres import a_cluster, process
from tests.journeys.house import Server, free_port
from trygghetsvandring.demo.seed import PASSWORD
from trygghetsvandring.domain.ids import uuid7

PHONES = 50
OBSERVATIONS = 40
ROUNDS = 5
ALL = PHONES * OBSERVATIONS


def on_sqlite() -> Figures:
    with TemporaryDirectory(prefix="trygg-bench-") as folder:
        bare = f"sqlite:///{Path(folder) / 'bare.sqlite'}"
        return _measure(f"sqlite+aiosqlite:///{Path(folder) / 'trygg.sqlite'}", bare, Path(folder), [])


def on_postgresql() -> Figures:
    with TemporaryDirectory(prefix="trygg-bench-") as folder, a_cluster() as cluster:
        bare = cluster.new_database().replace("+psycopg", "")
        return _measure(cluster.new_database(), bare, Path(folder), [process(cluster)])


def _measure(url: str, bare_url: str, folder: Path, database: list[int]) -> Figures:
    server = Server(data=folder, database_url=url, smtp_url="", forked=False)
    server.start()
    assert server.process is not None
    try:
        with _limit(bare_url) as (port, bare_pid):
            phones = joined(server.url)
            product = Product(server.port, (server.process.pid, *database))
            bare = Bare(port, (bare_pid, *database))
            return asyncio.run(_rounds(product, bare, phones))
    finally:
        server.stop()


@contextmanager
def _limit(url: str) -> Iterator[tuple[int, int]]:
    """Its port and its process."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.limit", url, str(port)])
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz")
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def joined(address: str, count: int = PHONES) -> list[Phone]:
    with httpx.Client(base_url=address, timeout=60) as http:
        secret = _invited(http).partition("#g=")[2]
        phones = []
        for number in range(count):
            answer = http.post("/api/join", json={"secret": secret, "device": str(uuid7())}).raise_for_status()
            joined = answer.json()
            phones.append(Phone(number, joined["walk"], joined["device"], joined["token"]))
    return phones


def _invited(http: httpx.Client) -> str:
    """The link by which all the phones may join the demo's walk, from its coordinator."""
    who = http.post("/api/session", json={"login": "samordnare@lidkoping", "password": PASSWORD}).raise_for_status()
    desk = {"Cookie": who.headers["set-cookie"].partition(";")[0], "Sec-Fetch-Site": "same-origin"}
    walk = http.get("/api/walks", headers=desk).raise_for_status().json()["walks"][0]["id"]
    now, id = datetime.now(UTC).isoformat(), str(uuid7())
    invite = {"id": id, "type": "walk.invite", "entity": walk, "at": now, "body": {"cap": PHONES}}
    push = {"protocol": 1, "device": who.json()["device"], "sent_at": now, "session": id, "mono_ms": 0}
    http.post("/sync/push", json={**push, "operations": [invite]}, headers=desk).raise_for_status()
    link: str = http.get(f"/api/walks/{walk}/invite", headers=desk).raise_for_status().json()["link"]
    return link


@dataclass(frozen=True, slots=True)
class Round:
    """Seconds, CPU seconds, and bytes on the wire."""

    push_s: float
    push_cpu_s: float
    answer_s: tuple[float, ...]
    pull_s: float
    pull_cpu_s: float
    up: int
    down: int

    @property
    def up_to_date_s(self) -> float:
        return self.push_s + self.pull_s


class Target(ABC):
    """A server under the phones, and where each of them has come in its feed."""

    def __init__(self, port: int, processes: tuple[int, ...]) -> None:
        self.port, self.processes = port, processes
        self.lines = [Line(port) for _ in range(PHONES)]
        self.cursors = [""] * PHONES

    def applied(self, answers: list[Answer]) -> None:
        """Every observation must be, or the round means nothing."""
        said = [outcome["outcome"] for answer in answers for outcome in answer.json()["outcomes"]]  # type: ignore[attr-defined]
        assert said == ["applied"] * ALL, f"not all applied: {set(said)}"

    @abstractmethod
    async def pulled(self, number: int, phone: Phone) -> list[Answer]:
        """Pages until the head."""

    async def round(self, phones: list[Phone]) -> Round:
        packed = [gzip.compress(phone.evening(OBSERVATIONS), 6) for phone in phones]
        asked = [post("/sync/push", phone.token, body) for phone, body in zip(phones, packed, strict=True)]
        await asyncio.gather(*(line.connect() for line in self.lines))
        cpu, start = cpu_s(*self.processes), time.perf_counter()
        answers = await asyncio.gather(*(line.ask(it) for line, it in zip(self.lines, asked, strict=True)))
        await asyncio.gather(*(line.connect() for line in self.lines))
        pushed, pushed_cpu = time.perf_counter(), cpu_s(*self.processes)
        pages = await asyncio.gather(*(self.pulled(number, phone) for number, phone in enumerate(phones)))
        ended, ended_cpu = time.perf_counter(), cpu_s(*self.processes)
        self.applied(answers)
        return Round(
            push_s=pushed - start,
            push_cpu_s=pushed_cpu - cpu,
            answer_s=tuple(answer.took for answer in answers),
            pull_s=ended - pushed,
            pull_cpu_s=ended_cpu - pushed_cpu,
            up=sum(map(len, asked)),
            down=sum(answer.bytes_ for answer in [*answers, *(page for each in pages for page in each)]),
        )


class Product(Target):
    async def pulled(self, number: int, phone: Phone) -> list[Answer]:
        pages, more = [], True
        while more:
            page = await self.lines[number].ask(get(f"/sync/pull?cursor={self.cursors[number]}", phone.token))
            said = page.json()
            self.cursors[number], more = str(said["cursor"]), bool(said["more"])
            pages.append(page)
        return pages


class Bare(Target):
    async def pulled(self, number: int, phone: Phone) -> list[Answer]:
        pages, seen = [], 0
        while seen < ALL:
            page = await self.lines[number].ask(get(f"/sync/pull?cursor={self.cursors[number] or 0}", phone.token))
            last = page.headers[b"trygg-cursor"].decode()
            seen += int(last) - int(self.cursors[number] or 0)
            self.cursors[number] = last
            pages.append(page)
        return pages


async def _rounds(product: Product, bare: Bare, phones: list[Phone]) -> Figures:
    for target in (bare, product):  # the first round prepares the statements
        await target.round(phones)
    ours, limit = [], []
    for _ in range(ROUNDS):
        limit.append(await bare.round(phones))
        ours.append(await product.round(phones))
    for line in (*product.lines, *bare.lines):
        await line.hang_up()
    return _figures(ours, limit)


def _figures(ours: list[Round], limit: list[Round]) -> Figures:
    def ratio(name: str) -> float:
        return median([getattr(o, name) / getattr(b, name) for o, b in zip(ours, limit, strict=True)])

    return {
        "observations_per_s": round(median([ALL / it.push_s for it in ours])),
        "limit_per_s": round(median([ALL / it.push_s for it in limit])),
        "ratio": round(1 / ratio("push_s"), 3),
        "answered_p95_ms": round(percentile([took for it in ours for took in it.answer_s], 0.95) * 1_000),
        "limit_p95_ms": round(percentile([took for it in limit for took in it.answer_s], 0.95) * 1_000),
        "cpu_s_per_1000": round(median([it.push_cpu_s for it in ours]) * 1_000 / ALL, 3),
        "limit_cpu_s_per_1000": round(median([it.push_cpu_s for it in limit]) * 1_000 / ALL, 3),
        "up_to_date_s": round(median([it.up_to_date_s for it in ours]), 2),
        "limit_up_to_date_s": round(median([it.up_to_date_s for it in limit]), 2),
        "up_to_date_ratio": round(ratio("up_to_date_s"), 2),
        "bytes_up": round(median([it.up for it in ours]) / ALL),
        "bytes_down": round(median([it.down for it in ours]) / ALL),
        "phones": PHONES,
        "observations": ALL,
    }
