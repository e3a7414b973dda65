"""Lägesbilder, their signed editions, and the shelf of what has been shown."""

from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.domain.lagesbild import Lagesbild, LagesbildEdition, LagesbildShelf, ShownPeriod, shelf_id
from trygghetsvandring.storage.lagesbild_tables import lagesbild_editions, lagesbild_shelves, lagesbilder
from trygghetsvandring.storage.records import found, one, register
from trygghetsvandring.storage.unit import Db

register(Lagesbild, "lagesbild", lagesbilder, lambda it: {"last": it.last.isoformat()})
register(LagesbildEdition, "lagesbild_edition", lagesbild_editions, lambda it: {"about": it.of, "number": it.number})
register(LagesbildShelf, "lagesbild_shelf", lagesbild_shelves, lambda _it: {})
MOST = 200


async def all_of(db: Db, municipality: str) -> list[Lagesbild]:
    """The latest period first, at most `MOST`."""
    c = lagesbilder.c
    question = select(c.doc).where(c.municipality == municipality).order_by(c.last.desc(), c.id).limit(MOST)
    return await found(db, Lagesbild, question)


async def editions_of(db: Db, municipality: str, of: UUID) -> list[LagesbildEdition]:
    """The latest first, at most `MOST`."""
    c = lagesbild_editions.c
    question = select(c.doc).where(c.municipality == municipality, c.about == of).order_by(c.number.desc()).limit(MOST)
    return await found(db, LagesbildEdition, question)


async def showing(db: Db, municipality: str) -> list[ShownPeriod]:
    """What everybody may read now, the latest period first."""
    shelf = await one(db, municipality, LagesbildShelf, shelf_id(municipality))
    shown = [it for it in (shelf.periods if shelf else ()) if it.showing]
    return sorted(shown, key=lambda it: it.last, reverse=True)
