"""The rota as the demo loads it: three weekends ahead, one of them full, one with a gap, one that nobody has taken."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.tasks import day_of
from trygghetsvandring.domain.weeks import week_of
from trygghetsvandring.sync import crewing
from trygghetsvandring.sync.engine import Engine

Do = Callable[[str, UUID, dict[str, Any]], Awaitable[None]]
_WALKERS = "nattvandrarna"
_COME = ((4, 4), (4, 2), (0, 0))  # by week: how many come on Friday and on Saturday
_NEEDED = 4


async def load(engine: Engine, municipality: str, now: datetime, do: Do) -> None:
    await crewing.keep(engine, municipality, _WALKERS, "Passledare", "pass@nattvandrarna.example", now)
    friday = week_of(day_of(now)).after(1).evenings[4]
    for n, come in enumerate(_COME):
        for after, adults in enumerate(come):
            id, evening = uuid7(), friday + timedelta(days=7 * n + after)
            times = {"evening": evening, "starts": "20:00", "ends": "00:30"}
            where = {"kind": "night_walk", "area": "Lidköping", "place": "Nya Stadens torg"}
            await do("rota.plan", id, times | where | {"needed": _NEEDED})
            if adults:
                await do("rota.sign", id, {"party": _WALKERS, "adults": adults})
