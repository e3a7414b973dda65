"""Faults planted in the harness's own server process, never in the product: each must be caught by the bench.

A harness that finds nothing proves something only when it has been seen to find what is there.
"""

import asyncio
import contextlib
import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import Engine, delete, event

from trygghetsvandring.domain.people import Principal
from trygghetsvandring.storage import disk, operations, tables, unit
from trygghetsvandring.storage import uploads as partial
from trygghetsvandring.sync import engine, items, repeats, wire
from trygghetsvandring.web import uploads


def _instead(owner: object, name: str, fault: object) -> None:
    """`fault` where the server had `name`."""
    if not hasattr(owner, name):
        raise AttributeError(f"{owner} has no {name} any more: the plant would grow nowhere")
    setattr(owner, name, fault)


_background: set[asyncio.Task[Any]] = set()


def _synchronous(how: str) -> None:
    honest = unit._prepared

    def hasty(made: Engine, *, query_only: bool) -> Engine:
        honest(made, query_only=query_only)

        @event.listens_for(made, "connect")
        def _hurry(connection: Any, _record: object) -> None:
            connection.execute(f"PRAGMA synchronous={how}")

        return made

    async def believes(_store: unit.Store) -> None:
        """The check at start would refuse such a database; the bench must see what the check is for."""

    _instead(unit, "_prepared", hasty)
    _instead(unit.Store, "open", believes)


def no_photo_fsync() -> None:
    """A photo's bytes are renamed into place without having been asked of the medium."""
    honest = disk.Disk.sync

    def sync(self: disk.Disk, path: Path) -> None:
        if path.is_dir():
            honest(self, path)

    _instead(disk.Disk, "sync", sync)


def shrugs_at_a_failed_fsync() -> None:
    """As if the disk's word did not matter: photos and database alike."""

    def sync(_self: disk.Disk, path: Path) -> None:
        with contextlib.suppress(OSError):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    _instead(disk.Disk, "sync", sync)
    _instead(unit, "_FAILED_FSYNC", frozenset())


def answer_before_commit() -> None:
    """The phone is told "applied" a moment before anything is stored."""
    honest = engine.Engine.push

    async def push(self: engine.Engine, principal: Principal, asked: wire.Push, now: datetime) -> wire.Pushed:
        async def later() -> None:
            await asyncio.sleep(0.2)
            await honest(self, principal, asked, now)

        task = asyncio.create_task(later())
        _background.add(task)
        task.add_done_callback(_background.discard)
        ids = [msgspec.json.decode(bytes(raw))["id"] for raw in asked.operations]
        told = [wire.Outcome(id=id, outcome="applied", version=1) for id in ids]
        return wire.Pushed(protocol=wire.PROTOCOL, server_time=now, outcomes=told)

    _instead(engine.Engine, "push", push)


def forgets_what_it_answered() -> None:
    """What is sent again is done again: nobody looks in the log, and the new row takes the old one's place."""
    honest = operations.log

    def recall(came: list[items.Item], before: dict[UUID, Any], sender: Principal, seen: dict[UUID, Any]) -> None:
        """Remembers nothing."""
        for item in came:
            item.device = sender.device

    async def log(db: unit.Db, municipality: str, done: Sequence[operations.Logged]) -> None:
        table = tables.operations
        ids = [it.id for it in done]
        await db.execute(delete(table).where(table.c.municipality == municipality, table.c.id.in_(ids)))
        await honest(db, municipality, done)

    _instead(repeats, "recall", recall)
    _instead(operations, "log", log)


def photo_in_place_before_its_bytes() -> None:
    """The photo is called received as soon as its first bytes are here."""

    async def believed(self: partial.Uploads, municipality: str, photo: UUID) -> str | None:
        return _promised.get(photo)

    honest = uploads._own_photo

    async def promised(request: Any, asker: Principal, id: UUID) -> Any:
        photo = await honest(request, asker, id)
        _promised[id] = photo.sha256
        return photo

    length = partial.Uploads.length

    async def whole(self: partial.Uploads, municipality: str, photo: UUID) -> int | None:
        here = await length(self, municipality, photo)
        return 10**9 if here else here

    _instead(partial.Uploads, "digest", believed)
    _instead(partial.Uploads, "length", whole)
    _instead(uploads, "_own_photo", promised)


_promised: dict[UUID, str] = {}

PLANTS: Final[dict[str, Callable[[], None]]] = {
    "synchronous=NORMAL": lambda: _synchronous("NORMAL"),
    "synchronous=OFF": lambda: _synchronous("OFF"),
    "no photo fsync": no_photo_fsync,
    "shrugs at a failed fsync": shrugs_at_a_failed_fsync,
    "answer before commit": answer_before_commit,
    "forgets what it answered": forgets_what_it_answered,
    "photo in place before its bytes": photo_in_place_before_its_bytes,
}
