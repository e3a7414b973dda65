"""Rule books and the shelf they stand on; and all of history in its order, a page at a time, for a dry run."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from sqlalchemy import func, select

from trygghetsvandring.domain.ids import shelf_id
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.rules import BookState, RuleBook, RuleShelf, empty_shelf
from trygghetsvandring.storage.records import decode, found, one, register
from trygghetsvandring.storage.tables import observations, rule_shelves, rulebooks
from trygghetsvandring.storage.unit import Db, Store

PAGE = 500

register(RuleBook, "rulebook", rulebooks, lambda b: {"state": b.state, "number": b.number})
register(RuleShelf, "rule_shelf", rule_shelves, lambda _s: {})


async def shelf(db: Db, municipality: str) -> RuleShelf:
    return await one(db, municipality, RuleShelf, shelf_id(municipality)) or empty_shelf(municipality)


async def live(db: Db, municipality: str) -> RuleBook | None:
    """None while what came with the installation still holds."""
    c = rulebooks.c
    question = select(c.doc).where(c.municipality == municipality, c.state == BookState.LIVE)
    return next(iter(await found(db, RuleBook, question)), None)


async def earlier(db: Db, municipality: str, limit: int) -> list[RuleBook]:
    """What was live once, the latest first."""
    c = rulebooks.c
    question = select(c.doc).where(c.municipality == municipality, c.state == BookState.REPLACED)
    return await found(db, RuleBook, question.order_by(c.number.desc()).limit(limit))


async def how_many(db: Db, municipality: str) -> int:
    c = observations.c
    return (await db.execute(select(func.count()).where(c.municipality == municipality))).scalar_one()


async def history(store: Store, municipality: str) -> AsyncIterator[Sequence[Observation]]:
    """Every kept finding, `PAGE` at a time. Each page is a question of its own: nobody waits behind a long reading."""
    c = observations.c
    after: UUID | None = None
    while True:
        question = select(c.id, c.doc).where(c.municipality == municipality)
        if after is not None:
            question = question.where(c.id > after)
        async with store.read() as db:
            rows = (await db.execute(question.order_by(c.id).limit(PAGE))).all()
        if not rows:
            return
        yield [decode(Observation, row.doc) for row in rows]
        after = rows[-1].id
