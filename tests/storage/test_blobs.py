"""Bytes on disk: whole or not at all, and never called stored before they are."""

import asyncio
import errno
import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.storage.blobs import Folder
from trygghetsvandring.storage.disk import Disk, StorageFull, StorageStopped, to_the_end
from trygghetsvandring.storage.uploads import UploadBusy, Uploads

KEY = "lidkoping/photos/ab/1/received"


@pytest.fixture
def disk(tmp_path: Path) -> Disk:
    # Whatever the test machine's disk looks like, it counts as roomy.
    return Disk(tmp_path, full_at=1.0)


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What happened on disk, in order: "fsync <name>" and "rename <name>"."""
    done: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        done.append(f"fsync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        fsync(descriptor)

    def noted_replace(self: Path, target: Path) -> Path:
        done.append(f"rename {Path(target).name}")
        return replace(self, target)

    monkeypatch.setattr("os.fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    return done


def failing(after: int, error: OSError) -> Callable[[int], None]:
    """An fsync that fails once, at the call after so many."""
    real, count = os.fsync, [0]

    def fsync(descriptor: int) -> None:
        count[0] += 1
        if count[0] == after + 1:
            raise error
        real(descriptor)

    return fsync


def files_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


async def test_what_is_kept_can_be_read_with_its_digest(disk: Disk) -> None:
    blobs = Folder(disk)

    await blobs.keep(KEY, b"foto")

    assert await blobs.read(KEY) == b"foto"
    assert await blobs.digest(KEY) == hashlib.sha256(b"foto").hexdigest()


async def test_what_was_never_kept_is_none(disk: Disk) -> None:
    blobs = Folder(disk)

    assert await blobs.read(KEY) is None
    assert await blobs.digest(KEY) is None


async def test_the_file_is_on_disk_before_its_name_and_the_name_before_the_answer(
    disk: Disk, tmp_path: Path, calls: list[str]
) -> None:
    part = tmp_path / "x.part"
    part.write_bytes(b"foto")

    await Folder(disk).take(part, "lidkoping/received")

    assert calls[-3:] == ["fsync x.part", "rename received", "fsync lidkoping"]


async def test_new_folders_are_written_down_in_their_parents(disk: Disk, tmp_path: Path, calls: list[str]) -> None:
    await Folder(disk).keep("a/b/c", b"foto")

    folders = [call for call in calls if not call.endswith(".new") and not call.startswith("rename")]
    assert folders == [f"fsync {tmp_path.name}", "fsync blobs", "fsync a", "fsync b"]


async def test_two_who_keep_the_same_bytes_at_once_both_succeed(disk: Disk) -> None:
    blobs = Folder(disk)

    await asyncio.gather(*(blobs.keep(KEY, bytes(1000)) for _ in range(8)))

    assert await blobs.read(KEY) == bytes(1000)


@pytest.mark.parametrize("after", range(8))
async def test_a_failed_fsync_leaves_nothing_that_could_be_believed(
    disk: Disk, monkeypatch: pytest.MonkeyPatch, after: int, tmp_path: Path
) -> None:
    blobs = Folder(disk)
    monkeypatch.setattr("os.fsync", failing(after, OSError(errno.EIO, "Input/output error")))

    try:
        await blobs.keep(KEY, b"foto")
    except StorageStopped:
        assert await blobs.read(KEY) is None
        assert files_in(tmp_path) == []
    else:
        # New folders: lidkoping, photos, ab, 1, blobs; the file; its folder.
        assert after == 7


async def test_after_a_failed_fsync_nothing_is_written_until_a_new_start(
    disk: Disk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blobs, uploads, photo = Folder(disk), Uploads(disk), uuid7()
    await blobs.keep("before", b"here")
    with monkeypatch.context() as broken:
        broken.setattr("os.fsync", failing(0, OSError(errno.EIO, "Input/output error")))
        with pytest.raises(StorageStopped):
            await blobs.keep("during", b"foto")

    for write in (blobs.keep("after", b"foto"), uploads.begin("lidkoping", photo)):
        with pytest.raises(StorageStopped):
            await write
    assert disk.stopped is not None
    assert await blobs.read("before") == b"here"
    await Folder(Disk(tmp_path, full_at=1.0)).keep("after", b"foto")


async def test_a_full_disk_refuses_and_takes_again_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Folder(Disk(tmp_path, full_at=0.9))

    def has(free: int) -> Callable[[Path], Any]:
        return lambda _path: type("Usage", (), {"used": 100 - free, "free": free})()

    monkeypatch.setattr("shutil.disk_usage", has(9))
    with pytest.raises(StorageFull):
        await blobs.keep(KEY, b"foto")
    monkeypatch.setattr("shutil.disk_usage", has(11))
    await blobs.keep(KEY, b"foto")

    assert await blobs.read(KEY) == b"foto"


async def test_no_space_in_the_middle_of_a_write_is_a_refusal(disk: Disk, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_space(_self: Path, _content: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", no_space)
    with pytest.raises(StorageFull):
        await Folder(disk).keep(KEY, b"foto")
    assert disk.stopped is None


@pytest.mark.parametrize("key", ["", "/etc/passwd", "../x", "a/../b", "a//b", ".hidden", "a\x00b", "a b", "å", "a/"])
async def test_a_key_never_leaves_its_folder(disk: Disk, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        await Folder(disk).keep(key, b"foto")


async def test_what_is_removed_is_gone_and_removing_again_is_nothing(disk: Disk) -> None:
    blobs = Folder(disk)
    await blobs.keep(KEY, b"foto")

    await blobs.remove(KEY)
    await blobs.remove(KEY)

    assert await blobs.read(KEY) is None


async def test_one_upload_has_one_holder_at_a_time(disk: Disk) -> None:
    uploads, photo = Uploads(disk), uuid7()
    inside = 0

    async def hold() -> None:
        nonlocal inside
        async with uploads.hold("lidkoping", photo):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.005)
            inside -= 1

    await asyncio.gather(*(hold() for _ in range(12)))


async def test_the_holder_hears_that_somebody_newer_waits(disk: Disk) -> None:
    uploads, photo = Uploads(disk), uuid7()

    async with uploads.hold("lidkoping", photo) as mine:
        alone = mine.is_wanted
        with pytest.raises(UploadBusy):
            async with uploads.hold("lidkoping", photo, wait=0.1):
                pass

        assert (alone, mine.is_wanted) == (False, True)


async def test_different_uploads_do_not_wait_for_each_other(disk: Disk) -> None:
    uploads = Uploads(disk)

    async with uploads.hold("lidkoping", uuid7()), uploads.hold("lidkoping", uuid7(), wait=0):
        pass


async def test_a_cancelled_caller_leaves_when_its_thread_has_ended_and_not_before() -> None:
    began, may_end, ended = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        began.set()
        may_end.wait(5)
        ended.set()

    caller = asyncio.create_task(to_the_end(work))
    await asyncio.to_thread(began.wait, 5)
    caller.cancel()
    await asyncio.sleep(0.05)
    assert not caller.done()

    may_end.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert ended.is_set()
