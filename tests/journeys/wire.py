"""A wire between the phone and the server. It carries every byte on, until one request is cut and the server killed.

The server answers on a port of its own while the wire holds the address that the phone knows. Nothing is timed: the
kill is decided by the bytes themselves, so it always falls inside the request.
"""

import re
import socket
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from playwright.sync_api import Page

from tests.journeys.house import Server, free_port

# "receiving": some of the request's body has come, and some never will. "answering": everything has come and the
# answer is on its way, but the phone never hears it.
Moment = Literal["receiving", "answering"]
_ABOUT_A_PACKET = 4_096
_LONG_ENOUGH_TO_BE_WRITTEN_S = 0.3


@dataclass(frozen=True)
class Cut:
    """How far a request had come when the server was killed, in bytes of its body."""

    passed: int
    promised: int
    at: float


@dataclass
class Wire:
    server: Server
    request: bytes  # how the request that is cut begins: b"POST /sync/push"
    moment: Moment
    cut: Cut | None = None
    _over: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _ends: list[socket.socket] = field(default_factory=list)
    _port: int = 0

    def __enter__(self) -> Self:
        self.server.stop()
        self._port = free_port()
        self.server.start(on=self._port)
        self._door = socket.create_server(("127.0.0.1", self.server.port))
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._hang_up()
        self.server.stop()

    def wait(self, page: Page, seconds: float) -> Cut:
        """The cut, when it has happened. The page goes on living meanwhile."""
        deadline = time.time() + seconds
        while self.cut is None and time.time() < deadline:
            page.wait_for_timeout(50)
        assert self.cut is not None, f"nothing was sent that begins {self.request!r}"
        return self.cut

    def _listen(self) -> None:
        while not self._over.is_set():
            with suppress(OSError):  # the door is closed, or the server behind it is
                phone, _ = self._door.accept()
                self._connect(phone)

    def _connect(self, phone: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self._port))
        except OSError:
            _close(phone)
            return
        with self._lock:
            self._ends += [phone, server]
        line = _Line(self, phone, server)
        for carry in (line.forth, line.back):
            threading.Thread(target=carry, daemon=True).start()
        if self._over.is_set():
            self._hang_up()

    def kills(self, passed: int, promised: int) -> None:
        with self._lock:
            if self.cut is not None:
                return
            self.server.kill()
            self.cut = Cut(passed, promised, time.time())
        self._hang_up()

    def _hang_up(self) -> None:
        """Nobody answers any more, as when the machine has died."""
        self._over.set()
        for end in (self._door, *self._ends):
            _close(end)


@dataclass
class _Line:
    """One connection, both ways."""

    wire: Wire
    phone: socket.socket
    server: socket.socket
    promised: int | None = None  # the body's length, once the awaited request has begun on this line
    passed: int = 0

    def forth(self) -> None:
        try:
            while data := self.phone.recv(_ABOUT_A_PACKET):
                self._look(data)
                self.server.sendall(data)
                if self.wire.moment == "receiving" and self.promised is not None and self.passed > 0:
                    time.sleep(_LONG_ENOUGH_TO_BE_WRITTEN_S)
                    self.wire.kills(self.passed, self.promised)
        except OSError:
            pass  # the other end has hung up, which is what the wire is for
        finally:
            _close(self.server)

    def _look(self, data: bytes) -> None:
        if self.promised is None and data.startswith(self.wire.request):
            head, _, body = data.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            assert length is not None
            self.promised, self.passed = int(length[1]), len(body)
        elif self.promised is not None:
            self.passed += len(data)

    def back(self) -> None:
        try:
            while data := self.server.recv(65_536):
                if self.wire.moment == "answering" and self.promised is not None:
                    self.wire.kills(self.passed, self.promised)
                    return
                self.phone.sendall(data)
        except OSError:
            pass  # the other end has hung up, which is what the wire is for
        finally:
            _close(self.phone)


def _close(end: socket.socket) -> None:
    with suppress(OSError):  # nobody was there any more
        end.shutdown(socket.SHUT_RDWR)
    end.close()
