"""The server's end of the line to the decoder's children: a photo goes out as a file, and a file comes back."""

import asyncio
import atexit
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, BinaryIO, Final

_PACKAGE_HOME: Final = Path(__file__).parents[2]
# A child's memory is new to it, page by page: large pages, kept when freed, turn 34 ms of the system's time into 13 for
# a 12 MP photo (bench/derivatives.py measures the whole). A C library that is not glibc does not read this.
_MEMORY: Final = (
    "glibc.malloc.hugetlb=1:glibc.malloc.arena_max=1"
    ":glibc.malloc.mmap_threshold=1073741824:glibc.malloc.trim_threshold=1073741824"
)
_SOON: Final = 0.02
# Every child of a keeper has the same memory layout. Who makes one crash learns something, so the next has another.
CRASHES: Final = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGABRT})


class DecoderGone(RuntimeError):
    """The child or its keeper was ended from outside, as when memory runs out. Says nothing about the photo."""


class Ended(Exception):
    """The child ended without an answer: `by` is a signal, or 0 when it broke by itself."""

    def __init__(self, by: int) -> None:
        super().__init__(f"ended by {by}")
        self.by = by


class Decoder:
    """One keeper for the whole process, started with the first photo and again when it has gone."""

    def __init__(self) -> None:
        self.keeper: subprocess.Popen[bytes] | None = None
        self._orders: socket.socket | None = None
        self._leaving: list[subprocess.Popen[bytes]] = []
        self._changing = threading.Lock()

    async def ask(self, content: bytes, edges: tuple[int, ...], out: BinaryIO, *, may_be_smaller: bool) -> None:
        """`out` holds the child's answer afterwards. Raises Ended and DecoderGone; a caller who gives up kills it."""
        loop = asyncio.get_running_loop()
        order = json.dumps({"edges": edges, "may_be_smaller": may_be_smaller}).encode()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with ours, theirs, tempfile.TemporaryFile() as photo:
            ours.setblocking(False)
            await asyncio.to_thread(_written, photo, content)
            orders = await self._send(order, photo, out, theirs)
            theirs.close()
            code = await loop.sock_recv(ours, 16)
        if not code:
            raise DecoderGone
        if int(code) != 0:
            if -int(code) in CRASHES:
                await asyncio.to_thread(self._let_go, orders)
            raise Ended(max(0, -int(code)))

    def close(self) -> None:
        """Ends the keeper, and with it every child that nobody waits for."""
        if self._orders is not None:
            self._let_go(self._orders)
        for keeper in self._leaving:
            with contextlib.suppress(subprocess.TimeoutExpired):
                keeper.wait(2)
            keeper.kill()
            keeper.wait()

    async def _send(self, order: bytes, photo: IO[bytes], out: BinaryIO, line: socket.socket) -> socket.socket:
        """Gives the way it went."""
        is_second = False
        while True:
            orders = await asyncio.to_thread(self._started)
            try:
                # In one step: a caller who gives up closes the files, and their numbers are then another's.
                socket.send_fds(orders, [order], [photo.fileno(), out.fileno(), line.fileno()])
            except BlockingIOError:  # more orders than the keeper has taken
                await asyncio.sleep(_SOON)
            except OSError as broken:  # it was ended from outside since the last photo
                await asyncio.to_thread(self._let_go, orders)
                if is_second:
                    raise DecoderGone from broken
                is_second = True
            else:
                return orders

    def _started(self) -> socket.socket:
        with self._changing:
            if self._orders is None:
                self._orders, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
                with theirs:
                    self.keeper = _keeper(theirs.fileno())
                self._orders.setblocking(False)
            return self._orders

    def _let_go(self, orders: socket.socket) -> None:
        """This keeper takes no more orders, and ends when those it has are done. Another one may be there already."""
        with self._changing:
            if self._orders is orders and self.keeper is not None:
                self._orders.close()
                self._leaving = [keeper for keeper in (*self._leaving, self.keeper) if keeper.poll() is None]
                self._orders = self.keeper = None


def _keeper(orders: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603 - our own words
        [sys.executable, "-m", "trygghetsvandring.imaging.keeper", str(orders)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(orders,),
        env={"PYTHONPATH": str(_PACKAGE_HOME), "PATH": os.defpath, "LANG": "C.UTF-8", "GLIBC_TUNABLES": _MEMORY},
    )


def _written(photo: IO[bytes], content: bytes) -> None:
    photo.write(content)
    photo.seek(0)


THE_DECODER: Final = Decoder()
atexit.register(THE_DECODER.close)
