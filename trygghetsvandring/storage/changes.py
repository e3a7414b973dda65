"""The change feed without holes, and the counters drawn late in a transaction.

The municipality's feed counter is raised by the last statements before commit and its row stays locked until then, so
numbers become visible in the order they were drawn: a reader that has seen n has seen everything below n.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.tables import changes, counters, meta
from trygghetsvandring.storage.unit import Db

FEED = "feed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the feed for one scope. `state` is the JSON text sent as it is; None = gone."""

    scope: str
    kind: str
    id: str
    version: int
    state: str | None


async def draw(db: Db, municipality: str, series: str, count: int) -> int:
    """The first of `count` numbers, which are now taken until this transaction ends."""
    statement = (
        update(counters)
        .where(counters.c.municipality == municipality, counters.c.series == series)
        .values(value=counters.c.value + count)
        .returning(counters.c.value)
    )
    last = (await db.execute(statement)).scalar_one_or_none()
    if last is None:
        begin = insert_into(db, counters).values(municipality=municipality, series=series, value=0)
        await db.execute(begin.on_conflict_do_nothing())
        last = (await db.execute(statement)).scalar_one()
    return int(last) - count + 1


async def append(db: Db, municipality: str, rows: Sequence[Row]) -> None:
    """Must be the last thing before commit (see above)."""
    if not rows:
        return
    first = await draw(db, municipality, FEED, len(rows))
    await db.execute(
        changes.insert(),
        [
            {
                "municipality": municipality,
                "seq": first + at,
                "scope": row.scope,
                "kind": row.kind,
                "id": row.id,
                "version": row.version,
                "state": row.state,
            }
            for at, row in enumerate(rows)
        ],
    )


async def after(db: Db, municipality: str, scopes: Iterable[str], seq: int, limit: int) -> list[tuple[int, Row]]:
    """The feed of these scopes above `seq`, oldest first."""
    c = changes.c
    rows = await db.execute(
        select(c.seq, c.scope, c.kind, c.id, c.version, c.state)
        .where(c.municipality == municipality, c.scope.in_(list(scopes)), c.seq > seq)
        .order_by(c.seq)
        .limit(limit)
    )
    return [
        (seq, Row(scope=scope, kind=kind, id=id, version=version, state=state))
        for seq, scope, kind, id, version, state in rows
    ]


async def head(db: Db, municipality: str) -> int:
    """The number of the newest row; 0 before the first."""
    question = select(counters.c.value).where(counters.c.municipality == municipality, counters.c.series == FEED)
    return int((await db.execute(question)).scalar_one_or_none() or 0)


async def epoch(db: Db) -> str:
    """Changes when the database was restored from a backup; phones then drop their cache and re-offer."""
    return str((await db.execute(select(meta.c.value).where(meta.c.name == "epoch"))).scalar_one())


async def drawn(db: Db, municipality: str) -> dict[str, int]:
    """The last number of every series but the feed's, locked until this transaction ends."""
    rows = await db.execute(
        select(counters.c.series, counters.c.value)
        .where(counters.c.municipality == municipality, counters.c.series != FEED)
        .order_by(counters.c.series)
        .with_for_update()
    )
    return {row[0]: row[1] for row in rows}
