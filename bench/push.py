"""Twenty phones hand in forty observations each, at once (a small W1), on SQLite and on PostgreSQL.

The product and a bare handler on the same database take turns, three rounds each, with the phones' bytes made before
the clock starts. The product authorises, validates, guards, logs, routes and feeds; the limit only stores. Only the
ratio means anything.
"""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx
import msgspec

from bench.history import Figures, median
from bench.postgres import a_cluster
from tests.journeys.house import Server, free_port
from trygghetsvandring.domain.ids import uuid7

PHONES = 20
OBSERVATIONS = 40
ROUNDS = 3
_TEXT = "Lampan vid gångvägen är släckt och grenarna skymmer skylten. Mörkt från bänken till porten. "


def on_sqlite() -> Figures:
    with TemporaryDirectory(prefix="trygg-bench-") as folder:
        bare = f"sqlite:///{Path(folder) / 'bare.sqlite'}"
        return _measure(f"sqlite+aiosqlite:///{Path(folder) / 'trygg.sqlite'}", bare, Path(folder))


def on_postgresql() -> Figures:
    with TemporaryDirectory(prefix="trygg-bench-") as folder, a_cluster() as cluster:
        return _measure(cluster.new_database(), cluster.new_database().replace("+psycopg", ""), Path(folder))


def _measure(url: str, bare_url: str, folder: Path) -> Figures:
    server = Server(data=folder, database_url=url, smtp_url="")
    server.start()
    try:
        with _limit(bare_url) as bare:
            return asyncio.run(_rounds(server.url, bare))
    finally:
        server.stop()


@contextmanager
def _limit(url: str) -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "bench.limit", url, str(port)])
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                httpx.get(f"{address}/healthz")
                break
            except httpx.HTTPError:
                time.sleep(0.05)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


async def _rounds(product: str, bare: str) -> Figures:
    async with httpx.AsyncClient(timeout=120) as http:
        walk, phones = await _joined(http, product)
        ours, limit = [], []
        for _ in range(ROUNDS):
            limit.append(await _pushed(http, bare, walk, phones))
            ours.append(await _pushed(http, product, walk, phones))
    speed, most = median(ours), median(limit)
    return {
        "observations_per_s": round(speed),
        "limit_per_s": round(most),
        "ratio": round(speed / most, 3),
        "phones": PHONES,
        "observations": PHONES * OBSERVATIONS,
    }


async def _joined(http: httpx.AsyncClient, product: str) -> tuple[str, list[tuple[str, str]]]:
    """The walk, and device and token of each phone."""
    link: str = (await http.get(f"{product}/api/start")).json()["walk"]["link"]
    secret = link.partition("#g=")[2]
    phones, walk = [], ""
    for _ in range(PHONES):
        answer = await http.post(f"{product}/api/join", json={"secret": secret, "device": str(uuid7())})
        answer.raise_for_status()
        joined = answer.json()
        walk = joined["walk"]
        phones.append((joined["device"], joined["token"]))
    return walk, phones


async def _pushed(http: httpx.AsyncClient, address: str, walk: str, phones: list[tuple[str, str]]) -> float:
    """Observations a second, all phones at once; every one of them must be applied."""
    bodies = [(token, _push(walk, device)) for device, token in phones]
    start = time.perf_counter()
    answers = await asyncio.gather(*(_post(http, address, token, body) for token, body in bodies))
    took = time.perf_counter() - start
    words = [outcome["outcome"] for answer in answers for outcome in answer.json()["outcomes"]]
    assert words == ["applied"] * (PHONES * OBSERVATIONS), f"not all applied: {set(words)}"
    return len(words) / took


async def _post(http: httpx.AsyncClient, address: str, token: str, body: bytes) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    answer = await http.post(f"{address}/sync/push", content=body, headers=headers)
    answer.raise_for_status()
    return answer


_seq: dict[str, int] = {}


def _push(walk: str, device: str) -> bytes:
    now, session = datetime.now(UTC), str(uuid4())
    operations = []
    for _ in range(OBSERVATIONS):
        _seq[device] = _seq.get(device, 0) + 1
        body: dict[str, object] = {
            "walk": walk,
            "stop": None,
            "category": "bel.trasig",
            "severity": 1,
            "text": _TEXT,
            "position": {"lat": 58.4951, "lon": 13.1769, "accuracy_m": 9.0, "age_s": 1.0, "source": "gps"},
            "place_words": "",
            "seen_at": now,
            "photos": [],
            "called": None,
            "checklist_item": None,
            "sent_alone": False,
        }
        operations.append(
            {
                "id": uuid7(),
                "seq": _seq[device],
                "type": "observation.record",
                "entity": uuid7(),
                "base": None,
                "at": now,
                "mono_ms": 1,
                "session": session,
                "body": body,
            }
        )
    head = {"protocol": 1, "device": device, "sent_at": now, "session": session, "mono_ms": 2}
    return msgspec.json.encode({**head, "operations": operations})
