"""Turns: what waits in a municipality is decided and stored together, in one transaction.

Fifty phones that come home at once wait in one line. Whoever's turn it is takes those who wait with it, and each gets
an answer of its own when all of them are stored; nobody gets one before. Who is alone in the line waits for nothing.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from trygghetsvandring.domain.people import Principal
from trygghetsvandring.sync import items
from trygghetsvandring.sync.clocks import Exchange
from trygghetsvandring.sync.items import Item
from trygghetsvandring.sync.wire import Outcome

# A set this large has nothing left to win, and the first of it has waited long enough.
MOST_TOGETHER = 800


@dataclass(slots=True, eq=False)
class Request:
    """One push on its way: who sends, when, and what; in the end its outcomes, or why there are none."""

    principal: Principal
    exchange: Exchange
    raws: Sequence[bytes]
    came: list[Item] = field(init=False)
    outcomes: list[Outcome] | None = None
    fault: Exception | None = None

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Read anew: nothing is left of an earlier try."""
        self.came = [items.read(raw) for raw in self.raws]

    @property
    def is_over(self) -> bool:
        return self.outcomes is not None or self.fault is not None

    def answer(self) -> list[Outcome]:
        if self.outcomes is None:
            assert self.fault is not None
            raise self.fault
        return self.outcomes


@dataclass(slots=True)
class _Line:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    waiting: list[Request] = field(default_factory=list)

    def first(self) -> list[Request]:
        """In the order they came, as many as go together."""
        size, group = 0, list[Request]()
        for request in self.waiting:
            size += len(request.raws)
            if group and size > MOST_TOGETHER:
                break
            group.append(request)
        return group


class Turns:
    """`together` decides and stores a group, and gives every request in it its outcomes."""

    def __init__(self, together: Callable[[Sequence[Request]], Awaitable[None]]) -> None:
        self._together = together
        # Waiting here holds no connection; waiting for the database's own lock does.
        self._lines: dict[str, _Line] = defaultdict(_Line)

    async def outcomes(self, request: Request) -> list[Outcome]:
        line = self._lines[request.principal.municipality]
        line.waiting.append(request)
        try:
            async with line.turn:
                while not request.is_over:
                    await self._take(line)
        finally:
            if request in line.waiting:  # it was told to stop while it waited
                line.waiting.remove(request)
        return request.answer()

    async def _take(self, line: _Line) -> None:
        """Those who get nothing here, because this one was told to stop, keep their place."""
        group = line.first()
        try:
            await self._together(group)
        except Exception as fault:  # noqa: BLE001  # raised again, to each of them
            for request in group:
                if not request.is_over:
                    request.fault = fault
        line.waiting = [request for request in line.waiting if not request.is_over]
