"""The real server behind our proxy, with Lidköping's demo and this evening's walk. Everything can be killed."""

import hashlib
import json
import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from tests.browsers.proxy import Proxy
from tests.journeys.house import Server, free_port
from tests.journeys.proof import KINDS, Taken, Verdict, compared, rows, stored_by_digest


@dataclass
class Site:
    """`server` listens on a port of its own; `proxy` holds the address that phones know."""

    server: Server
    proxy: Proxy
    link: str = ""
    _behind: int = field(default_factory=free_port)

    @property
    def url(self) -> str:
        return self.server.url

    @property
    def database(self) -> Path:
        return self.server.data / "trygg.sqlite"

    def starts(self) -> None:
        self.server.start(on=self.proxy.server_port)
        card = httpx.get(f"http://127.0.0.1:{self.proxy.server_port}/api/start").json()["walk"]
        self.link = card["link"]

    def stops(self) -> None:
        self.server.stop()

    def is_killed(self) -> None:
        """SIGKILL: nothing gets a chance to be finished."""
        self.server.kill()

    def direct(self) -> httpx.Client:
        """Past the proxy."""
        return httpx.Client(base_url=f"http://127.0.0.1:{self.proxy.server_port}", timeout=60)

    def rows(self, question: str) -> list[dict[str, Any]]:
        return rows(self.server, question)

    def docs(self, table: str) -> list[dict[str, Any]]:
        return [json.loads(row["doc"]) for row in self.rows(f"select doc from {table}")]  # noqa: S608  # our own names

    @contextmanager
    def held_up(self) -> Iterator[None]:
        """Nobody else can commit meanwhile: somebody holds the database's one write lock (SQLite)."""
        db = sqlite3.connect(self.database, isolation_level=None, timeout=30)
        db.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            db.execute("ROLLBACK")
            db.close()

    def has_everything_once(self, taken: Taken) -> None:
        """The verdict: 0 lost, 0 doubled, 0 changed, every photo's bytes on the disk once, each operation one row."""
        for kind in KINDS:
            assert compared(self.server, taken, kind) == Verdict(lost=[], doubled=[], changed=[]), kind.table
        stored = stored_by_digest(self.server.data)
        wanted = Counter(taken.photos.values())  # a test's camera may take the same picture twice
        found = {digest: len(stored.get(digest, [])) for digest in wanted}
        assert found == wanted, f"files by digest: {found}, photos: {taken.photos}"
        assert self.photos() == dict.fromkeys(map(UUID, taken.photos), "arrived")
        each = Counter(row["id"] for row in self.rows("select id from operations"))
        assert [id for id, times in each.items() if times != 1] == []
        assert {row["outcome"] for row in self.rows("select outcome from operations")} == {"applied"}

    def has_bytes(self, digest: str) -> bool:
        """Whole, and anywhere on the disk, whatever the database says of them.

        The database's own files are left alone: closing one here would drop the lock that `held_up` has on it.
        """
        files = (file for file in self.server.data.rglob("*") if file.is_file())
        return any(_digest(file) == digest for file in files if not file.name.startswith(self.database.name))

    def photos(self) -> dict[UUID, str]:
        """Each photo's state, with what comes after its arrival told as one word."""
        return {
            UUID(str(row["id"])): "arrived" if row["state"] in _ARRIVED else str(row["state"])
            for row in self.rows("select id, state from photos")
        }


def _digest(file: Path) -> str | None:
    """None when it was moved meanwhile."""
    try:
        return hashlib.sha256(file.read_bytes()).hexdigest()
    except FileNotFoundError:
        return None


_ARRIVED = frozenset({"received", "accepted"})


@contextmanager
def a_site(
    folder: Path, database_url: str | None = None, like: Path | None = None, code: Path | None = None
) -> Iterator[Site]:
    """Started, and its walk's link known. `like` is the data folder of a seeded site, to be copied."""
    if like is not None:
        shutil.copytree(like, folder, dirs_exist_ok=True)
    url = database_url or f"sqlite+aiosqlite:///{folder / 'trygg.sqlite'}"
    server = Server(folder, url, smtp_url="", code=code)
    with Proxy(server.port, free_port()) as proxy:
        site = Site(server, proxy)
        try:
            site.starts()
            yield site
        finally:
            site.server.stop()
