"""The work list at 1,000,000 tasks: processor time per page, beside a bare handler asking the same of the same table.

The list's first page, a column of the board, the points of a box of the map (fewer than 500), and the whole map as
clusters: each in its own turn, the bare one beside it. The bare handler signs nobody in, knows no walls, and sends what
the database gives it. For clusters it asks the same question, and once more a table of ready counts, which is the
fastest there could be. Five thousand believable tasks are copied two hundred times by the database itself, each copy
some metres from the next.
"""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import httpx
import msgspec
import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.cost import cpu_s
from bench.history import Figures, median
from bench.postgres import a_cluster, process
from tests.journeys.work import UNIT, fill
from tests.storage.postgres import Cluster
from tests.sync.desks import handler
from tests.web.phones import EVENING, MUNICIPALITY, Evening, settings
from trygghetsvandring import asgi
from trygghetsvandring.demo import seed
from trygghetsvandring.domain.cells import Box, cell_of, level_for, ranges, shift_of
from trygghetsvandring.storage import migrate

TASKS, SOME = 1_000_000, 5_000
ROUNDS, PAGES, SLOW_PAGES = 5, 200, 3
LIMIT = 2.5
_OPEN = ("assigned", "accepted", "planned", "in_progress", "waiting", "referred", "done")
_COLUMN = ("waiting", "referred")
_NEAR = Box(58.505, 13.157, 58.506, 13.159)
_TOWN = Box(58.46, 13.05, 58.55, 13.26)
_ACROSS = 12
_MOVED = "((i * 7919) % 1000 - 500) * 0.000001", "((i * 104729) % 1000 - 500) * 0.000002"
_WHEN = {"sqlite": "date(look_on, '+' || (i % 400) || ' days')", "postgresql": "look_on + (i % 400)"}
_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
_COPY = """
INSERT INTO tasks (municipality, id, version, doc, updated_at, state, department, is_open, look_on, words, tile,
                   priority, place, lat, lon, doubted, cell)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times})
SELECT municipality, {id}, version, doc, updated_at, state, department, is_open,
       CASE WHEN look_on > '9000-01-01' THEN look_on ELSE {when} END,
       words, tile, priority, place, lat + {up}, lon + {aside}, doubted, cell_of(lat + {up}, lon + {aside})
FROM tasks, n
"""
_SPREAD = """
CREATE FUNCTION spread(n bigint) RETURNS bigint LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  n := (n | (n << 16)) & x'0000FFFF0000FFFF'::bigint; n := (n | (n << 8)) & x'00FF00FF00FF00FF'::bigint;
  n := (n | (n << 4)) & x'0F0F0F0F0F0F0F0F'::bigint; n := (n | (n << 2)) & x'3333333333333333'::bigint;
  RETURN (n | (n << 1)) & x'5555555555555555'::bigint; END $$;
CREATE FUNCTION cell_of(lat float8, lon float8) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
  SELECT spread(floor((lat + 90) / 180 * 1048576)::bigint) << 1 | spread(floor((lon + 180) / 360 * 1048576)::bigint) $$;
"""
_MINE = "municipality = {m} AND department = {m} AND state IN ({states})"
_ROWS = f"SELECT doc FROM tasks WHERE {_MINE} ORDER BY look_on, id LIMIT 51"  # noqa: S608
_PART = f"SELECT {{columns}} FROM tasks WHERE {_MINE} AND cell BETWEEN {{m}} AND {{m}} AND {{box}}"  # noqa: S608
_INSIDE = "lat BETWEEN {south} AND {north} AND lon BETWEEN {west} AND {east}"
_COUNTED = (
    "SELECT count(*), avg(lat), avg(lon), min(lat), min(lon), max(lat), max(lon), min(priority), "
    "sum(CASE WHEN look_on BETWEEN '1900-01-02' AND '{today}' THEN 1 ELSE 0 END) FROM ({parts}) AS t GROUP BY square"
)
_READY = "SELECT n, lat, lon, south, west, north, east, priority, late FROM ready WHERE level = {m}"


class Bare(Protocol):
    """One connection, one question at a time."""

    mark: str

    def cpu_s(self) -> float:
        """Of this process and the database's own, so far."""

    async def ask(self, sql: str, values: Sequence[object]) -> Sequence[tuple[Any, ...]]: ...


class OnSqlite:
    mark = "?"

    def __init__(self, file: Path) -> None:
        self.db = sqlite3.connect(file, check_same_thread=False)

    def cpu_s(self) -> float:
        return time.process_time()

    async def ask(self, sql: str, values: Sequence[object]) -> Sequence[tuple[Any, ...]]:
        return await asyncio.to_thread(lambda: self.db.execute(sql, values).fetchall())


class OnPostgresql:
    mark = "%s"

    def __init__(self, db: psycopg.AsyncConnection, server: int) -> None:
        self.db, self.server = db, server

    def cpu_s(self) -> float:
        return time.process_time() + cpu_s(self.server)

    async def ask(self, sql: str, values: Sequence[object]) -> Sequence[tuple[Any, ...]]:
        return await (await self.db.execute(sql, values)).fetchall()  # type: ignore[arg-type]


def on_sqlite() -> Figures:
    return asyncio.run(_on_sqlite())


def on_postgresql() -> Figures:
    with a_cluster() as cluster:
        return asyncio.run(_on_postgresql(cluster))


async def _on_sqlite() -> Figures:
    with TemporaryDirectory(prefix="trygg-bench-") as name:
        file = Path(name) / "trygg.sqlite"
        url = f"sqlite+aiosqlite:///{file}"
        async with a_house(Path(name), url) as evening:
            await fill(url, SOME)
            await asyncio.to_thread(_copied_on_sqlite, file)
            return await _beside(evening, OnSqlite(file))


async def _on_postgresql(cluster: Cluster) -> Figures:
    url = cluster.new_database()
    address = url.replace("+psycopg", "")
    with TemporaryDirectory(prefix="trygg-bench-") as name:
        async with a_house(Path(name), url) as evening:
            await fill(url, SOME)
            await asyncio.to_thread(_copied_on_postgresql, address)
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as db:
                return await _beside(evening, OnPostgresql(db, process(cluster)))


@asynccontextmanager
async def a_house(folder: Path, url: str) -> AsyncIterator[Evening]:
    await migrate.upgrade(url)
    app = asgi.create(replace(settings(folder), database_url=url), clock=lambda: EVENING, work=False)
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://trygg.test")
    async with app.router.lifespan_context(app), http:
        evening = Evening(app, folder, http)
        await seed.load(evening.house.engine, "no password", EVENING - timedelta(hours=3))
        yield evening


def _copy(dialect: str) -> str:
    up, aside = _MOVED
    return _COPY.format(times=TASKS // SOME - 1, id=_ID[dialect], when=_WHEN[dialect], up=up, aside=aside)


def _copied_on_sqlite(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.create_function("cell_of", 2, cell_of, deterministic=True)
        db.execute("PRAGMA cache_size = -400000")
        named = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'tasks' AND sql IS NOT NULL"
        without_indexes(db.execute, db.execute(named).fetchall(), _copy("sqlite"))
    with sqlite3.connect(file) as db:
        _counted_ready(db.execute)
        db.execute("ANALYZE")


def _copied_on_postgresql(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as db:
        db.execute(_SPREAD)
        named = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'tasks' AND indexname LIKE 'ix%'"
        without_indexes(db.execute, db.execute(named).fetchall(), _copy("postgresql"))
        _counted_ready(db.execute)
        db.execute("VACUUM ANALYZE tasks")


def without_indexes(execute: Callable[[str], object], indexes: Sequence[tuple[Any, ...]], copy: str) -> None:
    """Made anew afterwards: keeping them in order for a million rows takes many times as long."""
    for name, _ in indexes:
        execute(f"DROP INDEX {name}")
    execute(copy)
    for _, made in indexes:
        execute(made)


def _counted_ready(execute: Callable[[str], object]) -> None:
    """As a table kept with every change would hold them, at the level the map is asked for."""
    inside = _INSIDE.format(south=_TOWN.south, north=_TOWN.north, west=_TOWN.west, east=_TOWN.east)
    states = ", ".join(f"'{state}'" for state in _OPEN)
    every = (
        f"SELECT {_square()}, lat, lon, priority, look_on FROM tasks "  # noqa: S608
        f"WHERE department = '{UNIT}' AND state IN ({states}) AND {inside}"
    )
    counted = _COUNTED.format(today=EVENING.date(), parts=every)
    names = "n integer, lat float, lon float, south float, west float, north float, east float, priority integer"
    execute(f"CREATE TABLE ready ({names}, late integer, level integer)")
    execute(f"INSERT INTO ready SELECT counted.*, {_level()} FROM ({counted}) AS counted")  # noqa: S608
    execute("CREATE INDEX ready_level ON ready (level)")


def _level() -> int:
    return level_for(_TOWN, _ACROSS)


def _square() -> str:
    return f"cell >> {shift_of(_level())} AS square"


async def _beside(evening: Evening, db: Bare) -> Figures:
    desk = await handler(evening, UNIT)
    bare = httpx.AsyncClient(transport=httpx.ASGITransport(_bare(db)), base_url="http://bare")

    async def ask(path: str) -> httpx.Response:
        return (await evening.http.get(path, headers=desk.headers)).raise_for_status()

    async def bare_ask(path: str) -> httpx.Response:
        return (await bare.get(path)).raise_for_status()

    states, near, town = ",".join(_OPEN), _bbox(_NEAR), f"{_bbox(_TOWN)}&across={_ACROSS}"
    in_box = len((await ask(f"/api/tasks/points?{near}&state={states}")).json()["points"])
    clusters = (await ask(f"/api/tasks/points?{town}&state={states}")).json()["clusters"]
    asked = {
        "list": (f"/api/tasks?counts=0&limit=50&state={states}", "/rows", PAGES),
        "column": (f"/api/tasks?counts=0&limit=50&state={','.join(_COLUMN)}", "/column", SLOW_PAGES),
        "points": (f"/api/tasks/points?{near}&state={states}", "/points", PAGES),
        "clusters": (f"/api/tasks/points?{town}&state={states}", "/clusters", SLOW_PAGES),
        "clusters_from_ready_counts": (f"/api/tasks/points?{town}&state={states}", "/ready", SLOW_PAGES),
    }
    figures: Figures = {"tasks": TASKS, "points": in_box, "clusters": len(clusters)}
    assert in_box, "the box must hold points, not clusters"
    figures["in_clusters"] = sum(it["n"] for it in clusters)
    for name, (ours, theirs, pages) in asked.items():
        took: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            took[0].append(await cpu_ms(db, ask, ours, pages))
            took[1].append(await cpu_ms(db, bare_ask, theirs, PAGES if theirs == "/ready" else pages))
        ms, bare_ms = median(took[0]), median(took[1])
        ratio = round(ms / bare_ms, 2)
        figures |= {f"{name}cpu_ms": round(ms, 2), f"{name}_bare_ms": round(bare_ms, 2), f"{name}_ratio": ratio}
        figures[f"{name}_bar"] = f"<= {LIMIT}: {'met' if ratio <= LIMIT else 'MISSED'}"
    await bare.aclose()
    return figures


def _bbox(box: Box) -> str:
    return f"bbox={box.west},{box.south},{box.east},{box.north}"


async def cpu_ms(db: Bare, ask: Callable[[str], Awaitable[object]], path: str, pages: int) -> float:
    """Milliseconds a page."""
    before = db.cpu_s()
    for _ in range(pages):
        await ask(path)
    return (db.cpu_s() - before) * 1000 / pages


def _bare(db: Bare) -> Starlette:
    """No sign-in, no walls, nothing read but what is sent."""

    def states(some: Sequence[str]) -> str:
        return ", ".join(f"'{state}'" for state in some)

    def parts(box: Box, columns: str) -> tuple[str, list[object]]:
        inside = _INSIDE.format(south=box.south, north=box.north, west=box.west, east=box.east)
        part = _PART.format(columns=columns, m=db.mark, states=states(_OPEN), box=inside)
        stretches = ranges(box)
        values: list[object] = [value for stretch in stretches for value in (MUNICIPALITY, UNIT, *stretch)]
        return " UNION ALL ".join([part] * len(stretches)), values

    def rows_of(some: Sequence[str]) -> Callable[[Request], Awaitable[Response]]:
        sql = _ROWS.format(m=db.mark, states=states(some))

        async def rows(_request: Request) -> Response:
            found = await db.ask(sql, (MUNICIPALITY, UNIT))
            return Response("[" + ",".join(doc for (doc,) in found) + "]", media_type="application/json")

        return rows

    points_sql, points_values = parts(_NEAR, "id, lat, lon, state")
    every, clusters_values = parts(_TOWN, f"{_square()}, lat, lon, priority, look_on")
    clusters_sql = _COUNTED.format(today=EVENING.date(), parts=every)

    async def points(_request: Request) -> Response:
        found = await db.ask(f"{points_sql} LIMIT 500", points_values)
        listed = (f'{{"id":"{id}","lat":{lat},"lon":{lon},"state":"{state}"}}' for id, lat, lon, state in found)
        return Response("[" + ",".join(listed) + "]", media_type="application/json")

    async def clusters(_request: Request) -> Response:
        return Response(msgspec.json.encode(await db.ask(clusters_sql, clusters_values)), media_type="application/json")

    async def ready(_request: Request) -> Response:
        found = await db.ask(_READY.format(m=db.mark), (_level(),))
        return Response(msgspec.json.encode(found), media_type="application/json")

    routes = {"/rows": rows_of(_OPEN), "/column": rows_of(_COLUMN), "/points": points}
    routes |= {"/clusters": clusters, "/ready": ready}
    return Starlette(routes=[Route(path, endpoint) for path, endpoint in routes.items()])
