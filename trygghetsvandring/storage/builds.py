"""Yesterday's builds: their hashed files, kept so that a page that was open during an upgrade still finds its parts.

What the running build has is copied into the blob store when the server is migrated or started. A file that a later
build no longer has is kept for 30 days after it was last part of one.
"""

import asyncio
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Final

import msgspec
import structlog
from sqlalchemy import select

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.storage.blobs import Blobs
from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.tables import meta
from trygghetsvandring.storage.unit import Db, Store

log = structlog.get_logger()

KEPT: Final = timedelta(days=30)
SURFACES: Final = ("field", "desk", "falt")
_ROW: Final = "builds"
# "assets/name-hash.js": a page's and a worker's name say nothing of their content, so they are never among these.
_HASHED: Final = re.compile(r"assets/[A-Za-z0-9_-][A-Za-z0-9._-]*")


class _Builds(msgspec.Struct):
    """`seen`: the last day a file was part of the running build. `current`: those that are."""

    seen: dict[str, date] = msgspec.field(default_factory=dict)
    current: list[str] = msgspec.field(default_factory=list)


async def keep(store: Store, blobs: Blobs, static: Path, today: date) -> None:
    """Copies what is new, and sweeps what nobody can ask for any more. A full disk is no reason not to start."""
    try:
        async with store.write() as db:
            builds = await _read(db)
            files = await asyncio.to_thread(_files, static)
            await _copy(blobs, builds, files)
            # They were asked for until this moment, however long ago they came.
            builds.seen |= dict.fromkeys((*builds.current, *files), today)
            builds.current = sorted(files)
            await _sweep(blobs, builds, today)
            await _write(db, builds)
    except (Refused, OSError) as refused:
        log.warning("builds_not_kept", error=str(refused)[:200])


async def earlier(blobs: Blobs, surface: str, path: str) -> bytes | None:
    """A file of an earlier build; None for everything else there may be in the blob store."""
    if surface not in SURFACES or not _HASHED.fullmatch(path):
        return None
    return await blobs.read(_key(surface, path))


def _files(static: Path) -> dict[str, Path]:
    found = ((surface, file) for surface in SURFACES for file in (static / surface / "assets").glob("*"))
    names = {f"{surface}/assets/{file.name}": file for surface, file in found if file.is_file()}
    return {name: file for name, file in names.items() if _HASHED.fullmatch(name.split("/", 1)[1])}


async def _copy(blobs: Blobs, builds: _Builds, files: dict[str, Path]) -> None:
    for name in files.keys() - builds.seen.keys():
        await blobs.keep(_key(*name.split("/", 1)), await asyncio.to_thread(files[name].read_bytes))


async def _sweep(blobs: Blobs, builds: _Builds, today: date) -> None:
    for name in [name for name, last in builds.seen.items() if today - last > KEPT]:
        await blobs.remove(_key(*name.split("/", 1)))
        del builds.seen[name]


def _key(surface: str, path: str) -> str:
    return f"builds/{surface}/{path}"


async def _read(db: Db) -> _Builds:
    text = (await db.execute(select(meta.c.value).where(meta.c.name == _ROW))).scalar_one_or_none()
    return _Builds() if text is None else msgspec.json.decode(text, type=_Builds)


async def _write(db: Db, builds: _Builds) -> None:
    statement = insert_into(db, meta).values(name=_ROW, value=msgspec.json.encode(builds).decode())
    await db.execute(
        statement.on_conflict_do_update(index_elements=["name"], set_={"value": statement.excluded["value"]})
    )
