"""The hostile wire: raw TCP between phones and server, which understands just enough HTTP to know where a request ends.

Requests carry `Bench: seed.phone.page.number`, which is taken off before the server sees them.
"""

import asyncio
import gzip
import json
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field

from tests.wire.faults import Fate, Fault, Tag, fate_of

_BROKEN = (OSError, asyncio.IncompleteReadError, EOFError, asyncio.LimitOverrunError)
_HTML = b"<!doctype html><title>Logga in</title><h1>V\xc3\xa4lkommen till tunnelbanans n\xc3\xa4tverk</h1>"
_BYTES_AT_ONCE, _SECONDS_BETWEEN, _NARROW_FOR = 512, 0.064, 1_024  # 64 kbit/s, for as long as a test can wait
_HELD_FOR = 0.05
_DEAD = (Fault.DROP_REQUEST, Fault.LATE, Fault.CUT_REQUEST)


@dataclass(frozen=True)
class Message:
    """A request or an answer: its first line, its headers as they came, its body."""

    first: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes

    def header(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.headers if key.lower() == name), None)

    def but(self, body: bytes | None = None, **headers: str | None) -> "Message":
        """With another body, whose length is told, and these headers changed or (None) left out."""
        named = {key.replace("_", "-").encode(): value for key, value in headers.items()}
        if body is not None:
            named[b"content-length"] = str(len(body))
        kept = tuple((key, value) for key, value in self.headers if key.lower() not in named)
        added = tuple((key, value.encode()) for key, value in named.items() if value is not None)
        return Message(self.first, kept + added, self.body if body is None else body)

    def written(self) -> bytes:
        lines = [self.first, *(key + b": " + value for key, value in self.headers)]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body

    @property
    def method(self) -> str:
        return self.first.split(b" ")[0].decode()

    @property
    def path(self) -> str:
        return self.first.split(b" ")[1].decode()

    @property
    def status(self) -> int:
        return int(self.first.split(b" ")[1])

    def plain(self) -> bytes:
        """The body as its sender wrote it."""
        return gzip.decompress(self.body) if self.header(b"content-encoding") == b"gzip" else self.body


async def read_message(reader: asyncio.StreamReader, *, of_head: bool = False) -> Message:
    """`of_head`: the answer to a HEAD, which has a length and no body."""
    head = (await reader.readuntil(b"\r\n\r\n"))[:-4].split(b"\r\n")
    headers = tuple((key, value.strip()) for key, _, value in (line.partition(b":") for line in head[1:]))
    told = Message(head[0], headers, b"")
    has_body = not of_head and b" 204" not in head[0][:13]
    length = int(told.header(b"content-length") or 0) if has_body else 0
    return Message(head[0], headers, await reader.readexactly(length))


def an_answer(status: str, body: bytes, kind: str, **headers: str) -> Message:
    base = Message(f"HTTP/1.1 {status}".encode(), (), b"")
    return base.but(body, content_type=kind, **headers)


@dataclass
class Proxy:
    """Between the phones of one lane and its server, which may be gone for a while."""

    server_port: int
    badness: float = 0.0
    port: int = 0
    trap_port: int = 0  # where a 302 points: whatever comes there has leaked
    leaked: list[str] = field(default_factory=list)
    made: Counter[Fault] = field(default_factory=Counter)
    requests: int = 0
    # Every operation that any phone ever put on the wire, as it was written, by (phone, id).
    sent: dict[tuple[int, str], set[bytes]] = field(default_factory=lambda: defaultdict(set))
    _late: list[tuple[int, Message]] = field(default_factory=list)
    _old_pulls: dict[tuple[int, str], Message] = field(default_factory=dict)
    _passing: asyncio.Event = field(default_factory=asyncio.Event)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _servers: list[asyncio.Server] = field(default_factory=list)
    _idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def open(self) -> None:
        front = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=4 * 1024 * 1024)
        trap = await asyncio.start_server(self._catch, "127.0.0.1", 0)
        self.port, self.trap_port = (it.sockets[0].getsockname()[1] for it in (front, trap))
        self._servers = [front, trap]

    async def close(self) -> None:
        for server in self._servers:
            server.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.hang_up()

    def new_evening(self, badness: float) -> None:
        self.badness = badness
        self.sent.clear()
        self._late.clear()
        self._old_pulls.clear()

    def hang_up(self) -> None:
        """The server was restarted: its old connections are worth nothing."""
        while self._idle:
            self._idle.pop()[1].close()

    def forget_late(self) -> None:
        """No network holds a request for as long as a backup takes to be put back."""
        self._late.clear()

    async def deliver_late(self, *, every: int = 1) -> int:
        """What was held back arrives now, long after its phone gave it up."""
        due, self._late = self._late, []
        for _, request in due[::every]:
            with suppress(*_BROKEN):
                await self._ask(request)
        self._late = [it for at, it in enumerate(due) if at % every]
        return len(due)

    # ------------------------------------------------------------ connections

    async def _catch(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(*_BROKEN):
            self.leaked.append((await reader.readuntil(b"\r\n\r\n")).decode("latin-1"))
        writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        with suppress(*_BROKEN):
            while True:
                request = await read_message(reader)
                tag = Tag.read((request.header(b"bench") or b"0.0.0.0").decode())
                self._passing.set()
                self._passing = asyncio.Event()
                if not await self._carry(
                    request.but(bench=None, host=None, Host=f"127.0.0.1:{self.port}"), tag, writer
                ):
                    break
        writer.transport.abort()

    async def _carry(self, request: Message, tag: Tag, writer: asyncio.StreamWriter) -> bool:
        """True while the line lives."""
        self.requests += 1
        self._note(request, tag)
        fate = fate_of(tag, self.badness)
        fault = self._possible(fate.fault, request, tag)
        self.made[fault] += 1
        await self._late_ones_pass(tag)
        answer = await self._before(request, tag, fate, fault)
        if answer is None:
            return False
        return await self._after(answer, request, tag, fate, fault, writer)

    def _possible(self, fault: Fault, request: Message, tag: Tag) -> Fault:
        """Some things happen to some requests only; others are dropped instead."""
        if fault is Fault.STALE and (tag.phone, request.path) not in self._old_pulls:
            return Fault.DROP_RESPONSE
        return fault

    def _note(self, request: Message, tag: Tag) -> None:
        if request.path == "/sync/push":
            for operation in json.loads(request.plain())["operations"]:
                self.sent[(tag.phone, operation["id"])].add(json.dumps(operation, sort_keys=True).encode())

    async def _late_ones_pass(self, tag: Tag) -> None:
        """One held back by this phone arrives two requests later."""
        mine = [it for it in self._late if it[0] == tag.phone]
        if len(mine) < 2:
            return
        self._late.remove(mine[0])
        with suppress(*_BROKEN):
            await self._ask(mine[0][1])

    # ------------------------------------------------------------ on the way up

    async def _before(self, request: Message, tag: Tag, fate: Fate, fault: Fault) -> Message | None:
        """The answer the phone would get; None when the line is dead."""
        invented = self._invented(fate, fault, tag, request)
        if invented is not None:
            return invented
        if fault in _DEAD:
            await self._dies(request, tag, fate, fault)
            return None
        if fault is Fault.DELAY:
            await asyncio.sleep(fate.where * 0.03)
        if fault is Fault.REORDER:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._passing.wait(), _HELD_FOR)
        with suppress(*_BROKEN):
            if fault is Fault.DUPLICATE:
                await self._ask(request)
            return await (self._twice(request) if fault is Fault.TWINS else self._ask(request))
        return None

    async def _dies(self, request: Message, tag: Tag, fate: Fate, fault: Fault) -> None:
        if fault is Fault.LATE:
            self._late.append((tag.phone, request))
        if fault is Fault.CUT_REQUEST:
            await self._half(request.written(), fate.where)

    def _invented(self, fate: Fate, fault: Fault, tag: Tag, request: Message) -> Message | None:
        """What something between phone and server says by itself."""
        if fault is Fault.PORTAL:
            return an_answer("200 OK", _HTML, "text/html")
        if fault is Fault.ELSEWHERE:
            there = f"http://127.0.0.1:{self.trap_port}/login"
            return an_answer("302 Found", b"", "text/html", location=there)
        if fault is Fault.STALE:
            return self._old_pulls[(tag.phone, request.path)]
        status = {
            Fault.UNAVAILABLE: ("503 Service Unavailable", "server_busy"),
            Fault.SLOW_DOWN: ("429 Too Many Requests", "too_many_tries"),
            Fault.TOO_LARGE: ("413 Content Too Large", "batch_too_large"),
        }.get(fault)
        if status is None:
            return None
        more = {} if fate.retry_after is None else {"retry_after": str(fate.retry_after)}
        if not fate.says_ours:
            line = "502 Bad Gateway" if fault is Fault.UNAVAILABLE and fate.where < 0.5 else status[0]
            return an_answer(line, _HTML, "text/html", **more)
        body = {"code": status[1], "title": "", "detail": "", "status": int(status[0][:3]), "facts": {}}
        ours = {"trygg_protocol": "1", **more}
        return an_answer(status[0], json.dumps(body).encode(), "application/problem+json", **ours)

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while self._idle:
            reader, writer = self._idle.pop()
            if not reader.at_eof() and not writer.is_closing():
                return reader, writer
            writer.close()
        return await asyncio.open_connection("127.0.0.1", self.server_port, limit=4 * 1024 * 1024)

    async def _ask(self, request: Message) -> Message:
        reader, writer = await self._connection()
        try:
            writer.write(request.written())
            answer = await read_message(reader, of_head=request.method == "HEAD")
        except BaseException:
            writer.close()
            raise
        if answer.header(b"connection") == b"close":
            writer.close()
        else:
            self._idle.append((reader, writer))
        return answer

    async def _twice(self, request: Message) -> Message:
        both = await asyncio.gather(self._ask(request), self._ask(request), return_exceptions=True)
        heard = [it for it in both if isinstance(it, Message)]
        if not heard:
            raise OSError("neither was answered")
        return heard[-1]

    async def _half(self, raw: bytes, where: float) -> None:
        """The server gets some of it and waits; then the line is gone."""
        with suppress(*_BROKEN):
            _, writer = await asyncio.open_connection("127.0.0.1", self.server_port)
            writer.write(raw[: int(len(raw) * where)])
            await writer.drain()
            await asyncio.sleep(0.005)
            writer.close()
            await writer.wait_closed()

    # ------------------------------------------------------------ on the way down

    async def _after(
        self, answer: Message, request: Message, tag: Tag, fate: Fate, fault: Fault, writer: asyncio.StreamWriter
    ) -> bool:
        if fault is Fault.NONE and request.path.startswith("/sync/pull") and answer.status == 200:
            self._old_pulls[(tag.phone, request.path)] = answer
        if fault is Fault.DROP_RESPONSE:
            return False
        if fault is Fault.HALF_JSON and answer.body:
            plain = answer.plain()
            answer = answer.but(plain[: int(len(plain) * fate.where)], content_encoding=None)
        if fault is Fault.HALF_GZIP and answer.body:
            packed = gzip.compress(answer.plain(), mtime=0)
            answer = answer.but(packed[: int(len(packed) * fate.where)], content_encoding="gzip")
        raw = answer.written()
        if fault is Fault.CUT_RESPONSE:
            writer.write(raw[: int(len(raw) * fate.where)])
            await writer.drain()
            writer.close()
            return False
        if fault is Fault.NARROW:
            for at in range(0, min(len(raw), _NARROW_FOR), _BYTES_AT_ONCE):
                writer.write(raw[at : at + _BYTES_AT_ONCE])
                await writer.drain()
                await asyncio.sleep(_SECONDS_BETWEEN)
            raw = raw[_NARROW_FOR:]
        writer.write(raw)
        await writer.drain()
        return True
