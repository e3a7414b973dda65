"""Blobs: whole photos on disk under a key, and the order that makes a receipt true.

Digest → fsync → rename → fsync of the folder → row → receipt. A row may therefore always be believed. `Blobs` is the
seam: a folder on this machine now, an object store behind the same few words later.
"""

import hashlib
import os
import re
from pathlib import Path
from typing import Final, Protocol

from trygghetsvandring.storage.disk import Disk, full_disk_is_a_refusal, to_the_end

_NAME: Final = r"[A-Za-z0-9_-][A-Za-z0-9._-]*"
_KEY: Final = re.compile(rf"(?:{_NAME}/)*{_NAME}")
_PIECE: Final = 1024 * 1024


class Blobs(Protocol):
    """Keys are slash-separated names, `lidkoping/photos/<id>/received`. Bytes under a key never change."""

    async def read(self, key: str) -> bytes | None:
        """The whole content; None when there is nothing under the key. Never a part: there are no ranges."""

    async def keep(self, key: str, content: bytes) -> None:
        """Stored for good when this returns. A repetition stores the same bytes again."""

    async def take(self, file: Path, key: str) -> None:
        """Moves a finished local file in; stored for good when this returns."""

    async def digest(self, key: str) -> str | None:
        """SHA-256 of what is stored, lower-case hex."""

    async def remove(self, key: str) -> None:
        """For erasure: gone, also after a power cut, when this returns."""


class Folder:
    """Blobs in a folder of the data directory."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._folder = disk.folder / "blobs"

    async def read(self, key: str) -> bytes | None:
        place = self._place(key)
        return await to_the_end(lambda: content_of(place))

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

    def _place(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise ValueError(f"not a key: {key!r}")
        return self._folder / key


def content_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
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
