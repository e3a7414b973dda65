"""Uploads: photos on their way in. Partial files stand apart, and nobody but the upload itself reads them.

How far an upload has come is the length of its file and nothing else, so the answer is honest after a cut at any byte.
After a power cut the file may be shorter, or hold zeros; the digest at the end finds that out.

    <photo>.part    what has come
    <photo>.chunk   a piece with a checksum, until it is whole and right
    <photo>.ended   what had come when its sender gave it up; it goes by the nämnd's decision, as every part does
    <photo>.lock    who may touch them
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path, PurePath
from typing import Final
from uuid import UUID

from trygghetsvandring.domain.errors import Refused
from trygghetsvandring.storage.blobs import digest_of
from trygghetsvandring.storage.disk import Disk, full_disk_is_a_refusal, to_the_end

_LOCK_WAIT: Final = 10.0
_LOCK_STEP: Final = 0.02
_PART, _CHUNK, _ENDED, _LOCK = ".part", ".chunk", ".ended", ".lock"
KEPT: Final = (_PART, _ENDED)
"""Files with what somebody sent."""
RESCUE: Final = "rescue-"
"""Begins the names of rescue files on their way in, which stand in the same folder and are no photos."""


class UploadBusy(Refused):
    """Another request still holds this upload; asking again in a moment is right."""

    code = "upload_busy"


class DigestDiffers(Refused):
    """Every byte came, and they are others than those declared. The upload starts again from nothing."""

    code = "digest_differs"


class Hold:
    """The right to touch one upload. `is_wanted` when a request that came later wants it, or has had it meanwhile.

    `since` is when the holder's own request came (monotonic, ns). It stands as the lock file's time, where every
    process sees it. One from before the machine last started lies in the future and counts for nothing.
    """

    def __init__(self, descriptor: int, since: int) -> None:
        self._descriptor = descriptor
        self._since = since

    @property
    def is_wanted(self) -> bool:
        return self._since < os.fstat(self._descriptor).st_mtime_ns <= time.monotonic_ns()

    def mark(self) -> None:
        if not self.is_wanted:
            os.utime(self._descriptor, ns=(self._since, self._since))


@dataclass(frozen=True, slots=True)
class Partial:
    """An upload that has begun and is not whole. `touched`: when its last byte came."""

    photo: UUID
    length: int
    touched: datetime


class Pen:
    """An open file that bytes are added to, from `offset` on. For the holder of the lock only."""

    def __init__(self, disk: Disk, descriptor: int, offset: int) -> None:
        self._disk, self._descriptor = disk, descriptor
        self.offset = offset

    async def write(self, pieces: list[bytes]) -> None:
        """With the operating system when this returns: what a process that is killed has written is not lost."""
        await to_the_end(lambda: self._write(pieces))

    def _write(self, pieces: list[bytes]) -> None:
        self._disk.may_write()
        with full_disk_is_a_refusal():
            rest = memoryview(b"".join(pieces))
            while rest:
                written = os.pwrite(self._descriptor, rest, self.offset)
                self.offset += written
                rest = rest[written:]


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
        return Path(self._place(municipality, photo, _PART))

    def folder(self, municipality: str) -> Path:
        return self._folder / municipality

    def _place(self, municipality: str, photo: UUID, suffix: str) -> str:
        return f"{self._folder}/{municipality}/{photo}{suffix}"

    async def begin(self, municipality: str, photo: UUID, *, room_for: int | None = None) -> set[UUID] | None:
        """An empty file; one that is there already is left alone.

        With `room_for`, only when it is one of at most so many that are not whole. Else nothing is begun, and the
        others are given.
        """
        file = self.file(municipality, photo)

        def work() -> set[UUID] | None:
            self._disk.may_write()
            if room_for is not None:
                others = {it.photo for it in partials(file.parent)} - {photo}
                if len(others) >= room_for:
                    return others
            with full_disk_is_a_refusal():
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()
            return None

        return await to_the_end(work)

    async def length(self, municipality: str, photo: UUID) -> int | None:
        """Bytes that are here; None when the upload was never begun, or is done."""
        with contextlib.suppress(FileNotFoundError):
            return os.stat(self._place(municipality, photo, _PART)).st_size  # noqa: PTH116  # asked for every piece
        return None

    def touched(self, municipality: str, photo: UUID) -> datetime:
        """When its last byte came, or when it began. For one that is here."""
        return datetime.fromtimestamp(self.file(municipality, photo).stat().st_mtime, UTC)

    def unfinished(self, municipality: str) -> list[Partial]:
        return list(partials(self.folder(municipality)))

    async def begun(self, municipality: str) -> list[tuple[UUID, int]]:
        """(photo, bytes that are here) of every upload that has begun, the one that has rested longest first."""
        folder = self.folder(municipality)
        found = await to_the_end(lambda: list(partials(folder, (_PART,))))
        return [(it.photo, it.length) for it in sorted(found, key=lambda it: (it.touched, it.photo))]

    # ---------------------------------------------------------------- for the holder of the lock

    @contextlib.contextmanager
    def pen(self, municipality: str, photo: UUID, offset: int) -> Iterator[Pen]:
        with self.file(municipality, photo).open("r+b", buffering=0) as opened:
            yield Pen(self._disk, opened.fileno(), offset)

    @contextlib.contextmanager
    def chunk(self, municipality: str, photo: UUID) -> Iterator[Pen]:
        """Beside what has come, and gone at the end unless it was `adopt`ed."""
        beside = self.file(municipality, photo).with_suffix(_CHUNK)
        with full_disk_is_a_refusal(), beside.open("w+b", buffering=0) as opened:
            try:
                yield Pen(self._disk, opened.fileno(), 0)
            finally:
                beside.unlink(missing_ok=True)

    async def adopt(self, municipality: str, photo: UUID, offset: int) -> int:
        """The chunk becomes part of what has come; gives the new length."""
        file = self.file(municipality, photo)

        def work() -> int:
            self._disk.may_write()
            with full_disk_is_a_refusal(), file.with_suffix(_CHUNK).open("rb") as chunk, file.open("r+b") as opened:
                opened.seek(offset)
                shutil.copyfileobj(chunk, opened)
                return opened.tell()

        return await to_the_end(work)

    async def digest(self, municipality: str, photo: UUID) -> str | None:
        file = self.file(municipality, photo)
        return await to_the_end(lambda: digest_of(file))

    async def secure(self, municipality: str, photo: UUID) -> None:
        """What has come survives a power cut when this returns. For a whole photo that cannot be stored yet."""
        file = self.file(municipality, photo)

        def work() -> None:
            self._disk.sync(file)
            self._disk.sync(file.parent)

        await to_the_end(work)

    async def start_over(self, municipality: str, photo: UUID) -> None:
        """The bytes that came are not the bytes that were promised: back to nothing."""
        file = self.file(municipality, photo)
        await to_the_end(lambda: os.truncate(file, 0))

    async def end(self, municipality: str, photo: UUID) -> bool:
        """Given up by its sender; False when there was none. Bytes that came are set aside, an empty file goes."""
        file = self.file(municipality, photo)

        def work() -> bool:
            try:
                if file.stat().st_size:
                    file.replace(file.with_suffix(_ENDED))
                else:
                    file.unlink()
            except FileNotFoundError:
                return False
            self._disk.sync(file.parent)
            return True

        return await to_the_end(work)

    async def sweep(self, municipality: str, before: datetime) -> int:
        """What a crash left beside no upload: chunks that nobody was answered for, and locks of nothing. How many."""
        gone = 0
        for photo in await to_the_end(lambda: set(_litter(self.folder(municipality), before))):
            with contextlib.suppress(UploadBusy):
                async with self.hold(municipality, photo, wait=-1):  # who is at work is not told to hurry
                    gone += await to_the_end(partial(self._cleared, municipality, photo, before))
        return gone

    def _cleared(self, municipality: str, photo: UUID, before: datetime) -> int:
        """By the holder of the lock, whose own file goes last."""
        file = self.file(municipality, photo)
        chunk, gone = file.with_suffix(_CHUNK), 0
        with contextlib.suppress(FileNotFoundError):
            if chunk.stat().st_mtime <= before.timestamp():
                chunk.unlink()
                gone += 1
        if not any(file.with_suffix(suffix).exists() for suffix in (*KEPT, _CHUNK)):
            file.with_suffix(_LOCK).unlink(missing_ok=True)
            gone += 1
        return gone

    def is_any(self, municipality: str, photo: UUID, *, untouched_since: datetime | None = None) -> bool:
        """Whether anything of it lies here that `remove` would take."""
        return any(self._files(municipality, photo, untouched_since))

    async def remove(self, municipality: str, photo: UUID, *, untouched_since: datetime | None = None) -> None:
        """For erasure: what had come is gone, also after a power cut, when this returns.

        `untouched_since` spares what was touched later: a phone may have begun again.
        """
        folder = self.file(municipality, photo).parent

        def work() -> None:
            for each in self._files(municipality, photo, untouched_since):
                each.unlink(missing_ok=True)
            if folder.exists():
                self._disk.sync(folder)

        await to_the_end(work)

    def _files(self, municipality: str, photo: UUID, untouched_since: datetime | None) -> Iterator[Path]:
        file = self.file(municipality, photo)
        for each in (file.with_suffix(suffix) for suffix in (*KEPT, _CHUNK)):
            with contextlib.suppress(FileNotFoundError):
                touched = each.stat().st_mtime
                if untouched_since is None or touched <= untouched_since.timestamp():
                    yield each

    # ---------------------------------------------------------------- the lock

    @contextlib.asynccontextmanager
    async def hold(
        self, municipality: str, photo: UUID, *, since: int | None = None, wait: float = _LOCK_WAIT
    ) -> AsyncIterator[Hold]:
        """One holder at a time, among all requests of all processes; freed by the kernel when a process dies.

        Whoever comes later is right: a phone asks again because its last connection is dead. So a newcomer marks the
        lock as wanted, and the holder stops between two writes. Later is told by `since`, when the request came, and
        not by who reaches the lock first: a dying request may reach it after its own successor.
        """
        place, came = self._place(municipality, photo, _LOCK), time.monotonic_ns() if since is None else since
        descriptor, hold = await _acquired(place, came, time.monotonic() + wait)
        try:
            yield hold
        finally:
            os.close(descriptor)

    async def forget_lock(self, municipality: str, photo: UUID) -> None:
        """By its holder: after the last byte is received nobody writes any more, so the lock file can go."""
        self.file(municipality, photo).with_suffix(_LOCK).unlink(missing_ok=True)


def partials(folder: Path, suffixes: Sequence[str] = KEPT) -> Iterator[Partial]:
    """What has begun and is not whole in one municipality's folder, in no order."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            name = PurePath(entry.name)
            if name.suffix not in suffixes or name.stem.startswith(RESCUE):
                continue
            with contextlib.suppress(FileNotFoundError):  # it has just become whole
                facts = entry.stat()
                yield Partial(UUID(name.stem), facts.st_size, datetime.fromtimestamp(facts.st_mtime, UTC))


def _litter(folder: Path, before: datetime) -> Iterator[UUID]:
    """Photos with an old chunk, or with a lock and nothing else. A lock's time says nothing of its age."""
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in list(entries):
            name = PurePath(entry.name)
            if name.stem.startswith(RESCUE):
                continue
            if name.suffix == _LOCK:
                if not any((folder / name.with_suffix(suffix)).exists() for suffix in (*KEPT, _CHUNK)):
                    yield UUID(name.stem)
            elif name.suffix == _CHUNK:
                with contextlib.suppress(FileNotFoundError):
                    if entry.stat().st_mtime <= before.timestamp():
                        yield UUID(name.stem)


async def _acquired(place: str, since: int, until: float) -> tuple[int, Hold]:
    """The descriptor that holds the lock. A lock file that was forgotten meanwhile locks nothing: then the new one."""
    while True:
        descriptor = _opened(place)
        hold = Hold(descriptor, since)
        try:
            while not _is_ours(descriptor):
                if time.monotonic() > until:
                    raise UploadBusy("another request still holds this upload")
                hold.mark()
                await asyncio.sleep(_LOCK_STEP)
            if _is_at(place, descriptor):
                hold.mark()
                return descriptor, hold
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _is_ours(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _opened(place: str) -> int:
    try:
        return os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        Path(place).parent.mkdir(parents=True, exist_ok=True)
        return os.open(place, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def _is_at(place: str, descriptor: int) -> bool:
    try:
        return os.stat(place).st_ino == os.fstat(descriptor).st_ino  # noqa: PTH116  # asked for every request
    except FileNotFoundError:
        return False
