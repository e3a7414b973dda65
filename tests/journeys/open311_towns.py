"""Two municipalities, each a server process of its own: one hands its tasks to the other by Open311."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import update

from tests.journeys.house import Server
from tests.quality.world import Sender, desk
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.walks import digest
from trygghetsvandring.storage import municipalities
from trygghetsvandring.storage.tables import jobs
from trygghetsvandring.storage.unit import Store

KEY = "nyckel-mellan-kommunerna-0123456789"
WORDS = "Skräpig gångväg <å&ö> 🙂"


@dataclass
class Town:
    server: Server
    coordinator: Sender
    handler: Sender

    @property
    def open311(self) -> str:
        return f"{self.server.url}/open311/v2"

    def asked(self, path: str, **params: str) -> Any:
        answer = httpx.get(f"{self.open311}/{path}.json", params=params, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def at_desk(self, path: str) -> Any:
        answer = httpx.get(f"{self.server.url}{path}", headers=self.coordinator.headers, timeout=30)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def handed_in(self, words: str, **fields: str) -> str:
        form = {"api_key": KEY, "service_code": "bel.trasig", "lat": "58.495", "long": "13.176", "description": words}
        answer = httpx.post(f"{self.open311}/requests.json", data=form | fields, timeout=30)
        assert answer.status_code == 200, answer.text
        id: str = answer.json()[0]["service_request_id"]
        return id

    def published(self, id: str, words: str = WORDS) -> None:
        self.coordinator.does("observation.review", id, {"category": "bel.trasig", "severity": 2, "note": ""})
        self.coordinator.does("publication.publish", id, {"text": words, "place_words": "Torget", "photos": []})

    def given_to(self, finding: str, department: str) -> str:
        task = str(uuid7())
        body = {"title": "Byt lampa", "observations": [finding], "priority": 2}
        self.coordinator.does("task.create", task, body)
        given = {"department": department, "explanation": "Lampor.", "due_on": "2099-01-01"}
        self.coordinator.does("task.assign", task, given)
        return task

    def hurried(self) -> None:
        """What waits its quarter of an hour is due now."""

        async def run() -> None:
            store = Store(self.server.database_url)
            async with store.write() as db:
                due = update(jobs).where(jobs.c.done_at.is_(None), jobs.c.kind.like("open311%"))
                await db.execute(due.values(run_at=datetime.now(UTC)))
            await store.close()

        asyncio.run(run())


@contextmanager
def a_town(folder: Path) -> Iterator[Town]:
    folder.mkdir()
    server = Server(folder, f"sqlite+aiosqlite:///{folder / 'trygg.sqlite'}", "")
    server.start()
    try:
        coordinator, handler = desk(server.url, "samordnare@lidkoping"), desk(server.url, "handlaggare@lidkoping")
        asyncio.run(_may_call_loopback(server.database_url))
        coordinator.does("api_key.create", str(uuid7()), {"name": "Den andra", "secret_hash": digest(KEY)})
        yield Town(server, coordinator, handler)
    finally:
        server.stop()


async def _may_call_loopback(url: str) -> None:
    store = Store(url)
    async with store.write() as db:
        here = await municipalities.municipality(db, seed.MUNICIPALITY)
        assert here is not None
        await municipalities.keep(db, replace(here, own_networks=("127.0.0.0/8",)))
    await store.close()


def until(seen: Callable[[], Any], hurry: Callable[[], None] = lambda: None) -> Any:
    """Waits for what a job in another process does."""
    for _ in range(150):
        hurry()
        if found := seen():
            return found
        time.sleep(0.2)
    raise AssertionError("it never happened")
