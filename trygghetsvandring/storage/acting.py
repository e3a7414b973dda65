"""How a transaction in a thread is told to stop, and waited for until it has let go."""

import asyncio
import contextlib
import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy import Connection

_TO_STOP_S = 5.0
_TELL_EVERY_S = 0.05


def interrupt(asked: Any) -> None:
    """What is asked by this connection of a driver ends with an error, in whatever thread it is asked."""
    if isinstance(asked, sqlite3.Connection):
        asked.interrupt()
        return
    with contextlib.suppress(Exception), socket.socket(fileno=os.dup(asked.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)


class Acting:
    """One transaction in a thread, that can be told to stop from another."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._asked: Any = None
        self._is_told = False
        self.has_ended = False

    @contextmanager
    def by(self, db: Connection) -> Iterator[None]:
        """Raises InterruptedError when it was told to stop, before it began or since: nothing of it is committed."""
        self._goes_on(db.connection.driver_connection)
        try:
            yield
        finally:
            with self._guard:
                self._asked = None
                if self._is_told:
                    db.invalidate()  # the word to stop may reach the database late, and is for nobody else
        self._goes_on(None)

    def _goes_on(self, asked: Any) -> None:
        with self._guard:
            self._asked = asked
            if self._is_told:
                raise InterruptedError("told to stop")

    def stop(self) -> None:
        """Takes a moment: a statement that runs in PostgreSQL would hold its rows after the line was cut."""
        with self._guard:
            self._is_told = True
            if isinstance(self._asked, psycopg.Connection):
                with contextlib.suppress(Exception):
                    self._asked.cancel_safe(timeout=_TO_STOP_S)
            if self._asked is not None:
                interrupt(self._asked)


async def let_go(acting: Acting, done: "asyncio.Future[Any] | None" = None) -> None:
    """Told again and again: SQLite's statements hear it only while they run. Goes on also when the caller is told."""
    while not (acting.has_ended if done is None else done.done()):
        told = asyncio.get_running_loop().run_in_executor(None, acting.stop)
        while not told.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([told])
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(_TELL_EVERY_S)
