"""Uploads: photos on their way in. Partial files stand apart, and nobody but the upload itself reads them.

How far an upload has come is the length of its file and nothing else, so the answer is honest after a cut at any byte.
After a power cut the file may be shorter, or hold zeros; the digest at the end finds that out.
"""

import asyncio
import contextlib
import fcntl
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.storage.blobs import digest_of
from trygghetsvandring.storage.disk import Disk, full_disk_is_a_refusal, to_the_end

_LOCK_WAIT: Final = 10.0
_LOCK_STEP: Final = 0.02


class UploadBusy(Refused):
    """Another request still holds this upload; asking again in a moment is right."""

    code = "upload_busy"


class Hold:
    """The right to touch one upload. `is_wanted` turns true when somebody else waits for it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._since = os.fstat(descriptor).st_mtime_ns

    @property
    def is_wanted(self) -> bool:
        return os.fstat(self._descriptor).st_mtime_ns != self._since


class Uploads:
    """Partial files of one data folder, shared by every process on it."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._folder = disk.folder / "partial"

    @property
    def stopped(self) -> str | None:
        """Why nothing is written any more."""
        return self._disk.stopped

    def file(self, municipality: str, photo: UUID) -> Path:
        return self._folder / municipality / f"{photo}.part"

    async def begin(self, municipality: str, photo: UUID) -> None:
        """An empty file; one that is there already is left alone."""
        file = self.file(municipality, photo)

        def work() -> None:
            self._disk.may_write()
            with full_disk_is_a_refusal():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()

        await to_the_end(work)

    async def length(self, municipality: str, photo: UUID) -> int | None:
        """Bytes that are here; None when the upload was never begun, or is done."""
        with contextlib.suppress(FileNotFoundError):
            return self.file(municipality, photo).stat().st_size
        return None

    async def append(self, municipality: str, photo: UUID, offset: int, content: bytes) -> int:
        """Writes at `offset` and gives the new length. For the holder of the lock only."""
        file = self.file(municipality, photo)

        def work() -> int:
            self._disk.may_write()
            with full_disk_is_a_refusal(), file.open("r+b") as opened:
                opened.seek(offset)
                opened.write(content)
                return opened.tell()

        return await to_the_end(work)

    async def digest(self, municipality: str, photo: UUID) -> str | None:
        file = self.file(municipality, photo)
        return await to_the_end(lambda: digest_of(file))

    async def start_over(self, municipality: str, photo: UUID) -> None:
        """The bytes that came are not the bytes that were promised: back to nothing."""
        file = self.file(municipality, photo)
        await to_the_end(lambda: os.truncate(file, 0))

    @contextlib.asynccontextmanager
    async def hold(self, municipality: str, photo: UUID, *, wait: float = _LOCK_WAIT) -> AsyncIterator[Hold]:
        """One holder at a time, among all requests of all processes; freed by the kernel when a process dies.

        Whoever comes later is right: a phone asks again because its last connection is dead. So the newcomer marks the
        lock as wanted, and the holder stops between two writes.
        """
        path = self.file(municipality, photo).with_suffix(".lock")
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            await _acquire(descriptor, wait)
            yield Hold(descriptor)
        finally:
            os.close(descriptor)

    async def forget_lock(self, municipality: str, photo: UUID) -> None:
        """After the last byte is received nobody writes any more, so the lock file can go."""
        self.file(municipality, photo).with_suffix(".lock").unlink(missing_ok=True)


async def _acquire(descriptor: int, wait: float) -> None:
    until = time.monotonic() + wait
    while not _is_ours(descriptor):
        if time.monotonic() > until:
            raise UploadBusy("another request still holds this upload")
        os.utime(descriptor)
        await asyncio.sleep(_LOCK_STEP)


def _is_ours(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
