"""Who waits to hear that something has changed, and the one look a second that serves them all.

Whichever process the change came from, and whichever database; nobody looks while nobody listens.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field

from trygghetsvandring.storage import changes as feed
from trygghetsvandring.storage.unit import Store, Unavailable

LOOK_EVERY_S = 1.0
WORD_EVERY_S = 20.0  # so that proxies keep the line open, and a phone notices one that is dead
LONGEST_S = 600.0  # then the browser opens it anew, and who is asking is looked up anew
MOST = 500


@dataclass(eq=False)
class _Listener:
    municipality: str
    scopes: tuple[str, ...]  # empty: everything
    moved: asyncio.Event = field(default_factory=asyncio.Event)


class Live:
    """Who listens, and the one task that looks for them."""

    def __init__(self, store: Store, every_s: float = LOOK_EVERY_S) -> None:
        self._store = store
        self._every_s = every_s
        self._listeners: set[_Listener] = set()
        self._heads: dict[str, int] = {}
        self._looking: asyncio.Task[None] | None = None
        self._over = asyncio.Event()

    @property
    def listening(self) -> int:
        return len(self._listeners)

    async def words(self, municipality: str, scopes: tuple[str, ...]) -> AsyncGenerator[bytes]:
        """The stream's lines, until `LONGEST_S` has passed or the server ends."""
        listener = _Listener(municipality, scopes)
        ends = asyncio.get_running_loop().time() + LONGEST_S
        await self._join(listener)
        try:
            yield b"retry: 3000\n\n"
            while not self._over.is_set() and (rest := ends - asyncio.get_running_loop().time()) > 0:
                has_changed = await _heard(listener, min(rest, WORD_EVERY_S))
                if self._over.is_set():
                    return
                yield b"event: changed\ndata:\n\n" if has_changed else b":\n\n"
        finally:
            self._listeners.discard(listener)
            if not self._listeners and self._looking is not None:
                self._looking.cancel()
                self._looking = None
                self._heads.clear()

    def end(self) -> None:
        """The server is going down: nobody keeps it waiting."""
        self._over.set()
        for listener in self._listeners:
            listener.moved.set()

    async def _join(self, listener: _Listener) -> None:
        if len(self._listeners) >= MOST:
            raise Unavailable("as many listen as one process serves", retry_after=30)
        # Counted before anything is awaited, and from where the feed stands now.
        self._listeners.add(listener)
        if listener.municipality not in self._heads:
            async with self._store.read() as db:
                head = await feed.head(db, listener.municipality)
            self._heads.setdefault(listener.municipality, head)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_on())

    async def _look_on(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            # A database that is away for a moment is asked again; the screens have their own ways meanwhile.
            with contextlib.suppress(OSError, Unavailable):
                await self._look()

    async def _look(self) -> None:
        async with self._store.read() as db:
            for municipality in {listener.municipality for listener in self._listeners}:
                before, head = self._heads.get(municipality, 0), await feed.head(db, municipality)
                if head == before:
                    continue
                for listener in [one for one in self._listeners if one.municipality == municipality]:
                    if not listener.scopes or await feed.moved(db, municipality, listener.scopes, before):
                        listener.moved.set()
                self._heads[municipality] = head


async def _heard(listener: _Listener, seconds: float) -> bool:
    """Forgotten before it is said: what comes while it is being said is a word of its own."""
    with contextlib.suppress(TimeoutError):
        # Not wait_for: in Python 3.11 it loses a cancellation that comes together with what is waited for.
        async with asyncio.timeout(seconds):
            await listener.moved.wait()
    has_changed = listener.moved.is_set()
    listener.moved.clear()
    return has_changed
