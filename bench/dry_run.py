"""The dry run of a draft of rules over ten thousand findings, beside a plain read of the same rows in the same run.

The read decodes every finding and does nothing with it: what no dry run can be without. `memory` is the most that was
held at once, over one page and over all of history: it must not grow with what there is.
"""

import asyncio
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from bench.history import Figures
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.municipalities import Municipality
from trygghetsvandring.domain.observations import Observation, Position, PositionSource
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.rules import came_with
from trygghetsvandring.domain.stops import Stop
from trygghetsvandring.domain.trials import Trying
from trygghetsvandring.domain.walks import Recording, Walk
from trygghetsvandring.storage import migrate, records, rules
from trygghetsvandring.storage.unit import Store
from trygghetsvandring.sync import ops as _ops  # noqa: F401  # registers how everything is stored
from trygghetsvandring.sync.municipalities import settle
from trygghetsvandring.sync.trials import dry_run

FINDINGS = 10_000
ON_A_WALK = 40
TIMES = 7
STARTED = datetime(2025, 9, 1, 19, 0, tzinfo=UTC)


def measure() -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(f"sqlite+aiosqlite:///{Path(folder) / 'rules.sqlite'}"))


async def _measure(url: str) -> Figures:
    await migrate.upgrade(url)
    store, here = Store(url), seed.lidkoping()
    await settle(store, here)
    await history(store, here)
    reads, runs = [], []
    for _ in range(TIMES):
        reads.append(await _timed(lambda: _read(store, here)))
        runs.append(await _timed(lambda: _try(store, here)))
    done = await _try(store, here)
    first, whole = await _memory(store, here)
    await store.close()
    read, run = statistics.median(reads), statistics.median(runs)
    return {
        "findings": done.findings,
        "without an owner": done.work - sum(done.then.values()),
        "who move": done.changed,
        "plain read, s": round(read, 2),
        "dry run, s": round(run, 2),
        "dry run / plain read": round(run / read, 1),
        "memory, one page, MiB": round(first / 2**20, 1),
        "memory, all of history, MiB": round(whole / 2**20, 1),
    }


async def _timed(act: Callable[[], Awaitable[object]]) -> float:
    start = time.perf_counter()
    await act()
    return time.perf_counter() - start


async def _read(store: Store, here: Municipality) -> int:
    return sum([len(page) async for page in rules.history(store, here.id)])


async def _try(store: Store, here: Municipality) -> Trying:
    *_, done = [sums async for sums in dry_run(store, here, came_with(here), seed.rules_of(here))]
    return done


async def _memory(store: Store, here: Municipality) -> tuple[int, int]:
    tracemalloc.start()
    pages, first = dry_run(store, here, came_with(here), seed.rules_of(here)), 0
    async for sums in pages:
        if sums.findings <= rules.PAGE:
            first = tracemalloc.get_traced_memory()[1]
    whole = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return first, whole


async def history(store: Store, here: Municipality) -> None:
    """Walks with a stop at every place, and findings of every kind at and between them."""
    for n in range(FINDINGS // ON_A_WALK):
        walk = _walk(here, n)
        found = [_finding(here, walk, n * ON_A_WALK + k) for k in range(ON_A_WALK)]
        async with store.write() as db:
            await records.save(db, here.id, [walk, *found], STARTED)


def _walk(here: Municipality, n: int) -> Walk:
    starts = STARTED + timedelta(days=n)
    return Walk(
        id=uuid7(),
        version=1,
        name=f"Vandring {n}",
        place="Margretelund",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        leader="Maria",
        meeting_point="MG Fritidsgård",
        recording=Recording.OWN_PHONES,
        night=False,
        camera=True,
        stops=tuple(_stop(here, number) for number in range(len(here.places))),
    )


def _stop(here: Municipality, number: int) -> Stop:
    place = here.places[number]
    return Stop(
        id=UUID(int=number + 1),
        number=number + 1,
        name=place.name,
        place=place.id,
        place_type=place.place_type,
        lat=place.lat,
        lon=place.lon,
        radius_m=40,
        template=place.place_type,
    )


def _finding(here: Municipality, walk: Walk, n: int) -> Observation:
    category = here.categories[n % len(here.categories)]
    place = here.places[n % len(here.places)]
    at = Position(lat=place.lat + (n % 7) / 5000, lon=place.lon, accuracy_m=8, age_s=1, source=PositionSource.GPS)
    between = n % 3 == 0
    found = Observation(
        id=uuid7(),
        version=1,
        number=f"LK-{n}",
        walk=walk.id,
        device=None,
        stop=None if between else walk.stops[n % len(walk.stops)].id,
        category=category.code,
        written_category=category.code,
        kind=Kind(category.kind),
        severity=n % 3,
        text="Mörkt nästan hela vägen, och buskarna skymmer.",
        position=at,
        place_words="",
        seen_at=walk.starts_at,
        received_at=walk.ends_at,
    )
    return replace(found, lat=at.lat, lon=at.lon)
