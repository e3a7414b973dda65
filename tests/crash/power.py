"""Power cuts: a disk of our own that forgets everything nobody asked it to keep.

An ext4 file system on a loop device is shut down without flushing its log (`EXT4_IOC_SHUTDOWN`): what no fsync has
asked for, in the page cache or in the journal, is gone as by a pulled plug. It needs root, loop devices and mkfs.ext4.
"""

import asyncio
import fcntl
import os
import random
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.crash.campaign import Campaign, a_life
from tests.crash.house import House, Joined, a_house, prepare
from tests.crash.judge import Judge
from tests.crash.writers import Crowd
from tests.nurseries import Nursery

_SHUTDOWN: Final = 0x8004587D  # _IOR('X', 125, __u32)
_NO_LOG_FLUSH: Final = 2
_SIZE_MB: Final = 256


@dataclass
class Disk:
    """A file that is a disk, and the folder where it is mounted."""

    image: Path
    folder: Path
    is_mounted: bool = False

    def make(self) -> None:
        with self.image.open("wb") as file:
            file.truncate(_SIZE_MB * 1024 * 1024)
        _run("mkfs.ext4", "-q", "-F", str(self.image))
        self.folder.mkdir(exist_ok=True)
        self.mount()

    def mount(self) -> None:
        _run("mount", "-o", "loop", str(self.image), str(self.folder))
        self.is_mounted = True

    def pull_the_plug(self) -> None:
        """From here on nothing reaches the disk, and what was on its way never will."""
        descriptor = os.open(self.folder, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, _SHUTDOWN, struct.pack("I", _NO_LOG_FLUSH))
        finally:
            os.close(descriptor)

    def unmount(self) -> None:
        """A decoder's child may hold a file for a moment after its server has died."""
        until = time.monotonic() + 20
        while subprocess.run(["umount", str(self.folder)], capture_output=True, check=False).returncode:
            if time.monotonic() > until:
                raise AssertionError(f"{self.folder} cannot be unmounted")
            time.sleep(0.05)
        self.is_mounted = False


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"{words[0]}: {done.stderr.strip()}")


@contextmanager
def a_disk() -> Iterator[Disk]:
    with tempfile.TemporaryDirectory(prefix="trygg-power-") as folder:
        disk = Disk(Path(folder) / "disk.img", Path(folder) / "mounted")
        try:
            disk.make()
            yield disk
        finally:
            if disk.is_mounted:
                disk.unmount()


def cannot() -> str | None:
    """Why power cannot be cut here, in words for a person; None when it can. It is tried, not guessed."""
    if os.geteuid() != 0:
        return "det krävs root för att montera en disk"
    missing = [word for word in ("mkfs.ext4", "mount", "umount") if shutil.which(word) is None]
    if missing:
        return f"det saknas: {', '.join(missing)}"
    try:
        with a_disk() as disk:
            kept, lost = disk.folder / "kept", disk.folder / "lost"
            with kept.open("wb") as file:
                file.write(b"x" * 5_000)
                file.flush()
                os.fsync(file.fileno())
            lost.write_bytes(b"x" * 5_000)
            disk.pull_the_plug()
            disk.unmount()
            disk.mount()
            if kept.stat().st_size != 5_000:
                return "disken glömmer också det som fsync har bett den behålla"
            if lost.exists() and lost.stat().st_size == 5_000:
                return "disken glömmer ingenting, så inget strömavbrott går att efterlikna"
    except (OSError, AssertionError) as error:
        return str(error)
    return None


# ---------------------------------------------------------------- a night of cuts


@asynccontextmanager
async def a_house_on_a_disk(*plants: str) -> AsyncIterator[tuple[Disk, House]]:
    """Database and photos on a disk of their own; the server's log stands elsewhere."""
    with ExitStack() as stack:
        disk = stack.enter_context(a_disk())
        nursery = stack.enter_context(Nursery(*plants))
        data = disk.folder / "data"
        data.mkdir()
        url = f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}"
        joined: list[Joined] = await prepare(url)
        _run("sync", "-f", str(disk.folder))
        log = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="trygg-power-log-"))) / "server.log"
        yield disk, stack.enter_context(a_house(nursery, data, url, joined, log))


async def cuts(count: int, seed: str, *plants: str, until_wrong: bool = False) -> Campaign:
    """`count` cuts of one disk under twenty writers, then everybody comes home and the plug is pulled once more."""
    async with a_house_on_a_disk(*plants) as (disk, house):
        return await _cut(disk, house, count, seed, until_wrong)


async def full(seed: str) -> Campaign:
    """The disk is filled to its last block under twenty writers; then there is room again, and everybody comes home."""
    began = time.monotonic()
    async with a_house_on_a_disk() as (disk, house), Crowd(house, seed) as crowd:
        await house.start("--no-jobs")
        await a_life(crowd.ledger, random.Random(seed))
        before, filler = crowd.ledger.refused, disk.folder / "filler"
        _fill(filler)
        until = time.monotonic() + 60
        while crowd.ledger.refused < before + len(house.joined) and time.monotonic() < until:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        refused = crowd.ledger.refused - before
        filler.unlink()
        await crowd.come_home()
        house.kill()
        wrong = Judge(house, crowd.ledger).look()
        wrong += [f"only {refused} refusals while the disk was full"] if refused < len(house.joined) else []
        return Campaign(1, crowd.ledger, wrong, time.monotonic() - began)


def _fill(filler: Path) -> None:
    with filler.open("wb", buffering=0) as file:
        for piece in (1024 * 1024, 4096):
            with suppress(OSError):
                while True:
                    file.write(bytes(piece))


async def _cut(disk: Disk, house: House, count: int, seed: str, until_wrong: bool) -> Campaign:
    began, chance, done = time.monotonic(), random.Random(seed), 0
    async with Crowd(house, seed) as crowd:
        judge = Judge(house, crowd.ledger, is_power_cut=True)
        while done < count and not (until_wrong and judge.wrong):
            # The decoder's child takes the whole machine; half of the lives leave its jobs lying.
            await house.start(*(() if chance.random() < 0.5 else ("--no-jobs",)))
            await a_life(crowd.ledger, chance)
            _dark(disk, house)
            done += 1
            judge.look()
        if not judge.wrong:
            await house.start()
            await crowd.come_home()
            _dark(disk, house)
            done += 1
            judge.look()
            judge.wrong += [f"{id} was never answered" for id in crowd.ledger.sent.keys() - crowd.ledger.told.keys()]
    return Campaign(done, crowd.ledger, judge.wrong, time.monotonic() - began)


def _dark(disk: Disk, house: House) -> None:
    """Power goes from processor and disk at once: nobody is left to say what a machine without a disk would say."""
    house.freeze()
    disk.pull_the_plug()
    house.kill()
    disk.unmount()
    disk.mount()
