"""One unit of work: a connection inside a transaction, on SQLite or PostgreSQL.

SQLite: WAL, `synchronous=FULL`, `BEGIN IMMEDIATE`, and one lock per process round the writer: without the lock a pool
of writers still answers "database is locked". Reads go through a second engine with `query_only`.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import event, make_url, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

Db = AsyncConnection


class Store:
    """The database. `read()` and `write()` each give a connection in its own transaction."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.url = url
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._writer = asyncio.Lock()
        if self.is_sqlite:
            if parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self._write = _sqlite(url, query_only=False)
            self._read = _sqlite(url, query_only=True)
        else:
            self._write = self._read = create_async_engine(
                url, pool_size=10, max_overflow=10, pool_pre_ping=True, connect_args={"options": _POSTGRES_OPTIONS}
            )

    async def open(self) -> None:
        """Refuses to start on a database that could lose what it acknowledged."""
        async with self._write.connect() as db:
            if self.is_sqlite:
                journal = (await db.exec_driver_sql("PRAGMA journal_mode")).scalar_one()
                synchronous = (await db.exec_driver_sql("PRAGMA synchronous")).scalar_one()
                if (journal, synchronous) != ("wal", 2):
                    raise RuntimeError(f"SQLite is not durable: journal {journal}, synchronous {synchronous}")
            else:
                commit = (await db.execute(text("SHOW synchronous_commit"))).scalar_one()
                if commit not in ("on", "remote_apply", "remote_write"):
                    raise RuntimeError(f"PostgreSQL is not durable: synchronous_commit {commit}")

    async def close(self) -> None:
        await self._write.dispose()
        await self._read.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Db]:
        async with self._read.connect() as db:
            yield db

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Db]:
        """Commits at the end, rolls back on any error."""
        if self.is_sqlite:
            async with self._writer, self._write.begin() as db:
                yield db
        else:
            async with self._write.begin() as db:
                yield db


# One forgotten open transaction would hold the feed's counter row for everyone.
_POSTGRES_OPTIONS = "-c idle_in_transaction_session_timeout=30s -c timezone=UTC"


def _sqlite(url: str, *, query_only: bool) -> AsyncEngine:
    engine = create_async_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # SQLAlchemy, not the driver, says when a transaction begins
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA busy_timeout=30000")
        if query_only:
            cursor.execute("PRAGMA query_only=ON")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN" if query_only else "BEGIN IMMEDIATE")

    return engine
