"""The limit: a bare handler that reads a push and stores its observations in one statement, and does nothing else.

`python -m bench.limit <database url> <port>`. No sign-in, no validation, no log, no feed: what the database itself
allows behind the same web server. The product's figures are a share of this one's.
"""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import msgspec
import psycopg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_TABLE = "CREATE TABLE IF NOT EXISTS bare (id TEXT PRIMARY KEY, entity TEXT, type TEXT, wire TEXT)"
Row = tuple[str, str, str, str]


class _Operation(msgspec.Struct):
    id: str
    entity: str
    type: str


class _Push(msgspec.Struct):
    operations: list[msgspec.Raw]


class Database(Protocol):
    async def store(self, rows: Sequence[Row]) -> None: ...


class Sqlite:
    """One writer at a time, as in the product; every commit waits for the disk."""

    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode=WAL")
        self.db.execute("PRAGMA synchronous=FULL")
        self.db.execute(_TABLE)
        self.one_writer = asyncio.Lock()

    async def store(self, rows: Sequence[Row]) -> None:
        async with self.one_writer:
            await asyncio.to_thread(self._write, rows)

    def _write(self, rows: Sequence[Row]) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany("INSERT INTO bare VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
        self.db.execute("COMMIT")


class Postgres:
    """One statement a push, on eight connections."""

    _CONNECTIONS = 8
    _STATEMENT = (
        "INSERT INTO bare SELECT * FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[]) ON CONFLICT DO NOTHING"
    )

    def __init__(self, address: str) -> None:
        with psycopg.connect(address, autocommit=True) as db:
            db.execute(_TABLE)
        self.address = address
        self.free: asyncio.Queue[psycopg.AsyncConnection] = asyncio.Queue()

    async def open(self) -> None:
        for _ in range(self._CONNECTIONS):
            self.free.put_nowait(await psycopg.AsyncConnection.connect(self.address, autocommit=True))

    async def store(self, rows: Sequence[Row]) -> None:
        db = await self.free.get()
        try:
            await db.execute(self._STATEMENT, [list(column) for column in zip(*rows, strict=True)])
        finally:
            self.free.put_nowait(db)


def application(url: str) -> Starlette:
    kind, _, where = url.partition("://")
    database: Database = Sqlite(where.removeprefix("/")) if "sqlite" in kind else Postgres(f"postgresql://{where}")

    async def push(request: Request) -> Response:
        asked = msgspec.json.decode(await request.body(), type=_Push)
        rows: list[Row] = []
        for raw in asked.operations:
            head = msgspec.json.decode(raw, type=_Operation)
            rows.append((head.id, head.entity, head.type, bytes(raw).decode()))
        await database.store(rows)
        outcomes = [{"id": row[0], "outcome": "applied"} for row in rows]
        return Response(msgspec.json.encode({"outcomes": outcomes}), media_type="application/json")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if isinstance(database, Postgres):
            await database.open()
        yield

    async def healthz(_request: Request) -> Response:
        return Response(b'{"ok": true}', media_type="application/json")

    routes = [Route("/sync/push", push, methods=["POST"]), Route("/healthz", healthz)]
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
