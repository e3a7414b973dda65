"""Rescue files that were taken in: which, when, by whom. The sealed file itself is kept as it came."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.tables import rescues
from trygghetsvandring.storage.unit import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    id: UUID
    sha256: str
    device: UUID
    imported_at: datetime
    imported_by: str


_COLUMNS = [rescues.c[name] for name in Imported.__dataclass_fields__]


def sealed_key(municipality: str, id: UUID) -> str:
    return f"{municipality}/rescues/{id}/sealed"


async def note(db: Db, municipality: str, it: Imported) -> None:
    values = {"municipality": municipality, **{name: getattr(it, name) for name in Imported.__dataclass_fields__}}
    await db.execute(insert_into(db, rescues).values(values).on_conflict_do_nothing())


async def by_digest(db: Db, municipality: str, sha256: str) -> Imported | None:
    return await _one(db, municipality, rescues.c.sha256 == sha256)


async def by_id(db: Db, municipality: str, id: UUID) -> Imported | None:
    return await _one(db, municipality, rescues.c.id == id)


async def _one(db: Db, municipality: str, which: object) -> Imported | None:
    row = (await db.execute(select(*_COLUMNS).where(rescues.c.municipality == municipality, which))).one_or_none()  # type: ignore[arg-type]
    return None if row is None else Imported(**row._mapping)


async def newest(db: Db, municipality: str, limit: int) -> list[Imported]:
    question = select(*_COLUMNS).where(rescues.c.municipality == municipality)
    return [
        Imported(**row._mapping)
        for row in await db.execute(question.order_by(rescues.c.imported_at.desc()).limit(limit))
    ]
