"""Blobs: whole photos under a key, and the order that makes a receipt true.

Digest → fsync → rename → fsync of the folder → row → receipt. A row may therefore always be believed. `Blobs` is the
seam: a folder of this machine here, a bucket of an S3 server in `buckets`, behind the same words.
"""

import hashlib
import os
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

from trygghetsvandring.storage.disk import Disk, full_disk_is_a_refusal, to_the_end

_NAME: Final = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_KEY: Final = re.compile(rf"(?:{_NAME}/)*{_NAME}")
_PIECE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What lies under a key: its size in bytes, and when it was stored."""

    key: str
    bytes: int
    at: datetime


class Blobs(Protocol):
    """Keys are slash-separated names, `lidkoping/photos/<id>/received`: whose it is stands first.

    Bytes under a key never change once a row names it: rows go on from DECLARED and RECEIVED, and nothing is kept for
    a row that has. Until then a repetition takes the place of what was stored before. Any of these may raise
    `buckets.StoreAway`, and none waits longer than `buckets.Patience` says.
    """

    @property
    def silent_for(self) -> float | None:
        """Seconds since the store stopped answering; None while it answers."""

    async def read(self, key: str) -> bytes | None:
        """The whole content; None when there is nothing under the key."""

    async def part(self, key: str, start: int, length: int) -> bytes | None:
        """From byte `start` on, `length` bytes or as many as there are; None when there is nothing under the key."""

    async def size(self, key: str) -> int | None:
        """In bytes; None when there is nothing under the key."""

    async def keep(self, key: str, content: bytes) -> None:
        """Stored for good when this returns. A repetition stores the same bytes again."""

    async def take(self, file: Path, key: str) -> None:
        """Moves a finished local file in; stored for good when this returns."""

    async def digest(self, key: str) -> str | None:
        """SHA-256 of what is stored, lower-case hex."""

    async def remove(self, key: str) -> None:
        """For erasure: gone, also after a power cut, when this returns."""

    async def remove_all(self, prefix: str) -> None:
        """Everything under the prefix, halves too: gone, also after a power cut, when this returns."""

    async def is_any(self, prefix: str) -> bool:
        """Whether anything lies under the prefix."""

    def under(self, prefix: str) -> AsyncIterator[Stored]:
        """Everything under the prefix, which is whole names: `lidkoping` is not the beginning of `lidkoping-2`."""

    async def link(self, key: str) -> str | None:
        """An address where one browser may fetch it within a minute; None when we hand it out ourselves."""


class Folder:
    """Blobs in a folder of the data directory."""

    silent_for: float | None = None
    """A disk answers, or fails at once."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._folder = disk.folder / "blobs"

    async def read(self, key: str) -> bytes | None:
        place = self._place(key)
        return await to_the_end(lambda: content_of(place))

    async def part(self, key: str, start: int, length: int) -> bytes | None:
        place = self._place(key)
        return await to_the_end(lambda: _part_of(place, start, length))

    async def size(self, key: str) -> int | None:
        place = self._place(key)
        return await to_the_end(lambda: place.stat().st_size if place.is_file() else None)

    async def digest(self, key: str) -> str | None:
        place = self._place(key)
        return await to_the_end(lambda: digest_of(place))

    async def keep(self, key: str, content: bytes) -> None:
        place = self._place(key)
        temporary = place.with_name(f"{place.name}.{os.getpid()}-{id(content):x}.new")

        def work() -> None:
            self._disk.may_write()
            self._disk.make_folder(place.parent)
            with full_disk_is_a_refusal():
                temporary.write_bytes(content)
            self._disk.settle(temporary, place)

        await to_the_end(work)

    async def take(self, file: Path, key: str) -> None:
        place = self._place(key)

        def work() -> None:
            self._disk.may_write()
            self._disk.make_folder(place.parent)
            self._disk.settle(file, place)

        await to_the_end(work)

    async def remove(self, key: str) -> None:
        place = self._place(key)

        def work() -> None:
            place.unlink(missing_ok=True)
            if place.parent.exists():
                self._disk.sync(place.parent)

        await to_the_end(work)

    async def remove_all(self, prefix: str) -> None:
        place = self._place(prefix)

        def work() -> None:
            if place.exists():
                shutil.rmtree(place)
            if place.parent.exists():
                self._disk.sync(place.parent)

        await to_the_end(work)

    async def is_any(self, prefix: str) -> bool:
        place = self._place(prefix)
        return await to_the_end(lambda: any(each.is_file() for each in place.rglob("*")))

    async def under(self, prefix: str) -> AsyncIterator[Stored]:
        place = self._place(prefix)
        for each in await to_the_end(lambda: list(self._files(place))):
            yield each

    async def link(self, key: str) -> str | None:
        return None

    def _files(self, place: Path) -> Iterator[Stored]:
        for file in sorted(place.rglob("*")):
            if file.is_file():
                said, key = file.stat(), file.relative_to(self._folder).as_posix()
                yield Stored(key=key, bytes=said.st_size, at=datetime.fromtimestamp(said.st_mtime, UTC))

    def _place(self, key: str) -> Path:
        return self._folder / checked(key)


def checked(key: str) -> str:
    """The key itself. A name that could lead somewhere else is no key."""
    if not _KEY.fullmatch(key):
        raise ValueError(f"not a key: {key!r}")
    return key


def content_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _part_of(path: Path, start: int, length: int) -> bytes | None:
    try:
        with path.open("rb") as file:
            file.seek(start)
            return file.read(length)
    except FileNotFoundError:
        return None


def digest_of(path: Path) -> str | None:
    """SHA-256 of a file, lower-case hex, a piece at a time."""
    hashed = hashlib.sha256()
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                hashed.update(piece)
    except FileNotFoundError:
        return None
    return hashed.hexdigest()
