"""Many evenings on two lanes at once: odd seeds on SQLite, even ones on PostgreSQL."""

import asyncio
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path

from tests.wire.house import Kit, Lane, Server, kit
from tests.wire.play import Figures, play
from tests.wire.schedules import Schedule, schedule

# A lane's database and photos are thrown away after so many evenings: backups are copied whole.
_EVENINGS_PER_SERVER = 150
# The last line of a traceback. Whatever a phone or the wire does, the server has nothing to complain of.
_FAULT = re.compile(r"^[\w.]+(?:Error|Exception|Disconnect)\b.*$", re.MULTILINE)

DatabaseUrl = Callable[[Path], str]


def sqlite(data: Path) -> str:
    return f"sqlite+aiosqlite:///{data / 'trygg.sqlite'}"


def is_on_sqlite(seed: int) -> bool:
    return seed % 2 == 1


def evening_of(seed: int, phones_plant: str | None = None) -> Schedule:
    """A restore copies a file, so it happens on SQLite only."""
    return schedule(seed, plant=phones_plant, may_restore=is_on_sqlite(seed))


def played(seeds: Sequence[int], postgres: DatabaseUrl) -> Figures:
    """Every seed once. What a law says about it stands under the seed in `violations`."""
    return asyncio.run(_played(seeds, postgres))


async def _played(seeds: Sequence[int], postgres: DatabaseUrl) -> Figures:
    began, figures = time.monotonic(), Figures()
    with tempfile.TemporaryDirectory(prefix="trygg-wire-") as folder:
        made = kit(Path(folder))
        lanes = [
            _lane(Path(folder) / name, made, url, [seed for seed in seeds if is_on_sqlite(seed) == (name == "sqlite")])
            for name, url in (("sqlite", sqlite), ("postgres", postgres))
        ]
        for lane in await asyncio.gather(*lanes):
            figures.add(lane)
    figures.seconds = time.monotonic() - began
    return figures


async def _lane(folder: Path, made: Kit, url: DatabaseUrl, seeds: Iterable[int]) -> Figures:
    figures, left = Figures(), iter(seeds)
    while some := list(islice(left, _EVENINGS_PER_SERVER)):
        data = folder / str(some[0])
        data.mkdir(parents=True)
        await played_on(Server(data, url(data)), made, [evening_of(seed) for seed in some], figures)
    return figures


async def played_on(
    server: Server, made: Kit, evenings: Iterable[Schedule], figures: Figures, *, until_broken: bool = False
) -> None:
    lane = Lane(server, made)
    try:
        await lane.open()
        for evening in evenings:
            found = await play(lane, evening, figures)
            if found and until_broken:
                break
    finally:
        figures.faults += lane.proxy.made
        figures.requests += lane.proxy.requests
        await lane.close()
    figures.server_faults += _FAULT.findall(server.said())
