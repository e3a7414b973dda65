"""One unit of work: a connection inside a transaction, on SQLite or PostgreSQL.

SQLite: WAL, `synchronous=FULL`, `BEGIN IMMEDIATE`, and one lock per process round the writer: without the lock a pool
of writers still answers "database is locked". Reads go through a second engine with `query_only`.
"""

import asyncio
import contextlib
import contextvars
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

import structlog
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError, StatementError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.storage.acting import Acting, interrupt, let_go
from trygghetsvandring.storage.disk import StorageStopped

log = structlog.get_logger()
Db = AsyncConnection
T = TypeVar("T")


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
    except (OperationalError, InterfaceError, NoConnection, InterruptedError) as error:
        log.warning("database_unavailable", error=type(error).__name__, said=str(getattr(error, "orig", error))[:120])
        raise Unavailable(str(error)[:200], retry_after=5) from error
    except StatementError as error:
        if isinstance(error.orig, ValueError | OverflowError):  # a value that could not even be bound
            raise NotStorable(type(error.orig).__name__) from error
        raise
    except OverflowError as error:  # SQLite's driver, on an integer of more than 64 bits
        raise NotStorable("OverflowError") from error


_FAILED_FSYNC = frozenset({sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC})


class Store:
    """The database. `read()` and `write()` each give a connection in its own transaction."""

    def __init__(self, url: str) -> None:
        parsed = make_url(url)
        self.url = url
        self.stopped: str | None = None
        """Why nothing is written any more: SQLite's fsync has failed, and the next one would only seem to do better."""
        self.is_sqlite = parsed.get_backend_name() == "sqlite"
        self._writer = asyncio.Lock()
        if self.is_sqlite:
            if parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            self._write = _sqlite(url, query_only=False)
            self._read = _sqlite(url, query_only=True)
            self._looks = _prepared(_looking(url, connect_args={"timeout": 30}), query_only=True)
            self._acts = _sqlite_in_a_thread(url)
        else:
            self._write = self._read = create_async_engine(
                url,
                pool_size=10,
                max_overflow=10,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={"options": _POSTGRES_OPTIONS, **POSTGRES_ANSWERS},
            )
            kept = "-c plan_cache_mode=auto -c default_transaction_read_only=on -c statement_timeout=30s"
            looking = f"{_POSTGRES_OPTIONS} {kept}"
            self._looks = _looking(
                url, pool_size=_LOOKERS, max_overflow=0, connect_args={"options": looking, **POSTGRES_ANSWERS}
            )
            self._acts = create_engine(
                url,
                pool_size=_ACTORS,
                max_overflow=0,
                pool_pre_ping=True,
                hide_parameters=True,
                connect_args={"options": _POSTGRES_OPTIONS, **POSTGRES_ANSWERS},
            )
        self._actors = ThreadPoolExecutor(_ACTORS, "act")
        self._lookers = ThreadPoolExecutor(_LOOKERS, "look")
        self._asking: set[Any] = set()
        self._acting: set[Acting] = set()
        self._is_closing = False

    async def open(self) -> None:
        """Refuses to start on a database that could lose what it acknowledged."""
        async with self._write.connect() as db:
            await self._must_be_durable(db)
        await self.done_at_once(self._must_be_durable)

    async def _must_be_durable(self, db: Db) -> None:
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
        self._is_closing = True
        for threads in (self._lookers, self._actors):
            threads.shutdown(wait=False, cancel_futures=True)
        for asked in list(self._asking):  # a server ends at once, also when its database says nothing
            interrupt(asked)
        await asyncio.gather(*(let_go(acting) for acting in list(self._acting)))
        await asyncio.to_thread(self._lookers.shutdown)
        await asyncio.to_thread(self._actors.shutdown)
        self._looks.dispose()
        self._acts.dispose()

    async def squeeze(self) -> None:
        """After an erasure: SQLite's write-ahead file is emptied, where what was erased still stood. Else nothing."""
        if self.is_sqlite:
            await asyncio.to_thread(_empty_wal, make_url(self.url).database)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Db]:
        with _in_our_words():
            async with self._read.connect() as db:
                yield db

    async def at_once(self, question: Callable[[Db], Awaitable[T]]) -> T:
        """Everything one request reads, in one hop to a thread: `question` may wait for nothing but the database.

        By turns with the event loop, each statement on its own costs several hops, more than answering it. Nothing is
        written, and each statement sees what was committed when it began, as in `read()` on PostgreSQL. Unavailable
        when it takes longer than anybody waits; one that has not begun by then never does.
        """
        with _in_our_words():
            try:
                async with asyncio.timeout(LOOK_S):
                    return await asyncio.get_running_loop().run_in_executor(self._lookers, self._looked, question)
            except TimeoutError as error:
                log.warning("database_unavailable", error="TimeoutError", said="a look was not answered")
                raise Unavailable("a look was not answered", retry_after=5) from error

    def _looked(self, question: Callable[[Db], Awaitable[T]]) -> T:
        try:
            return self._look(question)
        except OperationalError as error:
            if not error.connection_invalidated or self._is_closing:
                raise
        return self._look(question)  # what cut this one has cut the others, and the pool has let go of them

    def _look(self, question: Callable[[Db], Awaitable[T]]) -> T:
        with self._looks.connect() as db:
            asked = db.connection.driver_connection
            self._asking.add(asked)
            try:
                return _driven(question(_Looking(self._read, db)))
            finally:
                self._asking.discard(asked)

    async def done_at_once(self, work: Callable[[Db], Awaitable[T]]) -> T:
        """A whole transaction in one hop to a thread, committed when this returns: as `at_once`, but it writes.

        `work` may wait for nothing but the database. Who is told to stop meanwhile interrupts it: it is rolled back, or
        it was committed already, and nobody knows which but the database.
        """
        self._must_go_on()
        acting = Acting()
        with _in_our_words(), self._first_failed_fsync_is_the_last():
            async with self._writer if self.is_sqlite else contextlib.nullcontext():
                self._must_be_open()
                inside = contextvars.copy_context().run
                done = asyncio.get_running_loop().run_in_executor(self._actors, inside, self._acted, acting, work)
                try:
                    return await asyncio.shield(done)
                except asyncio.CancelledError:
                    await let_go(acting, done)  # the line is not let go of while it stands in it
                    if done.cancelled():
                        self._must_be_open()
                    with contextlib.suppress(Exception), self._first_failed_fsync_is_the_last():
                        done.result()
                    raise

    def _acted(self, acting: Acting, work: Callable[[Db], Awaitable[T]]) -> T:
        self._acting.add(acting)
        try:
            with self._acts.begin() as db, acting.by(db):
                return _driven(work(_Here(self._write, db)))
        finally:
            acting.has_ended = True
            self._acting.discard(acting)

    def _must_be_open(self) -> None:
        if self._is_closing:
            raise Unavailable("the database is being closed", retry_after=5)

    def _must_go_on(self) -> None:
        if self.stopped is not None:
            raise StorageStopped(f"nothing is written since an fsync failed: {self.stopped}", retry_after=60)

    @asynccontextmanager
    async def write(self) -> AsyncIterator[Db]:
        """Commits at the end, rolls back on any error."""
        self._must_go_on()
        with _in_our_words(), self._first_failed_fsync_is_the_last():
            if self.is_sqlite:
                async with self._writer, self._write.begin() as db:
                    yield db
            else:
                async with self._write.begin() as db:
                    yield db

    @contextmanager
    def _first_failed_fsync_is_the_last(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            if getattr(error.orig, "sqlite_errorcode", None) in _FAILED_FSYNC:
                self.stopped = self.stopped or str(error.orig)
            raise


_LOOKERS = 8
_ACTORS = 8  # municipalities that write at the same time; on SQLite the file has one writer
LOOK_S: Final = 35.0
"""A little longer than PostgreSQL takes to give a statement up."""


class _Here(AsyncConnection):
    """Answers in the thread that asks: awaiting it never gives way."""

    __slots__ = ()

    def __init__(self, engine: AsyncEngine, db: Connection) -> None:
        super().__init__(engine, db)

    async def execute(self, statement: Any, parameters: Any = None, *, execution_options: Any = None) -> Any:
        db = self.sync_connection
        assert db is not None
        return db.execute(statement, parameters, execution_options=execution_options)

    async def exec_driver_sql(self, statement: str, parameters: Any = None, execution_options: Any = None) -> Any:
        db = self.sync_connection
        assert db is not None
        return db.exec_driver_sql(statement, parameters, execution_options)


class _Looking(_Here):
    """Writes nothing, so that a question the driver refused can be asked again."""

    __slots__ = ()


def driver(db: Db) -> Any:
    """The driver's own connection for who looks (`Store.at_once`); None for everybody else."""
    if not isinstance(db, _Looking) or db.sync_connection is None:
        return None
    return db.sync_connection.connection.driver_connection


def _driven(question: Awaitable[T]) -> T:
    """The end of a coroutine that waits for nothing."""
    step = question.__await__()
    try:
        next(step)
    except StopIteration as end:
        answer: T = end.value
        return answer
    raise RuntimeError("a question that is asked at once has waited for something else than the database")


def _looking(url: str, **options: Any) -> Engine:
    """Without transactions: nothing to begin and nothing to roll back between questions that only read."""
    return create_engine(
        _in_a_thread(url), hide_parameters=True, isolation_level="AUTOCOMMIT", pool_reset_on_return=None, **options
    )


def _in_a_thread(url: str) -> URL:
    """The same database by a driver that does not need an event loop."""
    return make_url(url).set(drivername=make_url(url).drivername.replace("+aiosqlite", ""))


def _empty_wal(file: str | None) -> None:
    if not file:
        return
    with contextlib.closing(sqlite3.connect(file, timeout=30)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# One forgotten open transaction would hold the feed's counter row for everyone. Nobody waits longer for a row than
# SQLite's writers wait for the file. A plan is made for each question that writes: one kept since a table was small
# reads all of it when a set has grown it. A look's plan is kept, where one for its own values is not much better.
_POSTGRES_OPTIONS = (
    "-c idle_in_transaction_session_timeout=30s -c lock_timeout=30s -c timezone=UTC "
    "-c plan_cache_mode=force_custom_plan"
)
# A server that has gone without a word (power, network) is noticed in seconds, not after the system's two hours.
POSTGRES_ANSWERS: Final[Mapping[str, Any]] = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}


def _sqlite(url: str, *, query_only: bool) -> AsyncEngine:
    # Without hide_parameters an error's text holds what somebody wrote, and ends in the log.
    engine = create_async_engine(url, hide_parameters=True, connect_args={"timeout": 30})
    _begins(_prepared(engine.sync_engine, query_only=query_only), "BEGIN" if query_only else "BEGIN IMMEDIATE")
    return engine


def _sqlite_in_a_thread(url: str) -> Engine:
    engine = create_engine(_in_a_thread(url), hide_parameters=True, connect_args={"timeout": 30})
    return _begins(_prepared(engine, query_only=False), "BEGIN IMMEDIATE")


def _begins(engine: Engine, by: str) -> Engine:
    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        connection.exec_driver_sql(by)

    return engine


def _prepared(engine: Engine, *, query_only: bool) -> Engine:
    @event.listens_for(engine, "connect")
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

    return engine
