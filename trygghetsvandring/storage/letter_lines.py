"""What letters tell of: lines that wait for the letter of their reader, and those that have their place in one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from trygghetsvandring.storage.letter_tables import letter_lines
from trygghetsvandring.storage.records import insert_into
from trygghetsvandring.storage.unit import Db


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`reader`: a user, or whom links go to. `source`: the job that asked. `became`: the task's state, a helper's
    answer, "" = handed over. It waits from `at` until `due_at`; others may take it along before.
    """

    reader: UUID
    source: UUID
    about: UUID
    became: str
    link: UUID | None
    at: datetime
    due_at: datetime


async def add(db: Db, municipality: str, line: Line, *, letter: UUID | None = None) -> None:
    """Added again it changes nothing. `letter`: it has its place already."""
    row = {name: getattr(line, name) for name in Line.__slots__} | {"municipality": municipality, "letter": letter}
    await db.execute(insert_into(db, letter_lines).values(row).on_conflict_do_nothing())


async def waiting(db: Db, municipality: str, reader: UUID) -> list[Line]:
    c = letter_lines.c
    return await _found(db, c.municipality == municipality, c.reader == reader, c.letter.is_(None))


async def seal(db: Db, municipality: str, reader: UUID, letter: UUID) -> None:
    """Everything that waits for the reader leaves by this letter, and by no other."""
    c = letter_lines.c
    waits = (c.municipality == municipality, c.reader == reader, c.letter.is_(None))
    await db.execute(update(letter_lines).where(*waits).values(letter=letter))


async def of_letter(db: Db, municipality: str, letter: UUID) -> list[Line]:
    c = letter_lines.c
    return await _found(db, c.municipality == municipality, c.letter == letter)


async def tasks_of(db: Db, municipality: str, letters: Iterable[UUID]) -> dict[UUID, set[UUID]]:
    """The tasks that each letter tells of."""
    c = letter_lines.c
    rows = await db.execute(
        select(c.letter, c.about).where(c.municipality == municipality, c.letter.in_(list(letters)))
    )
    told: dict[UUID, set[UUID]] = {}
    for letter, about in rows:
        told.setdefault(letter, set()).add(about)
    return told


async def letters_of(db: Db, municipality: str, links: Iterable[UUID]) -> dict[UUID, UUID]:
    """The letter that each answer link went out by; those that still wait have none."""
    c = letter_lines.c
    asked = (c.municipality == municipality, c.link.in_(list(links)), c.became == "", c.letter.is_not(None))
    return {row.link: row.letter for row in await db.execute(select(c.link, c.letter).where(*asked))}


async def links_told(db: Db, municipality: str, links: Iterable[UUID], became: str) -> set[UUID]:
    """Those of the links that a line of this kind waits for, or has told of."""
    c = letter_lines.c
    asked = (c.municipality == municipality, c.link.in_(list(links)), c.became == became)
    return {row.link for row in await db.execute(select(c.link).where(*asked))}


async def _found(db: Db, *where: Any) -> list[Line]:
    """In the order they came."""
    c = letter_lines.c
    asked = select(c.reader, c.source, c.about, c.became, c.link, c.at, c.due_at)
    rows = await db.execute(asked.where(*where).order_by(c.at, c.source))
    return [Line(**row._mapping) for row in rows]
