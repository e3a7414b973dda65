"""The disk: what must have happened before anything may be called stored.

The first fsync that fails is fatal for writing: the kernel may have dropped the pages and call a second fsync fine. So
the file is thrown away and nothing more is taken until the process has been started again. Reading goes on.
"""

import asyncio
import contextlib
import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final, TypeVar

from trygghetsvandring.domain.errors import Refused

T = TypeVar("T")

FULL_AT: Final = 0.9
"""Share of the disk in use from which no new bytes are taken. What is here can then still be read and backed up."""


class StorageStopped(Refused):
    """An fsync failed in this process. Somebody must look at the disk and start the server again."""

    code = "storage_stopped"


class StorageFailed(Refused):
    """The disk did not do what it was asked. Nothing is promised; trying again may do better."""

    code = "storage_failed"


class StorageFull(Refused):
    code = "storage_full"

    def __init__(self) -> None:
        super().__init__("the disk is full; what is here can be read", retry_after=300)


class Disk:
    """One per process and data folder: it remembers a failed fsync."""

    def __init__(self, folder: Path, *, full_at: float = FULL_AT) -> None:
        self.folder = folder
        self._full_at = full_at
        self._stopped: str | None = None

    @property
    def stopped(self) -> str | None:
        """Why nothing is written any more."""
        return self._stopped

    def may_write(self) -> None:
        if self._stopped is not None:
            raise StorageStopped(f"nothing is written since an fsync failed: {self._stopped}", retry_after=60)
        existing = next(folder for folder in (self.folder, *self.folder.parents) if folder.exists())
        usage = shutil.disk_usage(existing)
        # `free` is what we may use; blocks kept for root count as used, as they do for `df`.
        if usage.free < (1 - self._full_at) * (usage.used + usage.free):
            raise StorageFull

    def make_folder(self, folder: Path) -> None:
        """With every folder above it, each written down in its parent."""
        if folder.is_dir():
            return
        self.make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        self.sync(folder.parent)

    def settle(self, temporary: Path, place: Path) -> None:
        """fsync, rename, fsync of the folder. When it fails neither name is left to be believed."""
        try:
            self.sync(temporary)
        except StorageStopped:
            temporary.unlink(missing_ok=True)
            raise
        temporary.replace(place)
        try:
            self.sync(place.parent)
        except StorageStopped:
            place.unlink(missing_ok=True)
            raise

    def sync(self, path: Path) -> None:
        try:
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as failed:
            self._stopped = self._stopped or f"{failed.strerror} ({path.name})"
            raise StorageStopped(f"fsync failed: {self._stopped}", retry_after=60) from failed


_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_BROKEN: Final = frozenset({errno.EIO, errno.EROFS, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.EUCLEAN})


def refusal_of(failed: OSError) -> Refused | None:
    """What a disk's failure is to somebody who asks; None when it is no disk's."""
    if failed.errno in _FULL:
        return StorageFull()
    if failed.errno in _BROKEN:
        return StorageFailed("the disk failed", retry_after=30)
    return None


@contextlib.contextmanager
def full_disk_is_a_refusal() -> Iterator[None]:
    try:
        yield
    except OSError as failed:
        if failed.errno in _FULL:
            raise StorageFull from failed
        raise


async def to_the_end(work: Callable[[], T]) -> T:
    """Runs in a thread, and is waited for even when the caller is cancelled.

    A dying request must not let go of its lock while its thread still writes.
    """
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    except asyncio.CancelledError:
        while not running.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait([running])
        raise
