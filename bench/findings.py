"""The inbox at 1,000,000 findings: processor time per page, beside a bare handler asking the same of the same table.

A thousand are still to be sorted, in two states, scattered among the sorted ones as after years of walks. The bare
handler signs nobody in, counts nothing and sends what the database gives it; ours counts the states, and sends each
finding with its walk, its photos and whether it was dark.
"""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psycopg
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench import dry_run
from bench.history import Figures, median
from bench.postgres import a_cluster, process
from bench.work_list import LIMIT, Bare, OnPostgresql, OnSqlite, a_house, cpu_ms, without_indexes
from tests.storage.postgres import Cluster
from tests.sync.desks import coordinator
from tests.web.phones import MUNICIPALITY, Evening
from trygghetsvandring.demo import seed

FINDINGS = 1_000_000
ROUNDS, PAGES = 5, 100
_ID = {"sqlite": "lower(hex(randomblob(16)))", "postgresql": "gen_random_uuid()"}
_COPY = """
INSERT INTO observations (municipality, id, version, doc, updated_at, walk, state, kind, danger, received_at, lat, lon,
                          number, words, slot, behind)
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {times})
SELECT municipality, {id}, version, doc, updated_at, walk, 'linked', kind, danger, received_at, lat, lon, number, words,
       slot, behind
FROM observations, n
"""
_SORTED = """
UPDATE observations SET state = CASE WHEN CAST(substr(number, 4) AS integer) % 10 <> 0 THEN 'linked'
                                     WHEN CAST(substr(number, 4) AS integer) % 100 = 0 THEN 'reviewed'
                                     ELSE 'received' END
"""
_LIST = (
    "SELECT doc FROM observations WHERE municipality = {m} AND state IN ({states}) "
    "ORDER BY danger DESC, received_at DESC, id DESC LIMIT 51"
)
_ASKED = {"inbox": ("received", "reviewed"), "sorted": ("linked",)}


def on_sqlite() -> Figures:
    return asyncio.run(_on_sqlite())


def on_postgresql() -> Figures:
    with a_cluster() as cluster:
        return asyncio.run(_on_postgresql(cluster))


async def _on_sqlite() -> Figures:
    with TemporaryDirectory(prefix="trygg-bench-") as name:
        file = Path(name) / "trygg.sqlite"
        async with a_house(Path(name), f"sqlite+aiosqlite:///{file}") as evening:
            await dry_run.history(evening.house.store, seed.lidkoping())
            await asyncio.to_thread(_copied_on_sqlite, file)
            return await _beside(evening, OnSqlite(file))


async def _on_postgresql(cluster: Cluster) -> Figures:
    url = cluster.new_database()
    address = url.replace("+psycopg", "")
    with TemporaryDirectory(prefix="trygg-bench-") as name:
        async with a_house(Path(name), url) as evening:
            await dry_run.history(evening.house.store, seed.lidkoping())
            await asyncio.to_thread(_copied_on_postgresql, address)
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as db:
                return await _beside(evening, OnPostgresql(db, process(cluster)))


def _copied_on_sqlite(file: Path) -> None:
    with sqlite3.connect(file) as db:
        db.execute("PRAGMA cache_size = -400000")
        named = (
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = 'observations' AND sql IS NOT NULL"
        )
        _copied(db.execute, db.execute(named).fetchall(), "sqlite")
    with sqlite3.connect(file) as db:
        db.execute("ANALYZE")


def _copied_on_postgresql(address: str) -> None:
    with psycopg.connect(address, autocommit=True) as db:
        named = "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'observations' AND indexname LIKE 'ix%'"
        _copied(db.execute, db.execute(named).fetchall(), "postgresql")
        db.execute("VACUUM ANALYZE observations")


def _copied(execute: Callable[[str], object], indexes: list[tuple[str, str]], dialect: str) -> None:
    execute(_SORTED)
    times = FINDINGS // dry_run.FINDINGS - 1
    without_indexes(execute, indexes, _COPY.format(times=times, id=_ID[dialect]))


async def _beside(evening: Evening, db: Bare) -> Figures:
    desk = await coordinator(evening)
    bare = httpx.AsyncClient(transport=httpx.ASGITransport(_bare(db)), base_url="http://bare")

    async def ask(path: str) -> httpx.Response:
        return (await evening.http.get(path, headers=desk.headers)).raise_for_status()

    async def bare_ask(path: str) -> httpx.Response:
        return (await bare.get(path)).raise_for_status()

    figures: Figures = {"findings": FINDINGS}
    for name, states in _ASKED.items():
        ours = f"/api/observations?brief=1&limit=50&state={','.join(states)}"
        assert len((await ask(ours)).json()["observations"]) == 50
        took: tuple[list[float], list[float]] = ([], [])
        for _ in range(ROUNDS):
            took[0].append(await cpu_ms(db, ask, ours, PAGES))
            took[1].append(await cpu_ms(db, bare_ask, f"/{name}", PAGES))
        ms, bare_ms = median(took[0]), median(took[1])
        ratio = round(ms / bare_ms, 2)
        figures |= {f"{name}_cpu_ms": round(ms, 2), f"{name}_bare_ms": round(bare_ms, 2), f"{name}_ratio": ratio}
        figures[f"{name}_bar"] = f"<= {LIMIT}: {'met' if ratio <= LIMIT else 'MISSED'}"
    await bare.aclose()
    return figures


def _bare(db: Bare) -> Starlette:
    def of(states: tuple[str, ...]) -> Callable[[Request], Awaitable[Response]]:
        sql = _LIST.format(m=db.mark, states=", ".join(f"'{state}'" for state in states))

        async def rows(_request: Request) -> Response:
            found = await db.ask(sql, (MUNICIPALITY,))
            return Response("[" + ",".join(doc for (doc,) in found) + "]", media_type="application/json")

        return rows

    return Starlette(routes=[Route(f"/{name}", of(states)) for name, states in _ASKED.items()])
