"""Calls that fail: a library before libc's (tests/crash/faults.c), compiled here, and the words to steer it."""

import ctypes
import errno
import mmap
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

OPEN, WRITE, FSYNC, RENAME, TRUNCATE, MKDIR = 1, 2, 4, 8, 16, 32
EVERY: Final = OPEN | WRITE | FSYNC | RENAME | TRUNCATE | MKDIR
ERRORS: Final = {"EIO": errno.EIO, "ENOSPC": errno.ENOSPC}


class Control(ctypes.Structure):
    """`struct control` of faults.c, in memory that the server shares."""

    _fields_ = (
        ("armed", ctypes.c_int),
        ("kinds", ctypes.c_int),
        ("at", ctypes.c_int),
        ("lasting", ctypes.c_int),
        ("error", ctypes.c_int),
        ("count", ctypes.c_int),
        ("failed", ctypes.c_int),
        ("short_by", ctypes.c_int),
        ("folder", ctypes.c_char * 512),
        ("last", ctypes.c_char * 512),
    )


class Faults:
    """Counts the calls that would change anything under `folder`, and makes one of them fail."""

    def __init__(self, place: Path, folder: Path) -> None:
        self._file = place / "control"
        self._file.write_bytes(bytes(ctypes.sizeof(Control)))
        self._library = _compiled(place)
        with self._file.open("r+b") as opened:
            self._memory = mmap.mmap(opened.fileno(), ctypes.sizeof(Control))
        self._control = Control.from_buffer(self._memory)
        self._control.folder = str(folder).encode()

    @property
    def environment(self) -> dict[str, str]:
        return {"LD_PRELOAD": str(self._library), "TRYGG_FAULTS": str(self._file)}

    @property
    def calls(self) -> int:
        """Since it was armed."""
        return int(self._control.count)

    @property
    def failed(self) -> int:
        return int(self._control.failed)

    @property
    def what(self) -> str:
        """The first call that failed: its name, and the file within the folder."""
        return bytes(self._control.last).decode()

    @property
    def was_fsync(self) -> bool:
        return self.failed > 0 and self.what.startswith("fsync ")

    @contextmanager
    def armed(
        self, at: int, error: int = errno.EIO, *, kinds: int = EVERY, lasting: bool = False, torn: bool = False
    ) -> Iterator[None]:
        """The `at`-th call of these kinds fails, and with `lasting` all that follow; 0 counts only.

        `torn`: a write that fails has written half.
        """
        it = self._control
        it.kinds, it.at, it.error, it.lasting, it.short_by = kinds, at, error, int(lasting), int(torn)
        it.count, it.failed, it.last = 0, 0, b""
        it.armed = 1
        try:
            yield
        finally:
            it.armed = 0

    def heal(self) -> None:
        self._control.armed = 0


def _compiled(place: Path) -> Path:
    library = place / "faults.so"
    source = Path(__file__).with_name("faults.c")
    done = subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", str(library), str(source), "-ldl"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"a C compiler is needed (apt-get install gcc libc6-dev):\n{done.stderr}"
    return library
