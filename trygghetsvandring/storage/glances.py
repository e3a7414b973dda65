"""One look at the feed: who holds the token, where the feed stands and what is new, in one question.

A phone that is up to date asks this again and again, so it goes past the unit of work: one statement, no transaction
to open and end, states joined where they lie. The device is read in the same breath as its rows; what has been revoked
is therefore revoked at the next pull, and no sign-in is remembered anywhere.
"""

import asyncio
import json
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol, TypeVar
from uuid import UUID

import psycopg
from sqlalchemy import make_url

from trygghetsvandring.domain.people import Device
from trygghetsvandring.domain.photos import Photo
from trygghetsvandring.storage.records import decode
from trygghetsvandring.storage.unit import POSTGRES_ANSWERS, Unavailable

T = TypeVar("T")
Holder = tuple[str, Device]  # its municipality, and the device
Sender = tuple[Holder, Photo | None]


@dataclass(frozen=True, slots=True)
class Glance:
    """`text`: `count` lines of JSON, divided by commas; `last` is the number of the last of them, or 0."""

    municipality: str
    device: Device
    epoch: str
    head: int
    count: int
    last: int
    text: str


class Glances(Protocol):
    async def look(
        self, token_hash: str, municipality: str, scopes: Sequence[str], after: int, limit: int
    ) -> Glance | None:
        """None when nobody holds the token. At most `limit` rows, oldest first."""

    async def holder(self, token_hash: str) -> Holder | None:
        """The device that holds the token, revoked ones too."""

    async def sender(self, token_hash: str, photo: UUID) -> Sender | None:
        """The holder, and the photo of its municipality that it asks about, when there is one."""

    async def close(self) -> None: ...


def glances(url: str) -> Glances:
    return Sqlite(url) if make_url(url).get_backend_name() == "sqlite" else Postgres(url)


class Together:
    """Those who ask while a question is on its way are asked for in the next, together: never in one that began before.

    Fifty phones that hand in at once are fifty sign-ins, and each alone costs as much as storing ten findings.
    """

    def __init__(self, ask: Callable[[Iterable[str]], Awaitable[Mapping[str, Holder]]]) -> None:
        self._ask = ask
        self._waiting: list[tuple[str, asyncio.Future[Holder | None]]] = []
        self._asking: asyncio.Task[None] | None = None

    async def holder(self, token_hash: str) -> Holder | None:
        answer: asyncio.Future[Holder | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((token_hash, answer))
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask_all())  # nobody's own: one who hangs up stops no other
        return await answer

    async def _ask_all(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting, []
            try:
                found = await self._ask({token_hash for token_hash, _ in group})
            except Exception as error:  # noqa: BLE001  # raised again, to each of them
                for _, answer in group:
                    if not answer.done():
                        answer.set_exception(error)
                continue
            for token_hash, answer in group:
                if not answer.done():
                    answer.set_result(found.get(token_hash))


# The scopes one by one: read together, a scope that is far ahead would be read to its end. Written out, and not taken
# from a list, they are planned once for all: planning the list anew each time took longer than answering.
_SCOPE = """
      (SELECT seq, kind, id, version, state FROM changes
       WHERE municipality = %(municipality)s AND scope = %(scope_{at})s AND seq > %(after)s
       ORDER BY seq LIMIT {limit})"""
_POSTGRES = """
SELECT d.municipality, d.doc, m.value, f.value, n.count, n.last, n.text
FROM devices d
JOIN meta m ON m.name = 'epoch'
LEFT JOIN counters f ON f.municipality = d.municipality AND f.series = 'feed'
CROSS JOIN LATERAL (
  SELECT count(*) AS count, max(c.seq) AS last,
    string_agg('{{"kind":"' || c.kind || '","id":' || to_json(c.id)::text || ',"version":' || c.version
      || CASE WHEN c.state IS NULL THEN ',"gone":true}}' ELSE ',"state":' || c.state || '}}' END,
      ',' ORDER BY c.seq) AS text
  FROM (
    SELECT * FROM ({scopes}
    ) AS every ORDER BY seq LIMIT {limit}
  ) AS c
) AS n
WHERE d.token_hash = %(token)s
"""


@lru_cache
def _postgres(scopes: int, limit: int) -> str:
    parts = (_SCOPE.format(at=str(at), limit=str(limit)) for at in range(scopes))
    return _POSTGRES.format(scopes=" UNION ALL ".join(parts), limit=str(limit))


_SENDER = (
    "SELECT d.municipality, d.doc, p.doc FROM devices d "
    "LEFT JOIN photos p ON p.municipality = d.municipality AND p.id = {0} WHERE d.token_hash = {0}"
)
_POSTGRES_HOLDERS = "SELECT token_hash, municipality, doc FROM devices WHERE token_hash = ANY(%s)"


class Postgres:
    """A few connections of its own, in autocommit: nothing to begin and nothing to roll back."""

    _MOST = 8

    def __init__(self, url: str) -> None:
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._free: list[psycopg.AsyncConnection[Any]] = []
        self._room = asyncio.Semaphore(self._MOST)
        self.holder = Together(self._holders).holder

    async def _holders(self, hashes: Iterable[str]) -> dict[str, Holder]:
        asked = list(hashes)

        async def ask(db: psycopg.AsyncConnection[Any]) -> list[tuple[str, str, str]]:
            return await (await db.execute(_POSTGRES_HOLDERS, (asked,))).fetchall()

        return _held(await self._asked(ask))

    async def sender(self, token_hash: str, photo: UUID) -> Sender | None:
        async def ask(db: psycopg.AsyncConnection[Any]) -> Any:
            return await (await db.execute(_SENDER.format("%s"), (photo, token_hash))).fetchone()

        return _sender(await self._asked(ask))

    async def look(
        self, token_hash: str, municipality: str, scopes: Sequence[str], after: int, limit: int
    ) -> Glance | None:
        statement = _postgres(len(scopes), limit)
        asked: dict[str, object] = {"token": token_hash, "municipality": municipality, "after": after}
        asked |= {f"scope_{at}": scope for at, scope in enumerate(scopes)}

        async def ask(db: psycopg.AsyncConnection[Any]) -> Any:
            return await (await db.execute(statement, asked)).fetchone()

        row = await self._asked(ask)
        if row is None:
            return None
        where, doc, epoch, head, count, last, text = row
        return Glance(where, decode(Device, doc), epoch, head or 0, count, last or 0, text or "")

    async def _asked(self, ask: Callable[[psycopg.AsyncConnection[Any]], Awaitable[T]]) -> T:
        """On a connection that may have died since it was last used: then once more, on a new one."""
        async with self._room:
            if self._free:
                try:
                    return await self._on(self._free.pop(), ask)
                except psycopg.OperationalError:
                    await self.close()  # what cut this one has cut the others
            try:
                return await self._on(await self._connect(), ask)
            except psycopg.OperationalError as error:
                raise Unavailable(str(error)[:200], retry_after=5) from error

    async def _on(
        self, db: psycopg.AsyncConnection[Any], ask: Callable[[psycopg.AsyncConnection[Any]], Awaitable[T]]
    ) -> T:
        try:
            answer = await ask(db)
        except BaseException:
            await db.close()
            raise
        self._free.append(db)
        return answer

    async def _connect(self) -> psycopg.AsyncConnection[Any]:
        options = (
            "-c timezone=UTC -c default_transaction_read_only=on -c plan_cache_mode=force_generic_plan "
            "-c statement_timeout=30s"
        )
        return await psycopg.AsyncConnection.connect(
            self._address, autocommit=True, options=options, **POSTGRES_ANSWERS
        )

    async def close(self) -> None:
        while self._free:
            await self._free.pop().close()


_SQLITE_WHO = """
SELECT d.municipality, d.doc, m.value, f.value FROM devices d
JOIN meta m ON m.name = 'epoch'
LEFT JOIN counters f ON f.municipality = d.municipality AND f.series = 'feed'
WHERE d.token_hash = ?
"""
_SQLITE_SCOPE = """
SELECT * FROM (
  SELECT seq, json_object('kind', kind, 'id', id, 'version', version), state FROM changes
  WHERE municipality = ? AND scope = ? AND seq > ? ORDER BY seq LIMIT ?)
"""


_SQLITE_HOLDERS = (
    "SELECT token_hash, municipality, doc FROM devices WHERE token_hash IN (SELECT value FROM json_each(?))"
)


class Sqlite:
    """A connection a thread may take; a reader never waits for the writer."""

    def __init__(self, url: str) -> None:
        self._path = make_url(url).database or ""
        self._free: list[sqlite3.Connection] = []
        self.holder = Together(self._holders).holder

    async def look(
        self, token_hash: str, municipality: str, scopes: Sequence[str], after: int, limit: int
    ) -> Glance | None:
        return await asyncio.to_thread(self._look, token_hash, municipality, scopes, after, limit)

    def _look(self, token_hash: str, municipality: str, scopes: Sequence[str], after: int, limit: int) -> Glance | None:
        with self._connected() as db:
            # The head is read before the rows, so nothing below it can be missing from them.
            who = db.execute(_SQLITE_WHO, (token_hash,)).fetchone()
            parts = [part for scope in scopes for part in (municipality, scope, after, limit)]
            every = " UNION ALL ".join([_SQLITE_SCOPE] * len(scopes)) + " ORDER BY 1 LIMIT ?"
            rows = db.execute(every, (*parts, limit)).fetchall() if who else []
        if who is None:
            return None
        where, doc, epoch, head = who
        last = rows[-1][0] if rows else 0
        text = ",".join(_line(named, state) for _, named, state in rows)
        return Glance(where, decode(Device, doc), epoch, head or 0, len(rows), last, text)

    async def sender(self, token_hash: str, photo: UUID) -> Sender | None:
        return _sender(await asyncio.to_thread(self._sent_by, token_hash, photo.hex))

    def _sent_by(self, token_hash: str, photo: str) -> Any:
        with self._connected() as db:
            return db.execute(_SENDER.format("?"), (photo, token_hash)).fetchone()

    async def _holders(self, hashes: Iterable[str]) -> dict[str, Holder]:
        return await asyncio.to_thread(self._held, json.dumps(list(hashes)))

    def _held(self, listed: str) -> dict[str, Holder]:
        with self._connected() as db:
            return _held(db.execute(_SQLITE_HOLDERS, (listed,)).fetchall())

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        try:
            db = self._free.pop()
        except IndexError:
            db = self._connect()
        try:
            yield db
        except sqlite3.OperationalError as error:
            db.close()
            raise Unavailable(str(error)[:200], retry_after=5) from error
        self._free.append(db)

    def _connect(self) -> sqlite3.Connection:
        db = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False, timeout=30)
        db.execute("PRAGMA query_only=ON")
        return db

    async def close(self) -> None:
        while self._free:
            self._free.pop().close()


def _held(rows: Iterable[tuple[str, str, str]]) -> dict[str, Holder]:
    return {token_hash: (municipality, decode(Device, doc)) for token_hash, municipality, doc in rows}


def _sender(row: tuple[str, str, str | None] | None) -> Sender | None:
    if row is None:
        return None
    municipality, device, photo = row
    return (municipality, decode(Device, device)), None if photo is None else decode(Photo, photo)


def _line(named: str, state: str | None) -> str:
    return f'{named[:-1]},"gone":true}}' if state is None else f'{named[:-1]},"state":{state}}}'
