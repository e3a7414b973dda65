"""Lägesbilder, their signed editions, and the shelf of what has been shown."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, update

from trygghetsvandring.domain.lagesbild import (
    Lagesbild,
    LagesbildEdition,
    LagesbildShelf,
    ShownPeriod,
    edition_id,
    reduced,
    shelf_id,
)
from trygghetsvandring.domain.observations import Observation
from trygghetsvandring.domain.presence import Pass, PresenceEntry
from trygghetsvandring.domain.stops import FeelingAnswer
from trygghetsvandring.domain.times import evening_of
from trygghetsvandring.domain.walks import Walk
from trygghetsvandring.storage.lagesbild_tables import lagesbild_editions, lagesbild_shelves, lagesbilder
from trygghetsvandring.storage.records import decode, encode, found, keep_versions, load, one, register, save
from trygghetsvandring.storage.tables import versions
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


async def last_signed(db: Db, municipality: str) -> LagesbildEdition | None:
    """Of the latest period that has any."""
    signed = next((it for it in await all_of(db, municipality) if it.edition), None)
    return (
        None if signed is None else await one(db, municipality, LagesbildEdition, edition_id(signed.id, signed.edition))
    )


async def last_shown(db: Db, municipality: str) -> tuple[ShownPeriod, LagesbildEdition] | None:
    """Of the latest period that everybody may read now."""
    for period in await showing(db, municipality):
        edition = await one(db, municipality, LagesbildEdition, edition_id(period.of, period.showing))
        if edition is not None:
            return period, edition
    return None


async def showing(db: Db, municipality: str) -> list[ShownPeriod]:
    """What everybody may read now, the latest period first."""
    shelf = await one(db, municipality, LagesbildShelf, shelf_id(municipality))
    shown = [it for it in (shelf.periods if shelf else ()) if it.showing]
    return sorted(shown, key=lambda it: it.last, reverse=True)


async def scrub(db: Db, municipality: str, ids: Sequence[UUID], decision: UUID, now: datetime) -> None:
    """Takes the fine tables out of every edition that can have counted one of these, while their rows are here."""
    evenings = await _evenings(db, municipality, ids)
    if not evenings:
        return
    c, v = lagesbild_editions.c, versions.c
    for edition in await found(db, LagesbildEdition, select(c.doc).where(c.municipality == municipality)):
        counted = (edition.period, edition.period.year_before)
        if not any(evening in period for evening in evenings for period in counted):
            continue
        if not edition.is_reduced:
            after = replace(reduced(edition), version=edition.version + 1)
            await save(db, municipality, [after], now)
            await keep_versions(db, municipality, [(after, decision)], now)
        mine = (v.municipality == municipality, v.kind == "lagesbild_edition", v.id == edition.id)
        for version, doc in (await db.execute(select(v.version, v.doc).where(*mine))).all():
            bare = encode(reduced(decode(LagesbildEdition, doc)))
            await db.execute(update(versions).where(*mine, v.version == version).values(doc=bare))


async def _evenings(db: Db, municipality: str, ids: Sequence[UUID]) -> set[date]:
    """That these belong to; what was seen on a walk belongs to the walk's, however long after midnight."""
    seen = (await load(db, municipality, Observation, ids)).values()
    felt = (await load(db, municipality, FeelingAnswer, ids)).values()
    on = {it.walk for it in seen} | {it.walk for it in felt}
    walks = (await load(db, municipality, Walk, on)).values()
    were_out = (await load(db, municipality, Pass, ids)).values()
    there = (await load(db, municipality, PresenceEntry, ids)).values()
    return {
        *(evening_of(it.seen_at) for it in seen),
        *(evening_of(it.felt_at) for it in felt),
        *(evening_of(it.starts_at) for it in walks),
        *(it.evening for it in were_out),
        *(it.evening for it in there),
    }
