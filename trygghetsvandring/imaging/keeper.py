"""The keeper of the decoder's children: one process that has the libraries loaded and forks a child for each photo.

Run as `python -m trygghetsvandring.imaging.keeper <socket>`. It reads no stranger's byte itself. An order is one
message with three files: the photo, an empty file for the answer, and a line back, on which the child's exit code
comes. When the line's other end is closed, nobody waits any more and the child is killed. What breaks in the keeper is
told on the server's stderr; a child has none.

Why: loading Python and the libraries anew for each photo costs more CPU than a phone's photo does
(`bench/derivatives.py`).
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
import traceback
from pathlib import Path
from typing import Any, Final

from PIL import ImageCms, JpegImagePlugin, PngImagePlugin, WebPImagePlugin  # noqa: F401 - loaded once, here

from trygghetsvandring.imaging import child

_MOST_ORDER: Final = 1024
_FILES: Final = 3
_BROKE: Final = 70
"""The child's exit code when our own code around the decoder broke."""


class Keeper:
    def __init__(self, orders: socket.socket) -> None:
        self._orders = orders
        self._waits = selectors.DefaultSelector()
        self._waits.register(orders, selectors.EVENT_READ)
        self._alive: set[int] = set()

    def run(self) -> None:
        """Until there are no more orders, and those that came are done."""
        while self._waits.get_map():
            for key, _ in self._waits.select():
                if key.fileobj is self._orders:
                    self._take()
                elif key.data[0] in self._alive:  # the line and the child can end in the same moment
                    self._ended(*key.data)

    def _take(self) -> None:
        files: list[int] = []
        try:
            message, files, _, _ = socket.recv_fds(self._orders, _MOST_ORDER, _FILES)
            if message:
                self._begin(json.loads(message), *files)
            else:
                self._waits.unregister(self._orders)
        except (OSError, TypeError):  # no more processes or files just now: who waits is told so by the closed line
            traceback.print_exc()
        finally:
            for file in files:
                os.close(file)

    def _begin(self, order: dict[str, Any], photo: int, out: int, line: int) -> None:
        back = socket.socket(fileno=os.dup(line))
        pid = 0
        try:
            pid = os.fork()
            if pid == 0:
                _be_a_child(photo, out, order)
            alive = os.pidfd_open(pid)
        except OSError:
            back.close()
            if pid:
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
            raise
        self._waits.register(alive, selectors.EVENT_READ, (pid, alive, back))
        self._waits.register(back, selectors.EVENT_READ, (pid, alive, back))
        self._alive.add(pid)

    def _ended(self, pid: int, alive: int, back: socket.socket) -> None:
        """The child has ended, or nobody waits for it: then it ends now."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)  # it is ours and not yet waited for, so the number is still its own
        _, status = os.waitpid(pid, 0)
        self._alive.remove(pid)
        self._waits.unregister(alive)
        self._waits.unregister(back)
        os.close(alive)
        with contextlib.suppress(OSError):
            back.send(str(os.waitstatus_to_exitcode(status)).encode())
        back.close()


def _be_a_child(photo: int, out: int, order: dict[str, Any]) -> None:
    """Never returns. Other photos' files are closed before this one's first byte is read."""
    code = _BROKE
    try:
        os.dup2(photo, 0)
        os.dup2(out, 1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        os.closerange(3, 1 + max(int(file.name) for file in Path("/proc/self/fd").iterdir()))
        with open(0, "rb") as content, open(1, "wb") as answer:
            child.serve(content, answer, order["edges"], may_be_smaller=order["may_be_smaller"])
        code = 0
    finally:
        os._exit(code)


def main() -> None:
    gc.freeze()  # so that a child's collector does not copy every page that it shares with this process
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which then closes the orders
    Keeper(socket.socket(fileno=int(sys.argv[1]))).run()


if __name__ == "__main__":
    main()
