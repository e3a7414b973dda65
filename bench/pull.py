"""W4: a phone that is ten changes behind out of 1,000,000, on PostgreSQL and on SQLite.

The product and a bare handler on the same table take turns, four connections each, a few seconds a round. The product
signs in, checks the cursor, the epoch and the scopes, and packs its answer; the limit does none of it. Only the ratio
means anything. The bar is PostgreSQL's; SQLite's figures stand beside it.
"""

import asyncio
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

import httpx
import psycopg

from bench.history import Figures, median, percentile
from bench.postgres import a_cluster
from tests.journeys.house import Server, free_port
from trygghetsvandring.domain.ids import uuid7

ROWS = 1_000_000
BEHIND = 10
PHONES = 2_000  # whose rows lie between ours
CONNECTIONS = 4
ROUNDS = 5
SECONDS = 3.0
BAR = 0.5
PLACE = "lidkoping"
# About a kilobyte, as a finding with its texts, and no two alike: gzip gets nothing for nothing.
STATE = '{{"id":"{id}","version":1,"number":"LK-{n}","state":"received","text":"{text}"}}'
WORDS = (
    "lampan vid gångvägen är släckt och grenarna skymmer skylten mörkt från bänken till porten trasig hål i staketet "
    "bakom skolan klotter på väggen ingen går här efter åtta ljudet från trafiken gör att man inte hör någon komma "
    "buskarna når ut över cykelbanan nedsatt sikt i kurvan kameran på stolpen hänger snett"
)


def on_postgresql() -> Figures:
    with TemporaryDirectory(prefix="trygg-bench-") as folder, a_cluster() as cluster:
        url = cluster.new_database()
        address = url.replace("+psycopg", "")
        return _measure(url, address, Path(folder), lambda scope: _fill_postgres(address, scope))


def on_sqlite() -> Figures:
    with TemporaryDirectory(prefix="trygg-bench-") as folder:
        file = Path(folder) / "trygg.sqlite"
        return _measure(
            f"sqlite+aiosqlite:///{file}", f"sqlite:///{file}", Path(folder), lambda scope: _fill_sqlite(file, scope)
        )


def _rows(scope: str) -> Iterator[tuple[str, int, str, str, str, int, str]]:
    """After what the demo put there. Ours are the last of every thousandth of the end."""
    chance, words = random.Random(4), WORDS.split()
    ours = {ROWS - 100 * n for n in range(BEHIND)}
    others = [f"device:{uuid7()}" for _ in range(PHONES)]
    for n in range(1_000, ROWS + 1):
        id = str(uuid7())
        state = STATE.format(id=id, n=n, text=" ".join(chance.choices(words, k=130)))
        yield PLACE, n, scope if n in ours else others[n % PHONES], "observation", id, 1, state


_COLUMNS = "municipality, seq, scope, kind, id, version, state"


def _fill_postgres(address: str, scope: str) -> None:
    with psycopg.connect(address, autocommit=True) as db:
        with db.cursor().copy(f"COPY changes ({_COLUMNS}) FROM STDIN") as copy:
            for row in _rows(scope):
                copy.write_row(row)
        db.execute("UPDATE counters SET value = %s WHERE series = 'feed' AND municipality = %s", (ROWS, PLACE))
        db.execute("VACUUM ANALYZE")


def _fill_sqlite(file: Path, scope: str) -> None:
    db = sqlite3.connect(file)
    db.executemany(f"INSERT INTO changes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)", _rows(scope))  # noqa: S608
    db.execute("UPDATE counters SET value = ? WHERE series = 'feed' AND municipality = ?", (ROWS, PLACE))
    db.commit()
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()


def _measure(url: str, bare_url: str, folder: Path, fill: Callable[[str], None]) -> Figures:
    server = Server(data=folder, database_url=url, smtp_url="", forked=False)
    server.start()
    try:
        token, device, cursor = _joined(server.url)
        fill(f"device:{device}")
        with _limit(bare_url) as port:
            asked = urlencode({"municipality": PLACE, "scope": f"device:{device}", "cursor": 999})
            bare = _request(port, f"/pull?{asked}", {})
            ours = _request(
                server.port,
                f"/sync/pull?{urlencode({'cursor': cursor})}",
                {"Authorization": f"Bearer {token}", "Accept-Encoding": "gzip"},
            )
            _must_be_ten(server.url, token, cursor)
            return asyncio.run(_rounds((server.port, ours), (port, bare)))
    finally:
        server.stop()


def _joined(address: str) -> tuple[str, str, str]:
    """(token, device, a cursor at the head of a feed that is still short)."""
    with httpx.Client(base_url=address, timeout=60) as http:
        secret = http.get("/api/start").json()["walk"]["link"].partition("#g=")[2]
        device = str(uuid7())
        token = http.post("/api/join", json={"secret": secret, "device": device}).raise_for_status().json()["token"]
        page = http.get("/sync/pull", headers={"Authorization": f"Bearer {token}"}).raise_for_status().json()
        assert not page["more"]
        return token, device, page["cursor"]


def _must_be_ten(address: str, token: str, cursor: str) -> None:
    answer = httpx.get(
        f"{address}/sync/pull", params={"cursor": cursor}, headers={"Authorization": f"Bearer {token}"}, timeout=60
    )
    assert len(answer.json()["changes"]) == BEHIND, answer.text[:200]


@contextmanager
def _limit(url: str) -> Iterator[int]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.pull_limit", url, str(port)])
    try:
        for _ in range(200):
            try:
                httpx.get(f"http://127.0.0.1:{port}/healthz")
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=20)


def _request(port: int, path: str, headers: dict[str, str]) -> bytes:
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: 127.0.0.1:{port}",
        *(f"{name}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join([*lines, "", ""]).encode()


Target = tuple[int, bytes]


async def _rounds(ours: Target, bare: Target) -> Figures:
    for target in (bare, ours):
        await _asked(target, 1.0)  # connections opened, statements prepared, pages in memory
    rates: dict[str, list[float]] = {"ours": [], "bare": []}
    times: list[float] = []
    size = 0
    for _ in range(ROUNDS):
        got, _ = await _asked(bare, SECONDS)
        rates["bare"].append(len(got) / SECONDS)
        got, size = await _asked(ours, SECONDS)
        rates["ours"].append(len(got) / SECONDS)
        times += got
    ratio = median([mine / limit for mine, limit in zip(rates["ours"], rates["bare"], strict=True)])
    return {
        "pulls_per_s": round(median(rates["ours"])),
        "limit_per_s": round(median(rates["bare"])),
        "ratio": round(ratio, 3),
        "p50_ms": round(1_000 * percentile(times, 0.5), 2),
        "p95_ms": round(1_000 * percentile(times, 0.95), 2),
        "bytes": size,
        "rows": ROWS,
        "bar": f">= {BAR}: {'met' if ratio >= BAR else 'MISSED'}",
    }


async def _asked(target: Target, seconds: float) -> tuple[list[float], int]:
    """The time of every answer, and the size of the last one's body."""
    times: list[float] = []
    sizes = await asyncio.gather(*(_one(target, time.perf_counter() + seconds, times) for _ in range(CONNECTIONS)))
    return times, sizes[0]


async def _one(target: Target, until: float, times: list[float]) -> int:
    """One connection that is kept. A client any cleverer would take the processor from what it measures."""
    port, request = target
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    size = 0
    while (began := time.perf_counter()) < until:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        size = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(size)
        times.append(time.perf_counter() - began)
    writer.close()
    return size
