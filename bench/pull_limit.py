"""The limit of a pull: one indexed select and the stored JSON joined, behind the same web server.

`python -m bench.pull_limit <database url> <port>`. No sign-in, no scopes, no epoch, no signature and no gzip: it
asks the product's own table for ten rows by key, with psycopg's own connections (or sqlite3's).
"""

import asyncio
import sqlite3
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

import psycopg
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_ASKED = "SELECT seq, state FROM changes WHERE municipality = {0} AND scope = {0} AND seq > {0} ORDER BY seq LIMIT 500"
Rows = Sequence[tuple[int, str]]


class Database(Protocol):
    async def after(self, municipality: str, scope: str, seq: int) -> Rows: ...


class Sqlite:
    _ASKED = _ASKED.format("?")

    def __init__(self, path: str) -> None:
        self.free = [sqlite3.connect(path, isolation_level=None, check_same_thread=False) for _ in range(8)]

    async def after(self, municipality: str, scope: str, seq: int) -> Rows:
        return await asyncio.to_thread(self._after, municipality, scope, seq)

    def _after(self, *asked: object) -> Rows:
        db = self.free.pop()
        rows: Rows = db.execute(self._ASKED, asked).fetchall()
        self.free.append(db)
        return rows


class Postgres:
    _ASKED = _ASKED.format("%s")

    def __init__(self, address: str) -> None:
        self.address = address
        self.free: asyncio.Queue[psycopg.AsyncConnection] = asyncio.Queue()

    async def open(self) -> None:
        for _ in range(8):
            self.free.put_nowait(await psycopg.AsyncConnection.connect(self.address, autocommit=True))

    async def after(self, municipality: str, scope: str, seq: int) -> Rows:
        db = await self.free.get()
        try:
            return await (await db.execute(self._ASKED, (municipality, scope, seq))).fetchall()
        finally:
            self.free.put_nowait(db)


def application(url: str) -> Starlette:
    kind, _, where = url.partition("://")
    database: Sqlite | Postgres = (
        Sqlite(where.removeprefix("/")) if "sqlite" in kind else Postgres(f"postgresql://{where}")
    )

    async def pull(request: Request) -> Response:
        asked = request.query_params
        rows = await database.after(asked["municipality"], asked["scope"], int(asked["cursor"]))
        text = '{"cursor":%d,"changes":[%s]}' % (rows[-1][0], ",".join(state for _, state in rows))  # noqa: UP031
        return Response(text.encode(), media_type="application/json")

    async def healthz(_request: Request) -> Response:
        return Response(b'{"ok": true}', media_type="application/json")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if isinstance(database, Postgres):
            await database.open()
        yield

    return Starlette(routes=[Route("/pull", pull), Route("/healthz", healthz)], lifespan=lifespan)


if __name__ == "__main__":
    uvicorn.run(application(sys.argv[1]), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
