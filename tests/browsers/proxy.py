"""A proxy between the phone and the real server that does harm on purpose: to which request, and at which byte.

It speaks plain HTTP/1.1, one request at a time per connection. A fault is chosen per request by `rule`; what was asked
and what came of it is kept in `log`. Nothing here is timed: a cut is decided by the bytes themselves.
"""

import itertools
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import BinaryIO, Self

_AT_ONCE = 16_384
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True)
class Asked:
    """One request's first line, and the number it has among all of them."""

    number: int
    method: str
    path: str
    length: int

    def is_(self, method: str, path: str) -> bool:
        return self.method == method and self.path.startswith(path)

    @property
    def is_data(self) -> bool:
        """Not a page or a file of the build."""
        return self.path.startswith(("/sync/", "/uploads/", "/api/"))


# ---------------------------------------------------------------- faults


@dataclass(frozen=True)
class CutRequest:
    """So many bytes of the body reach the server, and then there is nobody any more. `do` is called at that moment."""

    after: int
    do: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class CutAnswer:
    """The server has done everything and answered; the phone hears so many bytes of it, head and all."""

    after: Callable[[int], int]
    """From the answer's length to where it is cut."""


@dataclass(frozen=True)
class Say:
    """Somebody else answers, and the server never hears of it."""

    answer: bytes


@dataclass(frozen=True)
class Then:
    """Everything is carried both ways, and `do` is called when the whole answer has been given to the phone's end."""

    do: Callable[[], None]


@dataclass(frozen=True)
class Before:
    """`do` is called when the whole request has been given to the server, before its answer is read."""

    do: Callable[[], None]


@dataclass(frozen=True)
class Changed:
    """The server's answer, with its bytes changed on the way."""

    into: Callable[[bytes], bytes]


Fault = CutRequest | CutAnswer | Say | Then | Before | Changed
Rule = Callable[[Asked], Fault | None]


def page(status: str, body: str = "", **headers: str) -> Say:
    """What a hotel's network says: HTML, whatever was asked. An underscore in a header's name is a hyphen."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html; charset=utf-8", f"Content-Length: {len(body.encode())}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return Say(("\r\n".join([*lines, "Connection: close", "", ""]) + body).encode())


def honest(_asked: Asked) -> None:
    return None


class _Over(Exception):
    """This connection is done with."""


@dataclass
class Proxy:
    port: int
    server_port: int
    rule: Rule = honest
    is_down: bool = False
    log: list[tuple[Asked, Fault | None]] = field(default_factory=list)
    hears: Callable[[int, bytes], object] = lambda _connection, _piece: None
    """Given every byte the phone says, heads and bodies, in pieces, with the number of the connection."""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: Iterator[int] = field(default_factory=itertools.count)
    _ends: set[socket.socket] = field(default_factory=set)

    def __enter__(self) -> Self:
        self._door = socket.create_server(("127.0.0.1", self.port), backlog=256)
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._door.close()
        self.hang_up()

    def goes_down(self) -> None:
        """No network: whatever is open is cut, whatever comes is not answered."""
        self.is_down = True
        self.hang_up()

    def comes_up(self) -> None:
        self.is_down = False

    def hang_up(self) -> None:
        with self._lock:
            ends, self._ends = self._ends, set()
        for end in ends:
            _reset(end)

    def asked(self, method: str, path: str) -> int:
        with self._lock:
            return sum(asked.is_(method, path) for asked, _ in self.log)

    def asked_for_data(self) -> int:
        with self._lock:
            return sum(asked.is_data for asked, _ in self.log)

    # ------------------------------------------------------------ connections
    def _listen(self) -> None:
        while True:
            try:
                phone, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(phone,), daemon=True).start()

    def _serve(self, phone: socket.socket) -> None:
        line = _Line(self, phone, next(self._numbers))
        with self._lock:
            self._ends.add(phone)
        try:
            with phone.makefile("rb") as asking:
                while not self.is_down:
                    line.carry(asking)
        except (_Over, OSError, ValueError):
            pass
        finally:
            line.ends()
            with self._lock:
                self._ends.discard(phone)
            _reset(phone)

    def reaches(self) -> socket.socket:
        """The server, when there is one."""
        server = socket.create_connection(("127.0.0.1", self.server_port))
        with self._lock:
            self._ends.add(server)
        return server

    def leaves(self, server: socket.socket) -> None:
        with self._lock:
            self._ends.discard(server)
        _reset(server)

    def chosen(self, method: str, path: str, length: int) -> Fault | None:
        with self._lock:
            asked = Asked(len(self.log), method, path, length)
            fault = self.rule(asked)
            self.log.append((asked, fault))
        return fault


@dataclass
class _Line:
    """One connection of the phone's, and the one to the server that belongs to it, once somebody is asked for there."""

    proxy: Proxy
    phone: socket.socket
    number: int
    server: socket.socket | None = None
    answering: BinaryIO | None = None

    def carry(self, asking: BinaryIO) -> None:
        head = _head(asking)
        method, path = head.split(b" ", 2)[:2]
        length = int(_header(head, b"content-length") or 0)
        fault = self.proxy.chosen(method.decode(), path.decode(), length)
        if isinstance(fault, Say):
            asking.read(length)
            self.phone.sendall(fault.answer)
            _close(self.phone)
            raise _Over
        if self.server is None or self.answering is None:
            self.server = self.proxy.reaches()
            self.answering = self.server.makefile("rb")
        self.proxy.hears(self.number, head)
        self.server.sendall(head)
        self._forth(self.server, asking, length, fault)
        if isinstance(fault, Before):
            fault.do()
        answer = _answer(self.answering, method)
        if isinstance(fault, CutAnswer):
            self.phone.sendall(answer[: fault.after(len(answer))])
            raise _Over
        if isinstance(fault, Changed):
            self.phone.sendall(fault.into(answer))
            _close(self.phone)
            raise _Over
        self.phone.sendall(answer)
        if isinstance(fault, Then):
            fault.do()

    def ends(self) -> None:
        if self.answering is not None:
            self.answering.close()
        if self.server is not None:
            self.proxy.leaves(self.server)

    def _forth(self, server: socket.socket, asking: BinaryIO, length: int, fault: Fault | None) -> None:
        wanted = min(fault.after, length) if isinstance(fault, CutRequest) else length
        while wanted > 0:
            piece = asking.read(min(_AT_ONCE, wanted))
            if not piece:
                raise _Over
            self.proxy.hears(self.number, piece)
            server.sendall(piece)
            wanted -= len(piece)
        if isinstance(fault, CutRequest):
            time.sleep(0.05)  # a reset overtakes bytes that nobody has read yet
            fault.do()
            raise _Over


# ---------------------------------------------------------------- HTTP, as much of it as is needed


def _head(stream: BinaryIO) -> bytes:
    lines = []
    while line := stream.readline(65_536):
        lines.append(line)
        if line == b"\r\n":
            return b"".join(lines)
    raise _Over


def _header(head: bytes, name: bytes) -> bytes | None:
    for line in head.split(b"\r\n")[1:]:
        key, _, value = line.partition(b":")
        if key.strip().lower() == name:
            return value.strip()
    return None


def _answer(stream: BinaryIO, method: bytes) -> bytes:
    head = _head(stream)
    status = int(head.split(b" ", 2)[1])
    if 100 <= status < 200:
        return head + _answer(stream, method)
    if method == b"HEAD" or status in (204, 304):
        return head
    if _header(head, b"transfer-encoding") == b"chunked":
        return head + _chunks(stream)
    length = _header(head, b"content-length")
    body = stream.read(int(length)) if length is not None else stream.read()
    if length is not None and len(body) < int(length):
        raise _Over
    return head + body


def _chunks(stream: BinaryIO) -> bytes:
    found = b""
    while True:
        line = stream.readline()
        size = int(line, 16)
        found += line + stream.read(size + 2)
        if size == 0:
            return found


def _reset(end: socket.socket) -> None:
    """Gone at once, with nothing said: what a dead network or a killed proxy looks like."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()


def _close(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_WR)
