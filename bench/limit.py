"""The limit: a bare handler that reads a push and stores its observations in one statement, and hands them out again.

`python -m bench.limit <database url> <port>`. No sign-in, no validation, no log, no history, no scopes: what the
database itself allows behind the same web server, JSON reader and gzip. The product's figures are a share of its.
"""

import asyncio
import gzip
import sqlite3
import sys
import zlib
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

PAGE = 500
Row = tuple[str, str, str, str]
Stored = tuple[int, str]


class _Operation(msgspec.Struct):
    id: str
    entity: str
    type: str


class _Push(msgspec.Struct):
    operations: list[msgspec.Raw]


class Database(Protocol):
    async def store(self, rows: Sequence[Row]) -> None: ...
    async def after(self, seq: int) -> list[Stored]: ...


class Sqlite:
    """One transaction a push, one writer at a time, and every commit waits for the disk."""

    _TABLE = (
        "CREATE TABLE IF NOT EXISTS bare "
        "(seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, entity TEXT, type TEXT, wire TEXT)"
    )
    _STORE = "INSERT INTO bare (id, entity, type, wire) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"

    def __init__(self, path: str) -> None:
        self.db = _opened(path)
        self.db.execute(self._TABLE)
        self.reader = _opened(path)
        self.one_writer, self.one_reader = asyncio.Lock(), asyncio.Lock()

    async def store(self, rows: Sequence[Row]) -> None:
        async with self.one_writer:
            await asyncio.to_thread(self._write, rows)

    def _write(self, rows: Sequence[Row]) -> None:
        self.db.execute("BEGIN IMMEDIATE")
        self.db.executemany(self._STORE, rows)
        self.db.execute("COMMIT")

    async def after(self, seq: int) -> list[Stored]:
        async with self.one_reader:
            return await asyncio.to_thread(self._read, seq)

    def _read(self, seq: int) -> list[Stored]:
        question = "SELECT seq, wire FROM bare WHERE seq > ? ORDER BY seq LIMIT ?"
        return self.reader.execute(question, (seq, PAGE)).fetchall()


def _opened(path: str) -> sqlite3.Connection:
    db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    db.execute("PRAGMA journal_mode=WAL")
    db.execute("PRAGMA synchronous=FULL")
    return db


class Postgres:
    """One statement a push, on eight connections."""

    _CONNECTIONS = 8
    _TABLE = (
        "CREATE TABLE IF NOT EXISTS bare "
        "(seq bigserial PRIMARY KEY, id uuid NOT NULL UNIQUE, entity uuid, type text, wire text)"
    )
    _STORE = (
        "INSERT INTO bare (id, entity, type, wire) "
        "SELECT * FROM unnest(%b::text[]::uuid[], %b::text[]::uuid[], %b::text[], %b::text[]) ON CONFLICT DO NOTHING"
    )

    def __init__(self, address: str) -> None:
        with psycopg.connect(address, autocommit=True) as db:
            db.execute(self._TABLE)
        self.address = address
        self.free: asyncio.Queue[psycopg.AsyncConnection] = asyncio.Queue()

    async def open(self) -> None:
        for _ in range(self._CONNECTIONS):
            self.free.put_nowait(await psycopg.AsyncConnection.connect(self.address, autocommit=True))

    async def store(self, rows: Sequence[Row]) -> None:
        async with self._connection() as db:
            await db.execute(self._STORE, [list(column) for column in zip(*rows, strict=True)])

    async def after(self, seq: int) -> list[Stored]:
        async with self._connection() as db:
            found = await db.execute("SELECT seq, wire FROM bare WHERE seq > %s ORDER BY seq LIMIT %s", (seq, PAGE))
            return await found.fetchall()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[psycopg.AsyncConnection]:
        db = await self.free.get()
        try:
            yield db
        finally:
            self.free.put_nowait(db)


class Bare:
    def __init__(self, database: Database) -> None:
        self.database = database
        self.full_pages: dict[int, tuple[bytes, int]] = {}  # never change again, so they are packed once

    async def push(self, request: Request) -> Response:
        raw = await request.body()
        if request.headers.get("content-encoding") == "gzip":
            raw = zlib.decompress(raw, 31)
        rows: list[Row] = []
        for one in msgspec.json.decode(raw, type=_Push).operations:
            head = msgspec.json.decode(one, type=_Operation)
            rows.append((head.id, head.entity, head.type, bytes(one).decode()))
        await self.database.store(rows)
        outcomes = [{"id": row[0], "outcome": "applied"} for row in rows]
        return Response(msgspec.json.encode({"outcomes": outcomes}), media_type="application/json")

    async def pull(self, request: Request) -> Response:
        after = int(request.query_params["cursor"])
        packed, last = self.full_pages.get(after) or await self._page(after)
        headers = {"Content-Encoding": "gzip", "Trygg-Cursor": str(last)}
        return Response(packed, headers=headers, media_type="application/json")

    async def _page(self, after: int) -> tuple[bytes, int]:
        rows = await self.database.after(after)
        packed = gzip.compress(f'{{"changes":[{",".join(wire for _, wire in rows)}]}}'.encode(), 4, mtime=0)
        page = packed, rows[-1][0] if rows else after
        if len(rows) == PAGE:
            self.full_pages[after] = page
        return page


async def healthz(_request: Request) -> Response:
    return Response(b'{"ok": true}', media_type="application/json")


def application(url: str) -> Starlette:
    kind, _, where = url.partition("://")
    database: Database = Sqlite(where.removeprefix("/")) if "sqlite" in kind else Postgres(f"postgresql://{where}")
    bare = Bare(database)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if isinstance(database, Postgres):
            await database.open()
        yield

    routes = [
        Route("/sync/push", bare.push, methods=["POST"]),
        Route("/sync/pull", bare.pull),
        Route("/healthz", healthz),
    ]
    return Starlette(routes=routes, lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
