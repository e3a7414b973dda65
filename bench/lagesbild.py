"""The lägesbild of a period, over 300 evenings with 5,000 observations in 3 years, beside the bare query in one run.

For the longest period there is (a year, counted beside the year before it) and for a tertial: the answer of the server,
and the bare query, which asks the same file for the same rows by one question a table, decodes them and counts by kind
and evening, with no walls, no places, no darkness and no server. They take turns. Usable is the page in a browser: its
first numbers are there, from the navigation's start.
"""

import asyncio
import sqlite3
import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import msgspec
from playwright.sync_api import Page, sync_playwright

from bench.evening import a_server
from bench.history import Figures, median
from tests.domain.finding_makers import a_finding
from tests.domain.promise_makers import a_task, a_walk, an_evening_out
from tests.journeys.house import CHROMIUM, DESK, Server
from tests.journeys.staff import Desk
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.ids import uuid7
from trygghetsvandring.domain.observations import Observation, ObservationState, Position, PositionSource
from trygghetsvandring.domain.routing import Kind
from trygghetsvandring.domain.stops import Feeling, FeelingAnswer, Stop
from trygghetsvandring.domain.tasks import TaskState
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage import records
from trygghetsvandring.storage.unit import Store

EVENINGS, FINDINGS, FEELINGS_EACH, STOPS_EACH = 300, 5_000, 12, 8
ROUNDS = 9
LIMIT, BAR_MS = 3.0, 1_000
_LAST = date(2026, 8, 31)
_DAYS = 3 * 364
_PERIODS = {"year": (date(2025, 9, 1), _LAST), "tertial": (date(2026, 5, 1), _LAST)}
_YEAR = timedelta(weeks=52)
_AT = datetime(2026, 11, 20, 18, tzinfo=UTC)
_WATCH = """(() => {
  const look = () => {
    if (!window.__usable && document.querySelector("main table")) window.__usable = performance.now();
  };
  new MutationObserver(look).observe(document, { childList: true, subtree: true });
})()"""


def measure() -> Figures:
    with a_server() as server:
        file = server.data / "trygg.sqlite"
        asyncio.run(_filled(server.database_url))
        figures: Figures = {"evenings": EVENINGS, "findings": FINDINGS}
        for name, (first, last) in _PERIODS.items():
            figures |= {f"{name}_{key}": value for key, value in _beside(server, file, first, last).items()}
        return figures | _in_a_browser(server)


# ---------------------------------------------------------------- three years


async def _filled(url: str) -> None:
    store = Store(url)
    made: list[Any] = []
    for n in range(EVENINGS):
        evening = _LAST - timedelta(days=n * _DAYS // EVENINGS)
        walk = _walk(evening, n)
        made += [walk, *_felt(walk, n)]
        log, entries = an_evening_out(evening, 4, 3)
        made += [log, *(replace(entry, area="Lidköping") for entry in entries)]
        for each in range(n * FINDINGS // EVENINGS, (n + 1) * FINDINGS // EVENINGS):
            made += _noticed(walk, each)
    async with store.write() as db:
        await records.save(db, seed.MUNICIPALITY, made, _AT)
    await store.close()


def _walk(evening: date, n: int) -> Walk:
    walk = a_walk(f"{evening} 19:00")
    stops = tuple(
        Stop(
            id=uuid7(),
            number=number,
            name=f"Stopp {number}",
            place=None,
            place_type="",
            lat=58.49 + (n % 12) * 0.001 + number * 0.0004,
            lon=13.15 + number * 0.002,
            radius_m=40,
            template="",
        )
        for number in range(1, STOPS_EACH + 1)
    )
    return replace(walk, stops=stops)


def _felt(walk: Walk, n: int) -> list[FeelingAnswer]:
    return [
        FeelingAnswer(
            id=uuid7(),
            version=1,
            number="",
            walk=walk.id,
            stop=walk.stops[each % STOPS_EACH].id,
            device=uuid7(),
            felt_at=walk.starts_at,
            own=list(Feeling)[(n + each) % 3],
            counts=None,
        )
        for each in range(FEELINGS_EACH)
    ]


_KINDS = (("bel.trasig", Kind.FAULT), ("skrap", Kind.MAINTENANCE), ("motor", Kind.SOCIAL), ("ljud.musik", Kind.SOCIAL))


def _noticed(walk: Walk, n: int) -> list[Any]:
    """Every other of what can be work has become a task."""
    category, kind = _KINDS[n % len(_KINDS)]
    stop = walk.stops[n % STOPS_EACH]
    at = walk.starts_at + timedelta(minutes=n % 110)
    position = Position(lat=stop.lat, lon=stop.lon, accuracy_m=6, age_s=1, source=PositionSource.GPS)
    found: Observation = a_finding(
        ObservationState.REVIEWED,
        id=uuid7(),
        number=f"LK-{10_000 + n}",
        walk=walk.id,
        stop=stop.id,
        category=category,
        kind=kind,
        position=position,
        seen_at=at,
        received_at=at,
        photos=(),
    )
    if kind is Kind.SOCIAL or n % 8 > 1:
        return [found]
    task = a_task((f"{at:%Y-%m-%d}", TaskState.DONE), findings=(found.id,), lat=stop.lat, lon=stop.lon)
    return [replace(found, state=ObservationState.LINKED, tasks=(task.id,)), task]


# ---------------------------------------------------------------- beside the bare query


def _beside(server: Server, file: Path, first: date, last: date) -> Figures:
    with httpx.Client(base_url=server.url, headers={"Origin": server.url}, timeout=120) as http:
        said = {"login": "samordnare@lidkoping", "password": seed.PASSWORD}
        signed_in = http.post("/api/session", json=said).raise_for_status()
        # The cookie is for a safe line only, and there is none to ourselves.
        http.headers["Cookie"] = signed_in.headers["set-cookie"].partition(";")[0]
        path = f"/api/lagesbild?from={first}&to={last}"
        ours, theirs = [], []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            seen = _bare(file, first, last)
            theirs.append((time.perf_counter() - begun) * 1000)
            begun = time.perf_counter()
            told = http.get(path).raise_for_status()
            ours.append((time.perf_counter() - begun) * 1000)
        assert told.json()["is_whole"]
    ms, bare_ms = median(ours), median(theirs)
    ratio = round(ms / bare_ms, 2)
    bar = f"<= {LIMIT}: {'met' if ratio <= LIMIT else 'MISSED'}"
    return {"rows": seen, "ms": round(ms), "bare_ms": round(bare_ms), "ratio": ratio, "bar": bar}


def _bare(file: Path, first: date, last: date) -> int:
    """How many rows it read, of the period and of the year before."""
    n = 0
    with sqlite3.connect(file) as db:
        for since, until in ((first, last), (first - _YEAR, last - _YEAR)):
            n += _counted(db, since.isoformat(), (until + timedelta(days=1)).isoformat())
    return n


def _counted(db: sqlite3.Connection, since: str, until: str) -> int:
    def docs(question: str, *values: str) -> list[Any]:
        return [msgspec.json.decode(doc) for (doc,) in db.execute(question, values)]

    walks = "SELECT {} FROM walks WHERE starts_at >= ? AND starts_at < ?"
    ours = f"municipality = '{seed.MUNICIPALITY}'"  # an index begins with it
    on = f"walk IN ({walks.format('id')} AND {ours})"
    of_walks = docs(walks.format("doc"), since, until)
    findings = docs(f"SELECT doc FROM observations WHERE {ours} AND {on}", since, until)  # noqa: S608
    feelings = docs(f"SELECT doc FROM feelings WHERE {on}", since, until)  # noqa: S608
    presence = docs(f"SELECT doc FROM presence WHERE {ours} AND evening >= ? AND evening < ?", since, until)  # noqa: S608
    wanted = {UUID(id).hex for it in findings for id in it["tasks"]}
    tasks = [
        doc
        for some in _parts(sorted(wanted))
        for doc in docs(f"SELECT doc FROM tasks WHERE id IN ({','.join('?' * len(some))})", *some)  # noqa: S608
    ]
    Counter((it["category"], it["seen_at"][:10]) for it in findings)
    Counter(it["evening"] for it in presence)
    return sum(map(len, (of_walks, findings, feelings, presence, tasks)))


def _parts(ids: list[str]) -> list[list[str]]:
    return [ids[n : n + 500] for n in range(0, len(ids), 500)]


# ---------------------------------------------------------------- in a browser


def _in_a_browser(server: Server) -> Figures:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-quic"])
        page = browser.new_page(viewport={"width": DESK["width"], "height": DESK["height"]})
        page.goto(f"{server.url}/desk/")
        Desk(page).signs_in("samordnare@lidkoping", seed.PASSWORD)
        page.add_init_script(_WATCH)
        figures: Figures = {}
        for name, (first, last) in _PERIODS.items():
            took = [_usable(page, f"{server.url}/desk/lagesbild?fran={first}&till={last}") for _ in range(ROUNDS)]
            ms = median(took)
            bar = f"<= {BAR_MS} ms: {'met' if ms <= BAR_MS else 'MISSED'}"
            figures |= {f"{name}_usable_ms": round(ms), f"{name}_usable_bar": bar}
        browser.close()
    return figures


def _usable(page: Page, url: str) -> float:
    page.goto(url, wait_until="commit")
    return float(page.wait_for_function("() => window.__usable").json_value())
