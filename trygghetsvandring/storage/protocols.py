"""Protocols and their editions, and what a walk's protocol is made from."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, Table, select, update

from trygghetsvandring.domain.protocols import Edition, Protocol, draft_without, without
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage.erasures import mentions, parts
from trygghetsvandring.storage.records import decode, encode, found, kind_of, register
from trygghetsvandring.storage.tables import editions, operations, protocols, versions, walks
from trygghetsvandring.storage.unit import Db

register(Protocol, "protocol", protocols, lambda p: {"walk": p.walk})
register(Edition, "edition", editions, lambda e: {"walk": e.walk, "number": e.number, "published": e.published})


def files_key(municipality: str, walk: UUID) -> str:
    """The folder of a walk's finished documents."""
    return f"{municipality}/protocols/{walk.hex[-2:]}/{walk}"


async def editions_of(db: Db, municipality: str, walk: UUID) -> list[Edition]:
    """Newest first."""
    return await found(db, Edition, _editions(municipality, walk))


async def published(db: Db, walk: UUID) -> tuple[str, Edition] | None:
    """The latest edition that everybody may read, with its municipality."""
    c = editions.c
    question = select(c.municipality, c.doc).where(c.walk == walk, c.published.is_(True))
    row = (await db.execute(question.order_by(c.number.desc()).limit(1))).first()
    return None if row is None else (row.municipality, decode(Edition, row.doc))


async def all_published(db: Db, municipality: str, limit: int) -> list[Edition]:
    """The latest published edition of each walk, the walk that began last first."""
    c, later = editions.c, editions.alias()
    newer = (later.c.municipality == c.municipality, later.c.walk == c.walk, later.c.published.is_(True))
    newest = ~select(later.c.id).where(*newer, later.c.number > c.number).exists()
    question = (
        select(c.doc)
        .join(walks, (walks.c.municipality == c.municipality) & (walks.c.id == c.walk))
        .where(c.municipality == municipality, c.published.is_(True), newest)
    )
    return await found(db, Edition, question.order_by(walks.c.starts_at.desc(), c.id).limit(limit))


async def walk_before(db: Db, municipality: str, walk: Walk) -> Walk | None:
    """The last walk at the same place before this one."""
    c = walks.c
    question = select(c.doc).where(c.municipality == municipality, c.starts_at < walk.starts_at)
    earlier = await found(db, Walk, question.order_by(c.starts_at.desc()).limit(200))
    here = walk.place.strip().casefold()
    return next((each for each in earlier if each.place.strip().casefold() == here), None)


def _editions(municipality: str, walk: UUID) -> Select[tuple[str]]:
    c = editions.c
    return select(c.doc).where(c.municipality == municipality, c.walk == walk).order_by(c.number.desc())


async def walks_about(db: Db, municipality: str, ids: Iterable[UUID]) -> list[UUID]:
    """The walks whose editions hold something of these: their finished files must go too."""
    found_: set[UUID] = set()
    c = editions.c
    for part in parts(sorted(ids), 50):
        asked = select(c.walk).where(c.municipality == municipality, mentions(c.doc, part))
        found_ |= set((await db.execute(asked)).scalars())
    return sorted(found_)


async def scrub(db: Db, municipality: str, ids: Iterable[UUID], now: datetime) -> None:
    """Takes these things out of every edition, and out of what the drafts and their log have said about them."""
    gone = set(ids)
    for part in parts(sorted(gone), 50):
        for table in (editions, protocols):
            mine = (table.c.municipality == municipality, mentions(table.c.doc, part))
            for id, doc in (await db.execute(select(table.c.id, table.c.doc).where(*mine))).all():
                await _rewrite(db, municipality, table, id, _without(table, doc, gone), now)
        await _empty_log(db, municipality, part)


def _without(table: Table, doc: str, gone: set[UUID]) -> Edition | Protocol:
    if table is editions:
        return without(decode(Edition, doc), gone)
    return draft_without(decode(Protocol, doc), gone)


async def _rewrite(db: Db, municipality: str, table: Table, id: UUID, it: Edition | Protocol, now: datetime) -> None:
    """The state that is, and every state that was: of those only that the number was used stays."""
    doc = encode(it)
    mine = (table.c.municipality == municipality, table.c.id == id)
    await db.execute(update(table).where(*mine).values(doc=doc, version=it.version, updated_at=now))
    v = versions.c
    kept = (v.municipality == municipality, v.kind == kind_of(type(it)), v.id == id)
    await db.execute(update(versions).where(*kept).values(doc=doc))


async def _empty_log(db: Db, municipality: str, ids: Sequence[UUID]) -> None:
    """What was written about a finding is in the log of the protocol, not in the finding's own."""
    o = operations.c
    about = (o.municipality == municipality, o.type == "protocol.edit", mentions(o.wire, ids))
    for id, entity in (await db.execute(select(o.id, o.entity).where(*about))).all():
        kept = encode({"id": id, "type": "protocol.edit", "entity": entity, "erased": "refused"})
        await db.execute(update(operations).where(o.municipality == municipality, o.id == id).values(wire=kept))
