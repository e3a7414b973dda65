"""The change feed without holes, and the counters drawn late in a transaction.

The municipality's feed counter is raised by the last statements before commit and its row stays locked until then, so
numbers become visible in the order they were drawn: a reader that has seen n has seen everything below n.
"""

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, func, select, union_all, update

from trygghetsvandring.storage import sets
from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.tables import changes, counters, meta
from trygghetsvandring.storage.unit import Db

FEED = "feed"
REWRITTEN = "feed rewritten"
DIFFERS = "phones differed"


class Row(NamedTuple):
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
    columns = dict(zip(Row._fields, zip(*rows, strict=True), strict=True))
    numbers = {"municipality": [municipality] * len(rows), "seq": range(first, first + len(rows))}
    await sets.add(db, changes, {**numbers, **columns})


async def after(
    db: Db, municipality: str, scopes: Iterable[str], seq: int, limit: int, *, until: int | None = None
) -> list[tuple[int, Row]]:
    """The feed of these scopes above `seq` (and not above `until`), oldest first."""
    asked = sorted(set(scopes))
    if not asked:
        return []
    parts = [_of_scope(municipality, scope, seq, limit, until) for scope in asked]
    # Each scope by its own key and limit: read together, a scope that is far ahead would be read to its end.
    every = union_all(*(select(part.subquery()) for part in parts)).subquery()
    rows = await db.execute(select(every).order_by(every.c.seq).limit(limit))
    return [
        (seq, Row(scope=scope, kind=kind, id=id, version=version, state=state))
        for seq, scope, kind, id, version, state in rows
    ]


def _of_scope(municipality: str, scope: str, seq: int, limit: int, until: int | None) -> Select[Any]:
    c = changes.c
    asked = select(c.seq, c.scope, c.kind, c.id, c.version, c.state).where(
        c.municipality == municipality, c.scope == scope, c.seq > seq
    )
    if until is not None:
        asked = asked.where(c.seq <= until)
    return asked.order_by(c.seq).limit(limit)


async def shown(
    db: Db, municipality: str, scopes: Iterable[str], until: int, ids: Iterable[str] | None = None
) -> list[tuple[str, str, int]]:
    """(kind, id, version) of everything that stands in these scopes at `until`: the newest row of each, if not gone."""
    c = changes.c
    newest = func.row_number().over(partition_by=(c.kind, c.id), order_by=c.seq.desc()).label("nth")
    asked = select(c.kind, c.id, c.version, c.state.is_(None).label("gone"), newest).where(
        c.municipality == municipality, c.scope.in_(list(scopes)), c.seq <= until
    )
    if ids is not None:
        asked = asked.where(c.id.in_(list(ids)))
    ranked = asked.subquery()
    rows = await db.execute(
        select(ranked.c.kind, ranked.c.id, ranked.c.version).where(ranked.c.nth == 1, ranked.c.gone.is_(False))
    )
    return [(kind, id, version) for kind, id, version in rows]


async def drop(db: Db, municipality: str) -> None:
    """To be called in the transaction that rewrites rows of the feed (erasure, re-masking).

    Compressed pages that any process keeps of this municipality's feed are worth nothing from its commit on.
    """
    await draw(db, municipality, REWRITTEN, 1)


async def rewrite(db: Db, municipality: str, ids: Sequence[str]) -> None:
    """Rows of these ids lose their state wherever they stand below the head; kept pages of this feed are dropped."""
    if not ids:
        return
    c = changes.c
    for at in range(0, len(ids), 400):
        mine = (c.municipality == municipality, c.id.in_(ids[at : at + 400]), c.kind != "erased")
        await db.execute(update(changes).where(*mine).values(state=None))
    await drop(db, municipality)


async def rewrite_older(db: Db, municipality: str, kind: str, ids: Sequence[str]) -> None:
    """As `rewrite`, but each scope's newest row of an id keeps its state: what it said before is gone."""
    if not ids:
        return
    c, later = changes.c, changes.alias()
    newer = select(later.c.seq).where(
        later.c.municipality == c.municipality,
        later.c.scope == c.scope,
        later.c.kind == c.kind,
        later.c.id == c.id,
        later.c.seq > c.seq,
    )
    mine = (c.municipality == municipality, c.kind == kind, c.id.in_(list(ids)), newer.exists())
    await db.execute(update(changes).where(*mine).values(state=None))
    await drop(db, municipality)


async def note_difference(db: Db, municipality: str) -> int:
    """A phone did not hold what the feed says it should. How often that has been found so far."""
    return await draw(db, municipality, DIFFERS, 1)


async def differences(db: Db) -> dict[str, int]:
    """By municipality, how many times a phone's checksum did not agree."""
    rows = await db.execute(select(counters.c.municipality, counters.c.value).where(counters.c.series == DIFFERS))
    return {row.municipality: row.value for row in rows}


async def rewritten(db: Db, municipality: str) -> int:
    """How many times rows of this feed were rewritten."""
    question = select(counters.c.value).where(counters.c.municipality == municipality, counters.c.series == REWRITTEN)
    return int((await db.execute(question)).scalar_one_or_none() or 0)


async def head(db: Db, municipality: str) -> int:
    """The number of the newest row; 0 before the first."""
    question = select(counters.c.value).where(counters.c.municipality == municipality, counters.c.series == FEED)
    return int((await db.execute(question)).scalar_one_or_none() or 0)


async def moved(db: Db, municipality: str, scopes: Iterable[str], after: int) -> bool:
    """Whether anything in these scopes is newer than `after`."""
    c = changes.c
    newer = [
        select(c.seq).where(c.municipality == municipality, c.scope == scope, c.seq > after).limit(1)
        for scope in scopes
    ]
    question = union_all(*(select(one.subquery()) for one in newer)).limit(1)
    return (await db.execute(question)).first() is not None


async def epoch(db: Db) -> str:
    """Changes when the database was restored from a backup; phones then drop their cache and re-offer."""
    return str((await db.execute(select(meta.c.value).where(meta.c.name == "epoch"))).scalar_one())


async def new_epoch(db: Db) -> str:
    """This database was restored: every phone reads it from nothing, and offers what it may have lost."""
    it = secrets.token_hex(8)
    await db.execute(update(meta).where(meta.c.name == "epoch").values(value=it))
    return it


async def drawn(db: Db, municipality: str) -> dict[str, int]:
    """The last number of every series but the feed's, locked until this transaction ends."""
    rows = await db.execute(
        select(counters.c.series, counters.c.value)
        .where(counters.c.municipality == municipality, counters.c.series != FEED)
        .order_by(counters.c.series)
        .with_for_update()
    )
    return {row[0]: row[1] for row in rows}
