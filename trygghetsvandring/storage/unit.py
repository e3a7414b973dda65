"""One unit of work: a connection inside a transaction, on SQLite or PostgreSQL.

SQLite: WAL, `synchronous=FULL`, `BEGIN IMMEDIATE`, and one lock per process round the writer: without the lock a pool
of writers still answers "database is locked". Reads go through a second engine with `query_only`.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import event, make_url, text
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from trygghetsvandring.domain.errors import Refused

log = structlog.get_logger()
Db = AsyncConnection


class NotStorable(Exception):
    """The database cannot hold what it was given, now or later: trying again gives the same answer."""


class Unavailable(Refused):
    """The database did not answer, or not in time. Nothing was stored; trying again may do better."""

    code = "server_busy"


@contextmanager
def _in_our_words() -> Iterator[None]:
    """The driver's errors as the two things a caller can do something about; a fault in our SQL stays a fault."""
    try:
        yield
    except (DataError, IntegrityError) as error:
        raise NotStorable(type(error.orig).__name__) from error
    except (OperationalError, InterfaceError, NoConnection) as error:
        log.warning("database_unavailable", error=type(error).__name__, said=str(getattr(error, "orig", error))[:120])
        raise Unavailable(str(error)[:200], retry_after=5) from error
    except StatementError as error:
        if isinstance(error.orig, ValueError | OverflowError):  # a value that could not even be bound
            raise NotStorable(type(error.orig).__name__) from error
        raise
    except OverflowError as error:  # SQLite's driver, on an integer of more than 64 bits
        raise NotStorable("OverflowError") from error


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
                url,
                pool_size=10,
                max_overflow=10,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={"options": _POSTGRES_OPTIONS},
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
        with _in_our_words():
            async with self._read.connect() as db:
                yield db

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Db]:
        """Commits at the end, rolls back on any error."""
        with _in_our_words():
            if self.is_sqlite:
                async with self._writer, self._write.begin() as db:
                    yield db
            else:
                async with self._write.begin() as db:
                    yield db


# One forgotten open transaction would hold the feed's counter row for everyone.
_POSTGRES_OPTIONS = "-c idle_in_transaction_session_timeout=30s -c timezone=UTC"


def _sqlite(url: str, *, query_only: bool) -> AsyncEngine:
    # Without hide_parameters an error's text holds what somebody wrote, and ends in the log.
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": 30})

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
